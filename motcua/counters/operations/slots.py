"""Which times can be booked: rules are added and ended, days are closed and opened again."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import ClosedDay, Hall, Service, SlotRule
from motcua.counters.operations.common import hall_of, lock_line, today
from motcua.counters.permissions import agency_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize

_MINUTES = (5, 240)
_MOST = 200


@once("counters.add_rule")
def add_rules(
    *,
    service_id: int,
    weekdays: Sequence[int],
    from_time: time,
    to_time: time,
    minutes: int,
    capacity: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    key: str,
) -> list[SlotRule]:
    """Offer times of a service on some weekdays, from a day on.

    Refuses hours without a whole time in them, and hours that overlap with another rule of the same weekday.
    """
    service = Service.objects.filter(pk=service_id, valid_to=None).first()
    if service is None:
        raise Refusal(_("Chọn nhóm việc."), code="no_service", field="service")
    hall = hall_of(service.hall_id)
    permissions.require("set_up", actor, hall)
    lock_line(hall)
    _require_sense(weekdays, from_time, to_time, minutes, capacity)
    if valid_from < today(at):
        raise Refusal(_("Khung giờ áp dụng từ hôm nay trở đi."), code="bad_day", field="valid_from")
    others = SlotRule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from), service=service)
    if others.filter(weekday__in=weekdays, from_time__lt=to_time, to_time__gt=from_time).exists():
        raise Refusal(
            _("Khung giờ này trùng với khung đã có của nhóm việc. Dừng khung cũ trước, hoặc chọn giờ khác."),
            code="overlaps", field="from_time",
        )  # fmt: skip
    made = [
        SlotRule.objects.create(
            service=service, weekday=one, from_time=from_time, to_time=to_time, minutes=minutes,
            capacity=capacity, valid_from=valid_from,
        )
        for one in sorted(set(weekdays))
    ]  # fmt: skip
    facts = {"service": service.pk, "weekdays": sorted(set(weekdays)), "from": from_time, "to": to_time}
    _note(
        hall, "add_rules", actor, at, {**facts, "minutes": minutes, "capacity": capacity, "since": valid_from}
    )
    return made


@once("counters.end_rule")
def end_rule(*, rule_id: int, hall_id: int, actor: Actor, at: datetime, key: str) -> SlotRule:
    """Offer the times of a rule no more, from today on. Bookings made stay and are listed. Twice is once."""
    rule = SlotRule.objects.select_for_update().filter(pk=rule_id, service__hall_id=hall_id).first()
    if rule is None:
        raise NotFound(_("Không tìm thấy khung giờ này."))
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    if rule.valid_to is None or rule.valid_to > today(at):
        rule.valid_to = max(today(at), rule.valid_from)
        rule.save(update_fields=["valid_to"])
        _note(hall, "end_rule", actor, at, {"rule": rule.pk})
    return rule


@once("counters.close_day_for_bookings")
def shut(*, hall_id: int, day: date, reason: str, actor: Actor, at: datetime, key: str) -> ClosedDay:
    """Take no bookings on a day; those made stay and are listed, so that somebody tells their holders."""
    hall = hall_of(hall_id)
    permissions.require("assign", actor, hall)
    if day < today(at):
        raise Refusal(_("Chọn một ngày từ hôm nay trở đi."), code="bad_day", field="day")
    reason = normalize(reason)
    if not reason:
        raise Refusal(_("Ghi lý do; người trực sẽ đọc lý do này."), code="no_reason", field="reason")
    row, made = ClosedDay.objects.get_or_create(
        hall=hall, day=day, defaults={"reason": reason[:160], "closed_at": at}
    )
    if made:
        _note(hall, "close_day", actor, at, {"day": day, "reason": row.reason})
    return row


@once("counters.open_day_for_bookings")
def reopen(*, closed_id: int, hall_id: int, actor: Actor, at: datetime, key: str) -> None:
    """Take bookings again on a day that was closed; bookings made before hold as they were."""
    row = ClosedDay.objects.select_for_update().filter(pk=closed_id, hall_id=hall_id).first()
    if row is None:
        raise NotFound(_("Ngày này không còn đóng."))
    hall = hall_of(hall_id)
    permissions.require("assign", actor, hall)
    row.delete()
    _note(hall, "open_day", actor, at, {"day": row.day})


def _require_sense(
    weekdays: Sequence[int], from_time: time, to_time: time, minutes: int, capacity: int
) -> None:
    """Refuse weekdays that are none, and hours in which not even one time has room."""
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Refusal(_("Chọn ít nhất một ngày trong tuần."), code="no_weekday", field="weekdays")
    if not _MINUTES[0] <= minutes <= _MINUTES[1]:
        raise Refusal(_("Nhập từ 5 đến 240 phút."), code="bad_minutes", field="minutes")
    if not 1 <= capacity <= _MOST:
        raise Refusal(_("Nhập từ 1 đến 200 người."), code="bad_capacity", field="capacity")
    length = to_time.hour * 60 + to_time.minute - from_time.hour * 60 - from_time.minute
    if length < minutes:
        raise Refusal(
            _("Giờ kết thúc phải sau giờ bắt đầu, đủ cho ít nhất một lượt."),
            code="bad_hours",
            field="to_time",
        )


def _note(hall: Hall, verb: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=f"hall.{verb}", subject_kind="hall", subject_id=hall.pk, at=at,
        agency_id=agency_of(hall), payload=facts,
    )  # fmt: skip
