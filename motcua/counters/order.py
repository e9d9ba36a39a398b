"""Who is called next. Pure: the same line, rule and moment give the same answer, and the reason with it.

Within a service: a booked visitor whose time has come, then in the order of the line, one priority ticket after every
`normals` others while both wait. Between the services of a counter: a booked visitor first, then who is furthest ahead
in the line of the hall. The order is by the place in the line, never by the clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket as far as its turn depends on it."""

    key: Any
    service: int
    line: int
    priority: bool = False
    booked_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is next, and by which part of the rule: "booking", "priority" or "line"."""

    ticket: Waiting
    why: str


def next_turn(
    waiting: Iterable[Waiting],
    *,
    serves: Iterable[int],
    streaks: Mapping[int, int],
    normals: int,
    now: datetime,
) -> Turn | None:
    """Return whose turn it is at a counter that serves the services `serves`; None when nobody waits for it.

    `streaks` says how many others were called in each service since its last priority ticket; `normals` after how
    many the next priority ticket comes (0: priority always first).
    """
    served = frozenset(serves)
    lines: dict[int, list[Waiting]] = {}
    for one in sorted(waiting, key=lambda one: one.line):
        if one.service in served:
            lines.setdefault(one.service, []).append(one)
    turns = [_first(line, streaks.get(service, 0), normals, now) for service, line in lines.items()]
    return min(turns, key=lambda turn: (turn.why != "booking", turn.ticket.line), default=None)


def _first(line: list[Waiting], streak: int, normals: int, now: datetime) -> Turn:
    """Return whose turn it is within one service; `line` is in order and not empty."""
    booked = [one for one in line if one.booked_for is not None and one.booked_for <= now]
    if booked:
        return Turn(min(booked, key=lambda one: (one.booked_for, one.line)), "booking")
    favoured = next((one for one in line if one.priority), None)
    if favoured is not None and (streak >= normals or all(one.priority for one in line)):
        return Turn(favoured, "priority")
    return Turn(next(one for one in line if not one.priority), "line")


def order(
    waiting: Iterable[Waiting], *, service: int, streak: int, normals: int, now: datetime
) -> list[Waiting]:
    """Return a service's tickets in the order in which they will be called if nothing changes."""
    rest = [one for one in waiting if one.service == service]
    found = []
    while rest:
        turn = next_turn(rest, serves=[service], streaks={service: streak}, normals=normals, now=now)
        assert turn is not None
        found.append(turn.ticket)
        rest.remove(turn.ticket)
        streak = streak_after(streak, turn.why)
    return found


def turns(
    waiting: Iterable[Waiting],
    *,
    serves: Iterable[int],
    streaks: Mapping[int, int],
    normals: int,
    now: datetime,
    most: int,
) -> list[Turn]:
    """Return whom a counter would call, one after the other, if no other counter called meanwhile; up to `most`."""
    rest, served, counted = list(waiting), frozenset(serves), dict(streaks)
    found: list[Turn] = []
    while len(found) < most:
        turn = next_turn(rest, serves=served, streaks=counted, normals=normals, now=now)
        if turn is None:
            break
        found.append(turn)
        rest.remove(turn.ticket)
        counted[turn.ticket.service] = streak_after(counted.get(turn.ticket.service, 0), turn.why)
    return found


def streak_after(streak: int, why: str) -> int:
    """Return how many were called since the last priority ticket, after a turn; a booked visitor does not count."""
    return {"priority": 0, "booking": streak}.get(why, streak + 1)
