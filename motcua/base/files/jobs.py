"""Work around files that no page waits for."""

from django.utils import timezone

from motcua.base.files import resumable, scanning
from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system


@periodic(cron="40 * * * *")
@job(name="files.sweep_uploads", queueing_lock="files.sweep_uploads")
def sweep_uploads(timestamp: int) -> None:
    """Forget files that nobody went on sending for a day."""
    with as_system():
        resumable.sweep(timezone.now())


_SCANNING_SECONDS = 40


@periodic(cron="* * * * *")
@job(name="files.scan", queueing_lock="files.scan", lock="files.scan")
def scan(timestamp: int) -> None:
    """Have ClamAV look at what came in; nothing to do where there is none, or nothing waits."""
    scanning.scan_waiting(at=timezone.now(), within=as_system, seconds=_SCANNING_SECONDS)
