"""ElectronicCopy: the certified copy of one paper that went into somebody's vault as a file."""

from typing import ClassVar

from django.db import models

from motcua.agencies.models import Agency, Position
from motcua.applicants.models import Applicant
from motcua.base.files.models import StoredFile
from motcua.certification.models.visit import CopiedPaper
from motcua.dossiers.models import Dossier
from motcua.lib.ids import uuid7


class ElectronicCopy(models.Model):
    """That a number of the book has an e-copy (Nghị định 45/2020/NĐ-CP, Điều 10), of which file and in whose vault.

    One of each number, made once the certified copy is issued. What is known of the paper stands in the vault, whose
    row has this one as its origin. Append-only.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "applicant": "into whose vault the copy went; in the book for as long as the law keeps it"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    paper = models.OneToOneField(CopiedPaper, on_delete=models.PROTECT, related_name="electronic")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.paper_id}"
