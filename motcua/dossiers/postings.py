"""Public posting (niêm yết) of dossiers: what is in it now, how each is posted, what the wall shows. Reads only.

The public page reads through two functions of the database, which give what the printed list shows and no more:
dossiers in an open step of posting whose time has not run out and whose newest decision is to post them; the name only
where it is to be named. Grounds stay inside.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier, HowPosted, Posting, Task
from motcua.lib.actor import Actor
from motcua.workflow.engine import StepKind
from motcua.workflow.queries import definition_of

MOST = 300
PAGE = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """One dossier in its step of posting. `decision` is None until somebody decides; `exception` the workflow's own."""

    dossier: Dossier
    task: Task
    decision: Posting | None
    exception: str
    may_decide: bool

    @property
    def how(self) -> str:
        return self.decision.how if self.decision else ""

    @property
    def name(self) -> str:
        """The name as the wall shows it; "" where it does not."""
        return self.dossier.applicant_name if self.how == HowPosted.NAMED else ""

    @property
    def words(self) -> str:
        """How it is posted, for officers."""
        return str(HowPosted(self.how).label) if self.how else _("chưa quyết, chưa niêm yết")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be decided: only where the workflow has an exception may a dossier stay off the wall."""
        return [
            (str(one.value), str(one.label)) for one in HowPosted if one != HowPosted.NOT or self.exception
        ]


def on_the_wall(actor: Actor) -> list[Posted]:
    """Return what the actor's agency posts now, the one that ends first in front, in three queries."""
    ours = [actor.agency_id or 0, *sorted(actor.stands_for)]
    tasks = list(
        Task.objects.filter(
            kind=StepKind.POST, ended_at=None, agency_id__in=ours, dossier__visible_to__overlap=sorted(actor.agencies)
        )
        .select_related("dossier__procedure_version__procedure")
        .order_by("due_at", "pk")[:MOST]
    )  # fmt: skip
    newest: dict[object, Posting] = {}
    for row in Posting.objects.filter(task__in=tasks).order_by("pk"):
        newest[row.task_id] = row
    return [_posted(task, newest.get(task.pk), actor) for task in tasks]


@dataclass(frozen=True, slots=True)
class InPublic:
    """One dossier as anybody may see it. `name` is "" where it was decided not to name."""

    code: str
    procedure: str
    name: str
    until: datetime


def in_public(agency_id: int, now: datetime, *, after: str = "") -> tuple[list[InPublic], str]:
    """Return one page of what an agency posts in public now, what ends first in front, and the key of the next."""
    until, _sep, code = after.rpartition("_")
    rows = _asked(
        "select motcua_posted(%s, %s, %s, %s, %s)", [agency_id, now, _moment(until), code[:40], PAGE + 1]
    )
    found = [
        InPublic(
            row["code"], row["procedure"], row["name"], datetime.fromisoformat(row["until"])
        )
        for row in rows[:PAGE]
    ]  # fmt: skip
    last = found[-1] if len(rows) > PAGE else None
    return found, f"{last.until.isoformat()}_{last.code}" if last else ""


def agencies_in_public(now: datetime) -> dict[int, int]:
    """Return the agencies that post something now, each with how many dossiers."""
    return {row["agency"]: row["count"] for row in _asked("select motcua_posting(%s)", [now])}


def _asked(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()[0]
    rows: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return rows


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1900 < found.year < 2300 else None


def decision_on(task: Task) -> Posting | None:
    """Return the newest decision on a task's posting."""
    return Posting.objects.filter(task=task).order_by("-pk").first()


def may_decide(task: Task, dossier: Dossier, actor: Actor) -> bool:
    """Tell who decides: who holds the step, the head of its unit, a leader of the agency that decides the dossier."""
    head = task.unit_id == actor.unit_id and actor.has(Role.UNIT_HEAD)
    leader = actor.speaks_for(dossier.competent_agency_id) and actor.has(Role.LEADER)
    return actor.kind == "officer" and (permissions.is_on_desk(task, actor) or head or leader)


def _posted(task: Task, decision: Posting | None, actor: Actor) -> Posted:
    exception = definition_of(task.dossier.workflow_version_id).step(task.step_key).exception
    return Posted(task.dossier, task, decision, exception, may_decide(task, task.dossier, actor))
