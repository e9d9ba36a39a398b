"""Turns: how many requests compute at a time, who need not wait, and that nobody waits for long."""

import threading
import time

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from motcua.config import turns
from motcua.config.bodies import Arriving, Place
from motcua.config.turns import Turns, TurnsMiddleware


class Crowd:
    """A view that counts how many are inside at once; with `meeting` each waits inside until so many are there."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.lock, self.inside, self.most, self.seconds = threading.Lock(), 0, 0, seconds
        self.meeting: threading.Barrier | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if self.meeting is not None:
            self.meeting.wait()
        time.sleep(self.seconds)
        with self.lock:
            self.inside -= 1
        return HttpResponse("ok")


def send(middleware: TurnsMiddleware, many: int, request: HttpRequest | None = None) -> int:
    """Send `many` requests at once; return how many were answered."""
    answers: list[int] = []
    asked = request or RequestFactory().get("/")
    threads = [
        threading.Thread(target=lambda: answers.append(middleware(asked).status_code)) for _one in range(many)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers.count(200)


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


@override_settings(TURNS=2)
def test_two_at_a_time_and_everyone_is_answered(crowd: Crowd) -> None:
    crowd.meeting = threading.Barrier(2, timeout=60)
    assert send(TurnsMiddleware(crowd), 8) == 8
    assert crowd.most == 2


@override_settings(TURNS=8)
def test_with_more_turns_more_are_inside(crowd: Crowd) -> None:
    crowd.meeting = threading.Barrier(8, timeout=60)
    assert send(TurnsMiddleware(crowd), 8) == 8
    assert crowd.most == 8


@override_settings(TURNS=1)
def test_nobody_waits_for_those_who_wait_themselves(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight requests stuck at a lock for a second are all inside after the patience of the first."""
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    crowd.meeting = threading.Barrier(8, timeout=60)
    assert send(TurnsMiddleware(crowd), 8) == 8
    assert crowd.most == 8


@override_settings(TURNS=1)
def test_whoever_waits_for_a_body_takes_no_turn(crowd: Crowd) -> None:
    request = RequestFactory().post("/")
    request._stream = Arriving(None, 100, Place())  # type: ignore[assignment]
    crowd.meeting = threading.Barrier(4, timeout=60)
    assert send(TurnsMiddleware(crowd), 4, request) == 4
    assert crowd.most == 4


@override_settings(TURNS=1)
def test_a_turn_comes_back_whatever_the_view_does(crowd: Crowd) -> None:
    def broken(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError("planted")

    middleware = TurnsMiddleware(broken)
    with pytest.raises(RuntimeError):
        middleware(RequestFactory().get("/"))
    assert middleware.turns.free == 1


def test_turns_are_given_in_the_order_they_were_asked_for() -> None:
    turns = Turns(1)
    assert turns.take(0)
    order: list[int] = []

    def wait(number: int) -> None:
        assert turns.take(5)
        order.append(number)
        turns.give_back()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == list(range(6)) and turns.free == 1


def test_whoever_gives_up_leaves_the_line() -> None:
    turns = Turns(1)
    assert turns.take(0) and not turns.take(0.01)
    turns.give_back()
    assert turns.free == 1 and turns.take(0)
