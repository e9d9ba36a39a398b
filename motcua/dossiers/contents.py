"""The rows that hang on one dossier, each kind one prepared query: what its page, its papers and its API read.

Every query names the home agency with the dossier, as each row carries it (architecture §3).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from motcua.applicants.models import Applicant
from motcua.dossiers.models import (
    AccessLog,
    Apology,
    Consultation,
    Dossier,
    DossierDocument,
    DossierFile,
    Mention,
    Note,
    Paper,
    Result,
    SupplementRequest,
    Task,
)
from motcua.lib.actor import Actor
from motcua.lib.prepared import Prepared

_ONE: dict[str, type] = {"home": int, "dossier": UUID}
_PERSON = ("title", "account__full_name")

_TASKS: Prepared[Task] = Prepared(
    lambda home, dossier: (
        Task.objects.filter(home_agency_id=home, dossier_id=dossier)
        .select_related("unit", "position__account", "ended_position__account")
        .only(
            *_fields(Task),
            "unit__name",
            "unit__short_name",
            "position__title",
            "position__account__full_name",
            "ended_position__title",
            "ended_position__account__full_name",
        )
        .order_by("number")
    ),
    **_ONE,
)
_RESULT: Prepared[Result] = Prepared(
    lambda home, dossier: (
        Result.objects.filter(home_agency_id=home, dossier_id=dossier)
        .select_related("proposed_by__account", "approved_by__account", "issued_by__account")
        .only(
            *_fields(Result),
            *(f"{who}_by__{name}" for who in ("proposed", "approved", "issued") for name in _PERSON),
        )
    ),
    **_ONE,
)
_FILES: Prepared[DossierFile] = Prepared(
    lambda home, dossier: (
        DossierFile.objects.filter(home_agency_id=home, dossier_id=dossier)
        .select_related("stored")
        .order_by("added_at")
    ),
    **_ONE,
)
_DOCUMENTS: Prepared[DossierDocument] = Prepared(
    lambda home, dossier: DossierDocument.objects.filter(home_agency_id=home, dossier_id=dossier).order_by(
        "position"
    ),
    **_ONE,
)
_CONSULTATIONS: Prepared[Consultation] = Prepared(
    lambda home, dossier: (
        Consultation.objects.filter(home_agency_id=home, dossier_id=dossier)
        .select_related("unit", "asked_by__account", "answered_by__account")
        .only(
            *_fields(Consultation),
            "unit__name",
            *(f"{who}_by__{name}" for who in ("asked", "answered") for name in _PERSON),
        )
        .order_by("asked_at")
    ),
    **_ONE,
)
_SUPPLEMENTS: Prepared[SupplementRequest] = Prepared(
    lambda home, dossier: (
        SupplementRequest.objects.filter(home_agency_id=home, dossier_id=dossier)
        .select_related("asked_by__account")
        .only(*_fields(SupplementRequest), *(f"asked_by__{name}" for name in _PERSON))
        .order_by("number")
    ),
    **_ONE,
)
_APOLOGY: Prepared[Apology] = Prepared(
    lambda home, dossier: (
        Apology.objects.filter(
            home_agency_id=home, dossier_id=dossier, state__in=["prepared", "proposed", "waved_off"]
        )
        .order_by("-due_at")
        .select_related("proposed_by__account")
        .only(*_fields(Apology), *(f"proposed_by__{name}" for name in _PERSON))
    ),
    **_ONE,
)
_NOTES: Prepared[Note] = Prepared(
    lambda home, dossier: (
        Note.objects.filter(home_agency_id=home, dossier_id=dossier, removed_at=None)
        .select_related("author")
        .only(*_fields(Note), "author__full_name")
        .order_by("at", "id")
    ),
    **_ONE,
)
_PAPERS: Prepared[Paper] = Prepared(
    lambda home, dossier: (
        Paper.objects.filter(home_agency_id=home, dossier_id=dossier)
        .defer("data")
        .order_by("issued_at", "id")
    ),
    **_ONE,
)
_CHILDREN: Prepared[Dossier] = Prepared(
    lambda parent: (
        Dossier.objects.filter(parent_id=parent)
        .select_related("competent_agency", "procedure_version__procedure")
        .order_by("submitted_at")
    ),
    parent=UUID,
)
_PARTIES: Prepared[Applicant] = Prepared(
    lambda first, second, third: (
        Applicant.objects.filter(pk=first)
        | Applicant.objects.filter(pk=second)
        | Applicant.objects.filter(pk=third)
    ).select_related("person", "organization"),
    first=UUID,
    second=UUID,
    third=UUID,
)


def _fields(model: type) -> list[str]:
    """Return the names of a model's own columns, for `only` beside the few columns of what is joined."""
    return [field.name for field in model._meta.concrete_fields]  # type: ignore[attr-defined]


def _of(dossier: Dossier) -> dict[str, Any]:
    return {"home": dossier.home_agency_id, "dossier": dossier.pk}


def tasks_of(dossier: Dossier) -> list[Task]:
    """Return every step so far, in order, with unit, holder, and who ended it."""
    return _TASKS(**_of(dossier))


def result_of(dossier: Dossier) -> Result | None:
    """Return the draft or issued result with the people who carried it."""
    return _RESULT.first(**_of(dossier))


def files_of(dossier: Dossier) -> list[DossierFile]:
    """Return the attached files in the order they came."""
    return _FILES(**_of(dossier))


def documents_of(dossier: Dossier) -> list[DossierDocument]:
    """Return the papers handed in, as the slip lists them."""
    return _DOCUMENTS(**_of(dossier))


def consultations_of(dossier: Dossier) -> list[Consultation]:
    """Return the opinions asked for, in order."""
    return _CONSULTATIONS(**_of(dossier))


def supplements_of(dossier: Dossier) -> list[SupplementRequest]:
    """Return the requests for more papers, in order."""
    return _SUPPLEMENTS(**_of(dossier))


def apology_of(dossier: Dossier) -> Apology | None:
    """Return what was prepared for the date in force, as long as nothing was issued; waved off too."""
    found = _APOLOGY.first(**_of(dossier))
    return found if found is not None and found.due_at == dossier.due_at else None


def notes_of(dossier: Dossier) -> list[Note]:
    """Return what officers noted beside a dossier, oldest first."""
    return _NOTES(**_of(dossier))


def papers_of(dossier: Dossier) -> list[Paper]:
    """Return the issued papers without what stands on them."""
    return _PAPERS(**_of(dossier))


def children_of(dossier: Dossier) -> list[Dossier]:
    """Return the linked dossiers at other agencies (liên thông)."""
    return _CHILDREN(parent=dossier.pk)


def parties_of(dossier: Dossier) -> list[Applicant]:
    """Return the applicant, the submitter and the representative, each once."""
    first, second = dossier.applicant_id, dossier.submitter_id
    return _PARTIES(first=first, second=second, third=dossier.representative_id or first)


_READERS = """
select l.at, coalesce(a.full_name, ''), l.reason from dossiers_accesslog l
left join agencies_position p on p.id = l.position_id
left join accounts_account a on a.id = coalesce(p.account_id, l.account_id)
where l.dossier_id = %s order by l.at desc limit 20
"""


def readers_of(dossier: Dossier) -> list[tuple[Any, str, str]]:
    """Return the last readings, newest first: when, who, why."""
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [dossier.pk])
        return list(cursor.fetchall())


def explained_since(dossier: Dossier, actor: Actor, since: datetime) -> bool:
    """Tell whether an officer has said why they read a dossier since a moment."""
    rows = AccessLog.objects.filter(
        dossier=dossier, account_id=actor.account_id, at__gte=since, explains=True
    )
    return rows.exists()


def mentions_of(actor: Actor, *, size: int = 50) -> list[Mention]:
    """Return the last notes that name an officer, newest first, of dossiers they may still see: one query."""
    return list(
        Mention.objects.filter(
            account_id=actor.account_id or 0,
            note__removed_at=None,
            dossier__visible_to__overlap=sorted(actor.agencies),
        )
        .select_related("note__author", "dossier")
        .order_by("-at", "-pk")[:size]
    )
