"""Nightly work around the hall. Doorbells: each calls one operation."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.counters.operations import stations


@periodic(cron="40 17 * * *")  # 00:40 in Vietnam
@job(name="counters.sweep_stations", queueing_lock="counters.sweep_stations")
def sweep_stations(timestamp: int) -> None:
    """End prints and scans that nobody will do any more, and delete old ones."""
    with as_system():
        stations.sweep(timezone.now())
