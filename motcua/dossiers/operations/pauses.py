"""Suspend, resume, extend: the lawful ways in which a due date moves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers import linked, states
from motcua.dossiers.models import Dossier, Pause
from motcua.dossiers.operations import acts, apology, papers, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.workflow.engine import StepKind


@transaction.atomic
def suspend(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, for_money: bool = False,
    until: datetime | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Stop the clock for a lawful reason; `for_money` while the applicant meets a financial obligation."""
    verb = "suspend_for_money" if for_money else "suspend"
    body = {"reason": reason, "until": until}
    act = acts.begin(verb, dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise Refusal(_("Ghi lý do tạm dừng và căn cứ."), field="reason")
    act.move()
    steps.pause(
        act, kind=Pause.MONEY if for_money else "suspend", reason=reason.strip(), expected_until=until
    )
    return act.finish({"reason": reason, "until": until})


@transaction.atomic
def resume(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, note: str = "", seen: int | None = None
) -> Dossier:
    """Let the clock go on; a waiting step of the workflow is done with it.

    Where a financial obligation was waited for, a slip with the second phase and its date is issued (Mẫu 01).
    """
    act = acts.begin(
        "resume", dossier_id=dossier_id, actor=actor, at=at, key=key, body={"note": note}, seen=seen
    )
    if act.repeated:
        return act.dossier
    if linked.waiting_step(act.tasks) is not None and linked.open_children(act.dossier).exists():
        raise acts.NotAllowedNow(
            _("Hồ sơ đang chờ hồ sơ liên thông. Đồng hồ tự chạy lại khi bên đó xong hoặc dừng.")
        )
    money = act.dossier.state == states.MONEY
    act.move()
    dates = steps.unpause(act)
    waiting = next((t for t in act.tasks if t.kind == StepKind.WAIT and t.ended_at is None), None)
    if waiting is not None:
        steps.complete(act, waiting, choice=None, to_position=None, note=note)
    if money and act.dossier.parent_id is None:  # a child's applicant holds the parent's slip
        papers.issue_slip(act, again=True)
    return act.finish({"note": note, **dates})


@transaction.atomic
def extend(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, new_due_at: datetime, reason: str,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Apologise and give a new date, once (Mẫu 04). The date first promised stays on record.

    Refuses a second extension, a date that is not later than the present one, one outside office hours, an empty
    reason, and a reason with a number of a person in it: the citizen's page shows it as it was typed. An apology
    after the date has passed is possible and is recorded as late.
    """
    body = {"new_due_at": new_due_at, "reason": reason}
    act = acts.begin("extend", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    before = act.dossier.due_at
    apology.check(act, new_due_at, reason)
    act.move()
    apology.approve(act, new_due_at=new_due_at, reason=reason)
    act.set(due_at=new_due_at, extended_due_at=new_due_at, extended_at=at)
    papers.issue_apology(act, before=before, reason=reason)
    return act.finish(
        {
            "due_before": before,
            "due_after": new_due_at,
            "reason": reason,
            "late": bool(before and at > before),
        }
    )
