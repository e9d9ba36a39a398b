"""Random days of a hall beside a model that knows no database. `-m long` lives 100,000 steps."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from motcua.counters import order
from motcua.counters.models import Call, Ticket
from motcua.counters.operations import calling, staffing, tickets
from motcua.counters.order import Waiting, next_turn
from motcua.counters.states import AT_A_COUNTER, State
from motcua.counters.tests.hall_world import KIOSK, HallWorld, build
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
OFFICERS = ("an", "be", "cu")
PARTS = 7
STEPS = {"here": 0}


class Day(RuleBasedStateMachine):
    """Every act of a hall, in any order. The model keeps what each ticket must be, and whose turn it is."""

    world: HallWorld

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.hall = build()
        self.states: dict[Any, State] = {}
        self.facts: dict[Any, Waiting] = {}
        self.only: dict[Any, str] = {}
        self.held: dict[Any, Any] = {}
        self.calls: dict[Any, int] = {}
        self.at: dict[str, Any] = {}  # who is on duty → the ticket there
        self.paused: set[str] = set()
        self.serves: dict[str, frozenset[str]] = {name: frozenset() for name in OFFICERS}
        self.streaks: dict[int, int] = {}
        self.labels: set[str] = set()
        self.made = 0
        for name, services in (("an", "AB"), ("be", "AC")):
            self.sit(name)
            self.assign(name, frozenset(services))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def refused(self, work: Any, **values: Any) -> bool:
        try:
            with transaction.atomic():
                work(**values, at=self.hall.now, key=uuid4().hex)
        except Refusal:
            return True
        return False

    def pick(self, number: int, *states: State) -> Any:
        fitting = [key for key, state in self.states.items() if not states or state in states]
        return fitting[number % len(fitting)] if fitting else None

    @rule(
        prefixes=st.text("ABC", min_size=1, max_size=4), priority=st.sampled_from(["", "", "elderly"]),
        real=st.integers(0, 4), wait=st.integers(0, 240),
    )  # fmt: skip
    def take(self, prefixes: str, priority: str, real: int, wait: int) -> None:
        self.hall.later(seconds=wait)
        for prefix in prefixes:
            self.take_one(prefix, priority, real)

    def take_one(self, prefix: str, priority: str, real: int) -> None:
        ticket = self.hall.take(prefix, priority=priority, real=real > 0)
        assert ticket.label not in self.labels, "a number was given twice"
        self.labels.add(ticket.label)
        self.made += 1
        self.states[ticket.pk] = State.WAITING if real else State.PENDING
        self.facts[ticket.pk] = Waiting(ticket.pk, ticket.service_id, ticket.line, bool(priority))

    @rule(number=st.integers(0, 50))
    def show(self, number: int) -> None:
        """An officer sees a paper whose print was never confirmed."""
        key = self.pick(number, State.PENDING, State.VOID)
        if key is not None:
            assert not self.refused(tickets.confirm, ticket_id=key, actor=self.hall.officers["an"])
            self.states[key] = State.WAITING

    @rule(number=st.integers(0, 50))
    def void(self, number: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        allowed = self.states[key] in {State.PENDING, State.WAITING}
        done = not self.refused(tickets.void, ticket_id=key, reason="thử", actor=self.hall.officers["an"])
        assert done == allowed
        if done:
            self.states[key] = State.VOID

    @rule(number=st.integers(0, 50))
    def give_back(self, number: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        token = Ticket.objects.get(pk=key).token
        done = not self.refused(tickets.cancel, token=token, actor=KIOSK)
        assert done == (self.states[key] in {State.WAITING, State.HELD})
        if done:
            self.states[key] = State.CANCELLED

    @rule(name=st.sampled_from(OFFICERS))
    def sit(self, name: str) -> None:
        place = OFFICERS.index(name)
        counter = self.hall.counters[place].pk
        assert not self.refused(staffing.sign_on, counter_id=counter, actor=self.hall.officers[name])
        self.at.setdefault(name, None)

    @rule(name=st.sampled_from(OFFICERS), services=st.frozensets(st.sampled_from("ABC")))
    def assign(self, name: str, services: frozenset[str]) -> None:
        self.hall.serve(OFFICERS.index(name), *services)
        self.serves[name] = services

    @rule(name=st.sampled_from(OFFICERS))
    def go(self, name: str) -> None:
        done = not self.refused(staffing.sign_off, actor=self.hall.officers[name])
        assert done == (name in self.at)
        if done:
            here = self.at.pop(name)
            self.paused.discard(name)
            if here is not None:
                self.states[here] = State.SERVED if self.states[here] == State.SERVING else State.WAITING

    @rule(name=st.sampled_from(OFFICERS))
    def rest(self, name: str) -> None:
        here = self.at.get(name)
        done = not self.refused(staffing.pause, actor=self.hall.officers[name])
        assert done == (name in self.at and (here is None or self.states[here] != State.CALLED))
        if done:
            self.paused.add(name)

    @rule(name=st.sampled_from(OFFICERS))
    def go_on(self, name: str) -> None:
        assert self.refused(staffing.go_on, actor=self.hall.officers[name]) == (name not in self.at)
        self.paused.discard(name)

    @rule(names=st.lists(st.sampled_from(OFFICERS), min_size=1, max_size=4), wait=st.integers(0, 600))
    def call(self, names: list[str], wait: int) -> None:
        for name in names:
            self.call_one(name, wait)

    def call_one(self, name: str, wait: int) -> None:
        self.hall.later(seconds=wait)
        found: list[Ticket | None] = []

        def work(**values: Any) -> None:
            found.append(calling.call_next(**values))

        refused = self.refused(work, actor=self.hall.officers[name])
        assert refused == (name not in self.at or name in self.paused or not self.serves[name])
        if refused:
            return
        before = self.at[name]
        if before is not None:
            self.states[before] = State.SERVED
        serves = {self.hall.services[one].pk for one in self.serves[name]}
        waiting = [
            self.facts[key]
            for key, state in self.states.items()
            if state == State.WAITING and self.only.get(key, name) == name
        ]
        turn = next_turn(waiting, serves=serves, streaks=self.streaks, normals=2, now=self.hall.now)
        assert (found[0].pk if found[0] else None) == (turn.ticket.key if turn else None), (
            "not whose turn it was"
        )
        self.at[name] = turn.ticket.key if turn else None
        if turn:
            self.states[turn.ticket.key] = State.CALLED
            self.calls[turn.ticket.key] = 1
            service = turn.ticket.service
            self.streaks[service] = order.streak_after(self.streaks.get(service, 0), turn.why)

    @rule(name=st.sampled_from(OFFICERS))
    def again(self, name: str) -> None:
        here = self.at.get(name)
        if here is not None and self.states[here] == State.CALLED:
            assert not self.refused(calling.recall, ticket_id=here, actor=self.hall.officers[name])
            self.calls[here] += 1

    @rule(name=st.sampled_from(OFFICERS), other=st.sampled_from(OFFICERS))
    def absent(self, name: str, other: str) -> None:
        here = self.at.get(name)
        if here is None:
            return
        done = not self.refused(calling.no_show, ticket_id=here, actor=self.hall.officers[other])
        assert done == (other == name and self.states[here] == State.CALLED and self.calls[here] >= 3)
        if done:
            self.states[here], self.at[name] = State.HELD, None
            self.held[here] = self.hall.now + timedelta(minutes=15)

    @rule(number=st.integers(0, 50), wait=st.integers(0, 900))
    def return_(self, number: int, wait: int) -> None:
        key = self.pick(number, State.HELD, State.WAITING, State.ABSENT)
        if key is None:
            return
        self.hall.later(seconds=wait)
        done = not self.refused(calling.back, ticket_id=key, actor=self.hall.officers["an"])
        assert done == (self.states[key] == State.HELD and self.hall.now <= self.held[key])
        if done:
            self.states[key] = State.WAITING

    @rule()
    def expire(self) -> None:
        gone = calling.expire(hall_id=self.hall.hall.pk, actor=SYSTEM, at=self.hall.now)
        over = [
            key
            for key, state in self.states.items()
            if state == State.HELD and self.held[key] < self.hall.now
        ]
        assert gone == len(over)
        for key in over:
            self.states[key] = State.ABSENT

    @rule(name=st.sampled_from(OFFICERS), done=st.booleans())
    def serve(self, name: str, done: bool) -> None:
        here = self.at.get(name)
        if here is None:
            return
        work = calling.finish if done else calling.start
        allowed = done or self.states[here] == State.CALLED
        assert self.refused(work, ticket_id=here, actor=self.hall.officers[name]) != allowed
        if allowed:
            self.states[here] = State.SERVED if done else State.SERVING
            if done:
                self.at[name] = None

    @rule(name=st.sampled_from(OFFICERS), prefix=st.sampled_from("ABC"), to=st.sampled_from([*OFFICERS, ""]))
    def transfer(self, name: str, prefix: str, to: str) -> None:
        here = self.at.get(name)
        if here is None:
            return
        service = self.hall.services[prefix]
        counter = self.hall.counters[OFFICERS.index(to)].pk if to else None
        same = self.facts[here].service == service.pk and to in {"", name}
        allowed = not same and (not to or prefix in self.serves[to])
        refused = self.refused(
            calling.transfer,
            ticket_id=here,
            service_id=service.pk,
            counter_id=counter,
            actor=self.hall.officers[name],
        )
        assert refused != allowed
        if allowed:
            fact = self.facts[here]
            self.facts[here] = Waiting(fact.key, service.pk, fact.line, fact.priority)
            self.states[here], self.at[name] = State.WAITING, None
            self.only.pop(here, None)
            if to:
                self.only[here] = to

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        STEPS["here"] += 1
        rows = {row.pk: row for row in Ticket.objects.all()}
        assert {key: row.state for key, row in rows.items()} == self.states
        assert len(rows) == self.made
        at = {row.shift_id: row for row in rows.values() if row.state in AT_A_COUNTER}
        assert len(at) == sum(1 for one in self.at.values() if one is not None)
        calls = list(Call.objects.order_by("number").values_list("number", flat=True))
        assert calls == list(range(1, len(calls) + 1)), "a call was skipped or doubled"


def live(examples: int, steps: int, *phases: Phase) -> None:
    STEPS["here"] = 0
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, phases=phases or (Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip


def test_random_days_of_a_hall() -> None:
    live(12, 60)
    assert STEPS["here"] > 300


@pytest.mark.long
@pytest.mark.timeout(1800)  # four minutes alone, more where the machine is shared
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand_steps_of_a_hall(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Days know nothing of each other, so parts of them may run side by side, or one after the other as there is time."""
    live(110, 160)  # a hundred come to about 14,260 steps, a little short of a seventh
    with capsys.disabled():
        print(f"\n{STEPS['here']} steps")
    assert STEPS["here"] * PARTS >= 100_000


@pytest.mark.long
def test_a_rule_that_is_broken_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a hall that calls the last one in the line instead of the first is found out."""

    def wrong(waiting: Any, **values: Any) -> Any:
        return next_turn(list(waiting)[-1:], **values)

    monkeypatch.setattr(order, "next_turn", wrong)
    with pytest.raises(AssertionError):
        live(20, 60, Phase.generate)
