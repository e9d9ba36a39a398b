"""The public look-up: scan the slip, or type code and secret. No log-in, no cookie, no JavaScript needed."""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from motcua.dossiers import slips, tracking, who_read
from motcua.ui import hot
from motcua.ui.dates import clock
from motcua.ui.responses import scans
from motcua.ui.visitors import address_of


# A look-up changes nothing and carries no cookie, so there is nothing a forged request could do.
@csrf_exempt
def track(request: HttpRequest) -> HttpResponse:
    """Show the form, or the dossier that was asked for."""
    if request.method != "POST":
        return _page(request, code=request.GET.get("code", "")[:60])
    code, secret = request.POST.get("code", "")[:60], request.POST.get("secret", "")[:20]
    token = request.POST.get("token", "")
    now, address = timezone.now(), address_of(request)
    try:
        found = (
            tracking.by_token(token, address=address, now=now)
            if token
            else tracking.by_code(code, secret, address=address, now=now)
        )
    except tracking.TooManyTries:
        return _locked(request, code, now)
    if found is None:
        text = _("Không tìm thấy. Kiểm tra lại mã hồ sơ và mã tra cứu in trên giấy tiếp nhận.")
        return _page(request, code=code, problem=text, status=404)
    slip = slips.sealed(slips.of_token(token) if token else slips.of_code(code, secret))
    return _page(request, dossier=found, code=code, now=now, slip=slip)


def _locked(request: HttpRequest, code: str, now: datetime) -> HttpResponse:
    """Say until when typing is shut, whoever typed wrongly before, and the ways that stay open."""
    opens = now.replace(minute=0, second=0, microsecond=0) + timedelta(
        hours=1
    )  # tries are counted by the hour
    text = _(
        "Mã này, hoặc mạng đang dùng, đã bị nhập sai nhiều lần (có thể do người khác), nên tạm khóa nhập mã đến"
        " %(when)s. Quét mã QR trên giấy tiếp nhận vẫn xem được ngay."
    ) % {"when": clock(opens)}
    response = _page(request, code=code, problem=text, locked=True, status=429)
    response["Retry-After"] = str(math.ceil((opens - now).total_seconds()))
    return response


def _page(request: HttpRequest, *, status: int = 200, **values: object) -> HttpResponse:
    context = {
        "dossier": None,
        "problem": "",
        "code": "",
        "now": None,
        "slip": "",
        "locked": False,
        "sign_in": settings.OIDC is not None or settings.CITIZEN_PASSWORDS,
        **values,
    }
    response = HttpResponse(hot.page("tracking.html").render(context), status=status)
    return response if context["dossier"] else scans(response)


@csrf_exempt  # as above: what proves the right is in the form
def readers(request: HttpRequest) -> HttpResponse:
    """Tell whoever holds the slip who opened the dossier and why; asked from the dossier's own page."""
    slip = slips.opened(request.POST.get("slip", ""))
    try:
        found = slip and tracking.by_slip(slip, address=address_of(request), now=timezone.now())
    except tracking.TooManyTries:
        found = None
    if not slip or not found:
        return redirect("track")
    context = {"code": found.code, "read": who_read.of_slip(slip), "most": who_read.MOST}
    return render(request, "dossiers/readers.html", context)


track.plain = True  # type: ignore[attr-defined]  # one SQL call: it needs no transaction around it
