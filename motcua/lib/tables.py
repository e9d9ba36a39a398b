"""Read a table out of a file that an office hands over: XLSX or CSV, told apart by content, never by name.

`read` answers with a heading and its rows, or refuses in words. Nothing in the file runs: of a formula the
value that the office program saved is taken. A file that would unpack into far more than it weighs is not unpacked.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold, normalize

Cell = str | int | float | bool | datetime | date | time | timedelta | None

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 50_000
MOST_COLUMNS = 120
HEADING_WITHIN = 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]+)([0-9]+)"[^>]*>\s*<(?:\w+:)?f\b[^<]*(?:/>|</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LETTERS_OF_1258 = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ]")


class BadTable(Refusal):
    """The file is no table that can be read; the message says what to do with it."""

    code = "bad_table"


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the heading. `number` is the one that a person sees beside it in the file."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its rows. `merged` and `unsaved` name columns by row: cells whose value cannot be trusted."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]
    merged: dict[int, frozenset[int]]
    unsaved: dict[int, frozenset[int]]
    encoding: str = ""

    def trouble(self, row: int, column: int) -> str:
        """Return "merged", "formula" or "": why the value of a cell cannot be trusted."""
        if column in self.merged.get(row, ()):
            return "merged"
        return "formula" if column in self.unsaved.get(row, ()) else ""


def read(data: bytes, *, heading_like: Callable[[Sequence[str]], int]) -> Table:
    """Return the table of a file. `heading_like` counts how many words of a row are known headings.

    Of the first twenty rows the one with the most known headings is the heading; titles above it are passed over.
    Refuses an empty or too large file, an old or locked workbook, what is no table, and a table without a heading.
    """
    if not data.strip():
        raise BadTable(phrase(_("Tệp trống. Chọn lại tệp có dữ liệu.")), code="empty")
    if len(data) > MOST_BYTES:
        raise BadTable(
            phrase(_("Tệp lớn hơn 20 MB. Tách thành nhiều tệp nhỏ hơn rồi nhập lần lượt.")), code="too_big"
        )
    if data.startswith(_OLE):
        raise BadTable(
            phrase(
                _("Đây là tệp Excel kiểu cũ (.xls) hoặc tệp có mật khẩu. Mở bằng Excel hay LibreOffice, bỏ mật khẩu, "
                  "lưu thành .xlsx rồi chọn lại.")
            ),
            code="old_workbook",
        )  # fmt: skip
    if data.startswith(b"PK"):
        rows, merged, unsaved = _workbook(data)
        return _table(rows, heading_like, merged, unsaved, "")
    text, encoding = _text(data)
    return _table(_lines(text), heading_like, {}, {}, encoding)


def _table(
    rows: Sequence[Row],
    heading_like: Callable[[Sequence[str]], int],
    merged: dict[int, frozenset[int]],
    unsaved: dict[int, frozenset[int]],
    encoding: str,
) -> Table:
    top = rows[:HEADING_WITHIN]
    scores = [heading_like([words(cell) for cell in row.cells]) for row in top]
    best = max(scores, default=0)
    if best == 0:
        raise BadTable(
            phrase(_("Không thấy dòng tiêu đề cột quen trong 20 dòng đầu. Ghi tên cột ở một dòng rồi chọn lại tệp.")),
            code="no_heading",
        )  # fmt: skip
    at = scores.index(best)
    heading = tuple(words(cell) for cell in top[at].cells)
    while heading and not heading[-1]:
        heading = heading[:-1]
    kept = tuple(
        Row(row.number, (row.cells + (None,) * len(heading))[: len(heading)])
        for row in rows[at + 1 :]
        if any(words(cell) for cell in row.cells)
    )
    if len(kept) > MOST_ROWS:
        raise BadTable(
            phrase(_("Tệp có hơn 50.000 dòng. Tách thành nhiều tệp rồi nhập lần lượt.")), code="too_many_rows"
        )
    return Table(heading, kept, merged, unsaved, encoding)


# ── Workbooks


def _workbook(data: bytes) -> tuple[list[Row], dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    try:
        _require_modest(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise BadTable(phrase(_("Tệp không có trang tính nào. Chọn lại tệp.")), code="no_sheet")
        sheet: Any = sheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        lines = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        rows = [
            Row(number, tuple(cells))
            for number, cells in enumerate(islice(lines, MOST_ROWS + HEADING_WITHIN + 1), 1)
        ]
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            source = packed.read(sheet._worksheet_path)
        book.close()
    except BadTable:
        raise
    except Exception as error:  # a file made to break the reader breaks it in its own ways
        raise BadTable(
            phrase(_("Tệp hỏng hoặc không phải bảng tính .xlsx. Mở lại bằng Excel hay LibreOffice, lưu thành .xlsx.")),
            code="broken",
        ) from error  # fmt: skip
    return rows, _merged(source), _unsaved(source)


def _require_modest(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise BadTable(
                phrase(
                    _("Tệp nén bung ra quá lớn nên không mở. Lưu riêng trang tính cần nhập thành tệp mới.")
                ),
                code="bomb",
            )


def _merged(source: bytes) -> dict[int, frozenset[int]]:
    """Return the columns of merged cells by row. Of a heading or a title they do no harm; nobody asks for those."""
    found: dict[int, set[int]] = {}
    for match in islice(_MERGED.finditer(source), 20_000):
        left, top, right, bottom = (int(one or 0) for one in range_boundaries(match[1].decode()))
        for row in range(top, min(bottom, top + MOST_ROWS) + 1):
            found.setdefault(row, set()).update(range(left - 1, min(right, MOST_COLUMNS)))
    return {row: frozenset(columns) for row, columns in found.items()}


def _unsaved(source: bytes) -> dict[int, frozenset[int]]:
    """Return the columns whose formula was saved without a value, by row."""
    found: dict[int, set[int]] = {}
    for match in _EMPTY_FORMULA.finditer(source):
        found.setdefault(int(match[2]), set()).add(_column(match[1].decode()))
    return {row: frozenset(columns) for row, columns in found.items()}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_name(column: int) -> str:
    """Return the letters above a column, as office programs show them."""
    return str(get_column_letter(column + 1))


# ── Text


def _text(data: bytes) -> tuple[str, str]:
    """Return the text of a CSV with the encoding it was read by; tones typed apart are joined."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, name), name
    sample = data[:4000]
    if sample.count(0) > len(sample) // 5:
        name = "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
        return _decoded(data, name), name
    if 0 in sample:
        raise _no_text()
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "cp1258"), "cp1258"


def _decoded(data: bytes, name: str) -> str:
    try:
        text = unicodedata.normalize("NFC", data.decode(name))
    except UnicodeDecodeError:
        raise _no_text() from None
    if name == "cp1258" and not _LETTERS_OF_1258.search(text):
        raise _no_text()
    return text


def _no_text() -> BadTable:
    return BadTable(
        phrase(
            _("Không đọc được chữ trong tệp. Lưu lại thành .xlsx, hoặc CSV với bảng mã UTF-8, rồi chọn lại.")
        ),
        code="encoding",
    )


def _lines(text: str) -> list[Row]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t|", key=first.count)
    if not first.count(separator):
        separator = max(";,\t|", key=text[:5000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(islice(_numbered(reader), MOST_ROWS + HEADING_WITHIN + 1))
    except csv.Error:
        raise BadTable(
            phrase(_("Tệp CSV có dấu ngoặc kép không khép. Lưu lại thành .xlsx rồi chọn lại.")), code="broken"
        ) from None


def _numbered(reader: Any) -> Iterator[Row]:
    for cells in reader:
        yield Row(reader.line_num, tuple(cells[:MOST_COLUMNS]))


# ── Values of cells


def words(cell: Cell) -> str:
    """Return a cell as text, in one line; a whole number loses its ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return normalize(str(cell)).replace("\n", " ")


def key(text: str) -> str:
    """Return a heading or a word as it is compared: without marks, case and punctuation."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", fold(text)).split())


_DAY = re.compile(
    r"(?:(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})|(?P<y2>\d{4})-(?P<m2>\d{1,2})-(?P<d2>\d{1,2}))"
    r"(?:[ T,]+(?P<h>\d{1,2})[:hg](?P<min>\d{2})?(?::\d{2})?(?:\.\d+)?)?"
)
_CLOCK_FIRST = re.compile(r"(?P<h>\d{1,2})[:hg](?P<min>\d{2})?(?::\d{2})?[ ,]+(?P<rest>\d.*)")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC).replace(tzinfo=None)


class NotADay(ValueError):
    """A cell holds no date. `american`: it would be one with month and day changed over."""

    def __init__(self, *, american: bool = False) -> None:
        super().__init__("no date")
        self.american = american


def moment(cell: Cell) -> datetime | None:
    """Return the moment in a cell, without a zone: a date, its number in a workbook, or text; None if empty."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, bool):
        raise NotADay
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    text = words(cell)
    if not text:
        return None
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _from_number(float(text))
    if turned := _CLOCK_FIRST.fullmatch(text):
        text = f"{turned['rest']} {turned['h']}:{turned['min'] or '00'}"
    found = _DAY.fullmatch(text)
    if found is None:
        raise NotADay
    day, month, year = (int(found[name] or found[f"{name}2"]) for name in "dmy")
    try:
        return datetime.combine(date(year, month, day), time(int(found["h"] or 0), int(found["min"] or 0)))
    except ValueError:
        raise NotADay(american=month > 12 and day <= 12) from None


def may_be_american(cell: Cell) -> bool:
    """Tell whether a date typed as text reads differently with month and day changed over."""
    found = _DAY.fullmatch(words(cell)) if isinstance(cell, str) else None
    return bool(found and found["d"] and int(found["d"]) <= 12 and found["d"] != found["m"])


def _from_number(number: float) -> datetime:
    if not 20_000 <= number <= 80_000:  # the years 1954 to 2119
        raise NotADay
    return (_EPOCH + timedelta(days=number, seconds=30)).replace(second=0, microsecond=0)
