"""What one province and one agency add to a procedure: settings of an agency, fees by place, exemptions. All dated."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from motcua.procedures.models.catalogue import Procedure
from motcua.procedures.models.words import Area, Channel, FeeKind, Unit


def _one_at_a_time(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    days = Func(
        F("valid_from"), F("valid_to"), Value("[)"), function="daterange", output_field=DateRangeField()
    )
    same: list[tuple[Any, str]] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(
        name=name, expressions=[*same, (days, RangeOperators.OVERLAPS)], condition=condition
    )


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    )


class AgencySetting(models.Model):
    """How one agency handles one procedure from `valid_from` until before `valid_to`.

    `point`: received at this place only. `calendar`: reckoned by another calendar than the agency's. The limit is
    shorter than the law's, in the same unit; where the law changes and it no longer is, the law's holds. `note` is
    read by the counter.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="settings")
    point = models.ForeignKey("agencies.Point", null=True, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey("calendars.Calendar", null=True, on_delete=models.PROTECT, related_name="+")
    limit_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, choices=Unit.choices, blank=True)
    note = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["agency_id", "procedure_id", "valid_from"]
        constraints = [
            _in_order("procedures_setting_days_in_order"),
            _one_at_a_time("procedures_setting_one_at_a_time", "agency", "procedure"),
            models.CheckConstraint(
                condition=Q(limit_value__isnull=True, limit_unit="")
                | Q(limit_value__gt=0, limit_unit__in=Unit.values),
                name="procedures_setting_limit_with_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.procedure_id}"


class AgencyArea(models.Model):
    """What kind of place an agency serves, for fees that differ by place."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=10, choices=Area.choices)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["agency_id", "valid_from"]
        constraints = [
            _in_order("procedures_area_days_in_order"),
            _one_at_a_time("procedures_area_one_at_a_time", "agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.area}"


class LocalFee(models.Model):
    """A fee that the province's council set for a procedure: by place, by channel, from day to day.

    It stands in for what the catalogue says of its kind (`queries.local_fees`). Empty `area`, `channel` or `case`
    means all of them; the most particular row wins.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="local_fees")
    case = models.TextField(blank=True)
    area = models.CharField(max_length=10, choices=Area.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    kind = models.CharField(max_length=8, choices=FeeKind.choices)
    name = models.CharField(max_length=300, blank=True)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["procedure_id", "kind", "name", "case", "area", "channel", "valid_from"]
        constraints = [
            _in_order("procedures_local_fee_days_in_order"),
            _one_at_a_time(
                "procedures_local_fee_one_at_a_time", "procedure", "case", "area", "channel", "kind", "name"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="procedures_local_fee_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.kind} {self.amount}"


class FeeExemption(models.Model):
    """A group of people who pay less or nothing, from day to day. Without a procedure it holds for all of them."""

    personal_data: ClassVar[dict[str, str]] = {}

    procedure = models.ForeignKey(
        Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="exemptions"
    )
    group = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=FeeKind.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    percent = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["group", "valid_from"]
        constraints = [
            _in_order("procedures_exemption_days_in_order"),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="procedures_exemption_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.percent} %"
