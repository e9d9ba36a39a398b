"""Whose turn it is: the rule alone, and the play of a hall against it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from motcua.counters import order
from motcua.counters.estimates import BETWEEN, Desk, Pace, play
from motcua.counters.order import Waiting

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def line(*tickets: str) -> list[Waiting]:
    """Return a line from words: "A", "A*" with priority, "A@5" booked for five minutes ago, "A@-5" in five minutes."""
    found = []
    for number, word in enumerate(tickets, 1):
        service, _at, minutes = word.rstrip("*").partition("@")
        booked = NOW - timedelta(minutes=int(minutes)) if minutes else None
        found.append(Waiting(number, ord(service), number, word.endswith("*"), booked))
    return found


def called(tickets: list[Waiting], normals: int = 2, streak: int = 0) -> list[Any]:
    service = tickets[0].service
    found = order.order(tickets, service=service, streak=streak, normals=normals, now=NOW)
    return [one.key for one in found]


def test_first_come_first_served() -> None:
    assert called(line("A", "A", "A")) == [1, 2, 3]


def test_one_priority_ticket_comes_after_every_two_others() -> None:
    assert called(line("A", "A", "A", "A", "A", "A*", "A*")) == [1, 2, 6, 3, 4, 7, 5]


def test_priority_is_first_where_the_hall_says_so_or_nobody_else_waits() -> None:
    assert called(line("A", "A*", "A*"), normals=0) == [2, 3, 1]
    assert called(line("A*", "A*")) == [1, 2]


def test_what_was_called_before_counts() -> None:
    assert called(line("A", "A", "A*"), streak=1) == [1, 3, 2]


def test_a_booked_visitor_comes_at_the_booked_time_not_before() -> None:
    assert called(line("A", "A@0", "A@-5")) == [2, 1, 3]


def test_a_counter_takes_who_is_furthest_ahead_of_what_it_serves() -> None:
    waiting = line("A", "B", "A", "C")
    turn = order.next_turn(waiting, serves=[ord("B"), ord("C")], streaks={}, normals=2, now=NOW)
    assert turn is not None and turn.ticket.key == 2
    assert order.next_turn(waiting, serves=[ord("D")], streaks={}, normals=2, now=NOW) is None


TICKETS = st.lists(
    st.builds(
        lambda service, star, minutes: f"{service}{'' if minutes is None else f'@{minutes}'}{'*' if star else ''}",
        st.sampled_from("AB"), st.booleans(), st.none() | st.integers(-60, 60),
    ),
    max_size=14,
)  # fmt: skip


@given(TICKETS, st.integers(0, 4), st.integers(0, 5))
def test_everybody_is_called_once_and_nobody_waits_for_ever(
    words: list[str], normals: int, streak: int
) -> None:
    tickets = line(*words)
    for service in {one.service for one in tickets}:
        mine = [one for one in tickets if one.service == service]
        found = order.order(tickets, service=service, streak=streak, normals=normals, now=NOW)
        assert sorted(one.line for one in found) == sorted(one.line for one in mine)
        plain = [one.line for one in found if not one.priority and not one.booked_for]
        favoured = [one.line for one in found if one.priority and not one.booked_for]
        assert plain == sorted(plain) and favoured == sorted(favoured)


@given(TICKETS, st.integers(0, 4), st.integers(1, 3))
def test_the_play_of_a_hall_calls_as_the_rule_does(words: list[str], normals: int, count: int) -> None:
    """With visits of a minute the play hands tickets out in the order of `next_turn` at that counter and moment."""
    tickets = line(*words)
    both = frozenset(map(ord, "AB"))
    pace = {one: Pace(timedelta(minutes=1), timedelta()) for one in both}
    played = play(tickets, [Desk(both, NOW)] * count, paces=pace, streaks={}, normals=normals, now=NOW)
    told = {one.key: one.wait for one in played}
    assert set(told) == {one.key for one in tickets}
    rest, streaks, moment, expected = list(tickets), dict[int, int](), NOW, dict[Any, timedelta]()
    while rest:
        for _desk in range(count):
            turn = order.next_turn(rest, serves=both, streaks=streaks, normals=normals, now=moment)
            if turn is not None:
                rest.remove(turn.ticket)
                service = turn.ticket.service
                streaks[service] = order.streak_after(streaks.get(service, 0), turn.why)
                expected[turn.ticket.key] = moment - NOW
        moment += timedelta(minutes=1) + BETWEEN
    assert told == expected
