"""The one page of a kiosk, which never leads elsewhere, and the pulse by which it knows the server."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.counters.models import Device
from motcua.counters.operations import helping
from motcua.counters.operations.devices import actor_of
from motcua.counters.queries import guide_counter
from motcua.procedures.queries import listing
from motcua.sites.kiosk.machine import at_kiosk, fitted
from motcua.sites.kiosk.views import taking
from motcua.sites.kiosk.views.lookup import AT_ONCE
from motcua.ui import workers

#: Where the kiosk's sentences are heard, without their name.
VOICE = "/am-thanh/ki-ot/"
#: So long nobody answered: the visitor is told where to go instead.
UNANSWERED = timedelta(minutes=2)
_WORKER = Path(__file__).resolve().parents[1] / "static" / "kiosk" / "worker.js"
_SHELL = ("ui/ui.css", "kiosk/kiosk.css", "kiosk/kiosk.js", "ui/mark.svg", "ui/icons.svg", "ui/training.css")


@require_GET
@at_kiosk
def page(request: HttpRequest, device: Device) -> HttpResponse:
    """Show the start, and carry everything that must be there while the server is away."""
    context = {
        "device": device,
        "hall": device.hall,
        "fitted": fitted(device),
        "version": settings.VERSION,
        "voice": VOICE if _speaks() else "",
    }
    return render(request, "kiosk/shell.html", context)


@require_GET
@at_kiosk
def pulse(request: HttpRequest, device: Device) -> HttpResponse:
    """Say that the server is there, and which version it is: an idle kiosk loads a new one by itself."""
    return JsonResponse({"version": settings.VERSION})


@require_GET
@at_kiosk
def person(request: HttpRequest, device: Device) -> HttpResponse:
    """Say where a person helps; the page rings for the guide as soon as it shows this, and may keep it for later."""
    context = {"fitted": fitted(device), "hall": device.hall}
    return render(request, "kiosk/person.html", context)


@require_POST
@at_kiosk
def ring(request: HttpRequest, device: Device) -> HttpResponse:
    """Ring for the guide, or with `thoi` end that: the visitor needs nobody any more."""
    now, actor = timezone.now(), actor_of(device)
    if "thoi" in request.POST:
        helping.stop(device_id=device.pk, actor=actor, at=now)
    else:
        helping.ring(device_id=device.pk, actor=actor, at=now, key=taking._key(request))
    return JsonResponse(_ringing(device))


@require_GET
@at_kiosk
def ringing(request: HttpRequest, device: Device) -> HttpResponse:
    """Say what became of the call: "" (there is none), "rung", "coming", or after two minutes "nobody" with a place."""
    return JsonResponse(_ringing(device))


def _ringing(device: Device) -> dict[str, str]:
    now = timezone.now()
    call = helping.standing(device, now)
    if call is None:
        return {"state": "", "place": ""}
    if call.answered_at is not None:
        return {"state": "coming", "place": ""}
    if call.asked_at > now - UNANSWERED:
        return {"state": "rung", "place": ""}
    counter = guide_counter(device.hall)
    place = _("Quầy số %(number)s") % {"number": counter} if counter else fitted(device)["guide"]
    return {"state": "nobody", "place": place or _("Bàn hướng dẫn trong sảnh")}


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Answer with the script that keeps the shell and the pages of procedures for when the server is away.

    What it keeps stands here and is the same for every kiosk: nothing that a visitor did adds to it.
    """
    today = timezone.localdate()
    parts = [reverse("kiosk-person"), reverse("kiosk-priority"), reverse("kiosk-lookup")]
    needs = listing.needs(today)
    ways = [("nhu-cau", len(needs)), ("linh-vuc", listing.sectors(today).count())]
    parts += [f"{reverse('kiosk-lookup')}?cach={way}" for way in ("go", "linh-vuc")]
    parts += [
        f"{reverse('kiosk-lookup')}?cach={way}&trang={page}"
        for way, count in ways
        for page in range(1, -(-count // AT_ONCE))
    ]
    parts += [reverse("kiosk-procedure", args=[code]) for code in dict.fromkeys(one.code for one in needs)]
    parts += [f"{reverse('kiosk-found')}?linh-vuc={one.pk}" for one in listing.sectors(today)]
    shell = [*(static(one) for one in _SHELL), *(["/ui/theme.css"] if settings.THEME else [])]
    return workers.worker(_WORKER, version=settings.VERSION, page=reverse("kiosk"), shell=shell, parts=parts)


def _speaks() -> bool:
    """Tell whether this installation has sentences to be heard."""
    try:
        resolve(f"{VOICE}start.wav", urlconf=settings.ROOT_URLCONF)
    except Resolver404:
        return False
    return True
