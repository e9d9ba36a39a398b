"""Two at once, committed, a connection each: paper stays in one hand, a dossier of two agencies has one owner."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import verify
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, HandoverLine, HandoverSlip, Holding, Task
from motcua.dossiers.operations import custody, ending, processing
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, later, take_in
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql
ROUNDS = 6
BARRIER = 30


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, committed, with a second officer at the counter and in the division, and a head next door."""
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            at = MONDAY - timedelta(days=30)
            both = (Role.SPECIALIST, Role.UNIT_HEAD)
            committed.one_more(world, "nam", "Phạm Văn Nam", UnitKind.DIVISION, both, at)
            committed.one_more(world, "yen", "Lê Thị Yến", UnitKind.ONE_STOP, (Role.RECEIVER,), at)
            next_door = World(world.accounts, world.positions, world.neighbour, world.home)
            committed.one_more(next_door, "phuong", "Lê Thị Phương", UnitKind.DIVISION, both, at)
        yield world


def race(*sides: tuple[Actor, Callable[[], Any]]) -> list[str]:
    """Start all sides at one instant; return what each came to: "done", or the code of its refusal."""
    start = threading.Barrier(len(sides), timeout=BARRIER)

    def run(actor: Actor, work: Callable[[], Any]) -> str:
        start.wait()
        try:
            with acting(actor):
                work()
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(sides)) as pool:
        futures = [
            pool.submit(committed.quietly, lambda actor=actor, work=work: run(actor, work))
            for actor, work in sides
        ]
        return [one.result() for one in futures]


def in_one_hand(dossier: Dossier) -> Holding:
    with acting(SYSTEM):
        assert list(verify(queries.history(dossier))) == []
        return Holding.objects.get(dossier=dossier, until=None)


def given(world: World, dossier: Dossier) -> HandoverSlip:
    division = Unit.objects.get(agency=world.home, kind=UnitKind.DIVISION)
    return custody.hand_over(
        holding_ids=[dossier.holdings.get(until=None).pk], to_unit_id=division.pk, actor=world.actor("minh"),
        at=later(hours=1), key=uuid4().hex,
    )  # fmt: skip


def side(actor: Actor, operation: Callable[..., Any], **values: Any) -> tuple[Actor, Callable[[], Any]]:
    return actor, partial(operation, actor=actor, key=uuid4().hex, **values)


def test_one_bundle_goes_on_one_slip(here: World) -> None:
    units = Unit.objects.filter(agency=here.home, kind__in=(UnitKind.DIVISION, UnitKind.CLERICAL))
    for _round in range(ROUNDS):
        with acting(SYSTEM):
            dossier = take_in(here)
            holding = dossier.holdings.get()
            to = list(units.values_list("pk", flat=True))
        sides = [
            side(
                here.actor(name),
                custody.hand_over,
                holding_ids=[holding.pk],
                to_unit_id=unit,
                at=later(hours=1),
            )
            for name, unit in zip(("minh", "yen"), to, strict=True)
        ]
        assert sorted(race(*sides)) == ["done", "paper_elsewhere"]
        assert in_one_hand(dossier).pk == holding.pk
        with acting(SYSTEM):
            assert HandoverLine.objects.filter(dossier=dossier, state="waiting").count() == 1


def test_one_slip_is_taken_once_and_not_also_withdrawn(here: World) -> None:
    for number in range(ROUNDS):
        with acting(SYSTEM):
            dossier = take_in(here)
            slip = given(here, dossier)
            lines = [slip.lines.get().pk]
        taking = {"slip_id": slip.pk, "taken_ids": lines, "at": later(hours=2)}
        other = (
            side(here.actor("nam"), custody.take, **taking)
            if number % 2
            else side(
                here.actor("minh"), custody.withdraw_slip, slip_id=slip.pk, reason="Nhầm", at=later(hours=2)
            )
        )
        came_to = race(side(here.actor("hoa"), custody.take, **taking), other)
        assert sorted(came_to) == ["done", "paper_elsewhere"]
        now = in_one_hand(dossier)
        with acting(SYSTEM):
            taken = HandoverSlip.objects.get(pk=slip.pk).state == "taken"
            assert Holding.objects.filter(dossier=dossier).count() == (2 if taken else 1)
            assert (now.slip_id == slip.pk) is taken


def test_paper_is_given_back_or_given_on_never_both(here: World) -> None:
    for _round in range(ROUNDS):
        with acting(SYSTEM):
            dossier = take_in(here)
            holding = dossier.holdings.get()
            division = Unit.objects.get(agency=here.home, kind=UnitKind.DIVISION)
        came_to = race(
            side(here.actor("minh"), custody.give_back, holding_id=holding.pk, given_to="Giang", at=later(hours=1)),
            side(
                here.actor("yen"), custody.hand_over, holding_ids=[holding.pk], to_unit_id=division.pk,
                at=later(hours=1),
            ),
        )  # fmt: skip
        assert sorted(came_to) == ["done", "paper_elsewhere"]


def test_two_agencies_at_once_leave_one_owner(here: World) -> None:
    """The receiving centre withdraws while the deciding agency takes the step: exactly one of the two is done."""
    for _round in range(ROUNDS):
        with acting(SYSTEM):
            dossier = take_in(here, competent_agency_id=here.neighbour.pk)
        shared = {"dossier_id": dossier.pk, "at": later(hours=1), "seen": dossier.version}
        came_to = race(
            side(here.actor("minh"), ending.withdraw, reason="Đơn xin rút", **shared),
            side(here.actor("phuong"), processing.assign, to_position=here.positions["phuong"], **shared),
        )
        assert came_to.count("done") == 1, came_to
        with acting(SYSTEM):
            owners = Task.objects.filter(dossier=dossier, is_owner=True, ended_at=None).count()
            assert owners == (0 if came_to[0] == "done" else 1)
            acts = Entry.objects.filter(subject_id=str(dossier.pk)).exclude(verb="accept")
            assert acts.count() == 1


def test_a_race_that_nobody_won_is_noticed(here: World) -> None:
    """Control: the harness tells a refusal from a success."""
    minh = here.actor("minh")

    def refused() -> None:
        custody.take(slip_id=uuid4(), taken_ids=[], actor=minh, at=MONDAY, key=uuid4().hex)

    assert race((minh, refused), (minh, lambda: None)) == ["not_found", "done"]
