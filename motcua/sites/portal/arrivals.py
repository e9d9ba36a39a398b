"""What carriers tell us: addresses that Zalo and providers of text messages call when a message arrived or did not.

Whoever calls proves it (a signature, a secret); strangers are counted by address. A report about a message that is not
known is answered like any other: nobody learns what there is, and a provider does not call again for ever.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.notifications.operations import arriving
from motcua.clients import delivery
from motcua.counters.operations.knocks import TooMany, knock
from motcua.ui.visitors import address_of

_DONE = 200


@csrf_exempt
@require_POST
def zalo(request: HttpRequest) -> HttpResponse:
    """Take an event of the official account; of the many there are, one says that a message arrived."""
    client = settings.PROVIDERS.zalo
    if client is None or not client.oa_secret:
        return _stranger(request, 404)
    body = _body(request)
    if body is None:
        return _said(413)
    signature = request.headers.get("X-ZEvent-Signature", "")[:200]
    if not delivery.zalo_signed(body, signature, app_id=client.app_id, secret=client.oa_secret):
        return _stranger(request)
    report = delivery.zalo_report(body)
    if report is not None:
        arriving.reported(channel="zalo", provider="zalo", report=report, at=timezone.now())
    return _said(_DONE)


@csrf_exempt
@require_http_methods(["GET", "POST"])  # some providers know GET alone; the secret guards it as well
def sms(request: HttpRequest, name: str) -> HttpResponse:
    """Take reports of a provider of text messages: fields of the address, of a form, or JSON, one or a list."""
    known = next((one.reports for one in settings.PROVIDERS.sms if one.name == name), None)
    if known is None:
        return _stranger(request, 404)
    body = _body(request)
    if body is None:
        return _said(413)
    given = request.headers.get(known.header, "") if known.header else request.GET.get("khoa", "")
    if not known.proved(given[:500]):
        return _stranger(request)
    for report in known.read(_calls(request, body)):
        arriving.reported(channel="sms", provider=name, report=report, at=timezone.now())
    return _said(_DONE)


def _body(request: HttpRequest) -> bytes | None:
    """Return what was sent; None where it is more than reports are."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return None
    return request.body if length <= delivery.MOST_BYTES else None


def _calls(request: HttpRequest, body: bytes) -> list[Mapping[str, Any]]:
    """Return the reports of one call as tables of fields."""
    if request.method == "GET":
        return [request.GET.dict()]
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return [request.POST.dict()]
    found = delivery.json_of(body)
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def _stranger(request: HttpRequest, status: int = 403) -> HttpResponse:
    try:
        knock("report", address=address_of(request), at=timezone.now())
    except TooMany:
        return _said(429)
    return _said(status)


def _said(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
