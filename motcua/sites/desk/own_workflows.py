"""Which workflow an agency runs a procedure on, where it is one of its own."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from motcua.workflow.models import VersionState, WorkflowAssignment, WorkflowVersion


def of_agencies(procedure_id: int, agencies: Iterable[int], day: date) -> dict[int, WorkflowVersion]:
    """Return the own workflow by agency, for all cases of a procedure, on a day: one query."""
    rows = WorkflowAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), procedure=procedure_id, agency__in=list(agencies),
        variant__isnull=True, procedure_version__isnull=True, valid_from__lte=day,
    ).select_related("workflow_version__workflow")  # fmt: skip
    return {int(row.agency_id or 0): row.workflow_version for row in rows}


def to_choose() -> "QuerySet[WorkflowVersion]":
    """Return the versions in force, in Vietnamese order."""
    rows = WorkflowVersion.objects.filter(state=VersionState.PUBLISHED).select_related("workflow")
    return rows.order_by("workflow__sort_key", "variant", "pk")
