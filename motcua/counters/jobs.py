"""Round after round in the halls. Doorbells: each calls operations."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.counters import queries
from motcua.counters.operations import calling, staffing
from motcua.lib.actor import SYSTEM


@periodic(cron="* * * * *")
@job(name="counters.end_kept_places", queueing_lock="counters.end_kept_places")
def end_kept_places(timestamp: int) -> None:
    """Note as absent whose place was kept long enough."""
    now = timezone.now()
    for hall_id in queries.halls_with_places_over(now):
        with as_system():
            calling.expire(hall_id=hall_id, actor=SYSTEM, at=now)


@periodic(cron="10 17-23 * * *")  # 00:10 to 06:10 in Vietnam: again each hour while somebody still works
@job(name="counters.close_days", queueing_lock="counters.close_days")
def close_days(timestamp: int) -> None:
    """End forgotten shifts, then the open tickets of days before today."""
    now = timezone.now()
    for hall_id in queries.every_hall():
        with as_system():
            staffing.end_forgotten(hall_id=hall_id, actor=SYSTEM, at=now)
            calling.close_day(hall_id=hall_id, actor=SYSTEM, at=now)
