"""Taking a number: which service, who has priority, the ticket and its paper, a booking checked in."""

from uuid import UUID

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.counters.estimates import Range
from motcua.counters.models import Device, Ticket
from motcua.counters.operations import bookings, devices, tickets
from motcua.counters.rule_words import order_sentence
from motcua.counters.states import Channel, Priority, State
from motcua.lib.refusal import Refusal
from motcua.sites.kiosk import choices, printing
from motcua.sites.kiosk.machine import at_kiosk


@require_GET
@at_kiosk
def services(request: HttpRequest, device: Device) -> HttpResponse:
    """Offer the services of today with how many wait and how long it takes."""
    priority = request.GET.get("dien", "")
    chosen = priority if priority in Priority.values else ""
    offers = choices.offers(device.hall, timezone.now(), priority=bool(chosen))
    page, general, other = choices.shown(offers, _number(request.GET.get("trang", "")))
    context = {
        "offers": page,
        "general": general,
        "other": other,
        "priority": chosen,
        "priority_words": Priority(chosen).label if chosen else "",
        "is_open": device.hall.is_open,
    }
    return render(request, "kiosk/services.html", context)


@require_GET
@at_kiosk
def priority(request: HttpRequest, device: Device) -> HttpResponse:
    """Ask for the class of priority: only of who says that they have one."""
    return render(
        request, "kiosk/priority.html", {"classes": choices.classes(), "rule": order_sentence(device.hall)}
    )


@require_POST
@at_kiosk
def take(request: HttpRequest, device: Device) -> HttpResponse:
    """Draw a number and have it printed. The same key draws none anew: a lost answer is asked for again."""
    now = timezone.now()
    ticket = tickets.issue(
        service_id=_number(request.POST.get("service", "")), channel=Channel.KIOSK,
        priority=request.POST.get("dien", ""), device_id=device.pk, actor=devices.actor_of(device), at=now,
        key=_key(request),
    )  # fmt: skip
    return drawn(request, device, ticket)


def check_in(request: HttpRequest, device: Device, code: str) -> HttpResponse:
    """Turn a booking into a number and have it printed."""
    ticket = bookings.check_in(
        code=code, hall_id=device.hall_id, device_id=device.pk, actor=devices.actor_of(device), at=timezone.now(),
        key=_key(request),
    )  # fmt: skip
    return drawn(request, device, ticket)


def drawn(request: HttpRequest, device: Device, ticket: Ticket) -> HttpResponse:
    """Show a number that was drawn; who has printed it before sees it without another paper."""
    now = timezone.now()
    waits = ticket.state == State.PENDING and ticket.device_id == device.pk
    context = {
        "ticket": ticket,
        "printer": printing.tickets_print(device, ticket, at=now) if waits else "",
        "zone": choices.zone(ticket.service),
        "wait": _told(ticket),
        "qr": printing.phone_qr(ticket),
        "rule": order_sentence(device.hall),
    }
    return render(request, "kiosk/ticket.html", context)


@require_GET
@at_kiosk
def paper(request: HttpRequest, device: Device, ticket_id: UUID) -> HttpResponse:
    """Draw the ticket for 80 mm paper: its number at least 18 mm high, where, how long, the QR; no name."""
    ticket = printing.ticket_of(device, ticket_id, timezone.now())
    context = {
        "ticket": ticket,
        "zone": choices.zone(ticket.service),
        "wait": _told(ticket),
        "qr": printing.phone_qr(ticket),
        "rule": order_sentence(device.hall),
    }
    answer = render(request, "kiosk/paper_ticket.html", context)
    answer._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return answer


@require_GET
@at_kiosk
def state(request: HttpRequest, device: Device, ticket_id: UUID) -> HttpResponse:
    """Say whether somebody is known to hold the number: a station printed it, or a phone opened its page; and whether
    a station could not print it.
    """
    now = timezone.now()
    ticket = printing.ticket_of(device, ticket_id, now)
    is_held = ticket.real_at is not None and ticket.state != State.VOID
    return JsonResponse({"held": is_held, "print": "" if is_held else printing.went_wrong(ticket, now)})


@require_POST
@at_kiosk
def print_again(request: HttpRequest, device: Device, ticket_id: UUID) -> HttpResponse:
    """Have a number printed once more, by the station where there is one; say by whom."""
    now = timezone.now()
    ticket = printing.ticket_of(device, ticket_id, now)
    return JsonResponse({"printer": printing.tickets_print(device, ticket, attempt=_key(request), at=now)})


@require_POST
@at_kiosk
def held(request: HttpRequest, device: Device, ticket_id: UUID) -> HttpResponse:
    """Hear that the paper came out: from now on the number waits."""
    now = timezone.now()
    ticket = printing.ticket_of(device, ticket_id, now)
    tickets.confirm(ticket_id=ticket.pk, actor=devices.actor_of(device), at=now, key=_key(request))
    return JsonResponse({"held": True})


@require_POST
@at_kiosk
def give_up(request: HttpRequest, device: Device, ticket_id: UUID) -> HttpResponse:
    """Hear that no paper came out and the visitor goes: the number is void, if nobody holds it by phone."""
    now = timezone.now()
    ticket = printing.ticket_of(device, ticket_id, now)
    try:
        tickets.void(
            ticket_id=ticket.pk, reason=_("Máy lấy số: phiếu không ra"), actor=devices.actor_of(device), at=now,
            key=_key(request),
        )  # fmt: skip
    except Refusal:  # somebody holds it by now, or it was given up before
        return JsonResponse({"void": False})
    return JsonResponse({"void": True})


def _told(ticket: Ticket) -> str:
    """Say the range that was told when the number was drawn."""
    if ticket.booked_for is not None:
        return _("hẹn %(at)s") % {"at": f"{timezone.localtime(ticket.booked_for):%H:%M}"}
    if ticket.told_low is None or ticket.told_high is None:
        return choices.wait_words(None)
    return choices.wait_words(Range(ticket.told_low, ticket.told_high))


def _key(request: HttpRequest) -> str:
    """Return the key of a request; one without any is refused, as it could not be sent again safely."""
    key = request.POST.get("key", "")
    if not 16 <= len(key) <= 64 or not key.isalnum():
        raise Refusal(_("Máy gửi thiếu mã yêu cầu. Chạm Về đầu rồi làm lại."), code="no_key")
    return key


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
