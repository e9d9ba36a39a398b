"""What a ticket may become. The one table from which operations, the database and tests take it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a ticket is. Codes are stored and never change."""

    PENDING = "pending", _("Chưa rõ đã in")  # a number was drawn; nobody is known to hold it yet
    WAITING = "waiting", _("Đang chờ")
    CALLED = "called", _("Đang gọi")
    SERVING = "serving", _("Đang phục vụ")
    HELD = "held", _("Vắng khi gọi, đang giữ chỗ")
    SERVED = "served", _("Đã phục vụ")
    ABSENT = "absent", _("Vắng mặt")
    CANCELLED = "cancelled", _("Người lấy số bỏ")
    VOID = "void", _("Hủy số")
    DAY_OVER = "day_over", _("Hết ngày chưa được gọi")


#: States in which somebody still expects something of the hall.
OPEN: frozenset[State] = frozenset({State.PENDING, State.WAITING, State.CALLED, State.SERVING, State.HELD})
#: States in which a ticket stands at a counter.
AT_A_COUNTER: frozenset[State] = frozenset({State.CALLED, State.SERVING})

MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.WAITING, State.VOID, State.DAY_OVER}),
    State.WAITING: frozenset({State.CALLED, State.CANCELLED, State.VOID, State.DAY_OVER}),
    State.CALLED: frozenset({State.SERVING, State.HELD, State.SERVED, State.WAITING}),
    State.SERVING: frozenset({State.SERVED, State.WAITING}),
    State.HELD: frozenset({State.WAITING, State.ABSENT, State.CANCELLED, State.DAY_OVER}),
    State.VOID: frozenset(
        {State.WAITING}
    ),  # the paper came out after all: its holder stands before an officer
    State.SERVED: frozenset(
        {State.SERVING}
    ),  # ended by mistake; only the same officer, only for some minutes
    **{end: frozenset() for end in (State.ABSENT, State.CANCELLED, State.DAY_OVER)},
}


class Priority(models.TextChoices):
    """Who may be called before others, by the house rule that the screens state (the law asks it for the elderly
    from 80, for people with disabilities and with merit; the others are common practice)."""

    NONE = "", _("Không ưu tiên")
    ELDERLY = "elderly", _("Từ đủ 80 tuổi")
    DISABILITY = "disability", _("Người khuyết tật")
    PREGNANT = "pregnant", _("Phụ nữ mang thai")
    SMALL_CHILD = "small_child", _("Có con nhỏ đi cùng")
    MERIT = "merit", _("Người có công")


class Channel(models.TextChoices):
    """How a ticket was taken."""

    KIOSK = "kiosk", _("Máy lấy số")
    COUNTER = "counter", _("Tại quầy hướng dẫn")
    PHONE = "phone", _("Trên điện thoại")
    BOOKING = "booking", _("Đặt lịch trước")
    HAND = "hand", _("Phiếu viết tay")
