"""People and their positions, for administrators; one's own positions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts import sessions
from motcua.accounts.fresh import asked_again
from motcua.accounts.operations import emergency as sealing
from motcua.accounts.operations.links import Link
from motcua.accounts.queries import broken_seals, emergency_accounts, open_resets
from motcua.agencies import permissions, queries
from motcua.agencies.forms.people import EmergencyForm, InviteForm, PositionForm, ReasonForm
from motcua.agencies.operations import people
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

PAGE = 100


def people_list(request: HttpRequest) -> HttpResponse:
    """List the people the administrator looks after, in the order of Vietnamese name lists."""
    actor = _actor(request)
    found, older = queries.people_page(
        actor,
        timezone.localdate(),
        search=request.GET.get("q", ""),
        after=request.GET.get("after", ""),
        size=PAGE,
    )
    context = {
        "people": found,
        "q": request.GET.get("q", ""),
        "older": older,
        "waiting": open_resets(queries.account_ids_run_by(actor, timezone.localdate())).count(),
        "system_admin": permissions.is_system_admin(actor),
        "broken": broken_seals() if permissions.is_system_admin(actor) else (),
    }
    return render(request, "agencies/people.html", context)


def invite(request: HttpRequest) -> HttpResponse:
    """Open an account with its first position and show the one-time link, once."""
    actor = _actor(request)
    form = InviteForm(request.POST or None, actor=actor)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _position, link = people.invite_officer(
                login_name=data["login_name"],
                full_name=data["full_name"],
                unit_id=data["unit"].pk,
                title=data["title"],
                roles=data["roles"],
                phone=data["phone"],
                email=data["email"],
                point_id=data["point"].pk if data["point"] else None,
                actor=actor,
                at=timezone.now(),
            )
        except Refusal as refused:
            refusal = _on_form(form, refused)
        else:
            return _show_link(request, link)
    return render(request, "agencies/invite.html", {"form": form, "refusal": refusal})


def person(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one person: positions, sessions, what may be done."""
    actor = _actor(request)
    today = timezone.localdate()
    if not permissions.looks_after(actor, account_id, today):
        raise NotFound(_("Không có người này trong cơ quan của anh/chị."))
    context = {
        **queries.person_card(account_id, today),
        "sessions": sessions.sessions_of(account_id),
        "reset": open_resets({account_id}).first(),
        "self": actor.account_id == account_id,
        "sets_email": permissions.is_system_admin(actor),
        "form": PositionForm(actor=actor),
        "reason_form": ReasonForm(),
    }
    return render(request, "agencies/person.html", context)


def appoint(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give somebody one more position from today."""
    actor = _actor(request)
    permissions.require_may_appoint(actor, account_id, timezone.localdate())
    form = PositionForm(request.POST or None, actor=actor)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        today = timezone.localdate()
        try:
            people.appoint(
                account_id=account_id,
                unit_id=data["unit"].pk,
                title=data["title"],
                roles=data["roles"],
                valid_from=today,
                is_primary=not queries.positions_of(account_id, today).filter(is_primary=True).exists(),
                point_id=data["point"].pk if data["point"] else None,
                actor=actor,
                at=timezone.now(),
            )
        except Refusal as refused:
            refusal = _on_form(form, refused)
        else:
            messages.success(request, _("Đã giao vị trí."))
            return redirect("agencies_person", account_id)
    card = queries.person_card(account_id, timezone.localdate())
    return render(request, "agencies/appoint.html", {**card, "form": form, "refusal": refusal})


def end_position(request: HttpRequest, position_id: int) -> HttpResponse:
    """End a position at once."""

    def act(actor: Actor) -> str:
        ended = people.end_position(
            position_id=position_id, on_day=timezone.localdate(), actor=actor, at=timezone.now()
        )
        return reverse("agencies_person", args=[ended.account_id])

    return _do(request, act, _("Đã kết thúc vị trí."))


def leave(request: HttpRequest, account_id: int) -> HttpResponse:
    """Somebody leaves the office: positions, account and sessions end at once."""
    return _on_person(
        request,
        account_id,
        lambda actor: people.leave(
            account_id=account_id, reason=request.POST.get("reason", ""), actor=actor, at=timezone.now()
        ),
        _("Đã kết thúc vị trí, khóa tài khoản và ngắt mọi phiên làm việc."),
    )


def reopen(request: HttpRequest, account_id: int) -> HttpResponse:
    """Open the account of somebody who comes back."""
    return _on_person(
        request,
        account_id,
        lambda actor: people.reopen(account_id=account_id, actor=actor, at=timezone.now()),
        _("Đã mở lại tài khoản. Giao vị trí để người này làm việc được."),
    )


def end_sessions(request: HttpRequest, account_id: int) -> HttpResponse:
    """End every session of a person."""
    return _on_person(
        request,
        account_id,
        lambda actor: people.end_sessions(account_id=account_id, actor=actor, at=timezone.now()),
        _("Đã ngắt mọi phiên làm việc."),
    )


def invite_again(request: HttpRequest, account_id: int) -> HttpResponse:
    """Make a new one-time link for somebody who has not set a password."""
    return _with_link(
        request,
        reverse("agencies_person", args=[account_id]),
        lambda actor: people.invite_again(account_id=account_id, actor=actor, at=timezone.now()),
    )


def ask_reset(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask for a reset; another administrator confirms it."""
    return _on_person(
        request,
        account_id,
        lambda actor: people.ask_reset(
            account_id=account_id, reason=request.POST.get("reason", ""), actor=actor, at=timezone.now()
        ),
        _("Đã đề nghị. Một quản trị viên khác cần xác nhận."),
    )


def resets(request: HttpRequest) -> HttpResponse:
    """List the resets that wait for a second administrator."""
    actor = _actor(request)
    waiting = open_resets(queries.account_ids_run_by(actor, timezone.localdate()))
    return render(request, "agencies/resets.html", {"waiting": waiting, "me": actor.account_id})


def confirm_reset(request: HttpRequest, request_id: int) -> HttpResponse:
    """Confirm a reset as the second administrator and show the one-time link, once."""
    if request.method == "POST" and (first := asked_again(request, reverse("agencies_resets"))):
        return first
    return _with_link(
        request,
        reverse("agencies_resets"),
        lambda actor: people.confirm_reset(request_id=request_id, actor=actor, at=timezone.now()),
    )


def refuse_reset(request: HttpRequest, request_id: int) -> HttpResponse:
    """Turn a reset down."""

    def act(actor: Actor) -> str:
        people.refuse_reset(request_id=request_id, actor=actor, at=timezone.now())
        return reverse("agencies_resets")

    return _do(request, act, _("Đã từ chối đề nghị."), back=reverse("agencies_resets"))


def emergency(request: HttpRequest) -> HttpResponse:
    """List the emergency accounts: sealed where and by whom, or opened when, from where and why."""
    return render(request, "agencies/emergency.html", {"rows": emergency_accounts()})


def open_emergency(request: HttpRequest) -> HttpResponse:
    """Open an emergency account and show what goes into its two envelopes, once."""
    actor = _actor(request)
    if first := asked_again(request, reverse("agencies_open_emergency")):
        return first
    form = EmergencyForm(request.POST or None, actor=actor)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = people.open_emergency(
                login_name=data["login_name"],
                full_name=data["full_name"],
                unit_id=data["unit"].pk,
                place=data["place"],
                actor=actor,
                at=timezone.now(),
            )
        except Refusal as refused:
            refusal = _on_form(form, refused)
        else:
            return render(request, "agencies/envelopes.html", {"made": made})
    return render(request, "agencies/emergency_new.html", {"form": form, "refusal": refusal})


def seal_emergency(request: HttpRequest, account_id: int) -> HttpResponse:
    """Seal an emergency account anew; what its old envelopes hold opens nothing any more."""
    back = reverse("agencies_emergency")
    if request.method != "POST":
        return redirect(back)
    if first := asked_again(request, back):
        return first
    try:
        made = sealing.seal(
            account_id=account_id,
            place=request.POST.get("place", ""),
            actor=_actor(request),
            at=timezone.now(),
        )
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect(back)
    return render(request, "agencies/envelopes.html", {"made": made})


def my_positions(request: HttpRequest) -> HttpResponse:
    """Show my own positions and let me choose the one I work in now."""
    actor = _actor(request)
    held = list(queries.positions_of(actor.account_id or 0, timezone.localdate()))
    if request.method == "POST":
        wanted = request.POST.get("position", "")
        if any(str(position.pk) == wanted for position in held):
            request.session[queries.POSITION_KEY] = int(wanted)
            return redirect("/")
    return render(request, "agencies/my_positions.html", {"positions": held, "current": actor.position_id})


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _on_form(form: Any, refused: Refusal) -> str:
    """Put a refusal beside its field; return it when it belongs to none."""
    if refused.field in form.fields:
        form.add_error(refused.field, refused.message)
        return ""
    return refused.message


def _do(
    request: HttpRequest, act: Callable[[Actor], str], done: str, *, back: str = "/people/"
) -> HttpResponse:
    """Carry out one act of a button; a refusal is shown on the page before."""
    if request.method != "POST":
        return redirect(back)
    try:
        target = act(_actor(request))
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect(back)
    messages.success(request, done)
    return redirect(target)


def _on_person(
    request: HttpRequest, account_id: int, act: Callable[[Actor], object], done: str
) -> HttpResponse:
    page = reverse("agencies_person", args=[account_id])

    def run(actor: Actor) -> str:
        act(actor)
        return page

    return _do(request, run, done, back=page)


def _with_link(request: HttpRequest, back: str, act: Callable[[Actor], Link]) -> HttpResponse:
    """Carry out an act that makes a one-time link, and show it in the answer: it is stored nowhere."""
    if request.method != "POST":
        return redirect(back)
    try:
        link = act(_actor(request))
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect(back)
    return _show_link(request, link)


def _show_link(request: HttpRequest, link: Link) -> HttpResponse:
    url = request.build_absolute_uri(reverse("accounts_invitation", args=[link.token]))
    return render(request, "agencies/link.html", {"invitation": link.invitation, "url": url})
