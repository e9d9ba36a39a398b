"""StationJob: something the station at a counter shall print or scan."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.base.files.models import StoredFile
from motcua.counters.models.device import Device
from motcua.lib.ids import uuid7


class JobKind(models.TextChoices):
    """What a station is asked for."""

    PRINT = "print", _("In")
    SCAN = "scan", _("Quét")


class JobState(models.TextChoices):
    """Where a job is. Codes are stored and never change."""

    WAITING = "waiting", _("Chờ trạm ở quầy nhận")
    TAKEN = "taken", _("Trạm đang làm")
    UNSURE = "unsure", _("Chưa rõ giấy đã ra chưa")  # a person looks at the printer and says
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Không làm được")


JOB_MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.TAKEN, JobState.FAILED}),
    JobState.TAKEN: frozenset({JobState.TAKEN, JobState.UNSURE, JobState.DONE, JobState.FAILED}),
    JobState.UNSURE: frozenset({JobState.WAITING, JobState.DONE, JobState.FAILED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
}
OPEN_JOBS = frozenset({JobState.WAITING, JobState.TAKEN, JobState.UNSURE})


class StationJob(models.Model):
    """One print or one stack to scan. The station holds it by a lease: a secret of this taking, and a time.

    `facts` say what a label shows, or how to scan; a ticket is drawn from its own row. `file` are the scanned pages
    until the screen that asked takes them (`collected_at`). `problem` is a word of `operations.stations.PROBLEMS`.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "asked_by": "whose screen is told how it went; deleted with the job after a month",
        "file": "pages on their way from the scanner to the draft or dossier; deleted after a day if nobody takes them",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=5, choices=JobKind.choices)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    subject_kind = models.CharField(max_length=12)  # ticket, label, draft, dossier
    subject_id = models.CharField(max_length=64)
    line = models.CharField(max_length=64, blank=True, default="")  # which paper of it the pages belong to
    facts = models.JSONField(default=dict)
    asked_by = models.BigIntegerField(null=True)  # an account; below zero a kiosk
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_hash = models.BinaryField(max_length=32, null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True, default="")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    collected_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["station", "asked_at"], condition=Q(state__in=sorted(OPEN_JOBS)), name="counters_open_jobs"
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="counters_job_subject"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="counters_job_state"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_JOBS), ended_at__isnull=True)
                | (~Q(state__in=sorted(OPEN_JOBS)) & Q(ended_at__isnull=False)),
                name="counters_job_ended_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.TAKEN)
                | Q(lease_hash__isnull=False, lease_until__isnull=False),
                name="counters_taken_job_has_a_lease",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"
