"""Walk a dossier along its workflow with the officers who hold the steps: for the demo and for measurements."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from motcua.agencies.models import Position
from motcua.agencies.queries import actor_for, officers_of
from motcua.dossiers import offers, permissions, picks
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import children, consultation, decision, handover, pauses, processing
from motcua.lib.actor import Actor
from motcua.workflow import engine
from motcua.workflow.queries import definition_of


def officer_for(task: Task, *, on: datetime) -> Position:
    """Return who does this task: the officer it was given to, or the first of its unit with the role."""
    if task.position_id is not None:
        return Position.objects.select_related("unit", "account").get(pk=int(task.position_id))
    found = officers_of(task.unit_id, timezone.localdate(on), task.role or None).first()
    assert found is not None, f"nobody in unit {task.unit_id} with role {task.role}"
    return found


def actor_of(task: Task, *, on: datetime) -> Actor:
    return actor_for(officer_for(task, on=on).pk, timezone.localdate(on))


def straight_choice(dossier: Dossier, task: Task) -> str | None:
    """Return the outcome that leads straight on: to a step nobody has done, that is neither wait nor fork."""
    defn = definition_of(dossier.workflow_version_id)
    outcomes = defn.step(task.step_key).outcomes()
    if len(outcomes) == 1:
        return None
    order = [step.key for step in defn.steps]
    best: tuple[int, str] | None = None
    for label, routes in outcomes.items():
        if len(routes) != 1:
            continue
        to = routes[0].to
        if to == engine.END:
            continue
        step = defn.step(to)
        ahead = order.index(to) > order.index(task.step_key)
        if step.kind is engine.StepKind.USER and ahead and (best is None or order.index(to) > best[0]):
            best = (order.index(to), label)
    return best[1] if best else next(iter(outcomes))


def one_step(dossier: Dossier, *, at: datetime) -> bool:
    """Do the next thing; return False when nothing is left to do."""
    dossier.refresh_from_db()
    task = Task.objects.filter(dossier=dossier, ended_at=None).order_by("-is_owner", "number").first()
    if task is None:
        return False
    actor = actor_of(task, on=at)
    common: dict[str, Any] = {"dossier_id": dossier.pk, "actor": actor, "at": at, "key": uuid4().hex}
    verb = task.completed_by
    if task.kind == "ask" or verb == "answer":
        consultation.answer(**common, opinion="Thống nhất, không có ý kiến khác.", agrees=True)
    elif verb == "assign":
        officers = officers_of(task.unit_id, timezone.localdate(at), "specialist")
        officer = officers.exclude(pk=actor.position_id or 0).first() or officers.first()
        processing.assign(**common, to_position=officer.pk if officer else actor.position_id or 0)
    elif verb == "propose":
        choice = straight_choice(dossier, task)
        if _is_a_draft(dossier, task, choice):
            decision.propose(**common, kind="granted", content="Hồ sơ đủ điều kiện.", choice=choice)
        else:
            processing.forward(**common, choice=choice)
    elif verb == "approve":
        decision.approve(**common, choice=straight_choice(dossier, task))
    elif verb == "issue":
        decision.issue(**common, choice=straight_choice(dossier, task))
    elif verb == "return_result":
        handover.return_result(**common, returned_to=dossier.applicant_name, paper="Căn cước")
    elif verb == "open_child":
        _open_part(task, dossier, common)
    elif task.kind == engine.StepKind.CHILD:
        return False  # another agency is at work
    elif task.kind == engine.StepKind.WAIT:
        pauses.resume(**common)
    else:
        processing.forward(**common, choice=straight_choice(dossier, task))
    return True


def _open_part(task: Task, dossier: Dossier, common: dict[str, Any]) -> None:
    """Ask the agency that the workflow names for its part, with the first procedure it has for that."""
    definition = definition_of(dossier.workflow_version_id)
    case = permissions.Case(common["actor"], dossier, (task,))
    wanted = picks.outside_agency(offers.desk_of(case, definition, None))
    groups = picks.linked_procedures(dossier, on=timezone.localdate(common["at"]), wanted=wanted)
    agency, _sep, variant = groups[0][1][0][0].partition(":")
    children.open_child(**common, agency_id=int(agency), variant_id=int(variant))


def _is_a_draft(dossier: Dossier, task: Task, choice: str | None) -> bool:
    """Tell whether this outcome of a drafting step is the draft going on, not a question to others first."""
    if choice is None:
        return True
    defn = definition_of(dossier.workflow_version_id)
    step = defn.step(task.step_key)
    to = defn.step(step.outcomes()[choice][0].to)
    return to.kind is engine.StepKind.USER and not (to.completed_by == "propose" and to.role == step.role)
