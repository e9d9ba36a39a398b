"""Reading the counted months as the public may see them: small counts hidden, sums that give nothing away."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Max

from motcua.reports.hiding import hidden
from motcua.reports.models import MonthFigure

ALL = 0  # the whole installation among agencies, the whole year among months
NOW = 13  # what is open, counted last, among months
_PARTS = {
    "received": ("online", "offline"),
    "finished": ("early", "on_time", "late"),
    "rated": ("happy", "unhappy"),
}  # fmt: skip
_MEASURES = [name for total, parts in _PARTS.items() for name in (total, *parts)]
_STANDING = ("standing_running", "standing_late", "standing_paused")
#: From so many on a whole percent no longer tells a small count.
MANY = 500

Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one agency in one month, or of a sum. What is hidden is None."""

    values: dict[str, int | None]
    totals: dict[str, int]

    def __getitem__(self, name: str) -> int | None:
        return self.values.get(name)

    @property
    def on_time_share(self) -> int | None:
        """Percent of the finished ones that ended before or on the day promised."""
        return self._share("finished", "late", rest=True)

    @property
    def online_share(self) -> int | None:
        """Percent of the received ones that came online."""
        return self._share("received", "online")

    @property
    def happy_share(self) -> int | None:
        """Percent of the ratings that are four or five of five."""
        return self._share("rated", "happy")

    def _share(self, total: str, part: str, *, rest: bool = False) -> int | None:
        whole = self.totals.get(total, 0)
        if self.values.get(total) is None or not whole:
            return None
        if self.values.get(part) is None and whole < MANY:
            return None
        count = self.totals[part]
        return _percent(whole - count if rest else count, whole)


def _percent(part: int, whole: int) -> int:
    """Return whole percent; neither 0 nor 100 unless it is exactly that."""
    if part in {0, whole}:
        return 100 if part else 0
    return min(99, max(1, round(100 * part / whole)))


@dataclass(frozen=True, slots=True)
class Year:
    """A year: lines by agency and month (`ALL` for sums, `NOW` for what is open), when it was counted last."""

    year: int
    counted_at: datetime
    lines: dict[tuple[int, int], Line] = field(default_factory=dict)

    def line(self, agency: int = ALL, month: int = ALL) -> Line | None:
        """Return one line, None where nothing was counted."""
        return self.lines.get((agency, month))

    def agencies(self) -> list[int]:
        """Return the agencies that have figures."""
        return sorted({agency for agency, _month in self.lines if agency != ALL})

    def months(self, agency: int = ALL) -> list[tuple[int, Line]]:
        """Return the months with their lines, from the first to the last one in which anything was counted."""
        known = [month for _agency, month in self.lines if month not in {ALL, NOW}]
        empty = Line(dict.fromkeys(_MEASURES, 0), dict.fromkeys(_MEASURES, 0))
        return [
            (month, self.lines.get((agency, month), empty)) for month in range(min(known), max(known) + 1)
        ]


def years() -> list[int]:
    """Return the years that have figures, the newest first."""
    return [day.year for day in MonthFigure.objects.dates("month", "year", order="DESC")]


def year(wanted: int) -> Year | None:
    """Return a year as it may be shown; None where nothing was counted. Read once after each counting."""
    stamp = MonthFigure.objects.filter(month__year=wanted).aggregate(last=Max("counted_at"))["last"]
    return _year(wanted, stamp) if stamp is not None else None


@lru_cache(maxsize=8)
def _year(wanted: int, counted_at: datetime) -> Year:
    values: dict[Key, int] = {}
    rows = list(MonthFigure.objects.filter(month__year=wanted))
    newest = max(row.month for row in rows)
    agencies = sorted({row.agency_id for row in rows})
    months = sorted({row.month.month for row in rows})
    for row in rows:
        for name, value in _counts(row):
            values[row.agency_id, row.month.month, name] = value
        if row.month == newest and row.standing is not None:
            for name, value in _open(row):
                values[row.agency_id, NOW, name] = value
    sums = list(_sums(agencies, months, values))
    for (
        parts,
        total,
    ) in sums:  # agencies of a month first, then the months of a year: each sum after its parts
        values[total] = sum(values.get(part, 0) for part in parts)
    out = hidden(values, [*sums, *_splits(agencies, months, values)])
    found = Year(wanted, counted_at)
    for agency, month in {(agency, month) for agency, month, _name in values}:
        totals = {
            name: values[agency, month, name] for name in _names(month) if (agency, month, name) in values
        }
        shown = {name: None if (agency, month, name) in out else value for name, value in totals.items()}
        found.lines[agency, month] = Line(shown, totals)
    return found


def _counts(row: MonthFigure) -> Iterator[tuple[str, int]]:
    yield from (("received", row.received), ("online", row.online), ("offline", row.received - row.online))
    yield from (("early", row.early), ("on_time", row.on_time), ("late", row.late))
    yield "finished", row.early + row.on_time + row.late
    yield from (("rated", row.rated), ("happy", row.happy), ("unhappy", row.rated - row.happy))


def _open(row: MonthFigure) -> Iterator[tuple[str, int]]:
    late, paused, whole = row.standing_late or 0, row.standing_paused or 0, row.standing or 0
    yield from (("standing", whole), ("standing_late", late), ("standing_paused", paused))
    yield "standing_running", whole - late - paused


def _names(month: int) -> list[str]:
    return ["standing", *_STANDING] if month == NOW else _MEASURES


def _sums(agencies: list[int], months: list[int], values: dict[Key, int]) -> Iterator[tuple[list[Key], Key]]:
    """Yield every sum over agencies, then every sum over months."""
    for month in (*months, NOW):
        for name in _names(month):
            parts = [(agency, month, name) for agency in agencies if (agency, month, name) in values]
            if parts:
                yield parts, (ALL, month, name)
    for agency in (*agencies, ALL):
        for name in _MEASURES:
            known = [(agency, month, name) for month in months]
            parts = known if agency == ALL else [key for key in known if key in values]
            if parts:
                yield parts, (agency, ALL, name)
    for name in _MEASURES:
        yield [(agency, ALL, name) for agency in agencies], (ALL, ALL, name)


def _splits(
    agencies: list[int], months: list[int], values: dict[Key, int]
) -> Iterator[tuple[list[Key], Key]]:
    """Yield what each count is made of."""
    for agency in (*agencies, ALL):
        for month in (ALL, *months):
            for total, parts in _PARTS.items():
                if (agency, month, total) in values:
                    yield [(agency, month, part) for part in parts], (agency, month, total)
        if (agency, NOW, "standing") in values:
            yield [(agency, NOW, part) for part in _STANDING], (agency, NOW, "standing")
