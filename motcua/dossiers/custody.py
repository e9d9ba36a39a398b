"""Who held a dossier and when, as the control sheet that travels with it prints it (TT 03/2025 Mẫu 06)."""

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.agencies.models import Position
from motcua.base.audit.models import Entry
from motcua.base.printing import data
from motcua.dossiers import paper_data, queries
from motcua.dossiers.models import Dossier, Task


def control_sheet(dossier: Dossier, *, at: datetime) -> data.ControlSheet:
    """The custody log as it stands: one block per hand-over from step to step (TT 03/2025 Mẫu 06).

    Nobody confirms a hand-over by itself: it was given when the giving side passed the step on, and taken with the
    first act of the receiving side. Until then the side of the receiver is left for a pen.
    """
    tasks = list(
        Task.objects.filter(dossier=dossier)
        .select_related("unit", "ended_position__account")
        .order_by("number")
    )
    entries = list(queries.history(dossier).exclude(verb__in=_NO_WORK))
    held = {entry.position_id for entry in entries if entry.position_id is not None}
    units_of = dict(Position.objects.filter(pk__in=held).values_list("pk", "unit_id"))
    stood_in = {(entry.position_id, entry.at): _named(entry) for entry in entries if entry.on_behalf_of}
    blocks = []
    for task, follower, sent_at in _handovers(tasks):
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


def _handovers(tasks: list[Task]) -> list[tuple[Task, Task, datetime]]:
    """Pair each finished owner task with the owner task that followed it, and when it was handed over."""
    owners = [task for task in tasks if task.is_owner]
    return [(one, two, one.ended_at) for one, two in itertools.pairwise(owners) if one.ended_at is not None]


# Printing is not working on a dossier.
_NO_WORK = ("reprint", "correct_paper", "joint_slip")


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
