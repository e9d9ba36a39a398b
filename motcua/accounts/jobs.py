"""Nightly work around accounts."""

from django.utils import timezone

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
