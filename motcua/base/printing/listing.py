"""Any list as XLSX or CSV, of any length, in memory that does not grow with it: rows are written as they come.

Cells are texts, numbers, days, moments or None. A text is shown, never reckoned, also one that begins with = + - or @.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, cast

import xlsxwriter

from motcua.base.printing import wording

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_EPOCH = datetime(1899, 12, 30, tzinfo=wording.HERE)  # one zone on both sides: the wall clock is subtracted


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands above the rows: the name of the sheet, a title, the heads of the columns and their widths.

    `above` are the lines over the heads where a title is not enough (an office's register): the first `bold` of them
    in bold; an empty one is a gap.
    """

    sheet: str
    title: str
    columns: Sequence[str]
    widths: Sequence[int] = ()
    frozen: int = 1  # columns that stay while the rest moves
    above: Sequence[str] = ()
    bold: int = 1
    author: str = ""

    @property
    def lines(self) -> Sequence[str]:
        return self.above or (self.title,)


def write(kind: str, head: Listing, rows: Iterable[Sequence[Any]], out: IO[bytes]) -> int:
    """Write the list as `kind`, "xlsx" or "csv"; return how many rows it has."""
    return (_xlsx if kind == "xlsx" else _csv)(head, rows, out)


def _xlsx(head: Listing, rows: Iterable[Sequence[Any]], out: IO[bytes]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(cast(Any, out), options)
    book.set_properties({"title": head.title, "author": head.author})
    bold = book.add_format({"bold": True})
    heads = book.add_format(
        {"bold": True, "text_wrap": True, "bg_color": "#F1F3F5", "border": 1, "valign": "vcenter"}
    )
    looks = {
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
    }
    sheet = book.add_worksheet(head.sheet[:31])
    for place, _name in enumerate(head.columns):
        sheet.set_column(place, place, head.widths[place] if place < len(head.widths) else 16)
    top = len(head.lines)
    sheet.freeze_panes(top + 1, head.frozen)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&RTrang &P/&N")
    for line, text in enumerate(head.lines):
        if text:
            sheet.write_string(line, 0, text, bold if line < head.bold else None)
    for place, name in enumerate(head.columns):
        sheet.write_string(top, place, name, heads)
    count = 0
    for row in rows:
        count += 1
        for place, value in enumerate(row):
            _cell(sheet, top + count, place, value, looks)
    sheet.autofilter(top, 0, top + count, len(head.columns) - 1)
    book.close()
    return count


def _cell(sheet: Any, line: int, place: int, value: Any, looks: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        days = (value.astimezone(wording.HERE) - _EPOCH).total_seconds() / 86_400
        sheet.write_number(line, place, days, looks["moment"])
    elif isinstance(value, date):
        sheet.write_number(line, place, (value - _EPOCH.date()).days, looks["day"])
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value))


def _csv(head: Listing, rows: Iterable[Sequence[Any]], out: IO[bytes]) -> int:
    """With a mark of its encoding, so that a spreadsheet reads the Vietnamese letters right."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(head.columns)
    count = 0
    for row in rows:
        count += 1
        writer.writerow([_text(value) for value in row])
    text.detach()
    return count


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(wording.HERE):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}:
        return f"'{value}"
    return value
