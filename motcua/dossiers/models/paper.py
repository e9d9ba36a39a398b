"""Paper: a statutory paper as issued, so that it can be printed again unchanged. AccessLog: who looked."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from motcua.agencies.models import Agency
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7


class Paper(models.Model):
    """The data of one issued paper. PDFs are made from it, after commit; a reprint says which one it is.

    A paper that was handed out is never changed: its correction is a row of its own that `replaces` it, with the next
    `version` and a number of its own.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "data": "what stands on the paper; encrypted, kept with the dossier",
        "correction": "why a paper was corrected, in an officer's words; kept with the dossier",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    form = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    data = EncryptedTextField(purpose="dossiers.paper.data")
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)  # position
    reprints = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    correction = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "form", "number"], name="paper_number_once"),
            models.CheckConstraint(
                condition=models.Q(version=1, replaces__isnull=True)
                | models.Q(version__gt=1, replaces__isnull=False) & ~models.Q(correction=""),
                name="paper_correction_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "issued_at"], name="paper_list"),
            models.Index(fields=["number"], name="paper_by_number"),
        ]


class AccessLog(models.Model):
    """One reading of one dossier by one officer. The applicant may see it (trust-and-ux SC14).

    `explains`: the reason is the officer's own word on why they read, not the name of what they took out.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=200, blank=True, default="")
    explains = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "-at"], name="access_of_dossier"),
            models.Index(fields=["account_id", "-id"], name="access_of_officer"),
            # Rows come in the order of time: a few pages say where a month stands.
            BrinIndex(fields=["at"], name="access_by_time"),
        ]
