"""Due dates: from receipt and limit to the moment the result is promised, with pauses, and the way back.

Read `docs/reference/due-dates.md` for the rules and their legal sources. `reckon` answers for a dossier,
`chain` for the steps of a workflow, `judge` says early, on time or late, `time_left` what is left in
working time. Nothing here knows a database or the present time; nobody else in the product adds days to
dates.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from motcua.lib import due_count, due_lines
from motcua.lib.due_terms import (
    HOUR_UNITS,
    Convention,
    Limit,
    Line,
    LineKind,
    Pause,
    Resume,
    Segment,
    Unit,
    local,
)
from motcua.lib.due_words import Phrase, Translate, counted, elapsed_words, joined, phrase, time_words
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import OUT_OF_RANGE, WorkingCalendar

__all__ = [
    "Convention",
    "Limit",
    "Line",
    "LineKind",
    "Pause",
    "Reckoning",
    "Resume",
    "Status",
    "TimeLeft",
    "Unit",
    "Verdict",
    "chain",
    "judge",
    "reckon",
    "reckon_steps",
    "time_left",
]


@dataclass(frozen=True)
class Reckoning:
    """A due date and everything needed to explain it; the explanation is only worked out when asked for.

    `start` is the moment counting began (of the last restart), `original_due` the due date before any
    pause, `segments` one part per restart, `mended` tells that pauses had to be cut to what can be. `lines`
    is the readable form, `full_lines` names every single day.
    """

    calendar: WorkingCalendar = field(repr=False)
    received: datetime
    limit: Limit
    convention: Convention
    due: datetime
    start: datetime
    original_due: datetime
    segments: tuple[Segment, ...] = field(repr=False)
    as_step: bool = False
    mended: bool = False

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a person must know before relying on the date: missing years, uncertain days, cut pauses."""
        return tuple(str(says) for says in due_lines.warnings(self))

    @cached_property
    def full_lines(self) -> tuple[Line, ...]:
        """The explanation with every day and every session on a line of its own."""
        return due_lines.explain(self)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The explanation with long plain stretches drawn together, so that months stay readable."""
        return due_lines.shorten(self.full_lines)


def reckon(
    calendar: WorkingCalendar,
    received: datetime,
    limit: Limit,
    convention: Convention = Convention.END,
    pauses: Sequence[Pause] = (),
) -> Reckoning:
    """Work out when a result is due.

    `received` and the pauses are aware moments; the answer is in Asia/Ho_Chi_Minh. Pauses are taken in
    order of time; one of no length, and one that begins after the due date has passed, change nothing (a
    missed date stays missed). Pauses that overlap, begin before the receipt or end before they begin are
    cut to what can be, with a warning. Refuses a due date outside the years that can be reckoned.
    """
    with _within_reach():
        return _reckon(calendar, received, limit, Convention(convention), pauses)


def _reckon(
    calendar: WorkingCalendar,
    received: datetime,
    limit: Limit,
    convention: Convention,
    pauses: Sequence[Pause],
) -> Reckoning:
    received = local(received)
    ordered, mended = _in_order(received, pauses)
    part = _segment(calendar, received, limit, convention)
    original, segments = part.due, []
    for pause in ordered:
        if pause.start > part.due:
            part = part.with_ignored(pause)
        elif pause.resume is Resume.CONTINUE:
            counted = (*part.pauses, pause)
            due = due_count.finish(calendar, part.start, part.limit, convention, counted)
            part = part.with_pause(pause, due)
        else:
            segments.append(part.ended_by(pause))
            part = _segment(calendar, pause.end, pause.own_limit or limit, convention)
    segments.append(part)
    return Reckoning(
        calendar,
        received,
        limit,
        convention,
        part.due,
        part.start,
        original,
        tuple(segments),
        mended=mended,
    )


def reckon_steps(calendar: WorkingCalendar, received: datetime, limits: Sequence[Limit]) -> list[Reckoning]:
    """Work out the deadlines of chained workflow steps: each starts when the one before is due.

    A day inside a step is the calendar's own working hours (7.5 or 8), so half a day is half of them; there
    is no uncounted first day. Calendar days, months and the 15:00 rule keep their own meaning. Refuses a
    deadline outside the years that can be reckoned.
    """
    with _within_reach():
        return _reckon_steps(calendar, received, limits)


def _reckon_steps(calendar: WorkingCalendar, received: datetime, limits: Sequence[Limit]) -> list[Reckoning]:
    answers: list[Reckoning] = []
    moment = local(received)
    for limit in limits:
        if limit.unit is Unit.WORKING_DAY:
            start = due_count.settle(calendar, moment, hours=True)
            hours = Limit(due_count.hours_of(calendar, start.date(), limit.value), Unit.WORKING_HOUR)
        else:
            hours = limit
        part = _segment(calendar, moment, hours, Convention.END)
        step = Reckoning(
            calendar, moment, limit, Convention.END, part.due, part.start, part.due, (part,), as_step=True
        )
        answers.append(step)
        moment = part.due
    return answers


def chain(calendar: WorkingCalendar, received: datetime, limits: Sequence[Limit]) -> list[datetime]:
    """Return the deadlines of chained workflow steps, see `reckon_steps`."""
    return [step.due for step in reckon_steps(calendar, received, limits)]


class Status(StrEnum):
    """How a finished dossier stands to its due date."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True)
class Verdict:
    """Early, on time or late, and for late ones the working days after the due date up to the finish."""

    status: Status
    working_days_late: int = 0


def judge(calendar: WorkingCalendar, due: datetime, finished: datetime) -> Verdict:
    """Compare the end of processing with the due date.

    On time when not later than the due moment (QĐ 766/QĐ-TTg, chỉ tiêu 2.1); early when on an earlier date.
    Late days are the working days after the due date up to and with the day of finishing, so late on the
    same day is 0 days.
    """
    due, finished = local(due), local(finished)
    if finished > due:
        return Verdict(Status.LATE, calendar.count_days(due.date(), finished.date()))
    return Verdict(Status.EARLY if finished.date() < due.date() else Status.ON_TIME)


@dataclass(frozen=True)
class TimeLeft:
    """Working time until the due moment, or since it when late.

    `minutes` is all of it; `working_days` and `hours` split it by the calendar's own hours, whole hours only.
    `elapsed` is the minutes by the clock on the wall since the due moment, where no working time has passed since.
    """

    minutes: int
    working_days: int
    hours: int
    late: bool
    elapsed: int = 0

    def words(self, translate: Translate = str) -> str:
        """Say it in Vietnamese (or by gettext), to the hour, and to the minute in the last hour."""
        to_the_hour = bool(self.working_days or self.hours)
        minutes = 60 if to_the_hour else self.minutes  # not said then: one answer for the whole hour
        facts = (minutes, self.working_days, self.hours, self.late, self.elapsed)
        return _left_in_vietnamese(*facts) if translate is str else _left(*facts).say(translate)


def _left(minutes: int, working_days: int, hours: int, late: bool, elapsed: int) -> Phrase:
    if late and not minutes and elapsed:
        return phrase(_("quá hạn %(time)s (đang ngoài giờ làm việc)"), time=elapsed_words(elapsed))
    if not minutes:
        return phrase(_("vừa quá hạn") if late else _("đến hạn"))
    amount = time_words(hours * 60 if hours else minutes)
    if working_days and hours:
        amount = joined(counted(working_days, "day"), counted(hours, "hour"))
    elif working_days:
        amount = counted(working_days, "day")
    return phrase(_("quá hạn %(time)s làm việc") if late else _("còn %(time)s làm việc"), time=amount)


@lru_cache(maxsize=8192)
def _left_in_vietnamese(minutes: int, working_days: int, hours: int, late: bool, elapsed: int) -> str:
    """Lists say it twice in each of a hundred rows."""
    return _left(minutes, working_days, hours, late, elapsed).say()


def time_left(calendar: WorkingCalendar, now: datetime, due: datetime) -> TimeLeft:
    """Measure the working time between `now` and the due moment."""
    now, due = local(now), local(due)
    late = now > due
    amount = calendar.working_time(due, now) if late else calendar.working_time(now, due)
    minutes = int(amount / timedelta(minutes=1))
    days, rest = divmod(minutes, calendar.minutes_a_day(now.date()))
    elapsed = int((now - due) / timedelta(minutes=1)) if late and not minutes else 0
    return TimeLeft(minutes, days, rest // 60, late, elapsed)


@contextmanager
def _within_reach() -> Iterator[None]:
    """Refuse what leaves the years that dates can hold, before any calendar could say so."""
    try:
        yield
    except OverflowError:
        raise Refusal(OUT_OF_RANGE, code="out_of_range") from None


def _segment(calendar: WorkingCalendar, moment: datetime, limit: Limit, convention: Convention) -> Segment:
    start = due_count.settle(calendar, moment, hours=limit.unit in HOUR_UNITS)
    return Segment(moment, start, limit, due_count.finish(calendar, start, limit, convention))


def _in_order(received: datetime, pauses: Sequence[Pause]) -> tuple[list[Pause], bool]:
    """Return the pauses in order, cut to what can be, and whether anything had to be cut.

    A clock that was set back leaves pauses that begin before the receipt, overlap, or end before they begin.
    Refusing them would lock the dossier for ever.
    """
    ordered: list[Pause] = []
    mended = False
    free = received
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start = max(pause.start, free)
        mended = mended or pause.end < pause.start or start != pause.start
        if pause.end > start:
            ordered.append(pause if start == pause.start else replace(pause, start=start))
            free = pause.end
    return ordered, mended
