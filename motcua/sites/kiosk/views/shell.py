"""The one page of a kiosk, which never leads elsewhere, and the pulse by which it knows the server."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_GET

from motcua.counters.models import Device
from motcua.sites.kiosk import choices
from motcua.sites.kiosk.machine import at_kiosk, fitted

#: Where the kiosk's sentences are heard, without their name.
VOICE = "/am-thanh/ki-ot/"


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
    """Say where a person helps."""
    context = {"fitted": fitted(device), "hall": device.hall, "rule": choices.rule(device.hall)}
    return render(request, "kiosk/person.html", context)


def _speaks() -> bool:
    """Tell whether this installation has sentences to be heard."""
    try:
        resolve(f"{VOICE}start.wav", urlconf=settings.ROOT_URLCONF)
    except Resolver404:
        return False
    return True
