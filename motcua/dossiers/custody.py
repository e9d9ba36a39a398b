"""Who held a dossier and when, as the control sheet that travels with it prints it (TT 03/2025 Mẫu 06)."""

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.agencies.models import Position
from motcua.base.audit.models import Entry
from motcua.base.printing import data
from motcua.dossiers import held, paper_data, queries
from motcua.dossiers.models import Dossier, HandoverLine, HandoverSlip, Task


def control_sheet(dossier: Dossier, *, at: datetime) -> data.ControlSheet:
    """The custody log as it stands: one block per hand-over from step to step (TT 03/2025 Mẫu 06).

    Where paper went on a hand-over slip, both sides are those that gave and confirmed it. Otherwise a hand-over was
    given when the giving side passed the step on, and taken with the first act of the receiving side; until then the
    side of the receiver is left for a pen.
    """
    tasks = list(
        Task.objects.filter(dossier=dossier)
        .select_related("unit", "ended_position__account")
        .order_by("number")
    )
    entries = list(queries.history(dossier).exclude(verb__in=_NO_WORK))
    acting = {entry.position_id for entry in entries if entry.position_id is not None}
    units_of = dict(Position.objects.filter(pk__in=acting).values_list("pk", "unit_id"))
    stood_in = {(entry.position_id, entry.at): _named(entry) for entry in entries if entry.on_behalf_of}
    moves = _by_slip(held.confirmed_moves(dossier))
    blocks = []
    for task, follower, sent_at in _handovers(tasks):
        move = next((one for one in moves if _is_of(one.slip, task, follower)), None)
        if move is not None:
            moves.remove(move)
            blocks.append(_confirmed(move, outcome=_outcome(task), note=task.note))
            continue
        taken = _first_act(follower, sent_at, entries, units_of)
        blocks.append(
            data.Handover(
                from_unit=task.unit.name,
                from_person=stood_in.get((task.ended_position_id, sent_at)) or _person(task.ended_position),
                to_unit=follower.unit.name,
                to_person=_named(taken) if taken else "",
                sent_at=sent_at,
                received_at=taken.at if taken else None,
                outcome=_outcome(task),
                note=task.note[:300],
            )
        )
    blocks += [_confirmed(move) for move in moves]
    blocks.sort(key=lambda one: one.sent_at)
    return data.ControlSheet(
        **paper_data.common(dossier, at, ""),
        register_book=dossier.book,
        register_number=str(dossier.book_number or ""),
        applicant=paper_data.party(dossier.applicant, dossier),
        received_at=dossier.accepted_at or dossier.submitted_at,
        due_at=dossier.due_at,
        responsible_unit=dossier.owner_unit.name,
        consulted_units=tuple(sorted({task.unit.name for task in tasks if not task.is_owner})),
        handovers=tuple(blocks),
    )


def _by_slip(lines: list[HandoverLine]) -> list[HandoverLine]:
    """Return one line a slip: what of a dossier went together is one hand-over."""
    return list({line.slip_id: line for line in reversed(lines)}.values())[::-1]


def _is_of(slip: HandoverSlip, task: Task, follower: Task) -> bool:
    """Tell whether a slip carried the paper of this step to the next one, while the task was in these two hands."""
    ended = follower.ended_at is None or slip.given_at <= follower.ended_at
    return (
        (slip.from_unit_id, slip.to_unit_id) == (task.unit_id, follower.unit_id)
        and slip.given_at >= task.started_at
        and ended
    )


def _confirmed(line: HandoverLine, *, outcome: data.Outcome = "", note: str = "") -> data.Handover:
    """A block of a hand-over that both sides vouch for."""
    slip = line.slip
    told = f"Phiếu bàn giao {slip.number}"
    return data.Handover(
        from_unit=slip.from_unit.name,
        from_person=_person(slip.given_position),
        to_unit=slip.to_unit.name,
        to_person=_person(line.settled_position or slip.taken_position),
        sent_at=slip.given_at,
        received_at=line.settled_at or slip.taken_at,
        outcome=outcome,
        note="; ".join(part for part in (told, note) if part)[:300],
    )


def _handovers(tasks: list[Task]) -> list[tuple[Task, Task, datetime]]:
    """Pair each finished owner task with the owner task that followed it, and when it was handed over."""
    owners = [task for task in tasks if task.is_owner]
    return [(one, two, one.ended_at) for one, two in itertools.pairwise(owners) if one.ended_at is not None]


# Printing is not working on a dossier, nor is looking for paper that did not come.
_NO_WORK = (
    "reprint", "correct_paper", "joint_slip", "hand_over_papers", "papers_missing", "withdraw_papers", "settle_papers",
)  # fmt: skip


def _first_act(task: Task, sent_at: datetime, entries: list[Entry], units_of: dict[int, int]) -> Entry | None:
    """Return the first act of the task's own unit after the hand-over; None where it never acted on it.

    Order is the order of the history. What one request wrote bears one time: all of it is the hand-over.
    """
    handed = max((entry.seq for entry in entries if entry.at == sent_at), default=None)
    ended = max((entry.seq for entry in entries if entry.at == task.ended_at), default=None)
    if handed is None:
        return None
    return next(
        (
            entry
            for entry in entries
            if entry.seq > handed
            and (ended is None or entry.seq <= ended)
            and units_of.get(entry.position_id or 0) == task.unit_id
        ),
        None,
    )


def _named(entry: Entry) -> str:
    """Who acted, and in whose place."""
    return f"{entry.actor_name} {entry.actor_title}" if entry.on_behalf_of else entry.actor_name


def _person(position: Any) -> str:
    return position.account.full_name if position is not None else ""


def _outcome(task: Task) -> data.Outcome:
    if task.due_at is None or task.ended_at is None:
        return ""
    if task.ended_at > task.due_at:
        return "late"
    return "early" if timezone.localdate(task.ended_at) < timezone.localdate(task.due_at) else "on_time"
