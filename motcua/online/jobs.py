"""Nightly work around applications."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.online.operations import drafting


@periodic(cron="40 17 * * *")
@job(name="online.sweep_applications", queueing_lock="online.sweep_applications")
def sweep_applications(timestamp: int) -> None:
    """Remove applications that nobody went on with and nobody handed in."""
    with as_system():
        drafting.sweep(at=timezone.now())
