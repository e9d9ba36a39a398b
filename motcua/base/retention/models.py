"""SpanChange: somebody wants a kind of data kept longer or shorter; what a second person approved last holds."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.lib.ids import uuid7


class SpanChange(models.Model):
    """A new span for one kind of `lib.retention`. Waits until it is approved or taken back; one waits per kind."""

    personal_data: ClassVar[dict[str, str]] = {
        "proposed_by": "which administrator asked; kept with the history",
        "decided_by": "which administrator decided; kept with the history",
        "reason": "a word of the administrator; kept with the history",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)  # lib.retention.Kind.key
    days = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.BigIntegerField()  # account
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(decided_at=None), name="retention_one_change_waits"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, approved__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, approved__isnull=False, decided_by__isnull=False),
                name="retention_decided_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved=False) | ~Q(decided_by=F("proposed_by")),
                name="retention_a_second_person_approves",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1) & ~Q(reason=""), name="retention_change_says_why"
            ),
        ]
