"""When the rules of lateness ask for something: one-stop.md §1.4–1.6. Reads only; says moments, changes nothing.

Completeness of what came online or by post is answered within one working day, which is eight working hours. An
apology goes out at the latest one working day before the date, so it is prepared two working days before it, and
not before half of the time has passed: short limits would otherwise begin with an apology.
"""

from datetime import date, datetime, timedelta

from motcua.dossiers import clock
from motcua.dossiers.models import Dossier
from motcua.lib import due
from motcua.lib.working_time import ZONE, WorkingCalendar
from motcua.procedures.queries.catalogue import ask_within

#: One working day to say whether a dossier is complete.
ANSWER = timedelta(hours=8)
#: How many working days before a date people are told that it is near.
AHEAD = 2
#: No two working days lie farther apart than this, whatever the holidays.
LONGEST_WAY = timedelta(days=16)
#: The most working days that the system proposes to ask for; the holder may ask for more or less.
MOST_MORE = 5


def answer_due(calendar: WorkingCalendar, since: datetime) -> datetime:
    """Return by when completeness is to be answered."""
    return calendar.add_time(since, ANSWER)


def ask_by(dossier: Dossier) -> datetime | None:
    """Return until when the procedure lets the office ask an accepted dossier for more; None where it does not say."""
    limit = ask_within(dossier.variant)
    if limit is None or dossier.accepted_at is None:
        return None
    return due.reckon(clock.calendar_of(dossier), dossier.accepted_at, limit).due


def window_end(calendar: WorkingCalendar, now: datetime) -> datetime:
    """Return the moment before which a date may be near: no later one is, whatever its limit."""
    last = calendar.add_days(_day(now), AHEAD)
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=ZONE)


def may_be_near(due: datetime, now: datetime) -> bool:
    """Tell, without a calendar, whether a date could be near: two working days over the longest holidays."""
    return due < now + LONGEST_WAY


def is_near(calendar: WorkingCalendar, *, start: datetime, until: datetime, now: datetime) -> bool:
    """Tell whether a stretch of time is close to its end: two working days before, and half of it over."""
    if calendar.count_days(_day(now), _day(until)) > AHEAD:
        return False
    return calendar.working_time(start, now) * 2 >= calendar.working_time(start, until)


def say_by(calendar: WorkingCalendar, *, start: datetime, due: datetime) -> datetime:
    """Return the last moment for an apology: the end of the last working day before the date.

    A limit too short for that leaves the date itself.
    """
    day = _day(due) - timedelta(days=1)
    while not calendar.is_working(day) and day > _day(start):
        day -= timedelta(days=1)
    if not calendar.is_working(day):
        return due
    last = calendar.closing(day)
    return last if start < last < due else due


def new_date(calendar: WorkingCalendar, *, start: datetime, due: datetime, now: datetime) -> datetime:
    """Return the date the system proposes: as many working days on as the limit had, five at most."""
    more = min(MOST_MORE, max(1, calendar.count_days(_day(start), _day(due))))
    return calendar.closing(calendar.add_days(max(_day(due), _day(now)), more))


def began(dossier: Dossier) -> datetime:
    """Return when the time that a dossier has began."""
    return dossier.accepted_at or dossier.submitted_at


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
