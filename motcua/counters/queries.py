"""What is read of a hall."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.counters import estimates
from motcua.counters.estimates import Desk, Pace, Range, Seen
from motcua.counters.models import Booking, Call, Hall, HallLine, HelpCall, Service, Serving, Shift, Ticket
from motcua.counters.models.booking import BookingState
from motcua.counters.order import Waiting
from motcua.counters.states import State

#: A call for the guide that nobody answered for so long is old: whoever asked went elsewhere.
HELP_LASTS = timedelta(minutes=10)
_PACES = """
select service_id, today, count(*), avg(took), coalesce(stddev_samp(took), 0) from (
  select service_id, day = %(day)s as today, extract(epoch from ended_at - called_at) as took,
    row_number() over (partition by service_id, day = %(day)s order by ended_at desc) as back
  from counters_ticket where hall_id = %(hall)s and state = 'served' and called_at is not null
    and ended_at < called_at + interval '4 hours' -- a visit that nobody ended
    and (day = %(day)s or (day >= %(day)s::date - 56 and day < %(day)s and (%(day)s::date - day) %% 7 = 0))
) served where back <= 200 and (not today or back <= 30) group by service_id, today
"""
_DESKS = """
select s.id, array_agg(v.service_id), max(t.service_id), max(t.called_at), max(p.since)
from counters_shift s
join counters_serving v on v.counter_id = s.counter_id and v.until is null
join agencies_counter c on c.id = s.counter_id join counters_hall h on h.point_id = c.point_id and h.id = %s
left join counters_ticket t on t.shift_id = s.id and t.state in ('called', 'serving')
left join counters_pause p on p.shift_id = s.id and p.until is null
where s.ended_at is null
group by s.id
"""


def waiting(hall_id: int, *, counter_id: int | None = None) -> list[Waiting]:
    """Return who waits in a hall, as far as turns depend on it; with a counter, who may be called there."""
    rows = Ticket.objects.filter(hall_id=hall_id, state=State.WAITING)
    if counter_id is not None:
        rows = rows.filter(only_counter=None) | rows.filter(only_counter_id=counter_id)
    return [
        Waiting(key=key, service=service, line=line, priority=bool(priority), booked_for=booked)
        for key, service, line, priority, booked in rows.order_by("line").values_list(
            "pk", "service_id", "line", "priority", "booked_for"
        )
    ]


def paces(hall_id: int, at: datetime) -> dict[int, Pace]:
    """Return how long visitors of each service keep a counter: today's last thirty, else the same weekday, else the
    minutes the office stated."""
    seen: dict[tuple[int, bool], Seen] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PACES, {"hall": hall_id, "day": timezone.localdate(at)})
        for service, today, count, mean, spread in cursor.fetchall():
            seen[service, today] = Seen(count, float(mean), float(spread))
    return {
        service: estimates.learn(
            minutes, today=seen.get((service, True), Seen()), weekday=seen.get((service, False), Seen())
        )
        for service, minutes in Service.objects.filter(hall_id=hall_id).values_list("pk", "minutes")
    }


def desks(hall_id: int, known: dict[int, Pace], at: datetime) -> list[Desk]:
    """Return the counters where an officer sits now, and when each is expected to be free: a break ends, too."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_DESKS, [hall_id])
        for _shift, serves, service, called_at, paused_at in cursor.fetchall():
            free_at = at
            if called_at is not None:
                free_at = at + estimates.left(known[service], at - called_at)
            if paused_at is not None:  # breaks end: without this a line before two counters waits for hours
                free_at += estimates.left(estimates.BREAK, at - paused_at)
            found.append(Desk(frozenset(serves), free_at))
    return found


_FAVOURED = """
select service_id, count(*) / %(minutes)s::float from counters_ticket
where hall_id = %(hall)s and day = %(day)s::date and priority <> '' and state <> 'void'
  and issued_at > %(since)s::timestamptz and issued_at <= %(at)s::timestamptz group by service_id
"""
_LATELY = timedelta(minutes=60)


def favoured(hall_id: int, at: datetime) -> dict[int, float]:
    """Return how many visitors with priority a minute came to each service lately."""
    values: dict[str, Any] = {
        "hall": hall_id, "day": timezone.localdate(at), "since": at - _LATELY, "at": at,
        "minutes": _LATELY.total_seconds() / 60,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FAVOURED, values)
        return {service: float(rate) for service, rate in cursor.fetchall()}


def to_come(hall_id: int, at: datetime) -> list[Waiting]:
    """Return the booked visitors of the next two hours who have not checked in: a counter will be kept for them."""
    rows = Booking.objects.filter(
        slot__service__hall_id=hall_id, state=BookingState.BOOKED, slot__starts_at__gt=at - timedelta(minutes=5),
        slot__starts_at__lt=at + timedelta(hours=2),
    )  # fmt: skip
    return [
        Waiting(key=("booking", key), service=service, line=2**61, booked_for=starts_at)
        for key, service, starts_at in rows.values_list("pk", "slot__service_id", "slot__starts_at")
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """All that a forecast of a hall depends on, read once."""

    waiting: list[Waiting]
    to_come: list[Waiting]
    desks: list[Desk]
    paces: dict[int, Pace]
    streaks: dict[int, int]
    normals: int
    favoured: dict[int, float]
    at: datetime

    def waits(self, also: Iterable[Waiting] = ()) -> dict[Any, Range]:
        """Play the hall forward: how long each waiting ticket will wait, and each of `also` who are not in the line."""
        found = estimates.waits(
            [*self.waiting, *self.to_come, *also], self.desks, paces=self.paces, streaks=self.streaks,
            normals=self.normals, now=self.at, favoured=self.favoured,
        )  # fmt: skip
        return {key: told for key, told in found.items() if not isinstance(key, tuple)}


def line_of(hall_id: int, *, at: datetime) -> Line:
    """Read a hall for its forecasts."""
    row = HallLine.objects.select_related("hall").get(hall_id=hall_id)
    known = paces(hall_id, at)
    return Line(
        waiting(hall_id), to_come(hall_id, at), desks(hall_id, known, at), known,
        {int(one): count for one, count in row.streaks.items()}, row.hall.normals, favoured(hall_id, at), at,
    )  # fmt: skip


def forecast(hall_id: int, *, at: datetime) -> dict[Any, Range]:
    """Return how long each waiting ticket of a hall will wait."""
    return line_of(hall_id, at=at).waits()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A service for who has no number yet: how many wait for it, and the range; None while no counter serves it."""

    waiting: int
    wait: Range | None


def newcomers(
    hall_id: int, service_ids: Iterable[int], *, at: datetime, priority: bool = False
) -> dict[int, Newcomer]:
    """Return what each service means for somebody who comes now: for kiosk, phones, screens and ticket alike."""
    line = line_of(hall_id, at=at)
    many = Counter(one.service for one in line.waiting)
    return {one: Newcomer(many[one], _of_newcomer(line, one, priority=priority)) for one in service_ids}


def told(
    hall_id: int, service_id: int, *, priority: bool, at: datetime, booked_for: datetime | None = None
) -> Range | None:
    """Return the range for somebody who takes a number now; None while no counter serves the service."""
    return _of_newcomer(line_of(hall_id, at=at), service_id, priority=priority, booked_for=booked_for)


def _of_newcomer(
    line: Line, service_id: int, *, priority: bool, booked_for: datetime | None = None
) -> Range | None:
    me = Waiting(key="me", service=service_id, line=2**62, priority=priority, booked_for=booked_for)
    return line.waits([me]).get("me")


def ahead(ticket: Ticket) -> int:
    """Return how many are before a waiting ticket in its service, by place in the line."""
    return Ticket.objects.filter(
        hall_id=ticket.hall_id, service_id=ticket.service_id, state=State.WAITING, line__lt=ticket.line
    ).count()


def last_calls(hall_id: int, *, count: int = 6, after: int = 0) -> list[dict[str, Any]]:
    """Return the last calls of a hall, the newest first, each ticket once: what the screens show."""
    return _calls(hall_id, count, after)


_LAST = """
select number, label, counter, why, at from (
  select distinct on (c.ticket_id) c.number, t.label, k.number as counter, c.why, c.at
  from (select * from counters_call where hall_id = %s and number > %s order by number desc limit %s) c
  join counters_ticket t on t.id = c.ticket_id join agencies_counter k on k.id = c.counter_id
  order by c.ticket_id, c.number desc
) newest order by number desc limit %s
"""


def _calls(hall_id: int, count: int, after: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [hall_id, after, count * 4, count])
        return [
            {"call": number, "label": label, "counter": counter, "why": why, "at": at}
            for number, label, counter, why, at in cursor.fetchall()
        ]


def last_acts(shifts: list[Shift]) -> dict[UUID, datetime]:
    """Return when the officer of each open shift last did anything that is kept: a call, or an act on a dossier."""
    if not shifts:
        return {}
    began = min(one.started_at for one in shifts)
    entries = Entry.objects.filter(
        agency_id__in={one.home_agency_id for one in shifts}, recorded_at__gte=began - timedelta(days=1),
        account_id__in={one.account_id for one in shifts},
    )  # fmt: skip
    acts = dict(entries.values_list("account_id").annotate(Max("at")))
    calls = Call.objects.filter(counter_id__in={one.counter_id for one in shifts}, at__gte=began)
    called = dict(calls.values_list("counter_id").annotate(Max("at")))
    return {
        one.pk: max(one.started_at, acts.get(one.account_id, began), called.get(one.counter_id, began))
        for one in shifts
    }


_KEEP = 60.0
_known: dict[frozenset[int], tuple[float, bool]] = {}  # until when, by agencies


def uses_tickets(agencies: frozenset[int]) -> bool:
    """Tell whether one of these agencies has a hall; asked for every page, so kept for a minute."""
    until, known = _known.get(agencies, (0.0, False))
    if time.monotonic() >= until:
        known = Hall.objects.filter(point__shop__agency_id__in=agencies).exists()
        _known[agencies] = (time.monotonic() + _KEEP, known)
    return known


def halls_with_expired(at: datetime) -> list[int]:
    """Return the halls where a place was kept long enough."""
    rows = (
        Ticket.objects.filter(state=State.HELD, held_until__lt=at)
        .order_by()
        .values_list("hall_id", flat=True)
    )
    return sorted(rows.distinct())


def halls_with_old_bookings(at: datetime) -> list[int]:
    """Return the halls where a booking of a day before stands as if somebody might still come."""
    before = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Booking.objects.filter(state=BookingState.BOOKED, slot__starts_at__lt=before)
    return sorted(set(rows.values_list("slot__service__hall_id", flat=True)))


def halls_with_old_tickets(at: datetime) -> list[int]:
    """Return the halls where a ticket or a shift of a day before is still open."""
    today = timezone.localdate(at)
    tickets = Ticket.objects.filter(ended_at=None, day__lt=today).order_by().values_list("hall_id", flat=True)
    shifts = Shift.objects.filter(
        ended_at=None, started_at__date__lt=today, counter__point__hall__isnull=False
    )
    return sorted({*tickets.distinct(), *shifts.values_list("counter__point__hall", flat=True)})


def help_calls(hall_id: int, at: datetime) -> list[HelpCall]:
    """Return the kiosks of a hall where somebody asks for the guide and nobody goes yet, the longest wait first."""
    rows = HelpCall.objects.filter(
        hall_id=hall_id, ended_at=None, answered_at=None, asked_at__gte=at - HELP_LASTS
    )
    return list(rows.select_related("device").order_by("asked_at"))


def guide_counter(hall: Hall) -> str:
    """Return the number of an open counter that helps whoever does not know: the general service's, else the first."""
    shifts = Shift.objects.filter(counter__point=hall.point, ended_at=None).select_related("counter")
    counters = {one.counter_id: one.counter.number for one in shifts}
    general = Serving.objects.filter(
        counter_id__in=counters, until=None, service__hall=hall, service__is_general=True
    ).values_list("counter__number", flat=True)
    return str(min(general or counters.values(), default=""))
