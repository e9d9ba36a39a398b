"""Rows of the lists, and the three questions asked of them: what holds, what a code is called, which one was meant."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from motcua.lib.vietnamese import fold, normalize

SHIPPED = Path(__file__).parent / "shipped"
NAMES = ("province", "commune", "nation", "ethnic_group", "bank")
COLUMNS = ("code", "name", "parent", "since", "until")
#: What people leave out or shorten before the name of a place ("P. Hồng Bàng", "TP Hải Phòng").
_KINDS = ("thanh pho ", "tinh ", "phuong ", "xa ", "dac khu ", "thi tran ", "tp. ", "tp ", "p. ", "x. ")


class BadList(ValueError):
    """A file of codes can't be read; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row: it holds from `since` (None: always has) to the day before `until` (None: still)."""

    code: str
    name: str
    parent: str = ""
    since: date | None = None
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether the row holds on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def rows(name: str, *, on: date, parent: str = "") -> tuple[Code, ...]:
    """Return the rows of a list that hold on a day, of one `parent` where it is named. An unknown list is empty."""
    return tuple(one for one in _all(name) if one.holds(on) and (not parent or one.parent == parent))


def called(name: str, code: str) -> str:
    """Return what a code is called, also one that no longer holds; the code itself when nobody knows it."""
    return next((one.name for one in reversed(_all(name)) if one.code == code), code)


def holds(name: str, code: str, *, on: date) -> bool:
    """Tell whether a list has this code on a day."""
    return any(one.code == code and one.holds(on) for one in _all(name))


def meant(name: str, text: str, *, on: date, parent: str = "") -> Code | None:
    """Return the one row that somebody means who typed `text`: a code, the name, or the name without its kind.

    Marks and case don't matter; two rows that fit equally well are none.
    """
    wanted, found = fold(normalize(text)), rows(name, on=on, parent=parent)
    for same in (
        [one for one in found if one.code == text.strip()],
        [one for one in found if one.name == normalize(text)],
        [one for one in found if fold(one.name) == wanted],
        [one for one in found if _bare(fold(one.name)) == _bare(wanted)],
    ):
        if len(same) == 1:
            return same[0]
        if same:
            return None
    return None


def read(text: str) -> tuple[Code, ...]:
    """Read a file of codes: `code;name;parent;since;until`, dates as 2025-07-01, lines with # left out."""
    lines = io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return tuple(_rows(csv.DictReader(lines, delimiter=";")))


def _rows(found: "csv.DictReader[str]") -> Iterator[Code]:
    if tuple(found.fieldnames or ()) != COLUMNS:
        raise BadList(f"the first line must be {';'.join(COLUMNS)}")
    for number, row in enumerate(found, start=2):
        values = {name: normalize(value or "") for name, value in row.items() if name}
        if not values["code"] or not values["name"]:
            raise BadList(f"line {number}: code and name are needed")
        try:
            days = [date.fromisoformat(values[name]) if values[name] else None for name in ("since", "until")]
        except ValueError as error:
            raise BadList(f"line {number}: {error}") from error
        yield Code(values["code"], values["name"], values["parent"], days[0], days[1])


def _bare(folded: str) -> str:
    return next((folded[len(kind) :] for kind in _KINDS if folded.startswith(kind)), folded)


def _all(name: str) -> tuple[Code, ...]:
    """Return the rows of a list: ours, and those of the installation, which go before all of ours of the same code."""
    if name not in NAMES:
        return ()
    own = Path(settings.DATA) / "codelists" / f"{name}.csv"
    return _read(name, str(own), own.stat().st_mtime_ns if own.is_file() else 0)


@cache
def _read(name: str, own: str, stamp: int) -> tuple[Code, ...]:
    shipped = read((SHIPPED / f"{name}.csv").read_text(encoding="utf-8"))
    if not stamp:
        return shipped
    brought = read(Path(own).read_text(encoding="utf-8"))
    codes = {one.code for one in brought}
    return tuple(one for one in shipped if one.code not in codes) + brought
