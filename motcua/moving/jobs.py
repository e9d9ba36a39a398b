"""Runs of files in the background, a transaction a chunk; a run that was cut off goes on when the worker is back."""

from uuid import UUID

from django.utils import timezone

from motcua.agencies.queries import actor_for
from motcua.base.jobs.operations import defer, job, periodic
from motcua.base.jobs.system import as_system
from motcua.lib.actor import SYSTEM
from motcua.moving import runs
from motcua.moving.models import Move, MoveState
from motcua.moving.operations import moves


@job(name=moves.RUN_JOB, lock="moving.run")
def run(move_id: str) -> None:
    """Bring one file in, in the name of whoever started it."""
    now = timezone.now()
    with as_system():
        move = (
            Move.objects.select_related("agency__calendar")
            .filter(pk=UUID(move_id), state=MoveState.RUNNING)
            .first()
        )
        if move is None:
            return
        today = timezone.localdate(now)
        actor = actor_for(move.position_id, today) if move.position_id else SYSTEM
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        with as_system():
            moves.advance(move_id=move.pk, done=done)

    report = runs.run(moves.source_of(move), actor=actor, at=now, today=today, opened=as_system, step=step)
    with as_system():
        moves.finish(move_id=move.pk, report=report, actor=actor, at=timezone.now())


@periodic(cron="*/10 * * * *")
@job(name="moving.go_on", queueing_lock="moving.go_on")
def go_on(timestamp: int) -> None:
    """Take up runs that were cut off (what is in is passed over), and forget files nobody ran."""
    with as_system():
        for move in Move.objects.filter(state=MoveState.RUNNING):
            defer(moves.RUN_JOB, move_id=str(move.pk))
        moves.forget_old(at=timezone.now())
