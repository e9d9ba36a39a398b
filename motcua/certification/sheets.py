"""What is printed at the desk: the certifying words as labels, and the register with the columns of the law."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import name_of
from motcua.base.printing.sheets import (
    CertifyingLabel,
    CertifyingWords,
    CopyLine,
    CopyRegister,
    render_sheet,
)
from motcua.certification.kinds import KINDS
from motcua.certification.models import Visit
from motcua.certification.queries import BookLine
from motcua.lib.refusal import Refusal
from motcua.ui import dates


def words(visit: Visit, *, at: datetime) -> bytes:
    """Return one label with the certifying words for each copy of a visit; void numbers have none.

    Signed: the signer's name and day. Before: both left to be written by hand, but for the day where the copies are
    due today. Refuses a visit whose numbers are all void.
    """
    papers = [row for row in visit.papers.all() if row.voided_at is None]
    if not papers:
        raise Refusal(_("Mọi số của lượt này đã hủy: không còn lời chứng để in."))
    result = getattr(visit.dossier, "result", None)
    approved = result.approved_by if result is not None and result.approved_at else None
    day = timezone.localdate(result.approved_at) if result and approved else _day_of_signing(visit, at)
    labels = tuple(
        CertifyingLabel(
            number=str(row.number), book=row.volume.words, symbol=KINDS[row.kind].symbol, day=_day_words(day, row.year),
            capacity=approved.title if approved else "", signer=approved.account.full_name if approved else "",
            paper=f"{row.name} · {visit.dossier.code}",
        )
        for row in papers
        for _copy in range(row.copies)
    )  # fmt: skip
    office = name_of(visit.home_agency_id, timezone.localdate(at))
    return render_sheet(CertifyingWords(office=office, labels=labels, issued_at=at))


def _day_of_signing(visit: Visit, at: datetime) -> date | None:
    today = timezone.localdate(at)
    due = visit.dossier.due_at
    return today if due is not None and timezone.localdate(due) <= today else None


def _day_words(day: date | None, year: int) -> str:
    if day is None:
        return f"Ngày ...... tháng ...... năm {year}"
    return f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def register(
    lines: list[BookLine], *, agency_id: int, year: int, first: date | None, last: date | None, at: datetime
) -> bytes:
    """Return the register of a year or of some days as PDF."""
    kept = [line for line in lines if not line.void]
    said = f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}" if first and last else f"năm {year}"
    made = CopyRegister(
        office=name_of(agency_id, timezone.localdate(at)),
        range=said,
        foot=f"In lúc {timezone.localtime(at):%H:%M %d/%m/%Y}",
        lines=tuple(_printed(line) for line in lines),
        total_numbers=dates.thousands(len(lines)),
        total_copies=dates.thousands(sum(line.copies for line in kept)),
        total_fee=dates.thousands(sum(line.fee for line in kept)),
        total_void=dates.thousands(len(lines) - len(kept)),
        issued_at=at,
    )
    return render_sheet(made)


def _printed(line: BookLine) -> CopyLine:
    return CopyLine(
        number=f"{line.number} (q. {line.volume})",
        on=f"{timezone.localdate(line.on):%d/%m/%Y}" if line.on else "",
        person=line.person,
        name=line.name,
        signer=line.signer,
        copies=str(line.copies) if not line.void else "",
        fee=dates.thousands(line.fee) if not line.void else "",
        note=line.note,
    )
