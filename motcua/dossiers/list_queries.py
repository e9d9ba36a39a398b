"""Reads of lists of people: only those of the officer's own agency exist for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.dossiers import people_list
from motcua.dossiers.models import Dossier, ListRow, PeopleList
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

PAGE = 50
BAD, DONE, WAITING = "bad", "done", "waiting"
_SHOWN: dict[str, Q] = {
    BAD: Q(good=False, became=None), DONE: Q(became__isnull=False), WAITING: Q(good=True, became=None)
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How many lines a list has, and how they stand."""

    every: int
    bad: int
    done: int
    waiting: int


@dataclass(frozen=True)
class Line:
    """One line as it is shown: who, what is wrong or what it became."""

    number: int
    name: str
    problems: list[dict[str, Any]]
    code: str
    due_at: datetime | None


def _own(actor: Actor) -> QuerySet[PeopleList]:
    joined = ("variant__version__procedure", "competent_agency")
    return PeopleList.objects.filter(home_agency_id=actor.agency_id or 0).select_related(*joined)


def get(actor: Actor, list_id: UUID) -> PeopleList:
    """Return a list of the actor's agency; another's and none at all answer alike."""
    found = _own(actor).filter(pk=list_id).first()
    if found is None:
        raise NotFound(_("Không có danh sách này ở cơ quan anh/chị."))
    return found


def newest(actor: Actor, *, before: UUID | None = None) -> list[tuple[PeopleList, Counts]]:
    """Return the agency's lists with counts of their lines, the newest first (two queries); one more than a page."""
    rows = _own(actor) if before is None else _own(actor).filter(pk__lt=before)
    page = list(rows.order_by("-uploaded_at", "-id")[: PAGE + 1])
    counted = ListRow.objects.filter(people__in=page).values("people_id").annotate(**_COUNTS)
    found = {one["people_id"]: _counts(one) for one in counted}
    return [(one, found.get(one.pk, Counts(0, 0, 0, 0))) for one in page]


_COUNTS = {"every": Count("pk"), **{name: Count("pk", filter=wanted) for name, wanted in _SHOWN.items()}}


def _counts(found: Mapping[str, Any]) -> Counts:
    return Counts(found["every"], found[BAD], found[DONE], found[WAITING])


def counts(people: PeopleList) -> Counts:
    """Count the lines of a list (one query)."""
    return _counts(people.rows.aggregate(**_COUNTS))


def lines(people: PeopleList, show: str, *, after: int = 0) -> list[Line]:
    """Return the lines of one kind behind line `after`, in order (one query); one more than a page."""
    rows = people.rows.filter(_SHOWN.get(show, _SHOWN[BAD]), number__gt=after).select_related("became")
    return [_line(row, people) for row in rows.order_by("number")[: PAGE + 1]]


def _line(row: ListRow, people: PeopleList) -> Line:
    dossier = row.became
    if dossier is not None:
        return Line(row.number, dossier.applicant_name, [], dossier.code, dossier.due_at)
    name = people_list.values_of(json.loads(row.cells or "[]"), people.columns)["full_name"]
    return Line(row.number, name, json.loads(row.problems or "[]"), "", None)


def dossiers_of(people: PeopleList, *, part: int, size: int) -> list[Dossier]:
    """Return the dossiers of a list in the order of its lines, `size` of them from part `part` (from 1)."""
    rows = people.rows.filter(became__isnull=False).order_by("number").values_list("became_id", flat=True)
    ids = list(rows[(part - 1) * size : part * size])
    found = {one.pk: one for one in Dossier.objects.filter(pk__in=ids)}
    return [found[one] for one in ids if one in found]
