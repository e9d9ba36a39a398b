"""Reading calendars: the frozen value the arithmetic needs, kept per process and checked by version."""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.calendars.models import (
    Calendar,
    CalendarYear,
    Confidence,
    Day,
    DayStatus,
    HoursChange,
    OfficeHours,
)
from motcua.lib import due_days
from motcua.lib.refusal import NotFound
from motcua.lib.working_time import Day as KnownDay
from motcua.lib.working_time import Hours, Session, WorkingCalendar

_kept: dict[tuple[str, int], tuple[UUID, WorkingCalendar]] = {}


def working_calendar(calendar_id: int) -> WorkingCalendar:
    """Return the working time of a calendar; one look-up by key when nothing has changed since.

    Refuses a calendar that does not exist (NotFound) or has no hours that count.
    """
    with connection.cursor() as cursor:
        cursor.execute("select version from calendars_calendar where id = %s", [calendar_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("Không có lịch làm việc này."))
    place = (str(connection.settings_dict["NAME"]), calendar_id)
    kept = _kept.get(place)
    if kept is None or kept[0] != row[0]:
        kept = (row[0], _build(Calendar.objects.get(pk=calendar_id)))
        _kept[place] = kept
    return kept[1]


def calendar_of_version(calendar_id: int, version: UUID) -> WorkingCalendar:
    """Return the working time of a calendar whose version the caller has just read: no look-up when it is known."""
    kept = _kept.get((str(connection.settings_dict["NAME"]), calendar_id))
    return kept[1] if kept is not None and kept[0] == version else working_calendar(calendar_id)


def own_calendar(code: str = due_days.DEFAULT_CODE) -> WorkingCalendar:
    """Return the product's own days with one of the common office hours; needs no database."""
    return due_days.own_calendar(code)


def calendar_id_of(code: str) -> int | None:
    """Return the key of the calendar with this code, `None` when there is none."""
    return Calendar.objects.filter(code=code).values_list("pk", flat=True).first()


def calendars() -> QuerySet[Calendar]:
    """Return all calendars with their hours, by code."""
    return Calendar.objects.prefetch_related("hours")


def days_of(year: int, calendar_id: int | None = None) -> QuerySet[Day]:
    """Return the days of a year, proposed ones too: those for everyone, and of one calendar when named."""
    own = Q(calendar_id=calendar_id) if calendar_id is not None else Q()
    return Day.objects.filter(Q(calendar=None) | own, on__year=year).order_by("on", "calendar_id")


def day_for_everyone(on: date) -> Day | None:
    """Return the row that holds for every calendar on this date, proposed or approved."""
    return Day.objects.filter(calendar=None, on=on).first()


def day_on(on: date, calendar_code: str = "") -> Day | None:
    """Return the row of one calendar on this date, or the one for every calendar when no code is given."""
    if not calendar_code:
        return day_for_everyone(on)
    return Day.objects.filter(calendar__code=calendar_code, on=on).first()


def known_for_everyone(dates: Iterable[date]) -> list[KnownDay]:
    """Return what holds on these dates for calendars without a day of their own."""
    rows = Day.objects.filter(calendar=None, on__in=list(dates), status=DayStatus.APPROVED)
    return [_known(row) for row in rows]


def one_calendar(calendar_id: int) -> Calendar:
    """Return a calendar with its hours; NotFound when there is none."""
    calendar = calendars().filter(pk=calendar_id).first()
    if calendar is None:
        raise NotFound(_("Không có lịch làm việc này."))
    return calendar


def one_day(day_id: int) -> Day:
    """Return a day by its key, withdrawn ones too; NotFound when there is none."""
    row = Day.objects.select_related("calendar").filter(pk=day_id).first()
    if row is None:
        raise NotFound(_("Không có ngày này trong lịch."))
    return row


def doubtful_days(since: date) -> list[Day]:
    """Return the days for everyone, from a day on, for which no text in force was found, in order."""
    found = Day.objects.filter(calendar=None, on__gte=since, confidence=Confidence.MEDIUM)
    return list(found.exclude(status=DayStatus.WITHDRAWN).order_by("on"))


def year_of(year: int) -> CalendarYear | None:
    """Return who vouched that the days of a year are all in, and on what ground; None when nobody did."""
    return CalendarYear.objects.filter(year=year).first()


def confirmed_years() -> list[int]:
    """Return the years whose days are all in."""
    return list(CalendarYear.objects.values_list("year", flat=True))


def rows_that_count(calendar_id: int) -> list[OfficeHours]:
    """Return the office hours that count for limits, in order."""
    return list(
        OfficeHours.objects.filter(calendar=calendar_id, counts=True).order_by("valid_from", "first_weekday")
    )


def hours_kept(rows: Iterable[OfficeHours]) -> list[dict[str, Any]]:
    """Return office hours as they are kept beside what replaced them; `hours_again` reads them."""
    return [{name: _plain(getattr(row, name)) for name in _KEPT} for row in rows]


def hours_again(kept: Iterable[dict[str, Any]]) -> tuple[Hours, ...]:
    """Return the office hours that `hours_kept` wrote."""
    return tuple(_hours(OfficeHours(**{name: _READ[name](one[name]) for name in _KEPT})) for one in kept)


def one_hours_change(change_id: int) -> HoursChange:
    """Return a change of office hours; NotFound when there is none."""
    row = HoursChange.objects.filter(pk=change_id).first()
    if row is None:
        raise NotFound(_("Không có lần đổi giờ này."))
    return row


def hours_changes(calendar_id: int, most: int = 5) -> list[HoursChange]:
    """Return the last changes of a calendar's office hours, the newest first."""
    return list(HoursChange.objects.filter(calendar=calendar_id).defer("before").order_by("-id")[:most])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


_READ: dict[str, Any] = {
    "valid_from": _day, "valid_to": _day, "first_weekday": int, "last_weekday": int, "morning_start": _time,
    "morning_end": _time, "afternoon_start": _time, "afternoon_end": _time, "hours_a_day": Decimal,
}  # fmt: skip
_KEPT = tuple(_READ)


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _build(calendar: Calendar) -> WorkingCalendar:
    hours = tuple(_hours(row) for row in calendar.hours.filter(counts=True))
    rows = Day.objects.filter(Q(calendar=None) | Q(calendar=calendar), status=DayStatus.APPROVED)
    by_date: dict[date, KnownDay] = {}
    for row in rows:
        if row.calendar_id is not None or row.on not in by_date:
            by_date[row.on] = _known(row)
    days = tuple(by_date[on] for on in sorted(by_date))
    return WorkingCalendar(calendar.code, calendar.name, hours, days, frozenset(confirmed_years()))


def _hours(row: OfficeHours) -> Hours:
    edges = [(row.morning_start, row.morning_end), (row.afternoon_start, row.afternoon_end)]
    sessions = tuple(Session(start, end) for start, end in edges if start and end)
    weekdays = frozenset(range(row.first_weekday - 1, row.last_weekday))
    return Hours(sessions, row.hours_a_day, row.valid_from, row.valid_to, weekdays)


def _known(row: Day) -> KnownDay:
    return KnownDay(
        row.on,
        row.kind,  # type: ignore[arg-type]  # held by calendars_day_kind
        row.name,
        row.source,
        row.confidence,  # type: ignore[arg-type]
        row.enabled,
        row.in_place_of,
    )
