"""When an office is open: today's hours, when it opens next, the next holidays. Read from its calendar."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from motcua.agencies.models import Point
from motcua.base.calendars.queries import working_calendar
from motcua.lib.working_time import ZONE, WorkingCalendar

#: So many days ahead somebody who plans a visit is told of a holiday.
AHEAD = 10


@dataclass(frozen=True, slots=True)
class Today:
    """One day at an office. `sessions` is empty on a day off; `opens` is when it opens next, None while it is open."""

    sessions: tuple[tuple[time, time], ...]
    opens: datetime | None

    @property
    def hours(self) -> str:
        """Return "7:30–11:30, 13:30–17:00"; "" on a day off."""
        return ", ".join(f"{_short(start)}–{_short(end)}" for start, end in self.sessions)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days in a row on which an office is closed, for the reason `name`; it opens again on `back`."""

    name: str
    first: date
    last: date
    back: date


def _short(value: time) -> str:
    return f"{value.hour}:{value.minute:02d}"


def usual_calendar(points: Iterable[Point]) -> int | None:
    """Return the calendar most of these places go by, None where none has one. Points come with `shop.agency`."""
    found = Counter(one.shop.agency.calendar_id for one in points if one.shop.agency.calendar_id)
    return found.most_common(1)[0][0] if found else None


def today(calendar_id: int | None, at: datetime) -> Today | None:
    """Return the day of `at` at an office of this calendar; None where there is no calendar or it names no hours."""
    calendar = _known(calendar_id)
    if calendar is None:
        return None
    on = at.astimezone(ZONE).date()
    sessions = tuple((one.start, one.end) for one in calendar.sessions_on(on))
    for start, end in sessions:
        if datetime.combine(on, start, tzinfo=ZONE) <= at < datetime.combine(on, end, tzinfo=ZONE):
            return Today(sessions, None)
        if at < datetime.combine(on, start, tzinfo=ZONE):
            return Today(sessions, datetime.combine(on, start, tzinfo=ZONE))
    return Today(sessions, calendar.opening(calendar.add_days(on, 1)))


def holiday(calendar_id: int | None, on: date) -> Holiday | None:
    """Return the holiday that is on or begins within `AHEAD` days, with the weekends that touch it."""
    calendar = _known(calendar_id)
    if calendar is None:
        return None
    named = next(
        (day for day in (on + timedelta(days=number) for number in range(AHEAD + 1)) if day in calendar.days_off),
        None,
    )  # fmt: skip
    if named is None:
        return None
    first = last = named
    while not calendar.is_working(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while not calendar.is_working(last + timedelta(days=1)):
        last += timedelta(days=1)
    return Holiday(calendar.days_off[named].name, first, last, last + timedelta(days=1))


def _known(calendar_id: int | None) -> WorkingCalendar | None:
    calendar = working_calendar(calendar_id) if calendar_id else None
    return calendar if calendar is not None and calendar.hours else None
