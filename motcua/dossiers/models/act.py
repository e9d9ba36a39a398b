"""Pause, SupplementRequest, Consultation: what happens to a dossier between acceptance and result."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.agencies.models import Agency, Position, Unit
from motcua.dossiers.models.dossier import Dossier
from motcua.dossiers.models.task import Task
from motcua.lib.ids import uuid7
from motcua.procedures.models.words import OnExpiry


class Pause(models.Model):
    """A stretch of time that does not count against the limit, and how the clock goes on after it."""

    MONEY: ClassVar[str] = (
        "money"  # the applicant meets a financial obligation; what follows is the second phase
    )
    personal_data: ClassVar[dict[str, str]] = {"reason": "why the clock stopped; kept with the dossier"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=16)  # supplement, money, suspend
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    resume = models.CharField(max_length=12)  # continue, restart, own_limit
    own_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    own_unit = models.CharField(max_length=16, blank=True, default="")
    reason = models.TextField()
    expected_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "dossier"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="pause_ends_after_start",
            ),
        ]


class SupplementRequest(models.Model):
    """One complete request for what is missing. A second needs a leader and a reason (QĐ 766: counted late)."""

    personal_data: ClassVar[dict[str, str]] = {
        "items": "papers asked for, with reasons; kept with the dossier"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    items = models.JSONField()  # [{"name", "reason"}]
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateTimeField(null=True)  # the applicant's own deadline
    on_expiry = models.CharField(max_length=12, blank=True, default="")  # close, continue, refuse
    second_reason = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)  # when the system found the applicant's deadline passed

    EXPIRY_WORDS: ClassVar = OnExpiry.choices

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "dossier", "number"], name="supplement_number"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(second_reason=""), name="second_supplement_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by", "id"],
                condition=Q(received_at__isnull=True, expired_at__isnull=True, answer_by__isnull=False),
                name="supplement_to_watch",
            ),
        ]


class Consultation(models.Model):
    """A question to another unit, inside the time limit, with its own clock. The owner stays the owner."""

    personal_data: ClassVar[dict[str, str]] = {
        "question": "about the dossier; kept with it",
        "opinion": "about the dossier; kept with it",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consultations")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="consultation")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True, default="")
    agrees = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
