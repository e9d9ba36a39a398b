"""Which workflow a procedure runs on: for one case or all, at one agency or everywhere, from day to day."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.db.models.functions import Coalesce

from motcua.workflow.models.workflow import WorkflowVersion


def _or_none(field: str) -> Coalesce:
    """Treat 'for all' as one value, so that two rows for all can't hold at once."""
    return Coalesce(F(field), Value(0), output_field=BigIntegerField())


class WorkflowAssignment(models.Model):
    """A procedure's workflow from `valid_from` until before `valid_to` (empty: until further notice).

    Empty `procedure_version`, `variant` or `agency` means all of them; the most particular row wins. Two rows
    of equal reach never hold on one day.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    procedure = models.ForeignKey(
        "procedures.Procedure", on_delete=models.PROTECT, related_name="workflow_assignments"
    )
    procedure_version = models.ForeignKey(
        "procedures.ProcedureVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    variant = models.ForeignKey(
        "procedures.ProcedureVariant", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    workflow_version = models.ForeignKey(
        WorkflowVersion, on_delete=models.PROTECT, related_name="assignments"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["procedure_id", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                name="workflow_assignment_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="workflow_assignment_one_at_a_time",
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (_or_none("procedure_version"), RangeOperators.EQUAL),
                    (_or_none("variant"), RangeOperators.EQUAL),
                    (_or_none("agency"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} → {self.workflow_version_id}"
