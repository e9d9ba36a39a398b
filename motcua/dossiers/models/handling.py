"""HandlingUnit: which unit of an agency works on which sector or procedure."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Unit
from motcua.procedures.models import Procedure, Sector


class HandlingUnit(models.Model):
    """The division that appraises dossiers of a sector, or of one procedure (which wins), dated."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sector__isnull=True) ^ Q(procedure__isnull=True), name="handling_one_of_two"
            ),
            models.UniqueConstraint(
                fields=["agency", "sector", "procedure", "valid_from"],
                name="handling_once",
                nulls_distinct=False,
            ),
        ]
