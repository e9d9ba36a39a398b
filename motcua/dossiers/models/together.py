"""Note, Mention, Watch, Relation, Template: officers working together on a dossier. None of it is its history."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from motcua.agencies.models import Agency, Position, Unit
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7


class Note(models.Model):
    """What an officer wrote down beside a dossier for colleagues. Never public; who wrote and removed is audited."""

    personal_data: ClassVar[dict[str, str]] = {
        "text": "about the dossier, for officers only; kept with the dossier"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "at"], name="note_of_dossier")]


class Mention(models.Model):
    """A colleague named in a note; in their list until they have opened the dossier."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="mentions")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "note", "account"], name="mention_once_a_note")
        ]
        indexes = [
            models.Index(
                fields=["account", "dossier"], condition=Q(seen_at__isnull=True), name="mention_unseen"
            ),
            models.Index(fields=["account", "-at"], name="mention_of_account"),
        ]


class Watch(models.Model):
    """An officer keeps an eye on a dossier: it stands in their own list until they let it go."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "dossier", "account"], name="watch_once")
        ]
        indexes = [models.Index(fields=["account", "dossier"], name="watch_of_account")]


class Relation(models.Model):
    """Two dossiers that officers want to see beside each other: the same land, the same family, the one before.

    Neither waits for the other (that is a child, `Dossier.parent`). It stands on both pages, for whoever may see
    both; one that was wrong is taken off and the row stays.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "why": "how two dossiers hang together, for officers only; kept with the dossier"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(dossier=F("other")), name="relation_of_two"),
            models.UniqueConstraint(
                fields=["home_agency", "dossier", "other"],
                condition=Q(removed_at=None),
                name="relation_once",
            ),
        ]


class OpinionTemplate(models.Model):
    """A text that officers write often, called by a short key. One's own, or a unit's."""

    personal_data: ClassVar[dict[str, str]] = {"text": "wording without people; the form says so"}

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=20)
    text = models.TextField()
    made_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=True) ^ Q(unit__isnull=True), name="template_has_one_owner"
            ),
            models.UniqueConstraint(
                fields=["account", "key"], condition=Q(account__isnull=False), name="template_key_of_account"
            ),
            models.UniqueConstraint(
                fields=["unit", "key"], condition=Q(unit__isnull=False), name="template_key_of_unit"
            ),
        ]
