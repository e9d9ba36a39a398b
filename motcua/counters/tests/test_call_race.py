"""Eight people take numbers and eight officers call in the same moments. `-m long` makes 10,000 calls."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from motcua.counters.models import Call, Hall, HallLine, Ticket
from motcua.counters.operations import calling, tickets
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.lib.actor import PUBLIC, Actor
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql
OFFICERS = tuple(f"can{number}" for number in range(8))
ROUND = 96  # numbers that are taken, then called; every round is a race for the same few


def _hall() -> HallWorld:
    with transaction.atomic():
        hall = build(len(OFFICERS), OFFICERS)
        for number, name in enumerate(OFFICERS):
            hall.sit(name, number, "A")
        return hall


def _together(actors: list[Actor], times: int, act: Callable[[Actor], Any]) -> list[Exception]:
    """Let each actor act so many times, all at once; return what was refused or failed."""
    barrier, failed = threading.Barrier(len(actors)), list[Exception]()

    def work(actor: Actor) -> None:
        barrier.wait()
        for _time in range(times):
            try:
                with transaction.atomic():
                    set_database_actor(actor)
                    act(actor)
            except Exception as error:  # whatever it is, the test shows it
                failed.append(error)
        connections.close_all()

    threads = [threading.Thread(target=work, args=[one]) for one in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return failed


def race(rounds: int) -> list[Any]:
    """Take and call `rounds` times `ROUND` numbers; return all that went wrong."""
    hall, wrong = _hall(), list[Any]()
    service, each = hall.services["A"].pk, ROUND // len(OFFICERS)
    officers = list(hall.officers.values())
    for _round in range(rounds):
        at = hall.later(seconds=1)
        wrong += _together(
            [PUBLIC] * len(OFFICERS), each,
            lambda actor, at=at: tickets.issue(
                service_id=service, channel="phone", actor=actor, at=at, key=uuid4().hex
            ),
        )  # fmt: skip
        at = hall.later(seconds=1)
        wrong += _together(
            officers, each,
            lambda actor, at=at: calling.call_next(actor=actor, at=at, key=uuid4().hex)
        )  # fmt: skip
    return wrong + _wrong_in_the_books(rounds * ROUND)


def _wrong_in_the_books(expected: int) -> list[str]:
    calls = list(
        Call.objects.order_by("number").values_list("number", "ticket_id", "ticket__line", "ticket__label")
    )
    labels = {f"A{number:03}" for number in range(1, expected + 1)}
    lines = [line for _number, _ticket, line, _label in calls]
    states = list(Ticket.objects.values_list("state", flat=True))
    holds = {
        "every number is given out once, none is left out": labels == set(Ticket.objects.values_list("label", flat=True)),
        "each number is one ticket": len(states) == expected,
        "calls are numbered without a gap": [one[0] for one in calls] == list(range(1, expected + 1)),
        "nobody is called twice": len({one[1] for one in calls}) == len(calls) == expected,
        "nobody is passed over": lines == sorted(lines),
        "each counter has one visitor, the others were served": states.count(State.CALLED) == len(OFFICERS)
        and states.count(State.SERVED) == expected - len(OFFICERS),
    }  # fmt: skip
    return [claim for claim, true in holds.items() if not true]


def test_eight_counters_call_at_once(fresh_database: str) -> None:
    assert race(1) == []


@pytest.mark.long
def test_ten_thousand_calls_at_once(fresh_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert race(105) == []
    with capsys.disabled():
        print(f"\n{Call.objects.count()} calls")
    assert Call.objects.count() >= 10_000


@pytest.mark.long
def test_a_line_without_its_lock_is_noticed(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: officers who do not wait for each other collide."""

    def unlocked(hall: Hall) -> HallLine:
        return HallLine.objects.get(hall=hall)

    monkeypatch.setattr(calling, "lock_line", unlocked)
    assert race(1)
