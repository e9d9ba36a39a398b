"""A table as text and back, so that a file waits encrypted between the dry run and the run."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from motcua.lib.tables import Cell, Row, Table


def pack(table: Table) -> str:
    """Return a table as JSON."""
    return json.dumps(
        {
            "heading": table.heading,
            "rows": [[row.number, [_out(cell) for cell in row.cells]] for row in table.rows],
            "merged": {row: sorted(columns) for row, columns in table.merged.items()},
            "unsaved": {row: sorted(columns) for row, columns in table.unsaved.items()},
            "encoding": table.encoding,
        },
        ensure_ascii=False,
    )


def unpack(text: str) -> Table:
    """Return the table that `pack` wrote."""
    kept = json.loads(text)
    return Table(
        heading=tuple(kept["heading"]),
        rows=tuple(Row(number, tuple(_in(cell) for cell in cells)) for number, cells in kept["rows"]),
        merged=_marks(kept["merged"]),
        unsaved=_marks(kept["unsaved"]),
        encoding=kept["encoding"],
    )


def _out(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"at": datetime.combine(cell, time()).isoformat()}
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _in(cell: Any) -> Cell:
    return datetime.fromisoformat(cell["at"]) if isinstance(cell, dict) else cell


def _marks(kept: dict[str, list[int]]) -> dict[int, frozenset[int]]:
    return {int(row): frozenset(columns) for row, columns in kept.items()}
