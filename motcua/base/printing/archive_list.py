"""Danh mục hồ sơ hết thời hạn bảo quản as XLSX, of any length, in memory that does not grow with it.

The head follows the list of NĐ 30/2020/NĐ-CP, Phụ lục V (number, title, period, note), with when and after which text a
period ended; no form of law for this list was at hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

import xlsxwriter

COLUMNS = (
    "STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Chủ hồ sơ", "Nội dung", "Lĩnh vực", "Kết thúc ngày",
    "Thời hạn bảo quản (năm)", "Hết thời hạn từ ngày", "Căn cứ", "Kết thúc vì", "Ý kiến xử lý",
)  # fmt: skip
_WIDTHS = (7, 22, 48, 28, 40, 26, 14, 12, 14, 40, 20, 24)
_HEAD_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """What stands above the lines: whose list, for which day, of which part, who made this copy and when."""

    parent: str
    office: str
    day: date
    narrowed: str
    maker: str
    issued_at: datetime  # in local time


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One dossier in the list."""

    code: str
    procedure: str
    applicant: str
    summary: str
    sector: str
    closed_on: date
    years: int
    over_from: date
    source: str
    ended: str


def write_xlsx(head: ListHead, lines: Iterable[ListLine], out: BinaryIO) -> int:
    """Write the list as a workbook; return the number of lines. Texts are texts: "=1+1" is shown, not reckoned."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": "Danh mục hồ sơ hết thời hạn bảo quản", "author": head.office})
    bold = book.add_format({"bold": True})
    look = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#F1F3F5", "valign": "vcenter"}
    )
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    sheet = book.add_worksheet("Hết thời hạn bảo quản")
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(_HEAD_ROWS, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROWS - 1)
    sheet.set_footer("&RTrang &P/&N")
    for row, text in enumerate(_head(head)):
        if text:
            sheet.write_string(row, 0, text, bold if row < 3 else None)
    for place, name in enumerate(COLUMNS):
        sheet.write_string(_HEAD_ROWS - 1, place, name, look)
    count = 0
    for count, line in enumerate(lines, 1):
        row = _HEAD_ROWS - 1 + count
        sheet.write_number(row, 0, count)
        for place, text in (
            (1, line.code), (2, line.procedure), (3, line.applicant), (4, line.summary), (5, line.sector),
            (9, line.source), (10, line.ended),
        ):  # fmt: skip
            if text:
                sheet.write_string(row, place, text)
        sheet.write_datetime(row, 6, datetime.combine(line.closed_on, datetime.min.time()), day)
        sheet.write_number(row, 7, line.years)
        sheet.write_datetime(row, 8, datetime.combine(line.over_from, datetime.min.time()), day)
    sheet.autofilter(_HEAD_ROWS - 1, 0, _HEAD_ROWS - 1 + count, len(COLUMNS) - 1)
    book.close()
    return count


def _head(head: ListHead) -> tuple[str, ...]:
    said = f"Tính đến ngày {head.day:%d/%m/%Y}"
    return (
        head.parent,
        head.office,
        "DANH MỤC HỒ SƠ HẾT THỜI HẠN BẢO QUẢN",
        " · ".join(part for part in (said, head.narrowed) if part),
        f"Lập lúc {head.issued_at:%H:%M %d/%m/%Y}, người lập: {head.maker}",
    )
