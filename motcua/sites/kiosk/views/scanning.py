"""What a visitor scans or types: where the dossier is, the booking, the ticket; and the rating of a visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import queries as counters
from motcua.counters.models import Device, Ticket
from motcua.counters.operations.devices import actor_of
from motcua.counters.states import State
from motcua.dossiers import tracking
from motcua.dossiers.tracking import Tracked
from motcua.feedback import queries as feedback
from motcua.feedback.models import Reason, Score
from motcua.feedback.operations.ratings import rate
from motcua.feedback.queries import Visit
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.kiosk import choices, finding
from motcua.sites.kiosk.keyboards import CODE, PLAIN
from motcua.sites.kiosk.machine import at_kiosk
from motcua.sites.kiosk.reading import Kind, read, ticket_number
from motcua.sites.kiosk.views import taking
from motcua.ui.visitors import address_of

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
        return _faces(request, visit, by_number=True)
    if found.kind is Kind.TICKET:
        return _ticket(request, device, found.value, aim)
    if found.kind is Kind.BOOKING:
        return taking.check_in(request, device, found.value)
    if found.kind is Kind.DOSSIER and not request.POST.get("secret"):
        return render(request, "kiosk/secret.html", {"aim": aim, "code": found.value, "keys": PLAIN})
    if found.kind in {Kind.SLIP, Kind.DOSSIER}:
        dossier = _dossier(request)
        if aim == RATE:
            return _faces(request, feedback.visit_of_dossier(dossier))
        context = {
            "d": dossier,
            "text": request.POST["text"],
            "secret": request.POST.get("secret", ""),
            "waiting_with": _WITH_A_UNIT,
        }
        return render(request, "kiosk/dossier.html", context)
    raise NotFound(_("Máy chưa đọc được mã này. Đưa mã QR trên phiếu vào ô sáng, hoặc hỏi người hướng dẫn."))


@require_POST
@at_kiosk
def give(request: HttpRequest, device: Device) -> HttpResponse:
    """Write the rating of the visit that was scanned; it is found anew, so the page need not be believed."""
    now, found = timezone.now(), read(request.POST.get("text", ""))
    label, again = ticket_number(request.POST.get("text", "")), request.POST.get("sua") == "1"
    if label:
        visit, again = feedback.visit_of_number(device.hall_id, label, now), False
    elif found.kind is Kind.TICKET:
        visit = feedback.visit_of_ticket(found.value, now)
    elif found.kind in {Kind.SLIP, Kind.DOSSIER}:
        visit = feedback.visit_of_dossier(_dossier(request))
    else:
        raise NotFound(_("Không tìm thấy lượt này. Quét lại mã trên phiếu."))
    score = request.POST.get("score", "")
    rate(
        visit=visit, score=int(score) if score in {"1", "2", "3", "4", "5"} else 0,
        reasons=[one for one in request.POST.getlist("reasons") if one], channel="kiosk",
        again=again, device=f"kiosk|{device.pk}", actor=actor_of(device), at=now, key=taking._key(request),
    )  # fmt: skip
    return render(request, "kiosk/thanks.html")


def _ticket(request: HttpRequest, device: Device, token: str, aim: str) -> HttpResponse:
    """Show where a ticket stands; once it was served, ask how it was."""
    ticket = finding.ticket(token)
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này. Hỏi người hướng dẫn."))
    if aim == RATE or ticket.state == State.SERVED:
        return _faces(
            request, feedback.visit_of_ticket(token, timezone.now())
        )  # refuses what cannot be rated
    context = {"ticket": ticket, "zone": choices.zone(ticket.service), **_standing(ticket)}
    return render(request, "kiosk/standing.html", context)


def _standing(ticket: Ticket) -> dict[str, object]:
    """Return how many are before a waiting ticket, and how long it will take."""
    if ticket.state != State.WAITING:
        return {}
    wait = counters.forecast(ticket.hall_id, at=timezone.now()).get(ticket.pk)
    return {"before": counters.ahead(ticket), "wait": choices.wait_words(wait)}


def _faces(request: HttpRequest, visit: Visit, *, by_number: bool = False) -> HttpResponse:
    """Ask how it was; whoever said it before is thanked, and asked again only if they wish to change it.

    Anybody may have read a number on the wall: with it alone nothing is changed.
    """
    rated, again = feedback.rated_on(visit), request.POST.get("sua") == "1"
    change = feedback.may_change(rated, timezone.now()) and not by_number
    if rated is not None and not (again and change):
        context = {"text": request.POST["text"], "secret": request.POST.get("secret", ""), "change": change}
        return render(request, "kiosk/rated.html", context)
    context = {
        "about": visit.about,
        "again": rated is not None,
        "text": request.POST["text"],
        "secret": request.POST.get("secret", ""),
        "scores": [(one.value, one.label) for one in reversed(Score)],
        "reasons": Reason.choices,
    }
    return render(request, "kiosk/rate.html", context)


def _dossier(request: HttpRequest) -> Tracked:
    """Return the dossier as the public page shows it, for the slip's token or for its code and six letters."""
    found, now, address = read(request.POST.get("text", "")), timezone.now(), address_of(request)
    try:
        dossier = (
            tracking.by_token(found.value, address=address, now=now)
            if found.kind is Kind.SLIP
            else tracking.by_code(found.value, request.POST.get("secret", "")[:20], address=address, now=now)
        )
    except tracking.TooManyTries:
        raise Refusal(
            _("Đã thử sai quá nhiều lần. Đợi một giờ, hoặc hỏi người hướng dẫn."), code="tries"
        ) from None
    if dossier is None:
        raise NotFound(
            _("Không tìm thấy hồ sơ. Kiểm tra lại mã trên giấy tiếp nhận, hoặc hỏi người hướng dẫn.")
        )
    return dossier
