"""For the wall: the posted list of an agency, cards with QR codes, and where the same list stands as a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import queries as agencies
from motcua.agencies import whereabouts
from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import render_sheet
from motcua.lib.refusal import NotFound
from motcua.procedures.queries import posting
from motcua.procedures.views import sheets
from motcua.ui.components import Crumb


@require_GET
def wall(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Show what can be printed for the wall of an agency, by sector; every officer may."""
    agency, today = agencies.agency(agency_id), timezone.localdate()
    sectors = posting.counts(agency_id, today)
    code = whereabouts.codes_of([agency_id], today).get(agency_id, "")
    here = reverse("agencies_agency", args=[agency_id])
    context = {
        "agency": agency,
        "sectors": [
            (number, name or _("Lĩnh vực khác"), count) for number, (name, count) in enumerate(sectors)
        ],
        "total": sum(count for _name, count in sectors),
        "address": sheets.posted_url(code) if code else "",
        "crumbs": [
            Crumb(_("Cây cơ quan"), reverse("agencies_tree")),
            Crumb(agency.short_name, here),
            Crumb(_("Niêm yết")),
        ],
    }
    return render(request, "desk/wall.html", context)


@require_GET
def poster(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Return the posted list as PDF, of the chosen sectors or of all."""
    agency, code, sectors = _chosen(request, agency_id)
    points = whereabouts.points_of(agency_id, timezone.localdate())
    made = sheets.poster(agency.name, code, sectors, points=points, at=timezone.now())
    return pdf(render_sheet(made), f"niem-yet-{code}.pdf")


@require_GET
def labels(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Return cards with a QR code for each procedure, of the chosen sectors or of all."""
    agency, code, sectors = _chosen(request, agency_id)
    return pdf(
        render_sheet(sheets.labels(agency.short_name, sectors, at=timezone.now())), f"the-qr-{code}.pdf"
    )


def _chosen(request: HttpRequest, agency_id: int) -> tuple[Any, str, list[tuple[str, list[posting.Posted]]]]:
    agency, today = agencies.agency(agency_id), timezone.localdate()
    code = whereabouts.codes_of([agency_id], today).get(agency_id, "")
    if not code:
        raise NotFound(_("Cơ quan chưa có mã định danh nên chưa có địa chỉ để in mã QR. Hãy cấp mã trước."))
    sectors = posting.posted(agency_id, today)
    wanted = {text for text in request.GET.getlist("sector") if text.isascii() and text.isdigit()}
    kept = [one for number, one in enumerate(sectors) if not wanted or str(number) in wanted]
    if not kept:
        raise NotFound(_("Cơ quan này chưa nhận thủ tục nào nên chưa có gì để in."))
    return agency, code, kept
