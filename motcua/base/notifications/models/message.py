"""Message: a text to a person by a channel and how far it has come. Attempt: one try. Preference: an officer's."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.lib.encrypted_field import EncryptedTextField


class State(models.TextChoices):
    """How far a message has come. `SENDING` is the one in a sender's hand: nobody knows yet whether it arrived."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # the dead letters: an administrator looks at them
    EXPIRED = "expired"  # no longer true when it could have gone out
    DROPPED = (
        "dropped"  # given up by a person, taken back by what wrote it, or not needed: another way worked
    )
    RESERVE = "reserve"  # waits for the way before it in its chain to fail
    PASSED = "passed"  # did not get through; the next way of its chain took over


class Fate(models.TextChoices):
    """What the carrier reported of a message that it took. Empty as long as nobody knows; never changed once known."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class Message(models.Model):
    """A text for a person. `mark` names its cause, so that the same cause tells a person once by each channel.

    `until` is the moment after which the text is no longer true: it is not sent then. `held_until` keeps other senders
    away from what one sender took; one that was killed loses its hold by itself.

    A `chain` is one message to one person by several ways, of which one is to work: the rows share the number of the
    first, `place` is their order, and all but the first begin as RESERVE. Where the carrier reports what arrived, the
    others stay in reserve until `awaited_until`: what did not arrive goes by the next way, as long as it is news.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "address": "where it goes; encrypted, emptied once sent or given up",
        "subject": "emptied when kept no longer",
        "body": "encrypted, emptied once sent or given up; on the screen until kept no longer",
    }

    channel = models.CharField(max_length=16)
    mark = models.CharField(max_length=120)
    account_id = models.BigIntegerField(null=True)  # an officer; None: an address alone
    recipient = (
        models.ForeignKey(  # whose address outside the office it is, to be named when the text is gone
            "notifications.Recipient", null=True, on_delete=models.SET_NULL, related_name="+"
        )
    )
    address = EncryptedTextField(purpose="notifications.message.address", null=True)
    subject = models.CharField(max_length=200, blank=True, default="")
    body = EncryptedTextField(purpose="notifications.message.body", null=True)
    link = models.CharField(max_length=500, blank=True, default="")
    choice = models.CharField(max_length=200, blank=True, default="")  # where its reader chooses what comes
    about = models.CharField(
        max_length=64, blank=True, default=""
    )  # "dossier:…": lists what was told about it
    chain = models.BigIntegerField(null=True)
    place = models.PositiveSmallIntegerField(default=0)
    heeds_quiet = models.BooleanField(default=True)
    quiet_from = models.PositiveSmallIntegerField(default=21)  # local hours between which nothing disturbs
    quiet_to = models.PositiveSmallIntegerField(default=6)
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    most_tries = models.PositiveSmallIntegerField(default=8)
    at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True, default="")  # the kind alone, never an address
    fate = models.CharField(max_length=11, blank=True, default="", choices=Fate.choices)
    fate_at = models.DateTimeField(null=True)  # when the report came
    fate_reason = models.CharField(max_length=60, blank=True, default="")  # the carrier's code
    awaited_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "mark"], name="message_told_once"),
            models.CheckConstraint(condition=Q(fate__in=["", *Fate.values]), name="message_fate"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
            models.CheckConstraint(
                condition=Q(channel="screen") | ~Q(state__in=["sent", "expired", "dropped", "passed"])
                | Q(body__isnull=True, address__isnull=True),
                name="message_emptied",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__lte=24, quiet_to__lte=24), name="message_quiet_hours"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["chain", "place"], condition=Q(state="reserve"), name="message_reserve"),
            models.Index(fields=["chain"], condition=~Q(chain=None), name="message_chain"),
            models.Index(fields=["about", "-at"], condition=~Q(about=""), name="message_about"),
            models.Index(
                fields=["channel", "next_try_at"], condition=Q(state="waiting"), name="message_waiting"
            ),
            models.Index(fields=["held_until"], condition=Q(state="sending"), name="message_in_hand"),
            models.Index(fields=["-at"], condition=Q(state="failed"), name="message_dead"),
            models.Index(fields=["account_id", "-at"], condition=Q(channel="screen"), name="message_screen"),
            models.Index(
                fields=["account_id"], condition=Q(channel="screen", read_at=None), name="message_unread"
            ),
        ]


class Attempt(models.Model):
    """One try to hand a message over: by whom, how long it took, what came of it."""

    personal_data: ClassVar[dict[str, str]] = {}

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=16)
    provider = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=100, blank=True, default="")  # empty: handed over
    reference = models.CharField(max_length=64, blank=True, default="")  # the provider's own number for it

    class Meta:
        indexes = [
            models.Index(fields=["channel", "-at"], name="attempt_of_channel"),
            models.Index(
                fields=["provider", "reference"], condition=~Q(reference=""), name="attempt_reported"
            ),
        ]


class Preference(models.Model):
    """Whether an officer wants by a channel, too, what the system tells on the screen. No row: no."""

    personal_data: ClassVar[dict[str, str]] = {"wants": "own setting of an officer"}

    account_id = models.BigIntegerField()
    channel = models.CharField(max_length=16)
    wants = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "channel"], name="preference_once"),
        ]
