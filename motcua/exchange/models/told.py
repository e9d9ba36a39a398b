"""Change: one move of a dossier, numbered so that a reader misses none. Webhook and Delivery: telling it unasked."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.dossiers.models import Dossier
from motcua.exchange.models.client import Client
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7


class Change(models.Model):
    """One act on a dossier as other systems hear of it. Written by one transaction at a time, in the order of `id`:
    whoever has read up to a number has missed nothing below it.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.BigAutoField(primary_key=True)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    status = models.PositiveSmallIntegerField()
    sub_status = models.CharField(max_length=24, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # News comes at least once; the same act is written down once.
            models.UniqueConstraint(fields=["home_agency", "dossier", "event", "at"], name="change_once"),
        ]


class Webhook(models.Model):
    """Where a client wants to be told. `fails` counts in a row; `next_try_at` holds all of its news back together.

    `stopped_at`: given up after a day without success, until the client asks again.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "secret": "signs what is sent; no person's; as long as the address"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40))
    secret = EncryptedTextField(purpose="exchange.webhook.secret")
    created_at = models.DateTimeField()
    fails = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(removed_at__isnull=True, stopped_at__isnull=True),
                name="exchange_webhook_due",
            ),
        ]


class Delivery(models.Model):
    """One message to one address: what, how often tried, what the other side said."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    number = models.BigIntegerField(null=True)  # of the change; a trial has none
    event = models.CharField(max_length=40)
    body = models.JSONField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "number"], condition=Q(number__isnull=False), name="exchange_delivery_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "id"],
                condition=Q(delivered_at__isnull=True),
                name="exchange_delivery_waits",
            ),
            models.Index(fields=["webhook", "-id"], name="exchange_delivery_log"),
        ]
