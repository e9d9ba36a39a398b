"""The applicant's vault at the counter, before the dossier exists: opened with their word, for this intake alone.

"Reuse first" (Nghị định 118/2025/NĐ-CP): what the office or the applicant has is not asked for again. Nothing is shown
before the officer opens the vault; the look is noted where the applicant reads it, and the draft keeps whose it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.applicants import queries as applicants
from motcua.applicants import vault
from motcua.applicants.models import ApplicantKind, Organization, Person, VaultHow, VaultPaper
from motcua.applicants.operations import vault as keeping
from motcua.dossiers import draft_queries, vault_offers
from motcua.dossiers.draft_queries import VAULT, Content
from motcua.dossiers.intake_reading import PaperKind, PaperRow
from motcua.dossiers.operations import drafts
from motcua.dossiers.operations.reuse import NotReusable
from motcua.dossiers.vault_offers import Offered
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui import dates

AT_THE_COUNTER = "tiếp nhận tại quầy"  # in the place of a dossier's code, which there is none yet


@dataclass(frozen=True)
class Opened:
    """A vault that is open for an intake: what is offered for each paper, by its id, and all that may be chosen."""

    offers: Mapping[int, Offered]
    papers: list[VaultPaper]


def applicant_of(values: Mapping[str, Any]) -> UUID | None:
    """Return the applicant whose number, passport or tax code stands in the form, if they are known."""
    party: Person | Organization | None = None
    number = re.sub(r"[\s.]", "", str(values.get("personal_id") or ""))
    passport = str(values.get("passport_number") or "").strip()
    kind = values.get("id_kind") or PaperKind.NUMBER
    if values.get("kind") == ApplicantKind.ORGANIZATION:
        party = applicants.by_tax_code(str(values.get("tax_code") or ""))
    elif kind == PaperKind.NUMBER and number:
        party = applicants.by_personal_id(number)
    elif kind == PaperKind.PASSPORT and passport:
        party = applicants.by_passport(passport, str(values.get("passport_country") or ""))
    return applicants.of(party).pk if party is not None else None


@transaction.atomic
def look(*, draft_id: UUID, actor: Actor, at: datetime, page: str = "") -> None:
    """Open the vault of who stands in the draft. Refuses while nobody is known there."""
    values = draft_queries.content(draft_queries.get(actor, draft_id)).values
    applicant_id = applicant_of(values)
    if applicant_id is None:
        raise Refusal(
            _(
                "Chưa có ai để mở kho: quét thẻ hoặc gõ số giấy tờ của chủ hồ sơ. Người nộp lần đầu thì chưa có kho."
            )
        )
    held = vault_offers.good_ones(applicant_id, timezone.localdate(at))
    with override("vi"):  # the applicant reads it
        reason = _("tìm giấy đã có khi nhận hồ sơ tại quầy: %(procedure)s") % {
            "procedure": str(values.get("procedure") or "")[:120]
        }
    keeping.note(
        applicant_id=applicant_id, papers=[one.pk for one in held], how=VaultHow.LIST, actor=actor, at=at,
        used_in=AT_THE_COUNTER, reason=reason,
    )  # fmt: skip
    drafts.save_fields(
        draft_id=draft_id, actor=actor, at=at, values={VAULT: str(applicant_id)}, page=page
    )  # fmt: skip


def opened(content: Content, rows: list[PaperRow], *, actor: Actor, on: date) -> Opened | None:
    """Return what an opened vault has for the papers of an intake; None while it is shut, or was somebody else's."""
    applicant_id = applicant_of(content.values) if content.vault else None
    if applicant_id is None or str(applicant_id) != content.vault:
        return None
    wanted = [row.required for row in rows if row.required is not None]
    return Opened(
        vault_offers.offers(applicant_id, wanted, on, actor=actor), vault_offers.good_ones(applicant_id, on)
    )


def with_offers(rows: list[PaperRow], found: Opened | None) -> list[PaperRow]:
    """Add to each paper that is asked for what the vault has; an earlier dossier's stands there already."""
    if found is None:
        return rows
    return [
        replace(row, offer=found.offers.get(row.required.pk), others=tuple(found.papers))
        if row.required is not None and row.earlier is None
        else row
        for row in rows
    ]


def notes_of(rows: list[PaperRow], applicant_id: UUID, on: date) -> dict[str, str]:
    """Return what is written beside each line that a paper of the vault stands for, by the line's key.

    Refuses a paper that is not this applicant's or may no longer be used, naming the line.
    """
    chosen = [row for row in rows if row.vaulted]
    held = {one.pk: one for one in vault.papers_of(applicant_id)} if chosen else {}
    notes = {}
    for row in chosen:
        assert row.vaulted is not None
        paper = held.get(row.vaulted)
        reason = (
            vault.why_not(paper, on, vault_offers.most_days(row.required))
            if paper is not None
            else _("Giấy đã chọn không có trong kho của chủ hồ sơ này.")
        )
        if paper is None or reason:
            raise NotReusable(
                _("“%(name)s”: %(reason)s Bỏ chọn giấy trong kho và nhận bản mới.")
                % {"name": row.name[:80], "reason": reason}
            )
        facts = {"name": paper.name[:120], "code": paper.origin_code, "day": dates.day(paper.handed_in_on)}
        with override("vi"):
            notes[row.key] = (
                _("Dùng “%(name)s” trong kho, từ %(code)s ngày %(day)s, người nộp đồng ý") % facts
            )
    return notes
