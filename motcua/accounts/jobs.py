"""Nightly work around accounts."""

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from motcua.accounts.operations import emails, guards
from motcua.accounts.operations.accounts import disable_idle
from motcua.base.jobs.operations import job, periodic, ring
from motcua.base.jobs.system import as_system
from motcua.lib.actor import SYSTEM


@periodic(cron="20 17 * * *")  # 00:20 in Vietnam
@job(name="accounts.disable_idle", queueing_lock="accounts.disable_idle")
def close_idle(timestamp: int) -> None:
    """Disable staff accounts that nobody used for 45 days (TCVN 14423:2026 §5.6.2.3)."""
    with as_system():
        disable_idle(at=timezone.now(), actor=SYSTEM)


@periodic(cron="25 17 * * *")
@job(name="accounts.sweep", queueing_lock="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Forget old wrong tries and the rows of sessions that ended by themselves."""
    with as_system():
        guards.sweep(at=timezone.now())
        emails.sweep(at=timezone.now())
        SessionStore.clear_expired()


@job(name=emails.JOB, queueing_lock=emails.JOB, lock=emails.JOB)
def send_email_letters() -> None:
    """Send codes to new addresses, and word to old ones."""
    emails.send(at=timezone.now(), within=as_system)


@periodic(cron="*/2 * * * *")
@job(name="accounts.again_email_letters", queueing_lock="accounts.again_email_letters")
def again_email_letters(timestamp: int) -> None:
    """Have those sent again that the mail server did not take."""
    if not settings.MAIL:
        return
    with as_system():
        if emails.to_send(timezone.now()):
            ring(emails.JOB)
