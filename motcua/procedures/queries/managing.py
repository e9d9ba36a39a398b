"""The administrators' pages: the list with its marks, one procedure with its versions, requests for approval."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.lib.refusal import NotFound
from motcua.procedures.models import (
    Approval,
    DraftEdit,
    ImportFlag,
    NationalReview,
    Procedure,
    ProcedureVersion,
)
from motcua.procedures.models.words import Outcome, State
from motcua.procedures.queries import catalogue, snapshot
from motcua.procedures.queries.search import Found, search


@dataclass
class Listed:
    """One line of the list: the procedure and what is under way with it."""

    found: Found
    drafts: int = 0
    waiting: int = 0
    flags: int = 0
    national: int = 0


def listing(
    text: str, *, only: str, sector: int | None, after: str, on: date, limit: int
) -> tuple[list[Listed], list[tuple[int, str]]]:
    """Return a page of procedures, drafts included, with their marks, and the sectors (id, name) to choose from."""
    found = search(text, on=on, sector=sector, drafts=True, only=only, after=after, limit=limit)
    rows = {one.id: Listed(one) for one in found}
    sectors = []
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"ids": list(rows)})
        for kind, number, count, name, _order in cursor.fetchall():
            if kind == "sector":
                sectors.append((number, name))
            else:
                setattr(rows[number], kind, count)
    return list(rows.values()), sectors


#: What stands beside the lines: their marks, and the sectors to choose from; one query for all of it.
_BESIDE = """
select 'drafts', procedure_id, count(*), '', '' from procedures_procedureversion
 where procedure_id = any(%(ids)s) and state = 'draft' and source = 'office' group by 2
union all select 'waiting', v.procedure_id, count(*), '', '' from procedures_approval a
  join procedures_procedureversion v on v.id = a.version_id
 where v.procedure_id = any(%(ids)s) and a.outcome = '' group by 2
union all select 'flags', v.procedure_id, count(*), '', '' from procedures_importflag f
  join procedures_procedureversion v on v.id = f.version_id
 where v.procedure_id = any(%(ids)s) and f.settled_at is null group by 2
union all select 'national', n.procedure_id, 1, '', '' from (
    select distinct on (procedure_id) procedure_id, id, state from procedures_procedureversion
     where procedure_id = any(%(ids)s) and source not in ('office', 'motcua') order by procedure_id, number desc) n
 where n.state = 'draft' and not exists (select 1 from procedures_nationalreview r where r.version_id = n.id)
   and exists (select 1 from procedures_procedureversion o
                where o.procedure_id = n.procedure_id and o.state <> 'draft')
union all select 'sector', id, 0, name, sort_key from procedures_sector
order by 5, 2
"""


def waiting_approvals(*, after: int = 0, limit: int = 50) -> list[Approval]:
    """Return the requests that wait for a second person, oldest first, paged by the last id seen."""
    rows = Approval.objects.filter(outcome=Outcome.WAITING, pk__gt=after)
    light = rows.select_related("version__procedure", "asked_by", "asked_agency").defer(
        *(f"version__{name}" for name in catalogue.LONG_TEXTS)
    )
    return list(light.order_by("pk")[:limit])


def procedure(procedure_id: int) -> Procedure:
    """Return one procedure; refuses a number that does not exist."""
    row = Procedure.objects.filter(pk=procedure_id).first()
    if row is None:
        raise NotFound(_("Không có thủ tục này."))
    return row


def received_by(procedure_id: int, on: date) -> tuple[Procedure, int]:
    """Return a procedure and how many agencies receive it on a day: one query."""
    held = Q(offered_by__valid_from__lte=on) & (
        Q(offered_by__valid_to__isnull=True) | Q(offered_by__valid_to__gt=on)
    )
    row = Procedure.objects.filter(pk=procedure_id).annotate(n=Count("offered_by", filter=held)).first()
    if row is None:
        raise NotFound(_("Không có thủ tục này."))
    return row, row.n


@dataclass
class Card:
    """One procedure as its administrators see it."""

    procedure: Procedure
    versions: list[ProcedureVersion]
    approvals: list[Approval] = field(default_factory=list)
    flags: dict[int, int] = field(default_factory=dict)

    def current(self, on: date) -> ProcedureVersion | None:
        """Return the version that holds on a day."""
        return next((one for one in self.versions if catalogue.holds_on(one, on)), None)

    def coming(self, on: date) -> ProcedureVersion | None:
        """Return the version that is published and not yet in force."""
        public = (one for one in self.versions if one.state != State.DRAFT)
        return next((one for one in public if one.in_force_from and one.in_force_from > on), None)

    def ours(self, on: date) -> ProcedureVersion | None:
        """Return what the national record is compared with: what holds, else what comes, else the last one."""
        public = [one for one in self.versions if one.state != State.DRAFT]
        return self.coming(on) or self.current(on) or next(iter(public), None)

    @property
    def draft(self) -> ProcedureVersion | None:
        """The draft that is being written here."""
        written = (one for one in self.versions if one.source == snapshot.OFFICE)
        return next((one for one in written if one.state == State.DRAFT), None)

    @property
    def national(self) -> ProcedureVersion | None:
        """The newest national record that was brought in."""
        return next((one for one in self.versions if one.source not in snapshot.OWN), None)

    @property
    def review(self) -> NationalReview | None:
        """What became of the newest national record, once somebody has compared it."""
        review: NationalReview | None = getattr(self.national, "review", None)
        return review

    @property
    def waiting(self) -> list[Approval]:
        """The requests that wait."""
        return [one for one in self.approvals if one.outcome == Outcome.WAITING]


def card(procedure_id: int) -> Card:
    """Return one procedure with its versions, newest first, requests and open flags (4 queries)."""
    procedure = Procedure.objects.select_related("sector").filter(pk=procedure_id).first()
    if procedure is None:
        raise NotFound(_("Không có thủ tục này."))
    versions = list(
        ProcedureVersion.objects.filter(procedure=procedure)
        .select_related("edited_by", "based_on", "review__by", "review__draft")
        .defer(
            *catalogue.LONG_TEXTS,
            *(f"{one}__{name}" for one in ("based_on", "review__draft") for name in catalogue.LONG_TEXTS),
        )
        .order_by("-number")
    )
    approvals = Approval.objects.filter(version__procedure=procedure).select_related("asked_by", "decided_by")
    flags = ImportFlag.objects.filter(version__procedure=procedure, settled_at__isnull=True)
    counts = dict(flags.values_list("version_id").annotate(n=Count("id")).order_by())
    by_id = {one.pk: one for one in versions}
    found = list(approvals.order_by("-pk")[:30])
    for one in found:
        one.version = by_id[one.version_id]
    return Card(procedure, versions, found, counts)


def version(version_id: int) -> ProcedureVersion:
    """Return a version with all its rows and its procedure; refuses a number that does not exist."""
    row = ProcedureVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise NotFound(_("Không có phiên bản này."))
    return catalogue.with_rows(row)


def approval(approval_id: int) -> Approval:
    """Return a request with its version and procedure; refuses a number that does not exist."""
    rows = Approval.objects.select_related("version__procedure", "asked_by", "asked_agency", "decided_by")
    row = rows.filter(pk=approval_id).first()
    if row is None:
        raise NotFound(_("Không có yêu cầu duyệt này."))
    return row


def late_texts(version_id: int) -> "QuerySet[DraftEdit]":
    """Return the texts of a draft that came after somebody else's save, newest first."""
    rows = DraftEdit.objects.filter(version=version_id, saved=False).select_related("by")
    return rows.order_by("-pk")[:10]


def saves_of(version_id: int, part: str) -> "QuerySet[DraftEdit]":
    """Return the saves of one part, newest first."""
    rows = DraftEdit.objects.filter(version=version_id, part=part, saved=True).select_related("by")
    return rows.order_by("-pk")[:10]


def edit(edit_id: int) -> DraftEdit:
    """Return one text that was typed; refuses a number that does not exist."""
    row = DraftEdit.objects.select_related("by", "version__procedure").filter(pk=edit_id).first()
    if row is None:
        raise NotFound(_("Không có bản đã gõ này."))
    return row


def before(row: ProcedureVersion, *, on: date) -> ProcedureVersion | None:
    """Return what a draft is compared with: what holds or comes, else what it was begun from."""
    found = card(row.procedure_id)
    ours = found.ours(on)
    if ours is None or ours.pk == row.pk:
        return row.based_on
    return ours


def open_draft(procedure_id: int) -> ProcedureVersion | None:
    """Return the draft that is being written here, if there is one."""
    rows = ProcedureVersion.objects.filter(procedure=procedure_id, state=State.DRAFT, source=snapshot.OFFICE)
    return rows.order_by("-number").first()
