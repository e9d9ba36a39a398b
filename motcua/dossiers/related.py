"""Dossiers that stand beside one another (hồ sơ liên quan): which, how they stand, and which might belong there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from motcua.dossiers import listing, queries, rows
from motcua.dossiers.models import Dossier, Relation
from motcua.lib.actor import Actor
from motcua.ui.components import TimeBar

_JOINED = ("procedure_version__procedure", "competent_agency")
MOST_OFFERED = 5


@dataclass(frozen=True)
class Related:
    """The dossier at the other end, with its clock while one runs."""

    row: Relation
    dossier: Dossier
    bar: TimeBar | None
    stands: str


def standing(dossier: Dossier) -> Q:
    """Return the condition "a relation of this dossier that was not taken off"."""
    return Q(removed_at=None) & (Q(dossier=dossier) | Q(other=dossier))


def of_dossier(dossier: Dossier, actor: Actor, *, now: datetime) -> list[Related]:
    """Return what stands beside a dossier and may be seen too, in the order it was put there: two queries."""
    joined = [f"{end}__{name}" for end in ("dossier", "other") for name in _JOINED]
    found = Relation.objects.filter(standing(dossier)).select_related("made_by", *joined).order_by("at", "id")
    ends = [(row, row.other if row.dossier_id == dossier.pk else row.dossier) for row in found]
    seen = [(row, far) for row, far in ends if not actor.agencies.isdisjoint(far.visible_to)]
    if not seen:
        return []
    page, pauses = rows.Page(now), listing.pauses_of([far.pk for _row, far in seen])
    return [
        Related(
            row, far,
            rows.bar_of(far, page.calendar(far.calendar_id), pauses.get(far.pk, ()), now=now),
            "" if far.finished_at else rows.stands(far),
        )
        for row, far in seen
    ]  # fmt: skip


def offered(dossier: Dossier, actor: Actor) -> list[Dossier]:
    """Return the newest other dossiers of the same applicant that do not stand there yet: one query."""
    there = Relation.objects.filter(standing(dossier)).values_list("dossier_id", "other_id")
    known = {key for pair in there for key in pair} | {dossier.pk}
    same = Q(applicant=dossier.applicant_id) | Q(submitter=dossier.applicant_id)
    parts = Q(parent=dossier) | Q(pk=dossier.parent_id)
    wanted = queries.visible_to(actor).filter(same).exclude(pk__in=known).exclude(parts)
    return list(wanted.select_related(*_JOINED).order_by("-submitted_at", "-id")[:MOST_OFFERED])
