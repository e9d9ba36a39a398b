"""A case of a procedure, its time limits and its fees."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.procedures.models.catalogue import ProcedureVersion
from motcua.procedures.models.words import Channel, FeeBasis, FeeKind, OnExpiry, Resume, Unit


def _unit(**options: object) -> "models.CharField[str, str]":
    return models.CharField(max_length=12, choices=Unit.choices, blank=True, **options)  # type: ignore[arg-type]


class ProcedureVariant(models.Model):
    """A case ("trường hợp") of a version: its own limits, papers, fees and rules of supplement.

    Limits keep value and unit and are never turned into hours. A null limit means that the source does not
    say; nobody reckons with it until a person has settled it.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="variants")
    position = models.PositiveIntegerField()
    name = models.TextField()
    when_text = models.TextField(blank=True)
    is_default = models.BooleanField(default=False)

    ask_within_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    ask_within_unit = _unit()
    answer_within_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    answer_within_unit = _unit()
    on_expiry = models.CharField(max_length=10, choices=OnExpiry.choices, blank=True)
    resume = models.CharField(max_length=10, choices=Resume.choices, default=Resume.CONTINUE)
    resume_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    resume_unit = _unit()

    allows_boundary_free = models.BooleanField(default=False)
    allows_representative = models.BooleanField(default=True)
    financial_stop = models.BooleanField(default=False)
    # Only an officer finds out that this case is at hand ("phải xác minh"): nobody who applies is asked to choose it.
    office_decides = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="procedures_variant_position_unique"
            ),
            models.UniqueConstraint(
                fields=["version"], condition=Q(is_default=True), name="procedures_variant_one_default"
            ),
            models.CheckConstraint(
                condition=~Q(resume=Resume.OWN_LIMIT) | Q(resume_value__isnull=False),
                name="procedures_variant_own_limit_given",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TimeLimitRow(models.Model):
    """One row of "cách thức thực hiện": a channel with its limit. Several rows per channel are all kept.

    `source_*` and `note` are the source's own; `value` and `unit` are what may be reckoned with, empty while
    the row is doubtful and nobody has settled it.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="limit_rows")
    variant = models.ForeignKey(ProcedureVariant, on_delete=models.CASCADE, related_name="limit_rows")
    position = models.PositiveIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    unit = _unit()
    source_text = models.TextField(blank=True)
    source_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    source_unit = models.CharField(max_length=12, blank=True)
    ambiguous_at_source = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_limit_position_unique"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, unit="") | (Q(value__isnull=False) & Q(unit__in=Unit.values)),
                name="procedures_limit_value_with_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.source_text}"


class FeeRow(models.Model):
    """One fee. `amount` is whole đồng that may be charged; null means: read the note or ask.

    The source's own kind, amount, currency and note are kept beside it. `from_quantity` and `ceiling` carry
    graded fees (certified copies: 2.000 đ a page, from the third page 1.000 đ, at most 200.000 đ a copy).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="fees")
    variant = models.ForeignKey(ProcedureVariant, null=True, on_delete=models.CASCADE, related_name="fees")
    limit_row = models.ForeignKey(TimeLimitRow, null=True, on_delete=models.CASCADE, related_name="fees")
    position = models.PositiveIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    kind = models.CharField(max_length=8, choices=FeeKind.choices, default=FeeKind.UNKNOWN)
    basis = models.CharField(max_length=16, choices=FeeBasis.choices)
    name = models.TextField(blank=True)
    amount = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=100, blank=True)
    from_quantity = models.PositiveIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    path = models.CharField(max_length=60, blank=True)
    source_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    source_text = models.TextField(blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_fee_position_unique"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="procedures_fee_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
