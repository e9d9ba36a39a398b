"""Assign, forward, send back: how a dossier passes from desk to desk."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position, holds_on
from motcua.agencies.queries import holds_place
from motcua.dossiers import linked, postings, states, words
from motcua.dossiers.models import Dossier, HowPosted, Task
from motcua.dossiers.operations import acts, steps
from motcua.dossiers.places import Place
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import Refusal
from motcua.workflow import engine

# A step that says which verb ends it is ended by that verb alone; "forward" ends all the others.
_OWN_VERBS = frozenset(
    {"assign", "propose", "approve", "issue", "return_result", "answer", "resume", "open_child"}
)


class WrongOfficer(Refusal):
    """The officer chosen does not work in that unit today, or lacks the role."""

    code = "wrong_officer"


@transaction.atomic
def assign(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, to_position: int, note: str = "",
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Give the dossier to a named officer of the unit that holds it.

    On a step of assigning, this ends the step and the officer gets the next one; on any other step it hands
    the same step to the officer, also while the clock stands still. Refuses an officer of another unit or without
    the role the step asks for.
    """
    body = {"to_position": to_position, "note": note}
    act = acts.begin("assign", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    task = next(task for task in act.tasks if task.is_owner)
    act.move()
    if task.completed_by == "assign":
        if act.before in states.PAUSED:
            raise acts.NotAllowedNow(
                _("Hồ sơ đang tạm dừng ở bước phân công. Bấm “Tiếp tục giải quyết” rồi phân công.")
            )
        opened = steps.complete(act, task, choice=_single(act, task), to_position=to_position, note=note)
        target = next((row for row in opened if row.is_owner), None)
        if target is None:
            raise acts.NotAllowedNow(_("Quy trình không có bước nào để giao sau bước phân công này."))
        _require_fit(act, target, to_position)
    else:
        _require_fit(act, task, to_position)
        task.position_id = to_position
        writing.update(Task, {"pk": task.pk}, position_id=to_position)
    return act.finish({"to_position": to_position, "note": note})


@transaction.atomic
def forward(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, choice: str | None = None,
    to_position: int | None = None, note: str = "", step: int | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """End the step on the actor's desk and open what follows.

    `choice` names the outcome where the step has several, `step` the number of the step where the actor holds several
    (branches that run together; the first without it). Refuses a step that another verb ends (propose,
    approve, issue…), saying which.
    """
    body = {"choice": choice, "to_position": to_position, "note": note, "step": step}
    act = acts.begin("forward", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    task = acts.my_task(act, owner=None, step=step)
    if task.kind == engine.StepKind.CHILD and not _has_its_results(act):
        raise acts.NotAllowedNow(
            _("Bước này chờ kết quả của cơ quan khác. Mở hồ sơ liên thông, hoặc trả lại bước trước.")
        )
    _refuse_before_posted(act, task, note)
    if not _may_forward(act, task, choice):
        raise acts.NotAllowedNow(
            _("Bước này kết thúc bằng “%(verb)s”, không phải bằng “Chuyển bước”.")
            % {"verb": words.ACTIONS.get(task.completed_by, task.completed_by)}
        )
    act.move()
    opened = steps.complete(act, task, choice=choice, to_position=to_position, note=note)
    owner = next((row for row in opened if row.is_owner), None)
    if owner is not None and to_position is not None:
        _require_fit(act, owner, to_position)
    return act.finish(
        {"from_step": task.step_key, "to_steps": [row.step_key for row in opened], "note": note}
    )


@transaction.atomic
def send_back(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, to_step: str, reason: str,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Return the dossier to an earlier step, to the officer who did it, with the reason."""
    body = {"to_step": to_step, "reason": reason}
    act = acts.begin("send_back", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise Refusal(_("Ghi lý do trả lại để người nhận biết phải sửa gì."), field="reason")
    task = acts.my_task(act)
    try:
        moves = engine.send_back(steps.definition(act), steps.tokens(act.tasks), task.step_key, to_step)
    except engine.EngineError as error:
        raise acts.NotAllowedNow(_("Quy trình không cho phép trả lại bước này.")) from error
    act.move()
    steps.close(act, task, note=reason)
    for cancelled in moves.cancelled:
        steps.close(act, next(t for t in act.tasks if t.ended_at is None and t.step_key == cancelled))
    earlier = _who_did(act, to_step)
    place = Place(earlier.agency_id, earlier.unit_id, earlier.ended_position_id) if earlier else None
    steps.open_steps(act, moves.opened, to_place=place)
    return act.finish({"from_step": task.step_key, "to_step": to_step, "reason": reason})


def still_posted(task: Task, exception: str, at: datetime) -> str:
    """Say until when a step's public posting lasts, and what alone ends it earlier; "" once it is over.

    `exception` is the workflow's own: who is not posted in public, for privacy.
    """
    if task.kind != engine.StepKind.POST or task.due_at is None or at >= task.due_at:
        return ""
    until = timezone.localtime(task.due_at).strftime("%H:%M %d/%m/%Y")
    if not exception:
        return _("Đang niêm yết công khai đến %(until)s, chưa chuyển bước được.") % {"until": until}
    text = _(
        "Đang niêm yết đến %(until)s. Chỉ kết thúc sớm khi: %(exception)s. Nếu đúng, ghi lý do rồi gửi lại."
    )
    return text % {"until": until, "exception": exception}


def _refuse_before_posted(act: acts.Act, task: Task, note: str) -> None:
    """What is posted in public stays there for its own time; the exception of the workflow ends it with a reason."""
    exception = (
        steps.definition(act).step(task.step_key).exception if task.kind == engine.StepKind.POST else ""
    )
    words_of_it = still_posted(task, exception, act.at)
    if words_of_it and not exception:
        raise acts.NotAllowedNow(words_of_it)
    decision = postings.decision_on(task) if words_of_it else None
    if (
        decision is not None and decision.how == HowPosted.NOT
    ):  # decided with its reason: nothing hangs on a wall
        return
    if words_of_it and not note.strip():
        raise Refusal(words_of_it, field="note", code="still_posted")


def _may_forward(act: acts.Act, task: Task, choice: str | None) -> bool:
    """Tell whether "forward" ends this step by this outcome.

    A drafting step may have other outcomes than a draft (ask others first): those are forwarded. Waiting for
    a supplement is reached only by asking for it, with the list of what is missing.
    """
    if task.kind == engine.StepKind.CHILD:
        return True
    if choice is not None and choice == steps.supplement_choice(act, task):
        return False
    if choice is not None and steps.asks_openly(act, task, choice):
        return False
    if task.completed_by not in _OWN_VERBS:
        return True
    if task.completed_by != "propose" or not choice:
        return False
    if choice != steps.onward_choice(act, task):
        return True
    defn = steps.definition(act)
    step = defn.step(task.step_key)
    to = defn.step(step.outcomes()[choice][0].to)
    return to.completed_by == "propose" and to.role == step.role


def _has_its_results(act: acts.Act) -> bool:
    """A step that waits for other agencies goes on by itself; by hand only when it could not."""
    children = list(linked.children_of(act.dossier))
    return linked.all_granted(children) and all(child.finished_at for child in children)


def _single(act: acts.Act, task: Task) -> str | None:
    """The first outcome of an assigning step: assigning is its only choice."""
    return next(iter(steps.definition(act).step(task.step_key).outcomes()), None)


def _require_fit(act: acts.Act, task: Task, to_position: int) -> None:
    """Refuse an officer who cannot do this step: of another unit, gone, or without the role."""
    if not holds_place(to_position, task.unit_id, timezone.localdate(act.at), task.role):
        raise WrongOfficer(
            _("Người được chọn không còn giữ vị trí này ở đơn vị đang giữ hồ sơ. Chọn người khác."),
            field="to_position",
        )


_DONE: Prepared[Task] = Prepared(
    lambda home, dossier, step: Task.objects.filter(
        home_agency_id=home, dossier_id=dossier, step_key=step, ended_at__isnull=False
    ).order_by("-number")[:1],
    home=int,
    dossier=UUID,
    step=str,
)
_STILL_HELD: Prepared[tuple[int]] = Prepared(
    lambda position, unit, on: Position.objects.filter(holds_on(on), pk=position, unit_id=unit).values_list(
        "pk"
    ),
    position=int,
    unit=int,
    on=date,
)


def _who_did(act: acts.Act, step_key: str) -> Task | None:
    """Return the last finished task of a step, with its officer only while they hold the position."""
    task = _DONE.first(home=act.dossier.home_agency_id, dossier=act.dossier.pk, step=step_key)
    if task is not None and task.ended_position_id is not None:
        today = timezone.localdate(act.at)
        if not _STILL_HELD(position=task.ended_position_id, unit=task.unit_id, on=today):
            task.ended_position_id = None
    return task
