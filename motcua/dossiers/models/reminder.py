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
    """How far a letter has come. `SENDING` left behind by a killed worker stays: it may have gone out."""

    NOTHING = "nothing"  # there was nothing to do, so nothing is sent
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Letter(models.Model):
    """The one letter of a person for a day. `body` holds counts and dossier codes, and is emptied once sent."""

    personal_data: ClassVar[dict[str, str]] = {
        "body": "counts and dossier codes of an officer's work; emptied once sent or given up",
    }

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_day = models.DateField()
    state = models.CharField(max_length=8, choices=LetterState.choices)
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=100, blank=True, default="")  # the kind alone, never an address
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "on_day"], name="letter_once_a_day"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["nothing", "sent", "failed"]) | Q(body=""), name="letter_emptied"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="letter_waiting"),
        ]
