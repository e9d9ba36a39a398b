"""The guide desk: numbers given out by hand, papers that a machine lost, pads of paper, bookings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import printing, station_queries
from motcua.counters import queries as hall_queries
from motcua.counters.estimates import Range
from motcua.counters.models import Device, Hall, Ticket
from motcua.counters.models.station import OPEN_JOBS
from motcua.counters.operations import bookings, calling, halls, helping, stations, tickets
from motcua.counters.states import Channel, Priority, State
from motcua.lib import barcodes
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.sites.console import queries
from motcua.ui.keyed import KeyedForm, time_field

#: Session keys: where papers come out, as chosen last; the number whose paper this browser prints now.
_PAPER_IS, _PRINT_NOW = "motcua.guide_paper", "motcua.guide_print_now"
_PAPER = {"autocomplete": "off", "autocapitalize": "characters"}


class GuideForm(KeyedForm):
    """A form of the guide desk; it says of which hall it is."""

    hall = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, services: list[tuple[int, str]], **kwargs: Any) -> None:
        kwargs |= {"auto_id": f"{name}_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        if "service" in self.fields:
            self.fields["service"].choices = services  # type: ignore[attr-defined]


class IssueForm(GuideForm):
    """A number for somebody who stands here."""

    service = forms.TypedChoiceField(coerce=int, error_messages={"required": gettext_lazy("Chọn nhóm việc.")})
    priority = forms.ChoiceField(label=gettext_lazy("Diện ưu tiên"), choices=Priority.choices, required=False)
    paper = forms.ChoiceField(label=gettext_lazy("Phiếu"), required=False)

    def __init__(self, *args: Any, papers: list[tuple[str, str]], chosen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]
        self.fields["paper"].initial = chosen


class CheckInForm(GuideForm):
    """A booking becomes a number."""

    code = forms.CharField(
        label=gettext_lazy("Mã đặt lịch"), max_length=40, widget=forms.TextInput(attrs=_PAPER),
        error_messages={"required": gettext_lazy("Nhập mã trên giấy đặt lịch.")},
    )  # fmt: skip


class ReserveForm(GuideForm):
    """Numbers kept for a pad of paper."""

    service = forms.TypedChoiceField(label=gettext_lazy("Nhóm việc"), coerce=int)
    count = forms.IntegerField(label=gettext_lazy("Bao nhiêu số"), initial=20)


class HandForm(GuideForm):
    """One number of a pad, as it stands on the paper."""

    text = forms.CharField(
        label=gettext_lazy("Số trên phiếu"), max_length=12, widget=forms.TextInput(attrs=_PAPER)
    )
    taken_at = time_field(gettext_lazy("Giờ ghi trên phiếu"))
    priority = forms.ChoiceField(label=gettext_lazy("Diện ưu tiên"), choices=Priority.choices, required=False)


FORMS: dict[str, type[GuideForm]] = {
    "issue": IssueForm, "check-in": CheckInForm, "reserve": ReserveForm, "enter": HandForm,
}  # fmt: skip


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the guide desk; `q` is a number that is looked for."""
    return _show(request, request.GET.get("q", "")[:120])


def _hall(request: HttpRequest, at: datetime) -> tuple[Hall | None, list[Hall]]:
    """Return the hall the desk is in: the one asked for, else that of the officer's counter, else the first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    every = queries.halls(actor, at)
    wanted = request.POST.get("hall") or request.GET.get("hall", "")
    if not wanted:
        shift = queries.my_shift(actor)
        wanted = str(shift.counter.point.hall.pk) if shift else ""
    return next((one for one in every if str(one.pk) == wanted), every[0] if every else None), every


def _show(
    request: HttpRequest,
    asked: str = "",
    *,
    bound: GuideForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    hall, every = _hall(request, at)
    if hall is None:
        return render(request, "console/guide.html", {"hall": None, "every": []}, status=status)
    ticket = queries.tickets_of(hall, asked, at) if asked.strip() else None
    printers = station_queries.printers(hall.pk, at)
    services = queries.services(hall, at)
    made = {
        name.replace("-", "_"): bound
        if isinstance(bound, kind)
        else kind(
            name=name,
            services=_choices(services),
            initial={"hall": hall.pk},
            **_papers(request, name, printers),
        )
        for name, kind in FORMS.items()
    }
    context = {
        "hall": hall, "every": every, "asked": asked, "ticket": ticket, "services": services, "refusal": refusal,
        "waits": _wait(hall, ticket, at) if ticket else None,
        "ahead": hall_queries.ahead(ticket) if ticket else 0,
        "pads": queries.pads(hall, at), "unconfirmed": queries.unconfirmed(hall, at), "calls": _calls(hall, at),
        "waiting": queries.open_count(hall), "forms": made, "troubles": station_queries.trouble(hall.pk, at),
        "paper": _paper_of(request, ticket, printers) if ticket else None,
    }  # fmt: skip
    return render(request, "console/guide.html", context, status=status)


def _wait(hall: Hall, ticket: Ticket, at: datetime) -> Range | None:
    found = hall_queries.forecast(hall.pk, at=at).get(ticket.pk)
    return found.said if found is not None else None


@dataclass(frozen=True)
class Paper:
    """How a number gets onto paper here, or into a phone."""

    qr: str
    printers: list[Device]
    job: UUID | None  # its print that is under way or in doubt
    printer: int | None  # which station does it
    now: bool  # the browser's dialog opens by itself: it was given out this moment


def _paper_of(request: HttpRequest, ticket: Ticket, printers: list[Device]) -> Paper | None:
    if ticket.ended_at is not None and ticket.state != State.VOID:
        return None
    last = station_queries.last_print("ticket", str(ticket.pk))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = last if last is not None and last.asked_by == actor.account_id else None
    recent = mine is not None and (mine.state in OPEN_JOBS or ticket.real_at is None)
    drawn = barcodes.qr(printing.ticket_address(ticket)).svg
    return Paper(
        qr=mark_safe(drawn),  # noqa: S308  (drawn by us)
        printers=printers, job=mine.pk if mine is not None and recent else None,
        printer=mine.station_id if mine is not None else None,
        now=request.session.pop(_PRINT_NOW, "") == str(ticket.pk),
    )  # fmt: skip


def _papers(request: HttpRequest, name: str, printers: list[Device]) -> dict[str, Any]:
    """Return the choices of the form that gives numbers out: the stations that print, this machine, by hand."""
    if name != "issue":
        return {}
    chosen = str(request.session.get(_PAPER_IS, ""))
    choices = [*((str(one.pk), _("in ở %(name)s") % {"name": one.name}) for one in printers), *_by_hand()]
    return {"papers": choices, "chosen": chosen if chosen in dict(choices) else choices[0][0]}


def _by_hand() -> list[tuple[str, str]]:
    return [("browser", _("in bằng máy tính này")), ("hand", _("viết tay, hoặc quét vào điện thoại"))]


def _choices(services: list[Any]) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in services]


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Show the kiosks of the hall where somebody asks for the guide: a part of the desk and of the counter's page."""
    at = timezone.now()
    hall, _every = _hall(request, at)
    return render(request, "console/calls.html", {"hall": hall, "calls": _calls(hall, at)})


def _calls(hall: Hall | None, at: datetime) -> list[tuple[Any, int]]:
    return queries.kiosks_that_ring(hall, at) if hall else []


@require_POST
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """Carry out one form or button of the desk; a refusal stands at its field with what was typed."""
    do = ACTS.get(verb)
    if do is None:
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    hall, _every = _hall(request, at)
    if hall is None:
        raise NotFound(_("Cơ quan chưa dùng số thứ tự."))
    form = None
    if verb in FORMS:
        papers = _papers(request, verb, station_queries.printers(hall.pk, at))
        form = FORMS[verb](request.POST, name=verb, services=_choices(queries.services(hall, at)), **papers)
        if not form.is_valid():
            return _show(request, bound=form, status=422)
    frame = {"actor": actor, "at": at, "key": request.POST.get("key", "")[:64]}
    try:
        with transaction.atomic():
            found = do(request, hall, form.cleaned_data if form else {}, frame)
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _refused(request, form, refusal)
    address = f"{reverse('console-guide')}?{urlencode({'hall': hall.pk} | ({'q': found} if found else {}))}"
    return HttpResponseRedirect(address)


def _refused(request: HttpRequest, form: GuideForm | None, refusal: Refusal) -> HttpResponse:
    if form is not None and refusal.field in form.fields:
        form.add_error(refusal.field, refusal.message)
        return _show(request, bound=form, status=422)
    return _show(
        request, request.POST.get("label", "")[:120], bound=form, refusal=refusal.message, status=409
    )


# ── Acts: each returns the number that is shown afterwards

Frame = dict[str, Any]
Data = dict[str, Any]


def _issue(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    """Printed at a station it waits once the paper is there; else the officer hands it over, and it is held at once."""
    request.session[_PAPER_IS] = data["paper"]
    ticket = tickets.issue(
        service_id=data["service"], channel=Channel.COUNTER, priority=data["priority"], **frame
    )
    return _hand_over(request, ticket, frame)


def _hand_over(request: HttpRequest, ticket: Ticket, frame: Frame) -> str:
    paper = str(request.session.get(_PAPER_IS, ""))
    printers = station_queries.printers(ticket.hall_id, frame["at"])
    if any(str(one.pk) == paper for one in printers) and ticket.state == State.PENDING:
        stations.send_print(
            station_id=int(paper), subject_kind="ticket", subject_id=str(ticket.pk),
            **frame | {"key": f"{frame['key']}:print"[:80]},
        )  # fmt: skip
        return ticket.label
    if paper == "browser":
        request.session[_PRINT_NOW] = str(ticket.pk)
    return _held(ticket, frame)


def _held(ticket: Ticket, frame: Frame) -> str:
    tickets.confirm(ticket_id=ticket.pk, **frame | {"key": f"{frame['key']}:held"[:80]})
    return ticket.label


def _check_in(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    return _hand_over(request, bookings.check_in(code=data["code"], hall_id=hall.pk, **frame), frame)


def _reserve(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    row = tickets.reserve(service_id=data["service"], count=data["count"], **frame)
    first, last = (tickets.label(row.service.prefix, number) for number in (row.first, row.last))
    said = _("Đã giữ từ số %(first)s đến %(last)s. Viết số và giờ lên từng phiếu, đưa theo thứ tự.")
    messages.success(request, said % {"first": first, "last": last})
    return ""


def _enter(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    local = timezone.localtime(frame["at"])
    taken_at = local.replace(
        hour=data["taken_at"].hour, minute=data["taken_at"].minute, second=59, microsecond=0
    )
    # The paper says minutes: within the present one it was taken just now.
    taken_at = min(taken_at, local) if (taken_at - local).total_seconds() < 60 else taken_at
    ticket = tickets.enter_hand(
        hall_id=hall.pk, text=data["text"], taken_at=taken_at, priority=data["priority"], **frame
    )
    return ticket.label


def _ticket(request: HttpRequest, hall: Hall) -> UUID:
    found = queries.ticket_in(hall, request.POST.get("ticket", ""))
    if found is None:
        raise NotFound(_("Không tìm thấy số này."))
    return found.pk


def _confirm(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    return tickets.confirm(ticket_id=_ticket(request, hall), **frame).label


def _void(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    return tickets.void(
        ticket_id=_ticket(request, hall), reason=request.POST.get("reason", "")[:200], **frame
    ).label


def _back(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    return calling.back(ticket_id=_ticket(request, hall), **frame).label


def _answer(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    try:
        call_id = UUID(request.POST.get("call", ""))
    except ValueError:
        raise NotFound(_("Máy này không gọi người hướng dẫn nữa.")) from None
    call = helping.answer(call_id=call_id, **frame)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if call.answered_by != actor.account_id:
        messages.info(request, _("Đã có người khác đến máy này."))
    return ""


def _open(request: HttpRequest, hall: Hall, data: Data, frame: Frame) -> str:
    is_open = request.POST.get("open") == "1"
    halls.set_open(hall_id=hall.pk, is_open=is_open, **frame)
    said = _("Sảnh phát số trở lại.") if is_open else _("Đã ngừng phát số. Ai đang chờ vẫn được gọi.")
    messages.success(request, said)
    return ""


ACTS: dict[str, Callable[[HttpRequest, Hall, Data, Frame], str]] = {
    "issue": _issue, "check-in": _check_in, "reserve": _reserve, "enter": _enter, "confirm": _confirm,
    "void": _void, "back": _back, "open": _open, "answer": _answer,
}  # fmt: skip
