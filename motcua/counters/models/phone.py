"""ClosedDay: a day on which nothing is booked. Knock: what strangers do from one address, counted for a day."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from motcua.counters.models.hall import Hall


class ClosedDay(models.Model):
    """A day on which the hall takes no bookings, beyond those of the working calendar. Who booked before is listed."""

    personal_data: ClassVar[dict[str, str]] = {}

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="closed_days")
    day = models.DateField(_("ngày"))
    reason = models.CharField(_("lý do"), max_length=160)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="counters_closed_day_once")]


class Knock(models.Model):
    """One act of a visitor from an address: a booking, a number, a wrong code of the entrance, letters
    of a device.

    Of the address only a keyed hash is kept that is another one each day; rows of yesterday are deleted with the
    next act.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "who": "keyed hash of network address and day, so that one visitor does not take everything; kept for a day"
    }

    kind = models.CharField(max_length=8)
    who = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who", "kind", "at"], name="counters_knocks")]
