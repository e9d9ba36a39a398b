"""Rows that hold from a day until, but not including, another day.

`valid_to` is the first day on which the row no longer holds, so that ending something "today" works at once
and two rows meet without a gap or an overlap. An empty `valid_to` means: until further notice.
"""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


def holds_on(day: date, prefix: str = "") -> Q:
    """Return the condition 'the row (reached through `prefix`, e.g. "positions__") holds on `day`'."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    )


class Dated(models.Model):
    """Base of dated rows: half-open range [valid_from, valid_to)."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """Return the check that a row does not end before it starts (same day: a mistake undone)."""
    return models.CheckConstraint(name=name, condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")))


def never_two_at_once(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """Return the rule that rows equal in `fields` never hold on the same day."""
    held = Func(
        F("valid_from"), F("valid_to"), Value("[)"), function="daterange", output_field=DateRangeField()
    )
    return ExclusionConstraint(
        name=name,
        expressions=[
            (held, RangeOperators.OVERLAPS),
            *((field, RangeOperators.EQUAL) for field in fields),
        ],
        condition=condition,
    )
