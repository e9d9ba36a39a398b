"""Task: one open or finished step of a dossier: whose desk, since when, until when."""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q, Value

from motcua.agencies.models import Agency, Position, Unit
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7

_OPEN = Q(ended_at__isnull=True)

# Where open steps without a running date stand in a list: results that wait to be handed over, dossiers without a
# promised date, dossiers that stand still. `motcua_rank` in the database says the same (migration 0003).
FINISHED = datetime(9997, 1, 1, tzinfo=UTC)
NO_DATE = datetime(9998, 1, 1, tzinfo=UTC)
STILL = datetime(9999, 1, 1, tzinfo=UTC)


class Task(models.Model):
    """One token of the workflow. Only an `is_owner` task makes its unit answerable for the dossier.

    Step name, role and limit are copied from the pinned workflow version so that a list needs one query. `rank`
    is the dossier's promised date while its clock runs; the database keeps it for open steps (a trigger), so
    that the first page of a desk of any size reads only the rows it shows.
    """

    personal_data: ClassVar[dict[str, str]] = {"note": "officer's remark at hand-over; kept with the dossier"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    step_key = models.CharField(max_length=60)
    step_name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)  # workflow.engine.StepKind
    completed_by = models.CharField(max_length=24)
    role = models.CharField(max_length=24, blank=True, default="")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    is_owner = models.BooleanField(default=True)
    allowed_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    allowed_unit = models.CharField(max_length=16, blank=True, default="")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=24, blank=True, default="")  # the verb
    ended_position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")
    rank = models.DateTimeField(db_default=Value("9998-01-01 00:00:00+00"), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "dossier", "number"], name="task_number"),
            models.UniqueConstraint(
                fields=["home_agency", "dossier"],
                condition=Q(ended_at__isnull=True, is_owner=True),
                name="task_one_owner",
            ),
        ]
        indexes = [
            # A desk is read in the order of `rank`: the officer's own, the unit's not given to anybody, all of it.
            models.Index(fields=["position", "rank", "id"], condition=_OPEN, name="task_of_position"),
            models.Index(fields=["unit", "rank", "id"], condition=_OPEN, name="task_of_unit"),
            models.Index(
                fields=["unit", "rank", "id"],
                condition=_OPEN & Q(position__isnull=True),
                name="task_of_nobody_yet",
            ),
            models.Index(
                fields=["agency", "rank", "id"], condition=_OPEN & Q(is_owner=True), name="task_of_agency"
            ),
            # What hangs in public now: few among many (the public list, postings.py).
            models.Index(fields=["agency", "due_at"], condition=_OPEN & Q(kind="post"), name="task_posting"),
        ]
