"""What a visitor scans or types: where the dossier is, the booking, the ticket, or the visit that is rated."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import queries as counters
from motcua.counters.models import Device, Ticket
from motcua.counters.states import State
from motcua.feedback import queries as feedback
from motcua.lib.refusal import NotFound
from motcua.sites.kiosk import choices, finding
from motcua.sites.kiosk.keyboards import CODE, PLAIN
from motcua.sites.kiosk.machine import at_kiosk
from motcua.sites.kiosk.reading import Kind, read, ticket_number
from motcua.sites.kiosk.views import taking
from motcua.sites.kiosk.views.rating import faces
from motcua.sites.kiosk.views.slip import dossier_of

SLIP, BOOKING, RATE = "ho-so", "lich-hen", "danh-gia"
_WITH_A_UNIT = (1, 2, 4, 5, 6, 8, 9)  # statuses in which a unit holds the dossier, as the public page says it


@require_GET
@at_kiosk
def ask(request: HttpRequest, device: Device) -> HttpResponse:
    """Ask for what is to be scanned: a slip, a booking, or whatever tells the visit that is rated."""
    aim = request.GET.get("viec", "")
    aim = aim if aim in {BOOKING, RATE} else SLIP
    return render(request, "kiosk/scan.html", {"aim": aim, "keys": PLAIN if aim == BOOKING else CODE})


@require_POST
@at_kiosk
def scanned(request: HttpRequest, device: Device) -> HttpResponse:
    """Show what the scanned text stands for, wherever it was scanned."""
    aim, found = request.POST.get("viec", ""), read(request.POST.get("text", ""))
    if aim == RATE and (label := ticket_number(request.POST.get("text", ""))):
        visit = feedback.visit_of_number(device.hall_id, label, timezone.now())
        return faces(request, visit, by_number=True)
    if found.kind is Kind.TICKET:
        return _ticket(request, device, found.value, aim)
    if found.kind is Kind.BOOKING:
        return taking.check_in(request, device, found.value)
    if found.kind is Kind.DOSSIER and not request.POST.get("secret"):
        return render(request, "kiosk/secret.html", {"aim": aim, "code": found.value, "keys": PLAIN})
    if found.kind in {Kind.SLIP, Kind.DOSSIER}:
        dossier = dossier_of(request)
        if aim == RATE:
            return faces(request, feedback.visit_of_dossier(dossier))
        context = {
            "d": dossier,
            "text": request.POST["text"],
            "secret": request.POST.get("secret", ""),
            "waiting_with": _WITH_A_UNIT,
        }
        return render(request, "kiosk/dossier.html", context)
    raise NotFound(_("Máy chưa đọc được mã này. Đưa mã QR trên phiếu vào ô sáng, hoặc hỏi người hướng dẫn."))


def _ticket(request: HttpRequest, device: Device, token: str, aim: str) -> HttpResponse:
    """Show where a ticket stands; once it was served, ask how it was."""
    ticket = finding.ticket(token)
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này. Hỏi người hướng dẫn."))
    if aim == RATE or ticket.state == State.SERVED:
        return faces(request, feedback.visit_of_ticket(token, timezone.now()))  # refuses what cannot be rated
    context = {"ticket": ticket, "zone": choices.zone(ticket.service), **_standing(ticket)}
    return render(request, "kiosk/standing.html", context)


def _standing(ticket: Ticket) -> dict[str, object]:
    """Return how many are before a waiting ticket, and how long it will take."""
    if ticket.state != State.WAITING:
        return {}
    wait = counters.forecast(ticket.hall_id, at=timezone.now()).get(ticket.pk)
    return {"before": counters.ahead(ticket), "wait": choices.wait_words(wait)}
