"""The screens of a hall. A device opens `/man-hinh/` once; what it shows then is what it was paired as.

Nobody logs in here: the cookie of a paired device is the right (`counters.machines`). A device that was revoked is led
back to its letters.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from motcua.counters import entrance
from motcua.counters.machines import device_of_request, keep_token, new_token, token_of
from motcua.counters.models import Device, DeviceKind
from motcua.counters.models.hall import Entrance
from motcua.counters.operations import device_links, devices, knocks
from motcua.counters.operations.knocks import TooMany
from motcua.lib import barcodes, stream_tokens
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import NotFound
from motcua.sites.boards import queries, words
from motcua.sites.boards.sizes import place_of
from motcua.ui.visitors import address_of

#: Where each kind of device is led once it is paired. A station asks by its own program.
ADDRESSES = {
    DeviceKind.HALL: "/man-hinh/sanh/",
    DeviceKind.COUNTER: "/man-hinh/quay/",
    DeviceKind.PROGRESS: "/man-hinh/tien-do/",
    DeviceKind.WAITING: "/man-hinh/cho/",
    DeviceKind.KIOSK: "/ki-ot/",
}
SCREENS = (DeviceKind.HALL, DeviceKind.COUNTER, DeviceKind.PROGRESS, DeviceKind.WAITING)


@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """Show the letters of a device that is not paired; lead a paired one to what it shows."""
    device = device_of_request(request, *ADDRESSES)
    if device is not None:
        return HttpResponseRedirect(ADDRESSES[DeviceKind(device.kind)])
    token = token_of(request)
    if not token or devices.is_spent(token):
        token = new_token()
    try:
        code, problem = devices.ask(token, timezone.now(), address=address_of(request)), ""
    except TooMany as refusal:
        code, problem = "", refusal.message
    context = {"code": code, "halves": [code[:3], code[3:]], "problem": problem}
    response = render(request, "boards/door.html", context, status=429 if problem else 200)
    keep_token(response, token)
    return response


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Answer the page of letters, every three seconds: the letters now, or where to go."""
    device = device_of_request(request, *ADDRESSES)
    if device is not None:
        return JsonResponse({"to": ADDRESSES[DeviceKind(device.kind)]})
    token = token_of(request)
    if not token or devices.is_spent(token):
        return JsonResponse({"to": reverse("boards-door")})
    try:
        return JsonResponse({"code": devices.ask(token, timezone.now(), address=address_of(request))})
    except TooMany as refusal:
        return JsonResponse({"message": refusal.message}, status=429)


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, text: str) -> HttpResponse:
    """Let the browser that opens a prepared device's address be that device, after one press.

    Only the press uses the address up: what looks at addresses beforehand (a chat, a scanner of mails) presses nothing.
    """
    at, address = timezone.now(), address_of(request)
    mine = device_of_request(request, *ADDRESSES)
    if mine is not None and text.partition("-")[0] == str(mine.pk):  # opened again, by the device itself
        return HttpResponseRedirect(ADDRESSES[DeviceKind(mine.kind)])
    try:
        knocks.require_room("code", address=address, at=at)
        if request.method == "GET":
            return render(request, "boards/link.html", {"device": device_links.find(text, at)})
        token = new_token()
        device = device_links.claim(text=text, token=token, actor=PUBLIC, at=at)
    except NotFound as refusal:
        knocks.knock("code", address=address, at=at)
        return render(request, "boards/link.html", {"problem": refusal.message}, status=404)
    except TooMany as refusal:
        return render(request, "boards/link.html", {"problem": refusal.message}, status=429)
    response = HttpResponseRedirect(ADDRESSES[DeviceKind(device.kind)])
    keep_token(response, token)
    return response


@require_GET
def hall(request: HttpRequest) -> HttpResponse:
    """Show the calls of a hall: the last one biggest, five before it, and what each counter does."""
    device = device_of_request(request, DeviceKind.HALL)
    if device is None:
        return HttpResponseRedirect(reverse("boards-door"))
    now = timezone.now()
    opens = queries.opens(device.hall, now)
    context = {"names": queries.names(device.hall), "opens": words.opening(opens, now)}
    return _show(request, device, "boards/hall.html", context)


@require_GET
def counter(request: HttpRequest) -> HttpResponse:
    """Show one counter's own number."""
    device = device_of_request(request, DeviceKind.COUNTER)
    if device is None:
        return HttpResponseRedirect(reverse("boards-door"))
    return _show(request, device, "boards/counter.html", {})


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show how many wait for each service, and how long somebody who comes now will wait."""
    device = device_of_request(request, DeviceKind.WAITING)
    if device is None:
        return HttpResponseRedirect(reverse("boards-door"))
    rows = queries.waits(device.hall, timezone.now())
    at_the_screen = device.hall.is_open and device.hall.entrance == Entrance.LIVE
    context = {
        "rows": rows,
        "total": sum(one.waiting for one in rows),
        "entrance": barcodes.qr(entrance.address_of(device.hall, timezone.now())).svg
        if at_the_screen
        else "",
    }
    return _show(request, device, "boards/waiting.html", context)


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Show the dossiers due today by their codes."""
    device = device_of_request(request, DeviceKind.PROGRESS)
    if device is None:
        return HttpResponseRedirect(reverse("boards-door"))
    now = timezone.now()
    due = queries.dossiers(device.hall, now)
    context = {
        "groups": words.groups(due.rows),
        "prefix": words.prefix([one.code for one in due.rows]),
        "title": words.title(due.day, now),
    }
    return _show(request, device, "boards/progress.html", context)


@require_GET
def stream_token(request: HttpRequest) -> HttpResponse:
    """Return the address at which a screen listens, good for one connection within a minute; 410 for no screen."""
    device = device_of_request(request, *SCREENS)
    if device is None:
        return JsonResponse({"to": reverse("boards-door")}, status=410)
    claims = {"hall": device.hall_id, "device": device.pk, "nonce": secrets.token_urlsafe(12)}
    token = stream_tokens.make(claims, key=settings.LIVE_KEY)
    return JsonResponse({"url": f"{settings.LIVE_URL}/events?token={token}", "stamp": stamp(device)})


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Return a hall's state for a screen that cannot listen: the same data, with an ETag over what is shown."""
    device = device_of_request(request, *SCREENS)
    if device is None:
        return JsonResponse({"to": reverse("boards-door")}, status=410)
    after = request.GET.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else -1
    found = queries.state(device.hall, number)
    shown = json.dumps({**found, "now": ""}, sort_keys=True)
    tag = f'"{hashlib.sha256(shown.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = JsonResponse({**found, "now": timezone.now().isoformat()})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def stamp(device: Device) -> str:
    """Return what changes when an open page has to be loaded anew: the program, or what the device was set to."""
    about = [settings.VERSION, device.kind, device.counter_id, device.hall_id, device.settings]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:12]


def _show(request: HttpRequest, device: Device, template: str, more: Mapping[str, object]) -> HttpResponse:
    context = {
        "device": device,
        "hall": device.hall,
        "place": place_of(device.settings),
        "stamp": stamp(device),
        **more,
    }
    return render(request, template, context)
