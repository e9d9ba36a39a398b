"""Recompute the dates of open dossiers after a day or the hours of a calendar changed: count, choose, move, log.

No date moves by itself. One person chooses to keep what was promised or to move the dates that the calendar now puts
later, another approves it; then the worker moves them, each in a transaction of its own that claims a key, so that a
killed job does nothing twice. A date is never moved earlier: what the applicant holds stays.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.calendars.models import Day, HoursChange
from motcua.base.calendars.permissions import require_keeps_days
from motcua.base.outbox.operations import publish
from motcua.dossiers import clock, recompute
from motcua.dossiers.events import RecomputeWaits
from motcua.dossiers.models import DueMove, Recompute
from motcua.dossiers.models.recompute import OPEN_RECOMPUTES, Choice, MoveState, RecomputeState, Skip
from motcua.dossiers.operations import acts
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize

JOB = "dossiers.recompute"
SUBJECT = "recompute"
Transaction = Callable[[], AbstractContextManager[Any]]
_MOVES = 200
log = logging.getLogger(__name__)


@once("recompute.open")
def open_for_day(*, day_id: int, actor: Actor, at: datetime, key: str = "") -> Recompute:
    """Let the worker find the open dossiers that a day of the calendar concerns; returns the one that is open already.

    Refuses a day that is only proposed: it counts for nothing yet.
    """
    require_keeps_days(actor)
    day = Day.objects.select_for_update(of=("self",)).filter(pk=day_id).first()
    if day is None:
        raise NotFound(_("Không có ngày này trong lịch."))
    if day.approved_at is None:
        raise Conflict(_("Ngày này mới được đề xuất, chưa tính. Duyệt ngày trước rồi tính lại."))
    return _open(day, actor, at, day=day)


@once("recompute.open_hours")
def open_for_hours(*, change_id: int, actor: Actor, at: datetime, key: str = "") -> Recompute:
    """Let the worker find the open dossiers that changed office hours concern; returns the one that is open already."""
    require_keeps_days(actor)
    change = HoursChange.objects.select_for_update(of=("self",)).filter(pk=change_id).first()
    if change is None:
        raise NotFound(_("Không có lần đổi giờ này."))
    return _open(change, actor, at, hours=change)


@once("recompute.propose")
def propose(
    *, recompute_id: int, choice: Choice, reason: str, actor: Actor, at: datetime, key: str = ""
) -> Recompute:
    """Choose to keep the promised dates or to move the later ones, and why; a second person decides."""
    require_keeps_days(actor)
    row = _locked(recompute_id, RecomputeState.COUNTED)
    _require_same_day(row)
    why = normalize(reason)
    if not why:
        raise Refusal(_("Ghi lý do chọn như vậy: người duyệt và nhật ký cần biết."), field="reason")
    if choice == Choice.MOVE and not any(group[2] for group in row.groups):
        raise Refusal(_("Không có hồ sơ nào lịch tính muộn hơn nên không có gì để dời."), field="choice")
    row.state, row.choice, row.reason = RecomputeState.PROPOSED, choice, why[:500]
    row.proposed_by, row.proposed_at = actor.account_id, at
    row.save()
    _note("recompute.propose", row, actor, at, {"choice": choice, "reason": row.reason})
    return row


@once("recompute.return")
def send_back(*, recompute_id: int, reason: str, actor: Actor, at: datetime, key: str = "") -> Recompute:
    """Give a proposed choice back, saying why; the proposer may do so too."""
    require_keeps_days(actor)
    row = _locked(recompute_id, RecomputeState.PROPOSED)
    why = normalize(reason)
    if not why:
        raise Refusal(_("Ghi vì sao trả lại."), field="reason")
    row.state, row.choice = RecomputeState.COUNTED, ""
    row.proposed_by = row.proposed_at = None
    row.save()
    _note("recompute.return", row, actor, at, {"reason": why[:500]})
    return row


@once("recompute.approve")
def approve(*, recompute_id: int, actor: Actor, at: datetime, key: str = "") -> Recompute:
    """Let a choice count: keep all, or let the worker move the later dates.

    Refuses whoever proposed it, and a day, or hours, changed after they were counted.
    """
    require_keeps_days(actor)
    row = _locked(recompute_id, RecomputeState.PROPOSED)
    if actor.account_id is None or row.proposed_by == actor.account_id:
        raise Refusal(
            _("Anh/chị đã đề nghị việc này. Nhờ một người giữ lịch khác xem rồi duyệt."), code="second_person"
        )
    _require_same_day(row)
    row.decided_by, row.decided_at = actor.account_id, at
    if row.choice == Choice.KEEP:
        row.state, row.finished_at = RecomputeState.KEPT, at
    else:
        row.state = RecomputeState.MOVING
        _wake(row, at)
    row.save()
    _note("recompute.approve", row, actor, at, {"choice": row.choice, "reason": row.reason})
    return row


@once("recompute.drop")
def drop(*, recompute_id: int, actor: Actor, at: datetime, key: str = "") -> Recompute:
    """Put aside what was counted, because the day changed again or it was a mistake. Nothing has moved."""
    require_keeps_days(actor)
    row = _locked(recompute_id, RecomputeState.COUNTING, RecomputeState.COUNTED, RecomputeState.PROPOSED)
    row.state, row.finished_at = RecomputeState.DROPPED, at
    row.save()
    _note("recompute.drop", row, actor, at, {})
    return row


# ── The worker's part


def waiting() -> list[Recompute]:
    """Return what the worker has to count or to move."""
    states = [RecomputeState.COUNTING, RecomputeState.MOVING]
    return list(Recompute.objects.filter(state__in=states).order_by("id"))


def run(*, at: datetime, within: Transaction = transaction.atomic, batch: int = recompute.BATCH) -> int:
    """Count and move what is to be; returns how many dossiers moved. Goes on where a killed run was."""
    moved = 0
    with within():
        rows = waiting()
    for row in rows:
        if row.state == RecomputeState.COUNTING:
            more = True
            while more:
                with within():
                    more = count_some(recompute_id=row.pk, at=at, most=batch)
        else:
            moved += _move_all(row.pk, at, within)
    return moved


@transaction.atomic
def count_some(*, recompute_id: int, at: datetime, most: int = recompute.BATCH) -> bool:
    """Look at the next dossiers of a recompute; tell whether there are more. By the system."""
    row = (
        Recompute.objects.select_for_update(of=("self",)).select_related("day", "hours").get(pk=recompute_id)
    )
    if row.state != RecomputeState.COUNTING:
        return False
    done, due, last = row.place or [0, None, None]
    if done >= len(row.calendars):
        row.state, row.groups = RecomputeState.COUNTED, recompute.groups_of(row)
        row.save(update_fields=["state", "groups"])
        facts = {"looked": row.looked, "dossiers": sum(one[2] + one[3] for one in row.groups)}
        _note("recompute.count", row, SYSTEM, at, facts)
        return False
    after = (datetime.fromisoformat(due), UUID(last)) if due else None
    found = recompute.batch(row.change, row.calendars[done], now=at, after=after, most=most)
    DueMove.objects.bulk_create(
        DueMove(
            home_agency_id=one.home_agency_id, dossier_id=one.dossier_id, recompute=row,
            procedure_id=one.procedure_id, due_before=one.before, due_after=one.after,
            state=MoveState.LATER if one.later else MoveState.EARLIER,
        )
        for one in found.found
    )  # fmt: skip
    row.looked += found.looked
    row.place = (
        [done, found.last[0].isoformat(), str(found.last[1])] if found.last else [done + 1, None, None]
    )
    row.save(update_fields=["looked", "place"])
    return True


def _move_all(recompute_id: int, at: datetime, within: Transaction) -> int:
    """Move every date that waits, each by itself; what fails is in the log and tried again by the next run."""
    moved, last = 0, None
    while True:
        with within():
            rows = DueMove.objects.filter(recompute=recompute_id, state=MoveState.LATER).order_by("id")
            ids = list((rows.filter(pk__gt=last) if last else rows).values_list("pk", flat=True)[:_MOVES])
        if not ids:
            break
        for move_id in ids:
            try:
                with within():
                    moved += move(move_id=move_id, at=at)
            except Exception:
                log.exception("moving a date failed")
        last = ids[-1]
    with within():
        _finish(recompute_id, at)
    return moved


@transaction.atomic
def move(*, move_id: UUID, at: datetime) -> bool:
    """Move one promised date to what the calendar gives, or say why not. By the system, in the approver's name.

    Skips what changed since it was counted: finished, paused, another date, another calendar; and dates that passed.
    """
    wanted = DueMove.objects.select_related("recompute").get(pk=move_id)
    # Whatever state it is in by now: what does not fit is skipped with its reason, not refused.
    act = acts.begin(
        "recompute", dossier_id=wanted.dossier_id, actor=SYSTEM, at=at, key=f"recompute:{move_id}", body={},
        moves_as="correct",
    )  # fmt: skip
    if act.repeated:
        return False
    row = DueMove.objects.select_for_update(of=("self",)).get(pk=move_id)
    if row.state != MoveState.LATER:
        return False
    row.at = at
    row.why = _why_not(act, row)
    row.state = MoveState.SKIPPED if row.why else MoveState.MOVED
    row.save(update_fields=["at", "why", "state"])
    if row.why:
        return False
    act.set(due_at=row.due_after)
    act.finish(
        {
            "due_before": row.due_before, "due_after": row.due_after, "reason": wanted.recompute.source,
            "recompute": wanted.recompute_id, "approved_by": wanted.recompute.decided_by,
        }
    )  # fmt: skip
    return True


def _why_not(act: acts.Act, row: DueMove) -> str:
    dossier = act.dossier
    if dossier.finished_at is not None:
        return Skip.FINISHED
    if dossier.paused_at is not None:
        return Skip.PAUSED
    if dossier.due_at != row.due_before or dossier.extended_at is not None:
        return Skip.MOVED_ON
    if row.due_before <= act.at:
        return Skip.PASSED
    if clock.due_by(act.calendar, dossier, clock.pauses_of(dossier)) != row.due_after:
        return Skip.CALENDAR
    return Skip.NONE


@transaction.atomic
def _finish(recompute_id: int, at: datetime) -> None:
    row = Recompute.objects.select_for_update(of=("self",)).get(pk=recompute_id)
    if row.state != RecomputeState.MOVING or row.moves.filter(state=MoveState.LATER).exists():
        return
    row.state, row.finished_at = RecomputeState.DONE, at
    row.save(update_fields=["state", "finished_at"])
    _note("recompute.finish", row, SYSTEM, at, {"counts": dict(recompute.outcome(row))})


# ── Parts


def _open(change: recompute.Change, actor: Actor, at: datetime, **where: Any) -> Recompute:
    there = Recompute.objects.filter(**where, state__in=OPEN_RECOMPUTES).first()
    if there is not None:
        return there
    row = Recompute.objects.create(
        **where, day_mark=recompute.mark_of(change), source=recompute.source_of(change)[:800],
        calendars=recompute.calendars_of(change), state=RecomputeState.COUNTING, opened_by=actor.account_id,
        opened_at=at,
    )  # fmt: skip
    _note("recompute.open", row, actor, at, {"source": row.source})
    _wake(row, at)
    return row


def _locked(recompute_id: int, *states: RecomputeState) -> Recompute:
    row = (
        Recompute.objects.select_for_update(of=("self",))
        .select_related("day", "hours")
        .filter(pk=recompute_id)
        .first()
    )
    if row is None:
        raise NotFound(_("Không có lần tính lại này."))
    if row.state not in states:
        raise Conflict(
            _("Việc này đang ở bước “%(state)s”: có người vừa làm trước anh/chị. Tải lại trang để xem.")
            % {"state": RecomputeState(row.state).label}
        )
    return row


def _require_same_day(row: Recompute) -> None:
    if recompute.mark_of(row.change) != row.day_mark:
        raise Conflict(_("Lịch đã đổi tiếp sau khi tính. Bỏ lần tính này rồi tính lại."), code="day_changed")


def _wake(row: Recompute, at: datetime) -> None:
    publish(RecomputeWaits(subject_id=str(row.pk), agency_id=0, at=at))


def _note(verb: str, row: Recompute, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=row.pk, at=at, payload=facts)
