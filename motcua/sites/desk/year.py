"""A year of a working calendar as twelve months of cells, ready to be drawn. No database, no markup."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from motcua.base.calendars.models import Confidence, Day, DayKind, DayStatus
from motcua.lib.working_time import WorkingCalendar

#: A letter in the cell, so that no meaning hangs on colour alone: lễ, bù, hoán đổi, làm bù.
MARKS = {
    DayKind.DAY_OFF: "L",
    DayKind.IN_LIEU: "B",
    DayKind.SWAPPED_OFF: "H",
    DayKind.WORKING_SATURDAY: "+",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: what it is to the office, and the row that says so, if any."""

    on: date
    working: bool
    today: bool = False
    row: Day | None = None

    @property
    def mark(self) -> str:
        """The letter of the day's kind, "?" when it is in doubt or does not count (yet)."""
        if self.row is None:
            return ""
        return (
            "?" if self.pending or self.row.confidence != Confidence.HIGH else MARKS[DayKind(self.row.kind)]
        )

    @property
    def pending(self) -> bool:
        """Tell whether the row exists but does not count: proposed, or switched off."""
        return self.row is not None and (self.row.status != DayStatus.APPROVED or not self.row.enabled)

    @property
    def look(self) -> str:
        """Name the look of the cell."""
        if self.pending:
            return "pending"
        if self.row is not None:
            return "makeup" if self.row.kind == DayKind.WORKING_SATURDAY else "off"
        return "work" if self.working else "rest"


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday to Sunday; days of other months are empty."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    working_days: int


def months(year: int, rows: Iterable[Day], calendar: WorkingCalendar | None, today: date) -> list[Month]:
    """Return the months of a year. A row of the calendar itself wins over one for everyone."""
    known: dict[date, Day] = {}
    for row in rows:
        if row.status != DayStatus.WITHDRAWN and (row.calendar_id is not None or row.on not in known):
            known[row.on] = row
    return [_month(date(year, number, 1), known, calendar, today) for number in range(1, 13)]


def _month(first: date, known: dict[date, Day], calendar: WorkingCalendar | None, today: date) -> Month:
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    cells: list[Cell | None] = [None] * first.weekday()
    for offset in range((after - first).days):
        on = first + timedelta(days=offset)
        working = calendar.is_working(on) if calendar else on.isoweekday() < 6
        cells.append(Cell(on, working, on == today, known.get(on)))
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(first, weeks, sum(1 for cell in cells if cell and cell.working))
