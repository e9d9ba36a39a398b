"""Before a leader has approved: correct papers, void a number, send back. Begin a new volume of the book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.certification import permissions, queries
from motcua.certification.kinds import KINDS, Kind
from motcua.certification.lane import open_lane
from motcua.certification.models import CopiedPaper, Visit, Volume
from motcua.certification.operations import taking
from motcua.certification.operations.taking import PaperIn
from motcua.dossiers import queries as dossiers
from motcua.dossiers.operations import ending
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal


class NotNow(Conflict):
    """The visit is further than the screen showed; nothing was written."""

    code = "not_now"


@dataclass(frozen=True, slots=True)
class Change:
    """How a paper that has its number should read, or with `paper_id` None one more paper."""

    paper_id: str | None
    name: str
    pages: int
    copies: int
    from_language: str = ""
    to_language: str = ""


@once("certification.correct")
def correct(
    *, visit_id: UUID, seen: int, changes: tuple[Change, ...], actor: Actor, at: datetime, key: str
) -> Visit:  # fmt: skip
    """Put papers of a visit right; the sum follows, numbers stay, one more paper gets a number of its own.

    Only until a leader approves: afterwards the words are on paper. Refuses when somebody corrected first.
    """
    visit = _open(visit_id, actor, "correct", seen)
    kind = KINDS[visit.kind]
    lines = taking.checked(
        tuple(
            PaperIn(one.name, one.pages, one.copies, one.from_language, one.to_language) for one in changes
        ),
        kind,
    )
    lane = open_lane(kind, agency_id=visit.home_agency_id, day=timezone.localdate(visit.received_at))
    exemption = visit.dossier.fee_exemption
    known = {str(row.pk): row for row in CopiedPaper.objects.filter(visit=visit, voided_at=None)}
    told: list[dict[str, Any]] = []
    new: list[tuple[PaperIn, int]] = []
    for change, line in zip(changes, lines, strict=True):
        fee = lane.tariff.of(line.pages, line.copies, exemption)
        if change.paper_id is None:
            new.append((line, fee))
            continue
        row = known.get(change.paper_id)
        if row is None:
            raise NotNow(_("Một giấy tờ ở đây vừa bị hủy số. Tải lại trang rồi sửa tiếp."))
        told += _rewrite(row, line, fee)
    added = taking.enter(visit, kind, new, at=at) if new else []
    if not told and not added:
        raise Refusal(_("Chưa có gì khác với trước. Sửa rồi ghi, hoặc bấm “Thôi”."), code="nothing_changed")
    _keep(visit)
    _note(visit, "certify_correct", actor, at, {"changes": told, "numbers": [row.number for row in added]})
    return visit


def _rewrite(row: CopiedPaper, line: PaperIn, fee: int) -> list[dict[str, Any]]:
    """Write what is new about a paper; return old and new for history, nothing where all is as before."""
    before = [row.name, row.pages, row.copies, row.fee, row.from_language, row.to_language]
    after = [line.name, line.pages, line.copies, fee, line.from_language, line.to_language]
    if before == after:
        return []
    CopiedPaper.objects.filter(pk=row.pk).update(
        name=line.name, pages=line.pages, copies=line.copies, fee=fee, from_language=line.from_language,
        to_language=line.to_language,
    )  # fmt: skip
    return [{"number": row.number, "before": before, "after": after}]


@once("certification.void")
def void(*, paper_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> CopiedPaper:
    """Void one number: it stays in the book, marked "hủy" with its reason. With the last one the dossier ends.

    Refuses without a reason, twice, and after a leader has approved.
    """
    row = CopiedPaper.objects.filter(pk=paper_id).select_related("visit").first()
    if row is None:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    visit = _open(row.visit_id, actor, "void", None)
    row.refresh_from_db()
    if row.voided_at is not None:
        raise NotNow(_("Số này đã được hủy trước đó; lý do ghi trong sổ."), code="void_already")
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Ghi lý do hủy: lý do đứng trong sổ cạnh số bị hủy."), field="reason")
    row.voided_at, row.voided_by_id, row.void_reason = at, actor.position_id, reason[:300]
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])
    _keep(visit)
    _note(visit, "certify_void", actor, at, {"number": row.number, "reason": row.void_reason})
    if not CopiedPaper.objects.filter(visit=visit, voided_at=None).exists():
        ending.withdraw(
            dossier_id=visit.dossier_id, actor=actor, at=at, key=f"{key}:withdraw", reason=row.void_reason
        )
    return row


@once("certification.send_back")
def send_back(*, visit_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Visit:
    """Give a visit back to the counter instead of approving it. A correction puts it before the leader again."""
    visit = _open(visit_id, actor, "send_back", None)
    if not reason.strip():
        raise Refusal(_("Ghi điều cần sửa: quầy đọc câu này."), field="reason")
    visit.sent_back_at, visit.sent_back_reason = at, reason.strip()[:500]
    visit.version += 1
    visit.save(update_fields=["sent_back_at", "sent_back_reason", "version"])
    _note(visit, "certify_send_back", actor, at, {"reason": visit.sent_back_reason})
    return visit


@once("certification.open_volume")
def open_volume(*, kind: Kind, year: int, after: int, actor: Actor, at: datetime, key: str) -> Volume:
    """Begin the next volume of a book; numbers go on. `after` is the volume that the screen showed as full.

    Refuses when another officer has begun one already, and for a year that is not this one.
    """
    permissions.require("open_volume", actor)
    agency = actor.agency_id or 0
    if year != timezone.localdate(at).year:
        raise Refusal(_("Chỉ mở quyển mới cho sổ của năm nay."))
    newest = (
        Volume.objects.filter(home_agency_id=agency, kind=kind.key, year=year).order_by("-volume").first()
    )
    current = newest.volume if newest else 0
    if current != after:
        raise NotNow(_("Quyển mới vừa được mở. Tải lại trang để xem."), code="volume_open")
    row, made = Volume.objects.get_or_create(
        home_agency_id=agency, kind=kind.key, year=year, volume=current + 1,
        defaults={"opened_at": at, "opened_by": actor.position_id},
    )  # fmt: skip
    if not made:
        raise NotNow(_("Quyển mới vừa được mở. Tải lại trang để xem."), code="volume_open")
    record(
        actor=actor, verb="certification.open_volume", subject_kind="certification_book", subject_id=row.pk, at=at,
        agency_id=agency, payload={"kind": kind.key, "volume": row.words},
    )  # fmt: skip
    return row


def _open(visit_id: UUID, actor: Actor, verb: str, seen: int | None) -> Visit:
    """Lock a visit that no leader has approved yet; refuse others."""
    visit = queries.lock(visit_id, actor)
    permissions.require(verb, actor, visit)
    if seen is not None and visit.version != seen:
        raise NotNow(_("Lượt này vừa được người khác sửa. Tải lại trang; chưa có gì bị ghi đè."))
    if queries.stage(visit) != queries.Stage.SIGN:
        raise NotNow(
            _("Lượt này đã được ký duyệt hoặc đã kết thúc, nên không sửa, hủy hay trả lại được nữa.")
        )
    return visit


def _keep(visit: Visit) -> None:
    """Bring the sum up to what the papers cost now; what a leader asked for counts as done."""
    valid = CopiedPaper.objects.filter(visit=visit, voided_at=None)
    visit.amount = sum(valid.values_list("fee", flat=True))
    visit.sent_back_at, visit.sent_back_reason = None, ""
    visit.version += 1
    visit.save(update_fields=["amount", "sent_back_at", "sent_back_reason", "version"])


def _note(visit: Visit, verb: str, actor: Actor, at: datetime, payload: Mapping[str, Any]) -> None:
    record(
        actor=actor, verb=verb, subject_kind=dossiers.SUBJECT, subject_id=visit.dossier_id, at=at,
        agency_id=visit.home_agency_id, payload={**payload, "amount": visit.amount},
    )  # fmt: skip
