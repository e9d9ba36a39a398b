"""The public look-up: scan the slip, or type code and secret. No log-in, no cookie, no JavaScript needed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from motcua.dossiers import tracking, who_read
from motcua.ui import hot
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
        text = _("Đã thử sai quá nhiều lần. Đợi một giờ rồi thử lại, hoặc gọi Bộ phận Một cửa để hỏi.")
        return _page(request, code=code, problem=text, status=429)
    if found is None:
        text = _("Không tìm thấy. Kiểm tra lại mã hồ sơ và mã tra cứu in trên giấy tiếp nhận.")
        return _page(request, code=code, problem=text, status=404)
    mine = who_read.pass_of(found, code=code, secret=secret, token=token)
    return _page(request, dossier=found, token=token, code=code, secret=secret, now=now, readers=mine)


def _page(request: HttpRequest, *, status: int = 200, **values: object) -> HttpResponse:
    context = {
        "dossier": None,
        "problem": "",
        "token": "",
        "code": "",
        "secret": "",
        "now": None,
        "readers": "",
        **values,
    }
    response = HttpResponse(hot.page("tracking.html").render(context), status=status)
    return response if context["dossier"] else scans(response)


@csrf_exempt  # as above: what proves the right is in the form
def readers(request: HttpRequest) -> HttpResponse:
    """Tell whoever holds the slip who opened the dossier and why; asked from the dossier's own page."""
    found = who_read.by_pass(request.POST.get("pass", "")[:500]) if request.method == "POST" else None
    if found is None:
        return redirect("track")
    code, read = found
    context = {"code": code, "read": read, "most": who_read.MOST}
    return render(request, "dossiers/readers.html", context)


track.plain = True  # type: ignore[attr-defined]  # one SQL call: it needs no transaction around it
