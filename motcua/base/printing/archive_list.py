"""Danh mục hồ sơ hết thời hạn bảo quản as XLSX, of any length, in memory that does not grow with it.

The head follows the list of NĐ 30/2020/NĐ-CP, Phụ lục V (number, title, period, note), with when and after which text a
period ended; no form of law for this list was at hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from motcua.base.printing import listing
from motcua.base.printing.listing import Listing

COLUMNS = (
    "STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Chủ hồ sơ", "Nội dung", "Lĩnh vực", "Kết thúc ngày",
    "Thời hạn bảo quản (năm)", "Hết thời hạn từ ngày", "Căn cứ", "Kết thúc vì", "Ý kiến xử lý",
)  # fmt: skip
_WIDTHS = (7, 22, 48, 28, 40, 26, 14, 12, 14, 40, 20, 24)


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
    name = "Danh mục hồ sơ hết thời hạn bảo quản"
    list_head = Listing(
        sheet="Hết thời hạn bảo quản", title=name, columns=COLUMNS, widths=_WIDTHS, frozen=2, author=head.office,
        above=_head(head), bold=3,
    )  # fmt: skip
    return listing.write(
        "xlsx", list_head, (_row_of(number, one) for number, one in enumerate(lines, 1)), out
    )


def _row_of(number: int, line: ListLine) -> tuple[object, ...]:
    return (
        number, line.code, line.procedure, line.applicant, line.summary, line.sector, line.closed_on, line.years,
        line.over_from, line.source, line.ended,
    )  # fmt: skip


def _head(head: ListHead) -> tuple[str, ...]:
    said = f"Tính đến ngày {head.day:%d/%m/%Y}"
    return (
        head.parent,
        head.office,
        "DANH MỤC HỒ SƠ HẾT THỜI HẠN BẢO QUẢN",
        " · ".join(part for part in (said, head.narrowed) if part),
        f"Lập lúc {head.issued_at:%H:%M %d/%m/%Y}, người lập: {head.maker}",
    )
