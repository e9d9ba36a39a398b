"""Daily work around agencies: names that hold from today. A doorbell: it calls one operation."""

from django.utils import timezone

from motcua.agencies.operations.agencies import adopt_names
from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.lib.actor import SYSTEM


@periodic(cron="1 17 * * *")  # 00:01 in Vietnam
@job(name="agencies.adopt_names", queueing_lock="agencies.adopt_names")
def adopt_todays_names(timestamp: int) -> None:
    """Let agencies and units be called what their dated names say from today."""
    with as_system():
        adopt_names(actor=SYSTEM, at=timezone.now())
