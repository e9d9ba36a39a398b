"""At the entrance: a number on the visitor's own phone, in two touches after the scan. And before leaving home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from motcua.counters import phone_words, slots, standing
from motcua.counters.models import Hall, Ticket
from motcua.counters.models.hall import Entrance
from motcua.counters.operations import knocks, phones
from motcua.counters.states import Priority
from motcua.counters.views.phone import held_by, remember
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import Refusal
from motcua.ui.keyed import KeyedForm
from motcua.ui.visitors import address_of


@require_GET
def ask(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Ask for the code on the sign, for who cannot scan it."""
    hall, typed = slots.one_hall(hall_id), request.GET.get("ma", "")[:12]
    if typed.strip():
        return redirect("phone-choose", hall_id, "".join(typed.split()).upper())
    return _asked(request, hall)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, hall_id: int, code: str) -> HttpResponse:
    """Show the services of the hall that this phone stands in; a touch on one draws the number."""
    at, address = timezone.now(), address_of(request)
    hall = slots.one_hall(hall_id)
    try:
        phones.open_entrance(hall_id=hall_id, typed=code[:12], address=address, at=at)
    except Refusal as refusal:
        return _asked(request, hall, problem=refusal.message, status=403)
    if request.method != "POST":
        return _chosen(request, hall)
    try:
        booked = request.POST.get("lich", "").strip()
        drawn = _arrive(request, hall, address) if booked else _take(request, hall, address)
    except Refusal as refusal:
        if refusal.code == "no_booking":
            knocks.knock("code", address=address, at=at)
        return _chosen(request, hall, problem=refusal.message, status=409)
    if drawn is None:
        return _chosen(request, hall, twice=_number(request, "service"))
    return remember(redirect("phone-ticket", drawn.token), request, drawn.token)


@require_GET
def hall_list(request: HttpRequest) -> HttpResponse:
    """List the halls, for who looks before leaving home."""
    rows, text = slots.halls(timezone.localdate()), request.GET.get("tim", "").strip()[:80]
    context = {"halls": slots.named(rows, text), "text": text, "many": len(rows) > slots.MANY}
    return render(request, "counters/phone/halls.html", context)


@require_GET
def hall(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show how long the waiting is in one hall now, service by service."""
    found, at = slots.one_hall(hall_id), timezone.now()
    rows = [(one, phone_words.waiting(one.wait)) for one in standing.outlook(found, at)]
    context = {
        "hall": found, "point": found.point, "rows": rows, "at": at, "rules": phone_words.rules(found),
        "bookable": bool(slots.bookable_services(found, timezone.localdate(at))),
        "phones": found.entrance != Entrance.OFF,
    }  # fmt: skip
    return render(request, "counters/phone/hall.html", context)


def _take(request: HttpRequest, hall: Hall, address: str) -> Ticket | None:
    """Draw a number; None when this phone has one of that service and did not say it is for somebody else."""
    at, held = timezone.now(), held_by(request)
    more = _number(request, "more")
    service = phones.offered(more or _number(request, "service"), hall)
    own = [one for one in standing.of_tokens(held, at) if one.hall_id == hall.pk]
    if not more and any(one.service_id == service.pk for one in own):
        return None
    return phones.take(
        service_id=service.pk, priority=request.POST.get("priority", "")[:12], held=held, address=address, actor=PUBLIC,
        at=at, key=request.POST.get("key", "")[:64],
    )  # fmt: skip


def _arrive(request: HttpRequest, hall: Hall, address: str) -> Ticket:
    return phones.arrive(
        hall_id=hall.pk,
        code=request.POST["lich"][:300],
        address=address,
        actor=PUBLIC,
        at=timezone.now(),
        key="",
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _asked(request: HttpRequest, hall: Hall, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "hall": hall,
        "place": hall.point.shop.name,
        "problem": problem,
        "off": hall.entrance == Entrance.OFF,
    }
    return render(request, "counters/phone/ask.html", context, status=status)


def _chosen(
    request: HttpRequest, hall: Hall, *, problem: str = "", twice: int = 0, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    rows = standing.outlook(hall, at)
    held = [one for one in standing.of_tokens(held_by(request), at) if one.hall_id == hall.pk]
    context = {
        "hall": hall, "place": hall.point.shop.name, "problem": problem, "held": held, "form": KeyedForm(),
        "rows": [(one, phone_words.waiting(one.wait)) for one in sorted(rows, key=lambda one: one.service.is_general)],
        "twice": next((one for one in held if one.service_id == twice), None), "priorities": Priority.choices[1:],
        "bookable": bool(slots.bookable_services(hall, timezone.localdate(at))),
        "priority": request.POST.get("priority", ""),
    }  # fmt: skip
    return render(request, "counters/phone/choose.html", context, status=status)
