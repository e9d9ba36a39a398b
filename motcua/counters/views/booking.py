"""Bookings on the public site: hall, service, day, time; then a pass with its code. No name and no telephone."""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.counters import calendar_file, slots
from motcua.counters.models import Booking, Hall, Service
from motcua.counters.models.booking import BookingState
from motcua.counters.operations import bookings, phones
from motcua.counters.slots import Free
from motcua.counters.states import Priority
from motcua.lib.actor import PUBLIC
from motcua.lib.barcodes import qr
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.dates import WEEKDAYS
from motcua.ui.keyed import KeyedForm
from motcua.ui.visitors import address_of

_NOON = 12


@require_GET
def halls(request: HttpRequest) -> HttpResponse:
    """List the halls that take bookings; one alone leads on at once."""
    found, text = slots.bookable_halls(timezone.localdate()), request.GET.get("tim", "").strip()[:80]
    if len(found) == 1:
        return redirect("booking-services", found[0].pk)
    context = {"halls": slots.named(found, text), "text": text, "many": len(found) > slots.MANY}
    return render(request, "counters/bookings/halls.html", context)


@require_GET
def services(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Ask what the visit is for."""
    hall = slots.one_hall(hall_id)
    today = timezone.localdate()
    context = {
        "hall": hall, "point": hall.point, "services": slots.bookable_services(hall, today),
        "elsewhere": len(slots.bookable_halls(today)) > 1,  # one alone leads back here
    }  # fmt: skip
    return render(request, "counters/bookings/services.html", context)


@require_http_methods(["GET", "POST"])
def times(request: HttpRequest, hall_id: int, service_id: int) -> HttpResponse:
    """Show the days with free times, the times of one, then what is about to be booked; the button there books it."""
    hall = slots.one_hall(hall_id)
    service = next(
        (one for one in slots.bookable_services(hall, timezone.localdate()) if one.pk == service_id), None
    )
    if service is None:
        raise NotFound(_("Nhóm việc này hiện không nhận đặt lịch."))
    if request.method != "POST":
        if chosen := moment_of(request.GET.get("gio", "")):
            return _review(request, hall, service, chosen)
        return _times(request, hall, service, day_of(request.GET.get("ngay", "")))
    moment = moment_of(request.POST.get("gio", ""))
    try:
        if moment is None:
            raise Refusal(_("Chọn một giờ trong danh sách."), code="no_time")
        made = phones.book(
            service_id=service.pk, starts_at=moment, priority=request.POST.get("priority", "")[:12],
            address=address_of(request), actor=PUBLIC, at=timezone.now(), key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except Refusal as refusal:
        day = timezone.localdate(moment) if moment else None
        return _times(request, hall, service, day, problem=refusal.message, status=409)
    return redirect("booking-pass", made.token)


@require_GET
def the_pass(request: HttpRequest, token: str) -> HttpResponse:
    """Show a booking to whoever has its secret address: when, where, code, QR."""
    return _pass(request, slots.of_token(token))


@csrf_exempt  # the secret address is the right
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the time back."""
    booking = slots.of_token(token)
    try:
        if booking.state != BookingState.CANCELLED:
            bookings.cancel(booking_id=booking.pk, actor=PUBLIC, at=timezone.now(), key=f"cancel-{token}")
    except Refusal as refusal:
        return _pass(request, slots.of_token(token), problem=refusal.message, status=409)
    return redirect("booking-pass", token)


@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the booking as a calendar file."""
    booking = slots.of_token(token)
    hall = booking.slot.service.hall
    text = calendar_file.event(
        uid=str(booking.pk), starts_at=booking.slot.starts_at, ends_at=booking.slot.starts_at + _length(booking),
        stamp=booking.booked_at, cancelled=booking.state == BookingState.CANCELLED,
        title=_("Hẹn ở %(place)s: %(service)s")
        % {"place": hall.point.shop.name, "service": booking.slot.service.name},
        place=f"{hall.point.name}, {hall.point.address}", url=_address(booking),
        text=_("Mã lịch hẹn %(code)s. Đến trước %(minutes)s phút, nhập mã ở máy lấy số hoặc đọc cho quầy hướng dẫn.")
        % {"code": booking.code, "minutes": hall.window_minutes},
    )  # fmt: skip
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"lich-hen-{booking.code}.ics") or ""
    return response


def day_of(text: str) -> date | None:
    """Return a day of an address; None for what is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """Return a moment with its time zone, as our pages send it; None for what is none."""
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def halves(rows: list[Free]) -> list[tuple[str, list[Free]]]:
    """Return the times of a day in two parts: morning, afternoon."""
    names = {False: _("Buổi sáng"), True: _("Buổi chiều")}
    return [
        (names[late], list(part))
        for late, part in groupby(rows, lambda one: timezone.localtime(one.starts_at).hour >= _NOON)
    ]


def _times(
    request: HttpRequest,
    hall: Hall,
    service: Service,
    day: date | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    known = slots.free_days(service, hall, timezone.now())
    weeks: dict[date, list[tuple[date, str, int]]] = {}
    for one, rows in known.items():
        name, left = str(WEEKDAYS[one.weekday()]), sum(row.left for row in rows)
        weeks.setdefault(one - timedelta(days=one.weekday()), []).append((one, name, left))
    if day is not None and day not in known and not problem:
        problem = _("Ngày này không nhận đặt lịch. Chọn ngày khác.")
    context = {
        "hall": hall, "point": hall.point, "service": service, "problem": problem, "weeks": list(weeks.items()),
        "day": day if day in known else None, "halves": halves(known[day]) if day in known else [],
        "priorities": Priority.choices[1:],
        "priority": request.POST.get("priority", "") or request.GET.get("priority", ""),
    }  # fmt: skip
    return render(request, "counters/bookings/times.html", context, status=status)


def _review(request: HttpRequest, hall: Hall, service: Service, moment: datetime) -> HttpResponse:
    """Show the time that was touched, to be booked by a second press; one that is gone leads back to its day."""
    day = timezone.localdate(moment)
    rows = slots.free_days(service, hall, timezone.now()).get(day, [])
    if not any(one.starts_at == moment and one.left for one in rows):
        gone = _("Giờ này không còn. Chọn giờ khác.")
        return _times(request, hall, service, day, problem=gone, status=409)
    asked = request.GET.get("priority", "")
    priority = asked if asked in Priority.values else ""
    context = {
        "hall": hall, "point": hall.point, "service": service, "moment": moment, "day": day, "form": KeyedForm(),
        "priority": priority, "priority_words": Priority(priority).label if priority else "",
    }  # fmt: skip
    return render(request, "counters/bookings/review.html", context)


def _pass(request: HttpRequest, booking: Booking, *, problem: str = "", status: int = 200) -> HttpResponse:
    hall = booking.slot.service.hall
    open_ = (
        booking.state == BookingState.BOOKED and booking.slot.starts_at + timedelta(hours=12) > timezone.now()
    )
    context = {
        "booking": booking, "slot": booking.slot, "service": booking.slot.service, "hall": hall, "point": hall.point,
        "place": hall.point.shop.name, "open": open_, "moved": open_ and slots.is_stranded(booking), "problem": problem,
        "qr": mark_safe(qr(_address(booking)).svg) if open_ else "",  # noqa: S308  (drawn by us)
        "early": 2 * hall.window_minutes,
    }  # fmt: skip
    return render(request, "counters/bookings/pass.html", context, status=status)


def _address(booking: Booking) -> str:
    return settings.PUBLIC_URL + reverse(
        "booking-pass", args=[booking.token], urlconf="motcua.config.urls_public"
    )


def _length(booking: Booking) -> timedelta:
    return timedelta(minutes=max(15, booking.slot.service.minutes))
