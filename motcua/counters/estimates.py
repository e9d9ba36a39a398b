"""How long everybody in a line will wait. Pure: the hall is played forward with the mean time of each service.

What comes out is a range: the mean of the play, and what the spread of the services' times makes of it. It is told as
"khoảng 10 đến 20 phút" and never as one number.
"""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, erfc, hypot, log, sqrt
from typing import Any

from motcua.counters.order import Waiting, streak_after

#: How far the range reaches to each side, in standard deviations: some eight of ten are served within it.
REACH = 1.3
#: What nobody can know of a wait, as a part of it: breaks that are not taken yet, who will come with priority.
_UNSEEN = 0.22
_LEAST = timedelta(minutes=1)
_FINE = 20  # minutes up to which a range is said to the minute
#: Visitors who are called before others take no larger part of the counters' time than this, as far as is foreseen.
_MOST_TAKEN = 0.4
#: From the end of one visit to the next call: papers are put away.
BETWEEN = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a visitor of one service keeps a counter: mean and standard deviation."""

    mean: timedelta
    spread: timedelta


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a service: how many visitors, seconds each kept a counter: mean and standard deviation."""

    count: int = 0
    mean: float = 0.0
    spread: float = 0.0


#: The weekday's visitors count like so many of today's at most, what the office stated like four: the first quick
#: visits of a morning do not make its forecast (the long ones of the same hour are not over yet), a slow day does.
WEEKDAY_COUNTS, STATED_COUNTS = 25, 4
_STATED_SPREAD = 0.6  # standard deviation of what was stated, as a part of it


def learn(minutes: int, *, today: Seen, weekday: Seen) -> Pace:
    """Return the pace of a service: today's visitors, the same weekday's, and the minutes the office stated, mixed."""
    stated = Seen(STATED_COUNTS, minutes * 60.0, minutes * 60.0 * _STATED_SPREAD)
    usual = Seen(min(weekday.count, WEEKDAY_COUNTS), weekday.mean, weekday.spread)
    parts = (today, usual, stated)
    count = sum(one.count for one in parts)
    mean = sum(one.mean * one.count for one in parts) / count
    spread = sum(one.spread * one.count for one in parts) / count
    return Pace(timedelta(seconds=mean), timedelta(seconds=spread))


#: A break, until a hall's own are known: ten minutes.
BREAK = Pace(timedelta(minutes=10), timedelta(minutes=6))


def left(pace: Pace, gone: timedelta) -> timedelta:
    """Return how much longer a visitor is expected to keep a counter after `gone`: times are taken to be lognormal, so
    who has stayed longer than most will stay some more.
    """
    mean, spread, passed = (max(one.total_seconds(), 1.0) for one in (pace.mean, pace.spread, gone))
    if gone <= timedelta(0):
        return pace.mean
    sigma = sqrt(log(1 + (spread / mean) ** 2))
    place = (log(passed) - log(mean) + sigma**2 / 2) / sigma
    above, beyond = _tail(place), _tail(place - sigma)
    if above < 1e-4:  # longer than one in ten thousand: as long again as half of what has passed
        return timedelta(seconds=passed / 2)
    return timedelta(seconds=max(mean * beyond / above - passed, 15.0))


def _tail(place: float) -> float:
    """Return how much of the normal distribution lies above a place."""
    return erfc(place / sqrt(2)) / 2


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter with an officer: what it serves, and when it will be free (now, or when its visitor is done)."""

    serves: frozenset[int]
    free_at: datetime


@dataclass(frozen=True, slots=True)
class Range:
    """From so many minutes to so many, whole ones."""

    low: int
    high: int

    @property
    def said(self) -> "Range":
        """The range as every screen, paper and phone says it: above twenty minutes rounded outwards to five; from none
        to three at least where it begins within a minute."""
        low, high = self.low, self.high
        if high > _FINE:
            low, high = low // 5 * 5, -(-high // 5) * 5
        return Range(low, high) if low > 1 else Range(0, max(high, 3))


class _Line:
    """The tickets of one service that still wait in the play."""

    def __init__(self) -> None:
        self.normal: deque[Waiting] = deque()
        self.priority: deque[Waiting] = deque()
        self.booked: list[Waiting] = []
        self.streak = 0

    def turn(self, normals: int, now: datetime) -> tuple[Waiting, str] | None:
        """Return whose turn it is and why, as `order.next_turn` would, without taking it off."""
        due = [
            (
                one.booked_for,
                one.line,
                number,
            )  # those who are still to come share a time and have no place yet
            for number, one in enumerate(self.booked)
            if one.booked_for and one.booked_for <= now
        ]
        if due:
            return self.booked[min(due)[2]], "booking"
        heads = [*(line[0] for line in (self.normal, self.priority) if line), *self.booked]
        favoured = [one for one in heads if one.priority]
        others = [one for one in heads if not one.priority]
        if favoured and (self.streak >= normals or not others):
            return min(favoured, key=lambda one: one.line), "priority"
        return (min(others, key=lambda one: one.line), "line") if others else None

    def take(self, ticket: Waiting, why: str) -> None:
        if ticket.booked_for:
            self.booked.remove(ticket)
        else:
            (self.priority if ticket.priority else self.normal).popleft()
        self.streak = streak_after(self.streak, why)


@dataclass(frozen=True, slots=True)
class Played:
    """A visitor's turn in the play: after how long, at which desk, as which of that desk's next visitors."""

    key: Any
    service: int
    ahead: bool
    wait: timedelta
    desk: int
    before: int


def waits(
    waiting: Iterable[Waiting],
    desks: Iterable[Desk],
    *,
    paces: Mapping[int, Pace],
    streaks: Mapping[int, int],
    normals: int,
    now: datetime,
    favoured: Mapping[int, float] | None = None,
) -> dict[Any, Range]:
    """Return for the key of each waiting ticket how long it will wait; who no counter serves is left out.

    `favoured` says for each service how many visitors with priority a minute came lately: as many are expected to
    come, and whoever has none waits for them, too. Booked visitors to come are given as waiting.
    """
    known = list(desks)
    beside = Counter(service for desk in known for service in desk.serves)
    found: dict[Any, Range] = {}
    for turn in play(waiting, known, paces=paces, streaks=streaks, normals=normals, now=now):
        pace, wait = paces[turn.service], turn.wait
        if not turn.ahead:
            rate = (favoured or {}).get(turn.service, 0.0)
            taken = rate * pace.mean.total_seconds() / 60 / beside[turn.service]
            wait /= 1 - min(taken, _MOST_TAKEN)
        found[turn.key] = _range(wait, pace, turn.before, beside[turn.service])
    return found


def play(
    waiting: Iterable[Waiting],
    desks: Iterable[Desk],
    *,
    paces: Mapping[int, Pace],
    streaks: Mapping[int, int],
    normals: int,
    now: datetime,
) -> Iterator[Played]:
    """Yield the turns of a hall as they come if every visit takes the mean of its service and nobody else comes."""
    lines = _lines(waiting, streaks)
    free = [(max(desk.free_at, now), number, desk) for number, desk in enumerate(desks)]
    heapq.heapify(free)
    before: dict[int, int] = {}
    while free:
        moment, number, desk = heapq.heappop(free)
        turns = []
        for service in desk.serves:
            turn = lines[service].turn(normals, moment) if service in lines else None
            if turn is not None:
                turns.append((turn[1] != "booking", turn[0].line, service, turn))
        if not turns:
            continue  # nobody is left for this counter
        _rank, _line, service, (ticket, why) = min(turns, key=lambda one: one[:2])
        lines[service].take(ticket, why)
        ahead = ticket.priority or ticket.booked_for is not None
        yield Played(ticket.key, service, ahead, moment - now, number, before.get(number, 0))
        before[number] = before.get(number, 0) + 1
        heapq.heappush(free, (moment + max(paces[service].mean, _LEAST) + BETWEEN, number, desk))


def _lines(waiting: Iterable[Waiting], streaks: Mapping[int, int]) -> dict[int, _Line]:
    lines: dict[int, _Line] = {}
    for one in sorted(waiting, key=lambda one: one.line):
        line = lines.setdefault(one.service, _Line())
        line.streak = streaks.get(one.service, 0)
        (line.booked if one.booked_for else line.priority if one.priority else line.normal).append(one)
    return lines


def _range(wait: timedelta, pace: Pace, before: int, beside: int) -> Range:
    """Return the range around a wait: `before` visitors come first at this counter, and the one who is there now;
    `beside` counters serve the service and even out each other's long visits.
    """
    seconds = wait.total_seconds()
    if seconds < BETWEEN.total_seconds():
        return Range(0, 1)  # a counter is free
    visits = pace.spread.total_seconds() * sqrt((before + 1) / beside)
    spread = hypot(visits, _UNSEEN * seconds) * REACH
    low = max(0, int((seconds - spread) // 60))
    return Range(low, max(low + 1, ceil((seconds + spread) / 60)))
