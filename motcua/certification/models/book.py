"""Volume: one bound book (quyển sổ) in which numbers of certification are written."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency


class Volume(models.Model):
    """A volume of one kind of book in one year. Numbers go on from volume to volume and begin anew each year.

    The newest volume of the year is the one that numbers are written into.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # kinds.KINDS
    year = models.PositiveSmallIntegerField()
    volume = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)  # position

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "kind", "year", "volume"], name="certification_volume_once"
            ),
            models.CheckConstraint(condition=Q(volume__gte=1), name="certification_volume_positive"),
        ]

    @property
    def words(self) -> str:
        """As it stands after "quyển số": "01/2026"."""
        return f"{self.volume:02d}/{self.year}"

    def __str__(self) -> str:
        return f"{self.kind} {self.words}"
