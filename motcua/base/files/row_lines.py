"""Rows as the checker's child hands them out: one JSON line each, `[number, cells, merged, unsaved]`.

Runs only inside the child. Cells are values as `lib.tables.as_json` writes them; `merged` and `unsaved` are the
places of cells whose value cannot be trusted: joined with others, a formula that was saved without a value.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from motcua.lib.tables import as_json

ABOVE = 30  # lines over the head do not count
LONGEST_CELL = 4_000


class Bad(Exception):
    """The file is refused; the argument is the problem's word."""


@dataclass(frozen=True)
class Want:
    """What whoever asked can do with: so many rows and columns, and whether text (CSV) will do."""

    rows: int
    columns: int
    text: bool


class Lines:
    """The rows written so far. A blank row is passed over, its number is not."""

    def __init__(self, out: BinaryIO, want: Want) -> None:
        self._out, self._want = out, want
        self.written = 0

    def write(
        self, number: int, cells: Sequence[Any], merged: Iterable[int] = (), unsaved: Iterable[int] = ()
    ) -> None:
        """Write one row, unless nothing is in it. Raises `Bad` at one row too many."""
        wide = self._want.columns
        formulas = sorted(place for place in unsaved if place < wide)
        values = list(cells[:wide])
        least = formulas[-1] + 1 if formulas else 0
        while len(values) > least and (values[-1] is None or values[-1] == ""):
            values.pop()
        values += [None] * (least - len(values))
        if not values:
            return
        self.written += 1
        if self.written > self._want.rows + ABOVE:
            raise Bad("too_many_rows")
        said = [as_json(one[:LONGEST_CELL] if isinstance(one, str) else one) for one in values]
        line = [number, said, sorted(place for place in merged if place < wide), formulas]
        self._out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
