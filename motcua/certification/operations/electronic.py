"""The certified copy as a file, into the vault of whose paper it is (Nghị định 45/2020/NĐ-CP, Điều 10)."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import name_of
from motcua.applicants import queries as applicants
from motcua.applicants import vault
from motcua.applicants.models import Applicant, VaultPaper, VaultProof, VaultSource
from motcua.applicants.operations import bringing
from motcua.applicants.operations import vault as keeping
from motcua.applicants.operations.bringing import Told
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files import signatures
from motcua.base.files.signatures import Signature, State
from motcua.certification import permissions, queries
from motcua.certification.kinds import COPY, KINDS
from motcua.certification.models import CopiedPaper, ElectronicCopy, Visit
from motcua.certification.operations import persons
from motcua.certification.queries import Stage
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Result
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import normalize


@transaction.atomic
def give(
    *, paper_id: UUID, who: str, told: Told, stream: BinaryIO, filename: str, actor: Actor, at: datetime
) -> ElectronicCopy:
    """Put the scan, or the signed PDF, of an issued certified copy into a vault; one of each number, however often.

    `who` is a scanned card, a name with a number, or the tax code of an organization; empty: who asked for the copy,
    where a number of theirs is known. The same file for the same person returns what was made the first time. Refuses
    a copy that is not issued yet or void, another kind than copies, a person nobody can be sure of, a second e-copy of
    the number, and a PDF that was changed after it was signed.
    """
    paper, visit = _paper(paper_id, actor)
    owner = owner_of(who, visit, actor, at)
    told = bringing.checked(told, timezone.localdate(at))
    stored = files.store(
        stream=stream,
        filename=filename,
        actor=actor,
        at=at,
        purpose="certified",
        agency_id=visit.home_agency_id,
    )
    there = ElectronicCopy.objects.filter(paper=paper).select_related("stored", "applicant").first()
    if there is not None:
        stored.delete()
        if there.applicant_id == owner.pk and there.stored.sha256 == stored.sha256:
            return there
        raise Conflict(
            _("Số %(number)s đã có bản điện tử, trong kho giấy tờ của %(name)s. Mỗi số một bản.")
            % {"number": paper.number, "name": there.applicant.name},
            code="electronic_already",
        )
    signed = signatures.of(stored)
    made = ElectronicCopy.objects.create(
        home_agency_id=visit.home_agency_id, dossier_id=visit.dossier_id, paper=paper, applicant=owner, stored=stored,
        made_at=at, made_by_id=actor.position_id or 0,
    )  # fmt: skip
    kept = _keep(made, visit, told, signed, actor, at)
    record(
        actor=actor, verb="certify_electronic", subject_kind=dossiers.SUBJECT, subject_id=visit.dossier_id, at=at,
        agency_id=visit.home_agency_id,
        payload={"number": paper.number, "name": paper.name, "vault": kept.pk, "signed": len(signed)},
    )  # fmt: skip
    vault.open_vault(None)
    return made


def owner_of(who: str, visit: Visit, actor: Actor, at: datetime) -> Applicant:
    """Return whose vault is meant. Refuses whom nobody can be sure of: a name alone, a number alone."""
    asker = visit.dossier.applicant
    text = normalize(who)
    if not text:
        if is_sure(asker):
            return asker
        raise Refusal(
            _("Chưa rõ kho của ai: quét thẻ của chủ giấy tờ, hoặc gõ họ tên rồi số định danh."), field="who"
        )
    code = normalize_tax_code(text)
    if code is not None and (organization := applicants.by_tax_code(code)) is not None:
        return applicants.of(organization)
    if text.replace(" ", "").replace(".", "").isdigit():
        raise Refusal(
            _(
                "Gõ họ tên rồi số định danh, hoặc quét thẻ: gõ nhầm một chữ số là giấy tờ vào kho của người khác. Tổ "
                "chức thì gõ mã số thuế đã có ở đây."
            ),
            field="who",
        )
    return persons.applicant_of(who, actor, at, with_paper=True)


def is_sure(applicant: Applicant) -> bool:
    """Tell whether a number says who an applicant is; a name alone may be many people's."""
    person = applicant.person
    return person is None or bool(person.personal_id or person.passport_number)


def _paper(paper_id: UUID, actor: Actor) -> tuple[CopiedPaper, Visit]:
    """Lock the visit of a paper whose copy is issued; refuse others."""
    row = CopiedPaper.objects.filter(pk=paper_id).select_related("volume").first()
    if row is None:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    visit = queries.lock(row.visit_id, actor)
    permissions.require("electronic", actor, visit)
    row.refresh_from_db(fields=["voided_at"])
    why = why_not(row, visit)
    if why:
        raise Conflict(why, code="not_now")
    return row, visit


def why_not(paper: CopiedPaper, visit: Visit) -> str:
    """Return why a number can have no e-copy now, "" when it can."""
    if KINDS[visit.kind] is not COPY:
        return _("Chỉ bản sao từ bản chính có bản sao điện tử.")
    if paper.voided_at is not None:
        return _("Số này đã hủy, nên không có bản sao điện tử.")
    if queries.stage(visit) not in (Stage.RETURN, Stage.DONE):
        return _("Bản sao chưa ký và đóng dấu xong. Làm bản điện tử sau khi văn thư đóng dấu.")
    return ""


def _keep(
    made: ElectronicCopy, visit: Visit, told: Told, signed: list[Signature], actor: Actor, at: datetime
) -> VaultPaper:  # fmt: skip
    """Put the copy into its vault, with the number, the day and the signer that stand in the book."""
    result = Result.objects.select_related("approved_by__account").get(dossier=visit.dossier_id)
    assert result.approved_at is not None
    assert result.approved_by is not None  # it was issued
    on = timezone.localdate(result.approved_at)
    leader, agency = result.approved_by, name_of(visit.home_agency_id, on)
    proved = signatures.weakest(signed) == State.TRUSTED
    facts = keeping.PaperFacts(
        applicant_id=made.applicant_id, name=told.name, number=told.number, issuer=told.issuer,
        issued_on=told.issued_on, valid_to=told.valid_to, for_ever=told.for_ever, origin=made.pk,
        origin_code=visit.dossier.code, agency_id=visit.home_agency_id, source=VaultSource.CERTIFIED,
        handed_in_on=on, files=[made.stored_id], proof=VaultProof.BOOK, certified_number=book_number(made.paper),
        certified_on=on, certified_by=f"{leader.account.full_name}, {leader.title}, {agency}",
        signed_by=bringing.signers(signed) if proved else "", signed_at=signed[-1].at if proved else None,
    )  # fmt: skip
    kept = keeping.keep(facts=facts, actor=actor, at=at)
    assert kept is not None  # the file was just found good
    return kept


def book_number(paper: CopiedPaper) -> str:
    """Return the number as certified copies cite it: "101, quyển 01/2026-SCT/BS"."""
    return f"{paper.number}, quyển {paper.volume.words}-{KINDS[paper.kind].symbol}"
