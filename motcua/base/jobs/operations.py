"""Add background work. Apps define their jobs in `jobs.py` with `@job`; they take ids, never objects."""

import logging
from typing import Any

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

job = app.task
periodic = app.periodic
log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # a job that kills its worker each time is let go of

_STALLED = """
select j.id, j.attempts, j.task_name from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - interval '60 seconds')
order by j.id for update of j skip locked
"""


def defer(name: str, **arguments: Any) -> None:
    """Run the job `name` after the caller's transaction has committed."""
    app.configure_task(name).defer(**arguments)


def ring(name: str, **arguments: Any) -> None:
    """Run the job `name` soon; one that is waiting already, by its queueing lock, is not put there again.

    Looked for first: many rings for one job are common, and a refused row costs ten times the look.
    """
    task = app.tasks.get(name)
    if task is not None and task.queueing_lock and _waits(task.queueing_lock):
        return
    try:
        with transaction.atomic():
            defer(name, **arguments)
    except AlreadyEnqueued:
        return


def _waits(queueing_lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from procrastinate_jobs where queueing_lock = %s and status = 'todo'", [queueing_lock]
        )
        return cursor.fetchone() is not None


def give_back_stalled() -> int:
    """Put jobs of workers that were killed back to be done; return how many. Jobs bear repetition.

    The queue itself leaves them as being done: nothing that shares their lock would ever run again. One that waits a
    second time already, or was given back five times, ends as failed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STALLED)
        found = cursor.fetchall()
        for number, attempts, name in found:
            log.warning("job %s (%s) was left by a worker that died", number, name)
            try:
                with transaction.atomic():
                    if attempts >= MOST_ATTEMPTS:
                        raise IntegrityError
                    cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [number])
            except IntegrityError:
                cursor.execute("select procrastinate_finish_job_v1(%s, 'failed', false)", [number])
    return len(found)
