"""Which agency receives or settles which procedure, from when to when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.procedures.models.catalogue import Procedure


class AgencyProcedure(models.Model):
    """An agency receives dossiers of a procedure, and is competent to settle them or only passes them on.

    Dated: a row holds from `valid_from` until the day before `valid_to`. Receiving is not being competent
    (Nghị định 118/2025/NĐ-CP, Điều 14: reception regardless of boundary inside a province).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="procedures_offered")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="offered_by")
    competent = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["agency_id", "procedure_id", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "procedure", "valid_from"], name="procedures_offering_unique"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="procedures_offering_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.procedure_id}"
