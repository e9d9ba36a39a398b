"""The arithmetic of due dates: one limit from one start, with the pauses that fall into it.

`settle` turns the moment of receipt into the moment counting starts; `finish` counts a limit from there.
Both are pure and fast (a few look-ups); `motcua.lib.due` puts pauses, restarts and explanations around
them.
"""

import calendar as gregorian
from collections.abc import Sequence
from datetime import MAXYEAR, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from motcua.lib.due_terms import HOUR_UNITS, Convention, Limit, Pause, Unit
from motcua.lib.working_time import ZONE, WorkingCalendar

THREE_O_CLOCK = time(15, 0)


def settle(calendar: WorkingCalendar, received: datetime, *, hours: bool = False) -> datetime:
    """Return the moment from which time counts for something received at `received`.

    Before opening: the opening. In a break (its first minute included): the next session. After the close
    or on a day off: the opening of the next working day. The very moment of the close still belongs to the
    day, except for limits in hours, which find no time left in it.
    """
    day, clock = received.date(), received.time()
    sessions = calendar.sessions_on(day)
    for session in sessions:
        if clock < session.end:
            start = datetime.combine(day, session.start, tzinfo=ZONE)
            return max(start, received)
    if sessions and clock == sessions[-1].end and not hours:
        return received
    return calendar.opening(calendar.add_days(day, 1))


def finish(
    calendar: WorkingCalendar,
    start: datetime,
    limit: Limit,
    convention: Convention,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """Return when `limit` ends, counted from the settled `start`; `pauses` continue and do not overlap."""
    if limit.unit in HOUR_UNITS:
        return _after_hours(calendar, whole_minute(start), limit.value, pauses)
    if limit.unit is Unit.SAME_DAY_15H:
        day = start.date() if start.time() <= THREE_O_CLOCK else calendar.add_days(start.date(), 1)
        return calendar.closing(_skip_paused(calendar, day, pauses))
    if limit.unit is Unit.MONTH:
        length = (add_months(start.date(), int(limit.value)) - start.date()).days
        return calendar.closing(calendar.roll_forward(_calendar_day(start.date(), length, pauses)))
    if limit.value != limit.value.to_integral_value():
        return _part_of_a_day(calendar, start, limit, convention, pauses)
    if limit.unit is Unit.CALENDAR_DAY:
        return calendar.closing(calendar.roll_forward(_calendar_day(start.date(), int(limit.value), pauses)))
    if convention is Convention.CLOCK:
        due = same_clock(
            calendar, calendar.add_days(start.date(), int(limit.value)), whole_minute(start).time()
        )
        return add_paused_time(calendar, due, pauses)
    return calendar.closing(_working_day(calendar, start.date(), int(limit.value), pauses))


def paused_days(pauses: Sequence[Pause], day: date) -> Pause | None:
    """Return the pause that takes `day` out: the day it starts, the day it ends and all between."""
    return next((pause for pause in pauses if pause.start.date() <= day <= pause.end.date()), None)


def add_paused_time(calendar: WorkingCalendar, due: datetime, pauses: Sequence[Pause]) -> datetime:
    """Return `due` moved on by the working time of the pauses."""
    for pause in pauses:
        due = calendar.add_time(due, calendar.working_time(pause.start, pause.end))
    return due


def same_clock(calendar: WorkingCalendar, day: date, clock: time) -> datetime:
    """Return `clock` on a working day, moved into its sessions where that day's hours differ."""
    sessions = calendar.sessions_on(day)
    for session in sessions:
        if clock <= session.end:
            return datetime.combine(day, max(clock, session.start), tzinfo=ZONE)
    return datetime.combine(day, sessions[-1].end, tzinfo=ZONE)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day `months` later, or the last day of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        raise OverflowError("date value out of range")  # as adding days says it
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def whole_minute(moment: datetime) -> datetime:
    """Drop the seconds: papers print hours and minutes, and what they print is what counts."""
    return moment.replace(second=0, microsecond=0)


def hours_of(calendar: WorkingCalendar, day: date, days: Decimal) -> Decimal:
    """Return what `days` (a part of a day, or several) are worth in hours under the calendar's own hours."""
    hours = calendar.hours_on(calendar.roll_forward(day))
    return days * (hours.hours_a_day if hours else calendar.hours_a_day)


def as_time(hours: Decimal) -> timedelta:
    """Return decimal hours as a time, to the second."""
    return timedelta(seconds=round(hours * 3600))


def _after_hours(
    calendar: WorkingCalendar, start: datetime, hours: Decimal, pauses: Sequence[Pause]
) -> datetime:
    return add_paused_time(calendar, calendar.add_time(start, as_time(hours)), pauses)


def _part_of_a_day(
    calendar: WorkingCalendar, start: datetime, limit: Limit, convention: Convention, pauses: Sequence[Pause]
) -> datetime:
    """Count the whole days by the convention and the part in hours, never later than the next whole day."""
    whole = limit.value.to_integral_value(ROUND_FLOOR)
    reached = finish(calendar, start, Limit(whole, limit.unit), convention) if whole else whole_minute(start)
    part = calendar.add_time(reached, as_time(hours_of(calendar, reached.date(), limit.value - whole)))
    ceiling = finish(
        calendar, start, Limit(limit.value.to_integral_value(ROUND_CEILING), limit.unit), convention
    )
    return add_paused_time(calendar, min(part, ceiling), pauses)


def _working_day(calendar: WorkingCalendar, start: date, count: int, pauses: Sequence[Pause]) -> date:
    """Return the `count`-th working day after `start` that no pause takes out."""
    day, seen = calendar.add_days(start, count), start
    for pause in pauses:
        # Days up to `seen` were never counted, or were taken out by the pause before.
        lost = calendar.count_days(max(pause.start.date() - timedelta(days=1), seen), pause.end.date())
        seen = max(seen, pause.end.date())
        if lost:
            day = calendar.add_days(day, lost)
    return day


def _calendar_day(start: date, count: int, pauses: Sequence[Pause]) -> date:
    """Return the `count`-th day after `start` that no pause takes out."""
    day, seen = start + timedelta(days=count), start
    for pause in pauses:
        lost = (pause.end.date() - max(pause.start.date() - timedelta(days=1), seen)).days
        seen = max(seen, pause.end.date())
        day += timedelta(days=max(lost, 0))
    return day


def _skip_paused(calendar: WorkingCalendar, day: date, pauses: Sequence[Pause]) -> date:
    while paused_days(pauses, day):
        day = calendar.add_days(day, 1)
    return day
