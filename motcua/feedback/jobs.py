"""Nightly work around ratings."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.feedback.operations import ratings


@periodic(cron="40 17 * * *")
@job(name="feedback.sweep_words", queueing_lock="feedback.sweep_words")
def sweep_words(timestamp: int) -> None:
    """Remove what visitors wrote once its time is over."""
    with as_system():
        ratings.sweep(at=timezone.now())
