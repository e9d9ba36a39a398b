"""How lines, waiting times and rules are said to visitors. A time is always a range, never one number."""

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.counters.estimates import Range
from motcua.counters.models import Hall
from motcua.counters.states import Priority


def waiting(wait: Range | None) -> str:
    """Say a range as it is told everywhere (`Range.said`); "" for none."""
    if wait is None:
        return ""
    told = wait.said
    if told.low == 0:
        return _("trong khoảng %(high)s tới") % {"high": minutes(told.high)}
    return _("sau khoảng %(low)s đến %(high)s") % span(told)


def span(told: Range) -> dict[str, str]:
    """Return both ends of a range as they are said: the unit stands once, where both are minutes."""
    return {"low": str(told.low) if told.high < 60 else minutes(told.low), "high": minutes(told.high)}


def minutes(count: int) -> str:
    """Say a number of minutes, from an hour on in hours and minutes."""
    hours, rest = divmod(count, 60)
    if not hours:
        return _("%(count)s phút") % {"count": rest}
    if not rest:
        return _("%(hours)s giờ") % {"hours": hours}
    return _("%(hours)s giờ %(rest)s phút") % {"hours": hours, "rest": rest}


def rules(hall: Hall) -> list[str]:
    """Say by which rule a hall calls, a sentence each."""
    favoured = ", ".join(str(label).lower() for value, label in Priority.choices if value)
    first = (
        _("Cứ %(count)s số thường thì gọi một số ưu tiên: %(who)s.")
        % {"count": hall.normals, "who": favoured}
        if hall.normals
        else _("Số ưu tiên được gọi trước: %(who)s.") % {"who": favoured}
    )
    absent = _("Gọi %(calls)s lần mà vắng thì giữ chỗ %(hold)s phút. Quay lại kịp thì vẫn ở chỗ cũ.")
    return [
        _("Ai lấy số trước được gọi trước, trong cùng nhóm việc."),
        first,
        _("Người đã đặt lịch và đến đúng giờ được gọi vào giờ đã hẹn."),
        absent % {"calls": hall.calls_before_absent, "hold": hall.hold_minutes},
    ]


def left(until: datetime | None, at: datetime) -> int:
    """Return how many whole minutes are left until a moment, rounded up; 0 when it is over."""
    return max(0, -(-int((until - at).total_seconds()) // 60)) if until else 0
