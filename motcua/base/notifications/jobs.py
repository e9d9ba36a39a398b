"""Send what waits: rung for by each message, and every minute for what is to be tried again."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.base.notifications import operations

log = logging.getLogger(__name__)
_KEPT = timedelta(days=90)


@job(name=operations.JOB, queueing_lock=operations.JOB, lock=operations.JOB)
def send() -> None:
    """Send what waits."""
    if settings.MAIL:
        log.info("messages sent: %s", operations.send_waiting(at=timezone.now(), within=as_system))


@periodic(cron="* * * * *")
@job(name="notifications.go_on", queueing_lock="notifications.go_on", lock=operations.JOB)
def go_on(timestamp: int) -> None:
    """Try again what could not be sent, and what waited for the morning."""
    if settings.MAIL:
        operations.send_waiting(at=timezone.now(), within=as_system)


@periodic(cron="40 18 * * *")
@job(name="notifications.forget", queueing_lock="notifications.forget")
def forget(timestamp: int) -> None:
    """Empty the texts of three months ago."""
    with as_system():
        operations.forget(before=timezone.now() - _KEPT)
