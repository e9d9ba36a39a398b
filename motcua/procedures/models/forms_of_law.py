"""FormFamily: the circular whose forms the papers of one procedure follow, where the day alone does not decide."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.procedures.models.catalogue import Procedure


class FormFamily(models.Model):
    """One choice for one procedure from a day on; "" is "by the day" again. The latest that has come holds.

    Append-only in practice: a choice takes force tomorrow at the earliest, and one day has one choice.
    """

    personal_data: ClassVar[dict[str, str]] = {"set_by": "which administrator chose; kept with the history"}

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="form_families")
    family = models.CharField(max_length=20, blank=True)  # base.printing.legal_forms.FAMILIES
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    set_by = models.BigIntegerField()  # account
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "valid_from"], name="procedures_forms_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="procedures_forms_say_why"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.family} {self.valid_from}"
