"""The register (Sổ theo dõi hồ sơ) as PDF and as XLSX, of any length, in memory that does not grow with it.

Both take the lines one by one. The PDF is made in a process of its own (`book_program`): typst keeps what it has set
in a cache, and neither that nor the work belongs into a web process.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import motcua
from motcua.base.printing import listing, wording
from motcua.base.printing.data import Letterhead
from motcua.base.printing.legal_forms import form_on
from motcua.base.printing.listing import Listing

FORM = "register"
#: What the law asks for, in its order (TT 01/2018/TT-VPCP, Mẫu số 06), the two rows of heads as one.
COLUMNS = (
    "TT", "Mã hồ sơ", "Tên thủ tục hành chính", "Số lượng hồ sơ (bộ)", "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại", "Cơ quan chủ trì giải quyết", "Nhận hồ sơ", "Hẹn trả kết quả", "Trả kết quả",
    "Phương thức nhận kết quả", "Ký nhận", "Ghi chú",
)  # fmt: skip
_WIDTHS = (8, 22, 48, 9, 28, 44, 30, 17, 17, 17, 18, 22, 30)
_SECONDS = 900


class BookNotMade(RuntimeError):
    """The process that sets the PDF failed; its own words are in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookHead:
    """What stands above the lines: whose book, which one, what of it, who made this copy and when."""

    letterhead: Letterhead
    book: str
    since: date
    until: date
    narrowed: str = ""
    maker: str
    issued_at: datetime

    @property
    def span(self) -> str:
        return f"từ ngày {self.since:%d/%m/%Y} đến ngày {self.until:%d/%m/%Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """One dossier in the register."""

    number: int
    code: str
    procedure: str
    sets: int
    applicant: str
    reached: str
    responsible: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    how: str
    taken_by: str
    note: str


def write_xlsx(head: BookHead, lines: Iterable[BookLine], out: BinaryIO) -> int:
    """Write the register as a workbook; return the number of lines. Rows go to disk as they come.

    Every text is written as text: one that begins with = + - or @ is shown, not reckoned. Moments are real dates.
    """
    office = head.letterhead.office
    book = "Sổ theo dõi hồ sơ"
    part = " · ".join(part for part in (f"Quyển số {head.book}", head.span, head.narrowed) if part)
    list_head = Listing(
        sheet=book, title=book, columns=COLUMNS, widths=_WIDTHS, frozen=2, author=office,
        above=(office, book.upper(), part, ""), bold=2,
    )  # fmt: skip
    return listing.write("xlsx", list_head, map(_row_of, lines), out)


def _row_of(line: BookLine) -> tuple[object, ...]:
    return (
        line.number, line.code, line.procedure, line.sets, line.applicant, line.reached, line.responsible,
        line.received_at, line.due_at, line.returned_at, line.how, line.taken_by, line.note,
    )  # fmt: skip


def write_pdf(head: BookHead, lines: Iterable[BookLine], out: Path) -> int:
    """Write the register as PDF on A4, lying, heads repeated and pages numbered; return the number of lines."""
    form = form_on(FORM, head.issued_at.astimezone(wording.HERE).date())
    command = [sys.executable, "-m", "motcua.base.printing.book_program", str(out)]
    home = str(Path(motcua.__file__).parent.parent)
    count = 0
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": home, "LANG": "C.UTF-8"}
    ) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        try:
            child.stdin.write(_row(_values(head, form.template) | {"form": _form(form)}))
            for line in lines:
                child.stdin.write(_row(_cells(line)))
                count += 1
            child.stdin.close()
            said = child.stderr.read().decode(errors="replace")
            if child.wait(timeout=_SECONDS) != 0:
                raise BookNotMade(said[-500:])
        except BrokenPipeError:
            raise BookNotMade(child.stderr.read().decode(errors="replace")[-500:]) from None
        finally:
            child.kill()
    return count


def _form(form: object) -> dict[str, str]:
    return {name: getattr(form, name) for name in ("number", "title", "legal_basis")}


def _row(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _values(head: BookHead, template: str) -> dict[str, object]:
    return {
        "template": template,
        "letterhead": asdict(head.letterhead),
        "shop": head.letterhead.office,
        "book": head.book,
        "span": head.span,
        "narrowed": head.narrowed,
        "maker": head.maker,
        "at": head.issued_at.isoformat(),
    }


def _cells(line: BookLine) -> list[str]:
    """Return one line as it stands in the thirteen columns."""
    return [
        str(line.number), line.code, line.procedure, str(line.sets), line.applicant, line.reached, line.responsible,
        _when(line.received_at), _when(line.due_at), _when(line.returned_at), line.how, line.taken_by, line.note,
    ]  # fmt: skip


def _when(at: datetime | None) -> str:
    return f"{at.astimezone(wording.HERE):%H:%M %d/%m/%Y}" if at else ""
