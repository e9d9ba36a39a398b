"""The counter: sit down, call, serve, send on, rest, leave. Each press is one operation of the hall."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.roles import Role
from motcua.counters.models import Hall, Ticket
from motcua.counters.operations import calling, staffing
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.sites.console import queries

#: Session keys: the officer is signed on, so pages show the strip; calling leads to the intake.
SIGNED_ON, OPENS_INTAKE = "motcua.counter", "motcua.counter_opens"
_FROM_STRIP = "X-Motcua-Strip"
_MOST_SERVICES = 50


@dataclass(frozen=True)
class Press:
    """One button pressed: who, when, with which key, and what the form carried."""

    request: HttpRequest
    actor: Actor
    at: datetime
    key: str

    @property
    def frame(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": self.at, "key": self.key}

    def text(self, name: str) -> str:
        return self.request.POST.get(name, "")[:400]

    def number(self, name: str) -> int | None:
        return _number(self.text(name))

    @property
    def ticket(self) -> UUID:
        try:
            return UUID(self.text("ticket"))
        except ValueError:
            raise NotFound(_("Không tìm thấy số này.")) from None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


# ── Pages


@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """Show the counter where the officer is signed on, else which one to choose."""
    return show(request)


@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The part of the console that changes by itself; the page's script reads it again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    shift = queries.my_shift(actor)
    board = queries.board(actor, shift, at) if shift else None
    return render(request, "console/line.html", {"board": board})


def show(
    request: HttpRequest, *, refusal: str = "", verb: str = "", typed: Any = None, status: int = 200
) -> HttpResponse:
    """Render the console as it stands; `refusal` is what the last press was told, `typed` what its form carried."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    shift = queries.my_shift(actor)
    _remember(request, shift is not None)
    context: dict[str, Any] = {"refusal": refusal, "verb": verb, "typed": typed or {}}
    if shift is None:
        halls = [(hall, queries.seats(hall, at)) for hall in queries.halls(actor, at)]
        context |= {"halls": halls, "offered": _offered(halls, queries.last_counter(actor)),
                    "replaced": queries.replaced(actor, at)}  # fmt: skip
        return render(request, "console/choose.html", context, status=status)
    board = queries.board(actor, shift, at)
    offered = queries.services(board.hall, at)
    context |= {
        "board": board,
        "calls": queries.kiosks_that_ring(board.hall, at),
        "offered": [(one, one in board.services) for one in offered],
        "seats": [one for one in queries.seats(board.hall, at) if one.counter.pk != shift.counter_id],
        "receives": actor.has(Role.RECEIVER),
        "opens_intake": opens_intake(request, actor),
    }
    return render(request, "console/counter.html", context, status=status)


def _offered(halls: list[tuple[Hall, list[queries.Seat]]], last: int | None) -> int | None:
    """Return the counter that the key sits down at: where the officer sat last, else the first that is free."""
    free = [seat.counter.pk for _hall, seats in halls for seat in seats if not seat.who]
    return last if last in free else next(iter(free), None)


def _remember(request: HttpRequest, signed_on: bool) -> None:
    if bool(request.session.get(SIGNED_ON)) != signed_on:
        request.session[SIGNED_ON] = signed_on


def opens_intake(request: HttpRequest, actor: Actor) -> bool:
    """Tell whether calling leads to the intake page: for whoever takes dossiers in, unless they said otherwise."""
    return actor.has(Role.RECEIVER) and bool(request.session.get(OPENS_INTAKE, True))


# ── Presses


@require_POST
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """Carry one press out; what was refused stands on the page that was pressed, with what was typed."""
    do = ACTS.get(verb)
    if do is None:
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]
    press = Press(request, actor, timezone.now(), request.POST.get("key", "")[:64])
    try:
        with transaction.atomic():
            where = do(press)
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _refused(request, verb, refusal)
    if request.headers.get(_FROM_STRIP):
        return _strip(request)
    return HttpResponseRedirect(where or _back_to(request))


def _refused(request: HttpRequest, verb: str, refusal: Refusal) -> HttpResponse:
    if request.headers.get(_FROM_STRIP):
        return _strip(request, refusal.message)
    if request.POST.get("next"):
        messages.warning(request, refusal.message)
        return HttpResponseRedirect(_back_to(request))
    return show(request, refusal=refusal.message, verb=verb, typed=request.POST, status=409)


def _strip(request: HttpRequest, refusal: str = "") -> HttpResponse:
    """The strip as it stands now, alone: a page half filled in stays as it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"strip": queries.strip(actor, timezone.now()), "refusal": refusal, "next": _back_to(request)}
    return render(request, "console/strip_bar.html", context)


def _back_to(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("console")


def _sign_on(press: Press) -> str:
    staffing.sign_on(counter_id=press.number("counter") or 0, **press.frame)
    press.request.session[SIGNED_ON] = True
    return reverse("console")


def _take_over(press: Press) -> str:
    try:
        shift_id = UUID(press.text("shift"))
    except ValueError:
        raise NotFound(_("Không tìm thấy quầy này.")) from None
    shift = staffing.take_over(shift_id=shift_id, **press.frame)
    press.request.session[SIGNED_ON] = True
    messages.success(
        press.request, _("Đã vào %(counter)s thay người trước.") % {"counter": shift.counter.label}
    )
    return reverse("console")


def _call(press: Press) -> str:
    ticket = calling.call_next(seen=press.text("seen"), **press.frame)
    if ticket is None:
        messages.info(press.request, _("Không còn ai chờ quầy này. Trang tự đọc lại khi có người lấy số."))
        return reverse("console")
    return reverse("intake") if opens_intake(press.request, press.actor) else reverse("console")


def _start(press: Press) -> None:
    calling.start(ticket_id=press.ticket, **press.frame)


def _recall(press: Press) -> None:
    calling.recall(ticket_id=press.ticket, **press.frame)


def _absent(press: Press) -> None:
    ticket = calling.no_show(ticket_id=press.ticket, **press.frame)
    _say(press, _("Đã ghi số %(label)s vắng, giữ chỗ đến %(until)s."), ticket)


def _back(press: Press) -> None:
    ticket = calling.back(ticket_id=press.ticket, **press.frame)
    _say(press, _("Số %(label)s đã trở lại hàng, đúng chỗ cũ."), ticket)


def _undo(press: Press) -> None:
    ticket = calling.give_back(ticket_id=press.ticket, **press.frame)
    _say(press, _("Số %(label)s đã trở lại hàng, đúng chỗ cũ."), ticket)


def _finish(press: Press) -> None:
    calling.finish(ticket_id=press.ticket, **press.frame)


def _reopen(press: Press) -> None:
    ticket = calling.reopen(ticket_id=press.ticket, **press.frame)
    _say(press, _("Đã mở lại số %(label)s, phục vụ tiếp."), ticket)


def _transfer(press: Press) -> str:
    ticket = calling.transfer(
        ticket_id=press.ticket, service_id=press.number("service"), counter_id=press.number("to"),
        note=press.text("note"), **press.frame,
    )  # fmt: skip
    _say(press, _("Đã chuyển số %(label)s, giữ nguyên chỗ trong hàng."), ticket)
    return reverse("console")


def _say(press: Press, sentence: str, ticket: Ticket) -> None:
    """Say what was done, where the strip does not show it by itself."""
    if not press.request.headers.get(_FROM_STRIP):
        until = f"{timezone.localtime(ticket.held_until):%H:%M}" if ticket.held_until else ""
        messages.success(press.request, sentence % {"label": ticket.label, "until": until})


def _pause(press: Press) -> str:
    staffing.pause(reason=press.text("reason"), **press.frame)
    return reverse("console")


def _go_on(press: Press) -> None:
    staffing.go_on(**press.frame)


def _services(press: Press) -> str:
    sent = press.request.POST.getlist("service")[:_MOST_SERVICES]
    chosen = {number for one in sent if (number := _number(one)) is not None}
    shift = staffing.shift_of(press.actor)
    staffing.assign(counter_id=shift.counter_id, service_ids=sorted(chosen), **press.frame)
    messages.success(press.request, _("Đã đổi nhóm việc của quầy. Từ lượt gọi sau."))
    return reverse("console")


def _opens(press: Press) -> str:
    press.request.session[OPENS_INTAKE] = press.text("on") == "1"
    return reverse("console")


def _leave(press: Press) -> str:
    shift = staffing.sign_off(**press.frame)
    press.request.session[SIGNED_ON] = False
    messages.success(press.request, _("Đã rời %(counter)s.") % {"counter": shift.counter.label})
    return reverse("console")


ACTS: dict[str, Callable[[Press], str | None]] = {
    "sign-on": _sign_on, "take-over": _take_over, "call": _call, "start": _start, "recall": _recall,
    "absent": _absent, "back": _back, "undo": _undo, "finish": _finish, "reopen": _reopen,
    "transfer": _transfer, "pause": _pause, "go-on": _go_on, "services": _services, "opens": _opens,
    "leave": _leave,
}  # fmt: skip
