"""What other agencies do inside a dossier (its children), as its officers see it: whose, how much time, what came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.base.audit.models import Entry
from motcua.dossiers import linked, listing, queries, rows, words
from motcua.dossiers.models import Dossier, DossierFile, Result, Task
from motcua.dossiers.words import FilePurpose
from motcua.ui.components import TimeBar
from motcua.workflow.engine import StepKind


@dataclass(frozen=True)
class Part:
    """One child: its clock while it runs, its result and the signed papers; `failed` says why there is no result."""

    dossier: Dossier
    bar: TimeBar | None
    failed: str
    result: Result | None
    files: list[DossierFile] = field(default_factory=list)


def parts_of(children: Sequence[Dossier], *, now: datetime) -> list[Part]:
    """Return the parts: three queries for all of them (one more for ends without result), none without children."""
    if not children:
        return []
    page = rows.Page(now)
    pauses = listing.pauses_of([one.pk for one in children])
    reasons = _why_without_result(children)
    results = {one.dossier_id: one for one in Result.objects.filter(dossier__in=children)}
    files: dict[Any, list[DossierFile]] = {}
    wanted = DossierFile.objects.filter(dossier__in=children, purpose=FilePurpose.RESULT)
    for one in wanted.select_related("stored").order_by("added_at"):
        files.setdefault(one.dossier_id, []).append(one)
    found = []
    for child in children:
        bar = rows.bar_of(child, page.calendar(child.calendar_id), pauses.get(child.pk, ()), now=now)
        result = results.get(child.pk)
        issued = result if result is not None and result.issued_at else None
        found.append(Part(child, bar, reasons.get(child.pk, ""), issued, files.get(child.pk, [])))
    return found


def _why_without_result(children: Sequence[Dossier]) -> dict[Any, str]:
    """Return how each child ended that has no result, with the reason its agency wrote."""
    failed = [one for one in children if one.finished_at is not None and not linked.has_result(one)]
    if not failed:
        return {}
    ends = Entry.objects.filter(
        subject_kind=queries.SUBJECT,
        subject_id__in=[str(one.pk) for one in failed],
        verb__in=["withdraw", "stop"],
    )
    written = dict(ends.values_list("subject_id", "payload__reason"))
    return {
        one.pk: ": ".join(
            filter(None, (str(words.LEGAL[one.status, one.sub_status]), written.get(str(one.pk))))
        )
        for one in failed
    }


def worker(task: Task, children: Sequence[Dossier]) -> str:
    """Who works while a task is open: the other agency while its part is waited for, else the task's unit."""
    if task.kind != StepKind.CHILD:
        return task.unit.name
    inside = [
        one for one in children if task.started_at <= one.submitted_at <= (task.ended_at or one.submitted_at)
    ]
    return inside[-1].competent_agency.name if inside else task.unit.name
