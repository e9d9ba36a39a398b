"""Times are booked, under a lock that never fills one twice; whoever comes checks in and gets a number."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Booking, Service, Slot, Ticket
from motcua.counters.models.booking import BookingState
from motcua.counters.operations import tickets
from motcua.counters.operations.common import NotNow, hall_of
from motcua.counters.permissions import agency_of
from motcua.counters.slots import FARTHEST as DAYS_AHEAD
from motcua.counters.slots import HERE, times_on
from motcua.counters.states import Channel, Priority
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

_CODE_LENGTH = 6
FARTHEST = timedelta(days=DAYS_AHEAD)


@once("counters.book")
def book(
    *,
    service_id: int,
    starts_at: datetime,
    channel: str,
    priority: str = "",
    actor: Actor,
    at: datetime,
    key: str,
) -> Booking:
    """Take a place in a time. Refuses a time that is full, over, too far ahead, or that nobody offers."""
    service = Service.objects.filter(pk=service_id, valid_to=None).first()
    if service is None:
        raise NotFound(_("Nhóm việc này hiện không nhận đặt lịch."))
    hall = hall_of(service.hall_id)
    permissions.require("book", actor, hall)
    if priority not in Priority.values:
        raise Refusal(_("Không có diện ưu tiên này. Chọn lại."), code="bad_priority", field="priority")
    if starts_at <= at or starts_at > at + FARTHEST:
        raise Refusal(
            _("Chọn một giờ còn ở phía trước, trong vòng 30 ngày."), code="bad_time", field="starts_at"
        )
    offered = times_on(service, starts_at.astimezone(HERE).date())
    if starts_at not in offered:
        raise Refusal(
            _("Giờ này không có lịch hẹn. Chọn giờ khác trong danh sách."), code="no_slot", field="starts_at"
        )
    agency = agency_of(hall)
    Slot.objects.bulk_create(
        [Slot(home_agency_id=agency, service=service, starts_at=starts_at, capacity=offered[starts_at])],
        ignore_conflicts=True,
    )
    slot = Slot.objects.select_for_update().get(home_agency_id=agency, service=service, starts_at=starts_at)
    if slot.taken >= offered[starts_at]:
        raise NotNow(_("Giờ này vừa đủ người. Chọn giờ khác."), code="slot_full")
    slot.taken, slot.capacity = (
        slot.taken + 1,
        offered[starts_at],
    )  # a rule may have changed since the first booking
    slot.save(update_fields=["taken", "capacity"])
    booking = Booking.objects.create(
        home_agency_id=agency, slot=slot, code=_new_code(agency), token=lookup.new_token(), channel=channel,
        priority=priority, booked_at=at,
    )  # fmt: skip
    _note(booking, "book", actor, at, {"starts_at": starts_at, "channel": channel})
    return booking


@once("counters.cancel_booking")
def cancel(*, booking_id: UUID, actor: Actor, at: datetime, key: str) -> Booking:
    """Give a booked time back; its place is free again."""
    booking = _lock(booking_id)
    if actor.kind == "officer":
        permissions.require("book", actor, hall_of(booking.slot.service.hall_id))
    if booking.state != BookingState.BOOKED:
        raise NotNow(_("Lịch hẹn này đã dùng hoặc đã hủy."))
    Slot.objects.filter(pk=booking.slot_id).update(taken=F("taken") - 1)
    booking.state = BookingState.CANCELLED
    booking.save(update_fields=["state"])
    _note(booking, "cancel_booking", actor, at, {})
    return booking


@once("counters.check_in")
def check_in(
    *, code: str, hall_id: int, device_id: int | None = None, actor: Actor, at: datetime, key: str
) -> Ticket:
    """Turn a booking into a number. Within the window of the booked time it is called at that time; who comes later
    waits like everybody. Checking in twice gives the same number. Refuses a code of another hall, and who is too early.
    """
    typed = "".join(code.split()).rstrip("/").rpartition("/")[2]  # a code, or what the QR of its page says
    here = Booking.objects.filter(slot__service__hall_id=hall_id)
    found = here.filter(Q(code=typed.upper()) | Q(token=typed)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("Không tìm thấy lịch hẹn này ở đây. Xem lại mã, hoặc lấy số như bình thường."))
    booking = _lock(found)
    if booking.ticket_id is not None:
        return Ticket.objects.get(pk=booking.ticket_id)
    if booking.state != BookingState.BOOKED:
        raise NotNow(_("Lịch hẹn này đã hủy. Xin lấy số như bình thường."))
    hall = hall_of(hall_id)
    starts_at, window = booking.slot.starts_at, timedelta(minutes=hall.window_minutes)
    if at.astimezone(HERE).date() < starts_at.astimezone(HERE).date():
        raise NotNow(_("Lịch hẹn vào ngày khác. Xem lại ngày giờ trên giấy hẹn."), code="other_day")
    if at < starts_at - 2 * window:
        raise NotNow(
            _("Còn sớm. Nhận số từ %(moment)s.") % {"moment": f"{(starts_at - 2 * window).astimezone(HERE):%H:%M}"},
            code="too_early",
        )  # fmt: skip
    ticket = tickets.issue(
        service_id=booking.slot.service_id, channel=Channel.BOOKING, priority=booking.priority, device_id=device_id,
        booked_for=starts_at if at <= starts_at + window else None, actor=actor, at=at, key="",
    )  # fmt: skip
    booking.state, booking.ticket_id = BookingState.CAME, ticket.pk
    booking.save(update_fields=["state", "ticket_id"])
    _note(booking, "check_in", actor, at, {"label": ticket.label})
    return ticket


def miss(*, hall_id: int, actor: Actor, at: datetime) -> int:
    """Say of the bookings of days before today that nobody came for them; return how many. Safe to repeat."""
    start = datetime.combine(at.astimezone(HERE).date(), datetime.min.time(), HERE)
    old = Booking.objects.select_for_update().filter(
        slot__service__hall_id=hall_id, state=BookingState.BOOKED, slot__starts_at__lt=start
    )
    gone = list(old)
    for booking in gone:
        booking.state = BookingState.MISSED
        booking.save(update_fields=["state"])
        _note(booking, "miss", actor, at, {})
    return len(gone)


def _lock(booking_id: UUID) -> Booking:
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("slot__service")
        .filter(pk=booking_id)
        .first()
    )
    if booking is None:
        raise NotFound(_("Không tìm thấy lịch hẹn này."))
    return booking


def _new_code(agency: int) -> str:
    """Return a code that is not in use at the agency: six places without look-alikes, to be read out on the phone."""
    while True:
        code = "".join(secrets.choice(lookup.ALPHABET) for _place in range(_CODE_LENGTH))
        if not Booking.objects.filter(home_agency_id=agency, code=code).exists():
            return code


def _note(booking: Booking, verb: str, actor: Actor, at: datetime, facts: dict[str, object]) -> None:
    record(
        actor=actor, verb=f"booking.{verb}", subject_kind="booking", subject_id=booking.pk, at=at,
        agency_id=booking.home_agency_id, payload=facts,
    )  # fmt: skip
