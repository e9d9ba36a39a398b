"""One way for page and command: read a file, map its columns, look at it, bring it in chunk by chunk, count."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from motcua.agencies.models import Agency
from motcua.base.files import sheets
from motcua.lib import columns
from motcua.lib.actor import Actor
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.tables import Table
from motcua.moving import counting
from motcua.moving.fields import OF_KIND
from motcua.moving.known import Known
from motcua.moving.models import MoveKind
from motcua.moving.operations.dossiers import Brought, bring, split
from motcua.moving.operations.history import bring_history
from motcua.moving.operations.series import bring_series
from motcua.moving.planning import Plan, plan

HISTORY_CHUNK = 1000
Opened = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Source:
    """A file with the meaning of its columns; `agency` is the one of rows that name none."""

    kind: str
    table: Table
    columns: Mapping[str, int]
    system: str
    agency: Agency | None = None


def read(kind: str, stream: BinaryIO, filename: str) -> Table:
    """Read a file of a kind; refuses what is no table of that kind."""
    return sheets.read_table(
        stream=stream, filename=filename, heading_like=columns.heading_like(OF_KIND[kind])
    )


def require_columns(source: Source) -> None:
    """Refuse a map that leaves a needed field without a column, or gives one column to two fields."""
    lacking = columns.missing(OF_KIND[source.kind], source.columns)
    if lacking:
        names = ", ".join(str(one.label) for one in lacking)
        raise Refusal(
            phrase(_("Chưa rõ cột nào là: %(fields)s. Chọn cột cho từng mục rồi xem lại."), fields=names),
            code="columns_missing",
        )
    twice = columns.twice(source.columns)
    if twice:
        names = ", ".join(source.table.heading[one] for one in twice)
        raise Refusal(
            phrase(_("Cột %(columns)s đang dùng cho hai mục. Mỗi cột chỉ cho một mục."), columns=names),
            code="columns_twice",
        )
    if not source.system.strip():
        raise Refusal(
            phrase(_("Ghi tên hệ thống cũ, ví dụ “Một cửa Hải An”: mã cũ thuộc về tên đó.")),
            code="no_system",
            field="system",
        )


def look(source: Source, *, today: date, now: datetime) -> dict[str, object]:
    """The dry run: every row is looked at, nothing is written."""
    require_columns(source)
    if source.kind == MoveKind.DOSSIERS:
        made = _planned(source, today, now)
        return counting.report(made, None, [])
    records = columns.records(source.table, OF_KIND[source.kind], source.columns)
    brought = _other(source, records, today, actor=_NOBODY, at=now, dry=True)
    return counting.report(Plan(read=len(records)), brought, []) | {"ready": brought.new + brought.unchanged}


def run(
    source: Source, *, actor: Actor, at: datetime, today: date, opened: Opened, step: Callable[[int], None]
) -> dict[str, object]:
    """Bring a file in. Each chunk is one transaction that `opened` opens; `step` is told how many rows are through.

    Killed anywhere, it goes on from where it was: what is in is passed over.
    """
    require_columns(source)
    if source.kind != MoveKind.DOSSIERS:
        return _run_other(source, actor, at, today, opened, step)
    with opened():
        made = _planned(source, today, at)
    step(made.read - len(made.rows))
    brought = Brought()
    for chunk in split(made.rows):
        with opened():
            brought.add(bring(rows=chunk, system=source.system, actor=actor, at=at))
        step(len(chunk))
    refused = {one.row for one in brought.troubles}
    out = [*brought.kept, *(row.old_code for row in made.rows if row.number in refused)]
    with opened():
        counts = counting.compare(made.rows, source.system, left_out=out)
    return counting.report(made, brought, counts)


def _planned(source: Source, today: date, now: datetime) -> Plan:
    records = columns.records(source.table, OF_KIND[source.kind], source.columns)
    return plan(records, Known(today, source.agency), now=now)


_NOBODY = Actor(kind="system", name="")


def _run_other(
    source: Source, actor: Actor, at: datetime, today: date, opened: Opened, step: Callable[[int], None]
) -> dict[str, object]:
    records = columns.records(source.table, OF_KIND[source.kind], source.columns)
    brought = Brought()
    for start in range(0, len(records), HISTORY_CHUNK):
        chunk = records[start : start + HISTORY_CHUNK]
        with opened():
            brought.add(_other(source, chunk, today, actor=actor, at=at, dry=False))
        step(len(chunk))
    return counting.report(Plan(read=len(records)), brought, []) | {"ready": brought.new + brought.unchanged}


def _other(source: Source, records: Any, today: date, *, actor: Actor, at: datetime, dry: bool) -> Brought:
    if source.kind == MoveKind.HISTORY:
        return bring_history(records=records, system=source.system, actor=actor, at=at, dry=dry)
    return bring_series(records=records, known=Known(today, source.agency), actor=actor, at=at, dry=dry)
