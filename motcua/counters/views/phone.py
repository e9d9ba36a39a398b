"""The page of a number on its holder's phone: place in the line, how long, which counter. Its address is the right.

Whoever has the secret address may do what the holder may, so there is no log-in and no form token. Looking writes
nothing: a number that no paper came out for is kept by a POST that the page sends itself, or by a button.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import phone_words, standing
from motcua.counters.operations import calling, tickets
from motcua.counters.standing import Standing
from motcua.counters.states import OPEN, State
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import workers

HELD_COOKIE = "mc_so"
_DAY = 20 * 3600  # seconds a phone remembers its numbers
_MOST_KEPT = 6


@require_GET
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Show a number; with `phan=1` only what changes, and nothing when nothing did."""
    at = timezone.now()
    found = standing.of_token(token, at)
    tag = _tag(found, phone_words.left(found.ticket.held_until, at))
    part = request.GET.get("phan") == "1"
    response: HttpResponse
    if part and request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response = HttpResponseNotModified()
    else:
        response = _page(request, found, part=part)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@csrf_exempt
@require_POST
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """The holder's phone shows the number: from now on it is real and is called."""

    def act(found: Standing) -> None:
        if found.ticket.state == State.PENDING:
            tickets.confirm(ticket_id=found.ticket.pk, actor=PUBLIC, at=timezone.now(), key=f"keep-{token}")

    return _acted(request, token, act)


@csrf_exempt
@require_POST
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """The holder needs it no more; others move up."""

    def act(found: Standing) -> None:
        if found.ticket.state != State.CANCELLED:
            tickets.cancel(token=token, actor=PUBLIC, at=timezone.now(), key=f"give-up-{token}")

    return _acted(request, token, act)


@csrf_exempt
@require_POST
def back(request: HttpRequest, token: str) -> HttpResponse:
    """The holder was away when called and is back in time."""

    def act(found: Standing) -> None:
        ticket, until = found.ticket, found.ticket.held_until
        if ticket.state != State.WAITING:
            key = f"back-{ticket.pk}-{int(until.timestamp()) if until else 0}"
            calling.back(ticket_id=ticket.pk, actor=PUBLIC, at=timezone.now(), key=key)

    return _acted(request, token, act)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the open numbers that this phone took today, for who closed the page."""
    held = standing.of_tokens(held_by(request), timezone.now())
    if len(held) == 1:
        return redirect("phone-ticket", held[0].token)
    return render(request, "counters/phone/mine.html", {"held": held})


def held_by(request: HttpRequest) -> list[str]:
    """Return the secrets of the numbers that this phone took."""
    return request.COOKIES.get(HELD_COOKIE, "")[:400].split(".")[:_MOST_KEPT]


def remember(response: HttpResponse, request: HttpRequest, token: str) -> HttpResponse:
    """Let the phone remember a number that it took."""
    kept = [token, *(one for one in held_by(request) if one and one != token)][:_MOST_KEPT]
    response.set_cookie(
        HELD_COOKIE, ".".join(kept), max_age=_DAY, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


def _acted(request: HttpRequest, token: str, act: Callable[[Standing], None]) -> HttpResponse:
    """Do what a button of the page asks for; a refusal stands on the page."""
    found = standing.of_token(token, timezone.now())
    try:
        act(found)
    except NotFound:
        raise
    except Refusal as refusal:
        now = standing.of_token(token, timezone.now())
        return _page(request, now, problem=refusal.message, status=409)
    return redirect("phone-ticket", token)


def _page(
    request: HttpRequest, found: Standing, *, part: bool = False, problem: str = "", status: int = 200
) -> HttpResponse:
    at, ticket, hall = timezone.now(), found.ticket, found.ticket.hall
    context = {
        "found": found,
        "ticket": ticket,
        "hall": hall,
        "place": hall.point.shop.name,
        "state": ticket.state,
        "wait": phone_words.waiting(found.wait),
        "left": phone_words.left(ticket.held_until, at),
        "news": found.news,
        "every": _every(found),
        "title": _title(found),
        "tag": _tag(found, phone_words.left(ticket.held_until, at)),
        "rules": phone_words.rules(hall),
        "may_give_up": ticket.state in {State.WAITING, State.HELD},
        "problem": problem,
        "at": at,
    }
    name = "counters/phone/ticket.html"
    return render(request, f"{name}#now" if part else name, context, status=status)


def _every(found: Standing) -> int:
    """Return after how many seconds the phone asks again; 0 when there is nothing more to come."""
    if found.ticket.state not in OPEN:
        return 0
    return 5 if found.near or found.ticket.state == State.CALLED else 15


def _title(found: Standing) -> str:
    """Return what the tab says, so that it is read while another page is open."""
    ticket = found.ticket
    values = {"label": ticket.label, "before": found.before}
    if ticket.state == State.CALLED and ticket.counter is not None:
        return _("%(label)s: mời đến quầy %(counter)s") % {**values, "counter": ticket.counter.number}
    if ticket.state == State.HELD:
        return _("%(label)s: đã gọi, đang giữ chỗ") % values
    if found.near and found.before == 0:
        return _("%(label)s: sắp được gọi") % values
    if found.near:
        return _("%(label)s: còn %(before)s lượt") % values
    return _("Số %(label)s") % values


def _tag(found: Standing, left: int) -> str:
    """Return what changes when the page would: it is worked out without drawing anything."""
    ticket, wait = found.ticket, found.wait
    parts = (
        ticket.state, ticket.counter_id, ticket.calls, ticket.service_id, ticket.only_counter_id, found.before,
        wait and (wait.low, wait.high), left, get_language(),
    )  # fmt: skip
    return quote_etag("-".join(str(one) for one in parts).replace('"', "").replace(" ", ""))


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Answer with the script that shows notifications on phones which want one for it; it keeps nothing."""
    return workers.worker(Path(__file__).resolve().parents[1] / "static" / "counters" / "bell.js")
