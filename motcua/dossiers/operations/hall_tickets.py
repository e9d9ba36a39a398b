"""A called ticket is joined to the dossiers that are dealt with meanwhile; by hand too, and taken off again.

Joining never stands in the way of the act it follows: without a ticket at the officer's counter nothing happens.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters.models import Ticket
from motcua.counters.operations import calling
from motcua.counters.states import AT_A_COUNTER
from motcua.counters.states import State as TicketState
from motcua.dossiers import hall_tickets, permissions, queries
from motcua.dossiers.models import Dossier, HallTicket, HowJoined
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

#: Acts that an officer does while the applicant stands at the counter.
WITH_THE_APPLICANT = frozenset(HowJoined.values) - {HowJoined.HAND}
#: Those of them that look at what was handed in, which may have come without its applicant.
WHEN_IT_COMES = frozenset({HowJoined.ACCEPT, HowJoined.REFUSE})
_JOINED_IN_STATES = ("pending", "void", "cancelled", "day_over")  # nobody came with one of these


def at_the_counter(actor: Actor) -> Ticket | None:
    """Return the ticket that stands at the officer's counter now."""
    if actor.kind != "officer" or actor.agency_id is None:
        return None
    return Ticket.objects.filter(
        home_agency_id__in={actor.agency_id, *actor.stands_for}, shift__account_id=actor.account_id or 0,
        shift__ended_at=None, state__in=sorted(AT_A_COUNTER),
    ).first()  # fmt: skip


def fact(ticket: Ticket | None) -> dict[str, str]:
    """Return what the history of an act says of the ticket it was done with."""
    return {"ticket": ticket.label} if ticket else {}


def follow(dossier: Dossier, ticket: Ticket | None, *, verb: str, actor: Actor, at: datetime) -> None:
    """Join the ticket at the counter to a dossier that was just dealt with there; its visitor has plainly come."""
    if ticket is None:
        return
    _join(dossier, ticket, verb, at)
    if ticket.state == TicketState.CALLED:
        # Called back or moved in the same second: the dossier does not depend on it.
        with suppress(Refusal), transaction.atomic():
            calling.start(ticket_id=ticket.pk, actor=actor, at=at, key="")


@once("dossiers.join_ticket")
def join(*, dossier: Dossier, label: str, actor: Actor, at: datetime, key: str) -> HallTicket:
    """Join a ticket of today to a dossier by its number. Refuses a number that was not given out today or that nobody
    came with, and one that stands at the dossier already.
    """
    permissions.require("join_ticket", permissions.Case(actor, dossier))
    typed = "".join(label.split()).upper()[:12]
    if not typed:
        raise Refusal(_("Nhập số trên phiếu, ví dụ A105."), code="empty", field="label")
    found = hall_tickets.of_today(actor, typed, at)
    if not found:
        raise Refusal(
            _("Hôm nay không có số %(label)s. Xem lại số trên phiếu.") % {"label": typed},
            code="no_ticket", field="label",
        )  # fmt: skip
    ticket = found[0]
    if ticket.state in _JOINED_IN_STATES:
        raise Refusal(
            _("Số %(label)s không có người đến (%(state)s). Xem lại số trên phiếu.")
            % {"label": typed, "state": ticket.get_state_display().lower()},
            code="nobody_came", field="label",
        )  # fmt: skip
    row = _join(dossier, ticket, HowJoined.HAND, at)
    if row is None:
        raise Refusal(
            _("Số %(label)s đã gắn với hồ sơ này.") % {"label": typed}, code="joined", field="label"
        )
    _told("join_ticket", dossier, ticket, actor, at)
    return row


@transaction.atomic
def take_off(*, dossier: Dossier, joined_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a ticket off a dossier it does not belong to. Repeating changes nothing."""
    permissions.require("join_ticket", permissions.Case(actor, dossier))
    row = HallTicket.objects.select_related("ticket").filter(pk=joined_id, dossier=dossier).first()
    if row is None:
        raise NotFound(_("Không có số thứ tự này ở hồ sơ."))
    if HallTicket.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at):
        _told("take_off_ticket", dossier, row.ticket, actor, at)


def _join(dossier: Dossier, ticket: Ticket, how: str, at: datetime) -> HallTicket | None:
    """Write the row; None when it stands there already."""
    row = HallTicket(
        home_agency_id=dossier.home_agency_id, dossier=dossier, ticket=ticket, how=how, joined_at=at
    )
    known = HallTicket.objects.filter(dossier=dossier, ticket=ticket, removed_at=None)
    if known.exists():
        return None
    HallTicket.objects.bulk_create([row], ignore_conflicts=True)
    return known.first()


def _told(verb: str, dossier: Dossier, ticket: Ticket, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=verb, subject_kind=queries.SUBJECT, subject_id=dossier.pk,
        agency_id=dossier.home_agency_id, at=at, payload={"ticket": ticket.label, "day": ticket.day},
    )  # fmt: skip
