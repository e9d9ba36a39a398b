"""Saving drafts. What is the same as before is not written again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from motcua.base.audit import operations as audit
from motcua.lib.actor import Actor
from motcua.lib.due import Limit
from motcua.lib.vietnamese import fold, normalize, sort_key
from motcua.workflow import permissions
from motcua.workflow.engine import Step
from motcua.workflow.models import Evidence, RouteRow, StepRow, VersionState, Workflow, WorkflowVersion
from motcua.workflow.shape import Draft, Wording


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that holds the draft's content now, and whether anything was written."""

    version: WorkflowVersion
    changed: bool


@transaction.atomic
def save_draft(*, draft: Draft, actor: Actor, at: datetime) -> Saved:
    """Keep `draft` as the newest version of its workflow and variant.

    A newest version with the same content is returned untouched, published or not. A newest draft with other
    content is written over, unless somebody changed it by hand: that one stays. After a published one a new
    number is taken. Refuses who may not edit.
    """
    permissions.require("save_draft", actor)
    workflow = _workflow(draft)
    newest = workflow.versions.select_for_update().filter(variant=draft.variant).order_by("-number").first()
    digest = draft.content_hash()
    if newest is not None and newest.content_hash == digest:
        return Saved(newest, changed=False)
    if newest is not None and newest.state == VersionState.DRAFT and newest.edited_at is not None:
        return Saved(newest, changed=False)
    version = newest if newest is not None and newest.state == VersionState.DRAFT else None
    if version is None:
        number = newest.number + 1 if newest is not None else 1
        version = WorkflowVersion(workflow=workflow, variant=draft.variant, number=number)
    fill(version, draft, digest, at)
    audit.record(
        actor=actor,
        verb="save_draft",
        subject_kind="workflow",
        subject_id=workflow.pk,
        at=at,
        payload={"variant": version.variant, "number": version.number, "content_hash": digest},
    )
    return Saved(version, changed=True)


def _workflow(draft: Draft) -> Workflow:
    """Return the workflow's row, its facts brought up to date."""
    facts = {
        "code": normalize(draft.code),
        "name": normalize(draft.name),
        "sort_key": sort_key(draft.name),
        "folded": fold(f"{draft.code} {draft.name} {draft.sector}"),
        "sector": draft.sector,
        "agency_kind": draft.agency_kind,
        "decision": draft.decision,
        "source": draft.source,
        "evidence": Evidence.OFFICIAL if draft.official else Evidence.PROPOSED,
    }
    workflow, created = Workflow.objects.select_for_update().get_or_create(key=draft.key, defaults=facts)
    if not created and any(getattr(workflow, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(workflow, name, value)
        workflow.save()
    return workflow


def fill(version: WorkflowVersion, draft: Draft, digest: str, at: datetime) -> None:
    """Write a draft's content into a version's rows, in place of what was there."""
    version.start_key = draft.definition.start
    version.limit_value, version.limit_unit = _columns(draft.limit)
    version.limit_text = draft.limit_text
    version.flags = [
        {"code": flag.code, "step": flag.step, "text": flag.text, "blocks": flag.blocks}
        | ({"settled": flag.settled} if flag.settled else {})
        for flag in draft.flags
    ]
    version.content_hash = digest
    version.created_at = version.created_at or at
    version.save()
    version.steps.all().delete()
    for position, step in enumerate(draft.definition.steps, start=1):
        row = _row(version, position, step, draft.wordings.get(step.key, Wording()))
        row.save()
        RouteRow.objects.bulk_create(
            RouteRow(step=row, position=number, label=route.label, to_key=route.to, kind=route.kind)
            for number, route in enumerate(step.routes, start=1)
        )


def _row(version: WorkflowVersion, position: int, step: Step, wording: Wording) -> StepRow:
    value, unit = _columns(step.hours)
    return StepRow(
        version=version,
        position=position,
        key=step.key,
        name=step.name,
        kind=step.kind,
        role=step.role,
        unit=step.unit,
        time_value=value,
        time_unit=unit,
        time_group=step.time_group,
        stops_clock=step.stops_clock,
        product=step.product,
        national_status=step.national_status,
        completed_by=step.completed_by,
        may_send_back_to=list(step.may_send_back_to),
        exception=step.exception,
        source_work=wording.work,
        source_responsible=wording.responsible,
        source_time=wording.time,
    )


def _columns(limit: Limit | None) -> tuple[Decimal | None, str]:
    return (None, "") if limit is None else (limit.value, limit.unit.value)
