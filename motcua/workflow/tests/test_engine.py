"""The engine: what follows what, and that no token is ever lost or doubled."""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motcua.workflow import engine
from motcua.workflow.checks import check
from motcua.workflow.engine import END, Definition, Route, RouteKind, Step, StepKind
from motcua.workflow.tests.shapes import damaged, definitions

CHOICE, FORK = RouteKind.CHOICE, RouteKind.FORK

PERMIT = Definition(
    start="accept",
    steps=(
        Step("accept", "Tiếp nhận", role="receiver", routes=(Route("appraise"),)),
        Step(
            "appraise",
            "Thẩm định",
            role="specialist",
            routes=(
                Route("draft", "Không cần lấy ý kiến", CHOICE),
                Route("fire", "Lấy ý kiến", FORK),
                Route("road", "Lấy ý kiến", FORK),
                Route("supplement", "Yêu cầu bổ sung", CHOICE),
            ),
        ),
        Step(
            "supplement",
            "Chờ bổ sung",
            kind=StepKind.WAIT,
            routes=(Route("appraise"),),
            stops_clock=True,
            completed_by="receive_supplement",
        ),
        Step("fire", "Ý kiến PCCC", kind=StepKind.CONSULT, unit="x", routes=(Route("joined"),)),
        Step(
            "road",
            "Ý kiến giao thông",
            kind=StepKind.CONSULT,
            unit="y",
            routes=(Route("joined"),),
            may_send_back_to=("appraise",),
        ),
        Step("joined", "Nhập nhánh", kind=StepKind.JOIN, routes=(Route("draft"),)),
        Step(
            "draft",
            "Dự thảo",
            role="specialist",
            routes=(Route("sign"),),
            may_send_back_to=("fire", "appraise"),
        ),
        Step("sign", "Ký", role="leader", routes=(Route(END),), may_send_back_to=("draft",)),
    ),
)


def test_the_example_is_valid():
    assert check(PERMIT).errors == ()


def test_a_plain_step_opens_the_next():
    assert engine.start(PERMIT) == ("accept",)
    moves = engine.complete(PERMIT, ("accept",), "accept")
    assert (moves.closed, moves.opened, moves.finished) == (("accept",), ("appraise",), False)


def test_a_choice_must_be_named_and_known():
    with pytest.raises(engine.ChoiceNeededError):
        engine.complete(PERMIT, ("appraise",), "appraise")
    with pytest.raises(engine.UnknownChoiceError):
        engine.complete(PERMIT, ("appraise",), "appraise", "Ký luôn")
    moves = engine.complete(PERMIT, ("appraise",), "appraise", "Không cần lấy ý kiến")
    assert moves.opened == ("draft",)


def test_a_fork_opens_all_branches_and_the_join_waits_for_the_last():
    moves = engine.complete(PERMIT, ("appraise",), "appraise", "Lấy ý kiến")
    assert moves.opened == ("fire", "road")
    first = engine.complete(PERMIT, ("fire", "road"), "fire")
    assert (first.opened, first.joins_waiting, first.finished) == ((), ("joined",), False)
    assert engine.waiting_joins(PERMIT, ("road",)) == ("joined",)
    last = engine.complete(PERMIT, ("road",), "road")
    assert (last.opened, last.passed, last.joins_waiting) == (("draft",), ("joined",), ())


def test_one_consultation_open_for_three_units_joins_after_the_third():
    open_steps = ("fire", "fire", "fire")
    for left in (2, 1):
        moves = engine.complete(PERMIT, open_steps, "fire")
        assert moves.opened == ()
        open_steps = moves.apply(open_steps)
        assert len(open_steps) == left
    assert engine.complete(PERMIT, open_steps, "fire").opened == ("draft",)


def test_units_asked_one_after_another_without_a_fork_are_waited_for_as_well():
    ask = Step(
        "ask",
        "Thẩm định",
        role="specialist",
        routes=(Route("opinion", "Hỏi", CHOICE), Route(END, "Xong", CHOICE)),
    )
    opinion = Step("opinion", "Ý kiến", kind=StepKind.CONSULT, unit="x", routes=(Route("enough"),))
    enough = Step("enough", "Đủ", kind=StepKind.JOIN, routes=(Route("ask"),))
    definition = Definition((ask, opinion, enough), "ask")
    assert check(definition).errors == ()
    first = engine.complete(definition, ("opinion", "opinion"), "opinion")
    assert (first.opened, first.joins_waiting) == ((), ("enough",))
    assert engine.complete(definition, ("opinion",), "opinion").opened == ("ask",)


@pytest.mark.parametrize(
    ("verb", "label"),
    [
        ("request_supplement", "Yêu cầu bổ sung"),
        ("consult", "Lấy ý kiến"),
        ("propose", "Không cần lấy ý kiến"),
    ],
)
def test_an_act_finds_its_outcome(verb, label):
    assert engine.choice_for(PERMIT, "appraise", verb) == label


def test_an_act_that_is_not_foreseen_is_refused():
    with pytest.raises(engine.UnknownChoiceError):
        engine.choice_for(PERMIT, "sign", "request_supplement")


def test_going_back_out_of_parallel_branches_takes_the_sisters_along():
    moves = engine.send_back(PERMIT, ("fire", "road"), "road", "appraise")
    assert (moves.closed, moves.opened, moves.cancelled) == (("road",), ("appraise",), ("fire",))


def test_going_back_into_one_branch_asks_that_unit_alone_and_joins_again():
    moves = engine.send_back(PERMIT, ("draft",), "draft", "fire")
    assert moves.apply(("draft",)) == ("fire",)
    again = engine.complete(PERMIT, ("fire",), "fire")
    assert (again.opened, again.passed) == (("draft",), ("joined",))


def test_waiting_for_a_supplement_goes_round():
    assert engine.complete(PERMIT, ("supplement",), "supplement").opened == ("appraise",)


def test_the_end_is_said():
    assert engine.complete(PERMIT, ("sign",), "sign") == engine.Moves(("sign",), finished=True)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda: engine.complete(PERMIT, ("accept",), "sign"), engine.StepNotOpenError),
        (lambda: engine.complete(PERMIT, (), "accept"), engine.StepNotOpenError),
        (lambda: engine.complete(PERMIT, ("accept",), "nowhere"), engine.UnknownStepError),
        (lambda: engine.complete(PERMIT, ("nowhere",), "accept"), engine.UnknownStepError),
        (lambda: engine.send_back(PERMIT, ("sign",), "sign", "accept"), engine.NotAllowedBackError),
        (lambda: engine.send_back(PERMIT, ("draft",), "sign", "draft"), engine.StepNotOpenError),
        (
            lambda: engine.send_back(PERMIT, ("appraise", "draft"), "draft", "appraise"),
            engine.NotAllowedBackError,
        ),
        (lambda: engine.complete(PERMIT, ("sign", "draft"), "sign"), engine.NotAloneError),
    ],
)
def test_moves_that_are_refused(act, error):
    with pytest.raises(error):
        act()


def walk(definition: Definition, seed: int, wander: int = 60) -> int:
    """Go through a dossier's life at random; return the number of acts. Fails when it can't finish."""
    dice = random.Random(seed)
    open_steps = engine.start(definition)
    for number in range(2000):
        assert open_steps, "every token is lost"
        assert max(Counter(open_steps).values()) == 1, f"a token is doubled: {open_steps}"
        key = dice.choice(open_steps)
        step = definition.step(key)
        back = [to for to in step.may_send_back_to if to not in open_steps]
        if back and number < wander and dice.random() < 0.2:
            moves = engine.send_back(definition, open_steps, key, dice.choice(back))
        else:
            moves = engine.complete(definition, open_steps, key, dice.choice(list(step.outcomes())))
        assert key in moves.closed
        open_steps = moves.apply(open_steps)
        if moves.finished:
            assert open_steps == ()
            return number
    raise AssertionError("does not finish")


@given(definitions, st.integers(0, 2**20))
@settings(max_examples=150, deadline=None)
def test_valid_definitions_pass_the_check_and_always_finish(definition, seed):
    assert check(definition).errors == ()
    walk(definition, seed)


@given(definitions, st.data())
@settings(max_examples=60, deadline=None)
def test_a_step_that_is_not_open_is_never_completed(definition, data):
    open_steps = engine.start(definition)
    closed = [step.key for step in definition.steps if step.key not in open_steps]
    assume(closed)
    with pytest.raises(engine.StepNotOpenError):
        engine.complete(definition, open_steps, data.draw(st.sampled_from(closed)), "")


def markings(definition: Definition, most: int = 3000) -> dict[tuple, set]:
    """Return every state a dossier can come to, with what follows each; () is the end."""
    found: dict[tuple, set] = {}
    queue = [engine.start(definition)]
    while queue and len(found) < most:
        state = queue.pop()
        if state in found:
            continue
        found[state] = set()
        for key in set(state):
            for label in definition.step(key).outcomes():
                moves = engine.complete(definition, state, key, label)
                after = moves.apply(state)
                assert (after == ()) == moves.finished
                found[state].add(after)
                if after:
                    queue.append(after)
    return found


@pytest.mark.long
@given(damaged())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_whatever_passes_the_check_can_finish_from_every_state(definition):
    """Soundness of the check: damage a workflow; where the check still accepts it, try every state."""
    assume(check(definition).passes)
    states = markings(definition)
    assume(len(states) < 3000)
    good = {()}
    while more := {state for state, after in states.items() if state not in good and after & good}:
        good |= more
    assert set(states) <= good, "some state has no way to the end"
    assert all(max(Counter(state).values(), default=1) == 1 for state in states), "a token is doubled"
