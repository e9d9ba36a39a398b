"""Custody of paper: who holds it now and held it before, and the slips by which it changes hands."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from motcua.agencies.models import Agency, Point, Position, Unit
from motcua.dossiers import custody_words as words
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7


class HandoverSlip(models.Model):
    """Phiếu bàn giao: bundles that one unit gives to another at once, under one number and bar code.

    `claim_by` is when somebody should have taken it: one working day by the giver's calendar.
    """

    personal_data: ClassVar[dict[str, str]] = {"note": "remark of the giver; kept with the slip"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    from_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    given_position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    claim_by = models.DateTimeField(null=True)
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=12, choices=words.SlipState.choices, default=words.SlipState.GIVEN)
    taken_position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_agency", "number"], name="handover_number_once"),
            models.CheckConstraint(
                condition=Q(state=words.SlipState.TAKEN.value) ^ Q(taken_at__isnull=True),
                name="handover_taken_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["from_unit", "-given_at", "-id"], name="handover_from"),
            models.Index(fields=["to_unit", "-given_at", "-id"], name="handover_to"),
            models.Index(
                fields=["from_agency", "given_at"],
                condition=Q(state=words.SlipState.GIVEN.value),
                name="handover_on_its_way",
            ),
            models.Index(
                fields=["to_agency", "given_at"],
                condition=Q(state=words.SlipState.GIVEN.value),
                name="handover_coming",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Holding(models.Model):
    """One unit holds one bundle of a dossier from `since` until `until`: never two at one instant.

    `round` counts supplements; 0 for what came with the dossier. A holding is ended, never changed or deleted.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "given_to": "who took the papers back; kept with the dossier",
        "note": "why custody ended; kept with the dossier",
    }

    busy: "list[HandoverLine]"  # where `held` reads it along: the open line that carries the bundle, if any

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="holdings")
    bundle = models.CharField(max_length=12, choices=words.Bundle.choices)
    round = models.PositiveSmallIntegerField(default=0)
    originals = models.PositiveSmallIntegerField(default=0)
    certified = models.PositiveSmallIntegerField(default=0)
    plain_copies = models.PositiveSmallIntegerField(default=0)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    slip = models.ForeignKey(HandoverSlip, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, choices=words.Ended.choices, blank=True, default="")
    given_to = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="holding_one_at_a_time",
                expressions=[
                    ("home_agency", RangeOperators.EQUAL),
                    ("dossier", RangeOperators.EQUAL),
                    ("bundle", RangeOperators.EQUAL),
                    ("round", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            "until",
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="holding_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended="", until__isnull=True) | (~Q(ended="") & Q(until__isnull=False)),
                name="holding_ended_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "since", "id"], condition=Q(until__isnull=True), name="holding_of_unit"
            ),
            models.Index(fields=["dossier", "since"], name="holding_of_dossier"),
        ]

    @property
    def content(self) -> str:
        """How much paper it is: "2 bản chính, 1 bản sao"."""
        return words.content(self.originals, self.certified, self.plain_copies)


class HandoverLine(models.Model):
    """One bundle on a slip: taken, missing, and how a missing one was settled."""

    personal_data: ClassVar[dict[str, str]] = {
        "reason": "how a missing paper was settled; kept with the dossier"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    slip = models.ForeignKey(HandoverSlip, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="lines")  # the giver's
    state = models.CharField(max_length=12, choices=words.LineState.choices, default=words.LineState.WAITING)
    settled_at = models.DateTimeField(null=True)
    settled_position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "holding"],
                condition=Q(state__in=words.OPEN_LINES),
                name="handover_line_one_open",
            ),
            models.UniqueConstraint(fields=["home_agency", "slip", "place"], name="handover_line_place"),
        ]
        indexes = [
            models.Index(fields=["slip", "place"], name="handover_lines"),
            models.Index(
                fields=["slip"],
                condition=Q(state=words.LineState.MISSING.value),
                name="handover_line_missing",
            ),
        ]
