"""Take a visit in: person, dossier, numbers of the book and the sum to pay, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position
from motcua.applicants.models import Applicant
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.numbering.operations import next_numbers
from motcua.certification import permissions
from motcua.certification.kinds import (
    COPY,
    MOST_COPIES,
    MOST_LANGUAGE,
    MOST_PAGES,
    MOST_PAPERS,
    MOST_SIGNERS,
    Kind,
)  # fmt: skip
from motcua.certification.lane import Lane, open_lane
from motcua.certification.models import CopiedPaper, Signer, Visit, Volume
from motcua.certification.operations import money, persons
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import intake
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures.models.words import Channel


@dataclass(frozen=True, slots=True)
class PaperIn:
    """One line of a visit: which paper, pages of its original, how many of it; of a translation its languages."""

    name: str
    pages: int
    copies: int
    from_language: str = ""
    to_language: str = ""


@once("certification.take_in")
def take_in(
    *,
    who: str,
    papers: tuple[PaperIn, ...],
    paid: bool,
    exemption_id: int | None = None,
    kind: Kind = COPY,
    others: tuple[str, ...] = (),
    fingerprint: bool = False,
    actor: Actor,
    at: datetime,
    key: str,
) -> Visit:
    """Take one visit in at the counter, with a number of the book for each paper.

    `who` is a name, the text of a scanned card, or the number of somebody who was here before; for a signature a
    paper must have been shown (`persons.applicant_of`). `others` sign the same papers; `fingerprint`: they could not
    sign. The same key with the same content returns the visit made the first time. Refuses a visit without papers,
    counts that no paper has, a number nobody is known by, somebody who signs twice, and an agency without a fast
    lane. `paid` marks the whole sum as taken.
    """
    permissions.require("take_in", actor)
    papers = checked(papers, kind)
    day = timezone.localdate(at)
    lane = open_lane(kind, agency_id=actor.agency_id, day=day)
    exemption = lane.exemption(exemption_id)
    applicant = persons.applicant_of(who, actor, at, with_paper=kind.signers)
    signers = _signers(applicant, others, actor, at) if kind.signers else []
    dossier = _dossier(lane, applicant, papers, exemption_id, actor, at, key)
    fees = [lane.tariff.of(paper.pages, paper.copies, exemption) for paper in papers]
    visit = Visit.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, kind=lane.kind.key, received_at=at,
        received_by_id=actor.position_id or 0, amount=sum(fees),
    )  # fmt: skip
    _keep_signers(visit, signers, fingerprint=fingerprint)
    written = enter(visit, lane.kind, list(zip(papers, fees, strict=True)), at=at)
    record(
        actor=actor, verb="certify_number", subject_kind=dossiers.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={"numbers": [row.number for row in written], "book": written[0].volume.words, "amount": visit.amount},
    )  # fmt: skip
    if paid and visit.amount:
        money.mark(visit, visit.amount, actor=actor, at=at)
    return visit


def checked(papers: tuple[PaperIn, ...], kind: Kind) -> tuple[PaperIn, ...]:
    """Return the lines in their one written form; refuse what no visit has."""
    if not papers:
        raise Refusal(_("Chưa có giấy tờ nào: ghi tên giấy tờ, số trang, số bản."), field="papers")
    if len(papers) > MOST_PAPERS:
        raise Refusal(_("Một lượt tối đa 30 giấy tờ. Ghi tiếp ở lượt sau."), field="papers")
    found = tuple(_written(one, kind) for one in papers)
    for place, one in enumerate(found, 1):
        if not one.name or len(one.name) > 300:
            raise Refusal(_("Dòng %(n)s chưa có tên giấy tờ.") % {"n": place}, field="papers")
        if not (1 <= one.pages <= MOST_PAGES and 1 <= one.copies <= MOST_COPIES):
            raise Refusal(
                _("Dòng %(n)s: số trang từ 1 đến 999, số bản từ 1 đến 99.") % {"n": place}, field="papers"
            )
        if kind.languages and not (_is_language(one.from_language) and _is_language(one.to_language)):
            raise Refusal(
                _("Dòng %(n)s: ghi dịch từ tiếng nào sang tiếng nào.") % {"n": place}, field="papers"
            )
    return found


def _written(one: PaperIn, kind: Kind) -> PaperIn:
    languages = (normalize(one.from_language), normalize(one.to_language)) if kind.languages else ("", "")
    return PaperIn(normalize(one.name), one.pages if kind.pages else 1, one.copies, *languages)


def _is_language(text: str) -> bool:
    return 0 < len(text) <= MOST_LANGUAGE


def enter(
    visit: Visit, kind: Kind, papers: list[tuple[PaperIn, int]], *, at: datetime
) -> list[CopiedPaper]:  # fmt: skip
    """Write papers into the book: the next number each, under the lock of the series, in the newest volume."""
    year = timezone.localdate(at).year
    series = [(series_of(kind), str(year))] * len(papers)
    numbers = next_numbers(agency_id=visit.home_agency_id, series=series)
    volume = newest_volume(visit.home_agency_id, kind, year, at=at)
    rows = [
        CopiedPaper(
            home_agency_id=visit.home_agency_id, dossier_id=visit.dossier_id, visit=visit, kind=kind.key, year=year,
            volume=volume, number=number, name=paper.name, pages=paper.pages, copies=paper.copies, fee=fee,
            from_language=paper.from_language, to_language=paper.to_language,
        )
        for number, (paper, fee) in zip(numbers, papers, strict=True)
    ]  # fmt: skip
    return CopiedPaper.objects.bulk_create(rows)


def series_of(kind: Kind) -> str:
    return f"certification.{kind.key}"


def newest_volume(agency_id: int, kind: Kind, year: int, *, at: datetime) -> Volume:
    """Return the volume that is written into; the first of a year begins itself. Called under the series' lock."""
    found = (
        Volume.objects.filter(home_agency_id=agency_id, kind=kind.key, year=year).order_by("-volume").first()
    )
    return found or Volume.objects.create(
        home_agency_id=agency_id, kind=kind.key, year=year, volume=1, opened_at=at
    )


def _signers(applicant: Applicant, others: tuple[str, ...], actor: Actor, at: datetime) -> list[Applicant]:
    """Return everybody who signs, each once, the first one first; refuses too many and somebody named twice."""
    if len(others) >= MOST_SIGNERS:
        raise Refusal(_("Một lượt tối đa 10 người cùng ký. Ghi tiếp ở lượt sau."), field="others")
    found = [applicant]
    for who in others:
        try:
            one = persons.applicant_of(who, actor, at, with_paper=True)
        except Refusal as refusal:
            refusal.field = "others"
            raise
        if one.pk in {row.pk for row in found}:
            raise Refusal(_("%(name)s được ghi hai lần.") % {"name": one.name}, field="others")
        found.append(one)
    return found


def _keep_signers(visit: Visit, signers: list[Applicant], *, fingerprint: bool) -> None:
    Signer.objects.bulk_create(
        Signer(
            home_agency_id=visit.home_agency_id, dossier_id=visit.dossier_id, visit=visit, place=place,
            applicant=one, name=one.name[:120], fingerprint=fingerprint,
        )
        for place, one in enumerate(signers, 1)
    )  # fmt: skip


def _dossier(
    lane: Lane, applicant: Applicant, papers: tuple[PaperIn, ...], exemption_id: int | None, actor: Actor, at: datetime,
    key: str,
) -> Dossier:  # fmt: skip
    assert actor.agency_id is not None
    point = Position.objects.filter(pk=actor.position_id or 0).values_list("point_id", flat=True).first()
    return intake.accept_at_counter(
        intake=intake.Intake(
            variant_id=lane.variant.pk,
            channel=Channel.IN_PERSON,
            applicant_id=applicant.pk,
            submitter_id=applicant.pk,
            papers=tuple(intake.PaperIn(name=paper.name, shown_only=True) for paper in papers),
            competent_agency_id=actor.agency_id,
            summary="; ".join(paper.name for paper in papers)[:1000],
            copies=1,
            exemption_id=exemption_id,
            point_id=point,
        ),
        actor=actor,
        at=at,
        key=f"{key}:dossier",
    )
