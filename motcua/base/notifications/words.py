"""Why a letter could not be handed over, in words for an administrator: what happened, and what to do."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.notifications.channels import email, push
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations.sending import UNSURE
from motcua.lib import phone

#: Codes of SMTP answers (RFC 5321 §4.2.3, RFC 4954 §6); others go by their first digit.
_CODES: dict[int, Promise] = {
    452: gettext_lazy("Hộp thư của người nhận đầy. Báo người nhận dọn hộp thư, rồi gửi lại."),
    530: gettext_lazy("Máy chủ thư đòi đăng nhập. Đặt MOTCUA_SMTP_USER và tệp mật khẩu, rồi gửi lại."),
    535: gettext_lazy("Máy chủ thư không nhận tên hay mật khẩu của hệ thống. Sửa MOTCUA_SMTP_USER, rồi gửi lại."),
    550: gettext_lazy("Không có hộp thư này. Sửa địa chỉ thư của người nhận, rồi gửi lại."),
    551: gettext_lazy("Người nhận không ở máy chủ này. Sửa địa chỉ thư của người nhận, rồi gửi lại."),
    552: gettext_lazy("Hộp thư của người nhận đầy. Báo người nhận dọn hộp thư, rồi gửi lại."),
    553: gettext_lazy("Máy chủ thư không nhận địa chỉ này. Sửa địa chỉ thư của người nhận, rồi gửi lại."),
    554: gettext_lazy("Máy chủ thư từ chối thư của hệ thống. Hỏi người giữ máy chủ thư, rồi gửi lại."),
}  # fmt: skip


def reason(message: Message) -> str:
    """Say why a message is a dead letter, and what to do."""
    error = message.last_error
    if error == UNSURE:
        return _(
            "Chương trình gửi dừng giữa chừng nhiều lần; thư có thể đã tới. Hỏi người nhận trước khi gửi lại."
        )
    if message.channel != email.NAME:
        return _other(message, error)
    found = re.search(r"\b([45]\d\d)$", error)
    code = int(found[1]) if found else 0
    if code in _CODES:
        return str(_CODES[code])
    if code >= 500:
        return _("Máy chủ thư từ chối (mã %(code)s). Hỏi người giữ máy chủ thư, rồi gửi lại.") % {
            "code": code
        }
    if code:
        return _("Máy chủ thư bảo đợi mãi (mã %(code)s, %(tries)s lần). Gửi lại khi máy chủ thư đã yên.") % {
            "code": code, "tries": message.tries,
        }  # fmt: skip
    if error.startswith(("ValueError", "Unicode")):
        return _(
            "Địa chỉ có chữ mà thư điện tử không viết được. Sửa địa chỉ thư của người nhận, rồi gửi lại."
        )
    return _("Không nối được với máy chủ thư. Xem MOTCUA_SMTP_HOST và mạng của máy chủ, rồi gửi lại.")


def _other(message: Message, error: str) -> str:
    """Say why a message of another channel did not go out."""
    if message.channel == push.NAME:
        return _("Máy của người nhận không còn nhận tin. Thôi gửi; người nhận bật lại thì được báo từ đó.")
    if error.startswith(("Unreachable", "NoAnswer", "BadAnswer", "no provider", "way closed")):
        return _("Không nối được với nơi gửi tin. Xem bảng Kênh gửi tin bên dưới, rồi gửi lại.")
    return _(
        "Nơi gửi tin từ chối tin này. Sửa số điện thoại trong hồ sơ, rồi gửi lại; không sửa được thì thôi gửi."
    )


def masked(address: str | None) -> str:
    """Return an address that tells who knows it which one it is: first letter and host, or the ends of a number."""
    name, at, host = (address or "").rpartition("@")
    if at:
        return f"{name[:1]}…{at}{host}"
    return phone.masked(host) if len(host) > 8 else ""
