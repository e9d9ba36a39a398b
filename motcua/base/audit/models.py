"""Entry, OperationKey, Anchor. The database refuses to change or delete an Entry or an Anchor."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from motcua.lib.ids import uuid7


class Entry(models.Model):
    """One act, as it was, chained to the act before it on the same subject.

    Order is `seq`, never time: `at` comes from the request, `recorded_at` from the database, so a clock
    set back shows and hurts nothing. `hash` covers every other field except `recorded_at`.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "actor_name": "names the responsible officer (NĐ 118/2025); kept as long as the subject",
        "payload": "changed values of the subject, personal numbers never; kept as long as the subject",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency_id = models.BigIntegerField(default=0)  # home agency of the subject; 0 = the installation
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=16)
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    actor_agency_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_title = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    payload = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "subject_kind", "subject_id", "seq"], name="audit_entry_chain"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-seq"], name="audit_entry_subject"),
            models.Index(fields=["agency_id", "recorded_at"], name="audit_entry_day"),
        ]


class OperationKey(models.Model):
    """The answer to one request, so that sending it again gives the same answer and writes nothing.

    Kept as long as the dossier: a node that was cut off may repeat a request a week later.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    scope = models.CharField(max_length=60)  # who asked; keys of two people never meet
    key = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    body_hash = models.BinaryField(max_length=32)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="audit_key_once")]


class Anchor(models.Model):
    """The daily root over the newest entry of every chain an agency touched, chained day to day."""

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {}

    agency_id = models.BigIntegerField()
    day = models.DateField()
    chains = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    previous_root = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_id", "day"], name="audit_anchor_day")]
