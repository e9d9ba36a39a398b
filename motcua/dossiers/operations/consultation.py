"""Ask another unit, and answer: inside the time limit, without taking the dossier over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from motcua.agencies.models import Unit
from motcua.dossiers.models import Consultation, Dossier, Task
from motcua.dossiers.operations import acts, news, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


@transaction.atomic
def consult(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, unit_id: int, question: str,
    answer_by: datetime | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Ask a unit, of this or another agency, for its opinion. The asked agency may see the dossier from now on.

    Refuses an empty question, and asking one's own unit.
    """
    body = {"unit_id": unit_id, "question": question, "answer_by": answer_by}
    act = acts.begin("consult", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or unit.pk == act.dossier.owner_unit_id:
        raise Refusal(_("Chọn một đơn vị khác với đơn vị đang giữ hồ sơ."), field="unit_id")
    if not question.strip():
        raise Refusal(_("Ghi nội dung cần hỏi."), field="question")
    act.move()
    task = _ask(act, unit, answer_by)
    Consultation.objects.create(
        home_agency_id=act.dossier.home_agency_id, dossier=act.dossier, task=task, unit=unit,
        question=question.strip(), asked_at=at, asked_by_id=actor.position_id, answer_by=answer_by,
    )  # fmt: skip
    act.tasks.append(task)
    steps.follow_owner(act)
    return act.finish({"unit": unit.pk, "question": question, "answer_by": answer_by})


def _ask(act: acts.Act, unit: Unit, answer_by: datetime | None) -> Task:
    last = Task.objects.filter(dossier=act.dossier).aggregate(last=Max("number"))["last"] or 0
    return Task.objects.create(
        home_agency_id=act.dossier.home_agency_id, dossier=act.dossier, number=last + 1,
        step_key=f"ask-{last + 1}", step_name="Cho ý kiến", kind=steps.ASKED, completed_by="answer",
        agency_id=unit.agency_id, unit=unit, is_owner=False, started_at=act.at, due_at=answer_by,
    )  # fmt: skip


@transaction.atomic
def answer(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, opinion: str, agrees: bool | None = None,
    step: int | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Answer a consultation on the actor's desk. Allowed while the dossier is paused; closes the task, and tells
    whoever waits for it. `step` is the number of the task where the actor was asked more than once.
    """
    body = {"opinion": opinion, "agrees": agrees, "step": step}
    act = acts.begin("answer", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not opinion.strip():
        raise Refusal(_("Ghi ý kiến của đơn vị."), field="opinion")
    task = acts.my_task(act, owner=False, step=step, ends_by="answer")
    row = Consultation.objects.filter(task=task).select_related("unit").first()
    if row is None:
        raise acts.NotAllowedNow(_("Việc này không phải là lấy ý kiến."))
    Consultation.objects.filter(pk=row.pk).update(
        opinion=opinion.strip(), agrees=agrees, answered_at=at, answered_by_id=actor.position_id
    )
    if task.kind == steps.ASKED:
        steps.close(act, task, note=opinion)
    else:
        steps.complete(act, task, choice=None, to_position=None, note=opinion)
    news.answered(act, row)
    return act.finish({"consultation": row.pk, "agrees": agrees})
