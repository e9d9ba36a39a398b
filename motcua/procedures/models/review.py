"""What was typed into a draft, what a second person said about it, and what became of a national record."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from motcua.procedures.models.catalogue import ProcedureVersion
from motcua.procedures.models.words import Act, Outcome, Part

_PERSON = settings.AUTH_USER_MODEL


class DraftEdit(models.Model):
    """Every text that anybody sent for a part of a draft, also one that came too late to be saved.

    `saved` false: somebody else had saved meanwhile. Both texts stay here; nobody's work is lost.
    """

    personal_data: ClassVar[dict[str, str]] = {"by": "the administrator who typed the text"}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="edits")
    part = models.CharField(max_length=10, choices=Part.choices)
    edition = models.PositiveIntegerField()
    content = models.JSONField()
    saved = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(_PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "part", "edition"],
                condition=Q(saved=True),
                name="procedures_edit_edition_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.part} {self.edition}"


class Approval(models.Model):
    """A request that a second person approves publishing a draft or repealing a version.

    It is bound to the text it was asked for: `content_hash` is the draft's at that moment. The database refuses a
    decision by who asked, and two open requests for one version. `late_known`: the day had passed when it was asked,
    and who asked said so.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "asked_by": "the administrator who asked",
        "decided_by": "the person who approved or returned",
    }

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="approvals")
    act = models.CharField(max_length=8, choices=Act.choices)
    day = models.DateField(null=True, blank=True)
    decision_number = models.CharField(max_length=100)
    decision_date = models.DateField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    late_known = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    asked_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(_PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(outcome=""), name="procedures_approval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "withdrawn"]) | ~Q(decided_by=F("asked_by")),
                name="procedures_approval_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | (~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="procedures_approval_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="procedures_approval_open", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"{self.act} {self.version_id} {self.outcome}"


class NationalReview(models.Model):
    """A national record was compared with ours: `draft` took something of it, or `reason` says why ours is kept.

    Without a row the procedure stands in the list of those that differ. A draft thrown away takes its row along.
    """

    personal_data: ClassVar[dict[str, str]] = {"by": "the administrator who compared"}

    version = models.OneToOneField(ProcedureVersion, on_delete=models.CASCADE, related_name="review")
    draft = models.ForeignKey(ProcedureVersion, null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(_PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(draft__isnull=False) | ~Q(reason=""), name="procedures_review_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.draft_id or self.reason[:40]}"
