"""Which paired device asks: the cookie that a kiosk or a screen got when it first opened its link."""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from motcua.counters.models import Device
from motcua.counters.operations import devices

COOKIE = "mc_device"
_DAYS = 400  # the longest that browsers keep a cookie; each visit of the link begins them anew
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_of(request: HttpRequest) -> str:
    """Return the token that a device holds, "" for a browser that has none, or something that is none."""
    text = request.COOKIES.get(COOKIE, "")
    return text if _TOKEN.fullmatch(text) else ""


def device_of_request(request: HttpRequest, *kinds: str) -> Device | None:
    """Return the paired device that asks, if it is one of `kinds` (none named: any); None otherwise.

    A revoked device is None from its next request on. That it lives is kept, once a minute at most.
    """
    token = token_of(request)
    device = devices.device_of(token) if token else None
    if device is None or (kinds and device.kind not in kinds):
        return None
    devices.seen(device, timezone.now())
    return device


def new_token() -> str:
    """Return 32 random bytes in letters that a cookie may hold."""
    return secrets.token_urlsafe(32)


def keep_token(response: HttpResponse, token: str) -> None:
    """Let the browser keep its token, out of reach of scripts."""
    response.set_cookie(
        COOKIE, token, max_age=_DAYS * 86_400, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
