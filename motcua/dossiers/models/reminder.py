"""Reminders by mail: who wants them, what an agency sets for its people, and one letter a day and person."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency


class AgencyReminder(models.Model):
    """What holds for officers of an agency who chose nothing themselves. No row: no letters."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="reminder")
    on = models.BooleanField()


class OwnReminder(models.Model):
    """What an officer chose for themselves; it wins over the agency's default."""

    personal_data: ClassVar[dict[str, str]] = {"wants": "own setting of an officer"}

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="own_reminder"
    )
    wants = models.BooleanField()


class LetterState(models.TextChoices):
    """What became of a day's letter here. Since letters are messages only the first two are written."""

    NOTHING = "nothing"  # there was nothing to do, so nothing is sent
    TOLD = "told"  # it is a message now, which says how far it has come
    SENDING = "sending"  # may have gone out when the worker was killed
    SENT = "sent"
    FAILED = "failed"


class Letter(models.Model):
    """That somebody's letter of a day was written, or that there was nothing to write: once a day and person."""

    personal_data: ClassVar[dict[str, str]] = {"state": "whether an officer had something to do on a morning"}

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_day = models.DateField()
    state = models.CharField(max_length=8, choices=LetterState.choices)
    sent_at = models.DateTimeField(null=True)  # of letters from before messages

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "on_day"], name="letter_once_a_day"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state"),
        ]
