"""Forms of the log-in pages: our words and the guard on typed codes; the flows are allauth's."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseMFAReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as BaseAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as BaseEditWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.adapter import locked
from motcua.accounts.models import Account
from motcua.accounts.operations import factors, guards
from motcua.ui.keyed import KeyedForm

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "maxlength": 12,
    "spellcheck": "false",
}


class LoginForm(BaseLoginForm):  # type: ignore[misc]
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Tên đăng nhập")
        login.widget = forms.TextInput(
            attrs={
                "autocomplete": "username webauthn",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
                "maxlength": 60,
            }
        )
        password.label = _("Mật khẩu")
        password.help_text = ""
        password.widget.attrs = {"autocomplete": "current-password"}


class ReauthenticateForm(BaseReauthenticateForm):  # type: ignore[misc]
    """The password once more, before a change of credentials."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].widget.attrs = {"autocomplete": "current-password", "autofocus": True}


class ChangePasswordForm(BaseChangePasswordForm):  # type: ignore[misc]
    """The old password, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": (_("Mật khẩu đang dùng"), "current-password"),
            "password1": (_("Mật khẩu mới"), "new-password"),
            "password2": (_("Nhập lại mật khẩu mới"), "new-password"),
        }
        for name, (label, autocomplete) in words.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs = {"autocomplete": autocomplete}
        self.fields["password1"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_oldpassword(self) -> str:
        """Under a guard of its own: a screen left open is no place to guess, and nobody else can use it up."""
        at, name = timezone.now(), f"password:{self.user.login_name}"
        address = get_adapter().get_client_ip(context.request)
        verdict = guards.begin_try(name=name, address=address, at=at)
        if not verdict.allowed:
            raise locked(verdict)
        try:
            password: str = super().clean_oldpassword()
        except forms.ValidationError:
            guards.failed(name=name, address=address, at=at)
            raise
        guards.password_right(name=name, address=address)
        return password


class _GuardedCode:
    """Counts wrong codes per person and address, and takes each code of an app once over all processes."""

    user: Account
    fields: dict[str, forms.Field]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã xác thực")
        self.fields["code"].widget = forms.TextInput(attrs=dict(_CODE))

    def clean_code(self) -> str:
        at = timezone.now()
        name, address = f"code:{self.user.login_name}", get_adapter().get_client_ip(context.request)
        verdict = guards.begin_try(name=name, address=address, at=at)
        if not verdict.allowed:
            raise locked(verdict)
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not factors.claim_code(
            account_id=self.user.pk, code=code, at=at
        ):
            raise get_mfa_adapter().validation_error("incorrect_code")
        guards.password_right(name=name, address=address)
        return code


class AuthenticateForm(_GuardedCode, BaseAuthenticateForm):  # type: ignore[misc]
    """The second step of a log-in: code of an app, or a recovery code."""


class MFAReauthenticateForm(_GuardedCode, BaseMFAReauthenticateForm):  # type: ignore[misc]
    """A code once more, before a change of credentials."""


class ActivateTOTPForm(BaseActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã 6 chữ số trong ứng dụng")
        self.fields["code"].widget = forms.TextInput(attrs=dict(_CODE))

    def clean_code(self) -> str:
        code: str = super().clean_code()
        factors.claim_code(account_id=self.user.pk, code=code, at=timezone.now())
        return code


class AddPasskeyForm(BaseAddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: its name, and whether it logs in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Đặt tên cho khóa")
        self.fields["name"].help_text = _("Ví dụ: máy tính ở quầy 3, khóa USB.")
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["passwordless"].label = _("Đăng nhập chỉ bằng khóa này, không cần mật khẩu")
        self.fields["passwordless"].help_text = _("Máy sẽ hỏi vân tay, khuôn mặt hoặc mã PIN của khóa.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(BaseEditWebAuthnForm):  # type: ignore[misc]
    """A passkey's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa")
        self.fields["name"].widget.attrs["maxlength"] = 60


class NewPasswordForm(forms.Form):
    """The first password, by a one-time link."""

    password = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=gettext_lazy("Nhập lại mật khẩu mới"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        return data


class EmailForm(KeyedForm):
    """One's own new address."""

    email = forms.CharField(
        label=gettext_lazy("Địa chỉ thư mới"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        help_text=gettext_lazy("Mã xác nhận được gửi tới đây."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that came to the new address."""

    code = forms.CharField(
        label=gettext_lazy("Mã trong thư"), max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters",
                                      "spellcheck": "false"}),
    )  # fmt: skip
