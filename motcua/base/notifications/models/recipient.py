"""Recipient: a telephone number or mailbox outside the office and what its owner wants. PushSubscription: a browser."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from motcua.lib.encrypted_field import EncryptedTextField


class Kind(models.TextChoices):
    """What kind of address somebody is told at."""

    PHONE = "phone"
    EMAIL = "email"


class Recipient(models.Model):
    """One address and its owner's choice. Made when it is first told something; the link in a message opens it.

    `refused` are channels that are not to be used. What the law has us tell goes out all the same, by one of them;
    never by e-mail to who refused that (RFC 8058).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "address": "telephone or mailbox; encrypted, to be shown masked and to be told",
        "address_hash": "keyed hash, to find the choice of an address",
        "refused": "own choice of a person",
    }

    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = EncryptedTextField(purpose="notifications.recipient.address")
    address_hash = models.BinaryField(max_length=32, unique=True)
    refused = ArrayField(models.CharField(max_length=16), default=list)
    quiet_from = models.PositiveSmallIntegerField(default=21)
    quiet_to = models.PositiveSmallIntegerField(default=7)
    made_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(
        null=True
    )  # letters come back since; None: it takes them, as far as known
    failing_reason = models.CharField(max_length=60, blank=True, default="")  # the mail server's code

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__lte=24, quiet_to__lte=24), name="recipient_quiet_hours"
            ),
        ]


class PushSubscription(models.Model):
    """A browser that listens, of an officer's account or of a recipient. Forgotten when its push service says so."""

    personal_data: ClassVar[dict[str, str]] = {
        "endpoint": "address of one browser at its push service; encrypted, deleted when it has ended",
        "keys": "the browser's keys; encrypted, deleted with it",
    }

    endpoint = EncryptedTextField(purpose="notifications.push.endpoint")
    endpoint_hash = models.BinaryField(max_length=32)
    keys = EncryptedTextField(purpose="notifications.push.keys")  # "public auth" in base64url
    account_id = models.BigIntegerField(null=True)
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.CASCADE, related_name="browsers")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint_hash", "account_id", "recipient"], nulls_distinct=False, name="push_once"
            ),
            models.CheckConstraint(
                condition=Q(account_id__isnull=True, recipient__isnull=False)
                | Q(account_id__isnull=False, recipient__isnull=True),
                name="push_of_one",
            ),
        ]
        indexes = [models.Index(fields=["account_id"], name="push_of_account")]
