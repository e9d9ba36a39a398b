"""Child dossiers (liên thông): another agency's part as a dossier of its own, the parent waiting in a task.

The parent's clock stops with the act that opens the child, not when the step is come to: nobody loses time
because a paper lay on a desk. It goes on when no child is open any more, with a result or without one.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.base.audit import keys
from motcua.dossiers import linked, words
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import acts, ending, handover, intake, steps
from motcua.dossiers.places import NobodyForStep
from motcua.dossiers.states import Status
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries.catalogue import holds_on
from motcua.workflow.engine import END, StepKind


@transaction.atomic
def open_child(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, agency_id: int, variant_id: int,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Open the other agency's part of this dossier: own code, own clock, linked to the parent.

    The child carries the same applicant; its home agency is the other agency. The parent comes to stand in
    the step that waits for it, with its clock stopped where the workflow says so. Refuses when the parent is
    at no step that leads to a child, when it already has one there, and the same agency.
    """
    body = {"agency_id": agency_id, "variant_id": variant_id}
    act = acts.begin("open_child", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen,
                     moves_as="consult")  # fmt: skip
    if act.repeated:
        assert act.claim.answer is not None
        return Dossier.objects.get(pk=act.claim.answer["child"])
    parent = act.dossier
    variant, agency = _part(parent, agency_id, variant_id, at)
    act.move("consult")
    task = _stand_and_wait(act)
    child = intake.open_linked(parent=parent, variant=variant, agency=agency, actor=actor, at=at)
    act.set(visible_to=sorted({*parent.visible_to, agency.pk}))
    _stop_clock(act, task, child)
    act.finish({"child": child.code, "agency": agency.pk})
    answer = {"dossier": str(parent.pk), "code": parent.code, "child": str(child.pk)}
    keys.keep(act.claim, answer)
    return child


def _part(parent: Dossier, agency_id: int, variant_id: int, at: datetime) -> tuple[ProcedureVariant, Agency]:
    """Return what is asked of whom, if it may be asked."""
    variant = (
        ProcedureVariant.objects.select_related("version__procedure__sector").filter(pk=variant_id).first()
    )
    agency = Agency.objects.filter(pk=agency_id).first()
    if variant is None or agency is None or not holds_on(variant.version, timezone.localdate(at)):
        raise Refusal(_("Chọn cơ quan và thủ tục liên thông đang có hiệu lực."))
    if agency.pk == parent.competent_agency_id:
        raise Refusal(_("Cơ quan liên thông phải khác cơ quan đang giải quyết hồ sơ."))
    if linked.open_children(parent).filter(competent_agency=agency).exists():
        raise Refusal(_("Hồ sơ liên thông tại cơ quan này đã được mở."))
    return variant, agency


def _stand_and_wait(act: acts.Act) -> Task:
    """Return the step that waits for the child; a step of sending the papers there is done by opening it."""
    sending = next((task for task in act.tasks if task.is_owner and task.completed_by == act.verb), None)
    if linked.waiting_step(act.tasks) is None and sending is not None:
        defn = steps.definition(act)
        ways = defn.step(sending.step_key).outcomes().items()
        leads = (
            label for label, routes in ways
            if any(one.to != END and defn.step(one.to).kind is StepKind.CHILD for one in routes)
        )  # fmt: skip
        steps.complete(act, sending, choice=next(leads, None), to_position=None)
    waiting = linked.waiting_step(act.tasks)
    if waiting is None:
        raise acts.NotAllowedNow(_("Quy trình chưa đến bước liên thông với cơ quan khác."))
    return waiting


def _stop_clock(act: acts.Act, task: Task, child: Dossier) -> None:
    step = steps.definition(act).step(task.step_key)
    if not step.stops_clock:
        return
    act.move("suspend_for_money" if step.national_status == Status.AWAITING_MONEY else "suspend")
    reason = _("%(step)s, hồ sơ %(code)s") % {"step": step.name, "code": child.code}
    steps.pause(act, kind=linked.PAUSE, reason=reason, expected_until=child.due_at)


@transaction.atomic
def child_ended(*, parent_id: UUID, child_id: UUID, actor: Actor, at: datetime, key: str) -> Dossier:
    """Let the parent go on, because its child has ended. Repeating it changes nothing.

    With a result, the waiting step is done. Without one (refused, withdrawn, stopped) the parent's clock goes
    on and the step stays with whoever sent it: they ask again, or go back.
    """
    child = Dossier.objects.get(pk=child_id)
    verb = "child_done" if linked.has_result(child) else "child_failed"
    act = acts.begin(verb, dossier_id=parent_id, actor=actor, at=at, key=key, body={"child": child.code},
                     moves_as="answer")  # fmt: skip
    if act.repeated:
        return act.dossier
    facts: dict[str, object] = {"child": child.code}
    if verb == "child_failed":
        facts["reason"] = str(words.LEGAL[child.status, child.sub_status])
    task = linked.waiting_step(act.tasks)
    if task is not None and not linked.open_children(act.dossier).exists():
        if linked.stands_still(act.dossier):
            act.move("resume")
            facts |= steps.unpause(act)
        if linked.all_granted(linked.children_of(act.dossier)):
            facts |= _go_on(act, task, note=child.code)
    return act.finish(facts)


def _go_on(act: acts.Act, task: Task, *, note: str) -> dict[str, object]:
    """Finish the waiting step. When nobody can take the next one, the step stays open to be forwarded by hand."""
    try:
        with transaction.atomic():
            steps.complete(act, task, choice=None, to_position=None, note=note)
    except NobodyForStep as refusal:
        task.ended_at = None  # the savepoint took the rest back
        return {"note": refusal.message}
    return {}


@transaction.atomic
def end_with_parent(*, child_id: UUID, actor: Actor, at: datetime, key: str) -> Dossier:
    """End a child that is still open because its parent was withdrawn or stopped: in the same way."""
    child = Dossier.objects.select_related("parent").get(pk=child_id)
    assert child.parent is not None
    withdrawn = child.parent.status == Status.WITHDRAWN
    reason = _("Hồ sơ gốc %(code)s: %(state)s") % {
        "code": child.parent.code,
        "state": words.LEGAL[child.parent.status, child.parent.sub_status],
    }
    end = ending.withdraw if withdrawn else ending.stop
    return end(dossier_id=child.pk, actor=actor, at=at, key=key, reason=reason)


@transaction.atomic
def hand_to_parent(*, child_id: UUID, actor: Actor, at: datetime, key: str) -> Dossier:
    """Return a child's result to the agency that asked for it: from one desk to the other, no paper."""
    child = Dossier.objects.select_related("parent__competent_agency").get(pk=child_id)
    assert child.parent is not None
    return handover.return_result(
        dossier_id=child.pk, actor=actor, at=at, key=key, returned_to=child.parent.competent_agency.name,
        channel=words.ResultChannel.ELECTRONIC,
    )  # fmt: skip
