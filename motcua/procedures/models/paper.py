"""What goes in and what comes out: required papers and results."""

from typing import ClassVar

from django.db import models

from motcua.procedures.models.case import ProcedureVariant
from motcua.procedures.models.catalogue import ProcedureVersion


class RequiredDocument(models.Model):
    """One row of "thành phần hồ sơ". `variant` null: for every case.

    A paper is handed in (`must_submit`) or only shown: a shown paper is never copied in as handed in.
    `is_note` rows ("0 bản chính") are remarks, not papers; the counter does not tick them.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="papers")
    variant = models.ForeignKey(ProcedureVariant, null=True, on_delete=models.CASCADE, related_name="papers")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=1, blank=True)
    name = models.TextField()
    hint = models.TextField(blank=True)
    when_text = models.TextField(blank=True)
    case_text = models.TextField(blank=True)
    originals = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    form_file = models.TextField(blank=True)
    is_note = models.BooleanField(default=False)
    must_submit = models.BooleanField(default=True)
    always = models.BooleanField(default=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_paper_position_unique")
        ]

    def __str__(self) -> str:
        return self.name


class ResultType(models.Model):
    """What a procedure ends in; `code` is the national code KQ.Gxx.nnnnnn where the source gives one."""

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField()
    name = models.TextField()
    code = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_result_position_unique")
        ]

    def __str__(self) -> str:
        return self.name
