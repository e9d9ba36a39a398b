"""The interface of stations (public host, `/tram/…`), and how officers see the jobs they gave them (staff host).

A station is no browser: it comes with `Authorization: Bearer <its token>` and no cookie, so nothing here could be
forged from a page. Bodies and answers are JSON, but for what is printed and for the pages that were scanned. What is
refused comes as {"code", "message"} with 401 (not paired, or revoked), 409 (the job is another taking's now), 422, 429.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.files.uploads import uploaded
from motcua.base.printing import thermal
from motcua.base.printing.responses import pdf
from motcua.counters import printing, station_queries
from motcua.counters.models import Device, DeviceKind, JobKind
from motcua.counters.operations import devices, stations
from motcua.counters.operations.stations import LeaseLost, Spent, TooMany
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

PAUSE = 1.0  # seconds a station waits before it asks again
_LONGEST_TOKEN, _SHORTEST_TOKEN = 80, 32
_LARGEST = 4096  # bytes of a JSON body
Answer = Callable[..., HttpResponse]


def _token(request: HttpRequest) -> str:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    good = kind == "Bearer" and _SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN and token.isascii()
    return token if good else ""


def _refuse(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def _body(request: HttpRequest) -> dict[str, Any]:
    """Read a small JSON object; anything else counts as an empty one."""
    try:
        found = json.loads(request.body[:_LARGEST] or b"{}")
    except ValueError:  # also what is no UTF-8, and what was cut here
        return {}
    return found if isinstance(found, dict) else {}


def _can(body: dict[str, Any]) -> list[str]:
    found = body.get("can")
    return [one for one in found if isinstance(one, str)][:5] if isinstance(found, list) else []


def _scanner(body: dict[str, Any]) -> dict[str, Any] | None:
    """Read what the station's scanner can do; None where it does not say, or says nothing that makes sense."""
    found = body.get("scanner")
    if not isinstance(found, dict) or not isinstance(found.get("resolutions"), list):
        return None
    dots = [
        one for one in found["resolutions"][:20] if one in stations.RESOLUTIONS and not isinstance(one, bool)
    ]
    flags = {name: found.get(name) is True for name in ("duplex", "colour", "feeder", "glass")}
    return {"resolutions": sorted(set(dots)), **flags}


def _by_machine(view: Answer) -> Answer:
    """Answer a program in JSON: never by a page, never without TLS where the installation has it."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        if settings.HTTPS and not request.is_secure():
            return _refuse(403, "not_secure", _("Chỉ nhận qua HTTPS."))
        try:
            return view(request, **parts)
        except Spent as refusal:
            return _refuse(410, refusal.code, refusal.message)
        except TooMany as refusal:
            return _refuse(429, refusal.code, refusal.message)
        except LeaseLost as refusal:
            return _refuse(409, refusal.code, refusal.message)
        except Refusal as refusal:
            return _refuse(422, refusal.code, refusal.message)

    return answer


def _of_station(view: Callable[..., HttpResponse]) -> Answer:
    """Let only a paired station in, and hand it to the view."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        token = _token(request)
        station = devices.device_of(token) if token else None
        if station is None or station.kind != DeviceKind.STATION:
            return _refuse(401, "not_paired", _("Trạm này chưa được ghép, hoặc đã bị gỡ."))
        return view(request, station, **parts)

    return _by_machine(answer)


# ── The station's side


@_by_machine
def pair(request: HttpRequest) -> HttpResponse:
    """Answer the letters to be typed by an officer, or where the station stands once one did."""
    token = _token(request)
    if not token:
        return _refuse(401, "no_token", _("Thiếu mã của trạm."))
    found = stations.pairing(token, timezone.now())
    if isinstance(found, str):
        return JsonResponse({"paired": False, "letters": found, "pause": 3}, status=202)
    return JsonResponse({"paired": True, **_place(found)})


def _place(station: Device) -> dict[str, str]:
    counter = station.counter.label if station.counter else ""
    return {"name": station.name, "place": station.hall.point.name, "counter": counter}


@_of_station
def next_job(request: HttpRequest, station: Device) -> HttpResponse:
    """Give the station its next job, or none; the body says what it has: {"can": ["print", "scan"], "scanner": {…}}."""
    now, body = timezone.now(), _body(request)
    can = _can(body)
    stations.alive(station, can=can, scanner=_scanner(body), at=now)
    taken = stations.take(station=station, can=can, at=now)
    if taken is None:
        return JsonResponse({"job": None, "pause": PAUSE})
    job = taken.job
    said = {
        "id": str(job.pk), "kind": job.kind, "what": job.subject_kind, "lease": taken.lease, "mark": taken.mark,
        "again": taken.again, "lease_seconds": int(stations.LEASE.total_seconds()),
    }  # fmt: skip
    if job.kind == JobKind.SCAN:
        said |= {name: job.facts.get(name, False) for name in ("duplex", "resolution", "colour", "glass")}
    return JsonResponse({"job": said, "pause": PAUSE})


def _lease(request: HttpRequest) -> str:
    return request.headers.get("Motcua-Lease", "")[:80]


@_of_station
def content(request: HttpRequest, station: Device, job_id: UUID) -> HttpResponse:
    """Give what is to be printed: ESC/POS for a receipt printer, or with `?as=png` a picture for a driver."""
    job = stations.held(job_id=job_id, lease=_lease(request), station=station, at=timezone.now())
    drawn = printing.draw(job)
    if request.GET.get("as") == "png":
        return HttpResponse(thermal.png(drawn), content_type="image/png")
    return HttpResponse(thermal.escpos(drawn), content_type="application/octet-stream")


@_of_station
def hold(request: HttpRequest, station: Device, job_id: UUID) -> HttpResponse:
    """Begin the lease anew: a long stack is still running through the scanner, {"pages": so many so far}."""
    pages = _body(request).get("pages")
    stations.hold(
        job_id=job_id, lease=_lease(request), station=station, at=timezone.now(),
        pages=pages if isinstance(pages, int) else 0,
    )  # fmt: skip
    return JsonResponse({"held": True})


@_of_station
def done(request: HttpRequest, station: Device, job_id: UUID) -> HttpResponse:
    """Hear that the paper came out."""
    job = stations.finish(job_id=job_id, lease=_lease(request), station=station, at=timezone.now())
    return JsonResponse({"state": job.state})


@_of_station
def failed(request: HttpRequest, station: Device, job_id: UUID) -> HttpResponse:
    """Hear what went wrong: {"problem": word, "unsure": true where the paper may have come out}."""
    body = _body(request)
    job = stations.fail(
        job_id=job_id, lease=_lease(request), station=station, problem=str(body.get("problem", ""))[:20],
        unsure=body.get("unsure") is True, at=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"state": job.state})


@_of_station
def scanned(request: HttpRequest, station: Device, job_id: UUID) -> HttpResponse:
    """Take the pages in, as one PDF or picture in the field `file`."""
    stations.held(
        job_id=job_id, lease=_lease(request), station=station, at=timezone.now()
    )  # before the body is read
    file = uploaded(request, "file")
    job = stations.receive(
        job_id=job_id, lease=_lease(request), station=station, stream=cast(BinaryIO, file), name=file.name or "",
        at=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"state": job.state})


# ── The officer's side


@require_http_methods(["GET", "POST"])
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Say how a job stands; a POST settles what the station could not know, or takes the job back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    row = station_queries.job_of(actor, job_id)
    if request.method == "POST":
        said, key = request.POST.get("answer", ""), request.POST.get("key", "")[:64]
        try:
            if said == "withdraw":
                row = stations.withdraw(job_id=job_id, actor=actor, at=now, key=key)
            elif said in {"came_out", "again"}:
                row = stations.settle(
                    job_id=job_id, came_out=said == "came_out", actor=actor, at=now, key=key
                )
        except Refusal as refusal:
            return JsonResponse({"message": refusal.message}, status=422)
    how = station_queries.standing(row, now)
    choices = [["came_out", _("Giấy đã ra")], ["again", _("Chưa ra, in lại")]] if how.ask else []
    if how.may_withdraw:
        choices = [["withdraw", _("Dừng quét") if how.state == "taken" else _("Bỏ")]]
    return JsonResponse({"state": how.state, "words": how.words, "open": how.open, "choices": choices})


@require_POST
def ticket_print(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Print a ticket (once more), for a button with `station.js`: at the station `?station=`, else at the officer's
    counter."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    ticket = station_queries.ticket_for(actor, ticket_id)
    station = station_queries.here(actor, now).prints
    if wanted := request.GET.get("station", ""):
        printers = station_queries.printers(ticket.hall_id, now)
        station = next((one for one in printers if str(one.pk) == wanted), None)
    if station is None:
        message = _(
            "Không thấy máy in ở quầy của bạn. Xem máy tính ở quầy có bật không, và bạn đã vào quầy chưa."
        )
        if wanted:
            message = _(
                "Trạm in này không trả lời. Xem máy tính ở đó, hoặc in bằng trình duyệt hay viết tay."
            )
        return JsonResponse({"message": message}, status=422)
    try:
        row = stations.send_print(
            station_id=station.pk, subject_kind="ticket", subject_id=str(ticket.pk), actor=actor, at=now,
            key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"job": reverse("station-job", args=[row.pk]), "take": ""})


@require_GET
def ticket_pdf(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Show a ticket as it is printed, for the browser's own print dialog where there is no station."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ticket = station_queries.ticket_for(actor, ticket_id)
    return pdf(thermal.pdf(printing.draw_ticket(ticket)), f"{ticket.label}.pdf")
