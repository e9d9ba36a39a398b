"""Papers that the applicant already handed in with an earlier dossier, offered before they are asked for again.

A paper of the same kind is one that the catalogue calls by the same name, marks and punctuation aside. It is offered
while the officer may see the earlier dossier, its scan is there, and it can still be young enough where the catalogue
says how old it may be.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from motcua.applicants import queries as applicants
from motcua.applicants.models import ApplicantKind
from motcua.base.files.models import FileStatus
from motcua.dossiers import queries, words
from motcua.dossiers.intake_reading import PaperKind
from motcua.dossiers.models import DossierDocument, DossierFile
from motcua.lib import paper_age
from motcua.lib.actor import Actor
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import word_key
from motcua.procedures.models import RequiredDocument

_MOST = 200  # papers of earlier dossiers that are looked through, the newest first


@dataclass(frozen=True)
class Earlier:
    """A paper of an earlier dossier that could stand for one that is asked for now."""

    id: UUID
    code: str
    at: datetime
    days: int | None  # how old it may be, where the catalogue says so


def whose(values: Mapping[str, Any]) -> Q | None:
    """Return which dossiers are those of the applicant whose number, passport or tax code stands in the form."""
    if values.get("kind") == ApplicantKind.ORGANIZATION:
        code = normalize_tax_code(str(values.get("tax_code") or ""))
        return Q(applicant__organization__tax_code=code) if code else None
    kind = values.get("id_kind") or PaperKind.NUMBER
    number = re.sub(r"[\s.]", "", str(values.get("personal_id") or ""))
    passport = str(values.get("passport_number") or "").strip()
    if kind == PaperKind.NUMBER and number:
        return Q(applicant__person__personal_id_index=applicants.personal_id_index(number))
    if kind == PaperKind.PASSPORT and passport:
        index = applicants.passport_index(passport, str(values.get("passport_country") or ""))
        return Q(applicant__person__passport_index=index)
    return None


def offers(
    owner: Q | None, wanted: Iterable[RequiredDocument], *, actor: Actor, day: date
) -> dict[int, Earlier]:
    """Return for each paper asked for, by its id, the newest earlier one that could stand for it (one query)."""
    if owner is None:
        return {}
    newest: dict[str, tuple[UUID, str, datetime]] = {}
    for pk, name, code, at in _handed_in(owner, actor):
        newest.setdefault(kind_of(name), (pk, code, at))
    found = {}
    for paper in wanted:
        earlier = newest.get(kind_of(paper.name))
        if earlier is None:
            continue
        days = paper_age.most_days(paper.name, paper.hint, paper.when_text)
        if paper_age.still_good(timezone.localdate(earlier[2]), day, days):
            found[paper.pk] = Earlier(*earlier, days)
    return found


def kind_of(name: str) -> str:
    """Return what two names of the same paper have in common."""
    return word_key(name)


def usable(ids: Iterable[UUID], applicant_id: UUID, *, actor: Actor) -> dict[UUID, DossierDocument]:
    """Return those of the papers that are the applicant's, lie in dossiers the actor sees, and have a scan."""
    rows = _with_scans(Q(applicant_id=applicant_id), actor).filter(pk__in=list(ids))
    return {row.pk: row for row in rows.select_related("dossier")}


def scans_of(paper: DossierDocument) -> list[DossierFile]:
    """Return the scans of a paper that may be given out."""
    rows = DossierFile.objects.filter(
        document=paper, purpose=words.FilePurpose.DOCUMENT, stored__status=FileStatus.CLEAN
    )
    return list(rows.select_related("stored").order_by("added_at", "id"))


def _handed_in(owner: Q, actor: Actor) -> list[tuple[UUID, str, str, datetime]]:
    rows = _with_scans(owner, actor).order_by("-dossier__submitted_at", "position")
    return list(rows.values_list("pk", "name", "dossier__code", "dossier__submitted_at")[:_MOST])


def _with_scans(owner: Q, actor: Actor) -> Any:
    scans = DossierFile.objects.filter(
        document=OuterRef("pk"), purpose=words.FilePurpose.DOCUMENT, stored__status=FileStatus.CLEAN
    )
    seen = queries.visible_to(actor).filter(owner)
    return DossierDocument.objects.filter(Exists(scans), dossier__in=seen, shown_only=False)
