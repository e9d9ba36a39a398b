"""A table as text and back, so that a file waits encrypted between the dry run and the run."""

import json

from motcua.lib.tables import Row, Table, as_json, from_json


def pack(table: Table) -> str:
    """Return a table as JSON."""
    return json.dumps(
        {
            "heading": table.heading,
            "rows": [[row.number, [as_json(cell) for cell in row.cells]] for row in table.rows],
            "merged": {row: sorted(columns) for row, columns in table.merged.items()},
            "unsaved": {row: sorted(columns) for row, columns in table.unsaved.items()},
            "encoding": table.encoding,
            "remarks": table.remarks,
        },
        ensure_ascii=False,
    )


def unpack(text: str) -> Table:
    """Return the table that `pack` wrote."""
    kept = json.loads(text)
    return Table(
        heading=tuple(kept["heading"]),
        rows=tuple(Row(number, tuple(from_json(cell) for cell in cells)) for number, cells in kept["rows"]),
        merged=_marks(kept["merged"]),
        unsaved=_marks(kept["unsaved"]),
        encoding=kept["encoding"],
        remarks=tuple(kept.get("remarks", ())),
    )


def _marks(kept: dict[str, list[int]]) -> dict[int, frozenset[int]]:
    return {int(row): frozenset(columns) for row, columns in kept.items()}
