"""Figures of a hall over a span of days, and the tickets behind each of them. One statement a page.

Waiting: from when the number was taken (for a booked visitor who came early: from the booked time) to the first call.
Service: from when the visitor stood at the last counter until they were done. Minutes. Only tickets that were called
have a waiting time, only those served a service time; a visit of four hours is one that nobody ended and has none.
Told: whether the wait lay within the range told at the start.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from motcua.accounts.models import Account
from motcua.agencies.models import Counter
from motcua.counters.models import Hall, Service, Shift
from motcua.counters.permissions import agency_of
from motcua.counters.states import Channel, Priority
from motcua.lib.actor import Actor

#: One statement reads so many days at most.
MOST_DAYS = 366
PAGE = 100

#: What figures are shown by, with the column that says it. The order is the one of the bits of `grouping`.
BY: dict[str, str] = {
    "day": "day",
    "hour": "hour",
    "service": "service_id",
    "counter": "counter_id",
    "officer": "account_id",
    "channel": "channel",
    "priority": "priority",
}
#: Which tickets a figure counts.
ONLY: dict[str, str] = {
    "": "true",
    "called": "waited is not null",
    "served": "state = 'served'",
    "absent": "state = 'absent'",
    "transferred": "transferred",
    "cancelled": "state = 'cancelled'",
    "void": "state = 'void'",
    "day_over": "state = 'day_over'",
    "told": "hit is not null",
    "missed": "hit is false",
}
# The columns are chosen from the tables above; what a visitor asks for goes in as values.
_SEEN = """
with called as (
  select ticket_id, min(at) as first_at from counters_call
  where home_agency_id = any(%(agencies)s::bigint[]) and hall_id = %(hall)s and at >= %(since)s::date - 1
    and at < %(until)s::date + 3 group by ticket_id
), taken as (
  select t.*, s.account_id, c.first_at, extract(hour from t.issued_at at time zone 'Asia/Ho_Chi_Minh')::int as hour,
    (t.first_service_id <> t.service_id or t.only_counter_id is not null) as transferred,
    case when c.first_at is not null then
      extract(epoch from greatest(c.first_at - greatest(t.issued_at, t.booked_for), interval '0')) / 60.0 end as waited,
    case when t.state = 'served' and t.ended_at < coalesce(t.started_at, t.called_at) + interval '4 hours' then
      extract(epoch from greatest(t.ended_at - coalesce(t.started_at, t.called_at), interval '0')) / 60.0 end as took
  from counters_ticket t left join called c on c.ticket_id = t.id left join counters_shift s on s.id = t.shift_id
  where t.home_agency_id = any(%(agencies)s::bigint[]) and t.hall_id = %(hall)s
    and t.day between %(since)s::date and %(until)s::date
), seen as (
  select *, case when told_low is not null and waited is not null
    then floor(waited) between told_low and told_high end as hit from taken
)
"""
_SUMS = (
    _SEEN
    + """
select grouping(day, hour, service_id, counter_id, account_id, channel, priority),
  day, hour, service_id, counter_id, account_id, channel, priority, count(*),
  count(waited), count(*) filter (where state = 'served'), count(*) filter (where state = 'absent'),
  count(*) filter (where transferred), count(*) filter (where state = 'cancelled'),
  count(*) filter (where state = 'void'), count(*) filter (where state = 'day_over'),
  percentile_cont(array[0.5, 0.8, 0.95]) within group (order by waited), avg(waited),
  percentile_cont(array[0.5, 0.8, 0.95]) within group (order by took), avg(took),
  count(hit), count(*) filter (where hit), avg(staffed)
from seen group by grouping sets ((), (day), (hour), (service_id), (counter_id), (account_id), (channel), (priority))
order by 1, day, hour, service_id, counter_id, account_id, channel, priority
"""
)
_ROWS = (
    _SEEN
    + """
select id, line, label, day, service_id, first_service_id, counter_id, account_id, channel, priority, state, issued_at,
  first_at, ended_at, waited, took, told_low, told_high, hit, transferred, calls, staffed, reason
from seen where {only} {where} order by line {order} {limit}
"""
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tickets: of a hall, of the days from `since` to `until`, by one value of a dimension, of one kind."""

    hall: Hall
    agencies: frozenset[int]
    since: date
    until: date
    by: str = ""
    value: str = ""
    only: str = ""

    def values(self) -> dict[str, Any]:
        """Return the values of the statement."""
        return {
            "hall": self.hall.pk, "agencies": sorted(self.agencies), "since": self.since, "until": self.until,
        }  # fmt: skip


def asked(hall: Hall, actor: Actor, *, since: date, until: date, **more: str) -> Asked:
    """Return what is asked for; tickets of an agency that went over into this one stay with its hall."""
    agencies = frozenset({agency_of(hall), *actor.stands_for, *actor.agencies})
    return Asked(hall, agencies, since, until, **more)


@dataclass(frozen=True, slots=True)
class Spread:
    """Minutes: middle, eight of ten, nineteen of twenty, mean. None where there was nobody."""

    median: float | None
    p80: float | None
    p95: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: the figures of the tickets that have `value` in the dimension `by`."""

    by: str
    value: str
    words: str
    issued: int
    called: int
    served: int
    absent: int
    transferred: int
    cancelled: int
    void: int
    day_over: int
    waited: Spread
    took: Spread
    told: int
    hit: int
    staffed: float | None  # counters that served the service when a number was taken, on average

    @property
    def hit_rate(self) -> int | None:
        """Percent of those who were told a range and were called within it."""
        return round(100 * self.hit / self.told) if self.told else None

    @property
    def absent_rate(self) -> int | None:
        """Percent of those who were called and did not come."""
        return round(100 * self.absent / self.called) if self.called else None


@dataclass(slots=True)
class Figures:
    """All tables of a span: the sum, and a list of lines for each dimension."""

    whole: Figure
    tables: dict[str, list[Figure]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What ids mean: services, counters and officers by name."""

    services: dict[int, str]
    counters: dict[int, str]
    officers: dict[int, str]

    def of(self, by: str, value: Any) -> str:
        """Return a value of a dimension in words; "" where the value says itself."""
        table = {"service": self.services, "counter": self.counters, "officer": self.officers}.get(by)
        return table.get(value, "") if table is not None and value is not None else ""


def words_of(hall: Hall) -> Words:
    """Return the words for a hall's services, counters and officers, ended ones included."""
    services = {one.pk: f"{one.prefix} · {one.name}" for one in Service.objects.filter(hall=hall)}
    counters = {one.pk: one.label for one in Counter.objects.filter(point_id=hall.point_id)}
    sat = Shift.objects.filter(counter__point_id=hall.point_id).values("account_id")
    officers = dict(Account.objects.filter(pk__in=sat).values_list("pk", "full_name"))
    return Words(services, counters, officers)


def read(asked: Asked) -> Figures:
    """Return all figures of a span: one statement."""
    words = words_of(asked.hall)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, asked.values())
        rows = cursor.fetchall()
    names = list(BY)
    every = (1 << len(names)) - 1
    found = Figures(_figure("", "", "", (0,) * 8 + (None, None, None, None, 0, 0, None)))
    for mask, *rest in rows:
        values, figures = rest[: len(names)], tuple(rest[len(names) :])
        if mask == every:
            found.whole = _figure("", "", "", figures)
            continue
        by = next(name for place, name in enumerate(names) if not mask & (1 << (len(names) - 1 - place)))
        value = values[names.index(by)]
        if value is not None:
            line = _figure(by, str(value), words.of(by, value), figures)
            found.tables.setdefault(by, []).append(line)
    return found


def _figure(by: str, value: str, words: str, row: tuple[Any, ...]) -> Figure:
    (
        issued,
        called,
        served,
        absent,
        transferred,
        cancelled,
        void,
        day_over,
        waits,
        wait,
        takes,
        take,
        told,
        hit,
        staffed,
    ) = row
    return Figure(
        by, value, words, issued, called, served, absent, transferred, cancelled, void, day_over, _spread(waits, wait),
        _spread(takes, take), told, hit, None if staffed is None else float(staffed),
    )  # fmt: skip


def _spread(points: list[float] | None, mean: Any) -> Spread:
    if mean is None or points is None:
        return Spread(None, None, None, None)
    median, p80, p95 = points
    return Spread(float(median), float(p80), float(p95), float(mean))


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as the lists and the copies show it; times in minutes."""

    id: Any
    line: int
    label: str
    day: date
    service_id: int
    first_service_id: int
    counter_id: int | None
    account_id: int | None
    channel: str
    priority: str
    state: str
    issued_at: datetime
    first_at: datetime | None
    ended_at: datetime | None
    waited: float | None
    took: float | None
    told_low: int | None
    told_high: int | None
    hit: bool | None
    transferred: bool
    calls: int
    staffed: int
    reason: str


def page(asked: Asked, *, before: int | None = None, size: int = PAGE) -> tuple[list[TicketRow], int | None]:
    """Return tickets behind a figure, the latest of the line first, and where the older ones begin."""
    text, values = _statement(asked, order="desc", limit="limit %(size)s", before=before)
    with connection.cursor() as cursor:
        cursor.execute(text, values | {"size": size + 1})
        rows = [_ticket(row) for row in cursor.fetchall()]
    return rows[:size], rows[size - 1].line if len(rows) > size else None


def count(asked: Asked) -> int:
    """Return how many tickets are behind a figure."""
    text, values = _statement(asked, order="asc", limit="", before=None)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({text}) behind", values)  # noqa: S608  (our own text)
        return int(cursor.fetchone()[0])


def every(asked: Asked) -> Iterator[TicketRow]:
    """Yield every ticket behind a figure in the order of the line; memory does not grow with them."""
    text, values = _statement(asked, order="asc", limit="", before=None)
    with connection.chunked_cursor() as cursor:
        cursor.execute(text, values)
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield _ticket(row)


def _ticket(row: tuple[Any, ...]) -> TicketRow:
    numbers = [None if one is None else float(one) for one in row[14:16]]
    return TicketRow(*row[:14], *numbers, *row[16:])


_KINDS = {"day": "date", "channel": "text", "priority": "text"}


def _statement(asked: Asked, *, order: str, limit: str, before: int | None) -> tuple[str, dict[str, Any]]:
    values, where = asked.values(), ""
    if asked.by in BY:
        kind = _KINDS.get(asked.by, "bigint")
        where += f" and {BY[asked.by]} = %(value)s::text::{kind}"
        values["value"] = asked.value
    if before is not None:
        where += " and line < %(before)s"
        values["before"] = before
    return _ROWS.format(only=ONLY[asked.only], where=where, order=order, limit=limit), values


def sound(by: str, value: str) -> bool:
    """Tell whether a value could be one of a dimension: what an address asks for is not trusted."""
    if by == "day":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    if by in {"channel", "priority"}:
        return value in (Channel.values if by == "channel" else Priority.values)
    return value.isascii() and value.isdigit() and len(value) < 16


def last_days(today: date, days: int) -> tuple[date, date]:
    """Return the span of so many days that ends today."""
    return today - timedelta(days=days - 1), today
