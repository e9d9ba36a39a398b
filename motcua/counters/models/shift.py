"""Shift: an officer at a counter. Pause: when nobody was called there meanwhile."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.agencies.models import Agency, Counter, Position
from motcua.lib.ids import uuid7


class Shift(models.Model):
    """An officer signed on at a counter: one at a time at each counter, and at one counter at a time."""

    personal_data: ClassVar[dict[str, str]] = {
        "account_id": "who served; kept with the tickets for the figures of the centre"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "counter"], condition=Q(ended_at=None), name="counters_one_officer_a_counter"
            ),
            models.UniqueConstraint(
                fields=["home_agency", "account_id"], condition=Q(ended_at=None),
                name="counters_one_counter_an_officer",
            ),
        ]  # fmt: skip


class Pause(models.Model):
    """A break of a shift, with its reason where one was given."""

    personal_data: ClassVar[dict[str, str]] = {"reason": "a word of the officer; kept with the shift"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "shift"], condition=Q(until=None), name="counters_one_pause_a_shift"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="counters_pause_ends_after_start"
            ),
        ]
