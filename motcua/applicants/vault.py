"""Reads of the vault. Nothing of it is visible before `open_vault` names whose it is: row-level security holds that.

Opening says nothing about rights: callers ask `permissions` first, and note the look (`operations.vault.note`).
"""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.applicants.models import VaultFile, VaultLook, VaultPaper, VaultProof, VaultSource
from motcua.base.files.models import FileStatus
from motcua.lib import paper_age
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import word_key
from motcua.ui import dates

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that is asked for. `most_days`: how old it may be, where the catalogue says so."""

    name: str
    kind_code: str = ""
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper of the vault beside one that is asked for. Only a good one is offered; of another it is said why not."""

    paper: VaultPaper
    why_not: str = ""

    @property
    def is_good(self) -> bool:
        return not self.why_not


def open_vault(applicant_id: UUID | None) -> None:
    """Let this transaction see the vault of one applicant, and no other from now on; of nobody with None."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('motcua.vault', %s, true)", [str(applicant_id or "")])


@contextmanager
def opened(applicant_id: UUID) -> Iterator[None]:
    """Let the vault of one applicant be seen inside the block, and nobody's after it.

    The setting lives in a transaction; after an error its end takes it back.
    """
    with transaction.atomic():
        open_vault(applicant_id)
        yield
        open_vault(None)


def papers_of(applicant_id: UUID) -> list[VaultPaper]:
    """Return the papers of an applicant with their files that may be given out, the newest first."""
    open_vault(applicant_id)
    files = (
        VaultFile.objects.filter(stored__status=FileStatus.CLEAN)
        .select_related("stored")
        .order_by("position")
    )
    return list(
        VaultPaper.objects.filter(applicant_id=applicant_id)
        .prefetch_related(Prefetch("files", queryset=files, to_attr="held"))
        .order_by("-handed_in_on", "-pk")
    )


def paper_of(applicant_id: UUID, paper_id: UUID) -> VaultPaper:
    """Return one paper of an applicant with its files; refuses an unknown one and somebody else's alike."""
    found = next((one for one in papers_of(applicant_id) if one.pk == paper_id), None)
    if found is None:
        raise NotFound(_("Không có giấy tờ này trong kho."))
    return found


def why_not(paper: VaultPaper, on: date, most_days: int | None = None) -> str:
    """Return why a paper may not be used on a day, "" when it may.

    `most_days`: how old it may be where it is asked for. What can be told of age: the day of issue, else the day it was
    handed in.
    """
    if paper.replaced_by_id:
        return str(_("Đã có bản mới thay bản này."))
    if paper.valid_to and paper.valid_to < on:
        return str(_("Hết hiệu lực từ %(day)s.") % {"day": dates.day(paper.valid_to)})
    if paper.valid_from and paper.valid_from > on:
        return str(_("Có hiệu lực từ %(day)s.") % {"day": dates.day(paper.valid_from)})
    if not paper.held:  # type: ignore[attr-defined]
        return str(_("Không còn bản quét dùng được."))
    if not paper_age.still_good(paper.issued_on or paper.handed_in_on, on, most_days):
        return str(_("Thủ tục này cần bản cấp trong %(days)d ngày.") % {"days": most_days or 0})
    return ""


def certified_words(paper: VaultPaper) -> str:
    """Return of a certified e-copy where it stands in the book and who certified, else who signed; "" of others."""
    if paper.source != VaultSource.CERTIFIED:
        return ""
    if paper.proof == VaultProof.BOOK:
        facts = {
            "number": paper.certified_number, "who": paper.certified_by,
            "day": dates.day(paper.certified_on) if paper.certified_on else "",
        }  # fmt: skip
        said = str(_("số chứng thực %(number)s, ngày %(day)s, %(who)s") % facts)
        return said if paper.signed_by else f"{said}; {_('bản quét có dấu, không có chữ ký số')}"
    said = _("ký số: %(who)s; tên, số và ngày do người nộp ghi, đọc tệp trước khi dùng")
    return str(said % {"who": paper.signed_by})


def offers(applicant_id: UUID, wanted: Mapping[Key, Wanted], on: date) -> dict[Key, Offer]:
    """Return what the vault has for each paper that is asked for: the newest good one, else why the newest is none.

    By the national code where both have one, else by the name, marks and punctuation aside. Results and certified
    copies go before scans.
    """
    held, found = papers_of(applicant_id), {}
    for key, asked in wanted.items():
        named = word_key(asked.name)
        same = [
            Offer(one, why_not(one, on, asked.most_days))
            for one in held
            if (asked.kind_code and one.kind_code == asked.kind_code) or one.kind_key == named
        ]
        if same:
            found[key] = max(
                same, key=lambda one: (one.is_good, one.paper.source in _STRONG, one.paper.handed_in_on)
            )
    return found


_STRONG = {VaultSource.RESULT, VaultSource.CERTIFIED}


def looks_of(applicant_id: UUID, most: int = 100) -> list[VaultLook]:
    """Return who looked into an applicant's vault, the newest first; without the owner's own looks."""
    open_vault(applicant_id)
    return list(VaultLook.objects.filter(applicant_id=applicant_id, by_owner=False).order_by("-at")[:most])


def today() -> date:
    """Return the day in Vietnam."""
    return timezone.localdate()
