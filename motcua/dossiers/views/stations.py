"""The scanner and the label printer at the officer's counter, from the intake page and from a dossier.

`station.js` starts a job (POST, answers where to ask how it goes and where to take the pages), asks until it is over,
and takes the pages. Without a station these routes refuse; the label then comes as a PDF from the browser.
"""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.printing import thermal
from motcua.base.printing.responses import pdf
from motcua.counters import printing, station_queries
from motcua.counters.models import Device, StationJob
from motcua.counters.operations import stations
from motcua.counters.station_queries import ScanChoices
from motcua.dossiers import draft_queries, queries, reading
from motcua.dossiers.intake_reading import PAPER_KEY
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import counter_scans
from motcua.dossiers.operations.counter_scans import DOSSIER, DRAFT
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotFound, Refusal


@require_POST
def intake_scan(request: HttpRequest, draft_id: UUID, row: str) -> HttpResponse:
    """Ask the scanner at the counter for what lies in its feeder, for one line of the draft."""
    actor = actor_of(request)
    if not PAPER_KEY.fullmatch(row):
        raise NotFound(_("Không có giấy tờ này."))
    draft = draft_queries.get(actor, draft_id)
    return _start_scan(request, DRAFT, str(draft.pk), row, reverse("intake-scan", args=[draft.pk, row]))


@require_POST
def intake_scan_take(request: HttpRequest, draft_id: UUID, row: str, job_id: UUID) -> HttpResponse:
    """Take the scanned pages in; answer the line's files as HTML, or why not."""
    actor = actor_of(request)
    draft = draft_queries.get(actor, draft_id)
    try:
        kept = counter_scans.into_draft(
            draft_id=draft.pk, row=row, job_id=job_id, actor=actor, at=timezone.now()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return render(request, "dossiers/intake_files.html", {"draft": draft, "files": kept, "row_key": row})


@require_POST
def dossier_scan(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the scanner at the counter for a paper of the dossier (`?paper=`), or for a file beside its papers."""
    actor = actor_of(request)
    sheet = reading.sheet_for(actor, code, now=timezone.now())
    paper = request.GET.get("paper", "")
    if paper and paper not in {str(one.row.pk) for one in sheet.documents}:
        raise NotFound(_("Không có giấy tờ này."))
    if not sheet.may_attach:
        return JsonResponse({"message": _("Hồ sơ này lúc này không nhận thêm tệp của bạn.")}, status=422)
    start = reverse("dossier-scan", args=[sheet.dossier.code])
    return _start_scan(request, DOSSIER, str(sheet.dossier.pk), paper, start)


@require_POST
def dossier_scan_take(request: HttpRequest, code: str, job_id: UUID) -> HttpResponse:
    """Hang the scanned pages where they were asked for; answer the list of papers as HTML, or why not."""
    actor, now = actor_of(request), timezone.now()
    sheet = reading.sheet_for(actor, code, now=now)
    try:
        counter_scans.into_dossier(
            dossier_id=sheet.dossier.pk, paper=station_queries.job_of(actor, job_id).line, job_id=job_id, actor=actor,
            attacher=sheet.attacher or actor, at=now,
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    sheet = reading.sheet_for(actor, sheet.dossier.code, now=now)
    return render(request, "dossiers/parts/papers.html", {"sheet": sheet, "dossier": sheet.dossier})


@require_POST
def label(request: HttpRequest, code: str) -> HttpResponse:
    """Print the label of the dossier's folder at the counter."""
    actor, now = actor_of(request), timezone.now()
    dossier = queries.get_for(actor, code)
    station = station_queries.here(actor, now).prints
    if station is None:
        return _no_station()
    try:
        job = stations.send_print(
            station_id=station.pk, subject_kind="label", subject_id=dossier.code, facts=_label_facts(dossier),
            actor=actor, at=now, key=request.POST.get("key", "")[:64] or uuid4().hex,
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return _started(job, take="")


@require_GET
def label_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Show the label as a page of its own size, for the browser's print dialog."""
    facts = _label_facts(dossier := queries.get_for(actor_of(request), code))
    drawn = printing.draw_label(
        code=facts["code"], office=facts["office"], procedure=facts["procedure"], due_at=dossier.due_at
    )
    return pdf(thermal.pdf(drawn), f"{code}-nhan.pdf")


def _label_facts(dossier: Dossier) -> dict[str, str]:
    return {
        "code": dossier.code, "office": dossier.home_agency.name,
        "procedure": dossier.procedure_version.procedure.name,
        "due_at": dossier.due_at.isoformat() if dossier.due_at else "",
    }  # fmt: skip


def _start_scan(request: HttpRequest, kind: str, subject_id: str, line: str, start: str) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    station: Device | None = station_queries.here(actor, now).scans
    if station is None:
        return _no_station()
    how = _way(request, station_queries.scan_choices(station))
    try:
        job = stations.ask_scan(
            station_id=station.pk, subject_kind=kind, subject_id=subject_id, line=line, actor=actor, at=now,
            key=request.POST.get("key", "")[:64] or uuid4().hex, **how,
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return _started(job, take=f"{start}{job.pk}/")


def _way(request: HttpRequest, has: ScanChoices) -> dict[str, Any]:
    """Read how to scan; what is not said is as the last time, and what the scanner has not is left out."""
    asked = request.POST.get("resolution", "")
    said = {name: request.POST.get(name) for name in ("duplex", "colour", "glass")}
    return {
        "resolution": int(asked)
        if asked.isascii() and asked.isdigit() and len(asked) < 5
        else has.resolution,
        "duplex": has.duplex and (has.two_sides if said["duplex"] is None else said["duplex"] == "1"),
        "colour": has.colour and (has.in_colour if said["colour"] is None else said["colour"] == "1"),
        "glass": has.glass and said["glass"] == "1",
    }


def _started(job: StationJob, *, take: str) -> JsonResponse:
    return JsonResponse({"job": reverse("station-job", args=[job.pk]), "take": take})


def _no_station() -> JsonResponse:
    message = _(
        "Không thấy trạm in và quét ở quầy của bạn. Xem máy tính ở quầy có bật không, và bạn đã vào quầy chưa."
    )
    return JsonResponse({"message": message}, status=422)
