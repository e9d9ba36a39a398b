"""Checks that persons and organizations share: phone, e-mail, address."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

_LONGEST_ADDRESS = 400


def phone_of(text: str) -> str | None:
    """Return the number in its one form, None when none was given; refuse what is no telephone number."""
    if not text.strip():
        return None
    number = normalize_phone(text)
    if number is None:
        raise Refusal(
            _("Số điện thoại không đúng. Ví dụ: 0912 345 678, hoặc +… với số nước ngoài."),
            code="bad_phone",
            field="phone",
        )
    return number


def email_of(text: str) -> str | None:
    """Return the address in lower case, None when none was given; refuse what is no address."""
    email = text.strip().lower()
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(_("Địa chỉ thư điện tử không đúng."), code="bad_email", field="email") from None
    return email


def address_of(text: str) -> str:
    """Return the address in its one written form; refuse one that no form can hold."""
    address = normalize(text)
    if len(address) > _LONGEST_ADDRESS:
        message = _("Địa chỉ quá dài (tối đa %(most)s chữ).") % {"most": _LONGEST_ADDRESS}
        raise Refusal(message, code="long_address", field="address")
    return address
