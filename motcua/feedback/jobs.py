"""Nightly work around ratings and petitions."""

from django.utils import timezone

from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.feedback.operations import forgetting, ratings


@periodic(cron="40 17 * * *")
@job(name="feedback.sweep_words", queueing_lock="feedback.sweep_words")
def sweep_words(timestamp: int) -> None:
    """Remove what visitors wrote once its time is over."""
    with as_system():
        ratings.sweep(at=timezone.now())


@periodic(cron="7,37 * * * *")
@job(name="feedback.flag_arranged", queueing_lock="feedback.flag_arranged")
def flag_arranged(timestamp: int) -> None:
    """Flag ratings that look arranged; forget when and from where yesterday's came."""
    with as_system():
        ratings.flag_arranged(at=timezone.now())


@periodic(cron="45 17 * * *")
@job(name="feedback.forget_contacts", queueing_lock="feedback.forget_contacts")
def forget_contacts(timestamp: int) -> None:
    """Remove who sent a petition once the time for that is over."""
    with as_system():
        forgetting.forget_contacts(at=timezone.now())
