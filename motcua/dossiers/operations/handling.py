"""Which unit of an agency works on which sector or procedure: given from a day on, taken back from a day on."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies import permissions as agency_permissions
from motcua.agencies.models import Agency, Unit, holds_on
from motcua.base.audit.operations import record
from motcua.dossiers.models import HandlingUnit
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import Procedure, Sector


@transaction.atomic
def give_work(
    *,
    unit_id: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    sector_id: int | None = None,
    procedure_id: int | None = None,
) -> bool:
    """Let a unit work on a sector, or on one procedure (which wins), from a day on; tell whether it is new.

    Whoever worked on it until then stops that day; dossiers stay where they are. Safe to repeat. Refuses a unit
    that is closed then, and a day before one from which somebody else works on it.
    """
    unit = agency_permissions.unit_of(actor, unit_id)
    if not Unit.objects.filter(holds_on(valid_from), pk=unit.pk).exists():
        raise Refusal(_("Đơn vị không hoạt động vào ngày này."), code="unit_closed", field="unit")
    rows = _rows(unit.agency_id, sector_id, procedure_id)
    what: dict[str, Any] = {"sector_id": sector_id, "procedure_id": procedure_id}
    if rows.filter(valid_from__gt=valid_from).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."), code="too_early"
        )
    before = rows.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).first()
    if before is not None and before.unit_id == unit.pk and before.valid_to is None:
        return False
    if before is not None and before.valid_from < valid_from:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    HandlingUnit.objects.update_or_create(
        agency_id=unit.agency_id, valid_from=valid_from, **what, defaults={"unit": unit, "valid_to": None}
    )
    _write(unit, "dossiers.give_work", actor, at, _what(sector_id, procedure_id) | {"from": valid_from})
    return True


@transaction.atomic
def take_work(
    *,
    unit_id: int,
    on_day: date,
    actor: Actor,
    at: datetime,
    sector_id: int | None = None,
    procedure_id: int | None = None,
) -> None:
    """Take a sector or a procedure from a unit from a day on. Refuses what the unit does not work on."""
    unit = agency_permissions.unit_of(actor, unit_id)
    rows = _rows(unit.agency_id, sector_id, procedure_id).filter(unit=unit, valid_from__lte=on_day)
    if not rows.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).update(valid_to=on_day):
        raise NotFound(_("Đơn vị này không phụ trách lĩnh vực hoặc thủ tục đó."))
    _write(unit, "dossiers.take_work", actor, at, _what(sector_id, procedure_id) | {"to": on_day})


def _rows(agency_id: int, sector_id: int | None, procedure_id: int | None) -> QuerySet[HandlingUnit]:
    """Return what was ever said about one sector or one procedure in an agency, the agency held meanwhile."""
    if (sector_id is None) == (procedure_id is None):
        raise ValueError("one of sector and procedure")
    Agency.objects.select_for_update().get(pk=agency_id)
    what: dict[str, Any] = {"sector_id": sector_id, "procedure_id": procedure_id}
    return HandlingUnit.objects.filter(agency_id=agency_id, **what)


def _what(sector_id: int | None, procedure_id: int | None) -> dict[str, object]:
    if procedure_id is not None:
        return {"procedure": Procedure.objects.get(pk=procedure_id).code}
    assert sector_id is not None
    return {"sector": Sector.objects.get(pk=sector_id).name}


def _write(unit: Unit, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject_kind="agency",
        subject_id=unit.agency_id,
        at=at,
        payload={"unit": unit.pk, **payload},
        agency_id=unit.agency_id,
    )
