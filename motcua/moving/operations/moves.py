"""A file brought in through a page: looked at, its columns corrected, run in the background, or taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.operations.informing import inform
from motcua.agencies.models import Agency
from motcua.base.audit.operations import record
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.lib import columns as mapping
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound
from motcua.lib.vietnamese import normalize
from motcua.moving import packing, permissions, runs
from motcua.moving.fields import OF_KIND
from motcua.moving.models import Move, MoveState
from motcua.moving.operations.maps import map_named

RUN_JOB = "moving.run"


@transaction.atomic
def stage(
    *,
    kind: str,
    stream: BinaryIO,
    file_name: str,
    system: str,
    agency: Agency | None,
    map_name: str,
    actor: Actor,
    at: datetime,
) -> Move:
    """Read a file, guess its columns, look at every row, keep it encrypted until it is run. Nothing comes in."""
    permissions.require_moves(actor)
    table = runs.read(kind, stream, file_name)
    found = mapping.guess(table.heading, OF_KIND[kind])
    if map_name:
        found |= mapping.by_headings(table.heading, OF_KIND[kind], map_named(kind, map_name).headings)
    move = Move(
        kind=kind, agency=agency, system=normalize(system)[:40], file_name=normalize(file_name)[:200],
        file_sha256=table.sha256, content=packing.pack(table), columns=found,
        state=MoveState.CHECKED, made_by_id=actor.account_id, position_id=actor.position_id, made_at=at,
    )  # fmt: skip
    _look(move, at)
    move.save(force_insert=True)
    _write(move, "move.stage", actor, at, {"file": move.file_sha256, "rows": len(table.rows)})
    return move


@transaction.atomic
def correct_columns(*, move_id: UUID, columns: Mapping[str, int], actor: Actor, at: datetime) -> Move:
    """Say which column is what, and look at every row anew. Refuses once the file is being run."""
    permissions.require_moves(actor)
    move = _lock(move_id, MoveState.CHECKED)
    width = len(source_of(move).table.heading)
    names = {one.name for one in OF_KIND[move.kind]}
    move.columns = {name: column for name, column in columns.items() if name in names and 0 <= column < width}
    _look(move, at)
    move.save(update_fields=["columns", "report"])
    _write(move, "move.columns", actor, at, {"columns": move.columns})
    return move


@transaction.atomic
def start(*, move_id: UUID, actor: Actor, at: datetime) -> Move:
    """Say that the rows without troubles come in; the job does it. A second click finds it running."""
    permissions.require_moves(actor)
    move = _lock(move_id, MoveState.CHECKED, MoveState.RUNNING, MoveState.DONE)
    if move.state != MoveState.CHECKED:
        return move
    runs.require_columns(source_of(move))
    move.state, move.done = MoveState.RUNNING, 0
    move.made_by_id, move.position_id = actor.account_id, actor.position_id
    move.save(update_fields=["state", "done", "made_by", "position_id"])
    _write(move, "move.start", actor, at, {"file": move.file_sha256})
    return move


@transaction.atomic
def cancel(*, move_id: UUID, actor: Actor, at: datetime) -> Move:
    """Take a file back that has not been run: its rows are forgotten."""
    permissions.require_moves(actor)
    move = _lock(move_id, MoveState.CHECKED)
    move.state, move.content, move.finished_at = MoveState.CANCELLED, "", at
    move.save(update_fields=["state", "content", "finished_at"])
    _write(move, "move.cancel", actor, at, {})
    return move


@transaction.atomic
def finish(*, move_id: UUID, report: dict[str, object], actor: Actor, at: datetime) -> Move:
    """Keep the report of a run, forget the rows, and tell who started it."""
    permissions.require_moves(actor)
    move = _lock(move_id, MoveState.RUNNING)
    said = {"remarks": move.report.get("remarks", [])}
    move.state, move.content, move.report, move.finished_at = MoveState.DONE, "", report | said, at
    move.save(update_fields=["state", "content", "report", "finished_at"])
    facts = {name: report[name] for name in ("new", "changed", "unchanged", "bad_rows", "equal")}
    _write(move, "move.finish", actor, at, facts)
    inform(
        account_ids=[move.made_by_id], mark=f"move:{move.pk}", subject=gettext_lazy("Đã nhập xong tệp của hệ thống cũ"),
        body=gettext_lazy("Dòng mới: %(new)s, đổi: %(changed)s, lỗi: %(bad_rows)s. Mở báo cáo để đối chiếu số."),
        facts=facts, link=f"/moving/{move.pk}/", at=at,
    )  # fmt: skip
    return move


def advance(*, move_id: UUID, done: int) -> None:
    """Note how many rows are through."""
    Move.objects.filter(pk=move_id).update(done=done)


def forget_old(*, at: datetime) -> int:
    """Forget the rows of files that nobody ran within the time they are kept."""
    old = _old(at - keep("moving"))
    return swept("moving", old.update(state=MoveState.CANCELLED, content="", finished_at=at), at=at)


def untouched_since(before: datetime) -> int:
    """Return how many files that nobody ran came before `before`."""
    return _old(before).count()


def _old(before: datetime) -> QuerySet[Move]:
    return Move.objects.filter(state=MoveState.CHECKED, made_at__lt=before)


def source_of(move: Move) -> runs.Source:
    """Return a kept file as a run reads it."""
    return runs.Source(
        move.kind, packing.unpack(move.content or "{}"), move.columns, move.system, move.agency
    )


def _look(move: Move, at: datetime) -> None:
    source = source_of(move)
    lacking = mapping.missing(OF_KIND[move.kind], move.columns)
    twice = mapping.twice(move.columns)
    if lacking or twice:
        move.report = {
            "lacking": [one.name for one in lacking], "twice": twice, "read": len(source.table.rows), "ready": 0,
            "over": 0, "bad_rows": 0, "troubles": [],
        }  # fmt: skip
    else:
        move.report = runs.look(source, today=timezone.localdate(at), now=at)
    move.report["remarks"] = list(source.table.remarks)


def _lock(move_id: UUID, *states: MoveState) -> Move:
    move = (
        Move.objects.select_for_update(of=("self",))
        .select_related("agency__calendar")
        .filter(pk=move_id)
        .first()
    )
    if move is None:
        raise NotFound(_("Không có tệp chuyển đổi này."))
    if move.state not in states:
        raise Conflict(_("Tệp này đã được nhập hoặc đã bỏ. Tải lại trang để xem."), code="move_over")
    return move


def _write(move: Move, verb: str, actor: Actor, at: datetime, facts: dict[str, object]) -> None:
    record(
        actor=actor, verb=verb, subject_kind="move", subject_id=move.pk, at=at,
        payload={"kind": move.kind, "system": move.system, **facts},
    )  # fmt: skip
