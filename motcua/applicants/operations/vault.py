"""Writes of the vault: papers come in, are replaced by newer ones; every look into it leaves a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.applicants import permissions, vault
from motcua.applicants.models import VaultFile, VaultHow, VaultLook, VaultPaper, VaultSource
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files.models import FileStatus, StoredFile
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import word_key

SUBJECT = "vault"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What is known of a paper that comes into a vault; empty is "not known". `files`: stored files, in order."""

    applicant_id: UUID
    name: str
    source: VaultSource
    origin: UUID
    origin_code: str
    agency_id: int
    handed_in_on: date
    files: Sequence[UUID]
    kind_code: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    for_ever: bool = False
    proof: str = ""
    certified_number: str = ""
    certified_on: date | None = None
    certified_by: str = ""
    signed_by: str = ""
    signed_at: datetime | None = None


@transaction.atomic
def keep(*, facts: PaperFacts, actor: Actor, at: datetime) -> VaultPaper | None:
    """Put a paper into its applicant's vault; the same origin comes in once, however often.

    Files that came to it since are added. A new result of a kind replaces the older results of that kind. Refuses who
    may not register applicants. None: no file of it may be given out.
    """
    permissions.require_may_register(actor)
    vault.open_vault(facts.applicant_id)
    paper = VaultPaper.objects.select_for_update().filter(origin=facts.origin).first()
    made = paper is None
    if paper is None:
        paper = VaultPaper(
            applicant_id=facts.applicant_id, name=facts.name[:2000], kind_key=word_key(facts.name)[:2000],
            kind_code=facts.kind_code, number=facts.number, issuer=facts.issuer[:300], issued_on=facts.issued_on,
            valid_from=facts.valid_from, valid_to=facts.valid_to, for_ever=facts.for_ever, source=facts.source,
            agency_id=facts.agency_id, origin=facts.origin, origin_code=facts.origin_code,
            handed_in_on=facts.handed_in_on, added_at=at, proof=facts.proof,
            certified_number=facts.certified_number[:120], certified_on=facts.certified_on,
            certified_by=facts.certified_by[:400], signed_by=facts.signed_by[:600], signed_at=facts.signed_at,
        )  # fmt: skip
    if made and facts.source in (VaultSource.ONLINE, VaultSource.COUNTER) and _there_already(paper, facts):
        return None
    seen = set() if made else set(paper.files.values_list("stored__sha256", flat=True))
    fresh = _copies(facts, seen, actor, at)
    if made and not fresh:
        return None
    if made:
        paper.save(force_insert=True)
        if facts.source == VaultSource.RESULT:
            _replace_older(paper)
    first = 1 if made else paper.files.count() + 1
    for place, stored in enumerate(fresh, first):
        VaultFile.objects.create(applicant_id=paper.applicant_id, paper=paper, stored=stored, position=place)
    if fresh:
        record(
            actor=actor, verb="vault.keep", subject_kind=SUBJECT, subject_id=paper.applicant_id, at=at,
            agency_id=facts.agency_id,
            payload={"paper": paper.pk, "source": facts.source, "from": facts.origin_code, "files": len(fresh)},
        )  # fmt: skip
    return paper


def _there_already(paper: VaultPaper, facts: PaperFacts) -> bool:
    """Tell whether a paper of this name with the same files is in the vault: used again, it becomes no younger.

    One of which its own number or day is known is a paper of its own.
    """
    if facts.number or facts.issued_on or facts.valid_to:
        return False
    brought = set(StoredFile.objects.filter(pk__in=facts.files).values_list("sha256", flat=True))
    same = VaultFile.objects.filter(paper__applicant_id=paper.applicant_id, paper__kind_key=paper.kind_key)
    return brought <= set(same.values_list("stored__sha256", flat=True))


def _copies(facts: PaperFacts, seen: set[str], actor: Actor, at: datetime) -> list[StoredFile]:
    """Return a use of its own of each file whose content the paper does not have yet and that may be given out."""
    found = {row.pk: row for row in StoredFile.objects.filter(pk__in=facts.files, status=FileStatus.CLEAN)}
    made = []
    for number in facts.files:
        if number in found and found[number].sha256 not in seen:
            seen.add(found[number].sha256)
            made.append(
                files.use_again(
                    file_id=number, actor=actor, at=at, purpose="vault", agency_id=facts.agency_id
                )
            )
    return made


def _replace_older(paper: VaultPaper) -> None:
    """Let the newest result under a number stand for the older ones: it was given anew.

    Of another number it may be about somebody else, or another matter: an extract for each of two children.
    """
    if not paper.number:
        return
    rows = VaultPaper.objects.filter(
        applicant_id=paper.applicant_id, source=VaultSource.RESULT, kind_key=paper.kind_key,
        kind_code=paper.kind_code, replaced_by=None,
    )  # fmt: skip
    same = [one for one in rows.order_by("-issued_on", "-pk") if one.number == paper.number]
    for older in same[1:]:
        VaultPaper.objects.filter(pk=older.pk).update(replaced_by=same[0])


@transaction.atomic
def note(
    *, applicant_id: UUID, papers: Sequence[UUID], how: VaultHow, actor: Actor, at: datetime, used_in: str = "",
    reason: str = "",
) -> VaultLook:  # fmt: skip
    """Note a look into a vault. The owner looks freely; an officer only for a dossier, and says why; nobody else."""
    owner = permissions.owns_vault(actor, applicant_id)
    if not owner:
        permissions.require_may_register(actor)
        if not used_in or not reason.strip():
            raise Refusal(
                _("Chỉ xem kho giấy tờ khi giải quyết một hồ sơ, và ghi lý do."),
                code="no_reason",
                field="reason",
            )
    vault.open_vault(applicant_id)
    return _looked(applicant_id, papers, how, actor, at, by_owner=owner, used_in=used_in, reason=reason)


@transaction.atomic
def note_copied(*, applicant_id: UUID, request: str, reason: str, actor: Actor, at: datetime) -> None:
    """Note that the list of an applicant's papers went into the copy of their data that they asked for.

    `request`: its code. Who may carry such a request out is the caller's question. An empty vault needs no row.
    """
    with vault.opened(applicant_id):
        papers = VaultPaper.objects.filter(applicant_id=applicant_id).values_list("pk", flat=True)
        if papers:
            _looked(
                applicant_id, papers, VaultHow.LIST, actor, at, by_owner=False, used_in=request, reason=reason
            )


def _looked(
    applicant_id: UUID, papers: Iterable[UUID], how: VaultHow, actor: Actor, at: datetime, *, by_owner: bool,
    used_in: str, reason: str,
) -> VaultLook:  # fmt: skip
    return VaultLook.objects.create(
        applicant_id=applicant_id, papers=list(papers), how=how, by_owner=by_owner, account_id=actor.account_id,
        position_id=actor.position_id, agency_id=actor.agency_id or 0, used_in=used_in,
        reason=reason.strip()[:200], at=at,
    )  # fmt: skip
