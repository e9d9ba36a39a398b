"""Days changed by hand: a swap of two days at once, a correction, a day withdrawn. Nothing is deleted."""

from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.calendars.models import Day, DayKind, DayStatus
from motcua.base.calendars.operations.days import add_day
from motcua.base.calendars.operations.parts import KINDS, begin, fill, find_day, renew, sourced, write
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import Day as KnownDay


@once("calendar.add_swap")
def add_swap(
    *,
    off: date,
    worked: date,
    source: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    calendar_id: int | None = None,
    key: str = "",
) -> list[Day]:
    """Swap two days: `off` is free and `worked`, a Saturday or Sunday, is worked for it. Both or neither.

    Refuses a weekend day that would be off, a working day that would be worked, and dates already taken.
    """
    begin(actor)
    if off.isoweekday() > 5:
        raise Refusal(
            _("Ngày nghỉ hoán đổi phải là một ngày trong tuần (thứ Hai đến thứ Sáu)."),
            code="bad_swap",
            field="on",
        )
    if worked.isoweekday() < 6:
        raise Refusal(_("Ngày làm bù phải là thứ Bảy hoặc Chủ nhật."), code="bad_swap", field="other")
    said = normalize(name) or f"Nghỉ hoán đổi, làm bù {worked:%d/%m/%Y}"
    common = {"source": source, "actor": actor, "at": at, "calendar_id": calendar_id}
    first = add_day(on=off, kind=DayKind.SWAPPED_OFF, name=said, in_place_of=worked, **common)  # type: ignore[arg-type]
    try:
        second = add_day(
            on=worked,
            kind=DayKind.WORKING_SATURDAY,
            name=f"Ngày làm bù cho {off:%d/%m/%Y}",
            in_place_of=off,
            **common,  # type: ignore[arg-type]
        )
    except Conflict as taken:
        raise Conflict(taken.message, code=taken.code, field="other") from taken
    return [first, second]


@once("calendar.change_day")
def change_day(
    *,
    day_id: int,
    name: str,
    kind: DayKind,
    source: str,
    reason: str,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Day:
    """Correct what is written about a day: name, kind, legal source. The date itself never changes.

    The days of a swap keep their kind: one of them alone would be half a swap. Refuses an empty reason.
    """
    begin(actor)
    row = find_day(day_id)
    if row.status == DayStatus.WITHDRAWN:
        raise Conflict(_("Ngày này đã rút. Thêm lại ngày nếu cần."), code="day_withdrawn")
    if not normalize(name):
        raise Refusal(_("Nhập tên ngày."), code="no_name", field="name")
    swap = {DayKind.SWAPPED_OFF, DayKind.WORKING_SATURDAY}
    if row.kind != kind and swap & {row.kind, kind}:
        raise Refusal(
            _("Loại của ngày hoán đổi không đổi riêng được. Rút cả cặp rồi thêm lại."),
            code="half_a_swap",
            field="kind",
        )
    why = _because(reason)
    known = KnownDay(row.on, KINDS[kind], normalize(name), sourced(source), "high")
    fill(row, replace(known, confidence=row.confidence, in_place_of=row.in_place_of))  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal(_("Tên và nguồn không được để trống."), code="bad_day") from error
    write(row, "calendar.change_day", actor, at, reason=why)
    renew(changed=True, calendar_id=row.calendar_id)
    return row


@once("calendar.withdraw_day")
def withdraw_day(*, day_id: int, reason: str, actor: Actor, at: datetime, key: str = "") -> list[Day]:
    """Take a day that was a mistake out of the calendar; a swapped day takes its other half with it.

    The row stays, marked, with its history; due dates given while it counted stay as they were promised.
    """
    begin(actor)
    row = find_day(day_id)
    why = _because(reason)
    if row.status == DayStatus.WITHDRAWN:
        raise Conflict(_("Ngày này đã rút từ trước."), code="day_withdrawn")
    gone = [row]
    if row.in_place_of is not None:
        halves = Day.objects.filter(on=row.in_place_of, in_place_of=row.on).exclude(
            status=DayStatus.WITHDRAWN
        )
        gone += [one for one in halves if one.calendar_id == row.calendar_id]
    for one in gone:
        one.status, one.enabled = DayStatus.WITHDRAWN, False
        one.approved_at = one.approved_at or at  # a proposed one was never approved; it ends here
        one.save(update_fields=["status", "enabled", "approved_at"])
        write(one, "calendar.withdraw_day", actor, at, reason=why)
    renew(changed=True, calendar_id=row.calendar_id)
    return gone


def _because(reason: str) -> str:
    text = normalize(reason)
    if not text:
        raise Refusal(
            _("Ghi lý do: lịch quyết định ngày hẹn của mọi hồ sơ."), code="no_reason", field="reason"
        )
    return text[:500]
