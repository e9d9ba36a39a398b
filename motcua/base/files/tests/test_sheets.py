"""The one door for files of rows: typed cells, marks, what is not read; bombs end soon and stay outside the program."""

import io
import re
import time
import unicodedata
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from motcua.base.files import sheets
from motcua.base.files.sheets import LIST, TABLE, SheetRead, Use
from motcua.lib.refusal import Refusal
from motcua.lib.tables import Row, under_heading

KILO = 1024
MOST_GROWTH = 8 * KILO  # kilobytes


def read(data: bytes, use: Use = TABLE, name: str = "so.xlsx") -> SheetRead:
    return sheets.read_sheet(stream=io.BytesIO(data), filename=name, use=use)


def refused(data: bytes, use: Use = TABLE) -> Refusal:
    with pytest.raises(Refusal) as found:
        read(data, use)
    return found.value


def saved(book: Any) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def with_sheet(source: bytes | None = None, **parts: bytes) -> bytes:
    """Return a small workbook whose sheet's XML is another, or that has other parts in place of its own."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Tên", "Số"])
    changed = parts if source is None else {"xl/worksheets/sheet1.xml": source, **parts}
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(book))) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, changed.get(part.filename, old.read(part)))
    return kept.getvalue()


NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows: bytes, after: bytes = b"") -> bytes:
    return b"<worksheet " + NAMESPACE + b"><sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"


# ── What comes out


def test_cells_keep_their_types() -> None:
    book = openpyxl.Workbook()
    day = datetime(2026, 6, 1, 8, 30)  # noqa: DTZ001  (a cell has no zone)
    book.worksheets[0].append(["Đỗ", 7, 1.5, day, True, None, timedelta(hours=1), " hai  dòng"])
    book.worksheets[0].append([])
    book.worksheets[0].append([None, "#REF!"])
    got = read(saved(book))
    assert got.rows[0].number == 1 and got.rows[0].cells[:6] == ("Đỗ", 7, 1.5, day, True, None)
    assert isinstance(got.rows[0].cells[4], bool) and isinstance(got.rows[0].cells[6], str)
    assert got.rows[1] == Row(3, (None, "#REF!")), "a blank row is passed over, its number is not"


def test_joined_cells_and_formulas_without_a_value_are_marked_where_they_are() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for number in range(1, 6):
        page.append([number, "a", "b", "c"])
    page.merge_cells("B2:C3")
    page.merge_cells("A3:A4")
    page["D5"] = "=NOW()"
    page["F5"] = "=1+1"
    got = read(saved(book))
    assert got.merged == {2: {1, 2}, 3: {0, 1, 2}, 4: {0}} and got.unsaved == {5: {3, 5}}
    table = under_heading(got.rows, lambda cells: cells.count("c"), merged=got.merged, unsaved=got.unsaved)
    assert (table.trouble(3, 1), table.trouble(5, 3), table.trouble(2, 3)) == ("merged", "formula", "")


def test_a_formula_counts_as_the_value_stored_with_it() -> None:
    rows = b'<row r="1"><c r="A1" t="str"><f>1+1</f><v>hai</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
    got = read(with_sheet(sheet_of(rows)))
    assert got.rows == [Row(1, ("hai", 2))] and not got.unsaved


def test_hidden_and_other_sheets_are_told_of() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Lương", 0).sheet_state = "hidden"
    book.worksheets[1].append(["a"])
    book.create_sheet("Nháp")
    got = read(saved(book))
    assert "Lương" in got.remarks[0] and "Nháp" in got.remarks[1] and got.sheet == "Sheet"


def test_a_row_far_down_is_not_lost() -> None:
    """A few hundred blank rows once ended a sheet: what stood under them was never seen."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["A5000"] = "đầu", "cuối"
    assert [row.number for row in read(saved(book)).rows] == [1, 5000]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_in_the_encodings_of_offices(encoding: str, separator: str) -> None:
    text = (
        separator.join(["Mã hồ sơ", "Đỗ Thị Hoa", "Ninh Bình"]) + f'\r\n1{separator}"a\r\nb"{separator}\r\n'
    )
    got = read(_typed(text, encoding).encode(encoding), name="so.csv")
    assert got.rows == [Row(1, ("Mã hồ sơ", "Đỗ Thị Hoa", "Ninh Bình")), Row(3, ("1", "a\r\nb"))]
    assert got.encoding == encoding


def _typed(text: str, encoding: str) -> str:
    """As Windows writes 1258: base letters whole, tones apart."""
    return "".join(map(_apart, text)) if encoding == "cp1258" else text


def _apart(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = [one for one in parts if one in "\u0300\u0309\u0303\u0301\u0323"]
    base = unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
    return base + "".join(tones)


@pytest.mark.parametrize("start", ["BM", "MZ", "ID3", "#!"])
def test_text_that_begins_like_another_kind_is_text(start: str) -> None:
    assert read(f"{start} biểu mẫu;số\n1;2\n".encode()).rows[0].cells[1] == "số"


# ── What is refused


def test_each_use_has_its_limits() -> None:
    few = Use(10_000, 40, 3, text=True)
    assert (
        refused(b"a;b\n" * 71, few).code == "file_too_many_rows"
        and "40 dòng" in refused(b"a;b\n" * 71, few).message
    )
    assert "Tách thành nhiều tệp" in refused(b"a;b\n" * 2501, few).message
    assert read(b"a;b;c;d;e\n", few).rows == [Row(1, ("a", "b", "c"))]
    assert (
        refused(b"a;b\n", LIST).code == "file_text"
        and "10.000" in sheets.refusals.sheet_not_taken("a", "too_many_rows", LIST.most_rows).message
    )


def test_every_word_of_the_child_has_its_words_here() -> None:
    """Read out of the source: a new word without a message would come out as "a file of unknown kind"."""
    folder = Path(sheets.__file__).parent
    text = "".join((folder / f"{name}.py").read_text() for name in ("spreadsheet", "separated", "row_lines"))
    words = set(re.findall(r'Bad\("(\w+)"\)|"problem": "(\w+)"', text))
    found = {one or other for one, other in words}
    assert len(found) > 9
    for word in found:
        assert "thật ra là" not in sheets.refusals.sheet_not_taken("a.xlsx", word, 10).message


def _zip_bomb() -> bytes:
    return with_sheet(sheet_of(b" " * (190 * KILO * KILO)))


def _over_the_limit() -> bytes:
    rows = (
        b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919 % 10**6) for n in range(1, 70_000)
    )
    return with_sheet(sheet_of(b"".join(rows)))


def _blank_rows() -> bytes:
    return with_sheet(sheet_of(b"".join(b'<row r="%d" ht="15"/>' % n for n in range(1, 1_048_577))))


def _far_numbers() -> bytes:
    return with_sheet(sheet_of(b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>'))


def _entities() -> bytes:
    grown = (
        b'<!DOCTYPE w [<!ENTITY a "'
        + b"x" * 50_000
        + b'">]>'
        + sheet_of(b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"&a;" * 50_000 + b"</t></is></c></row>")
    )
    return with_sheet(grown)


def _entities_in_strings() -> bytes:
    styles = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><styleSheet>&a;</styleSheet>'
    return with_sheet(**{"xl/styles.xml": styles})


def _merged_everywhere() -> bytes:
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 20_010))
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return with_sheet(sheet_of(row, b"<mergeCells>" + areas + b"</mergeCells>"))


BOMBS = {
    "zip": (_zip_bomb, "file_sheet_too_heavy"),
    "rows": (_over_the_limit, "file_too_many_rows"),
    "blank": (_blank_rows, "file_sheet_empty"),
    "numbers": (_far_numbers, "file_sheet_broken"),
    "entities": (_entities, "file_sheet_dtd"),
    "foreign": (_entities_in_strings, "file_sheet_dtd"),
    "merged": (_merged_everywhere, "file_sheet_merged"),
}


def peak_growth(work: Any) -> int:
    """Return by how many kilobytes this process grew at most while the work was done."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _kilobytes("VmRSS")
    work()
    return _kilobytes("VmHWM") - before


def _kilobytes(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def test_growth_is_noticed() -> None:
    """Control: what the next test measures would show a reader of our own."""
    # So much at once always comes fresh from the system, never out of what was freed before.
    assert peak_growth(lambda: bytearray(b"x") * (64 * KILO * KILO)) > MOST_GROWTH


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_soon_and_stays_outside_the_program(name: str) -> None:
    made, code = BOMBS[name]
    stream = io.BytesIO(made())
    read(b"a;b\n")  # the child stands
    began = time.monotonic()

    def work() -> None:
        with pytest.raises(Refusal) as found:
            sheets.read_sheet(stream=stream, filename="so.xlsx", use=TABLE)
        assert found.value.code == code

    grown = peak_growth(work)
    assert grown < MOST_GROWTH, f"{grown} kB"
    assert time.monotonic() - began < sheets.sandbox.ROWS_SECONDS


def test_a_million_blank_rows_under_the_last_one_are_no_obstacle() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row>' + b"".join(
        b'<row r="%d" ht="15"/>' % n for n in range(2, 1_048_577)
    )
    assert read(with_sheet(sheet_of(rows)), LIST).rows == [Row(1, (1,))]
