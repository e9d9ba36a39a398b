"""Workflows follow when agencies merge or split: what ran only at a closed agency ends or goes on at a new one.

An agency that was there before keeps its own way of working; one that opens with the change takes over that of the
agencies it is the main successor of, the first of them where they differ. Open dossiers go on on their own version.
"""

from datetime import date, datetime

from django.db.models import F, Q

from motcua.agencies.models import Agency
from motcua.agencies.moved import Moved
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.workflow.models import WorkflowAssignment


def hold() -> None:
    """Nothing to hold: rows are ended and added, never overwritten."""


def follow(moved: Moved, *, actor: Actor, at: datetime) -> dict[str, int]:
    """End the assignments of closed agencies, and give them to successors that are new."""
    day, count = moved.on_day, 0
    for closed, heirs in moved.heirs.items():
        rows = list(WorkflowAssignment.objects.filter(_still(day), agency_id=closed).order_by("pk"))
        if not rows:
            continue
        new = Agency.objects.filter(pk=heirs[0], opened_on__gte=day).first()
        held = WorkflowAssignment.objects.filter(pk__in=[row.pk for row in rows])
        held.filter(valid_from__gt=day).update(valid_to=F("valid_from"))
        held.filter(valid_from__lte=day).update(valid_to=day)
        if new is not None:
            count += sum(_give(row, new, day) for row in rows)
        record(
            actor=actor, verb="workflow.follow", subject_kind="agency_workflows", subject_id=closed, at=at,
            agency_id=closed, payload={"ended": len(rows), "to": new.pk if new else None, "on": day},
        )  # fmt: skip
    return {"workflows": count}


def what_follows(agency_ids: list[int], unit_ids: list[int]) -> dict[str, int]:
    """Return how many procedures run on a workflow of these agencies alone."""
    return {"workflows": WorkflowAssignment.objects.filter(agency_id__in=agency_ids, valid_to=None).count()}


def _give(row: WorkflowAssignment, agency: Agency, day: date) -> int:
    """Give an assignment to a new agency; tell whether it had none of the same reach."""
    reach = {
        "procedure_id": row.procedure_id, "procedure_version_id": row.procedure_version_id,
        "variant_id": row.variant_id, "agency_id": agency.pk,
    }  # fmt: skip
    since = max(day, row.valid_from)
    if WorkflowAssignment.objects.filter(_still(since), **reach).exists():
        return 0
    WorkflowAssignment.objects.create(**reach, workflow_version_id=row.workflow_version_id, valid_from=since)
    return 1


def _still(day: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=day)
