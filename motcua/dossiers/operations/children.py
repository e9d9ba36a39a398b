"""Child dossiers (liên thông): another agency's part as a dossier of its own, the parent waiting in a task."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import acts, intake, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries.catalogue import holds_on
from motcua.workflow.engine import StepKind


def waiting_for_child(tasks: list[Task]) -> Task | None:
    """Return the open step that waits for a child dossier."""
    return next((task for task in tasks if task.kind == StepKind.CHILD and task.ended_at is None), None)


@transaction.atomic
def open_child(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, agency_id: int, variant_id: int,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Open the other agency's part of this dossier: own code, own clock, linked to the parent.

    The child carries the same applicant; its home agency is the other agency. Refuses when the parent is not
    at a step that waits for one, when it already has one there, and the same agency.
    """
    body = {"agency_id": agency_id, "variant_id": variant_id}
    act = acts.begin("open_child", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen,
                     moves_as="consult")  # fmt: skip
    if act.repeated:
        assert act.claim.answer is not None
        return Dossier.objects.get(pk=act.claim.answer.get("child", act.dossier.pk))
    parent = act.dossier
    if waiting_for_child(act.tasks) is None:
        raise acts.NotAllowedNow(_("Quy trình chưa đến bước liên thông với cơ quan khác."))
    variant = (
        ProcedureVariant.objects.select_related("version__procedure__sector").filter(pk=variant_id).first()
    )
    agency = Agency.objects.filter(pk=agency_id).first()
    if variant is None or agency is None or not holds_on(variant.version, timezone.localdate(at)):
        raise Refusal(_("Chọn cơ quan và thủ tục liên thông đang có hiệu lực."))
    if agency.pk == parent.competent_agency_id:
        raise Refusal(_("Cơ quan liên thông phải khác cơ quan đang giải quyết hồ sơ."))
    if parent.children.filter(competent_agency=agency, finished_at=None).exists():
        raise Refusal(_("Hồ sơ liên thông tại cơ quan này đã được mở."))
    child = intake.open_linked(parent=parent, variant=variant, agency=agency, actor=actor, at=at)
    act.set(visible_to=sorted({*parent.visible_to, agency.pk}))
    act.finish({"child": child.code, "agency": agency.pk})
    return child


@transaction.atomic
def child_done(*, dossier_id: UUID, child_code: str, actor: Actor, at: datetime, key: str) -> Dossier:
    """End the parent's waiting step because its child is done. Repeating it changes nothing."""
    act = acts.begin("child_done", dossier_id=dossier_id, actor=actor, at=at, key=key,
                     body={"child": child_code}, moves_as="answer")  # fmt: skip
    if act.repeated:
        return act.dossier
    task = waiting_for_child(act.tasks)
    if task is not None:
        steps.complete(act, task, choice=None, to_position=None, note=child_code)
    return act.finish({"child": child_code})
