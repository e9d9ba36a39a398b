"""HelpCall: somebody before a kiosk asked for the guide."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.counters.models.device import Device
from motcua.counters.models.hall import Hall
from motcua.lib.ids import uuid7


class HelpCall(models.Model):
    """A touch on "Gặp người hướng dẫn": which kiosk, when, who goes there. Of the visitor nothing is known.

    It ends answered, or by the visitor who needs nobody any more; open for long it is old (`queries.HELP_LASTS`).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "answered_by": "the officer who went there; kept with the day's work"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "device"], condition=Q(ended_at=None), name="counters_one_help_call_a_kiosk"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["hall", "asked_at"], name="counters_help_calls")]
