"""What a password must be: long, not common, not made of words everybody here would try, not used lately.

No letter classes and no forced change every few months (ASVS 6.2.5, 6.2.10): with a second factor eight
characters are the floor, without one fourteen (TCVN 14423:2026 §5.6.2.2; docs/reference/accounts.md).
"""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.accounts.models import Account, PasswordRecord
from motcua.lib.vietnamese import fold

WITH_SECOND_FACTOR = 8
WITHOUT = 14
#: TCVN 14423:2026 §5.6.2.2.
REMEMBERED = 10
#: Words of this product and this trade, folded; a password that is little more than one of them is refused.
CONTEXT_WORDS = (
    "motcua",
    "mot cua",
    "hanhchinhcong",
    "dichvucong",
    "canbo",
    "congchuc",
    "haiphong",
    "vietnam",
)


class LengthByKind:
    """At least 8 characters for staff, whose second factor is enforced; at least 14 for everyone else."""

    def validate(self, password: str, user: object = None) -> None:
        least = WITH_SECOND_FACTOR if isinstance(user, Account) and user.is_staff_kind else WITHOUT
        if len(password) < least:
            text = ngettext(
                "Mật khẩu phải có ít nhất %(least)d ký tự.",
                "Mật khẩu phải có ít nhất %(least)d ký tự.",
                least,
            )
            raise ValidationError(text % {"least": least}, code="password_too_short")

    def get_help_text(self) -> str:
        return _("Ít nhất 8 ký tự. Một câu ngắn dễ nhớ tốt hơn ký tự lạ.")


class NoContextWords:
    """Not the name of the product, the office or the person with a few digits behind it."""

    def validate(self, password: str, user: object = None) -> None:
        plain = fold(password).replace(" ", "")
        words = [word.replace(" ", "") for word in CONTEXT_WORDS]
        if isinstance(user, Account):
            words += [fold(part) for part in (*user.full_name.split(), user.login_name) if len(part) > 2]
        rest = plain
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(plain) - len(rest) >= 3 and len(rest.strip("0123456789!@#$%.-_")) < 4:
            raise ValidationError(
                _("Mật khẩu này chỉ gồm tên người hoặc tên cơ quan thêm vài ký tự, rất dễ đoán."),
                code="password_context",
            )

    def get_help_text(self) -> str:
        return _("Không dùng tên mình, tên cơ quan.")


class NotUsedLately:
    """None of the person's last ten passwords."""

    def validate(self, password: str, user: object = None) -> None:
        if not isinstance(user, Account) or user.pk is None:
            return
        recent = PasswordRecord.objects.filter(account=user).order_by("-created_at", "-pk")[:REMEMBERED]
        if any(check_password(password, used.hash) for used in recent):
            raise ValidationError(
                _("Mật khẩu này đã dùng trong 10 lần gần đây. Chọn mật khẩu khác."), code="password_reused"
            )

    def get_help_text(self) -> str:
        return _("Không dùng lại 10 mật khẩu gần đây.")
