"""Changes of the tree on a day: planned, taken back before it, carried out on it.

A change is carried out whole in one transaction, with everything that hangs on it: units, people, places here;
dossiers, drafts, procedures in the apps above (`moved.followers`). They hold writers off first; at each instant a
dossier has exactly one owner: the one before, or the one after. Nothing is deleted.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.agencies import permissions, planning
from motcua.agencies.events import ChangeDue
from motcua.agencies.models import (
    Agency,
    AgencyLevel,
    ChangeKind,
    ChangeState,
    CodeScheme,
    PlannedChange,
    SuccessionKind,
    Unit,
)
from motcua.agencies.moved import Moved, followers
from motcua.agencies.operations import agencies, going_over
from motcua.agencies.operations.going_over import Going
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import ZONE


@once("agency.plan_change")
def plan(
    *,
    kind: ChangeKind,
    content: dict[str, Any],
    on_day: date,
    legal_basis: str,
    actor: Actor,
    at: datetime,
    origin: str = "",
    key: str = "",
) -> PlannedChange:
    """Put a change on the list for a day; one whose day has come is carried out at once by the worker.

    Refuses what could not be carried out: an agency into itself, closed twice, chains that run backwards or in a
    circle, units without a home, a day with dossiers after it. Two administrators take turns: the agencies
    concerned are locked while it is looked at. With an `origin` that is on the list already, returns that one.
    """
    permissions.require_system_admin(actor)
    if origin:
        there = PlannedChange.objects.filter(origin=origin).exclude(state=ChangeState.CANCELLED).first()
        if there is not None:
            return there
    concerns, closes = planning.involved(kind, content)
    _lock(concerns)
    change = PlannedChange(
        kind=kind, content=content, on_day=on_day, legal_basis=normalize(legal_basis)[:300], concerns=concerns,
        closes=closes, origin=origin or None, made_by_id=actor.account_id, made_at=at,
    )  # fmt: skip
    today = at.astimezone(ZONE).date()
    planning.require_sound(change, today)
    change.save(force_insert=True)
    _write(change, "agency.plan_change", actor, at)
    if on_day <= today and actor.kind != "system":
        publish(ChangeDue(subject_id=str(change.pk), agency_id=concerns[0], at=at, change=change.pk))
    return change


@once("agency.cancel_change")
def cancel(*, change_id: int, reason: str, actor: Actor, at: datetime, key: str = "") -> PlannedChange:
    """Take a planned change back; refuses one that is carried out, and one that others wait for."""
    permissions.require_system_admin(actor)
    change = _locked(change_id)
    if change.state == ChangeState.CANCELLED:
        return change
    if change.state == ChangeState.APPLIED:
        raise Conflict(
            _("Thay đổi này đã thực hiện nên không hủy được. Lập một thay đổi mới để sửa."), code="applied"
        )
    waiting = PlannedChange.objects.filter(state=ChangeState.PLANNED).exclude(pk=change.pk)
    if any({"change": change.pk} in _refs(one) for one in waiting):
        raise Conflict(
            _("Thay đổi khác đang chờ cơ quan này được thành lập. Hủy các thay đổi đó trước."), code="awaited"
        )
    change.state, change.decided_at, change.decided_by_id = ChangeState.CANCELLED, at, actor.account_id
    change.problem = ""
    origin, change.origin = change.origin, None
    change.save(update_fields=["state", "decided_at", "decided_by", "problem", "origin"])
    _write(change, "agency.cancel_change", actor, at, reason=normalize(reason)[:300], origin=origin)
    return change


@transaction.atomic
def carry_out(*, change_id: int, actor: Actor, at: datetime) -> PlannedChange:
    """Carry a planned change out, now that its day has come; done once however often it is called.

    Only the program does it: it alone sees the dossiers of every agency. The history names who planned it.
    """
    if actor.kind != "system":
        permissions.require_system_admin(actor)
        raise Conflict(_("Thay đổi do hệ thống thực hiện vào ngày của nó."), code="by_the_system")
    for app in followers():
        app.hold()
    change = _locked(change_id)
    if change.state == ChangeState.APPLIED:
        return change
    today = at.astimezone(ZONE).date()
    if change.state == ChangeState.CANCELLED or change.on_day > today:
        raise Conflict(_("Thay đổi này chưa đến ngày, hoặc đã hủy."), code="not_due")
    _lock(planning.involved(change.kind, change.content)[0])
    planning.require_sound(change, today)
    moved = Moved(on_day=change.on_day, change_id=change.pk, basis=change.legal_basis)
    going = Going(moved, replace(SYSTEM, on_behalf_of=change.made_by_id), at)
    _KINDS[change.kind](going, change)
    if moved.anything:
        for app in followers():
            for what, number in app.follow(moved, actor=going.actor, at=at).items():
                moved.count(what, number)
    change.concerns = planning.involved(change.kind, change.content)[0]
    change.state, change.decided_at, change.problem = ChangeState.APPLIED, at, ""
    change.outcome = {**change.outcome, "counts": moved.counts}
    change.save(update_fields=["state", "decided_at", "problem", "outcome", "concerns"])
    _write(change, "agency.change", going.actor, at, counts=moved.counts)
    return change


def due_now(*, at: datetime) -> list[int]:
    """Return the planned changes whose day has come, in the order of their days and of planning."""
    due = PlannedChange.objects.filter(state=ChangeState.PLANNED, on_day__lte=at.astimezone(ZONE).date())
    return list(due.order_by("on_day", "pk").values_list("pk", flat=True))


def note_problem(*, change_id: int, problem: str) -> None:
    """Keep why a change could not be carried out, for its page."""
    rows = PlannedChange.objects.filter(pk=change_id, state=ChangeState.PLANNED)
    rows.update(problem=problem[:600])


# ── By kind


def _open(going: Going, change: PlannedChange) -> None:
    content = change.content
    level = AgencyLevel.objects.filter(code=content["level"]).first()
    if level is None:
        raise NotFound(_("Không có cấp “%(level)s”.") % {"level": content["level"]})
    made = agencies.open_agency(
        name=content["name"], short_name=content.get("short_name", ""), level=level, code=content["code"],
        old_code=content.get("old_code", ""), parent_id=planning.agency_of(content.get("parent")),
        opened_on=going.day, legal_basis=change.legal_basis, actor=going.actor, at=going.at,
    )  # fmt: skip
    if content.get("calendar"):
        agencies.set_calendar(
            agency_id=made.pk, calendar_id=content["calendar"], actor=going.actor, at=going.at
        )
    going_over.govern(made, content.get("area", ""), going.day)
    change.outcome = {"agency": made.pk}
    going.moved.count("opened")


def _rename(going: Going, change: PlannedChange) -> None:
    content = change.content
    by: dict[str, Any] = {"actor": going.actor, "at": going.at}
    agency = Agency.objects.get(pk=content["agency"])
    name, short_name = normalize(content["name"]), normalize(content.get("short_name", ""))
    if name and (name, short_name) != (agency.name, agency.short_name):
        agencies.rename_agency(
            agency_id=agency.pk, name=name, short_name=short_name, on_day=going.day,
            legal_basis=change.legal_basis, **by,
        )  # fmt: skip
    if content.get("code"):
        agencies.give_code(
            agency_id=agency.pk, code=content["code"], scheme=CodeScheme.NEW, valid_from=going.day,
            legal_basis=change.legal_basis, **by,
        )  # fmt: skip
    parent = planning.agency_of(content.get("parent"))
    if parent is not None:
        agencies.place_under(agency_id=agency.pk, parent_id=parent, on_day=going.day, **by)
    going_over.govern(agency, content.get("area", ""), going.day)
    going.moved.count("renamed")


def _merge(going: Going, change: PlannedChange) -> None:
    target = _heirs(change)
    for source in Agency.objects.filter(pk__in=change.content["sources"]).order_by("pk"):
        going_over.close_into(
            going, source, target, kind=SuccessionKind.MERGED, units={}, join=change.content.get("join", True)
        )


def _split(going: Going, change: PlannedChange) -> None:
    heirs = _heirs(change)
    units = {int(key): heirs[place].pk for key, place in (change.content.get("units") or {}).items()}
    source = Agency.objects.get(pk=change.content["source"])
    going_over.close_into(
        going, source, heirs, kind=SuccessionKind.SPLIT, units=units, join=change.content.get("join", True)
    )


def _move_unit(going: Going, change: PlannedChange) -> None:
    content = change.content
    unit = Unit.objects.select_related("agency", "parent").get(pk=content["unit"])
    target = Agency.objects.get(pk=content["target"])
    source = unit.agency_id
    shops = list(unit.shops.filter(valid_to=None))
    into = Unit.objects.filter(pk=content["into"]).first() if content.get("into") else None
    going_over.move_unit(going, unit, target, into=into)
    for part in going_over.open_units(source, going.day).filter(parent=into or unit):
        going_over.move_unit(going, part, target)
    for shop in shops:
        going_over.move_shop(going, shop, target)


def _code(going: Going, change: PlannedChange) -> None:
    agencies.end_code(
        code_id=change.content["code_id"], on_day=going.day, legal_basis=change.legal_basis, actor=going.actor,
        at=going.at,
    )  # fmt: skip


_KINDS: dict[str, Callable[[Going, PlannedChange], None]] = {
    ChangeKind.OPEN: _open,
    ChangeKind.RENAME: _rename,
    ChangeKind.MERGE: _merge,
    ChangeKind.SPLIT: _split,
    ChangeKind.MOVE_UNIT: _move_unit,
    ChangeKind.CODE: _code,
}


# ── Parts


def _heirs(change: PlannedChange) -> list[Agency]:
    """Return the successors in the order given; refuses while one of them is not opened yet."""
    ids = [planning.agency_of(ref) for ref in planning.heirs_of(change)]
    found = {row.pk: row for row in Agency.objects.filter(pk__in=[one for one in ids if one is not None])}
    if len(found) != len(ids):
        raise Conflict(
            _("Cơ quan kế thừa chưa được thành lập. Thực hiện thay đổi thành lập trước."), code="not_opened"
        )
    return [found[one] for one in ids if one is not None]


def _refs(change: PlannedChange) -> list[Any]:
    content = change.content
    return [content.get("target"), content.get("parent"), *content.get("heirs", [])]


def _locked(change_id: int) -> PlannedChange:
    change = PlannedChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound(_("Không có thay đổi này."))
    return change


def _lock(agency_ids: list[int]) -> None:
    """Hold agencies in one order; others may still refer to them meanwhile."""
    list(Agency.objects.select_for_update(no_key=True).filter(pk__in=agency_ids).order_by("pk"))


def _write(change: PlannedChange, verb: str, actor: Actor, at: datetime, **facts: object) -> None:
    facts = {
        "change": change.pk,
        "kind": change.kind,
        "on": change.on_day,
        "basis": change.legal_basis,
        **facts,
    }
    for agency_id in change.concerns:
        record(
            actor=actor, verb=verb, subject_kind="agency", subject_id=agency_id, at=at, agency_id=agency_id,
            payload=facts,
        )  # fmt: skip
