"""The register (Sổ theo dõi hồ sơ): what a home agency took in, in the order of its book. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency, Point
from motcua.base.printing.book import BookLine
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Status
from motcua.lib.actor import Actor
from motcua.lib.phone import masked
from motcua.procedures.models import Sector

PAGE = 50
_ENDED_OTHERWISE = frozenset({Status.NOT_ACCEPTED, Status.WITHDRAWN})


@dataclass(frozen=True)
class Asked:
    """Which part of whose register: days of reception, a place of reception, a sector."""

    agency: Agency
    since: date
    until: date
    point: Point | None = None
    sector: Sector | None = None

    def facts(self) -> dict[str, Any]:
        """Return what history keeps of a copy that was made."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "point": self.point.pk if self.point else None,
            "sector": self.sector.pk if self.sector else None,
        }

    @property
    def narrowed(self) -> str:
        """What of the book, in words of the paper."""
        parts = [
            f"Nơi tiếp nhận: {self.point.name}" if self.point else "",
            f"Lĩnh vực: {self.sector.name}" if self.sector else "",
        ]
        return " · ".join(part for part in parts if part)


def agencies_of(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies whose register the actor may read."""
    return Agency.objects.filter(pk__in=sorted(actor.agencies)).order_by("name", "pk")


def points_of(agency_ids: frozenset[int]) -> QuerySet[Point]:
    """Return the places of reception, closed ones too: their dossiers stand in the book."""
    return Point.objects.filter(shop__agency__in=sorted(agency_ids)).order_by("name", "pk")


def sectors() -> QuerySet[Sector]:
    return Sector.objects.order_by("name", "pk")


def dossiers(actor: Actor, asked: Asked) -> QuerySet[Dossier]:
    """Return the dossiers of the part that was asked for, in the order of the book."""
    rows = queries.visible_to(actor).filter(
        home_agency=asked.agency,
        book_number__isnull=False,
        submitted_at__gte=_midnight(asked.since),
        submitted_at__lt=_midnight(asked.until + timedelta(days=1)),
    )
    if asked.point is not None:
        rows = rows.filter(received_point=asked.point)
    if asked.sector is not None:
        rows = rows.filter(procedure_version__procedure__sector=asked.sector)
    return rows.order_by("book", "book_number", "id")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_SHOWN = (
    "book_number", "code", "procedure_version__procedure__name", "copies", "applicant_name",
    "contact_phone", "applicant__person__phone", "applicant__organization__phone", "applicant__person__address",
    "applicant__organization__address", "owner_unit__name", "competent_agency__name", "competent_agency_id",
    "home_agency_id", "submitter_id", "applicant_id", "received_at", "original_due_at", "due_at", "returned_at",
    "result_channel", "result__returned_to", "status", "sub_status", "supplement_count", "channel", "book",
    "helped_point__name",
)  # fmt: skip


def lines(rows: QuerySet[Dossier], *, hide: bool = False) -> Iterator[BookLine]:
    """Return the lines of the register, read in pieces; `hide` masks telephone numbers and leaves addresses out."""
    shown = rows.annotate(received_at=Coalesce("accepted_at", "submitted_at")).values_list(*_SHOWN)
    for row in shown.iterator(chunk_size=2000):
        yield _line(dict(zip(_SHOWN, row, strict=True)), hide=hide)


def _line(row: dict[str, Any], *, hide: bool) -> BookLine:
    own_contact = row["contact_phone"] if row["submitter_id"] == row["applicant_id"] else ""
    phone = own_contact or row["applicant__person__phone"] or row["applicant__organization__phone"] or ""
    address = row["applicant__person__address"] or row["applicant__organization__address"] or ""
    reached = (masked(phone) if phone else "",) if hide else (address, phone)
    home = row["competent_agency_id"] == row["home_agency_id"]
    return BookLine(
        number=row["book_number"],
        code=row["code"],
        procedure=row["procedure_version__procedure__name"],
        sets=row["copies"],
        applicant=row["applicant_name"],
        reached="; ".join(part for part in reached if part),
        responsible=row["owner_unit__name"] if home else row["competent_agency__name"],
        received_at=row["received_at"],
        due_at=row["original_due_at"],
        returned_at=row["returned_at"],
        how=_HOW.get(row["result_channel"], ""),
        taken_by=row["result__returned_to"] or "",
        note=_note(row),
    )


#: In the words of the paper, which is Vietnamese whatever the screen speaks.
_HOW = {"counter": "Tại quầy", "post": "Qua bưu chính", "electronic": "Bản điện tử"}
_CAME = {"online": "Nộp trực tuyến", "post": "Nộp qua bưu chính"}
_ENDS = {Status.NOT_ACCEPTED: "Không tiếp nhận", Status.WITHDRAWN: "Đã rút hồ sơ"}


def _note(row: dict[str, Any]) -> str:
    moved = row["due_at"] is not None and row["due_at"] != row["original_due_at"]
    parts = [
        _CAME.get(row["channel"], ""),
        f"Hỗ trợ nộp tại {row['helped_point__name']}" if row["helped_point__name"] else "",
        "Bổ sung hồ sơ" if row["supplement_count"] else "",
        f"Hẹn trả lại {timezone.localtime(row['due_at']):%H:%M %d/%m/%Y}" if moved else "",
        _ENDS.get(row["status"], "Đã dừng giải quyết" if row["sub_status"] == "stopped" else ""),
    ]
    return "; ".join(part for part in parts if part)


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register on screen, and the key of the next ("" at the end)."""

    lines: list[BookLine]
    older: str
    ids: list[UUID]


def page(actor: Actor, asked: Asked, *, after: str = "", size: int = PAGE) -> RegisterPage:
    """Return one page, telephone numbers masked. `after` is the book and number last seen; a broken key begins anew."""
    rows = dossiers(actor, asked)
    key = _key(after)
    if key is not None:
        book, number = key
        rows = rows.filter(Q(book=book, book_number__gt=number) | Q(book__gt=book))
    found = list(rows.values_list("pk", "book", "book_number")[: size + 1])
    shown = dossiers(actor, asked).filter(pk__in=[pk for pk, _book, _number in found[:size]])
    older = f"{found[size - 1][1]}-{found[size - 1][2]}" if len(found) > size else ""
    return RegisterPage(list(lines(shown, hide=True)), older, [pk for pk, _book, _number in found[:size]])


def _key(text: str) -> tuple[str, int] | None:
    book, _sep, number = text.rpartition("-")
    return (book, int(number)) if book and number.isascii() and number.isdigit() and len(number) < 9 else None


def book_name(asked: Asked) -> str:
    """Return which book or books of the agency the days fall into: one a year."""
    first, last = asked.since.year, asked.until.year
    return str(first) if first == last else _("%(first)s đến %(last)s") % {"first": first, "last": last}
