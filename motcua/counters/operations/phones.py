"""A visitor at the entrance takes a number on their own phone, or checks a booking in."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import entrance, permissions, standing
from motcua.counters.models import Booking, Hall, Service, Ticket
from motcua.counters.models.hall import Entrance
from motcua.counters.operations import bookings, tickets
from motcua.counters.operations.common import hall_of, ring
from motcua.counters.operations.knocks import knock, require_room
from motcua.counters.permissions import agency_of
from motcua.counters.states import Channel
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

#: So many open numbers one phone holds at a time: its owner's, and those of who came along without a phone.
MOST_A_PHONE = 3


class BadEntrance(Refusal):
    """The code is none of now: it is wrong, or the sign is of another day."""

    code = "bad_entrance"


def open_entrance(*, hall_id: int, typed: str, address: str, at: datetime) -> Hall:
    """Return the hall whose entrance code was given. A wrong one is counted, and too many are not looked at."""
    hall = hall_of(hall_id)
    if hall.entrance == Entrance.OFF:
        raise BadEntrance(_("Ở đây không lấy số trên điện thoại. Xin lấy số ở máy hoặc hỏi quầy hướng dẫn."))
    require_room("code", address=address, at=at)
    if not entrance.opens(hall, typed, at):
        knock("code", address=address, at=at)
        raise BadEntrance(_("Mã này không đúng hoặc đã hết hạn. Quét lại mã QR ở cửa sảnh."), field="code")
    return hall


@transaction.atomic
def take(
    *, service_id: int, priority: str, held: Sequence[str], address: str, actor: Actor, at: datetime, key: str
) -> Ticket:
    """Draw a number that is shown on a phone; whoever calls this has opened the entrance.

    `held` are the secrets of the numbers this phone has; the same key draws the same number, also when address or
    `held` changed since. Refuses a phone that holds enough of them, and an address
    from which too many were drawn.
    """
    if len(standing.of_tokens(held, at)) >= MOST_A_PHONE:
        raise Refusal(
            _("Điện thoại này đang giữ %(most)s số. Người đi cùng xin lấy số ở máy.") % {"most": MOST_A_PHONE},
            code="enough",
        )  # fmt: skip
    knock("number", address=address, at=at)
    return tickets.issue(
        service_id=service_id, channel=Channel.PHONE, priority=priority, actor=actor, at=at, key=key
    )


@transaction.atomic
def arrive(*, hall_id: int, code: str, address: str, actor: Actor, at: datetime, key: str) -> Ticket:
    """Check a booking in at the entrance; its number is shown on the phone and so is real at once.

    Refuses what `bookings.check_in` refuses; a code that is none ("no_booking") is to be counted by the caller.
    """
    require_room("code", address=address, at=at)
    try:
        ticket = bookings.check_in(code=code, hall_id=hall_id, actor=actor, at=at, key="")
    except NotFound as refused:
        raise Refusal(refused.message, code="no_booking", field="booking") from None
    return tickets.confirm(ticket_id=ticket.pk, actor=actor, at=at, key="")


@transaction.atomic
def book(
    *,
    service_id: int,
    starts_at: datetime,
    priority: str,
    address: str,
    actor: Actor,
    at: datetime,
    key: str,
) -> Booking:
    """Book a time from the public page; refuses an address that books too much."""
    knock("book", address=address, at=at)
    hall = Service.objects.filter(pk=service_id).values_list("hall_id", flat=True).first()
    of_day = f"{address}|{hall}|{timezone.localdate(starts_at)}"
    with transaction.atomic():  # what is refused afterwards takes no place
        made = bookings.book(
            service_id=service_id, starts_at=starts_at, channel="web", priority=priority, actor=actor, at=at, key=key
        )  # fmt: skip
        if made.booked_at == at:  # not the answer to a press that came twice
            knock("visit", address=of_day, at=at)
    return made


@once("counters.set_entrance")
def set_entrance(*, hall_id: int, how: str, actor: Actor, at: datetime, key: str) -> Hall:
    """Say how phones take numbers here: not at all, by a sign of the day, by the hall's screen."""
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    if how not in Entrance.values:
        raise Refusal(_("Chọn một cách."), code="bad_choice", field="how")
    before, hall.entrance = hall.entrance, how
    hall.save(update_fields=["entrance"])
    record(
        actor=actor, verb="hall.set_entrance", subject_kind="hall", subject_id=hall.pk, at=at,
        agency_id=agency_of(hall), payload={"changed": [before, how]},
    )  # fmt: skip
    ring(hall, at)
    return hall


def offered(service_id: int, hall: Hall) -> Service:
    """Return a service of this hall; a page may not draw numbers of another hall with this one's code."""
    service = Service.objects.filter(pk=service_id, hall=hall).first()
    if service is None:
        raise NotFound(_("Không tìm thấy nhóm việc này."))
    return service
