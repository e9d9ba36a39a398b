"""Nightly work around answers."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.eforms.operations import answering


@periodic(cron="50 17 * * *")
@job(name="eforms.sweep_answers", queueing_lock="eforms.sweep_answers")
def sweep_answers(timestamp: int) -> None:
    """Remove answers that nobody went on with and nobody handed in."""
    with as_system():
        answering.sweep(at=timezone.now())
