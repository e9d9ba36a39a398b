"""A person's own account: second factors, sessions, notices; and the page of a one-time link."""

from allauth.account import views as account_views
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn_views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts import queries, sessions
from motcua.accounts.adapter import MFAAdapter
from motcua.accounts.forms import NewPasswordForm
from motcua.accounts.models import Account
from motcua.accounts.operations import accounts, links, notices
from motcua.accounts.operations import emergency as breaking
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal


def me(request: HttpRequest) -> HttpResponse:
    """Show how I log in, where I am logged in, and what happened to my log-in."""
    account = queries.account(_actor(request).account_id or 0)
    shown = queries.notices_of(account.pk)
    context = {
        "account": account,
        "factors": _factors(account),
        "sessions": sessions.sessions_of(account.pk),
        "session_key": request.session.session_key,
        "notices": shown,
    }
    page = render(request, "accounts/me.html", context)
    notices.mark_read(account_id=account.pk, at=timezone.now())
    return page


def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of my own sessions on another machine."""
    if request.method == "POST":
        actor = _actor(request)
        mine = actor.account_id or 0
        if accounts.end_session(account_id=mine, session_id=session_id, actor=actor, at=timezone.now()):
            messages.success(request, _("Đã kết thúc phiên làm việc đó."))
    return redirect("accounts_me")


def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    if request.method == "POST":
        actor = _actor(request)
        accounts.end_sessions(
            account_id=actor.account_id or 0,
            actor=actor,
            at=timezone.now(),
            keep=request.session.session_key,
        )
        messages.success(request, _("Đã kết thúc các phiên làm việc khác."))
    return redirect("accounts_me")


def change_password(request: HttpRequest) -> HttpResponse:
    """Change my password; who has none is told how to get one, for allauth would look for a page we have not."""
    if not queries.account(_actor(request).account_id or 0).has_usable_password():
        messages.info(
            request,
            _(
                "Tài khoản của anh/chị chưa có mật khẩu. Muốn có, nhờ quản trị đơn vị tạo liên kết dùng một lần."
            ),
        )
        return redirect("accounts_me")
    response: HttpResponse = account_views.password_change(request)
    return response


def emergency(request: HttpRequest) -> HttpResponse:
    """Ask who uses an emergency account and why; nothing else opens before."""
    if not sessions.reason_missing(request):
        return redirect("accounts_me")
    actor, reason, refused = _actor(request), request.POST.get("reason", ""), ""
    if request.method == "POST":
        account = queries.account(actor.account_id or 0)
        try:
            breaking.explain(account=account, reason=reason, actor=actor, at=timezone.now())
        except Refusal as refusal:
            refused = refusal.message
        else:
            sessions.explained(request, account.pk)
            return redirect("/")
    return render(request, "accounts/emergency.html", {"refusal": refused})


def second_factor(request: HttpRequest) -> HttpResponse:
    """Lead somebody without a second factor to one; nothing else opens before."""
    if sessions.has_second_factor(request):
        return redirect("accounts_me")
    return render(request, "accounts/second_factor.html")


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey; staff keep at least one second factor."""
    authenticator = queries.passkey(_actor(request).account_id or 0, pk)
    adapter = MFAAdapter()
    if not adapter.can_delete_authenticator(authenticator):
        messages.error(request, str(adapter.error_messages["cannot_delete_authenticator"]))
        return redirect("accounts_me")
    response: HttpResponse = webauthn_views.remove_webauthn(request, pk=pk)
    return response


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set the password by a one-time link. Opening the page uses nothing up; sending the form does."""
    at = timezone.now()
    try:
        found = queries.open_invitation(token, at)
    except NotFound as refusal:
        return render(request, "accounts/invitation_gone.html", {"refusal": refusal.message}, status=404)
    form = NewPasswordForm(request.POST or None, account=found.account)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            links.accept(token=token, password=form.cleaned_data["password"], at=at)
        except Refusal as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("Đã đặt mật khẩu. Đăng nhập để thêm bước xác thực thứ hai."))
            return redirect("account_login")
    context = {"form": form, "account": found.account, "refusal": refused}
    return render(request, "accounts/invitation.html", context)


def log_out(request: HttpRequest) -> HttpResponse:
    """End this session; a browser that understands it also forgets what it kept of our pages (ASVS 14.3.1)."""
    response: HttpResponse = account_views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _factors(account: Account) -> dict[str, object]:
    """Return what the page shows of a person's second factors."""
    found = queries.second_factors(account.pk)
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "totp": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [
            {"pk": one.pk, "name": one.wrap().name, "created_at": one.created_at, "used": one.last_used_at}
            for one in found
            if one.type == Authenticator.Type.WEBAUTHN
        ],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }
