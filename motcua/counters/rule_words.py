"""The rule of a hall as the sentence that its screens, tickets and this office's pages state."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.counters.models import Hall


def order_sentence(hall: Hall) -> str:
    """Return in one sentence who is called when, as the screens state it."""
    if hall.normals == 0:
        return _("Gọi theo thứ tự lấy số; số ưu tiên luôn được gọi trước.")
    return ngettext(
        "Gọi theo thứ tự lấy số; cứ sau %(count)s số thường thì gọi một số ưu tiên.",
        "Gọi theo thứ tự lấy số; cứ sau %(count)s số thường thì gọi một số ưu tiên.",
        hall.normals,
    ) % {"count": hall.normals}


def who_sentence() -> str:
    """Return who has priority."""
    return _(
        "Ưu tiên: người từ đủ 80 tuổi, người khuyết tật, người có công, phụ nữ mang thai, người có con nhỏ đi cùng."
    )


def absent_sentence(hall: Hall) -> str:
    """Return what happens to who is not there when called."""
    words = _(
        "Gọi %(calls)s lần không đến thì giữ chỗ %(minutes)s phút; quay lại trong lúc đó được gọi theo chỗ cũ."
    )
    return words % {"calls": hall.calls_before_absent, "minutes": hall.hold_minutes}


def booked_sentence(hall: Hall) -> str:
    """Return when a booked visitor is called."""
    return _("Người đặt lịch đến trong khoảng %(minutes)s phút quanh giờ hẹn được gọi đúng giờ.") % {
        "minutes": hall.window_minutes
    }


def sentences(hall: Hall) -> list[str]:
    """Return the whole rule, a sentence a line."""
    return [order_sentence(hall), who_sentence(), absent_sentence(hall), booked_sentence(hall)]
