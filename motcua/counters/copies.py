"""A copy of the tickets behind a figure as XLSX or CSV, of any length, in memory that does not grow with it."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.counters.figures import TicketRow, Words
from motcua.counters.states import Channel, Priority, State

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: What one file may hold. A year of a large centre is about 150,000 tickets.
MOST = 200_000
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH = datetime(1899, 12, 30, tzinfo=_HERE)  # one zone on both sides: the wall clock is what is subtracted


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
    return (_xlsx if kind == "xlsx" else _csv)(title, rows, words, out)


def _xlsx(title: str, rows: Iterable[TicketRow], words: Words, out: IO[bytes]) -> int:
    """Every text is written as text: one that begins with = + - or @ is shown, not reckoned. Rows go to disk."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(cast(Any, out), options)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "bg_color": "#F1F3F5", "border": 1, "valign": "vcenter"}
    )
    looks = {"moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
             "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})}  # fmt: skip
    sheet = book.add_worksheet(_("Số thứ tự"))
    names = columns()
    for place in range(len(names)):
        sheet.set_column(place, place, 28 if place in {2, 3, 17, 19} else 16)
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.write_string(0, 0, title, book.add_format({"bold": True}))
    for place, name in enumerate(names):
        sheet.write_string(1, place, name, head)
    count = 0
    for count, row in enumerate(rows, 1):
        for place, value in enumerate(cells(row, words)):
            _cell(sheet, count + 1, place, value, looks)
    sheet.autofilter(1, 0, count + 1, len(names) - 1)
    book.close()
    return count


def _cell(sheet: Any, line: int, place: int, value: Any, looks: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_number(
            line, place, (value.astimezone(_HERE) - _EPOCH).total_seconds() / 86_400, looks["moment"]
        )
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif hasattr(value, "year"):
        sheet.write_number(line, place, (value - _EPOCH.date()).days, looks["day"])
    else:
        sheet.write_string(line, place, value)


def _csv(title: str, rows: Iterable[TicketRow], words: Words, out: IO[bytes]) -> int:
    """With a mark of its encoding, so that a spreadsheet reads the Vietnamese letters right."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns())
    count = 0
    for row in rows:
        count += 1
        writer.writerow([_text(value) for value in cells(row, words)])
    text.detach()
    return count


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if hasattr(value, "year"):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}:
        return f"'{value}"  # a spreadsheet would reckon it
    return value
