"""Bookings as officers see them: the day's list, booking for a caller, times and closed days, the sign at the door."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.counters import entrance, permissions, slots
from motcua.counters.forms.bookings import CallerForm, CloseDayForm, EntranceForm, RuleForm
from motcua.counters.models import Hall
from motcua.counters.models.booking import BookingState
from motcua.counters.operations import bookings, phones
from motcua.counters.operations import slots as slot_acts
from motcua.counters.views.booking import day_of, halves, moment_of
from motcua.counters.views.common import crumbs
from motcua.lib.actor import Actor
from motcua.lib.barcodes import qr
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@require_GET
def day_list(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show who booked for a day, in order of time; above them those whose time is offered no more."""
    hall, actor, now = _hall(request, hall_id), _actor(request), timezone.now()
    today = timezone.localdate(now)
    day = _asked_day(request) or today
    rows = slots.bookings_on(hall, day)
    context = {
        "hall": hall, "rows": rows, "day": day, "today": today, "before": day - timedelta(days=1),
        "after": day + timedelta(days=1), "stranded": slots.stranded(hall, now),
        "count": sum(one.state != BookingState.CANCELLED for one in rows), "now": now,
        "came": sum(one.state == BookingState.CAME for one in rows),
        "books": permissions.may("book", actor, hall), "keeps": permissions.may("set_up", actor, hall),
        "crumbs": _crumbs(hall), "next": None if rows else slots.next_booked(hall, day),
    }  # fmt: skip
    return render(request, "counters/bookings/day.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Book for somebody who calls or stands at a counter: service, day, then a time as a button."""
    hall, actor, now = _hall(request, hall_id), _actor(request), timezone.now()
    permissions.require("book", actor, hall)
    services = slots.bookable_services(hall, timezone.localdate(now))
    asked = request.GET.get("service", "")
    service = next((one for one in services if str(one.pk) == asked), services[0] if services else None)
    known = slots.free_days(service, hall, now) if service else {}
    day = _asked_day(request)
    day = day if day in known else next(iter(known), None)
    form = CallerForm(request.POST or None)
    moment = moment_of(request.POST.get("time", ""))

    def act(data: dict[str, Any]) -> None:
        if moment is None or service is None:
            raise Refusal(_("Chọn một giờ trong danh sách."), code="no_time")
        made = bookings.book(
            service_id=service.pk, starts_at=moment, channel=data["channel"], priority=data["priority"], actor=actor,
            at=now, key=data["key"],
        )  # fmt: skip
        local = timezone.localtime(moment)
        said = {"spelt": " ".join(made.code), "time": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}
        text = _("Đã đặt. Đọc cho khách: mã %(spelt)s, %(time)s ngày %(day)s.")
        messages.success(request, text % said)

    if request.method == "POST" and attempt(form, act) and moment is not None:
        return redirect(f"{reverse('bookings', args=[hall.pk])}?day={timezone.localdate(moment)}")
    context = {
        "hall": hall, "services": services, "service": service, "days": list(known), "day": day, "form": form,
        "halves": halves(known[day]) if day in known else [], "crumbs": _crumbs(hall, _("Đặt cho khách")),
    }  # fmt: skip
    return render(request, "counters/bookings/new.html", context)


@require_POST
def cancel(request: HttpRequest, hall_id: int, booking_id: Any) -> HttpResponse:
    """Cancel a booking for its holder."""
    hall = _hall(request, hall_id)
    permissions.require("book", _actor(request), hall)

    def act(key: str) -> None:
        bookings.cancel(booking_id=booking_id, actor=_actor(request), at=timezone.now(), key=key)

    _do(request, act, _("Đã hủy lịch hẹn; giờ ấy đặt lại được."))
    return redirect(f"{reverse('bookings', args=[hall.pk])}?day={_posted_day(request)}")


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show and add the times that can be booked; list the days that are closed."""
    hall, actor, today = _hall(request, hall_id), _actor(request), timezone.localdate()
    permissions.require("assign", actor, hall)
    form = RuleForm(request.POST or None, services=slots.services_of(hall, today), today=today)

    def act(data: dict[str, Any]) -> None:
        slot_acts.add_rules(
            service_id=data["service"].pk, weekdays=data["weekdays"], from_time=data["from_time"],
            to_time=data["to_time"], minutes=data["minutes"], capacity=data["capacity"],
            valid_from=data["valid_from"], actor=actor, at=timezone.now(), key=data["key"],
        )  # fmt: skip

    if request.method == "POST":
        permissions.require("set_up", actor, hall)
        if attempt(form, act):
            messages.success(request, _("Đã thêm khung giờ."))
            return redirect("booking-rules", hall.pk)
    context = {
        "hall": hall, "rules": slots.rules_of(hall, today), "closed": slots.closed_days(hall, today), "form": form,
        "close_form": CloseDayForm(auto_id="close_%s"), "keeps": permissions.may("set_up", actor, hall),
        "crumbs": _crumbs(hall, _("Khung giờ đặt lịch")), "today": today,
    }  # fmt: skip
    return render(request, "counters/bookings/rules.html", context)


@require_POST
def end_rule(request: HttpRequest, hall_id: int, rule_id: int) -> HttpResponse:
    """Offer the times of a rule no more."""
    hall = _hall(request, hall_id)
    permissions.require("set_up", _actor(request), hall)

    def act(key: str) -> None:
        slot_acts.end_rule(
            rule_id=rule_id, hall_id=hall.pk, actor=_actor(request), at=timezone.now(), key=key
        )

    _do(request, act, _("Đã dừng khung giờ. Ai đã đặt trong khung này được liệt kê ở trang lịch hẹn."))
    return redirect("booking-rules", hall.pk)


@require_POST
def close_day(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Take no bookings on a day."""
    hall, actor = _hall(request, hall_id), _actor(request)
    permissions.require("assign", actor, hall)
    form = CloseDayForm(request.POST)

    def act(data: dict[str, Any]) -> None:
        slot_acts.shut(
            hall_id=hall.pk,
            day=data["day"],
            reason=data["reason"],
            actor=actor,
            at=timezone.now(),
            key=data["key"],
        )

    if attempt(form, act):
        messages.success(request, _("Đã đóng ngày này. Ai đã đặt được liệt kê ở trang lịch hẹn."))
    else:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("booking-rules", hall.pk)


@require_POST
def open_day(request: HttpRequest, hall_id: int, closed_id: int) -> HttpResponse:
    """Take bookings on a day again."""
    hall = _hall(request, hall_id)
    permissions.require("assign", _actor(request), hall)

    def act(key: str) -> None:
        slot_acts.reopen(
            closed_id=closed_id, hall_id=hall.pk, actor=_actor(request), at=timezone.now(), key=key
        )

    _do(request, act, _("Đã mở lại ngày này."))
    return redirect("booking-rules", hall.pk)


@require_http_methods(["GET", "POST"])
def the_entrance(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show the sign for the door, to be printed, and how phones take numbers here."""
    hall, actor, now = _hall(request, hall_id), _actor(request), timezone.now()
    form = EntranceForm(request.POST or None, initial={"how": hall.entrance})

    def act(data: dict[str, Any]) -> None:
        phones.set_entrance(hall_id=hall.pk, how=data["how"], actor=actor, at=now, key=data["key"])

    if request.method == "POST":
        permissions.require("set_up", actor, hall)
        if attempt(form, act):
            messages.success(request, _("Đã lưu."))
            return redirect("entrance", hall.pk)
    code = entrance.code_of(hall, now)
    context = {
        "hall": hall, "form": form, "code": code, "today": timezone.localdate(now),
        "qr": mark_safe(qr(entrance.address_of(hall, now)).svg) if code else "",  # noqa: S308  (drawn by us)
        "keeps": permissions.may("set_up", actor, hall), "crumbs": _crumbs(hall, _("Lấy số trên điện thoại")),
    }  # fmt: skip
    return render(request, "counters/bookings/entrance.html", context)


def _hall(request: HttpRequest, hall_id: int) -> Hall:
    """Return a hall of the actor's own agency; to others it is not there."""
    hall = slots.one_hall(hall_id)
    if not permissions.may("watch", _actor(request), hall):
        raise NotFound(_("Không tìm thấy sảnh này."))
    return hall


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _do(request: HttpRequest, act: Any, done: str) -> None:
    """Carry out a button of a list and say what came of it."""
    try:
        act(request.POST.get("key", "")[:64])
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)


def _asked_day(request: HttpRequest) -> date | None:
    """Return the day of the address: as our links write it, or as people type it."""
    text = request.GET.get("day", "").strip()
    parts = text.split("/")
    typed = "-".join(reversed([one.zfill(2) for one in parts])) if len(parts) == 3 else text
    return day_of(typed)


def _posted_day(request: HttpRequest) -> date:
    return day_of(request.POST.get("day", "")) or timezone.localdate()


def _crumbs(hall: Hall, *more: str) -> list[Crumb]:
    """Return the way back: the hall, its bookings, this page."""
    way = crumbs(hall, _("Lịch hẹn"))
    if more:
        way[-1] = Crumb(_("Lịch hẹn"), reverse("bookings", args=[hall.pk]))
    return [*way, *(Crumb(one) for one in more)]
