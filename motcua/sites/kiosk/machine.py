"""Which kiosk asks, how it is fitted, and how every view of it answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from motcua.counters.machines import device_of_request
from motcua.counters.models import Device, DeviceKind
from motcua.lib.refusal import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Device, P], HttpResponseBase]

#: Where a device that is not paired shows its letters.
PAIRING = "/man-hinh/"
#: The header of the page's own requests, with the visitor's language. No form of another site can send it.
HEADER = "X-Kiosk"
_LEAST, _MOST = 50, 300


def at_kiosk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Run a view for a paired kiosk; send everybody else to the page where devices are paired.

    A refusal is a view of its own with the words, so that the page has something to show. Nothing may be kept by the
    browser. There is no CSRF token, which would be a cookie: the device's own cookie does not travel from other sites
    (SameSite=Lax), and what writes asks for a header that only our own script can set.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        device = device_of_request(request, DeviceKind.KIOSK)
        if device is None:
            return HttpResponseRedirect(PAIRING)
        if request.method == "POST" and HEADER not in request.headers:
            return HttpResponseBadRequest()
        with translation.override("en" if request.headers.get(HEADER) == "en" else "vi"):
            try:
                answer = view(request, device, *args, **kwargs)
            except Refusal as refused:
                answer = render(
                    request, "kiosk/refused.html", {"text": refused.message, "code": refused.code}
                )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return csrf_exempt(asked)  # type: ignore[return-value]  # `wraps` tells the inner names


def fitted(device: Device) -> dict[str, Any]:
    """Return how a kiosk is set up, with what is missing or nonsense taken as usual.

    `scale`: percent by which millimetres of the sheet are drawn larger, so that they are millimetres on its screen (its
    dots an inch against 96); `printer`: "browser" or "station"; `low`: what is touched stands in the lower half;
    `guide`: where the guiding officer sits.
    """
    said = device.settings if isinstance(device.settings, dict) else {}
    scale = said.get("scale", 100)
    fine = isinstance(scale, int | float) and not isinstance(scale, bool) and _LEAST <= scale <= _MOST
    return {
        "scale": scale if fine else 100,
        "printer": "station" if said.get("printer") == "station" else "browser",
        "low": said.get("low") is True,
        "guide": str(said.get("guide", ""))[:200],
    }


def refused(request: HttpRequest, text: str) -> HttpResponse:
    """Return the view that says why not."""
    return render(request, "kiosk/refused.html", {"text": text, "code": ""})
