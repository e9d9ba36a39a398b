"""Two workers, two approvers, and an officer beside the worker, on committed rows with a connection each."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from motcua.base.audit.queries import verify
from motcua.base.jobs.system import as_system
from motcua.dossiers import queries
from motcua.dossiers.models import DueMove, Recompute
from motcua.dossiers.models.recompute import MoveState, RecomputeState
from motcua.dossiers.operations import pauses, recompute
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, take_in
from motcua.dossiers.tests.test_lateness_race import together
from motcua.dossiers.tests.test_recompute import AN, KIM, NOW, approved, proposed, storm
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql
EVA = Actor(kind="officer", account_id=903, roles=frozenset({"business_admin"}), name="Eva")


@pytest.fixture
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed.database(django_db_blocker):
        yield committed.build()


def waiting(world: World, number: int) -> tuple[Recompute, list[Any]]:
    """Dossiers that a storm concerns, counted, and the choice to move them proposed."""
    dossiers = []
    for _n in range(number):
        with acting(SYSTEM):
            dossiers.append(take_in(world))
    with acting(SYSTEM):
        row = recompute.open_for_day(day_id=storm().pk, actor=KIM, at=NOW, key=uuid4().hex)
    recompute.run(at=NOW, within=as_system)
    with acting(SYSTEM):
        row.refresh_from_db()
        proposed(row)
    return row, dossiers


def test_two_workers_and_two_approvers_do_everything_once(here: World) -> None:
    row, dossiers = waiting(here, 8)

    def approve(actor: Actor) -> bool:
        try:
            with acting(SYSTEM):
                recompute.approve(recompute_id=row.pk, actor=actor, at=NOW, key=uuid4().hex)
        except Refusal:
            return False
        return True

    assert sorted(together(lambda: approve(AN), lambda: approve(EVA))) == [False, True]
    work = lambda: recompute.run(at=NOW, within=as_system)  # noqa: E731
    assert sum(together(work, work)) == len(dossiers)
    with acting(SYSTEM):
        assert Recompute.objects.get(pk=row.pk).state == RecomputeState.DONE
        for dossier in dossiers:
            entries = queries.history(dossier)
            assert [entry.verb for entry in entries].count("recompute") == 1
            assert list(verify(entries)) == []


def test_an_officer_beside_the_worker_is_never_overwritten(here: World) -> None:
    row, dossiers = waiting(here, 6)
    with acting(SYSTEM):
        approved(row)

    def suspend() -> int:
        stopped = 0
        for dossier in dossiers:
            try:
                with acting(SYSTEM):
                    pauses.suspend(**common(here, "tuan", dossier, NOW, reason="Chờ cơ quan khác"))
                stopped += 1
            except Refusal:
                continue
        return stopped

    moved, _stopped = together(lambda: recompute.run(at=NOW, within=as_system), suspend)
    with acting(SYSTEM):
        states = dict(DueMove.objects.filter(recompute=row).values_list("dossier_id", "state"))
        assert set(states.values()) <= {MoveState.MOVED, MoveState.SKIPPED}
        assert list(states.values()).count(MoveState.MOVED) == moved
        for dossier in dossiers:
            before = dossier.due_at
            dossier.refresh_from_db()
            assert (dossier.due_at != before) == (states[dossier.pk] == MoveState.MOVED)
            assert list(verify(queries.history(dossier))) == []
