"""What is printed at the desk: the certifying words as labels, and the register with the columns of the law."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position
from motcua.agencies.queries import name_of
from motcua.base.printing.sheets import (
    BookRow,
    CertifyingLabel,
    CertifyingWords,
    CopyRegister,
    SignatureBlock,
    SignatureRegister,
    SignatureWords,
    Signer,
    render_sheet,
)
from motcua.certification.kinds import KINDS, Kind
from motcua.certification.models import CopiedPaper, Visit
from motcua.certification.queries import BookLine, paper_number, signers_of
from motcua.lib.refusal import Refusal
from motcua.ui import dates


def words(visit: Visit, *, at: datetime) -> bytes:
    """Return the certifying words for each copy of a visit, as labels or, for signatures, as blocks to put on the last
    page; void numbers have none.

    Signed: the signer's name and day. Before: both left to be written by hand, but for the day where the copies are
    due today. Refuses a visit whose numbers are all void.
    """
    papers = [row for row in visit.papers.all() if row.voided_at is None]
    if not papers:
        raise Refusal(_("Mọi số của lượt này đã hủy: không còn lời chứng để in."))
    result = getattr(visit.dossier, "result", None)
    approved = result.approved_by if result is not None and result.approved_at else None
    day = timezone.localdate(result.approved_at) if result and approved else _day_of_signing(visit, at)
    office = name_of(visit.home_agency_id, timezone.localdate(at))
    if KINDS[visit.kind].signers:
        return _signature_words(visit, papers, office, approved, day, at=at)
    labels = tuple(
        CertifyingLabel(
            number=str(row.number), book=row.volume.words, symbol=KINDS[row.kind].symbol, day=_day_words(day, row.year),
            capacity=approved.title if approved else "", signer=approved.account.full_name if approved else "",
            paper=f"{row.name} · {visit.dossier.code}",
        )
        for row in papers
        for _copy in range(row.copies)
    )  # fmt: skip
    return render_sheet(CertifyingWords(office=office, labels=labels, issued_at=at))


def _signature_words(
    visit: Visit, papers: list[CopiedPaper], office: str, approved: Position | None, day: date | None, *, at: datetime
) -> bytes:  # fmt: skip
    """Return the words on signatures: who signed, with what paper, before whom, and the number of the book."""
    kind = KINDS[visit.kind]
    signers = signers_of(visit)
    people = tuple(Signer(name=one.name, paper=paper_number(one)) for one in signers)
    blocks = tuple(
        SignatureBlock(
            people=people, number=str(row.number), book=row.volume.words, symbol=kind.symbol,
            day=_day_words(day, row.year), capacity=approved.title if approved else "",
            signer=approved.account.full_name if approved else "", receiver=visit.received_by.account.full_name,
            source=row.from_language, target=row.to_language, paper=f"{row.name} · {visit.dossier.code}",
        )
        for row in papers
        for _copy in range(row.copies)
    )  # fmt: skip
    made = SignatureWords(
        office=office, blocks=blocks, translator=kind.languages, fingerprint=any(one.fingerprint for one in signers),
        issued_at=at,
    )  # fmt: skip
    return render_sheet(made)


def _day_of_signing(visit: Visit, at: datetime) -> date | None:
    today = timezone.localdate(at)
    due = visit.dossier.due_at
    return today if due is not None and timezone.localdate(due) <= today else None


def _day_words(day: date | None, year: int) -> str:
    if day is None:
        return f"Ngày ...... tháng ...... năm {year}"
    return f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def register(
    lines: list[BookLine], *, kind: Kind, agency_id: int, year: int, first: date | None, last: date | None, at: datetime
) -> bytes:  # fmt: skip
    """Return the register of a year or of some days as PDF, with the columns of its book."""
    kept = [line for line in lines if not line.void]
    said = f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}" if first and last else f"năm {year}"
    facts: dict[str, Any] = {
        "office": name_of(agency_id, timezone.localdate(at)),
        "range": said,
        "foot": f"In lúc {timezone.localtime(at):%H:%M %d/%m/%Y}",
        "lines": tuple(_printed(line) for line in lines),
        "total_numbers": dates.thousands(len(lines)),
        "total_copies": dates.thousands(sum(line.copies for line in kept)),
        "total_fee": dates.thousands(sum(line.fee for line in kept)),
        "total_void": dates.thousands(len(lines) - len(kept)),
        "issued_at": at,
        "title": kind.book,
    }
    if kind.signers:
        return render_sheet(SignatureRegister(languages=kind.languages, **facts))
    return render_sheet(CopyRegister(**facts))


def _printed(line: BookLine) -> BookRow:
    named = zip(line.person.split("; "), line.papers, strict=False)
    return BookRow(
        number=f"{line.number} (q. {line.volume})",
        on=f"{timezone.localdate(line.on):%d/%m/%Y}" if line.on else "",
        person="; ".join(f"{name}, {paper}" for name, paper in named) if line.papers else line.person,
        name=line.name,
        languages=line.languages.replace(" → ", " sang "),
        signer=line.signer,
        copies=str(line.copies) if not line.void else "",
        fee=dates.thousands(line.fee) if not line.void else "",
        note=line.note,
    )
