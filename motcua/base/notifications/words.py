"""What became of messages, in words: what to do about it for administrators, what happened for everybody else."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.notifications.channels import email, push
from motcua.base.notifications.models import Fate, Message, State
from motcua.base.notifications.operations.sending import UNSURE
from motcua.base.notifications.queries import quiet_until
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


#: How each way is called.
WAYS: dict[str, Promise] = {
    "email": gettext_lazy("Thư điện tử"), "sms": gettext_lazy("SMS"), "zalo": gettext_lazy("Zalo"),
    "push": gettext_lazy("Báo trên máy"), "screen": gettext_lazy("Trên màn hình"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a message has come, in a few words, and why not farther. `look` is a badge's: good, late, wait or ""."""

    look: str
    said: str
    why: str = ""
    at: datetime | None = None


def outcome(message: Message, *, now: datetime | None = None) -> Outcome:
    """Say what became of one message, to who may see what it was about."""
    if message.fate == Fate.DELIVERED:
        return Outcome("good", _("đã tới"), at=message.fate_at)
    if message.fate == Fate.UNDELIVERED:
        return Outcome("late", _("không tới"), _undelivered(message), message.fate_at)
    if message.state == State.SENT:
        known = message.channel == "sms" and message.awaited_until is not None
        return Outcome("", _("đã gửi"), _("chưa có tin là đã tới") if known else "", message.sent_at)
    if message.state in (State.FAILED, State.PASSED):
        return Outcome("late", _("không gửi được"), _refused(message))
    if message.state == State.EXPIRED:
        return Outcome("", _("không gửi"), _("chưa gửi được khi tin còn ích"))
    if message.state == State.DROPPED:
        return Outcome("", _("đã thôi gửi"))
    if message.last_error:
        return Outcome("wait", _("đang gửi lại"), _refused(message))
    now = now or timezone.now()
    goes = quiet_until(now, message.quiet_from, message.quiet_to) if message.heeds_quiet else None
    if goes is None:
        return Outcome("wait", _("đang chờ gửi"))
    # Nobody is woken for it: the message is not late, so nothing warns.
    hour = f"{timezone.localtime(goes):%H:%M}"
    said = _("gửi từ %(hour)s hôm nay") if _day(goes) == _day(now) else _("gửi từ %(hour)s ngày mai")
    return Outcome("", said % {"hour": hour})


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _undelivered(message: Message) -> str:
    """Say why the carrier could not bring it."""
    code = message.fate_reason
    if message.channel != email.NAME:
        said = _("nhà mạng không đưa tới máy được: máy tắt lâu, ngoài vùng phủ sóng, hoặc số không dùng nữa")
    elif code.startswith("5.1."):
        said = _("không có hộp thư này")
    elif code in ("5.2.2", "4.2.2"):
        said = _("hộp thư đầy")
    elif code.startswith("5.2."):
        said = _("hộp thư đã đóng")
    else:
        said = _("máy chủ thư của người nhận trả lại")
    return f"{said} ({code})" if code else said


def _refused(message: Message) -> str:
    """Say why nobody took it, shortly."""
    error = message.last_error
    if error == UNSURE:
        return _("có thể đã tới")
    if message.channel == push.NAME:
        return _("máy không còn nhận tin")
    if message.channel == "zalo" and error in ("zalo -118", "zalo -108", "zalo -114"):
        return _("số này không dùng Zalo, hoặc không nhận tin Zalo")
    if error.startswith(_NO_WAY):
        return _("chưa nối được với nơi gửi tin")
    if message.channel == email.NAME:
        return _("máy chủ thư không nhận thư tới địa chỉ này")
    return _("nơi gửi tin không nhận số này")


_NO_WAY = (
    "Unreachable",
    "NoAnswer",
    "BadAnswer",
    "no provider",
    "way closed",
    "closed",
    "SMTPServer",
    "Timeout",
)


def masked(address: str | None) -> str:
    """Return an address that tells who knows it which one it is: first letter and host, or the ends of a number."""
    name, at, host = (address or "").rpartition("@")
    if at:
        return f"{name[:1]}…{at}{host}"
    return phone.masked(host) if len(host) > 8 else ""
