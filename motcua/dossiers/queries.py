"""Reading dossiers: always through `visible_to` or `get_for`; the second wall is row-level security."""

from collections.abc import Iterable, Sequence
from typing import NoReturn
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from motcua.agencies.models import AgencyCode
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import all_entries_of, entries_of
from motcua.dossiers.models import Dossier, DossierFile, Mention, Note, Paper, Relation, Task, Watch
from motcua.lib import lookup, vietnamese
from motcua.lib.actor import Actor
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound
from motcua.procedures.queries.catalogue import LONG_TEXTS

SUBJECT = "dossier"


class NoSuchDossier(NotFound):
    """No dossier of this code that this actor may see; both cases answer alike."""


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """Return the dossiers this actor may see: of the agencies a position or connection covers; an applicant's own."""
    if actor.kind == "system":
        return Dossier.objects.all()
    if actor.kind == "applicant":  # `online.queries.entered` says at which agencies this transaction may look
        mine = (
            Dossier.objects.filter(applicant=actor.for_applicant)
            if actor.for_applicant
            else Dossier.objects.none()
        )
        return mine.filter(visible_to__overlap=sorted(actor.agencies))
    if actor.kind not in {"officer", "integration"}:
        return Dossier.objects.none()
    return Dossier.objects.filter(visible_to__overlap=sorted(actor.agencies))


def visible_ids(actor: Actor, dossier_ids: Iterable[UUID]) -> list[UUID]:
    """Return those of several dossiers that this actor may see, in the order given: one query."""
    asked = list(dossier_ids)
    seen = set(visible_to(actor).filter(pk__in=asked).values_list("pk", flat=True))
    return [one for one in asked if one in seen]


_HOME: Prepared[tuple[int]] = Prepared(
    lambda code: AgencyCode.objects.filter(code=code).values_list("agency_id"), code=str
)
_JOINED = (
    "procedure_version__procedure", "variant", "applicant", "owner_unit", "home_agency", "competent_agency",
    "received_point", "helped_point__shop__agency",
)  # fmt: skip


def _array(agencies: list[int]) -> Value:
    """One value, whatever its length: a bare list becomes as many values as it has members."""
    return Value(agencies, output_field=ArrayField(BigIntegerField()))


_BY_CODE: Prepared[Dossier] = Prepared(
    lambda home, code, agencies, account: (
        Dossier.objects.filter(home_agency_id=home, code=code, visible_to__overlap=_array(agencies))
        .select_related(*_JOINED)
        # What most dossiers do not have is asked about here, and read only where there is some.
        .annotate(
            has_notes=Exists(Note.objects.filter(dossier=OuterRef("pk"), removed_at=None)),
            has_related=Exists(
                Relation.objects.filter(Q(dossier=OuterRef("pk")) | Q(other=OuterRef("pk")), removed_at=None)
            ),
            watched=Exists(Watch.objects.filter(dossier=OuterRef("pk"), account_id=account)),
            mentioned=Exists(
                Mention.objects.filter(dossier=OuterRef("pk"), account_id=account, seen_at=None)
            ),
        )
        .defer(*(f"procedure_version__{name}" for name in LONG_TEXTS))
    ),
    home=int,
    code=str,
    agencies=list,
    account=int,
)
_LOCKED: Prepared[Dossier] = Prepared(
    lambda dossier, agencies: (
        Dossier.objects.select_for_update(of=("self",))
        .filter(pk=dossier, visible_to__overlap=_array(agencies))
        .select_related("calendar")
    ),
    dossier=UUID,
    agencies=list,
)
_OPEN_TASKS: Prepared[Task] = Prepared(
    lambda home, dossier: Task.objects.filter(
        home_agency_id=home, dossier_id=dossier, ended_at=None
    ).order_by("-is_owner", "number"),
    home=int,
    dossier=UUID,
)
# What an act needs of the steps: the open ones, each with the number of the newest of all.
_STEPS: Prepared[Task] = Prepared(
    lambda home, dossier: (
        Task.objects.filter(home_agency_id=home, dossier_id=dossier, ended_at=None)
        .annotate(last_number=Subquery(_numbers(home, dossier)))
        .order_by("-is_owner", "number")
    ),
    home=int,
    dossier=UUID,
)
_LAST_NUMBER: Prepared[tuple[int]] = Prepared(
    lambda home, dossier: _numbers(home, dossier), home=int, dossier=UUID
)


def _numbers(home: int, dossier: UUID) -> QuerySet[Task, tuple[int]]:
    every = Task.objects.filter(home_agency_id=home, dossier_id=dossier)
    return every.order_by("-number").values_list("number")[:1]


def home_of(code: str) -> int | None:
    """Return the id of the agency whose identifier stands in a dossier code, in force or closed."""
    parts = lookup.take_apart(code)
    found = _HOME(code=parts.agency) if parts is not None else []
    return found[0][0] if found else None


def get_for(actor: Actor, code: str) -> Dossier:
    """Return the dossier of `code` if `actor` may see it; otherwise NoSuchDossier."""
    canonical = lookup.parse_code(code)
    home = home_of(code) if canonical else None
    dossier = _seen(actor, home, canonical) if home is not None and canonical else None
    return dossier if dossier is not None else refuse_unseen()


def refuse_unseen() -> NoReturn:
    """Say that there is no such dossier for this actor, in the same words whether or not it exists."""
    raise NoSuchDossier(
        _("Không có hồ sơ mang mã này trong phạm vi của anh/chị. Kiểm tra lại mã trên giấy tiếp nhận.")
    )


def _seen(actor: Actor, home: int, code: str) -> Dossier | None:
    if actor.kind == "officer":
        return _BY_CODE.first(
            home=home, code=code, agencies=sorted(actor.agencies), account=actor.account_id or 0
        )
    return visible_to(actor).filter(home_agency_id=home, code=code).select_related(*_JOINED).first()


def lock(dossier_id: UUID, actor: Actor) -> Dossier:
    """Lock one dossier row for the rest of the transaction. The only place that takes this lock."""
    dossier = (
        _LOCKED.first(dossier=dossier_id, agencies=sorted(actor.agencies))
        if actor.kind == "officer"
        else visible_to(actor).select_for_update(of=("self",)).filter(pk=dossier_id).first()
    )
    if dossier is None:
        raise NoSuchDossier(_("Không tìm thấy hồ sơ. Hồ sơ có thể đã chuyển sang cơ quan khác."))
    return dossier


def open_tasks(dossier: Dossier) -> list[Task]:
    """Return the open steps, the owner's first."""
    return _OPEN_TASKS(home=dossier.home_agency_id, dossier=dossier.pk)


def steps_of_act(dossier: Dossier) -> tuple[list[Task], int]:
    """Return the open steps, the owner's first, and the number of the newest step (0: there was none yet)."""
    tasks = _STEPS(home=dossier.home_agency_id, dossier=dossier.pk)
    if tasks:
        return tasks, int(tasks[0].last_number)  # type: ignore[attr-defined]
    newest = _LAST_NUMBER.first(home=dossier.home_agency_id, dossier=dossier.pk)
    return [], newest[0] if newest else 0


def history(dossier: Dossier) -> QuerySet[Entry]:
    """Return the acts on a dossier, oldest first."""
    return entries_of(SUBJECT, dossier.pk, agency_id=dossier.home_agency_id)


def whole_history(dossier: Dossier) -> list[Entry]:
    """Return the same, read at once."""
    return all_entries_of(SUBJECT, dossier.pk, agency_id=dossier.home_agency_id)


def search(actor: Actor, text: str, *, limit: int = 50) -> list[UUID]:
    """Return the ids of dossiers found by anything on the slip: code, a part of it, name, procedure.

    Text is compared folded, so marks and case do not matter; rows whose marks match exactly come first.
    """
    wanted = vietnamese.normalize(text)
    rows = found_by(actor, words=vietnamese.fold(wanted).split(), most=limit).values_list(
        "pk", "applicant_name"
    )
    return [pk for pk, name in sorted(rows, key=lambda row: wanted.lower() not in row[1].lower())]


def found_by(
    actor: Actor, *, words: Sequence[str] = (), marks: Sequence[bytes] = (), code: str = "", most: int = 50
) -> QuerySet[Dossier]:
    """Return the newest dossiers whose text holds all `words`, that have one of `marks`, and another system's `code`.

    Only those that the actor may see; nothing asked finds nothing. The database looks past row-level security, which
    lets no index serve these, for the ids alone (docs/decisions/0064); the rows are read through both walls as ever.
    """
    ids = RawSQL(
        "select unnest(motcua_found(%s::text[], %s::bytea[], %s, %s))", [list(words), list(marks), code, most]
    )
    return visible_to(actor).filter(pk__in=ids).order_by("-submitted_at", "-id")


def file_of(dossier: Dossier, file_id: UUID) -> DossierFile | None:
    """Return one file of a dossier the caller may see."""
    return DossierFile.objects.filter(pk=file_id, dossier=dossier).select_related("stored").first()


def paper_of(dossier: Dossier, paper_id: UUID) -> Paper | None:
    """Return one issued paper of a dossier the caller may see."""
    return Paper.objects.filter(pk=paper_id, dossier=dossier).select_related("replaced_by").first()


def newest_paper(dossier: Dossier, form: str) -> Paper | None:
    """Return the last paper of a form that a dossier was given."""
    return Paper.objects.filter(dossier=dossier, form=form).order_by("-issued_at", "-id").first()
