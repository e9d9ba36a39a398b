"""Looking procedures up: by words, by need, by sector; what to bring, how long, how much; to take home."""

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from motcua.counters.models import Device
from motcua.lib import barcodes
from motcua.lib.refusal import NotFound
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.queries import catalogue, listing
from motcua.procedures.queries.search import search
from motcua.procedures.views import present, sheets
from motcua.sites.kiosk import choices
from motcua.sites.kiosk.keyboards import LETTERS
from motcua.sites.kiosk.machine import at_kiosk
from motcua.sites.kiosk.views.taking import _number

#: So many stand on one view.
AT_ONCE = 5


@require_GET
@at_kiosk
def lookup(request: HttpRequest, device: Device) -> HttpResponse:
    """Show one page of what people need, or of sectors; or the keyboard to search."""
    way, page = request.GET.get("cach", "nhu-cau"), _number(request.GET.get("trang", ""))
    today = timezone.localdate()
    context: dict[str, object] = {"way": way, "keys": LETTERS}
    if way == "go":
        return render(request, "kiosk/search.html", context)
    if way == "linh-vuc":
        rows = [(one.name, f"/ki-ot/tim/?linh-vuc={one.pk}", one.count) for one in listing.sectors(today)]  # type: ignore[attr-defined]
    else:
        context["way"] = "nhu-cau"
        rows = [(str(one.words), f"/ki-ot/thu-tuc/{one.code}/", 0) for one in listing.needs(today)]
    context |= {"rows": rows[page * AT_ONCE : (page + 1) * AT_ONCE]}
    context["more"] = page + 1 if len(rows) > (page + 1) * AT_ONCE else None
    return render(request, "kiosk/lookup.html", context)


@require_GET
@at_kiosk
def found(request: HttpRequest, device: Device) -> HttpResponse:
    """Show what a search found, or what a sector holds: what is in force today."""
    typed, sector = request.GET.get("q", "").strip()[:80], _number(request.GET.get("linh-vuc", ""))
    after = request.GET.get("sau", "")
    hits = []
    if typed or sector:
        hits = search(
            typed,
            on=timezone.localdate(),
            sector=sector or None,
            current_only=True,
            after=after,
            limit=AT_ONCE + 1,
        )
    context = {
        "typed": typed,
        "sector": listing.sector(sector),
        "hits": hits[:AT_ONCE],
        "after": hits[AT_ONCE - 1].after if len(hits) > AT_ONCE else "",
        "later": bool(after),
        "inside": "trong" in request.GET,  # below the keyboard
    }
    return render(request, "kiosk/found.html", context)


@require_GET
@at_kiosk
def procedure(request: HttpRequest, device: Device, code: str) -> HttpResponse:
    """Show a procedure: papers, time, money; a number for it, the paper, the phone."""
    one, version = _held(code)
    shown = present.page(one, version, today=timezone.localdate(), current=version)
    service = choices.service_for(device.hall, one.sector_id, timezone.now())
    context = {**shown, "service": service, "qr": barcodes.qr(sheets.page_url(one.code or "")).svg}
    return render(request, "kiosk/procedure.html", context)


@require_GET
@at_kiosk
def paper(request: HttpRequest, device: Device, code: str) -> HttpResponse:
    """Draw what to bring for 80 mm paper. Papers are Vietnamese whatever language the page is in."""
    with override("vi"):
        one, version = _held(code)
        shown = present.page(one, version, today=timezone.localdate(), current=version)
        url = sheets.page_url(one.code or "")
        answer = render(
            request, "kiosk/paper_procedure.html", {**shown, "qr": barcodes.qr(url).svg, "at": timezone.now()}
        )
    answer._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return answer


def _held(code: str) -> tuple[Procedure, ProcedureVersion]:
    """Return a procedure with the version in force today; refuses one that takes no dossiers now."""
    one, today = catalogue.page(code), timezone.localdate()
    versions: list[ProcedureVersion] = one.public_versions  # type: ignore[attr-defined]
    version = next((version for version in versions if catalogue.holds_on(version, today)), None)
    if version is None:
        raise NotFound(_("Thủ tục này hiện không nhận hồ sơ. Hỏi người hướng dẫn."))
    return one, catalogue.with_rows(version)
