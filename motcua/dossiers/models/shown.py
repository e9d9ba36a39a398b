"""Shown: which dossiers a list, a search or a book showed to an officer on a day; one row for many dossiers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from motcua.lib.ids import uuid7


class Way(models.TextChoices):
    """Where names and codes stood when nobody had opened the dossier itself."""

    LIST = "list"
    SEARCH = "search"
    BOOK = "book"
    PAPER = "paper"  # lists of paper in custody, slips of hand-over


class Shown(models.Model):
    """What one officer saw of dossiers without opening them (trust-and-ux SC14); append-only.

    A list of a hundred rows is one row here. `operations.showing` writes only what is new to the officer on that day,
    so the same list looked at all day costs nothing. The agency is the officer's, not the dossiers'.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "shown": "whose dossiers the officer saw; proof of access, kept as the history of dossiers is"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    way = models.CharField(max_length=8, choices=[(one.value, one.name.lower()) for one in Way])
    shown = ArrayField(models.UUIDField())
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            GinIndex(fields=["shown"], name="shown_of_dossier"),
            models.Index(fields=["account_id", "-at"], name="shown_to_officer"),
        ]
