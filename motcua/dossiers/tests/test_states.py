"""The table of states: closed, without dead ends, and the same words everywhere."""

import itertools

import pytest

from motcua.dossiers import permissions, states, words
from motcua.dossiers.states import STATES, TRANSITIONS, Clock, State, Status, Sub


def test_every_state_is_reached_from_the_beginning() -> None:
    reached = {states.NEW}
    while True:
        further = {
            states.target(verb, state) for state in reached for verb in states.allowed(state)
        } | reached
        if further == reached:
            break
        reached = further
    assert reached == set(STATES)


def test_final_states_have_no_way_out_but_a_correction() -> None:
    for state in states.FINAL:
        assert set(states.allowed(state)) <= {"correct"}


def test_every_other_state_can_come_to_an_end() -> None:
    for state in set(STATES) - set(states.FINAL):
        seen, todo = {state}, [state]
        while todo:
            here = todo.pop()
            for verb in states.allowed(here):
                there = states.target(verb, here)
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        assert seen & set(states.FINAL), state


def test_a_verb_leads_to_one_place_from_each_state() -> None:
    for verb, state in itertools.product(states.VERBS, STATES):
        rows = [row for row in TRANSITIONS if row.verb == verb and any(s.covers(state) for s in row.sources)]
        assert len(rows) <= 1, (verb, state)


def test_what_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(states.NotAllowedNow):
        states.transition("accept", states.GRANTED)
    with pytest.raises(states.NotAllowedNow):
        states.transition("resume", State(Status.STOPPED, Sub.STOPPED))


def test_the_clock_stops_exactly_on_the_way_into_the_paused_states() -> None:
    for row in TRANSITIONS:
        if row.clock is Clock.PAUSE:
            assert row.target in states.PAUSED
        if row.clock is Clock.RESUME:
            assert all(source in states.PAUSED for source in row.sources)


def test_every_state_has_its_words_and_every_verb_its_permission() -> None:
    for state in STATES:
        assert (state.status, state.sub) in words.LEGAL
        assert (state.status, state.sub) in words.PLAIN
    for verb in states.VERBS:
        assert verb in permissions.ACTIONS
        assert verb in words.ACTIONS


def test_national_codes_are_the_ten_of_the_portal() -> None:
    assert [status.value for status in Status] == list(range(1, 11))


def test_the_route_ahead_starts_where_the_dossier_stands() -> None:
    from datetime import UTC, datetime

    from motcua.dossiers.route import Stop, stations
    from motcua.workflow.engine import END, Definition, Route, RouteKind, Step

    def step(key: str, *to: str) -> Step:
        kind = RouteKind.CHOICE if len(to) > 1 else RouteKind.NORMAL
        return Step(
            key=key, name=key, routes=tuple(Route(one, one if len(to) > 1 else "", kind) for one in to)
        )

    way = Definition((step("a", "ask", "c"), step("ask", "c"), step("c", "d"), step("d", END)), "a")
    at = datetime(2026, 7, 6, tzinfo=UTC)
    skipped = [Stop("a", "a", "U", at, None, at, True), Stop("c", "c", "U", at, None, None, True)]
    assert [one.name for one in stations(way, skipped, returned=False)][:3] == ["a", "c", "d"]
    sent_back = [
        Stop("a", "a", "U", at, None, at, True),
        Stop("c", "c", "U", at, None, at, True),
        Stop("a", "a", "U", at, None, None, True),
    ]
    names = [(one.name, one.state) for one in stations(way, sent_back, returned=False)]
    assert ("c", "next") in names and ("d", "next") in names
