"""Work around files that no page waits for."""

from django.utils import timezone

from motcua.base.files import resumable
from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system


@periodic(cron="40 * * * *")
@job(name="files.sweep_uploads", queueing_lock="files.sweep_uploads")
def sweep_uploads(timestamp: int) -> None:
    """Forget files that nobody went on sending for a day."""
    with as_system():
        resumable.sweep(timezone.now())
