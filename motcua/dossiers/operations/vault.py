"""Papers and results of a dossier into its applicant's vault, and papers of the vault into a dossier."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.agencies.queries import name_of
from motcua.applicants import vault
from motcua.applicants.models import VaultHow, VaultPaper, VaultSource
from motcua.applicants.operations import vault as keeping
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files.models import FileStatus
from motcua.dossiers import queries, vault_offers, words
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile, Result, SupplementRequest
from motcua.dossiers.operations import attachments
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import word_key

# What is written for one request says nothing about the next one.
_OF_ONE_REQUEST = (
    "to khai",
    "don ",
    "giay de nghi",
    "van ban de nghi",
    "phieu yeu cau",
    "giay uy quyen",
    "cam ket",
)


@transaction.atomic
def fill(*, dossier_id: UUID, at: datetime) -> int:
    """Put the scanned papers of a dossier, and its result once it is issued, into its applicant's vault.

    Bears repetition: what is there already stays, files that came since are added. Return how many papers it has in
    the vault. Papers of one request alone (declarations, authorities) and those only shown are left out.
    """
    dossier = queries.visible_to(SYSTEM).filter(pk=dossier_id).select_related("applicant").first()
    if dossier is None or not dossier.code:
        return 0
    rows = DossierFile.objects.filter(dossier=dossier, stored__status=FileStatus.CLEAN).order_by(
        "added_at", "id"
    )
    scans: dict[UUID, list[UUID]] = {}
    signed: list[UUID] = []
    for document_id, stored_id, purpose in rows.values_list("document_id", "stored_id", "purpose"):
        if purpose == words.FilePurpose.RESULT:
            signed.append(stored_id)
        elif document_id is not None:
            scans.setdefault(document_id, []).append(stored_id)
    kept = [_keep_paper(dossier, one, scans[one.pk], at) for one in _papers(dossier) if one.pk in scans]
    _leave_asked_again(dossier)
    result = Result.objects.filter(
        dossier=dossier, issued_at__isnull=False, kind=words.ResultKind.GRANTED
    ).first()
    if result is not None and signed:
        kept.append(_keep_result(dossier, result, signed, at))
    vault.open_vault(None)
    return sum(kept)


def _papers(dossier: Dossier) -> list[DossierDocument]:
    """Return the papers that may serve again; one that came out of the vault does not go in anew.

    One that was asked for again was not good enough: what came then serves.
    """
    bad = _asked_again(dossier)
    return [
        one
        for one in DossierDocument.objects.filter(dossier=dossier, shown_only=False, reused_from=None)
        if one.pk not in bad and not f"{word_key(one.name)} ".startswith(_OF_ONE_REQUEST)
    ]


def _asked_again(dossier: Dossier) -> set[UUID]:
    """Return the papers whose like a later supplement request asked for."""
    asked = [
        (one.number, {word_key(str(item["name"])) for item in one.items})
        for one in SupplementRequest.objects.filter(dossier=dossier)
    ]
    return {
        one.pk
        for one in DossierDocument.objects.filter(dossier=dossier)
        if any(number > one.supplement_number and word_key(one.name) in names for number, names in asked)
    }


def _leave_asked_again(dossier: Dossier) -> None:
    """Let what came when a paper was asked for again stand for it, where both are in the vault."""
    vault.open_vault(dossier.applicant_id)
    mine = VaultPaper.objects.filter(
        applicant_id=dossier.applicant_id, origin_code=dossier.code, replaced_by=None
    )
    for bad in mine.filter(origin__in=_asked_again(dossier)):
        came = (
            mine.filter(kind_key=bad.kind_key, source=bad.source).exclude(pk=bad.pk).order_by("-pk").first()
        )
        if came is not None:
            VaultPaper.objects.filter(pk=bad.pk).update(replaced_by=came)


def _keep_paper(dossier: Dossier, paper: DossierDocument, scans: list[UUID], at: datetime) -> bool:
    online = dossier.channel == "online"
    facts = keeping.PaperFacts(
        applicant_id=dossier.applicant_id, name=paper.name, origin=paper.pk, origin_code=dossier.code,
        source=VaultSource.ONLINE if online else VaultSource.COUNTER, agency_id=dossier.home_agency_id,
        handed_in_on=timezone.localdate(dossier.submitted_at), files=scans,
    )  # fmt: skip
    return keeping.keep(facts=facts, actor=SYSTEM, at=at) is not None


def _keep_result(dossier: Dossier, result: Result, scans: list[UUID], at: datetime) -> bool:
    assert result.issued_at is not None
    day = timezone.localdate(result.issued_at)
    facts = keeping.PaperFacts(
        applicant_id=dossier.applicant_id, name=result.name, kind_code=result.type_code, number=result.number,
        origin=result.pk, origin_code=dossier.code, source=VaultSource.RESULT, agency_id=dossier.home_agency_id,
        issuer=name_of(dossier.competent_agency_id, day), issued_on=day, valid_from=day, handed_in_on=day, files=scans,
    )  # fmt: skip
    return keeping.keep(facts=facts, actor=SYSTEM, at=at) is not None


@transaction.atomic
def take_over(
    *, dossier: Dossier, document_id: UUID, paper_id: UUID, actor: Actor, at: datetime, key: str
) -> list[DossierFile]:  # fmt: skip
    """Hang the files of a paper in the applicant's vault on a paper of their dossier; a use of its own for each.

    Refuses a paper that is not this applicant's, one that expired or was replaced, and one older than the catalogue
    allows. Noted where the owner reads it, and in the history of the dossier.
    """
    paper = vault.paper_of(dossier.applicant_id, paper_id)
    document = DossierDocument.objects.select_related("required").get(pk=document_id, dossier=dossier)
    reason = vault.why_not(paper, timezone.localdate(at), vault_offers.most_days(document.required))
    if reason:
        raise Refusal(
            _("“%(name)s”: %(reason)s") % {"name": paper.name, "reason": reason}, code="vault_not_usable"
        )
    with override("vi"):  # kept, as what stands beside the paper is
        said = str(_("dùng “%(name)s” cho hồ sơ %(code)s") % {"name": paper.name[:80], "code": dossier.code})
        certified = vault.certified_words(paper)
    keeping.note(
        applicant_id=dossier.applicant_id, papers=[paper.pk], how=VaultHow.USE, actor=actor, at=at,
        used_in=dossier.code, reason=said,
    )  # fmt: skip
    hung = []
    for one in paper.held:  # type: ignore[attr-defined]
        stored = files.use_again(
            file_id=one.stored_id, actor=actor, at=at, purpose="paper", agency_id=dossier.home_agency_id
        )
        hung.append(
            attachments.attach(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:{one.pk}", stored=stored,
                purpose=words.FilePurpose.DOCUMENT, document_id=document_id,
            )
        )  # fmt: skip
    if certified:
        _note_certified(document_id, paper, certified)
    record(
        actor=actor, verb="reuse_paper", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={
            "name": paper.name, "from": paper.origin_code, "document": document_id, "vault": paper.pk, "agreed": True,
        },
    )  # fmt: skip
    return hung


@override("vi")
def _note_certified(document_id: UUID, paper: VaultPaper, certified: str) -> None:
    """Write beside the paper which certified copy came for it, and by whom; what stands there already stays."""
    said = (
        str(_("bản sao điện tử có chứng thực, không hỏi lại bản chính: %(words)s") % {"words": certified})
        if paper.stands_for_original
        else f"{paper.source_words[:1].lower()}{paper.source_words[1:]}: {certified}"
    )
    document = DossierDocument.objects.get(pk=document_id)
    if said not in document.note:
        note = f"{document.note}; {said}" if document.note else said
        DossierDocument.objects.filter(pk=document_id).update(note=note[:500])
