"""What a person may ask about their data, by when it is done, and how far a request has come. Pure.

Source: NĐ 356/2025/NĐ-CP on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: a first answer within two working days; to see or
correct done within 10 days, withdraw or restrict 15, erase 20; extended once, by as much at most. The decree counts
"ngày" there, not working days: they are days of the calendar, and a last day off goes over to the next working day
(Bộ luật Dân sự 2015 Điều 148 khoản 5).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from motcua.lib.due_terms import Limit, Unit
from motcua.lib.finding import mark as _

LAW = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; NĐ 356/2025/NĐ-CP"


class Kind(StrEnum):
    """The five rights that are asked for here; stored, so never renamed."""

    SEE = "see"
    CORRECT = "correct"
    RESTRICT = "restrict"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class State(StrEnum):
    """How far a request has come."""

    NEW = "new"  # nobody has answered yet: the clock of two working days runs
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


OPEN = (State.NEW, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Clock:
    """The limits in force from a day on, by kind of request, in days of the calendar; `answer` in working days."""

    valid_from: date
    answer: int
    days: dict[Kind, int]
    source: str


CLOCKS: tuple[Clock, ...] = (
    Clock(
        date(2026, 1, 1), 2,
        {Kind.SEE: 10, Kind.CORRECT: 10, Kind.RESTRICT: 15, Kind.WITHDRAW: 15, Kind.ERASE: 20},
        "NĐ 356/2025/NĐ-CP",
    ),
)  # fmt: skip


def clock_on(day: date) -> Clock:
    """Return the clocks in force on a day; before the first ones, the first."""
    return next((one for one in reversed(CLOCKS) if one.valid_from <= day), CLOCKS[0])


def answer_limit(day: date) -> Limit:
    """Return the limit of the first answer."""
    return Limit(Decimal(clock_on(day).answer), Unit.WORKING_DAY)


def doing_limit(kind: Kind, day: date) -> Limit:
    """Return the limit to carry a request out, and the longest it may be extended by."""
    return Limit(Decimal(clock_on(day).days[kind]), Unit.CALENDAR_DAY)


NAMES: dict[Kind, str] = {
    Kind.SEE: _("Xem, nhận bản sao dữ liệu"),
    Kind.CORRECT: _("Sửa dữ liệu sai"),
    Kind.RESTRICT: _("Hạn chế dùng dữ liệu"),
    Kind.WITHDRAW: _("Rút lại sự đồng ý"),
    Kind.ERASE: _("Xóa dữ liệu"),
}
STATES: dict[State, str] = {
    State.NEW: _("Chờ trả lời lần đầu"),
    State.ACCEPTED: _("Đang thực hiện"),
    State.DONE: _("Đã thực hiện"),
    State.REFUSED: _("Không thực hiện"),
}
#: What a refusal may rest on; each is said to the person in full.
GROUNDS: dict[str, str] = {
    "archive": _("Dữ liệu thuộc hồ sơ phải lưu trữ (Luật Lưu trữ 33/2024/QH15; NĐ 118/2025/NĐ-CP Điều 22)"),
    "duty": _(
        "Dữ liệu cần để cơ quan thực hiện nhiệm vụ theo luật, không dựa trên sự đồng ý (Luật 91/2025/QH15)"
    ),
    "others": _("Cho xem sẽ lộ dữ liệu của người khác"),
    "identity": _("Chưa chứng minh được là chủ thể dữ liệu"),
    "inquiry": _("Đang phục vụ điều tra, thanh tra, xử lý vi phạm"),
    "wrong": _("Dữ liệu đang đúng theo giấy tờ gốc"),
}
