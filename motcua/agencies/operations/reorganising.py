"""Carry the steps of a reorganisation out, or put them on the list for their day."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.agencies import permissions
from motcua.agencies.models import Agency, AgencyArea, ChangeState, PlannedChange
from motcua.agencies.operations import changes, going_over
from motcua.agencies.reorganising import Step
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.working_time import ZONE


def take_step(*, step: Step, on_day: date, legal_basis: str, actor: Actor, at: datetime) -> PlannedChange:
    """Plan one step; carry it out when its day has come. Safe to repeat: a step is known by its line."""
    content = {name: _resolved(value) for name, value in step.content.items()}
    change = changes.plan(
        kind=step.kind,
        content=content,
        on_day=on_day,
        legal_basis=legal_basis,
        origin=step.origin,
        actor=actor,
        at=at,
    )
    if change.state == ChangeState.PLANNED and on_day <= at.astimezone(ZONE).date():
        return changes.carry_out(change_id=change.pk, actor=actor, at=at)
    return change


@once("agency.set_area")
def set_area(
    *, agency_id: int, code: str, on_day: date, actor: Actor, at: datetime, key: str = ""
) -> AgencyArea:
    """Say which administrative unit (its national code) an agency governs from a day on."""
    permissions.require_system_admin(actor)
    agency = Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("Không có cơ quan này."))
    if not code.isdigit() or not 2 <= len(code) <= 5:
        raise Refusal(
            _("Mã đơn vị hành chính có 2 đến 5 chữ số, ví dụ 00097."), code="bad_area", field="code"
        )
    going_over.govern(agency, code, on_day)
    record(
        actor=actor, verb="agency.set_area", subject_kind="agency", subject_id=agency.pk, at=at,
        payload={"area": code, "on": on_day}, agency_id=agency.pk,
    )  # fmt: skip
    return AgencyArea.objects.filter(agency=agency, code=code).latest("valid_from")


def _resolved(value: Any) -> Any:
    """Replace the line of an earlier step by the agency it opened, or by that change while it waits."""
    if isinstance(value, list):
        return [_resolved(one) for one in value]
    if not isinstance(value, dict) or "origin" not in value:
        return value
    change = PlannedChange.objects.filter(origin=value["origin"]).first()
    if change is None:
        raise NotFound(_("Chưa có bước %(origin)s.") % value)
    return change.outcome.get("agency") or {"change": change.pk}
