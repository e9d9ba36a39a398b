"""MonthFigure: what an agency took in and finished in one month, counted from its dossiers and ratings."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.agencies.models import Agency


class MonthFigure(models.Model):
    """One agency in one month. Months stay as they were counted last, also when their dossiers are destroyed.

    `agency` is the one that decides, wherever the papers were handed in. `received` are dossiers accepted in the month,
    `online` those of them that came online. `early`, `on_time` and `late` are those that ended in the month. `standing`
    and its parts are what was open when it was counted: null in a month that was over when it was counted first.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    received = models.PositiveIntegerField(default=0)
    online = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    happy = models.PositiveIntegerField(default=0)
    standing = models.PositiveIntegerField(null=True)
    standing_late = models.PositiveIntegerField(null=True)
    standing_paused = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "month"], name="reports_agency_month_once"),
            models.CheckConstraint(name="reports_month_begins", condition=Q(month__day=1)),
            models.CheckConstraint(name="reports_online_of_received", condition=Q(online__lte=F("received"))),
            models.CheckConstraint(name="reports_happy_of_rated", condition=Q(happy__lte=F("rated"))),
        ]
        indexes = [models.Index(fields=["month"], name="reports_month")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.month:%m/%Y}"
