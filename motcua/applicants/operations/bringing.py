"""The owner brings a signed PDF into the vault: certified where its signatures say so, else a paper of their own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.applicants import permissions, vault
from motcua.applicants.models import Applicant, VaultFile, VaultPaper, VaultProof, VaultSource
from motcua.applicants.operations import vault as keeping
from motcua.base.files import operations as files
from motcua.base.files import signatures
from motcua.base.files.models import FileKind, StoredFile
from motcua.base.files.signatures import Signature, State
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.lib.vietnamese import normalize

MOST = 100  # papers that an owner brought in
_PROOFS = {
    State.TRUSTED: VaultProof.SIGNED, State.UNKNOWN: VaultProof.UNKNOWN, State.LAPSED: VaultProof.LAPSED,
    State.REVOKED: VaultProof.REVOKED,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of a paper by whoever brings it in; empty is "not said"."""

    name: str
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_to: date | None = None
    for_ever: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """The paper in the vault; `known`: the same file was there already, and nothing was written."""

    paper: VaultPaper
    known: bool


def checked(told: Told, on: date) -> Told:
    """Return the facts in their one written form; refuse what no paper has."""
    name = normalize(told.name)
    if not name or len(name) > 300:
        raise Refusal(_("Ghi tên giấy tờ, tối đa 300 chữ."), field="name")
    if told.issued_on and told.issued_on > on:
        raise Refusal(_("Ngày cấp không thể sau hôm nay."), field="issued_on")
    if told.valid_to and told.issued_on and told.valid_to < told.issued_on:
        raise Refusal(_("Ngày hết hạn không thể trước ngày cấp."), field="valid_to")
    if told.valid_to and told.for_ever:
        raise Refusal(_("Chọn một: có ngày hết hạn, hoặc không thời hạn."), field="valid_to")
    return Told(
        name=name, number=normalize(told.number)[:60], issuer=normalize(told.issuer)[:300], issued_on=told.issued_on,
        valid_to=told.valid_to, for_ever=told.for_ever,
    )  # fmt: skip


@transaction.atomic
def bring_in(*, told: Told, stream: BinaryIO, filename: str, actor: Actor, at: datetime) -> Brought:
    """Put a signed PDF into the vault of the applicant this session acts for; the same file comes in once.

    Certified only where every signature is intact and leads to a certificate that the installation trusts; else it is
    a paper that the owner sent, with what is not known of it. Refuses what is no PDF, has no signature, was changed
    after it was signed, or has signatures that can't be checked; and the 101st paper.
    """
    applicant_id = actor.for_applicant
    if applicant_id is None or not permissions.owns_vault(actor, applicant_id):
        raise NotPermitted(_("Chỉ chủ kho giấy tờ thêm được giấy tờ vào kho."))
    today = timezone.localdate(at)
    told = checked(told, today)
    stored = files.store(stream=stream, filename=filename, actor=actor, at=at, purpose="vault_sent")
    signed = _signed(stored)
    Applicant.objects.select_for_update().get(pk=applicant_id)  # two at once: the second sees the first
    known = _same(applicant_id, stored)
    if known is not None:
        stored.delete()
        return Brought(known, known=True)
    if VaultPaper.objects.filter(applicant_id=applicant_id, origin_code="").count() >= MOST:
        raise Refusal(_("Kho đã có 100 giấy tờ tự thêm. Hỏi cơ quan một cửa nếu cần thêm nữa."))
    proof = _PROOFS[signatures.weakest(signed) or State.UNKNOWN]
    certified = proof == VaultProof.SIGNED
    facts = keeping.PaperFacts(
        applicant_id=applicant_id, name=told.name, number=told.number, issuer=told.issuer, issued_on=told.issued_on,
        valid_to=told.valid_to, for_ever=told.for_ever, origin=stored.pk, origin_code="", agency_id=0,
        source=VaultSource.CERTIFIED if certified else VaultSource.ONLINE, handed_in_on=today, files=[stored.pk],
        proof=proof, signed_by=signers(signed), signed_at=signed[-1].at,
    )  # fmt: skip
    paper = keeping.keep(facts=facts, actor=actor, at=at)
    assert paper is not None  # the file was just found good
    stored.delete()  # the vault has a use of its own
    return Brought(paper, known=False)


def signers(signed: list[Signature]) -> str:
    """Return who signed, each once, in their order."""
    return "; ".join(dict.fromkeys(one.words for one in signed if one.words))[:600]


def _same(applicant_id: UUID, stored: StoredFile) -> VaultPaper | None:
    """Return the paper that the owner brought in with the same content."""
    vault.open_vault(applicant_id)
    found = VaultFile.objects.filter(
        applicant_id=applicant_id, stored__sha256=stored.sha256, paper__origin_code=""
    ).select_related("paper")
    one = found.first()
    return one.paper if one else None


def _signed(stored: StoredFile) -> list[Signature]:
    if stored.kind != FileKind.PDF:
        raise Refusal(
            _(
                "Bản sao điện tử có chứng thực là tệp PDF có chữ ký số. Ảnh chụp hay bản quét không thay được: mang "
                "bản chính đến cơ quan chứng thực để xin bản điện tử, hoặc gửi ảnh khi nộp hồ sơ."
            ),
            code="not_pdf", field="file",
        )  # fmt: skip
    found = signatures.of(stored)
    if not found:
        raise Refusal(
            _(
                "Tệp này không có chữ ký số, nên không phải bản sao điện tử có chứng thực. Hãy tải tệp PDF gốc từ nơi "
                "đã chứng thực, đừng in ra rồi quét lại."
            ),
            code="not_signed", field="file",
        )  # fmt: skip
    return found
