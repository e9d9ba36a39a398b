"""The theme switch of the work surface, and the page that shows every component in every state."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.files.uploads import uploaded
from motcua.lib.refusal import Refusal
from motcua.ui import dates, responses, showcase
from motcua.ui import theme as theme_tokens
from motcua.ui.components import FileItem
from motcua.ui.context import THEME_COOKIE, THEMES

_YEAR = 365 * 24 * 3600


@require_GET
def theme_sheet(request: HttpRequest) -> HttpResponse:
    """The province's colours; empty where the standard ones hold."""
    text = theme_tokens.sheet(theme_tokens.parse(settings.THEME)) if settings.THEME else ""
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie that says nothing about the person, and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in the density of the host: work on the staff host, public elsewhere."""
    return render(request, "ui/showcase/work.html", showcase.context(errors="loi" in request.GET))


@require_GET
def components_public(request: HttpRequest) -> HttpResponse:
    """The same components in the public density."""
    return render(request, "ui/showcase/public.html", showcase.context(errors="loi" in request.GET))


@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """Answer the showcase's combobox: the shape every options endpoint has."""
    return JsonResponse({"options": showcase.options(request.GET.get("q", ""))})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Pretend to save one field: the shape every autosave endpoint has. Nothing is kept."""
    return JsonResponse({"saved": True, "at": dates.clock(timezone.now())})


@require_GET
def sample_pdf(request: HttpRequest) -> HttpResponse:
    """A one-page PDF for the print frame."""
    return responses.pdf(showcase.pdf(), "mau-in.pdf")


@require_POST
def clock(request: HttpRequest) -> HttpResponse:
    """Answer a partial swap: the time, as HTML. It is a POST to show that scripts carry the CSRF token."""
    return HttpResponse(dates.moment(timezone.now()))


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and forget it: the shape every upload endpoint has."""
    try:
        file = uploaded(request, "file")
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    if not file.size:
        return JsonResponse({"message": str(_("Tệp này rỗng. Xin chọn tệp khác."))}, status=400)
    item = FileItem(str(file.name), size=file.size, note=str(_("đã nhận, chưa kiểm tra")))
    return render(request, "ui/components/file_list.html", {"files": [item]})


upload.wants_actor = True  # type: ignore[attr-defined]  # files that came in pieces are somebody's


@require_GET
def home_model(request: HttpRequest) -> HttpResponse:
    """The public front page's parts: search, ways on, confirmation, results."""
    return render(request, "ui/showcase/home.html", showcase.context(errors=False))


@require_GET
def track_model(request: HttpRequest) -> HttpResponse:
    """The tracking page's shape in its own small sheet."""
    return render(request, "ui/showcase/track.html", showcase.tracking())
