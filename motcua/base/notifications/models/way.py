"""Way: how it stands with one provider. Token: what a provider lets us in with, renewed by whoever uses it up."""

from typing import ClassVar

from django.db import models

from motcua.lib.encrypted_field import EncryptedTextField


class Way(models.Model):
    """One provider of a channel. Closed until a moment after faults, so that nobody waits for it meanwhile."""

    personal_data: ClassVar[dict[str, str]] = {}

    channel = models.CharField(max_length=16)
    name = models.CharField(max_length=40)
    faults = models.PositiveIntegerField(default=0)  # in a row
    closed_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True, default="")
    last_fault_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="way_once")]


class Token(models.Model):
    """Access and refresh token of a provider. Each refresh token is good once: the answer's replaces it."""

    personal_data: ClassVar[dict[str, str]] = {
        "access": "the office's own key at a provider, of no person; encrypted",
        "refresh": "the same",
    }

    provider = models.CharField(max_length=40, unique=True)
    access = EncryptedTextField(purpose="notifications.token.access", null=True)
    refresh = EncryptedTextField(purpose="notifications.token.refresh")
    good_until = models.DateTimeField(null=True)
    renewed_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    refused_at = models.DateTimeField(
        null=True
    )  # the provider knows the refresh token no more: a new one is wanted
