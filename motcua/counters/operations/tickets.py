"""Numbers are given out, become real, or are void. A number is drawn once and never used again."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.agencies.models import holds_on
from motcua.base.audit.keys import once
from motcua.base.numbering.operations import next_numbers
from motcua.counters import permissions, queries
from motcua.counters.models import Device, Hall, HandRange, Service, Shift, Ticket
from motcua.counters.operations.common import NotNow, hall_of, lock_ticket, move, tell, today
from motcua.counters.permissions import agency_of
from motcua.counters.states import Channel, Priority, State
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

#: Places between two tickets of the line, for those that were written by hand meanwhile.
STEP = 1000
MOST_BY_HAND = 200


@once("counters.issue")
def issue(
    *,
    service_id: int,
    channel: str,
    priority: str = "",
    device_id: int | None = None,
    booked_for: datetime | None = None,
    actor: Actor,
    at: datetime,
    key: str,
) -> Ticket:
    """Draw the next number of a service. It is called only once `confirm` says that somebody holds it.

    On a phone the page itself is the ticket: such a number is real at once. The same key returns the same number.
    Refuses a closed hall, a service that is not offered today, and a class of priority that does not exist.
    """
    service = _service(service_id, at)
    hall = hall_of(service.hall_id)
    permissions.require("issue", actor, hall)
    if not hall.is_open:
        raise Refusal(_("Sảnh này đang ngừng phát số. Xin hỏi người hướng dẫn."), code="hall_closed")
    if priority not in Priority.values:
        raise Refusal(_("Không có diện ưu tiên này. Chọn lại."), code="bad_priority", field="priority")
    device = Device.objects.filter(pk=device_id, hall=hall, revoked_at=None).first() if device_id else None
    day, agency = today(at), agency_of(hall)
    told = queries.told(hall.pk, service.pk, priority=bool(priority), at=at, booked_for=booked_for)
    number, place = next_numbers(
        agency_id=agency, series=[(f"ticket-{hall.pk}-{service.prefix}", day.isoformat()), (f"line-{hall.pk}", "")]
    )  # fmt: skip
    real = channel in {Channel.PHONE}
    ticket = Ticket(
        home_agency_id=agency, hall=hall, day=day, label=label(service.prefix, number), line=place * STEP,
        token=lookup.new_token(), service=service, first_service=service, priority=priority, channel=channel,
        booked_for=booked_for, device=device, state=State.WAITING if real else State.PENDING, issued_at=at,
        real_at=at if real else None, staffed=staffed(service), told_low=told.low if told else None,
        told_high=told.high if told else None,
    )  # fmt: skip
    ticket.save(force_insert=True)
    tell(ticket, "issue", actor, at, service=service.pk, priority=priority, channel=channel)
    return ticket


@once("counters.confirm")
def confirm(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Say that a visitor holds the number: it was printed, or its page was opened on a phone, or an officer saw it.

    Its place in the line is the one of its number. A number that was void because no paper came out counts again when
    an officer sees it. Twice is once.
    """
    ticket = lock_ticket(ticket_id)
    permissions.require("see", actor, ticket.hall)
    if ticket.real_at is not None and ticket.state != State.VOID:
        return ticket
    if ticket.state == State.VOID and actor.kind != "officer":
        raise NotNow(_("Số này đã bị hủy. Xin lấy số khác, hoặc đưa phiếu cho người hướng dẫn."))
    move(ticket, State.WAITING, at, real_at=at, reason="")
    tell(ticket, "confirm", actor, at)
    return ticket


@once("counters.void")
def void(*, ticket_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Ticket:
    """Take a number out of the line for good, with a reason; it is never given again.

    A machine voids only what nobody holds; an officer also a waiting one.
    """
    ticket = lock_ticket(ticket_id)
    permissions.require("void", actor, ticket.hall)
    reason = reason.strip()[:200]
    if not reason:
        raise Refusal(_("Ghi lý do hủy số."), code="no_reason", field="reason")
    if ticket.state != State.PENDING and actor.kind in {"integration", "public"}:
        raise NotNow(_("Số này đã có người giữ nên máy không hủy được."))
    move(ticket, State.VOID, at, reason=reason)
    tell(ticket, "void", actor, at, reason=reason)
    return ticket


@once("counters.cancel")
def cancel(*, token: str, actor: Actor, at: datetime, key: str) -> Ticket:
    """Let the holder of a number give it back, by its secret page; others move up."""
    found = Ticket.objects.filter(token=token).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("Không tìm thấy số này."))
    ticket = lock_ticket(found)
    move(ticket, State.CANCELLED, at)
    tell(ticket, "cancel", actor, at)
    return ticket


@once("counters.reserve")
def reserve(*, service_id: int, count: int, actor: Actor, at: datetime, key: str) -> HandRange:
    """Keep the next `count` numbers of a service for a pad of paper; no machine gives them out any more."""
    service = _service(service_id, at)
    hall = hall_of(service.hall_id)
    permissions.require("reserve", actor, hall)
    if not 1 <= count <= MOST_BY_HAND:
        raise Refusal(_("Mỗi lần giữ từ 1 đến 200 số."), code="bad_count", field="count")
    day = today(at)
    kind, period = f"ticket-{hall.pk}-{service.prefix}", day.isoformat()
    first = next_numbers(agency_id=agency_of(hall), series=[(kind, period)] * count)[0]
    return HandRange.objects.create(
        home_agency_id=agency_of(hall),
        service=service,
        day=day,
        first=first,
        last=first + count - 1,
        made_at=at,
    )


@once("counters.enter_hand")
def enter_hand(
    *, hall_id: int, text: str, taken_at: datetime, priority: str = "", actor: Actor, at: datetime, key: str
) -> Ticket:
    """Put a number written by hand into the line, at the place of the time that stands on the paper.

    Refuses a number that no pad of today holds, one that was entered before, and a time before the pad or to come.
    """
    hall = hall_of(hall_id)
    permissions.require("reserve", actor, hall)
    day = today(at)
    written = text.strip().upper().replace(" ", "")
    kept = [
        row
        for row in HandRange.objects.filter(service__hall=hall, day=day).select_related("service")
        if written.startswith(row.service.prefix)
        and written[len(row.service.prefix) :].isascii()
        and written[len(row.service.prefix) :].isdigit()
        and row.first <= int(written[len(row.service.prefix) :]) <= row.last
    ]
    if not kept:
        raise Refusal(
            _("Số %(label)s không nằm trong tập phiếu viết tay nào của hôm nay. Xem lại số trên phiếu.")
            % {"label": written},
            code="not_by_hand", field="text",
        )  # fmt: skip
    row = kept[0]
    if not row.made_at <= taken_at <= at:
        raise Refusal(
            _("Giờ lấy số phải sau lúc giữ tập phiếu và không ở tương lai. Xem lại giờ trên phiếu."),
            code="bad_time", field="taken_at",
        )  # fmt: skip
    if priority not in Priority.values:
        raise Refusal(_("Không có diện ưu tiên này. Chọn lại."), code="bad_priority", field="priority")
    name = label(row.service.prefix, int(written[len(row.service.prefix) :]))
    if Ticket.objects.filter(hall=hall, day=day, label=name).exists():
        raise NotNow(_("Số %(label)s đã được nhập trước đó.") % {"label": name})
    ticket = Ticket(
        home_agency_id=agency_of(hall), hall=hall, day=day, label=name, line=_place_at(hall, taken_at),
        token=lookup.new_token(), service=row.service, first_service=row.service, priority=priority,
        channel=Channel.HAND, state=State.WAITING, issued_at=taken_at, real_at=at, staffed=staffed(row.service),
    )  # fmt: skip
    ticket.save(force_insert=True)
    tell(ticket, "enter_hand", actor, at, taken_at=taken_at, priority=priority)
    return ticket


def _place_at(hall: Hall, moment: datetime) -> int:
    """Return a free place in the line after everybody who came until `moment`, before everybody who came later."""
    before = (
        Ticket.objects.filter(hall=hall, issued_at__lte=moment)
        .order_by("-line")
        .values_list("line", flat=True)
    )
    place = (before.first() or 0) + 1  # before a hall's very first ticket: at the head of its line
    taken = set(
        Ticket.objects.filter(hall=hall, line__gte=place, line__lt=place + STEP).values_list(
            "line", flat=True
        )
    )
    return next(one for one in range(place, place + STEP) if one not in taken)


def label(prefix: str, number: int) -> str:
    """Return what stands on a ticket: A007, A105, A1005."""
    return f"{prefix}{number:03d}"


def staffed(service: Service) -> int:
    """Return how many counters with an officer serve a service now: kept with each ticket for later analysis."""
    counters = service.servings.filter(until=None).values("counter_id")
    return (
        Shift.objects.filter(counter_id__in=counters, ended_at=None)
        .exclude(pauses__until=None, pauses__isnull=False)
        .count()
    )


def _service(service_id: int, at: datetime) -> Service:
    service = Service.objects.filter(holds_on(today(at)), pk=service_id).first()
    if service is None:
        raise NotFound(_("Nhóm việc này hiện không nhận số. Chọn nhóm khác, hoặc hỏi người hướng dẫn."))
    return service
