"""Nightly work around dossiers. Doorbells: each calls one operation."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from motcua.base.audit.operations import anchor_day
from motcua.base.files.operations import sweep_orphans
from motcua.base.jobs.operations import job, periodic, ring
from motcua.base.jobs.system import as_system
from motcua.dossiers.operations import drafts, indexing, people_lists, recompute, reminders, scans, watching
from motcua.dossiers.operations.tracking import forget_tries

log = logging.getLogger(__name__)


@periodic(cron="10 17 * * *")  # 00:10 in Vietnam: the day before is complete
@job(name="dossiers.anchor_yesterday", queueing_lock="dossiers.anchor_yesterday")
def anchor_yesterday(timestamp: int) -> None:
    """Make the daily roots of the history; catches up on the last week."""
    now = timezone.now()
    for days in range(7, 0, -1):
        with as_system():
            anchor_day(day=timezone.localdate(now) - timedelta(days=days), at=now)


@periodic(cron="30 17 * * *")
@job(name="dossiers.sweep_drafts", queueing_lock="dossiers.sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    """Remove drafts and lines of lists nobody touched for 30 days, and the counts of failed look-ups."""
    with as_system():
        drafts.sweep(at=timezone.now())
        people_lists.sweep(at=timezone.now())
        forget_tries()


@periodic(cron="*/5 * * * *")
@job(name="dossiers.reindex", queueing_lock="dossiers.reindex")
def reindex(timestamp: int) -> None:
    """Index some dossiers that were written before search knew their numbers; nothing to do once all are."""
    with as_system():
        indexing.fill_marks()


@periodic(cron="0 18 * * *")
@job(name="dossiers.sweep_files", queueing_lock="dossiers.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Remove stored content that no row refers to: what was left by a request that failed half-way."""
    with as_system():
        sweep_orphans(at=timezone.now())
    with as_system():
        scans.forget_unused()


_SOON = timedelta(hours=2)
_READING_SECONDS = 20  # short, so that the worker stops soon and other jobs wait little


@periodic(cron="* * * * *")
@job(name="dossiers.read_scans", queueing_lock="dossiers.read_scans", priority=-10)
def read_scans(timestamp: int) -> None:
    """Read some pages of scanned papers, behind every other job."""
    now = timezone.now()
    with as_system():
        scans.take_note(at=now, since=now - _SOON)
    scans.read_waiting(within=as_system, seconds=_READING_SECONDS)


@periodic(cron="20 18 * * *")
@job(name="dossiers.note_scans", queueing_lock="dossiers.note_scans")
def note_scans(timestamp: int) -> None:
    """Note what the job of every minute missed: files of before, and of a time when no worker ran."""
    more = 1
    while more:
        with as_system():
            more = scans.take_note(at=timezone.now())


@periodic(cron="*/15 * * * *")
@job(name="dossiers.look_after_dates", queueing_lock="dossiers.look_after_dates")
def look_after_dates(timestamp: int) -> None:
    """Prepare apologies, note what is late, remind of and carry out applicants' deadlines; says how many."""
    done = watching.look_after(at=timezone.now(), within=as_system)
    log.info("dates looked after: %s", done.said())


@job(name=recompute.JOB, queueing_lock=recompute.JOB, lock=recompute.JOB)
def run_recomputes() -> None:
    """Find the dossiers that a changed day of the calendar concerns, and move the dates that were approved."""
    moved = recompute.run(at=timezone.now(), within=as_system)
    log.info("dates moved after a change of the calendar: %s", moved)


@periodic(cron="*/10 * * * *")
@job(name="dossiers.go_on_recomputes", queueing_lock="dossiers.go_on_recomputes")
def go_on_recomputes(timestamp: int) -> None:
    """Take up what a killed worker left."""
    with as_system():
        if recompute.waiting():
            ring(recompute.JOB)


@periodic(cron="*/5 * * * *")
@job(name="dossiers.write_letters", queueing_lock="dossiers.write_letters", priority=-5)
def write_letters(timestamp: int) -> None:
    """Write the letters of offices that have opened."""
    if settings.MAIL:
        reminders.write_due(at=timezone.now(), within=as_system)
