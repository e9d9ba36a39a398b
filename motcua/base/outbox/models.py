"""Message: one fact waiting for, or done with, its delivery."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Message(models.Model):
    """A published fact. Parked after ten failed tries, with the last error, for a person to look at."""

    personal_data: ClassVar[dict[str, str]] = {"payload": "codes and ids only, never names or numbers"}

    name = models.CharField(max_length=80)
    agency_id = models.BigIntegerField(default=0)
    subject_id = models.CharField(max_length=64)
    payload = models.JSONField()
    at = models.DateTimeField()
    published_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True, default="")
    parked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="outbox_waiting",
                condition=models.Q(delivered_at__isnull=True, parked=False),
            ),
        ]
