"""Reading the certification desk: always through `visible_to`; row-level security is the second wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from motcua.certification.kinds import KINDS, Kind
from motcua.certification.models import CopiedPaper, ElectronicCopy, Payment, Signer, Visit, Volume
from motcua.dossiers.states import Status, Sub
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
PAGE = 50
_RUNNING = (int(Status.ACCEPTED), int(Status.PROCESSING))
_RECENT = 400  # papers looked at for what an office copies most


class Stage(StrEnum):
    """How far a visit is, read from the dossier."""

    SIGN = "sign"
    STAMP = "stamp"
    RETURN = "return"
    DONE = "done"
    VOID = "void"
    OTHER = "other"  # moved by hand outside the lane: supplement asked for, paused


_APPROVED = Q(dossier__result__approved_at__isnull=False)
_STAGES: dict[Stage, Q] = {
    Stage.SIGN: Q(dossier__status__in=_RUNNING) & ~_APPROVED,
    Stage.STAMP: Q(dossier__status__in=_RUNNING) & _APPROVED,
    Stage.RETURN: Q(dossier__status=int(Status.DONE)),
    Stage.DONE: Q(dossier__status=int(Status.RETURNED)),
}


def visible_to(actor: Actor) -> QuerySet[Visit]:
    """Return the visits whose dossiers this actor may see."""
    if actor.kind == "system":
        return Visit.objects.all()
    return Visit.objects.filter(dossier__visible_to__overlap=sorted(actor.agencies))


def _agencies(actor: Actor) -> list[int]:
    """The actor's agency, and those that went over into it: their open visits are now its own work."""
    return [actor.agency_id or 0, *sorted(actor.stands_for)]


def _here(actor: Actor) -> QuerySet[Visit]:
    return visible_to(actor).filter(home_agency_id__in=_agencies(actor))


def stage(visit: Visit) -> Stage:
    """Tell how far one visit is, from its dossier and result as they were read."""
    dossier = visit.dossier
    result = getattr(dossier, "result", None)
    if dossier.status in _RUNNING:
        return Stage.STAMP if result is not None and result.approved_at else Stage.SIGN
    ends = {
        int(Status.DONE): Stage.RETURN,
        int(Status.RETURNED): Stage.DONE,
        int(Status.WITHDRAWN): Stage.VOID,
    }
    if dossier.status == Status.STOPPED and dossier.sub_status == Sub.STOPPED:
        return Stage.VOID
    return ends.get(dossier.status, Stage.OTHER)


def _whole(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    papers = CopiedPaper.objects.select_related("volume").order_by("number")
    return (
        rows.select_related("dossier__result", "received_by__account")
        .prefetch_related(Prefetch("papers", queryset=papers), "signers")
        .annotate(paid=Coalesce(Sum("payments__amount"), 0))
    )


def page(actor: Actor, *, stage: Stage | None, day: date | None, after: str = "") -> tuple[list[Visit], str]:
    """Return one page of visits and the key of the next: oldest first where work waits, newest first on a day."""
    rows = _here(actor)
    if stage is not None:
        rows = rows.filter(_STAGES[stage], dossier__competent_agency_id__in=_agencies(actor))
    if day is not None:
        rows = rows.filter(received_at__range=span(day, day))
    oldest = stage is not None and stage != Stage.DONE
    if place := _place(after):
        moment, pk = place
        later = Q(received_at__gt=moment) | Q(received_at=moment, pk__gt=pk)
        earlier = Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=pk)
        rows = rows.filter(later if oldest else earlier)
    order = ("received_at", "pk") if oldest else ("-received_at", "-pk")
    found = list(_whole(rows).order_by(*order)[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{more.received_at.isoformat()}_{more.pk}" if more else ""


def _place(after: str) -> tuple[datetime, UUID] | None:
    moment, _sep, pk = after.partition("_")
    try:
        return datetime.fromisoformat(moment), UUID(pk)
    except ValueError:
        return None


def counts(actor: Actor) -> dict[str, int]:
    """Return how many visits wait at each stage, in one query."""
    waiting = (*_RUNNING, int(Status.DONE))
    rows = _here(actor).filter(dossier__status__in=waiting, dossier__competent_agency_id__in=_agencies(actor))
    return rows.aggregate(**{
        str(one): Count("pk", filter=_STAGES[one]) for one in (Stage.SIGN, Stage.STAMP, Stage.RETURN)
    })  # fmt: skip


def get_for(actor: Actor, visit_id: UUID) -> Visit:
    """Return one visit with everything its page shows, if the actor may see it."""
    found = _whole(visible_to(actor)).filter(pk=visit_id).first()
    if found is None:
        raise NotFound(_("Không có lượt chứng thực này trong phạm vi của anh/chị."))
    return found


def lock(visit_id: UUID, actor: Actor) -> Visit:
    """Lock a visit for the rest of the transaction; its dossier and result are read behind the lock."""
    found = visible_to(actor).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if found is None:
        raise NotFound(_("Không có lượt chứng thực này trong phạm vi của anh/chị."))
    return found


def code_of(visit_id: UUID, actor: Actor) -> str:
    """Return the dossier code of a visit, for naming one that was left; "" where the actor may not know."""
    return visible_to(actor).filter(pk=visit_id).values_list("dossier__code", flat=True).first() or ""


def payments_of(visit: Visit) -> list[Payment]:
    """Return the money marked for a visit, oldest first, with who marked it."""
    return list(Payment.objects.filter(visit=visit).select_related("by__account").order_by("at", "pk"))


def numbers_words(visit: Visit) -> str:
    """Return the numbers of a visit's valid papers as a result is cited: "101–103, quyển 01/2026-SCT/BS"."""
    papers = [
        row for row in visit.papers.select_related("volume").order_by("number") if row.voided_at is None
    ]
    if not papers:
        return ""
    return (
        f"{spans([row.number for row in papers])}, quyển {papers[-1].volume.words}-{KINDS[visit.kind].symbol}"
    )


def spans(numbers: Sequence[int]) -> str:
    """Return numbers as people write them: "101–103, 105"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)


def known_papers(actor: Actor, kind: Kind) -> list[str]:
    """Return the names of papers to offer: what this office certified lately, most often first, then common ones."""
    recent = CopiedPaper.objects.filter(home_agency_id=actor.agency_id or 0, kind=kind.key)
    recent = recent.order_by("-year", "-number")
    names = list(recent.values_list("name", flat=True)[:_RECENT])
    often = sorted(set(names), key=lambda name: (-names.count(name), names.index(name)))
    return list(dict.fromkeys([*often[:60], *kind.common]))


def signers_of(visit: Visit) -> list[Signer]:
    """Return who signed, in their order, with the papers they showed."""
    return list(Signer.objects.filter(visit=visit).select_related("applicant__person").order_by("place"))


def electronic_copies(visit: Visit) -> dict[UUID, ElectronicCopy]:
    """Return the e-copies made of a visit's numbers, by paper."""
    rows = ElectronicCopy.objects.filter(paper__visit=visit)
    rows = rows.select_related("applicant__person", "applicant__organization", "made_by__account")
    return {one.paper_id: one for one in rows}


def paper_number(signer: Signer) -> str:
    """Return the number of the paper that a signer showed, as words and register name it."""
    person = signer.applicant.person
    if person is None:
        return ""
    return str(person.personal_id or person.passport_number or "")


def masked(number: str) -> str:
    """Return a number as lists show it: enough to compare with a paper in the hand, too little to use elsewhere."""
    return f"…{number[-4:]}" if number else ""


def initials(name: str) -> str:
    """Return the first letters of a name's words, folded: "Giấy khai sinh" → "gks"."""
    return "".join(word[0] for word in fold(name).split())


# ── The book


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of the register as the law has its columns, void lines among them.

    `person`: who asked, or who signed; `papers` are the numbers of the papers that signers showed, in their order.
    """

    number: int
    volume: str
    on: datetime | None
    person: str
    papers: tuple[str, ...]
    name: str
    languages: str
    signer: str
    copies: int
    fee: int
    note: str
    void: bool
    visit_id: UUID
    dossier_id: UUID


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the first and the last instant of a span of local days."""
    return datetime.combine(first, time.min, HERE), datetime.combine(last, time.max, HERE)


def volumes(agency_id: int, kind: str, year: int) -> list[Volume]:
    """Return the volumes of a year."""
    return list(Volume.objects.filter(home_agency_id=agency_id, kind=kind, year=year).order_by("volume"))


def book(
    actor: Actor, *, kind: str, year: int, first: date | None = None, last: date | None = None, after: int = 0,
    size: int = 100,
) -> tuple[list[BookLine], int]:  # fmt: skip
    """Return lines of a year's book in the order of their numbers, and the number to go on after (0: the end)."""
    rows = CopiedPaper.objects.filter(
        home_agency_id=actor.agency_id or 0, kind=kind, year=year, number__gt=after,
        dossier__visible_to__overlap=sorted(actor.agencies),
    )  # fmt: skip
    if first is not None and last is not None:
        rows = rows.filter(visit__received_at__range=span(first, last))
    rows = rows.select_related(
        "visit", "volume", "electronic", "dossier__result__approved_by__account", "dossier__fee_exemption"
    ).order_by("number")
    if KINDS[kind].signers:
        signers = Signer.objects.select_related("applicant__person").order_by("place")
        rows = rows.prefetch_related(Prefetch("visit__signers", queryset=signers))
    found = list(rows[: size + 1])
    return [_line(row) for row in found[:size]], found[size - 1].number if len(found) > size else 0


def _line(row: CopiedPaper) -> BookLine:
    dossier = row.dossier
    result: Any = getattr(dossier, "result", None)
    gone = dossier.status == Status.WITHDRAWN or (
        dossier.status == Status.STOPPED and dossier.sub_status == Sub.STOPPED
    )
    void = row.voided_at is not None or gone
    approved = result.approved_by if result is not None and result.approved_at and not void else None
    note = ""
    if void:
        note = _("Hủy: %(reason)s") % {"reason": row.void_reason or _("hồ sơ đã rút hoặc dừng")}
    elif approved is None:
        note = _("Chưa ký")
    elif dossier.fee_exemption is not None:
        note = dossier.fee_exemption.group
    if getattr(row, "electronic", None) is not None:
        note = "; ".join(one for one in (note, _("Đã cấp bản điện tử")) if one)
    signers = list(row.visit.signers.all()) if KINDS[row.kind].signers else []
    return BookLine(
        number=row.number,
        volume=row.volume.words,
        on=result.approved_at if approved else None,
        person="; ".join(one.name for one in signers) or dossier.applicant_name,
        papers=tuple(paper_number(one) for one in signers),
        name=row.name,
        languages=f"{row.from_language} → {row.to_language}" if row.from_language else "",
        signer=f"{approved.account.full_name}, {approved.title}" if approved else "",
        copies=0 if void else row.copies,
        fee=0 if void else row.fee,
        note=note,
        void=void,
        visit_id=row.visit_id,
        dossier_id=row.dossier_id,
    )


def first_and_last_year(actor: Actor, kind: str) -> list[int]:
    """Return the years that have a book at this agency, newest first."""
    rows = Volume.objects.filter(home_agency_id=actor.agency_id or 0, kind=kind)
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


# ── Money


@dataclass(frozen=True, slots=True)
class Till:
    """What one officer marked on one day."""

    name: str
    taken: int
    given_back: int
    visits: int

    @property
    def total(self) -> int:
        return self.taken + self.given_back


def tills(actor: Actor, day: date) -> list[Till]:
    """Return each officer's money of a day, by name."""
    rows = (
        Payment.objects.filter(home_agency_id__in=_agencies(actor), at__range=span(day, day))
        .filter(dossier__visible_to__overlap=sorted(actor.agencies))
        .values("by__account_id", "by__account__full_name")
        .annotate(
            taken=Coalesce(Sum("amount", filter=Q(amount__gt=0)), 0),
            given_back=Coalesce(Sum("amount", filter=Q(amount__lt=0)), 0),
            visits=Count("visit", distinct=True),
        )
        .order_by("by__account__full_name")
    )
    return [
        Till(row["by__account__full_name"], row["taken"], row["given_back"], row["visits"]) for row in rows
    ]


def unpaid(actor: Actor, day: date) -> tuple[int, int]:
    """Return how many visits of a day owe money still, and how much together."""
    rows = (
        _here(actor)
        .filter(received_at__range=span(day, day))
        .annotate(paid=Coalesce(Sum("payments__amount"), 0))
        .values_list("amount", "paid")
    )
    owed = [amount - paid for amount, paid in rows if amount > paid]
    return len(owed), sum(owed)
