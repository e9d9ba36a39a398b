"""A hall at this moment, for whoever heads it: who waits by service, the counters, today's sum. A few statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.counters import queries
from motcua.counters.estimates import Range
from motcua.counters.models import Hall

_SERVICES = """
select s.id, s.prefix, s.name, s.valid_to is null,
  count(t.id) filter (where t.state = 'waiting'), min(t.issued_at) filter (where t.state = 'waiting'),
  count(t.id) filter (where t.state = 'pending'), count(t.id) filter (where t.state = 'held'),
  count(t.id) filter (where t.state in ('called', 'serving')),
  count(t.id) filter (where t.state = 'served' and t.day = %(day)s::date),
  count(t.id) filter (where t.state = 'absent' and t.day = %(day)s::date),
  count(t.id) filter (where t.state = 'void' and t.day = %(day)s::date),
  count(t.id) filter (where t.day = %(day)s::date)
from counters_service s
left join counters_ticket t on t.service_id = s.id and t.hall_id = %(hall)s
  and (t.day = %(day)s::date or t.ended_at is null)
where s.hall_id = %(hall)s and (s.valid_to is null or s.valid_to >= %(day)s::date)
group by s.id order by s.position, s.id
"""
_COUNTERS = """
select c.id, c.number, c.name, s.account_id, s.started_at, p.since, p.reason, t.label, t.state, t.called_at,
  (select count(*) from counters_ticket d where d.shift_id = s.id and d.state = 'served'),
  (select max(d.ended_at) from counters_ticket d where d.shift_id = s.id and d.state = 'served'),
  (select array_agg(v.prefix order by v.position) from counters_serving g
     join counters_service v on v.id = g.service_id where g.counter_id = c.id and g.until is null)
from agencies_counter c
left join counters_shift s on s.counter_id = c.id and s.ended_at is null
left join counters_pause p on p.shift_id = s.id and p.until is null
left join counters_ticket t on t.shift_id = s.id and t.state in ('called', 'serving')
where c.point_id = %(point)s and (c.valid_to is null or c.valid_to > %(day)s::date or s.id is not null)
order by c.number
"""


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """One service: who waits for it and since when, and today's sum."""

    id: int
    prefix: str
    name: str
    offered: bool
    waiting: int
    oldest: datetime | None
    unconfirmed: int
    held: int
    at_counters: int
    served: int
    absent: int
    void: int
    issued: int
    longest: int | None  # minutes the first of the line has waited
    last: Range | None  # how much longer the last of the line will wait; None where nobody serves it


@dataclass(frozen=True, slots=True)
class CounterNow:
    """One counter: who sits there, what happens there, since when."""

    number: int
    label: str
    officer: str
    state: str  # closed, pause, called, serving, free
    since: datetime | None
    minutes: int | None
    ticket: str
    reason: str
    served: int
    prefixes: str


@dataclass(frozen=True, slots=True)
class HallNow:
    """The whole hall; `ends` is the range of minutes until the last of the line is called."""

    services: list[ServiceNow]
    counters: list[CounterNow]
    ends: Range | None

    def sum(self, name: str) -> int:
        """Return the sum of a figure over the services."""
        return sum(getattr(one, name) for one in self.services)

    @property
    def sums(self) -> dict[str, int]:
        """The sums that the page shows."""
        return {
            name: self.sum(name)
            for name in ("waiting", "unconfirmed", "held", "served", "absent", "void", "issued")
        }

    @property
    def unserved(self) -> int:
        """How many wait for a service that no counter serves: no range holds for them."""
        return sum(one.waiting for one in self.services if one.last is None)

    @property
    def longest(self) -> int | None:
        """Minutes that the longest of all has waited."""
        return max((one.longest for one in self.services if one.longest is not None), default=None)

    @property
    def staffed(self) -> int:
        """How many counters have an officer who is not on a break."""
        return sum(1 for one in self.counters if one.state not in {"closed", "pause"})


def now(hall: Hall, *, at: datetime) -> HallNow:
    """Read a hall as it is at a moment."""
    values: dict[str, Any] = {"hall": hall.pk, "point": hall.point_id, "day": timezone.localdate(at)}
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, values)
        services = cursor.fetchall()
        cursor.execute(_COUNTERS, values)
        counters = cursor.fetchall()
    ranges = queries.forecast(hall.pk, at=at)
    last: dict[int, Range] = {}
    for one in queries.waiting(hall.pk):
        if one.key in ranges:
            found = ranges[one.key].said
            before = last.get(one.service)
            last[one.service] = found if before is None or found.high > before.high else before
    names = _names({row[3] for row in counters if row[3] is not None})
    return HallNow(
        [_service(row, last, at) for row in services], [_counter(row, names, at) for row in counters],
        max(last.values(), key=lambda one: one.high, default=None),
    )  # fmt: skip


def _service(row: tuple[Any, ...], last: dict[int, Range], at: datetime) -> ServiceNow:
    oldest = row[5]
    values = (*row, _minutes(at - oldest) if oldest else None, last.get(row[0]))
    return ServiceNow(*values)


def _counter(row: tuple[Any, ...], names: dict[int, str], at: datetime) -> CounterNow:
    _id, number, name, account, started, paused, reason, label, state, called, served, done, prefixes = row
    if account is None:
        found, since = "closed", None
    elif paused is not None:
        found, since = "pause", paused
    elif label is not None:
        found, since = state, called
    else:
        found, since = "free", max(started, done or started)
    return CounterNow(
        number, name, names.get(account, ""), found, since, _minutes(at - since) if since else None, label or "",
        reason or "", served if account is not None else 0, " ".join(prefixes or ()),
    )  # fmt: skip


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _names(accounts: set[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name")) if accounts else {}
