"""What an agency and the province add to a procedure: settings, fees by place, exemptions, kinds of place. All dated.

A change holds from a day on and ends what held until then; what held before stays readable.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency, Point
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record as record_history
from motcua.base.calendars.models import Calendar
from motcua.lib.actor import Actor
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import ZONE
from motcua.procedures import permissions
from motcua.procedures.models import (
    AgencyArea,
    AgencySetting,
    FeeExemption,
    LocalFee,
    Procedure,
    ProcedureVersion,
)
from motcua.procedures.models.words import Area, Channel, FeeKind
from motcua.procedures.queries import catalogue


@dataclass(frozen=True)
class Setting:
    """How an agency handles a procedure; empty fields follow the procedure and the agency."""

    point_id: int | None = None
    calendar_id: int | None = None
    limit_value: Decimal | None = None
    limit_unit: str = ""
    note: str = ""


@once("procedure.set_up")
def set_up(
    *, agency_id: int, procedure_id: int, setting: Setting, valid_from: date, actor: Actor, at: datetime, key: str = ""
) -> AgencySetting:  # fmt: skip
    """Let an agency handle a procedure in its own way from a day on.

    Refuses a point of another agency, a calendar that is not there, a limit that is not shorter than the law's or in
    another unit, a day that has passed, and a day before a change that is planned already. Dossiers that were received
    keep their date.
    """
    permissions.require_sets_up(actor, agency_id, valid_from)
    procedure = _procedure(procedure_id)
    _require_not_past(valid_from, at)
    if (
        setting.point_id is not None
        and not Point.objects.filter(pk=setting.point_id, shop__agency=agency_id)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
        .exists()
    ):
        raise Refusal(_("Điểm này không thuộc cơ quan, hoặc đã đóng."), code="bad_point", field="point")
    if setting.calendar_id is not None and not Calendar.objects.filter(pk=setting.calendar_id).exists():
        raise NotFound(_("Không có lịch này."))
    if setting.limit_value is not None:
        _require_shorter(procedure, Limit(setting.limit_value, Unit(setting.limit_unit)), valid_from)
    rows = AgencySetting.objects.select_for_update(of=("self",)).filter(
        agency_id=agency_id, procedure=procedure
    )
    list(rows)
    _end_before(rows, valid_from)
    made = AgencySetting.objects.create(
        agency_id=agency_id,
        procedure=procedure,
        valid_from=valid_from,
        **{**asdict(setting), "note": setting.note.strip()},
    )
    facts = {"agency": agency_id, "from": valid_from, **asdict(setting)}
    _record(actor, "setting", procedure, at, facts)
    return made


def _require_shorter(procedure: Procedure, own: Limit, day: date) -> None:
    """Refuse an own limit that shortens none of the law's limits, or that is longer than one of them."""
    version = (
        ProcedureVersion.objects.filter(catalogue.in_force(day), procedure=procedure).first()
        or procedure.versions.exclude(state="draft").order_by("-number").first()
    )
    laws = [
        limit
        for variant in (catalogue.variants(version) if version else [])
        for limit in catalogue.limits_for(variant).values()
        if limit is not None
    ]
    if not laws:
        raise Refusal(
            _("Thủ tục chưa có thời hạn rõ ràng nên chưa rút ngắn được."), code="no_limit", field="limit"
        )
    same = [law for law in laws if law.unit == own.unit]
    if not same:
        text = _("Thời hạn riêng phải cùng đơn vị với thời hạn của thủ tục: %(law)s.")
        raise Refusal(text % {"law": laws[0].words()}, code="other_unit", field="limit")
    if not any(own.value < law.value for law in same):
        text = _("Thời hạn riêng phải ngắn hơn thời hạn của thủ tục: %(law)s.")
        longest = max(same, key=lambda law: law.value)
        raise Refusal(text % {"law": longest.words()}, code="not_shorter", field="limit")


def _end_before(rows: Any, day: date) -> None:
    if rows.filter(valid_from__gt=day).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."),
            code="too_early",
            field="valid_from",
        )
    open_rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    open_rows.filter(valid_from=day).delete()  # replaced on the day it began: it never held
    open_rows.filter(valid_from__lt=day).update(valid_to=day)


def _require_not_past(day: date, at: datetime) -> None:
    if day < at.astimezone(ZONE).date():
        raise Refusal(
            _("Chọn từ hôm nay trở đi: hồ sơ đã nhận giữ ngày hẹn, mức thu của ngày nhận."),
            code="day_passed",
            field="valid_from",
        )


@once("procedure.local_fee")
def set_local_fee(
    *, procedure_id: int, kind: FeeKind, name: str, amount: int, unit: str, case: str, area: str, channel: str,
    source: str, valid_from: date, actor: Actor, at: datetime, key: str = "",
) -> LocalFee:  # fmt: skip
    """Record what the council set for a procedure from a day on; the fee of the same reach until then ends."""
    permissions.require_editor(actor)
    procedure = _procedure(procedure_id)
    if not source.strip():
        raise Refusal(_("Ghi nghị quyết, quyết định quy định mức thu."), code="source_needed", field="source")
    if amount < 0:
        raise Refusal(_("Mức thu không được âm."), code="bad_amount", field="amount")
    case = normalize(case)
    if case and not any(
        row.name == case
        for version in procedure.versions.exclude(state="draft")
        for row in version.variants.all()
    ):
        raise Refusal(_("Thủ tục không có trường hợp này."), code="no_case", field="case")
    reach = {
        "procedure": procedure, "kind": FeeKind(kind).value, "name": normalize(name)[:300], "case": case,
        "area": Area(area).value if area else "", "channel": Channel(channel).value if channel else "",
    }  # fmt: skip
    list(Procedure.objects.select_for_update(of=("self",)).filter(pk=procedure.pk))
    _end_before(LocalFee.objects.filter(**reach), valid_from)
    made = LocalFee.objects.create(
        **reach, amount=amount, unit=unit.strip(), source=normalize(source), valid_from=valid_from
    )
    facts = {name: str(value) for name, value in reach.items() if name != "procedure"}
    _record(
        actor, "local_fee", procedure, at, {**facts, "amount": amount, "from": valid_from, "note": source}
    )
    return made


@once("procedure.end_local_fee")
def end_local_fee(*, fee_id: int, valid_to: date, actor: Actor, at: datetime, key: str = "") -> LocalFee:
    """End a council's fee: the catalogue's own holds again from that day."""
    permissions.require_editor(actor)
    row = (
        LocalFee.objects.select_for_update(of=("self",)).select_related("procedure").filter(pk=fee_id).first()
    )
    if row is None:
        raise NotFound(_("Không có mức thu này."))
    row.valid_to = max(valid_to, row.valid_from)
    row.save(update_fields=["valid_to"])
    _record(actor, "end_local_fee", row.procedure, at, {"fee": row.pk, "to": row.valid_to})
    return row


@once("procedure.exempt")
def exempt(
    *, procedure_id: int | None, group: str, percent: int, kind: str, channel: str, source: str, valid_from: date,
    valid_to: date | None, actor: Actor, at: datetime, key: str = "",
) -> FeeExemption:  # fmt: skip
    """Let a group of people pay less, or nothing, from a day on. Without a procedure it holds for all of them."""
    permissions.require_editor(actor)
    if not normalize(group):
        raise Refusal(_("Ghi nhóm người được miễn, giảm."), code="group_needed", field="group")
    if not source.strip():
        raise Refusal(_("Ghi căn cứ miễn, giảm."), code="source_needed", field="source")
    if not 1 <= percent <= 100:
        raise Refusal(_("Mức giảm từ 1 đến 100 phần trăm."), code="bad_percent", field="percent")
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal(_("Ngày hết phải sau ngày bắt đầu."), code="bad_day", field="valid_to")
    made = FeeExemption.objects.create(
        procedure=_procedure(procedure_id) if procedure_id is not None else None,
        group=normalize(group)[:200],
        percent=percent,
        kind=FeeKind(kind).value if kind else "",
        channel=Channel(channel).value if channel else "",
        source=normalize(source)[:300],
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _record(actor, "exempt", made.procedure, at, {"group": made.group, "percent": percent, "note": source})
    return made


@once("procedure.end_exemption")
def end_exemption(
    *, exemption_id: int, valid_to: date, actor: Actor, at: datetime, key: str = ""
) -> FeeExemption:
    """End an exemption from a day on."""
    permissions.require_editor(actor)
    rows = FeeExemption.objects.select_for_update(of=("self",)).select_related("procedure")
    row = rows.filter(pk=exemption_id).first()
    if row is None:
        raise NotFound(_("Không có dòng miễn, giảm này."))
    row.valid_to = max(valid_to, row.valid_from)
    row.save(update_fields=["valid_to"])
    _record(actor, "end_exemption", row.procedure, at, {"group": row.group, "to": row.valid_to})
    return row


@once("procedure.set_area")
def set_area(
    *, agency_id: int, area: Area, source: str, valid_from: date, actor: Actor, at: datetime, key: str = ""
) -> AgencyArea:  # fmt: skip
    """Say what kind of place an agency serves from a day on."""
    permissions.require_editor(actor)
    if not source.strip():
        raise Refusal(_("Ghi văn bản xếp loại địa bàn."), code="source_needed", field="source")
    if not Agency.objects.filter(pk=agency_id).exists():
        raise NotFound(_("Không có cơ quan này."))
    rows = AgencyArea.objects.select_for_update(of=("self",)).filter(agency_id=agency_id)
    list(rows)
    _end_before(rows, valid_from)
    made = AgencyArea.objects.create(
        agency_id=agency_id, area=Area(area).value, source=normalize(source)[:300], valid_from=valid_from
    )
    record_history(
        actor=actor, verb="agency.set_fee_area", subject_kind="agency", subject_id=agency_id, at=at,
        payload={"area": made.area, "from": valid_from, "source": made.source}, agency_id=agency_id,
    )  # fmt: skip
    return made


def _procedure(procedure_id: int) -> Procedure:
    row = Procedure.objects.filter(pk=procedure_id).first()
    if row is None:
        raise NotFound(_("Không có thủ tục này."))
    return row


def _record(
    actor: Actor, verb: str, procedure: Procedure | None, at: datetime, facts: dict[str, object]
) -> None:
    record_history(
        actor=actor,
        verb=verb,
        subject_kind="procedure" if procedure else "procedure_fees",
        subject_id=procedure.pk if procedure else 0,
        at=at,
        payload={"code": procedure.code if procedure else "", **facts},
    )
