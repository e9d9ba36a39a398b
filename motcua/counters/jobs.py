"""Work around halls that nobody presses a button for. Doorbells: each calls one operation, a hall a transaction."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.counters import queries
from motcua.counters.operations import bookings, calling, staffing, stations
from motcua.lib.actor import SYSTEM


@periodic(cron="* * * * *")
@job(name="counters.expire_held", queueing_lock="counters.expire_held")
def expire_held(timestamp: int) -> None:
    """End the places of absent visitors that were kept long enough."""
    now = timezone.now()
    with as_system():
        due = queries.halls_with_expired(now)
    for hall_id in due:
        with as_system():
            calling.expire(hall_id=hall_id, actor=SYSTEM, at=now)


@periodic(cron="5,35 17-23 * * *")  # 00:05 to 06:35 in Vietnam
@job(name="counters.close_day", queueing_lock="counters.close_day")
def close_day(timestamp: int) -> None:
    """End what is open of days before; again and again until morning, for nothing ends while an officer works.

    Officers who went home without signing off are signed off first, three hours after their last call.
    """
    now = timezone.now()
    with as_system():
        halls = queries.halls_with_old_tickets(now)
        booked = queries.halls_with_old_bookings(now)
    for hall_id in booked:
        _each(hall_id, now, bookings.miss)
    for hall_id in halls:
        _each(hall_id, now, staffing.end_forgotten)
        _each(hall_id, now, calling.close_day)


def _each(hall_id: int, now: datetime, act: Callable[..., int]) -> None:
    with as_system():
        act(hall_id=hall_id, actor=SYSTEM, at=now)


@periodic(cron="40 17 * * *")  # 00:40 in Vietnam
@job(name="counters.sweep_stations", queueing_lock="counters.sweep_stations")
def sweep_stations(timestamp: int) -> None:
    """End prints and scans that nobody will do any more, and delete old ones."""
    with as_system():
        stations.sweep(timezone.now())
