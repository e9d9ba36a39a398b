"""Background work of integration: messages to other systems, and what is swept."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.exchange.operations import door, incoming, telling


@periodic(cron="* * * * *")
@job(name="exchange.deliver_again", queueing_lock="exchange.deliver_again", lock="exchange.deliver")
def deliver_again(timestamp: int) -> None:
    """Try again what could not be sent before."""
    telling.deliver_due(now=timezone.now)


@job(name=telling.JOB, queueing_lock=telling.JOB, lock="exchange.deliver")
def deliver() -> None:
    """Send what has just been written."""
    telling.deliver_due(now=timezone.now)


@periodic(cron="17 * * * *")
@job(name="exchange.sweep", queueing_lock="exchange.sweep")
def sweep(timestamp: int) -> None:
    """Forget tokens that ended and uploads that no dossier named."""
    now = timezone.now()
    door.sweep_tokens(at=now)
    incoming.sweep_uploads(at=now)
