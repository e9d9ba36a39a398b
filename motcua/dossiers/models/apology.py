"""Apology: one promised date that is in danger or has passed, what was prepared for it and what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Position
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7


class ApologyState(models.TextChoices):
    """How far an apology has come. The first two are open: somebody has something to do."""

    PREPARED = "prepared"  # by the system: the holder fills in the reason, or waves it off
    PROPOSED = "proposed"  # with reason and date: a leader decides
    APPROVED = "approved"  # Mẫu 04 was issued
    WAVED_OFF = "waved_off"  # the holder says it will be done in time
    LAPSED = "lapsed"  # the date moved, or the dossier ended, before anybody decided
    SPENT = "spent"  # the date of an apology passed too: no second one is lawful


OPEN_STATES = (ApologyState.PREPARED, ApologyState.PROPOSED)


class Apology(models.Model):
    """What the system prepared before `due_at`, the date the applicant holds. One row for each such date.

    `missed_at` is when the system found that the date had passed without an apology. Who fills in the reason is
    not kept here: it is whoever holds the dossier then.
    """

    personal_data: ClassVar[dict[str, str]] = {"reason": "printed on the apology; kept with the dossier"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="apologies")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # the competent one
    state = models.CharField(max_length=12, choices=ApologyState.choices)
    due_at = models.DateTimeField()
    say_by = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    prepared_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "dossier", "due_at"], name="apology_for_one_date"),
            models.UniqueConstraint(
                fields=["home_agency", "dossier"],
                condition=Q(state__in=["prepared", "proposed"]),
                name="apology_one_open",
            ),
            models.CheckConstraint(condition=Q(new_due_at__gt=models.F("due_at")), name="apology_is_later"),
            models.CheckConstraint(
                condition=~Q(state="proposed") | ~Q(reason=""), name="apology_proposed_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "state"],
                condition=Q(state__in=["prepared", "proposed"]),
                name="apology_open_of_agency",
            ),
        ]
