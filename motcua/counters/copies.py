"""A copy of the tickets behind a figure as XLSX or CSV, of any length, in memory that does not grow with it."""

from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _

from motcua.base.printing import listing
from motcua.base.printing.listing import KINDS, Listing
from motcua.counters.figures import TicketRow, Words
from motcua.counters.states import Channel, Priority, State

__all__ = ["KINDS", "MOST", "cells", "columns", "write"]

#: What one file may hold. A year of a large centre is about 150,000 tickets.
MOST = 200_000


def columns() -> tuple[str, ...]:
    """Return the heads of the copy, in its order."""
    return (
        _("Ngày"), _("Số"), _("Nhóm việc"), _("Nhóm việc lúc lấy số"), _("Cách lấy số"), _("Ưu tiên"), _("Trạng thái"),
        _("Lấy số lúc"), _("Gọi lần đầu lúc"), _("Xong lúc"), _("Chờ (phút)"), _("Phục vụ (phút)"), _("Báo từ (phút)"),
        _("Báo đến (phút)"), _("Đúng khoảng báo"), _("Số lần gọi"), _("Quầy"), _("Cán bộ"), _("Số quầy phục vụ lúc đó"),
        _("Ghi chú"),
    )  # fmt: skip


def cells(row: TicketRow, words: Words) -> tuple[Any, ...]:
    """Return one ticket in the order of `columns`; moments as moments, minutes with one place."""
    hit = "" if row.hit is None else _("có") if row.hit else _("không")
    return (
        row.day, row.label, words.services.get(row.service_id, ""), words.services.get(row.first_service_id, ""),
        str(Channel(row.channel).label), str(Priority(row.priority).label) if row.priority else "",
        str(State(row.state).label), row.issued_at, row.first_at, row.ended_at, _tenths(row.waited), _tenths(row.took),
        row.told_low, row.told_high, hit, row.calls, words.of("counter", row.counter_id),
        words.of("officer", row.account_id), row.staffed, row.reason,
    )  # fmt: skip


def _tenths(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def write(kind: str, title: str, rows: Iterable[TicketRow], words: Words, out: IO[bytes]) -> int:
    """Write the copy; return how many tickets stand in it."""
    widths = [28 if place in {2, 3, 17, 19} else 16 for place in range(len(columns()))]
    head = Listing(_("Số thứ tự"), title, columns(), widths, frozen=2)
    return listing.write(kind, head, (cells(row, words) for row in rows), out)
