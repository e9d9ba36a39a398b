"""A merger while officers act on dossiers, and two administrators at once: committed rows, a connection each."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.agencies.models import ChangeKind, ChangeState, PlannedChange, Position
from motcua.agencies.operations import changes
from motcua.base.audit.queries import verify_all
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import intake
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, later, plan, take_in
from motcua.dossiers.tests.test_following import BASIS, lost_or_doubled
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql
BARRIER = 30
DOSSIERS = 24


@pytest.fixture
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed.database(django_db_blocker):
        yield committed.build()


def _plan(world: World, **values: Any) -> PlannedChange:
    return changes.plan(
        kind=ChangeKind.MERGE, content={"sources": [world.home.pk], "target": world.neighbour.pk},
        on_day=timezone.localdate(), legal_basis=BASIS, actor=SYSTEM, at=timezone.now(), **values,
    )  # fmt: skip


def _told(work: Callable[[], Any]) -> str:
    try:
        work()
    except Refusal as refusal:
        return refusal.code
    return "done"


def _together(*works: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        gate.wait(BARRIER)
        return committed.quietly(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(one, work) for work in works]]


def test_a_merger_under_the_hands_of_officers_loses_and_doubles_nothing(here: World) -> None:
    with acting(SYSTEM):
        dossiers = [take_in(here) for _number in range(DOSSIERS)]
        change = _plan(here)
        hoa, minh = here.actor("hoa"), here.actor("minh")
    now = timezone.now()

    def assigning(mine: list[Dossier]) -> list[str]:
        return [_told(lambda one=one: _assign(one)) for one in mine]  # type: ignore[misc]

    def _assign(dossier: Dossier) -> None:
        with acting(hoa):
            attempt(
                here, "assign", "hoa", dossier, later(hours=1), actor=hoa, to_position=here.positions["hoa"]
            )

    def taking_in(actor: Actor) -> list[str]:
        return [_told(lambda: _intake(actor)) for _number in range(12)]

    def _intake(actor: Actor) -> None:
        with acting(actor):
            intake.accept_at_counter(intake=plan(here, actor), actor=actor, at=MONDAY, key=uuid4().hex)

    def merging() -> str:
        with acting(SYSTEM):
            return str(changes.carry_out(change_id=change.pk, actor=SYSTEM, at=now).state)

    half = DOSSIERS // 2
    first, second, taken, merged = _together(
        lambda: assigning(dossiers[:half]),
        lambda: assigning(dossiers[half:]),
        lambda: taking_in(minh),
        merging,
    )
    assert merged == ChangeState.APPLIED
    said = Counter(first + second)
    with acting(SYSTEM):
        assert lost_or_doubled() == []
        assert Dossier.objects.count() == DOSSIERS + taken.count("done")
        assert set(Dossier.objects.values_list("competent_agency_id", flat=True)) == {here.neighbour.pk}
        heir = Position.objects.get(account=here.accounts["hoa"], valid_to=None)
        given = Dossier.objects.filter(tasks__position=heir, tasks__ended_at=None).count()
        assert given == said["done"], "what was done before the merger went over, what came after was refused"
        assert list(verify_all()) == []


def test_two_administrators_close_one_agency_once(here: World) -> None:
    def closing() -> str:
        def work() -> None:
            with acting(SYSTEM):
                _plan(here)

        return _told(work)

    assert sorted(_together(closing, closing, closing)) == ["closed_twice", "closed_twice", "done"]
    with acting(SYSTEM):
        change = PlannedChange.objects.get()

    def cancelling() -> str:
        def work() -> None:
            with acting(SYSTEM):
                changes.cancel(change_id=change.pk, reason="", actor=SYSTEM, at=timezone.now())

        return _told(work)

    def carrying() -> str:
        def work() -> None:
            with acting(SYSTEM):
                changes.carry_out(change_id=change.pk, actor=SYSTEM, at=timezone.now() + timedelta(minutes=1))

        return _told(work)

    answers = _together(cancelling, carrying)
    with acting(SYSTEM):
        change.refresh_from_db()
        here.home.refresh_from_db()
    if change.state == ChangeState.APPLIED:
        assert answers == ["applied", "done"] and here.home.closed_on is not None
    else:
        assert answers == ["done", "not_due"] and here.home.closed_on is None
