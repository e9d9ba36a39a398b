"""Tasks: what the workflow engine says, written as rows. Every other operation moves tasks through here."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import clock, places
from motcua.dossiers.models import Consultation, Pause, Task
from motcua.dossiers.operations.acts import Act, NotAllowedNow
from motcua.dossiers.states import Status
from motcua.lib import writing
from motcua.lib.refusal import Refusal
from motcua.workflow import engine
from motcua.workflow.queries import definition_of

ASKED = "ask"  # a consultation an officer asked for by hand; no token of the workflow


class ChooseOutcome(Refusal):
    """The step has several outcomes and the officer named none of them."""

    code = "choose_outcome"


def definition(act: Act) -> engine.Definition:
    return definition_of(act.dossier.workflow_version_id)


def tokens(tasks: Iterable[Task]) -> list[str]:
    """Return the engine's open steps; consultations asked by hand are not among them."""
    return [task.step_key for task in tasks if task.ended_at is None and task.kind != ASKED]


def waits_for_supplement(step: engine.Step) -> bool:
    return step.kind is engine.StepKind.WAIT and step.national_status == Status.AWAITING_SUPPLEMENT


def supplement_choice(act: Act, task: Task) -> str | None:
    """Return the outcome of the task's step that leads to waiting for a supplement, where the office has one."""
    defn = definition(act)
    for label, routes in defn.step(task.step_key).outcomes().items():
        if any(route.to != engine.END and waits_for_supplement(defn.step(route.to)) for route in routes):
            return label
    return None


def asks_openly(act: Act, task: Task, choice: str) -> bool:
    """Tell whether an outcome asks a unit that the workflow does not name: then the officer says whom."""
    defn = definition(act)
    routes = defn.step(task.step_key).outcomes().get(choice, ())
    targets = [defn.step(route.to) for route in routes if route.to != engine.END]
    return any(step.kind is engine.StepKind.CONSULT and not step.unit for step in targets)


def onward_choice(act: Act, task: Task) -> str | None:
    """Return the one outcome that a decision stands for: not a wait, not asking others, not going back.

    None where there is a single outcome anyway, or where several lead on and the officer has to say which.
    """
    defn = definition(act)
    outcomes = defn.step(task.step_key).outcomes()
    if len(outcomes) == 1:
        return None
    done = {row.step_key for row in act.tasks if row.ended_at is not None} | {task.step_key}
    onward = [
        label
        for label, routes in outcomes.items()
        if len(routes) == 1 and (routes[0].to == engine.END or _leads_on(defn.step(routes[0].to), done))
    ]
    return onward[0] if len(onward) == 1 else None


def _leads_on(step: engine.Step, done: set[str]) -> bool:
    return step.kind is engine.StepKind.USER and step.key not in done


def close(act: Act, task: Task, *, verb: str | None = None, choice: str = "", note: str = "") -> None:
    """End a task in the name of the actor, guarded so that it ends once."""
    task.ended_at = act.at
    task.ended_by = verb or act.verb
    task.ended_position_id = act.actor.position_id
    task.choice = choice
    task.note = note
    if act.unwritten is not None:
        return
    written = writing.update(
        Task,
        {"pk": task.pk, "ended_at": None},
        ended_at=act.at,
        ended_by=task.ended_by,
        ended_position_id=act.actor.position_id,
        choice=choice,
        note=note,
    )
    if written != 1:
        raise NotAllowedNow(_("Bước này vừa được người khác làm xong. Tải lại trang."))


def close_all(act: Act) -> None:
    """End every open task: the dossier has ended."""
    for task in act.tasks:
        if task.ended_at is None:
            close(act, task)


def complete(
    act: Act, task: Task, *, choice: str | None, to_position: int | None, note: str = ""
) -> list[Task]:
    """Finish `task`, open what follows, and return the opened tasks."""
    try:
        moves = engine.complete(definition(act), tokens(act.tasks), task.step_key, choice)
    except (engine.ChoiceNeededError, engine.UnknownChoiceError):
        outcomes = [label for label in definition(act).step(task.step_key).outcomes() if label]
        raise ChooseOutcome(
            _("Bước này có nhiều hướng: %(outcomes)s. Chọn một hướng rồi gửi lại.")
            % {"outcomes": "; ".join(outcomes)},
            field="choice",
        ) from None
    except engine.EngineError as error:
        raise NotAllowedNow(_("Quy trình không cho phép bước này lúc này. Tải lại trang.")) from error
    close(act, task, choice=choice or "", note=note)
    return open_steps(act, moves.opened, to_position=to_position)


def open_steps(
    act: Act,
    keys: Iterable[str],
    *,
    to_position: int | None = None,
    to_place: places.Place | None = None,
    received: places.Place | None = None,
) -> list[Task]:
    """Open one task per step key. `to_position` gives the first owner's task to a named officer."""
    opened = []
    for key in keys:
        step = definition(act).step(key)
        is_owner = step.kind is not engine.StepKind.CONSULT and not _has_owner(act)
        place = to_place or places.place_for(
            step, act.dossier, on=timezone.localdate(act.at), received=received,
            tasks=None if act.unwritten is None else act.tasks,
        )  # fmt: skip
        task = _task(act, step, place, is_owner=is_owner)
        if is_owner and to_position is not None:
            task.position_id = to_position
        act.write(task)
        act.tasks.append(task)
        opened.append(task)
        _begin(act, step, task)
    follow_owner(act)
    return opened


def _has_owner(act: Act) -> bool:
    return any(task.is_owner and task.ended_at is None for task in act.tasks)


def _task(act: Act, step: engine.Step, place: places.Place, *, is_owner: bool) -> Task:
    limit = step.hours
    return Task(
        home_agency_id=act.dossier.home_agency_id,
        dossier=act.dossier,
        number=act.next_task_number(),
        step_key=step.key,
        step_name=step.name,
        kind=step.kind.value,
        completed_by=step.completed_by,
        role=step.role,
        agency_id=place.agency_id,
        unit_id=place.unit_id,
        position_id=place.position_id,
        is_owner=is_owner,
        allowed_value=step.hours.value if step.hours else None,
        allowed_unit=step.hours.unit.value if step.hours else "",
        started_at=act.at,
        due_at=clock.step_due(act.calendar, act.at, limit) if limit else None,
    )


def _begin(act: Act, step: engine.Step, task: Task) -> None:
    """What opening some kinds of step means beyond the row."""
    if step.kind is engine.StepKind.CONSULT:
        act.write(
            Consultation(
                home_agency_id=act.dossier.home_agency_id,
                dossier=act.dossier,
                task=task,
                unit_id=task.unit_id,
                question=step.name,
                asked_at=act.at,
                answer_by=task.due_at,
            )
        )
    elif step.kind is engine.StepKind.WAIT and step.stops_clock and act.verb != "request_supplement":
        act.move("suspend_for_money" if step.national_status == 6 else "suspend")
        pause(act, kind=Pause.MONEY if step.national_status == 6 else "suspend", reason=step.name)


def pause(act: Act, *, kind: str, reason: str, resume: str = "continue", **values: object) -> Pause:
    """Stop the legal clock."""
    act.set(paused_at=act.at)
    row = Pause(
        home_agency_id=act.dossier.home_agency_id,
        dossier=act.dossier,
        kind=kind,
        started_at=act.at,
        resume=resume,
        reason=reason,
        **values,
    )
    act.write(row)
    return row


def unpause(act: Act, *, until: datetime | None = None) -> dict[str, object]:
    """Let the clock go on: end the open pause and set the new due date. Returns both dates for history.

    `until` is when the pause ended where that is not now: a deadline of the applicant's own.
    """
    dossier = act.dossier
    pauses = clock.pauses_of(dossier)
    for row in pauses:
        if row.ended_at is None:
            # A clock set back must not end a pause before it began.
            row.ended_at = max(until or act.at, row.started_at)
            row.save(update_fields=["ended_at"])
    before = dossier.due_at
    act.set(paused_at=None, due_at=clock.due_after_pauses(dossier, pauses))
    return {"due_before": before, "due_after": dossier.due_at}


def end_pause(act: Act) -> None:
    """End an open pause without a new due date: the dossier itself has ended."""
    for row in clock.pauses_of(act.dossier):
        if row.ended_at is None:
            row.ended_at = max(act.at, row.started_at)
            row.save(update_fields=["ended_at"])
    act.set(paused_at=None)


def follow_owner(act: Act) -> None:
    """Let the dossier's owner unit, and who may see it, follow its open tasks."""
    open_now = [task for task in act.tasks if task.ended_at is None]
    owner = next((task for task in open_now if task.is_owner), None)
    if owner is not None and owner.unit_id != act.dossier.owner_unit_id:
        act.set(owner_unit_id=owner.unit_id)
    seen_by = sorted({*act.dossier.visible_to, *(task.agency_id for task in open_now)})
    if seen_by != sorted(act.dossier.visible_to):
        act.set(visible_to=seen_by)
