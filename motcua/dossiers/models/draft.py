"""Draft: an intake in progress. Each field is saved as it is typed, on the server, for its own officer only."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from motcua.agencies.models import Agency
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7


class Draft(models.Model):
    """What was typed so far. `content` is JSON, encrypted as a whole; `key` becomes the idempotency key.

    Survives a locked screen, a closed browser and a killed server. Removed 30 days after the last change.
    `held_at`: set aside while the citizen fetches something. `page`: the one open page that may write now, so that
    two tabs never mix two people. `batch`: dossiers of one applicant taken in one after the other.
    """

    personal_data: ClassVar[dict[str, str]] = {"content": "fields of the form; encrypted, 30 days"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = EncryptedTextField(purpose="dossiers.draft.content")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    page = models.CharField(max_length=16, blank=True, default="")
    batch = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-updated_at"], name="draft_mine"),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="draft_of_batch"),
        ]
