"""Series: one row per agency, kind and period; its row lock is what keeps numbers apart."""

from typing import ClassVar

from django.db import models


class Series(models.Model):
    """The last number handed out in one series of one agency and period (a day, a year)."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    last = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "kind", "period"], name="numbering_series_once"),
            models.CheckConstraint(condition=models.Q(last__gte=1), name="numbering_series_positive"),
        ]
