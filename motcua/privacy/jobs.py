"""Clocks that are never silently late, and copies that go when their time is over."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.privacy.operations import incidents, reminding, requests


@periodic(cron="*/10 * * * *")
@job(name="privacy.remind", queueing_lock="privacy.remind")
def remind(timestamp: int) -> None:
    """Tell who answers for the data of an agency what is near its time, and what is late."""
    with as_system():
        incidents.remind(at=timezone.now())
        reminding.remind(at=timezone.now())


@periodic(cron="50 17 * * *")
@job(name="privacy.forget_copies", queueing_lock="privacy.forget_copies")
def forget_copies(timestamp: int) -> None:
    """Empty the copies of data that nobody fetches any more."""
    with as_system():
        requests.forget_copies(at=timezone.now())
