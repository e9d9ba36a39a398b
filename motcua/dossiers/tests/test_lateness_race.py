"""Two jobs at once, and people beside the job, on committed rows with a connection each."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from motcua.base.audit.queries import verify
from motcua.base.jobs.system import as_system
from motcua.dossiers import queries
from motcua.dossiers.models import Apology, Dossier
from motcua.dossiers.models.apology import ApologyState
from motcua.dossiers.operations import apology, watching
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, take_in
from motcua.dossiers.tests.test_lateness import DUE, LATE, NEAR
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql
DOSSIERS = 12


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed.database(django_db_blocker):
        yield committed.build()


def running(world: World) -> list[Dossier]:
    found = []
    for _number in range(DOSSIERS):
        with acting(SYSTEM):
            dossier = take_in(world)
            attempt(world, "assign", "hoa", dossier, MONDAY + timedelta(hours=1))
            found.append(dossier)
    return found


def together(*works: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait(30)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(run, work) for work in works]]


def once(dossiers: list[Dossier], verb: str) -> None:
    with acting(SYSTEM):
        for dossier in dossiers:
            entries = queries.history(dossier)
            assert [entry.verb for entry in entries].count(verb) == 1
            assert list(verify(entries)) == []


@pytest.mark.parametrize(("at", "verb"), [(NEAR, "prepare_apology"), (LATE, "note_late")])
def test_two_rounds_at_once_do_everything_once(here: World, at: datetime, verb: str) -> None:
    dossiers = running(here)

    def work() -> watching.Round:
        return watching.look_after(at=at, within=as_system)

    rounds = together(work, work, work)
    assert sum(one.failed for one in rounds) == 0
    once(dossiers, verb)
    with acting(SYSTEM):
        assert Apology.objects.filter(dossier__in=dossiers).count() == DOSSIERS
    assert watching.look_after(at=at, within=as_system).said() == "nothing"


def test_a_leader_and_the_job_and_the_holder_at_once_leave_one_story(here: World) -> None:
    dossiers = running(here)
    watching.look_after(at=NEAR, within=as_system)

    def quietly(work: Callable[..., Any], name: str, **values: Any) -> int:
        done = 0
        for dossier in dossiers:
            actor = here.actor(name)
            try:
                with acting(actor):
                    work(**{**common(here, name, dossier, LATE), **values})
                done += 1
            except Refusal:
                continue
        return done

    def extend() -> int:
        from motcua.dossiers.operations import pauses

        new = LATE.replace(day=29, hour=17)
        return quietly(pauses.extend, "tuan", new_due_at=new, reason="Chờ đo đạc")

    def propose() -> int:
        new = LATE.replace(day=30, hour=17)
        return quietly(apology.propose, "hoa", new_due_at=new, reason="Chờ đo đạc")

    extended, _proposed, job = together(
        extend, propose, lambda: watching.look_after(at=LATE, within=as_system)
    )
    assert extended == DOSSIERS and job.failed == 0
    with acting(SYSTEM):
        for dossier in dossiers:
            dossier.refresh_from_db()
            assert dossier.due_at is not None and dossier.due_at > DUE
            row = Apology.objects.get(dossier=dossier, due_at=DUE)
            assert row.state == ApologyState.APPROVED
            assert list(verify(queries.history(dossier))) == []
