"""Citizens sign in with their electronic identity account (OpenID Connect), and leave.

The way out is a plain link and not a form: browsers hold every redirect that follows a form to `form-action`, and
national sign-ons pass people on to hosts of their own.
"""

import logging
import time

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    clear_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.accounts import citizen_session, sessions, sign_in_days
from motcua.accounts.models import Account, AccountKind
from motcua.clients import http, oidc
from motcua.lib.refusal import Refusal

log = logging.getLogger(__name__)

HOME = "/tai-khoan/"
RETURN_PATH = f"{settings.CITIZEN_LOGIN_URL}ve/"


def return_address() -> str:
    """Return the registered address that the provider sends people back to."""
    return settings.PUBLIC_URL + RETURN_PATH


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say by what people sign in here; one button."""
    back = citizen_session.safe_next(request.GET.get("next", ""))
    if _is_citizen(request):
        return redirect(back or HOME)
    context = {
        "provider": settings.OIDC,
        "passwords": settings.CITIZEN_PASSWORDS,
        "next": back,
        "go": citizen_session.sign_in_url(back or HOME),
        "password_url": f"{settings.LOGIN_URL}?{urlencode({'next': back or HOME})}",
        "ended": request.session.pop(sessions.ENDED_IDLE, False),
    }
    return render(request, "accounts/sign_in.html", context)


@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Begin a journey and lead to the provider."""
    provider = _provider()
    level = 2 if request.GET.get("muc") == "2" else 1
    journey = oidc.Journey.begin(
        next=citizen_session.safe_next(request.GET.get("next", ""), HOME),
        level=level,
        fresh=request.GET.get("lai") == "1",
    )
    try:
        address = oidc.authorization_url(provider, journey, back=return_address())
    except (http.Failed, oidc.SignInFault) as fault:
        return _failed(request, getattr(fault, "code", "provider_down"), str(fault), journey.next)
    response = HttpResponseRedirect(address)
    citizen_session.keep_journey(response, journey)
    return response


go.plain = True  # type: ignore[attr-defined]  # another machine is asked: no transaction waits for it


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer: check it to the letter, find whose account it is, log in."""
    provider = _provider()
    journey = citizen_session.journey_of(request)
    if journey is None and _is_citizen(request):  # the page was loaded again after all went well
        return redirect(HOME)
    response: HttpResponse
    next_page = journey.next if journey else HOME
    try:
        if journey is None:
            raise oidc.SignInFault("no_journey")
        answer = {
            name: request.GET[name] for name in ("code", "state", "iss", "error") if name in request.GET
        }
        identity = oidc.complete(provider, journey, answer, back=return_address(), now=time.time())
        with transaction.atomic():
            account = import_string(settings.MOTCUA_CITIZEN_ARRIVES)(identity=identity, at=timezone.now())
            if not journey.fresh:
                next_page = import_string(settings.MOTCUA_CITIZEN_FIRST_PAGE)(request, account, next_page)
            response = _enter(request, account, identity, next_page)
    except (oidc.SignInFault, http.Failed) as fault:
        response = _failed(request, getattr(fault, "code", "provider_down"), str(fault), next_page)
    except Refusal as refusal:
        response = _failed(request, refusal.code, refusal.code, next_page, words=refusal.message)
    citizen_session.end_journey(response)
    return response


come_back.plain = True  # type: ignore[attr-defined]  # its one transaction begins when the provider has answered


def _enter(request: HttpRequest, account: Account, identity: oidc.Identity, back: str) -> HttpResponse:
    """Log in: a new session key, the level kept, the person led to where they were."""
    ended = request.session.get(sessions.RETURN_TO)
    if request.user.is_authenticated and request.user.pk != account.pk:
        logout(request)
    elif request.user.is_authenticated:
        request.session.cycle_key()  # Django keeps the key when the same person logs in again (ASVS 7.2.4)
    if ended:
        request.session[sessions.RETURN_TO] = ended
    clear_authentication_records(request)
    record_authentication(request, account, method="oidc", level=identity.level)
    response: HttpResponse = perform_login(
        request, Login(user=account, redirect_url=back, email_verification="none")
    )
    citizen_session.remember(request, account, identity)
    sign_in_days.count(sign_in_days.IN, timezone.now())
    return response


#: What a person is told, by what went wrong: a title, what to do. The rest is for the log.
def _words(code: str, label: str) -> tuple[str, str]:
    again = _("Bấm Đăng nhập lại.")
    told = {
        "stopped": (
            _("Anh/chị đã dừng đăng nhập"),
            _("Chưa có gì thay đổi. Muốn tiếp tục thì đăng nhập lại."),
        ),
        "provider_down": (
            _("%(label)s chưa trả lời") % {"label": label},
            _(
                "Lỗi không phải do anh/chị. Đợi vài phút rồi bấm Đăng nhập lại. Tra cứu hồ sơ và xem thủ tục vẫn dùng"
                " được, không cần đăng nhập."
            ),
        ),
        "not_fresh": (
            _("Cần xác nhận lại"),
            _("Việc này cần anh/chị vừa đăng nhập xong. Bấm Đăng nhập lại và nhập lại ở trang của %(label)s.")
            % {"label": label},
        ),
    }
    stale = (
        _("Lần đăng nhập này không dùng được nữa"),
        _("Lần này đã quá 10 phút, đã dùng rồi, hoặc bắt đầu ở trình duyệt khác.") + " " + again,
    )
    told |= dict.fromkeys(("no_journey", "wrong_state", "no_code", "refused", "expired"), stale)
    return told.get(code) or (
        _("Không xác nhận được trả lời của %(label)s") % {"label": label},
        _("Chưa ai được đăng nhập. Bấm Đăng nhập lại; vẫn lỗi thì báo tổng đài và đọc mã lỗi dưới đây."),
    )


def _failed(request: HttpRequest, code: str, detail: str, back: str, *, words: str = "") -> HttpResponse:
    """Show what went wrong and the way on. Only the code of the fault is shown, never what the other side sent."""
    log.warning("citizen sign-in refused: %r, from %s", detail, get_adapter().get_client_ip(request))
    sign_in_days.count(code, timezone.now())
    provider = _provider()
    title, text = (_("Chưa đăng nhập được"), words) if words else _words(code, provider.label)
    context = {
        "title": title, "text": text, "code": code, "refusal": True, "provider": provider,
        "again": citizen_session.sign_in_url(back),
    }  # fmt: skip
    status = 424 if code == "provider_down" else 200 if code == "stopped" else 400
    return render(request, "accounts/sign_in_failed.html", context, status=status)


def log_out(request: HttpRequest) -> HttpResponse:
    """End this session; then say so, with the way to leave the provider too."""
    if request.method != "POST":
        shown: HttpResponse = account_views.logout(request)
        return shown
    provider, token = settings.OIDC, citizen_session.id_token(request)
    logout(request)
    elsewhere = ""
    if provider is not None and token:
        elsewhere = oidc.end_session_url(provider, id_token=token, back=f"{settings.PUBLIC_URL}/")
    page = render(request, "accounts/signed_out.html", {"elsewhere": elsewhere, "provider": provider})
    page["Clear-Site-Data"] = '"cache", "storage"'
    return page


log_out.plain = True  # type: ignore[attr-defined]


def password_log_in(request: HttpRequest) -> HttpResponse:
    """Log in with a password, in closed installations; elsewhere this address leads to the one way there is."""
    if not settings.CITIZEN_PASSWORDS:
        asked = citizen_session.safe_next(request.GET.get("next", ""))
        return redirect(settings.CITIZEN_LOGIN_URL + (f"?{urlencode({'next': asked})}" if asked else ""))
    page: HttpResponse = account_views.login(request)
    return page


def _provider() -> oidc.Provider:
    found = settings.OIDC
    if found is None:
        raise Http404(_("Đăng nhập bằng tài khoản định danh điện tử chưa được kết nối ở đây."))
    assert isinstance(found, oidc.Provider)
    return found


def _is_citizen(request: HttpRequest) -> bool:
    return isinstance(request.user, Account) and request.user.account_kind == AccountKind.CITIZEN
