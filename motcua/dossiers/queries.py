"""Reading dossiers: always through `visible_to` or `get_for`; the second wall is row-level security."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import AgencyCode
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import entries_of
from motcua.dossiers import states
from motcua.dossiers.models import Dossier, DossierFile, Paper, Task
from motcua.lib import lookup, vietnamese
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

SUBJECT = "dossier"


class NoSuchDossier(NotFound):
    """No dossier of this code that this actor may see; both cases answer alike."""


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """Return the dossiers this actor may see: those of the agencies their position covers."""
    if actor.kind == "system":
        return Dossier.objects.all()
    if actor.kind != "officer":
        return Dossier.objects.none()
    return Dossier.objects.filter(visible_to__overlap=sorted(actor.agencies))


def home_of(code: str) -> int | None:
    """Return the id of the agency whose identifier stands in a dossier code, in force or closed."""
    parts = lookup.take_apart(code)
    if parts is None:
        return None
    return AgencyCode.objects.filter(code=parts.agency).values_list("agency_id", flat=True).first()


def get_for(actor: Actor, code: str) -> Dossier:
    """Return the dossier of `code` if `actor` may see it; otherwise NoSuchDossier."""
    canonical = lookup.parse_code(code)
    home = home_of(code) if canonical else None
    dossier = (
        visible_to(actor)
        .filter(home_agency_id=home, code=canonical)
        .select_related(
            "procedure_version__procedure",
            "variant",
            "applicant",
            "owner_unit",
            "home_agency",
            "competent_agency",
        )
        .first()
        if home is not None
        else None
    )
    if dossier is None:
        raise NoSuchDossier(
            _("Không có hồ sơ mang mã này trong phạm vi của anh/chị. Kiểm tra lại mã trên giấy tiếp nhận.")
        )
    return dossier


def lock(dossier_id: UUID, actor: Actor) -> Dossier:
    """Lock one dossier row for the rest of the transaction. The only place that takes this lock."""
    dossier = visible_to(actor).select_for_update(of=("self",)).filter(pk=dossier_id).first()
    if dossier is None:
        raise NoSuchDossier(_("Không tìm thấy hồ sơ. Hồ sơ có thể đã chuyển sang cơ quan khác."))
    return dossier


def open_tasks(dossier: Dossier) -> list[Task]:
    """Return the open steps, the owner's first."""
    found = Task.objects.filter(home_agency_id=dossier.home_agency_id, dossier=dossier, ended_at=None)
    return list(found.order_by("-is_owner", "number"))


def history(dossier: Dossier) -> QuerySet[Entry]:
    """Return the acts on a dossier, oldest first."""
    return entries_of(SUBJECT, dossier.pk, agency_id=dossier.home_agency_id)


# ── Work lists. One query each, whatever their size; paged by key, so that page 900 costs what page 1 costs.


@dataclass(frozen=True)
class Page:
    """A slice of a list: `rows`, and the key to ask the next slice with ("" at the end)."""

    rows: list[Task]
    next_key: str


NO_DATE = "9999-12-31T00:00:00+00:00"
PAGE = 50


def mine(actor: Actor) -> QuerySet[Task]:
    """Return the open tasks on this actor's desk: given to them, or to their unit and one of their roles."""
    unit_work = Q(unit_id=actor.unit_id, position=None, role__in=[*actor.roles, ""])
    return Task.objects.filter(Q(position_id=actor.position_id) | unit_work, ended_at=None)


def inbox(
    actor: Actor, *, after: str = "", size: int = PAGE, only: str = "", now: datetime | None = None
) -> Page:
    """Return the desk sorted by time left, the latest first. `only` is "", "due_soon" or "overdue"."""
    tasks = mine(actor).select_related(
        "dossier", "dossier__procedure_version__procedure", "dossier__variant", "unit", "position__account"
    )
    if only == "overdue" and now:
        tasks = tasks.filter(dossier__due_at__lt=now, dossier__paused_at=None)
    return page(tasks, after=after, size=size)


def page(tasks: QuerySet[Task], *, after: str, size: int) -> Page:
    """Cut one page out of `tasks`, ordered by due date and id; `after` is the key of the last row seen."""
    tasks = tasks.order_by("due_at", "id")
    if after:
        moment, _sep, last = after.partition("|")
        if moment == NO_DATE:
            tasks = tasks.filter(due_at=None, id__gt=last)
        else:
            tasks = tasks.filter(Q(due_at__gt=moment) | Q(due_at=moment, id__gt=last) | Q(due_at=None))
    rows = list(tasks[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if not more:
        return Page(rows, "")
    last_row = rows[-1]
    moment = last_row.due_at.isoformat() if last_row.due_at else NO_DATE
    return Page(rows, f"{moment}|{last_row.pk}")


def counts(actor: Actor, *, now: datetime, soon: datetime) -> dict[str, int]:
    """Return how many tasks are on the desk, due before `soon`, and overdue: one query."""
    from django.db.models import Count  # noqa: PLC0415

    running = Q(dossier__paused_at=None)
    row = mine(actor).aggregate(
        all=Count("id"),
        overdue=Count("id", filter=running & Q(dossier__due_at__lt=now)),
        due_soon=Count("id", filter=running & Q(dossier__due_at__gte=now, dossier__due_at__lt=soon)),
        paused=Count("id", filter=~running),
    )
    return {key: int(value) for key, value in row.items()}


def search(actor: Actor, text: str, *, limit: int = 50) -> list[UUID]:
    """Return the ids of dossiers found by anything on the slip: code, a part of it, name, procedure.

    Text is compared folded, so marks and case do not matter; rows whose marks match exactly come first.
    """
    wanted = vietnamese.normalize(text)
    if not wanted:
        return []
    rows = visible_to(actor)
    for word in vietnamese.fold(wanted).split():
        rows = rows.filter(search_text__contains=word)
    found = list(rows.order_by("-submitted_at", "-id").values_list("pk", "applicant_name")[:limit])
    return [pk for pk, name in sorted(found, key=lambda row: wanted.lower() not in row[1].lower())]


def to_return(actor: Actor) -> QuerySet[Dossier]:
    """Return the dossiers whose result waits at this actor's return desk."""
    return (
        visible_to(actor)
        .filter(home_agency_id=actor.agency_id, status=states.Status.DONE)
        .order_by("finished_at", "id")
    )


def file_of(dossier: Dossier, file_id: UUID) -> DossierFile | None:
    """Return one file of a dossier the caller may see."""
    return DossierFile.objects.filter(pk=file_id, dossier=dossier).select_related("stored").first()


def paper_of(dossier: Dossier, paper_id: UUID) -> Paper | None:
    """Return one issued paper of a dossier the caller may see."""
    return Paper.objects.filter(pk=paper_id, dossier=dossier).first()
