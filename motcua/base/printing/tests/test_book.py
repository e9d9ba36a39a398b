"""The register as a file: read back as text, as a workbook, and counted at a length that shows memory."""

import io
import resource
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest

from conftest import need
from motcua.base.printing import book, wording
from motcua.base.printing.data import Letterhead

AT = datetime(2026, 7, 6, 9, 15, tzinfo=wording.HERE)
HOSTILE = (
    '=HYPERLINK("http://x";"y")',
    "+84912345678",
    "-1+1",
    "@SUM(A1)",
    "#set page(fill: red)",
    "<b>&amp;\x07",
)
HEAD = book.BookHead(
    letterhead=Letterhead(parent="UBND thành phố Hải Phòng", office="UBND phường Hải An", place="Hải An"),
    book="2026", since=date(2026, 1, 1), until=date(2026, 7, 6), narrowed="Lĩnh vực: Hộ tịch", maker="Vũ Đức Minh",
    issued_at=AT,
)  # fmt: skip


def line(number: int, name: str = "Phạm Thị Hương Giang") -> book.BookLine:
    return book.BookLine(
        number=number, code=f"H24.13-260706-{number:05}", procedure="Đăng ký khai sinh", sets=1, applicant=name,
        reached="Tổ 4, phường Hải An; 0912345678", responsible="Phòng Văn hóa - Xã hội", received_at=AT, due_at=AT,
        returned_at=None, how="Tại quầy", taken_by="", note="",
    )  # fmt: skip


def lines(count: int) -> Iterator[book.BookLine]:
    return (line(number) for number in range(1, count + 1))


def pdf(tmp_path: Path, given: Iterator[book.BookLine]) -> bytes:
    made = tmp_path / "book.pdf"
    book.write_pdf(HEAD, given, made)
    return made.read_bytes()


def text_of(made: bytes) -> str:
    program = need("pdftotext", "poppler-utils")
    return subprocess.run(
        [program, "-layout", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()


def test_every_line_stands_once_and_each_page_repeats_the_heads(tmp_path: Path) -> None:
    count = 450  # more than two parts
    made = pdf(tmp_path, lines(count))
    pages = [page for page in text_of(made).split("\f") if page.strip()]
    whole = "\n".join(pages)
    assert [whole.count(f"260706-{number:05}") for number in range(1, count + 1)] == [1] * count
    for number, page in enumerate(pages, 1):
        assert f"Trang {number}" in page
        assert "Mã hồ sơ" in page or number == len(pages)
    assert "SỔ THEO DÕI HỒ SƠ" in pages[0] and "SỔ THEO DÕI HỒ SƠ" not in whole[len(pages[0]) :]
    assert f"Sổ này ghi {count} hồ sơ" in pages[-1]
    assert "Mẫu số 07" in pages[0]
    box = pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox
    assert float(box.width) > float(box.height)


def test_what_people_typed_stays_text_in_both(tmp_path: Path) -> None:
    hostile = [line(number, name) for number, name in enumerate(HOSTILE, 1)]
    shown = text_of(pdf(tmp_path, iter(hostile)))
    assert "=HYPERLINK" in shown and "@SUM(A1)" in shown and "#set" in shown
    out = io.BytesIO()
    assert book.write_xlsx(HEAD, iter(hostile), out) == len(HOSTILE)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    for row, name in enumerate(HOSTILE, 6):
        cell = sheet.cell(row, 5)
        assert cell.data_type == "s"  # a formula would be "f"
        assert cell.hyperlink is None
        assert "".join(letter for letter in str(cell.value) if letter >= " ").startswith(
            name.rstrip("\x07")[:5]
        )


def test_the_workbook_has_the_columns_of_the_law_and_real_dates() -> None:
    out = io.BytesIO()
    book.write_xlsx(HEAD, lines(3), out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert tuple(cell.value for cell in sheet[5]) == book.COLUMNS
    assert sheet["H6"].value == AT.replace(tzinfo=None)
    assert sheet["A8"].value == 3
    assert sheet["A3"].value == "Quyển số 2026 · từ ngày 01/01/2026 đến ngày 06/07/2026 · Lĩnh vực: Hộ tịch"


def test_an_empty_part_is_a_page_that_says_so(tmp_path: Path) -> None:
    assert "Không có hồ sơ nào" in text_of(pdf(tmp_path, lines(0)))


def test_a_program_that_fails_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(book.BookNotMade):
        book.write_pdf(HEAD, lines(3), tmp_path / "missing" / "book.pdf")


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    """Ten times the lines, and the peak stays where it was."""
    for count, most in ((2_000, None), (20_000, 30_000)):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with (tmp_path / f"{count}.xlsx").open("w+b") as out:
            assert book.write_xlsx(HEAD, lines(count), out) == count
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert most is None or grown < most  # kB; a list of these lines alone takes about twice that
