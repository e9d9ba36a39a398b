"""Reading delegations for the pages about them: who may stand in for whom, and what was agreed."""

from datetime import date, timedelta

from django.db.models import Q

from motcua.agencies.models import Delegation, Position
from motcua.agencies.queries import positions_in
from motcua.agencies.roles import Role
from motcua.lib.actor import Actor


def stand_ins_for(absent: Position, on: date) -> list[Position]:
    """Return the positions of the agency on a day whose people could do somebody's work: the own unit first."""
    held = (
        positions_in({absent.unit.agency_id}, on)
        .filter(account__is_active=True)
        .exclude(account_id=absent.account_id)
    )
    return sorted(held, key=lambda one: one.unit_id != absent.unit_id)


def absent_ones(actor: Actor, on: date) -> list[Position]:
    """Return the positions for which the officer may name a stand-in: their own, their unit's, their agency's."""
    held = positions_in({actor.agency_id or 0}, on)
    if not actor.has(Role.LEADER):
        wanted = Q(account_id=actor.account_id or 0)
        if actor.has(Role.UNIT_HEAD):
            wanted |= Q(unit_id=actor.unit_id) & ~Q(roles__contains=[Role.LEADER])
        held = held.filter(wanted)
    return list(held)


def last_day(row: Delegation) -> date | None:
    """Return the last day a delegation holds on, as people say it."""
    return row.valid_to and max(row.valid_from, row.valid_to - timedelta(days=1))


_NAMED = ("from_position__account", "from_position__unit", "to_position__account", "made_by__account")


def delegations_about(actor: Actor, on: date) -> list[Delegation]:
    """Return what concerns an officer and is not long over: their own, those they stand in for, their unit's."""
    mine = Q(from_position__account_id=actor.account_id) | Q(to_position__account_id=actor.account_id)
    if actor.has(Role.UNIT_HEAD):
        mine |= Q(from_position__unit_id=actor.unit_id)
    if actor.has(Role.LEADER):
        mine |= Q(from_position__unit__agency_id=actor.agency_id or 0)
    return list(
        Delegation.objects.filter(mine, valid_to__gte=on - timedelta(days=30))
        .select_related(*_NAMED, "decided_by__account")
        .order_by("-valid_from", "-pk")[:100]
    )
