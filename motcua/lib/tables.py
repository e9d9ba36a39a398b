"""A table out of a file that an office hands over: its heading, its rows, and what the value of a cell means.

Pure: the file itself is opened by `base.files.sheets`, in the checker's child. Of a formula the value that the office
program saved is taken; where there is none, or cells are joined, `trouble` says so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold, normalize

Cell = str | int | float | bool | datetime | date | time | timedelta | None

HEADING_WITHIN = 20


class BadTable(Refusal):
    """The file is no table that can be read; the message says what to do with it."""

    code = "bad_table"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. `number` is the one that a person sees beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its rows. `merged` and `unsaved` name columns by row: cells whose value cannot be trusted.

    `remarks` say what of the file was not read (hidden sheets, others), `sha256` which file it was.
    """

    heading: tuple[str, ...]
    rows: tuple[Row, ...]
    merged: dict[int, frozenset[int]]
    unsaved: dict[int, frozenset[int]]
    encoding: str = ""
    remarks: tuple[str, ...] = ()
    sha256: str = ""

    def trouble(self, row: int, column: int) -> str:
        """Return "merged", "formula" or "": why the value of a cell cannot be trusted."""
        if column in self.merged.get(row, ()):
            return "merged"
        return "formula" if column in self.unsaved.get(row, ()) else ""


def under_heading(
    rows: Sequence[Row],
    heading_like: Callable[[Sequence[str]], int],
    *,
    merged: dict[int, frozenset[int]],
    unsaved: dict[int, frozenset[int]],
    encoding: str = "",
    remarks: tuple[str, ...] = (),
    sha256: str = "",
) -> Table:
    """Return the rows as a table. `heading_like` counts how many words of a row are known headings.

    Of the first twenty rows the one with the most known headings is the heading; titles above it are passed over.
    Refuses rows of which none is a heading.
    """
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
        if any(words(cell) for cell in row.cells) or row.number in unsaved
    )
    return Table(heading, kept, merged, unsaved, encoding, remarks, sha256)


def column_name(column: int) -> str:
    """Return the letters above a column, as office programs show them: 0 is A, 26 is AA."""
    text, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(65 + letter) + text
    return text


# ── Cells on their way between processes, and into the database


def as_json(cell: Cell) -> Any:
    """Return a cell as JSON keeps it: a moment becomes {"at": …}, a duration text."""
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"at": datetime.combine(cell, time()).isoformat()}
    return str(cell) if isinstance(cell, time | timedelta) else cell


def from_json(cell: Any) -> Cell:
    """Return the cell that `as_json` wrote."""
    return datetime.fromisoformat(cell["at"]) if isinstance(cell, dict) else cell


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
