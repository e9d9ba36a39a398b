"""ResultTemplate: an agency's own DOCX for a kind of result, as dated versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.dossiers import words
from motcua.procedures.models import Procedure


class ResultTemplate(models.Model):
    """One version of a template; a draft until it is published for a day. An older version stays.

    It is for results of one kind: of every procedure, of one, or of one type of result of a procedure (by its name in
    the catalogue, since a version of the procedure has types of its own). `slot` says the three in one word.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    slot = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=words.ResultKind.choices)
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="+")
    result_name = models.TextField(blank=True, default="")
    file_name = models.CharField(max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    names = models.JSONField()
    valid_from = models.DateField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.BigIntegerField(null=True)  # position
    published_at = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)  # position

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "slot"], condition=Q(published_at=None), name="result_template_one_draft"
            ),
            models.UniqueConstraint(
                fields=["agency", "slot", "valid_from"], name="result_template_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, valid_from__isnull=True)
                | Q(published_at__isnull=False, valid_from__isnull=False),
                name="result_template_dated_when_published",
            ),
            models.CheckConstraint(
                condition=Q(result_name="") | Q(procedure__isnull=False),
                name="result_template_type_of_procedure",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
