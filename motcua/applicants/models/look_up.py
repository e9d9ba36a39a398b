"""LookUp: one search among applicants by one officer; what was typed is not kept, whom it showed is."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from motcua.lib.ids import uuid7


class How(models.TextChoices):
    """By what somebody was looked for; `CHOSEN`: their facts were taken into an intake."""

    NAME = "name"
    PHONE = "phone"
    NUMBER = "number"
    CARD = "card"
    CHOSEN = "chosen"


class LookUp(models.Model):
    """Who looked for whom among applicants, and which of them the screen showed (trust-and-ux SC14)."""

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "shown": "whom the officer saw; proof of access, kept as the history of dossiers is"
    }

    not_personal: ClassVar[frozenset[str]] = frozenset(
        {"id", "agency_id", "account_id", "position_id", "how", "at", "recorded_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    how = models.CharField(max_length=8, choices=How.choices)
    shown = ArrayField(models.UUIDField())
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["agency_id", "-at"], name="look_up_of_agency")]
