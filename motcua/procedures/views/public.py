"""Public pages of the catalogue: search, one procedure, its older versions. No log-in, no script needed."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies.queries import agency_by_code, is_code
from motcua.agencies.whereabouts import points_of
from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import render_sheet
from motcua.lib.refusal import NotFound
from motcua.procedures import done_elsewhere, english
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.queries import catalogue, listing
from motcua.procedures.queries.search import search
from motcua.procedures.views import present, sheets

_PAGE = 20


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Find a procedure: by words, by need, by sector. A full code goes straight to its page."""
    typed = request.GET.get("q", "").strip()
    sector = _number(request.GET.get("linh-vuc", ""))
    today = timezone.localdate()
    context: dict[str, Any] = {"typed": typed, "sector": None, "found": [], "asked": bool(typed or sector)}
    if typed or sector:
        after = request.GET.get("sau", "")
        found = search(typed, on=today, sector=sector, after=after, limit=_PAGE + 1)
        meant = english.vietnamese_for(typed) if not found or found[0].only_alike else ""
        if meant:
            found = search(meant, on=today, sector=sector, after=after, limit=_PAGE + 1)
        if len(found) == 1 and found[0].code == typed:
            return HttpResponseRedirect(reverse("procedure_page", args=[typed]))
        context |= {"found": found[:_PAGE], "sector": listing.sector(sector), "later": bool(after)}
        context |= {
            "meant": meant, "alike": bool(typed and found and found[0].only_alike),
            "elsewhere": done_elsewhere.found(typed), "elsewhere_seen": done_elsewhere.SEEN,
        }  # fmt: skip
        if context["sector"]:
            context["crumbs"] = [(_("Tìm thủ tục"), reverse("procedures")), (context["sector"].name, "")]
        if len(found) > _PAGE:
            context["more"] = "?" + urlencode(
                {"q": typed, "linh-vuc": sector or "", "sau": found[_PAGE - 1].after}
            )
    else:
        context |= {"needs": listing.needs(today), "sectors": listing.sectors(today)}
    return render(request, "procedures/index.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a procedure as it holds today; repealed or not yet in force, the page stays and says so."""
    procedure = catalogue.page(code)
    today = timezone.localdate()
    versions = _versions(procedure)
    version = next((one for one in versions if catalogue.holds_on(one, today)), None)
    return _show(request, procedure, version or versions[0], current=version)


@require_GET
def old_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one version of a procedure, with the decision it came or went with."""
    procedure = catalogue.page(code)
    today = timezone.localdate()
    versions = _versions(procedure)
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise NotFound(_("Không tìm thấy phiên bản này."))
    current = next((one for one in versions if catalogue.holds_on(one, today)), None)
    return _show(request, procedure, version, current=current)


@require_GET
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Return the guidance sheet of a procedure as it holds today, to print; `tai` names the agency it is taken to."""
    procedure = catalogue.page(code)
    today = timezone.localdate()
    version = next((one for one in _versions(procedure) if catalogue.holds_on(one, today)), None)
    if version is None:
        raise NotFound(
            _("Thủ tục này hiện không nhận hồ sơ nên không có tờ hướng dẫn. Xem lý do ở trang của thủ tục.")
        )
    at = request.GET.get("tai", "").strip()
    points = points_of(agency_by_code(at).pk, today) if is_code(at) else []
    made = sheets.guidance(procedure, catalogue.with_rows(version), points=points, at=timezone.now())
    return pdf(render_sheet(made), f"to-huong-dan-{procedure.code}.pdf")


def _versions(procedure: Procedure) -> list[ProcedureVersion]:
    versions: list[ProcedureVersion] = procedure.public_versions  # type: ignore[attr-defined]
    return versions


def _show(
    request: HttpRequest, procedure: Procedure, version: ProcedureVersion, *, current: ProcedureVersion | None
) -> HttpResponse:
    others = [one for one in _versions(procedure) if one.pk != version.pk]
    context = present.page(
        procedure, catalogue.with_rows(version), today=timezone.localdate(), current=current, others=others
    )
    context["crumbs"] = [(_("Tìm thủ tục"), reverse("procedures")), (procedure.code or "", "")]
    return render(request, "procedures/page.html", context)
