"""The check of a definition: each fault has its own sentence, and hours are added honestly."""

from dataclasses import replace
from decimal import Decimal

import pytest

from motcua.lib.due import Limit, Unit
from motcua.workflow.checks import check, most_working_days, words
from motcua.workflow.engine import END, Definition, Route, RouteKind, Step, StepKind
from motcua.workflow.tests.test_engine import PERMIT

CHOICE, FORK = RouteKind.CHOICE, RouteKind.FORK


def hours(value) -> Limit:
    return Limit(Decimal(str(value)), Unit.WORKING_HOUR)


def days(value) -> Limit:
    return Limit(Decimal(str(value)), Unit.WORKING_DAY)


def line(*limits, **changes) -> Definition:
    """Steps a, b, c… one after the other."""
    keys = [chr(97 + number) for number in range(len(limits))]
    steps = [
        Step(key, f"Bước {key}", role="specialist", hours=limit, routes=(Route(then),))
        for key, limit, then in zip(keys, limits, [*keys[1:], END], strict=True)
    ]
    return Definition(tuple(replace(step, **changes.get(step.key, {})) for step in steps), "a")


def codes(definition, *args) -> list[str]:
    return [finding.code for finding in check(definition, *args).errors]


def change(key: str, **changes) -> Definition:
    return replace(
        PERMIT, steps=tuple(replace(step, **changes) if step.key == key else step for step in PERMIT.steps)
    )


@pytest.mark.parametrize(
    ("definition", "code", "step"),
    [
        (Definition((), "a"), "empty", ""),
        (replace(PERMIT, start="nowhere"), "no_start", "nowhere"),
        (replace(PERMIT, steps=(*PERMIT.steps, PERMIT.steps[0])), "duplicate_key", "accept"),
        (change("sign", routes=(Route("nowhere"),)), "unknown_step", "sign"),
        (change("sign", may_send_back_to=("nowhere",)), "unknown_step", "sign"),
        (change("sign", routes=()), "dead_end", "sign"),
        (change("sign", routes=(Route("draft"),)), "no_way_out", "accept"),
        (
            replace(PERMIT, steps=(*PERMIT.steps, Step("lost", "Lạc", role="clerk", routes=(Route(END),)))),
            "unreachable",
            "lost",
        ),
        (change("accept", routes=(Route("appraise"), Route(END, "Trả", CHOICE))), "unnamed_choice", "accept"),
        (change("accept", routes=(Route("appraise", kind=FORK),)), "unclear_fork", "accept"),
        (change("accept", completed_by="dance"), "unknown_verb", "accept"),
        (change("fire", routes=(Route("sign"),)), "branch_escapes", "appraise"),
        (change("fire", routes=(Route("road"),)), "branches_mix", "road"),
        (
            change("fire", routes=(Route("joined", "Xong", CHOICE), Route("appraise", "Lại", CHOICE))),
            "branch_goes_back",
            "appraise",
        ),
        (
            change("draft", routes=(Route("sign", "A", CHOICE), Route("fire", "B", CHOICE))),
            "enters_branch",
            "draft",
        ),
        (change("accept", may_send_back_to=("sign",)), "back_not_earlier", "accept"),
        (change("road", may_send_back_to=("fire",)), "back_to_sister", "road"),
        (change("draft", kind=StepKind.JOIN), "join_without_fork", "draft"),
    ],
)
def test_each_fault_is_named_at_its_step(definition, code, step):
    errors = check(definition).errors
    assert (code, step) in [(finding.code, finding.step) for finding in errors]
    assert all("%(" not in finding.message and finding.message.endswith(".") for finding in errors)


def test_a_branch_without_work_is_refused():
    bare = tuple(
        Route("joined", route.label, route.kind) if route.to == "road" else route
        for route in PERMIT.by_key["appraise"].routes
    )
    steps = tuple(step for step in change("appraise", routes=bare).steps if step.key != "road")
    assert codes(replace(PERMIT, steps=steps)) == ["empty_branch"]


def test_hours_within_the_limit_pass():
    assert check(line(hours(4), hours(4)), days(1)).passes
    assert check(line(hours(4), hours(4)), days(1)).hours == 8


def test_hours_over_the_limit_are_refused_with_both_figures():
    (finding,) = check(line(hours(4), hours("4.5")), days(1)).errors
    assert finding.code == "exceeds_limit"
    assert "8,5 giờ" in finding.message
    assert "1 ngày làm việc" in finding.message


def test_the_calendar_s_own_hours_a_day_count():
    assert check(line(hours(4), hours(4)), days(1), Decimal("7.5")).errors[0].code == "exceeds_limit"
    assert check(line(days("0.5"), days("0.5")), days(1), Decimal("7.5")).hours == Decimal("7.5")


def test_same_day_is_one_working_day():
    same_day = Limit(Decimal(0), Unit.SAME_DAY_15H)
    assert check(line(hours(8)), same_day).passes
    assert codes(line(hours(9)), same_day) == ["exceeds_limit"]


def test_parallel_branches_count_by_the_slower_one():
    timed = {"accept": 1, "appraise": 2, "fire": 10, "road": 3, "draft": 4, "sign": 1, "supplement": 99}
    steps = tuple(replace(s, hours=hours(timed[s.key]) if s.key in timed else None) for s in PERMIT.steps)
    assert check(replace(PERMIT, steps=steps), days(3)).hours == 1 + 2 + 10 + 4 + 1


def test_a_loop_counts_once_whatever_the_order():
    a = Step("a", "A", role="x", hours=hours(1), routes=(Route("b", "b", CHOICE), Route("c", "c", CHOICE)))
    b = Step("b", "B", role="x", hours=hours(10), routes=(Route("c"),))
    c = Step("c", "C", role="x", hours=hours(5), routes=(Route("b", "b", CHOICE), Route(END, "x", CHOICE)))
    assert check(Definition((a, b, c), "a")).hours == 16
    assert check(Definition((replace(a, routes=a.routes[::-1]), b, c), "a")).hours == 16


def test_a_shared_time_counts_once_and_its_steps_are_not_called_untimed():
    shared = line(days(1), None, None, a={"time_group": "g"}, b={"time_group": "g"}, c={"time_group": "g"})
    report = check(shared, days(1))
    assert (report.hours, report.warnings) == (8, ())


def test_a_step_without_time_and_a_workflow_without_limit_are_warnings():
    report = check(line(hours(1), None))
    assert report.passes
    assert [(finding.code, finding.step) for finding in report.warnings] == [
        ("no_time", "b"),
        ("no_limit", ""),
    ]


def test_working_days_against_a_limit_in_calendar_days():
    limit = Limit(Decimal(25), Unit.CALENDAR_DAY)
    assert most_working_days(Decimal(25)) == 20
    assert codes(line(days(21)), limit) == ["exceeds_limit"]
    assert [finding.code for finding in check(line(days(19)), limit).warnings] == ["may_exceed_limit"]
    assert check(line(days(17)), limit).warnings == ()


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (days("0.5"), "nửa ngày làm việc"),
        (hours(12), "12 giờ làm việc"),
        (Limit(Decimal(0), Unit.SAME_DAY_15H), "trong ngày"),
        (Limit(Decimal("30"), Unit.CALENDAR_DAY), "30 ngày"),
    ],
)
def test_limits_in_words(limit, text):
    assert words(limit) == text
