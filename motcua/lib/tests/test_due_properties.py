"""What must hold for every calendar, receipt and limit."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motcua.lib.due import Convention, Limit, LineKind, Pause, Resume, Unit, chain, judge, reckon, time_left
from motcua.lib.due_days import own_calendar
from motcua.lib.working_time import ZONE, Hours, Session, WorkingCalendar

_OWN = [own_calendar(code) for code in ("CAL_A", "CAL_B", "CAL_C")]
_SUMMER = Hours(
    (Session(time(7), time(11)), Session(time(13, 30), time(17, 30))), Decimal(8), valid_to=date(2026, 7, 1)
)
_WINTER = Hours(
    (Session(time(8), time(12)), Session(time(13), time(17))), Decimal(8), valid_from=date(2026, 7, 1)
)
_DATED = WorkingCalendar("DATED", "DATED", (_SUMMER, _WINTER), _OWN[0].days, _OWN[0].years)

calendars = st.sampled_from([*_OWN, _DATED])
conventions = st.sampled_from(list(Convention))
moments = st.datetimes(datetime(2022, 12, 1), datetime(2028, 2, 1), timezones=st.just(ZONE))  # noqa: DTZ001
values = {
    Unit.WORKING_DAY: st.integers(1, 240).map(lambda n: Decimal(n) / 2),
    Unit.CALENDAR_DAY: st.integers(1, 400).map(lambda n: Decimal(n) / 2),
    Unit.WORKING_HOUR: st.integers(1, 800).map(lambda n: Decimal(n) / 4),
    Unit.HOUR: st.integers(1, 100).map(Decimal),
    Unit.MONTH: st.integers(1, 24).map(Decimal),
    Unit.SAME_DAY_15H: st.just(Decimal(0)),
}
limits = st.sampled_from(list(Unit)).flatmap(lambda unit: values[unit].map(lambda value: Limit(value, unit)))


def for_all(*strategies):
    """Hypothesis without a stopwatch: these run beside other work on two cores."""
    return lambda test: settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])(
        given(*strategies)(test)
    )


@st.composite
def pauses_after(draw, received: datetime, resumes=tuple(Resume)) -> list[Pause]:
    pauses, moment = [], received
    for _ in range(draw(st.integers(0, 3))):
        start = moment + timedelta(minutes=draw(st.integers(0, 30_000)))
        moment = start + timedelta(minutes=draw(st.integers(1, 20_000)))
        resume = draw(st.sampled_from(resumes))
        own = draw(limits) if resume is Resume.OWN_LIMIT else None
        pauses.append(Pause(start, moment, resume, own))
    return pauses


@for_all(calendars, conventions, limits, moments, moments)
def test_received_later_is_never_due_earlier(calendar, convention, limit, one, other):
    first, second = sorted([one, other])
    assert reckon(calendar, first, limit, convention).due <= reckon(calendar, second, limit, convention).due


@for_all(
    calendars,
    conventions,
    moments,
    st.data(),
    st.sampled_from([u for u in Unit if u is not Unit.SAME_DAY_15H]),
)
def test_a_longer_limit_is_never_due_earlier(calendar, convention, received, data, unit):
    small, large = sorted([data.draw(values[unit]), data.draw(values[unit])])
    short = reckon(calendar, received, Limit(small, unit), convention).due
    assert short <= reckon(calendar, received, Limit(large, unit), convention).due


@for_all(calendars, conventions, limits, moments, st.data())
def test_never_due_on_a_day_off_or_outside_a_session(calendar, convention, limit, received, data):
    pauses = data.draw(pauses_after(received))
    due = reckon(calendar, received, limit, convention, pauses).due
    assert calendar.is_working(due.date())
    assert any(s.start <= due.time() <= s.end for s in calendar.sessions_on(due.date()))
    assert due >= received.replace(second=0, microsecond=0)


@for_all(calendars, moments, st.integers(1, 3000), st.integers(1, 3000))
def test_splitting_an_hour_limit_adds_up(calendar, received, one, other):
    part, rest = (Limit(Decimal(n) / 20, Unit.WORKING_HOUR) for n in (one, other))
    whole = Limit(Decimal(one + other) / 20, Unit.WORKING_HOUR)
    assert chain(calendar, received, [part, rest])[-1] == reckon(calendar, received, whole).due


@for_all(st.sampled_from(_OWN), moments, st.integers(1, 60), st.integers(1, 60))
def test_splitting_a_day_limit_adds_up(calendar, received, one, other):
    day = reckon(calendar, received, Limit(Decimal(one), Unit.WORKING_DAY)).due
    total = reckon(calendar, received, Limit(Decimal(one + other), Unit.WORKING_DAY)).due
    assert reckon(calendar, day, Limit(Decimal(other), Unit.WORKING_DAY)).due == total


@for_all(
    calendars,
    conventions,
    limits,
    moments,
    st.integers(0, 100_000),
    st.sampled_from([Resume.CONTINUE, Resume.RESTART]),
)
def test_a_pause_of_no_length_changes_nothing(calendar, convention, limit, received, later, resume):
    moment = received + timedelta(minutes=later)
    plain = reckon(calendar, received, limit, convention)
    assert reckon(calendar, received, limit, convention, [Pause(moment, moment, resume)]).due == plain.due


@for_all(calendars, conventions, limits, moments, st.data())
def test_a_pause_never_makes_it_due_earlier(calendar, convention, limit, received, data):
    pauses = data.draw(pauses_after(received, (Resume.CONTINUE, Resume.RESTART)))
    answer = reckon(calendar, received, limit, convention, pauses)
    assert answer.due >= answer.original_due == reckon(calendar, received, limit, convention).due


@for_all(st.sampled_from(_OWN), limits, moments)
def test_both_conventions_name_the_same_date(calendar, limit, received):
    assume(limit.value == limit.value.to_integral_value())
    end = reckon(calendar, received, limit, Convention.END).due
    assert end.date() == reckon(calendar, received, limit, Convention.CLOCK).due.date()


@for_all(calendars, moments, st.integers(0, 120))
def test_working_days_between_are_what_was_added(calendar, received, count):
    day = received.date()
    later = calendar.add_days(day, count) if count else day
    assert calendar.count_days(day, later) == count
    by_hand, moment = 0, day
    while moment < later:
        moment += timedelta(days=1)
        by_hand += calendar.is_working(moment)
    assert by_hand == count


@for_all(calendars, moments, moments)
def test_working_time_is_what_must_be_added(calendar, one, other):
    start, end = (moment.replace(microsecond=0) for moment in sorted([one, other]))
    amount = calendar.working_time(start, end)
    reached = calendar.add_time(start, amount)
    assert reached <= end or not amount
    assert calendar.working_time(reached, end) == timedelta()


@for_all(calendars, conventions, limits, moments, st.data())
def test_the_explanation_comes_to_the_same_answer(calendar, convention, limit, received, data):
    pauses = data.draw(pauses_after(received))
    answer = reckon(calendar, received, limit, convention, pauses)
    lines = answer.full_lines
    assert lines[-1].kind is LineKind.DUE
    assert f"{answer.due:%H:%M}" in lines[-1].text
    assert len(answer.lines) <= len(lines)
    last = max(line.last for line in lines if line.last and line.kind in _REACHING)
    assert last == answer.due.date()
    for line in lines:
        if line.kind in {LineKind.COUNTED, LineKind.MAKEUP, LineKind.SWITCHED_OFF, LineKind.HOURS}:
            assert calendar.is_working(line.first)
        if line.kind in {LineKind.WEEKEND, LineKind.DAY_OFF}:
            assert not calendar.is_working(line.first)
            assert not calendar.is_working(line.last)


_REACHING = frozenset(LineKind) - {
    LineKind.PAUSED,
    LineKind.IGNORED,
    LineKind.WARNING,
    LineKind.WEEKEND,
    LineKind.DAY_OFF,
}


@for_all(st.sampled_from(_OWN), moments, st.integers(1, 100), conventions)
def test_the_explanation_counts_to_the_limit(calendar, received, count, convention):
    answer = reckon(calendar, received, Limit(Decimal(count), Unit.WORKING_DAY), convention)
    numbers = [line.number for line in answer.full_lines if line.number]
    assert numbers == list(range(1, count + 1))
    shown = [line.number for line in answer.lines if line.number]
    assert shown[-1] == count


@for_all(calendars, moments, st.integers(1, 200))
def test_the_explanation_of_hours_sums_to_the_limit(calendar, received, quarters):
    answer = reckon(calendar, received, Limit(Decimal(quarters) / 4, Unit.WORKING_HOUR))
    assert sum(line.minutes for line in answer.full_lines if line.kind is LineKind.HOURS) == quarters * 15


@for_all(calendars, moments, moments)
def test_judgement_and_time_left_agree(calendar, due, now):
    assert time_left(calendar, now, due).late == (judge(calendar, due, now).status == "late")
