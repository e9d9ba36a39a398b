"""Message: a text to a person by a channel and how far it has come. Preference: the channels somebody wants."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """How far a message has come. `SENDING` left by a killed worker is not sent again by itself."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # the dead letters: a person looks at them


class Message(models.Model):
    """A text for a person. `mark` names its cause, so that the same cause tells a person once by each channel."""

    personal_data: ClassVar[dict[str, str]] = {
        "address": "where it goes; emptied with the text",
        "subject": "emptied when kept no longer",
        "body": "emptied once sent by mail, or when kept no longer",
    }

    channel = models.CharField(max_length=16)
    mark = models.CharField(max_length=120)
    account_id = models.BigIntegerField(null=True)  # an officer; None: an address alone
    address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField(blank=True, default="")
    link = models.CharField(max_length=500, blank=True, default="")
    heeds_quiet = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True, default="")  # the kind alone, never an address

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "mark"], name="message_told_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"], condition=Q(state="waiting"), name="message_waiting"
            ),
            models.Index(
                fields=["account_id"], condition=Q(channel="screen", read_at=None), name="message_unread"
            ),
        ]


class Preference(models.Model):
    """Whether an officer wants a channel. No row: wanted."""

    personal_data: ClassVar[dict[str, str]] = {"wants": "own setting of an officer"}

    account_id = models.BigIntegerField()
    channel = models.CharField(max_length=16)
    wants = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "channel"], name="preference_once"),
        ]
