"""A person's own account: second factors, sessions, notices; and the page of a one-time link."""

from allauth.account import views as account_views
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn_views
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts import queries, sessions
from motcua.accounts.adapter import MFAAdapter
from motcua.accounts.forms import CodeForm, EmailForm, NewPasswordForm
from motcua.accounts.fresh import asked_again
from motcua.accounts.models import Account
from motcua.accounts.operations import accounts, emails, links, notices
from motcua.accounts.operations import emergency as breaking
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.keyed import attempt


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


def change_email(request: HttpRequest) -> HttpResponse:
    """Change my own address: the new one first, then the code that came there. Who sits here is asked once more."""
    if first := asked_again(request, reverse("accounts_email")):
        return first
    actor, at = _actor(request), timezone.now()
    act = request.POST.get("act", "") if request.method == "POST" else ""
    address = EmailForm(request.POST if act == "ask" else None)
    code = CodeForm(request.POST if act == "confirm" else None)
    if act == "drop":
        emails.drop(actor=actor, at=at)
        messages.info(request, _("Đã bỏ yêu cầu. Địa chỉ cũ giữ nguyên."))
        return redirect("accounts_email")
    if act == "ask" and attempt(address, lambda data: emails.ask(**data, actor=actor, at=at)):
        return redirect("accounts_email")
    if act == "confirm" and _confirmed(code, actor):
        messages.success(request, _("Đã đổi địa chỉ thư."))
        return redirect("accounts_me")
    context = {
        "account": queries.account(actor.account_id or 0), "waiting": emails.waiting_for(actor.account_id or 0, at),
        "address": address, "code": code, "form": code if act == "confirm" else address, "mail": settings.MAIL,
    }  # fmt: skip
    return render(request, "accounts/email.html", context, status=422 if act else 200)


def _confirmed(form: CodeForm, actor: Actor) -> bool:
    """Take the code; a wrong one is counted, so nothing may be taken back here."""
    if not form.is_valid():
        return False
    try:
        right = emails.confirm(code=form.cleaned_data["code"], actor=actor, at=timezone.now())
    except Refusal as refused:
        form.add_error(None, refused.message)
        return False
    if not right:
        form.add_error("code", _("Mã không đúng. Xem lại thư mới nhất; sai năm lần thì phải xin mã khác."))
    return right


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
