"""What this house changes in django-allauth: who may log in where, how often, and what is written down.

allauth keeps the flows (password, second factor, passkey, re-authentication). Its own rate limits are off:
they live in each process's memory and lock a name for everybody; `operations.guards` stands in their place.
"""

import base64
import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts import hosts, queries, sessions
from motcua.accounts.models import Account, AccountKind, NoticeKind
from motcua.accounts.operations import emergency, factors, guards, logins, passwords
from motcua.lib import crypto
from motcua.lib.actor import Actor

log = logging.getLogger(__name__)

_SECRET_PURPOSE = "mfa.authenticator.secret"  # noqa: S105  (names the column, not a secret)
_WRONG = gettext_lazy("Tên đăng nhập hoặc mật khẩu không đúng.")

#: allauth announces each change of a credential by the name of a mail; the person finds it on their own page.
_CHANGES = {
    "mfa/email/totp_activated": NoticeKind.TOTP_ADDED,
    "mfa/email/totp_deactivated": NoticeKind.TOTP_REMOVED,
    "mfa/email/webauthn_added": NoticeKind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": NoticeKind.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": NoticeKind.RECOVERY_CODES_MADE,
}
_ENROLMENTS = {NoticeKind.TOTP_ADDED, NoticeKind.PASSKEY_ADDED}


def person(account: Account) -> Actor:
    """Return the actor of somebody acting on their own log-in."""
    kind = "applicant" if account.account_kind == AccountKind.CITIZEN else "officer"
    return Actor(kind=kind, account_id=account.pk, name=account.full_name)  # type: ignore[arg-type]


def password_counts_here(request: HttpRequest, account: Account) -> bool:
    """Tell whether this kind of account logs in with a password on this host.

    Staff only on the staff host; citizens on the public one, and only where an installation says so (closed
    ones, by invitation): elsewhere they sign in with their electronic identity account. Programs nowhere.
    """
    on_staff_host = hosts.on_staff_host(request)
    if account.is_staff_kind:
        return on_staff_host
    return bool(
        settings.CITIZEN_PASSWORDS and not on_staff_host and account.account_kind == AccountKind.CITIZEN
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's flows with our guards, our words and our history."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "incorrect_password": gettext_lazy("Mật khẩu không đúng."),
        "enter_current_password": gettext_lazy("Nhập mật khẩu đang dùng."),
        "account_inactive": _WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead back only to pages of the host the person logged in on."""
        host = context.request.get_host()
        return url_has_allowed_host_and_scheme(url, allowed_hosts={host}, require_https=settings.HTTPS)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Check name and password under the guard; wrong, unknown, disabled and elsewhere answer alike."""
        name = str(credentials.get("username", ""))
        address, at = self.get_client_ip(request), timezone.now()
        verdict = guards.begin_try(name=name, address=address, at=at)
        if not verdict.allowed:
            raise locked(verdict)
        user = super().authenticate(request, **credentials)
        if isinstance(user, Account) and user.is_active and password_counts_here(request, user):
            guards.password_right(name=name, address=address)
            return user
        guards.failed(name=name, address=address, at=at)
        log.warning("log-in refused: wrong name or password, from %s", address)
        return None

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """A passkey of a disabled account leads back to the log-in page like any other refusal."""
        messages.error(request, _("Đăng nhập không thành công."))
        return HttpResponseRedirect(settings.LOGIN_URL)

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Start the clocks of the session, write history, lead back to where the person was."""
        response = super().post_login(request, user, **kwargs)
        at = timezone.now()
        sessions.start(request, at=at)
        methods = [str(one.get("type") or one["method"]) for one in get_authentication_records(request, user)]
        address = self.get_client_ip(request)
        guards.remember(name=user.login_name, address=address, at=at)
        logins.logged_in(account=user, actor=person(user), at=at, address=address, methods=methods)
        if user.account_kind == AccountKind.BREAK_GLASS:
            emergency.used(account=user, actor=person(user), at=at, address=address)
        if sessions.second_factor_missing(request):
            return HttpResponseRedirect(reverse("accounts_second_factor"))
        if sessions.reason_missing(request):
            return HttpResponseRedirect(reverse("accounts_emergency"))
        _warn_of_broken_seals(request)
        back = sessions.take_return_path(request, user.pk)
        return HttpResponseRedirect(back) if back and self.is_safe_url(back) else response

    def set_password(self, user: Account, password: str) -> None:
        passwords.set_password(
            account=user,
            password=password,
            actor=person(user),
            at=timezone.now(),
            keep=context.request.session.session_key,
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change of credentials, unless the log-in is less than five minutes old."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(one.get("at", 0) > fresh for one in records)

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: Any = None, email: str | None = None
    ) -> None:
        """Write a notice and history instead of a mail; an enrolment is itself proof of the second factor."""
        kind = _CHANGES.get(template_prefix)
        if kind is None:
            return
        if kind in _ENROLMENTS:
            sessions.prove_second_factor(self.request, user.pk)
        factors.note_change(
            account=user,
            kind=kind,
            actor=person(user),
            at=timezone.now(),
            address=self.get_client_ip(self.request),
        )

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page after each change shows it."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets encrypted at rest, Vietnamese words, staff always keep one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Mã không đúng hoặc đã dùng. Chờ mã mới rồi nhập lại."),
        "cannot_delete_authenticator": gettext_lazy(
            "Đây là cách xác thực thứ hai duy nhất của anh/chị. Thêm cách khác trước khi gỡ."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Thêm ứng dụng tạo mã hoặc khóa truy cập trước khi tạo mã dự phòng."
        ),
    }

    def encrypt(self, text: str) -> str:
        sealed = crypto.encrypt(text, settings.FIELD_KEY, purpose=_SECRET_PURPOSE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return crypto.decrypt(sealed, settings.FIELD_KEY, purpose=_SECRET_PURPOSE)

    def get_totp_label(self, user: Account) -> str:
        return user.login_name

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff never take their last second factor away; a lost one is a matter of the two-person reset."""
        account = authenticator.user
        if not isinstance(account, Account) or not account.is_staff_kind:
            return True
        others = Authenticator.objects.filter(user_id=account.pk).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Khóa truy cập %(number)d") % {"number": number}


def _warn_of_broken_seals(request: HttpRequest) -> None:
    """Tell each system administrator at each log-in, until the envelopes are sealed anew."""
    actor: Actor = import_string(settings.MOTCUA_ACTOR_RESOLVER)(request)
    if not actor.has("system_admin"):
        return
    for seal in queries.broken_seals():
        text = _(
            "Tài khoản khẩn cấp “%(name)s” đã được mở và chưa niêm phong lại. Xem trang Cán bộ, mục Khẩn cấp."
        )
        messages.warning(request, text % {"name": seal.account.full_name})


def locked(verdict: guards.Verdict) -> ValidationError:
    """Return the one message for a pair that has to wait; the same for names that do not exist."""
    return ValidationError(
        _("Đã nhập sai nhiều lần. Thử lại sau %(minutes)d phút, hoặc đăng nhập bằng khóa truy cập.")
        % {"minutes": verdict.minutes},
        code="locked",
    )
