"""Send what waits: rung for by each message, and every minute for what is to be tried again.

One at a time, so that mail never takes all places of the worker. Senders would keep away from each other by what they
hold, should a lock that a killed worker left be given back too early.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from motcua.base.jobs.operations import job, periodic, ring
from motcua.base.jobs.system import as_system
from motcua.base.notifications.operations import sending, telling

log = logging.getLogger(__name__)
_KEPT = timedelta(days=90)
_LONGEST = 50.0  # seconds; then the worker's place is given to other work and the bell rung again


@job(name=sending.JOB, queueing_lock=sending.JOB, lock=sending.JOB)
def send() -> None:
    """Send what waits, batch after batch."""
    if not settings.MAIL:
        return
    began = time.monotonic()
    while sent := sending.send_waiting(at=timezone.now(), within=as_system):
        log.info("messages sent: %s", sent)
        if time.monotonic() - began > _LONGEST:
            ring(sending.JOB)
            return


@periodic(cron="* * * * *")
@job(name="notifications.go_on", queueing_lock="notifications.go_on")
def go_on(timestamp: int) -> None:
    """Try again what could not be sent, what waited for the morning, and what a killed worker left."""
    if settings.MAIL:
        ring(sending.JOB)


@periodic(cron="40 18 * * *")
@job(name="notifications.forget", queueing_lock="notifications.forget")
def forget(timestamp: int) -> None:
    """Empty the texts of three months ago."""
    with as_system():
        telling.forget(before=timezone.now() - _KEPT)
