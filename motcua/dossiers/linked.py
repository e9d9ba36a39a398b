"""A dossier and its children (liên thông): which stand open, what the parent waits for, what a group counts as."""

from collections.abc import Iterable

from django.db.models import QuerySet

from motcua.dossiers import states
from motcua.dossiers.models import Dossier, Pause, Task
from motcua.workflow.engine import StepKind

#: The kind of the parent's pause while a child is open.
PAUSE = "child"


def children_of(parent: Dossier) -> QuerySet[Dossier]:
    """Return the children, in the order they were opened."""
    return Dossier.objects.filter(parent=parent).order_by("submitted_at", "id")


def open_children(parent: Dossier) -> QuerySet[Dossier]:
    """Return the children that have not ended."""
    return children_of(parent).filter(finished_at=None)


def waiting_step(tasks: Iterable[Task]) -> Task | None:
    """Return the open step that waits for a child dossier."""
    return next((task for task in tasks if task.kind == StepKind.CHILD and task.ended_at is None), None)


def has_result(child: Dossier) -> bool:
    """Tell whether the other agency did what it was asked for."""
    return child.sub_status == states.Sub.GRANTED


def all_granted(children: Iterable[Dossier]) -> bool:
    """Tell whether every agency that was asked has given a result: the last child of each counts."""
    last = {child.competent_agency_id: child for child in children}
    return bool(last) and all(has_result(child) for child in last.values())


def stands_still(parent: Dossier) -> bool:
    """Tell whether the parent's clock stands still for a child, and not for another reason."""
    return Pause.objects.filter(dossier=parent, ended_at=None, kind=PAUSE).exists()


def whole(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return dossiers as statistics count them: a child is a part of its parent, so a group counts once."""
    return dossiers.filter(parent=None)
