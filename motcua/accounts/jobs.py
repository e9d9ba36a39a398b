"""Nightly work around accounts."""

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from motcua.accounts.operations import emails, guards
from motcua.accounts.operations.accounts import disable_idle
from motcua.base.jobs.operations import job, periodic
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
