"""Every pair of state and verb, and random lives beside a model that knows no database.

The first part puts a dossier into every state by real operations and tries every verb: what the table allows
succeeds and leads where the table says, everything else is refused and writes nothing. The second lets
Hypothesis live dossiers against `Model` and asks the invariants after each step.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from motcua.base.audit.queries import verify
from motcua.base.outbox.models import Message
from motcua.dossiers import clock, queries, states
from motcua.dossiers.models import Dossier, Pause, Task
from motcua.dossiers.operations import intake
from motcua.dossiers.states import STATES, Clock, State
from motcua.dossiers.tests.acting import VERBS, attempt, snapshot
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, MONDAY, plan, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.procedures.models import Procedure, ProcedureVariant
from motcua.workflow.operations import drafting, publishing
from motcua.workflow.source import own

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TO_LEADER = "Trình kết quả"
ACTORS = ("minh", "hoa", "tuan", "thu", "mai", "binh")


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that is always rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# ── Every pair


def run_on(text: str) -> None:
    """Let the long procedure run on this workflow instead of the general one."""
    draft = own.parse(f'key = "pair"\nname = "Thử cặp"\nsource = "Kiểm thử"\nsteps = [{text}]')
    version = drafting.save_draft(draft=draft, actor=SYSTEM, at=MONDAY).version
    publishing.publish(version_id=version.pk, actor=SYSTEM, at=MONDAY)
    publishing.apply_to_procedure(
        procedure_id=Procedure.objects.get(code=LONG).pk, version_id=version.pk, valid_from=date(2025, 7, 1),
        actor=SYSTEM, at=MONDAY,
    )  # fmt: skip


_ACCEPT = (
    '{ key = "accept", name = "Tiếp nhận", role = "receiver", unit = "one_stop", status = 2, by = "accept" },'
)
_REST = (
    '{ key = "sign", name = "Ký", role = "leader", unit = "leadership", status = 4, by = "approve", back = ["appraise"] },'
    '{ key = "issue", name = "Phát hành", role = "clerk", unit = "clerical", status = 4, by = "issue", back = ["sign"] },'
    '{ key = "return", name = "Trả", role = "returner", unit = "one_stop", status = 9, by = "return_result", next = "end" },'
)
# Workflows whose first step after reception is ended by the verb that the pair is about.
WORKFLOWS = {
    "propose": '{ key = "appraise", name = "Thẩm định", role = "specialist", unit = "owner", status = 4, by = "propose" },',
    "forward": '{ key = "appraise", name = "Thẩm định", role = "specialist", unit = "owner", status = 4 },',
    "send_back": '{ key = "appraise", name = "Thẩm định", role = "specialist", unit = "owner", status = 4,'
    ' back = ["accept"] },',
    "approve": "",
}


def accepted(world: World, verb: str) -> Dossier:
    """A dossier just taken in, on a workflow where `verb` comes next if the general one does not offer it."""
    if verb in WORKFLOWS:
        rest = _REST if verb != "approve" else _REST.replace(', back = ["appraise"]', "")
        run_on(_ACCEPT + WORKFLOWS[verb] + rest)
    if verb == "answer":
        asked = (
            '{ key = "accept", name = "Tiếp nhận", role = "receiver", unit = "one_stop", status = 2, by = "accept",'
            ' choices = { "Song song" = ["appraise", "ask"] } },'
            '{ key = "appraise", name = "Thẩm định", role = "specialist", unit = "owner", status = 4, next = "gather" },'
            '{ key = "ask", name = "Hỏi", kind = "consult", role = "specialist", status = 4, by = "answer", next = "gather" },'
            '{ key = "gather", name = "Đủ", kind = "join", next = "sign" },'
        )
        run_on(asked + _REST.replace(', back = ["appraise"]', ""))
    return take_in(world)


@dataclass
class Life:
    """A dossier driven by name: each call is one real operation an hour after the last."""

    world: World
    dossier: Dossier
    at: datetime = MONDAY

    def do(self, verb: str, name: str, **values: Any) -> "Life":
        self.at += timedelta(hours=1)
        attempt(self.world, verb, name, self.dossier, self.at, **values)
        self.dossier.refresh_from_db()
        return self


def submitted(world: World) -> Life:
    minh = world.actor("minh")
    return Life(world, intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key="submit"))


def at_specialist(world: World, verb: str = "") -> Life:
    return Life(world, take_in(world)).do("assign", "hoa")


def with_deadline(life: Life) -> Life:
    """Let the applicant have ten working days to answer in."""
    ProcedureVariant.objects.filter(pk=life.dossier.variant_id).update(
        answer_within_value=10, answer_within_unit="working_day"
    )
    return life


def processing(world: World, verb: str) -> Life:
    """State 4, at the step where `verb` may be done."""
    if verb == "forward":
        run_on(_ACCEPT + WORKFLOWS["forward"] + _REST)
    life = at_specialist(world)
    if verb == "answer":
        return life.do("consult", "hoa")
    steps = {"send_back": 2, "approve": 2, "issue": 3, "issue_refusal": 3}.get(verb, 0)
    kind = "refused" if verb == "issue_refusal" else "granted"
    ways: list[Callable[[], Life]] = [
        lambda: life.do("propose", "hoa", choice=TO_LEADER, kind=kind),
        lambda: life.do("propose", "hoa", kind=kind),
        lambda: life.do("approve", "tuan"),
    ]
    for way in ways[:steps]:
        way()
    return life


def done(world: World, kind: str) -> Life:
    life = at_specialist(world).do("propose", "hoa", choice=TO_LEADER, kind=kind)
    return life.do("propose", "hoa", kind=kind).do("approve", "tuan").do("issue", "thu")


def paused(world: World, verb: str, how: str, **values: Any) -> Life:
    life = with_deadline(at_specialist(world))
    if verb == "answer":
        life.do("consult", "hoa")
    if (
        verb == "assign"
    ):  # at a step that has no waiting step of its own: there the dossier lies at the counter
        life.do("propose", "hoa", choice=TO_LEADER)
    return life.do(how, "hoa", **values)


BUILD: dict[State, Callable[[World, str], Life]] = {
    states.NEW: lambda world, _verb: submitted(world),
    states.ACCEPTED: lambda world, verb: Life(world, accepted(world, verb)),
    states.NOT_ACCEPTED: lambda world, _verb: submitted(world).do("refuse", "minh"),
    states.PROCESSING: processing,
    states.ASKED_BEFORE: lambda world, _verb: with_deadline(submitted(world)).do(
        "request_supplement", "minh"
    ),
    states.ASKED: lambda world, verb: paused(world, verb, "request_supplement"),
    states.MONEY: lambda world, verb: paused(world, verb, "suspend_for_money"),
    states.WITHDRAWN: lambda world, _verb: at_specialist(world).do("withdraw", "minh"),
    states.SUSPENDED: lambda world, verb: paused(world, verb, "suspend"),
    states.STOPPED: lambda world, _verb: at_specialist(world).do("stop", "tuan"),
    states.GRANTED: lambda world, _verb: done(world, "granted"),
    states.REFUSED: lambda world, _verb: done(world, "refused"),
    states.RETURNED_GRANTED: lambda world, _verb: done(world, "granted").do("return_result", "mai"),
    states.RETURNED_REFUSED: lambda world, _verb: done(world, "refused").do("return_result", "mai"),
}

# Rows of the table that no life reaches, each with its reason: the table speaks of the law, not of a workflow.
OUT_OF_REACH = {
    ("issue", states.ACCEPTED): "what nobody approved is not issued, and approving already makes it 4",
    (
        "issue_refusal",
        states.ACCEPTED,
    ): "what nobody approved is not issued, and approving already makes it 4",
}
# What a state needs besides the usual words.
VALUES: dict[tuple[str, State], dict[str, Any]] = {
    ("propose", states.PROCESSING): {"choice": TO_LEADER},
    ("send_back", states.ACCEPTED): {"to_step": "accept"},
}
# Verbs that only mean something once the applicant's own deadline has passed.
UNANSWERED = {"go_on_without", "refuse_unanswered"}


def try_all(world: World, verb: str, life: Life) -> tuple[list[str], list[str]]:
    """Try `verb` as everybody; return who was let and what the others were told."""
    state, let, refused = life.dossier.state, [], []
    before = snapshot(life.dossier)
    for name in ACTORS:
        with undone():
            try:
                attempt(
                    world,
                    verb,
                    name,
                    life.dossier,
                    life.at + timedelta(days=60 if verb in UNANSWERED else 0, hours=1),
                    **VALUES.get((verb, state), {}),
                )
            except Refusal as refusal:
                refused.append(f"{name}: {refusal.message}")
                assert snapshot(life.dossier) == before, f"{verb} as {name} in {state} was refused and wrote"
                continue
            let.append(name)
            life.dossier.refresh_from_db()
            assert life.dossier.state == states.target(verb, state), (verb, state)
            assert snapshot(life.dossier)["audit_entry"] == before["audit_entry"] + 1
        life.dossier.refresh_from_db()
    return let, refused


PAIRS = list(itertools.product(STATES, states.VERBS))


@pytest.mark.long
@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.status.value}{state.sub}")
def test_every_verb_in_this_state(world: World, state: State) -> None:
    allowed = {
        verb
        for verb in states.VERBS
        if any(row.verb == verb and state in row.sources for row in states.TRANSITIONS)
    }
    legal = [verb for verb in states.VERBS if verb in allowed and (verb, state) not in OUT_OF_REACH]
    illegal = [verb for verb in states.VERBS if verb not in legal]
    for verb in legal:
        with undone():
            life = BUILD[state](world, verb)
            assert life.dossier.state == state, f"built {life.dossier.state} for {verb} in {state}"
            let, told = try_all(world, verb, life)
        assert let, f"{verb} in {state} is in the table, and nobody could do it: {told}"
        assert "binh" not in let
    with undone():
        life = BUILD[state](world, "")
        for verb in illegal:
            let, _told = try_all(world, verb, life)
            assert let == [], f"{verb} in {state} is not in the table, and {let} did it"
    assert len(legal) + len(illegal) == len(states.VERBS)


def test_no_pair_is_forgotten() -> None:
    assert set(BUILD) == set(STATES)
    assert set(VERBS) == set(states.VERBS)
    assert len(PAIRS) == len(STATES) * len(states.VERBS) == 14 * 23
    legal = [(verb, state) for state, verb in PAIRS if verb in states.allowed(state)]
    assert set(OUT_OF_REACH) <= set(legal)


def test_a_verb_let_through_where_the_table_forbids_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: with a row added to the table behind the test's back, the same loop fails."""
    row = states.Transition("withdraw", (states.GRANTED,), states.WITHDRAWN, Clock.END, "planted")
    life = done(world, "granted")
    assert try_all(world, "withdraw", life)[0] == []
    monkeypatch.setattr(states, "TRANSITIONS", (*states.TRANSITIONS, row))
    assert try_all(world, "withdraw", life)[0] == ["minh"]


def test_a_refusal_that_wrote_something_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: an operation that writes before it refuses fails the same function."""
    from motcua.dossiers.tests import acting

    def careless(*, dossier_id: Any, **_rest: Any) -> None:
        Dossier.objects.filter(pk=dossier_id).update(summary="đã ghi")
        raise Refusal("không được")

    life = at_specialist(world)
    monkeypatch.setitem(acting._CALLS, "stop", (careless, {}))
    with pytest.raises(AssertionError, match="was refused and wrote"):
        try_all(world, "stop", life)


# ── Random lives

HOLDER = {"assign": "hoa", "appraise": "hoa", "review": "hoa", "sign": "tuan", "issue": "thu", "return": "mai", "supplement": "minh"}  # fmt: skip
BACK = {"appraise": {"assign"}, "review": {"appraise"}, "sign": {"review", "appraise"}, "issue": {"sign"}}
DIVISION = {"assign", "appraise", "review"}


@dataclass
class Model:
    """What a dossier is, without a database: the table of states, and the general workflow by heart."""

    state: State = states.NEW
    step: str = ""
    asked: int = 0
    supplements: int = 0
    extended: bool = False
    kind: str = ""
    approved: bool = False
    acts: int = 1
    code: str = ""
    original: datetime | None = None
    ever: list[State] = field(default_factory=list)

    def holds(self, name: str) -> bool:
        return HOLDER.get(self.step) == name

    def may(self, verb: str, name: str, values: dict[str, Any]) -> bool:
        """Tell whether this act will be let through."""
        if verb not in states.allowed(self.state) or name == "binh":
            return False
        new = self.state in {states.NEW, states.ASKED_BEFORE}
        rules: dict[str, Callable[[], bool]] = {
            "accept": lambda: name == "minh",
            "refuse": lambda: name == "minh",
            "withdraw": lambda: name == "minh",
            "receive_supplement": lambda: name == "minh",
            "request_supplement": lambda: (
                (name == "minh" if new else self.holds(name))
                and (not self.supplements or (name == "tuan" and bool(values.get("second_reason"))))
            ),
            # While the clock stands still another officer may hold the step; nothing is handed out anew.
            "assign": lambda: (
                name == "hoa"
                and self.step in (DIVISION - {"assign"} if self.state in states.PAUSED else DIVISION)
            ),
            "forward": lambda: False,  # every step of the general workflow names the act that ends it
            "send_back": lambda: self.holds(name) and values["to_step"] in BACK.get(self.step, ()),
            "consult": lambda: self.holds(name),
            "answer": lambda: self.asked > 0 and name in {"minh", "mai"},
            "suspend": lambda: self.holds(name) or name == "tuan",
            "suspend_for_money": lambda: self.holds(name) or name == "tuan",
            "resume": lambda: self.holds(name) or name == "tuan",
            "extend": lambda: name == "tuan" and not self.extended,
            "propose": lambda: self.holds(name) and self.step in {"appraise", "review"},
            "approve": lambda: self.holds(name) and self.step == "sign",
            "issue": lambda: self.holds(name) and self.step == "issue" and self.kind == "granted",
            "issue_refusal": lambda: self.holds(name) and self.step == "issue" and self.kind == "refused",
            "return_result": lambda: name == "mai",
            "stop": lambda: name == "tuan",
            "correct": lambda: name in {"minh", "hoa", "tuan"},
            "go_on_without": lambda: False,  # this procedure sets the applicant no deadline
            "refuse_unanswered": lambda: False,
        }
        return rules[verb]()

    def do(self, verb: str, values: dict[str, Any]) -> None:
        """Move on; only called for acts that `may`."""
        before = self.state
        self.state = states.target(verb, self.state)
        self.ever.append(self.state)
        self.acts += 1
        if verb == "accept":
            self.step = "assign"
        elif verb == "assign" and self.step == "assign":
            self.step = "appraise"
        elif verb == "send_back":
            self.step = values["to_step"]
        elif verb == "consult":
            self.asked += 1
        elif verb == "answer":
            self.asked -= 1
        elif verb == "request_supplement":
            self.supplements += 1
            if before in states.RUNNING and self.step == "appraise":
                self.step = "supplement"
        elif verb in {"receive_supplement", "resume"} and self.step == "supplement":
            self.step = "appraise"
        elif verb == "extend":
            self.extended = True
        elif verb == "propose":
            self.kind, self.approved = values["kind"], False
            self.step = {"appraise": "review", "review": "sign"}[self.step]
        elif verb == "approve":
            self.approved, self.step = True, "issue"
        elif verb in {"issue", "issue_refusal"}:
            self.step = "return"
        if self.state in states.FINAL:
            self.step, self.asked = "", 0


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class Lives(RuleBasedStateMachine):
    """One dossier in a savepoint of its own, its model beside it."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at = MONDAY
        self.life = submitted(self.world)
        self.model = Model(code=self.life.dossier.code)

    def teardown(self) -> None:
        assert list(verify(queries.history(self.life.dossier))) == []
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(
        verb=st.sampled_from([*VERBS, "accept", "assign", "propose", "propose", "approve", "issue", "receive_supplement", "resume"]),
        name=st.sampled_from(ACTORS[:5]),
        fitting=st.booleans(),
        kind=st.sampled_from(["granted", "refused"]),
        to_step=st.sampled_from(["assign", "appraise", "review", "sign"]),
        second=st.booleans(),
        ask=st.booleans(),
        hours=st.integers(min_value=0, max_value=60),
    )  # fmt: skip
    def act(
        self,
        verb: str,
        name: str,
        fitting: bool,
        kind: str,
        to_step: str,
        second: bool,
        ask: bool,
        hours: int,
    ) -> None:
        """Somebody tries something; half of the time somebody whom it concerns."""
        self.at += timedelta(hours=hours)
        values: dict[str, Any] = {"_name": name}
        if verb == "send_back":
            values["to_step"] = to_step
        if verb == "forward" and ask:
            values["choice"] = "Lấy ý kiến"
        if verb == "request_supplement" and second:
            values["second_reason"] = "Phát sinh yêu cầu mới của pháp luật"
        if verb == "extend":  # a lawful new date, however late it is by now
            calendar = clock.calendar_of(self.life.dossier)
            base = max(self.life.dossier.due_at or self.at, self.at) + timedelta(days=7)
            values["new_due_at"] = calendar.closing(calendar.roll_forward(timezone.localdate(base)))
        if verb == "propose":
            values["kind"] = kind
            if self.model.step == "appraise":
                values["choice"] = TO_LEADER
        if fitting:
            name = next((one for one in ACTORS if self.model.may(verb, one, values)), name)
            values["_name"] = name
        self._try(verb, name, values)

    def _try(self, verb: str, name: str, values: dict[str, Any]) -> None:
        expected = self.model.may(verb, name, values)
        given = {key: value for key, value in values.items() if not key.startswith("_")}
        dossier = self.life.dossier
        before = None if expected else snapshot(dossier)
        try:
            with transaction.atomic():
                attempt(self.world, verb, name, dossier, self.at, **given)
        except Refusal as refusal:
            dossier.refresh_from_db()
            assert not expected, f"{verb} by {name} in {self.model} was refused: {refusal.message}"
            assert snapshot(dossier) == before
            return
        assert expected, f"{verb} by {name} went through in {self.model}"
        dossier.refresh_from_db()
        self.model.do(verb, values)

    # ── What always holds

    @invariant()
    def state_is_the_models(self) -> None:
        dossier = self.life.dossier
        assert dossier.state == self.model.state
        assert dossier.code == self.model.code
        assert Dossier.objects.filter(home_agency=dossier.home_agency_id, code=dossier.code).count() == 1

    @invariant()
    def history_is_whole(self) -> None:
        entries = list(queries.history(self.life.dossier))
        assert [entry.seq for entry in entries] == list(range(1, self.model.acts + 1))
        assert entries[-1].payload["status"][1] == self.life.dossier.status
        dates = [(_moment(entry.payload["due_at"]), entry) for entry in entries]
        for (before, _one), (after, entry) in itertools.pairwise(dates):
            if before is not None and before != after:
                assert {"due_before", "due_after"} <= set(entry.payload), entry.verb
                assert entry.payload["due_before"] != entry.payload["due_after"]

    @invariant()
    def news_belongs_to_acts(self) -> None:
        subject = str(self.life.dossier.pk)
        assert Message.objects.filter(subject_id=subject).count() == self.model.acts
        told = list(Message.objects.filter(subject_id=subject).order_by("id").values_list("at", flat=True))
        assert told == [entry.at for entry in queries.history(self.life.dossier)]

    @invariant()
    def somebody_holds_it_while_it_is_open(self) -> None:
        tasks = list(Task.objects.filter(dossier=self.life.dossier, ended_at=None))
        owners = [task for task in tasks if task.is_owner]
        if self.model.state in states.FINAL or not self.model.step:
            assert tasks == []
        else:
            assert [task.step_key for task in owners] == [self.model.step]
            assert len(tasks) == 1 + self.model.asked
            if self.model.state in states.RUNNING:
                assert owners[0].unit_id == self.life.dossier.owner_unit_id
        assert self.life.dossier.owner_unit_id

    @invariant()
    def the_clock_is_explained(self) -> None:
        dossier = self.life.dossier
        if dossier.accepted_at is None:
            assert dossier.due_at is None
            return
        if self.model.original is None:
            self.model.original = dossier.original_due_at
        assert dossier.original_due_at == self.model.original is not None
        assert dossier.due_at is not None and dossier.due_at >= dossier.original_due_at
        running = Pause.objects.filter(dossier=dossier, ended_at=None).count()
        assert running == (1 if self.model.state in states.PAUSED else 0)
        assert (dossier.paused_at is None) == (running == 0)
        if running == 0 and not self.model.extended:
            spent = sum(
                (
                    pause.ended_at - pause.started_at
                    for pause in Pause.objects.filter(dossier=dossier)
                    if pause.ended_at
                ),
                timedelta(),
            )
            assert (spent == timedelta()) <= (dossier.due_at == dossier.original_due_at)

    @invariant()
    def what_is_closed_stays_closed(self) -> None:
        ends = [state for state in self.model.ever if state in states.FINAL]
        assert len(set(ends)) <= 1
        if ends:
            assert self.life.dossier.state == ends[0] and self.life.dossier.finished_at is not None


def _live(world: World, *, examples: int, steps: int, machine: type[Lives] = Lives) -> None:
    made = type("LivesHere", (machine,), {"world": world})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False, phases=[Phase.generate],
        ),
    )  # fmt: skip


def test_random_lives_agree_with_the_model(world: World) -> None:
    _live(world, examples=8, steps=25)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_random_lives_agree_with_the_model(world: World) -> None:
    _live(world, examples=1500, steps=40)


@pytest.mark.long
def test_a_model_that_is_wrong_is_noticed(world: World) -> None:
    """Control: the same machine beside a model that lets the leader withdraw."""

    class Wrong(Lives):
        def _try(self, verb: str, name: str, values: dict[str, Any]) -> None:
            if verb == "correct":
                self.model.acts += 1  # an act that the model invents
            super()._try(verb, name, values)

    with pytest.raises(BaseException, match="assert"):
        _live(world, examples=5, steps=25, machine=Wrong)


def test_pauses_and_work_add_up(world: World) -> None:
    """The due date moves by exactly the working time of the pauses, however many there are."""
    life = at_specialist(world)
    first = life.dossier.due_at
    for _number in range(3):
        life.at += timedelta(days=1)
        life.do("suspend", "hoa")
        life.at += timedelta(days=1)
        life.do("resume", "hoa")
    reckoning = clock.reckon(life.dossier, clock.pauses_of(life.dossier))
    assert reckoning is not None and life.dossier.due_at == reckoning.due
    assert life.dossier.original_due_at == first
    spent = sum((pause.ended_at - pause.started_at for pause in clock.pauses_of(life.dossier)), timedelta())
    assert life.dossier.due_at >= first + spent - timedelta(days=1)
