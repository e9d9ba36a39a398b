"""Hourly counting. A doorbell: it calls one operation."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.reports.operations import counting


@periodic(cron="22 * * * *")
@job(name="reports.count_months", queueing_lock="reports.count_months")
def count_months(timestamp: int) -> None:
    """Count this month and the one before."""
    with as_system():
        counting.count_months(at=timezone.now())
