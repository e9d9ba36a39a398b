"""DossierDocument: one paper of a dossier. DossierFile: one file that hangs on it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.base.files.models import StoredFile
from motcua.dossiers import words
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7
from motcua.procedures.models import RequiredDocument


class DossierDocument(models.Model):
    """A paper as handed in: how many originals, certified copies, copies, or only shown and given back.

    A paper only shown is never counted as handed in (one-stop.md §5.2). `supplement_number` says with which
    supplement it came; 0 = with the dossier.
    """

    personal_data: ClassVar[dict[str, str]] = {"note": "remark on the paper; kept with the dossier"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents")
    required = models.ForeignKey(RequiredDocument, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=2000)
    originals = models.PositiveSmallIntegerField(default=0)
    certified = models.PositiveSmallIntegerField(default=0)
    plain_copies = models.PositiveSmallIntegerField(default=0)
    shown_only = models.BooleanField(default=False)
    supplement_number = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True, default="")
    # The paper of an earlier dossier of the same applicant that stands for this one, with their word for it.
    reused_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "dossier", "position"], name="dossier_document_place"
            ),
            models.CheckConstraint(
                condition=Q(shown_only=False) | Q(originals=0, certified=0, plain_copies=0),
                name="shown_paper_not_counted",
            ),
        ]

    @property
    def form(self) -> words.PaperForm:
        """The form it was handed in as; originals win over copies."""
        if self.shown_only:
            return words.PaperForm.SHOWN
        if self.originals:
            return words.PaperForm.ORIGINAL
        return words.PaperForm.CERTIFIED if self.certified else words.PaperForm.COPY


class DossierFile(models.Model):
    """One use of a stored file. Rights come from the dossier, never from an equal hash."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="files")
    document = models.ForeignKey(DossierDocument, null=True, on_delete=models.PROTECT, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16, choices=words.FilePurpose.choices)
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField(null=True)  # position

    class Meta:
        indexes = [models.Index(fields=["dossier", "added_at"], name="dossier_file_list")]
