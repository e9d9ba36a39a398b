"""Working time of an office: which days and hours count, and how to add and measure them.

Pure arithmetic without a database. The rule for days: a day counts when it is a make-up day
(`working_saturday`), or when it falls on one of the office's weekdays and is not a day off that is switched
on. Every such day carries its name and legal source, so that a due date can explain itself. Moments are
aware datetimes and come back in Asia/Ho_Chi_Minh, where the law lives. All look-ups are O(log n) on tables
built once per calendar.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

DayKind = Literal["day_off", "in_lieu", "swapped_off", "working_saturday"]
Confidence = Literal["high", "medium", "low"]

MONDAY_TO_FRIDAY = frozenset(range(5))
_FIRST_YEAR, _LAST_YEAR = 1900, 2400  # a search that leaves these years is a mistake, not a date
OUT_OF_RANGE = "Thời điểm nằm ngoài khoảng tính được (1900–2400)."


class Session(NamedTuple):
    """One stretch of office time on a day, such as the morning; the end itself no longer counts as open."""

    start: time
    end: time


@dataclass(frozen=True)
class Hours:
    """Office hours of some weekdays (Monday = 0) from one day until, but not including, another.

    `hours_a_day` says how many working hours one working day is worth when a limit names a part of a day.
    """

    sessions: tuple[Session, ...]
    hours_a_day: Decimal
    valid_from: date | None = None
    valid_to: date | None = None
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        ends = [moment for session in self.sessions for moment in session]
        if not ends or any(a >= b for a, b in pairwise(ends)):
            text = _("Giờ làm việc phải gồm các buổi nối tiếp nhau, giờ đóng sau giờ mở.")
            raise Refusal(phrase(text), code="bad_hours")
        if not 0 < self.hours_a_day <= 24:
            text = _("Số giờ của một ngày làm việc phải lớn hơn 0 và không quá 24.")
            raise Refusal(phrase(text), code="bad_hours")

    def valid_on(self, day: date) -> bool:
        """Tell whether these hours are in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True)
class Day:
    """A day that differs from its weekday: off, or a Saturday that counts, with the legal source of that.

    `enabled` is the switch for days whose legal ground is doubtful; a day switched off is treated as an
    ordinary day but still named in explanations. `in_place_of` links the two days of a swap.
    """

    on: date
    kind: DayKind
    name: str
    source: str
    confidence: Confidence = "high"
    enabled: bool = True
    in_place_of: date | None = None


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


class _Table:
    """Working days of a span of years with running totals; replaced as a whole when the span must grow."""

    __slots__ = ("before", "days", "first", "last", "shape", "total")

    def __init__(self, calendar: "WorkingCalendar", first_year: int, last_year: int) -> None:
        self.first = date(first_year, 1, 1).toordinal()
        self.last = date(last_year, 12, 31).toordinal()
        self.before = [0]  # how many working days lie before the n-th day of the span
        self.days: list[int] = []
        self.total = [0]  # working seconds before the n-th working day
        self.shape: list[tuple[tuple[int, int], ...]] = []
        for ordinal in range(self.first, self.last + 1):
            hours = calendar.hours_on(date.fromordinal(ordinal))
            if hours is not None:
                shape = tuple((_seconds(s.start), _seconds(s.end)) for s in hours.sessions)
                self.days.append(ordinal)
                self.shape.append(shape)
                self.total.append(self.total[-1] + sum(end - start for start, end in shape))
            self.before.append(len(self.days))

    def upto(self, ordinal: int) -> int:
        """Return the number of working days of the span up to and with the day."""
        return self.before[ordinal - self.first + 1]

    def position(self, ordinal: int, second: int) -> int:
        """Return the working seconds of the span that have passed at this second of the day."""
        index = self.before[ordinal - self.first]
        passed = self.total[index]
        if index < len(self.days) and self.days[index] == ordinal:
            passed += sum(min(max(second - start, 0), end - start) for start, end in self.shape[index])
        return passed


@dataclass(frozen=True)
class WorkingCalendar:
    """The working time of an office: dated hours, special days, and the years whose days are loaded.

    `years` holds the years for which the special days are known; outside them everything still computes, but
    only weekends are skipped and a reckoning says so loudly.
    """

    code: str
    name: str
    hours: tuple[Hours, ...]
    days: tuple[Day, ...] = ()
    years: frozenset[int] = frozenset()
    _cache: list[_Table] = field(default_factory=list, init=False, repr=False, compare=False)
    _minutes: dict[date, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not any(hours.weekdays for hours in self.hours):
            text = _("Lịch chưa có giờ làm việc nào được tính vào thời hạn.")
            raise Refusal(phrase(text), code="bad_hours")
        if len({day.on for day in self.days}) != len(self.days):
            raise Refusal(phrase(_("Lịch có hai dòng cho cùng một ngày.")), code="bad_days")

    # ── What a day is ─────────────────────────────────────────────────────────────────────────────

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions of the first office hours; dated hours can differ, see `hours_on`."""
        return self.hours[0].sessions

    @property
    def hours_a_day(self) -> Decimal:
        """What one working day is worth in hours under the first office hours."""
        return self.hours[0].hours_a_day

    def minutes_a_day(self, day: date) -> int:
        """Return what one working day is worth in minutes around `day`; kept, because every row of a list asks."""
        if day not in self._minutes:
            hours = self.hours_on(self.roll_forward(day))
            self._minutes[day] = int((hours.hours_a_day if hours else self.hours_a_day) * 60)
        return self._minutes[day]

    @cached_property
    def days_off(self) -> Mapping[date, Day]:
        """Days off that count as such, by date."""
        return {day.on: day for day in self.days if day.enabled and day.kind != "working_saturday"}

    @cached_property
    def working_days(self) -> Mapping[date, Day]:
        """Make-up working days, by date."""
        return {day.on: day for day in self.days if day.enabled and day.kind == "working_saturday"}

    @cached_property
    def switched_off(self) -> Mapping[date, Day]:
        """Days that are known but switched off, by date."""
        return {day.on: day for day in self.days if not day.enabled}

    @cached_property
    def doubtful(self) -> tuple[Day, ...]:
        """Days that are not certain, switched on or off, in order of date."""
        return tuple(sorted((day for day in self.days if day.confidence != "high"), key=lambda day: day.on))

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Weekdays that any of the office hours name (Monday = 0)."""
        return frozenset().union(*(hours.weekdays for hours in self.hours))

    def is_working(self, day: date) -> bool:
        """Tell whether `day` counts as a working day."""
        table = self._table(day, day)
        ordinal = day.toordinal()
        return table.upto(ordinal) > table.upto(ordinal - 1)

    def hours_on(self, day: date) -> Hours | None:
        """Return the hours in force on a working day, `None` for a day that does not count.

        Days before the first or after the last dated hours use the nearest ones, so that an old dossier can
        still be reckoned. A make-up day works like the day it stands in for.
        """
        if day in self.days_off:
            return None
        makeup = self.working_days.get(day)
        in_force = self._in_force(day)
        for hours in in_force:
            if day.weekday() in hours.weekdays:
                return hours
        if makeup is None:
            return None
        wanted = makeup.in_place_of.weekday() if makeup.in_place_of else 0
        return next((hours for hours in in_force if wanted in hours.weekdays), in_force[0])

    def _in_force(self, day: date) -> list[Hours]:
        valid = [hours for hours in self.hours if hours.valid_on(day)]
        if not valid:
            earlier = [hours for hours in self.hours if hours.valid_to is not None and hours.valid_to <= day]
            if earlier:
                latest = max(hours.valid_to for hours in earlier if hours.valid_to)
                valid = [hours for hours in earlier if hours.valid_to == latest]
            else:
                first = min(hours.valid_from or date.min for hours in self.hours)
                valid = [hours for hours in self.hours if (hours.valid_from or date.min) == first]
        return sorted(valid, key=lambda hours: hours.valid_from or date.min, reverse=True)

    def opening(self, day: date) -> datetime:
        """Return the moment a working day opens."""
        return self._edge(day, first=True)

    def closing(self, day: date) -> datetime:
        """Return the moment a working day closes."""
        return self._edge(day, first=False)

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of a day, empty on a day that does not count."""
        hours = self.hours_on(day)
        return hours.sessions if hours else ()

    def _edge(self, day: date, *, first: bool) -> datetime:
        sessions = self.sessions_on(day)
        if not sessions:
            raise ValueError(f"{day} is not a working day")
        return datetime.combine(day, sessions[0].start if first else sessions[-1].end, tzinfo=ZONE)

    # ── Days ──────────────────────────────────────────────────────────────────────────────────────

    def add_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (which itself is not counted); `count` from 1."""
        table = self._table(day, day)
        while (index := table.upto(day.toordinal()) + count - 1) >= len(table.days):
            further = 1 + (index - len(table.days)) // 200
            table = self._grow(day.year, date.fromordinal(table.last).year + further)
        return date.fromordinal(table.days[index])

    def roll_forward(self, day: date) -> date:
        """Return `day` itself when it counts, else the next working day."""
        return day if self.is_working(day) else self.add_days(day, 1)

    def count_days(self, after: date, until: date) -> int:
        """Return how many working days lie after `after` up to and with `until`, 0 if it is not later."""
        if until <= after:
            return 0
        table = self._table(after, until)
        return table.upto(until.toordinal()) - table.upto(after.toordinal())

    # ── Hours ─────────────────────────────────────────────────────────────────────────────────────

    def add_time(self, moment: datetime, amount: timedelta) -> datetime:
        """Return the moment when `amount` of working time has passed since `moment`.

        Time that ends exactly at the close of a session stays there and does not jump to the next session.
        Whole seconds; `amount` must not be negative. Nothing to add returns the moment unchanged.
        """
        local = moment.astimezone(ZONE)
        seconds = round(amount.total_seconds())
        if seconds <= 0:
            return local
        table = self._table(local.date(), local.date())
        while (wanted := table.position(local.toordinal(), _seconds(local.time())) + seconds) > table.total[
            -1
        ]:
            further = 1 + (wanted - table.total[-1]) // 6_000_000
            table = self._grow(local.year, date.fromordinal(table.last).year + further)
        index = bisect_left(table.total, wanted) - 1
        left = wanted - table.total[index]
        for start, end in table.shape[index]:
            if left <= end - start:
                day = datetime.combine(date.fromordinal(table.days[index]), time(), tzinfo=ZONE)
                return day + timedelta(seconds=start + left)
            left -= end - start
        raise AssertionError("a working day holds its own seconds")  # pragma: no cover

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; zero when `end` is not later."""
        first, last = start.astimezone(ZONE), end.astimezone(ZONE)
        if last <= first:
            return timedelta()
        table = self._table(first.date(), last.date())
        passed = table.position(last.toordinal(), _seconds(last.time()))
        return timedelta(seconds=passed - table.position(first.toordinal(), _seconds(first.time())))

    # ── Other calendars made from this one ────────────────────────────────────────────────────────

    def with_day_off(
        self, day: date, name: str = "Ngày nghỉ thêm", source: str = "theo yêu cầu tính"
    ) -> "WorkingCalendar":
        """Return the calendar with `day` off: switched on when it is known, added when it is not."""
        known = [d for d in self.days if d.on == day]
        new = replace(known[0], enabled=True) if known and known[0].kind != "working_saturday" else None
        return self.with_days([new or Day(day, "day_off", name, source)])

    def without_day_off(self, day: date) -> "WorkingCalendar":
        """Return the calendar with the day off `day` switched off; nothing changes when it is not one."""
        return self.with_days(
            replace(d, enabled=False) for d in self.days if d.on == day and d.kind != "working_saturday"
        )

    def with_days(self, days: Iterable[Day]) -> "WorkingCalendar":
        """Return the calendar with these days put in place of the ones of the same date."""
        new = {day.on: day for day in days}
        kept = tuple(day for day in self.days if day.on not in new)
        return replace(self, days=tuple(sorted((*kept, *new.values()), key=lambda day: day.on)))

    # ── Tables ────────────────────────────────────────────────────────────────────────────────────

    def _table(self, first: date, last: date) -> _Table:
        """Return a table that holds both days and the day before the first."""
        for table in self._cache:
            if table.first < first.toordinal() and last.toordinal() <= table.last:
                return table
        return self._grow(first.year, last.year)

    def _grow(self, first_year: int, last_year: int) -> _Table:
        """Build a wider table; a new object each time, so that no thread ever sees half of one."""
        if last_year > _LAST_YEAR or first_year < _FIRST_YEAR:
            raise Refusal(phrase(_("Thời điểm nằm ngoài khoảng tính được (1900–2400).")), code="out_of_range")
        years = [first_year - 1, last_year + 1]
        years += [year for year in self.years if abs(year - first_year) <= 5]
        for table in self._cache:
            years += [date.fromordinal(table.first).year, date.fromordinal(table.last).year]
        table = _Table(self, min(years), max(years))
        self._cache[:] = [table]
        return table
