"""One administrator wants another span, a second one approves it; what a job deleted stands in the history."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.retention import queries
from motcua.base.retention.models import SpanChange
from motcua.lib import retention
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize

SUBJECT = "retention"
#: Roles that ask and approve; the codes of `agencies.roles`, which stands above this app.
KEEPERS = ("system_admin",)


@once("retention.propose")
def propose(*, kind: str, days: int, reason: str, actor: Actor, at: datetime, key: str) -> SpanChange:
    """Ask for another span. Refuses a kind that is not deleted, days outside its bounds, no reason, no change, and a
    second request while one waits. Nothing changes before a second person approves.
    """
    _require(actor)
    row = retention.found(kind)
    if row is None or row.days is None:
        raise NotFound(_("Loại dữ liệu này phần mềm không xóa, nên không đặt thời hạn."))
    if row.bounded(days) != days:
        raise Refusal(
            _("Nhập từ %(least)s đến %(most)s ngày.") % {"least": row.least, "most": row.most},
            code="out_of_bounds", field="days",
        )  # fmt: skip
    said = normalize(reason)[:300]
    if not said:
        raise Refusal(_("Ghi lý do và văn bản làm căn cứ, nếu có."), code="no_reason", field="reason")
    if queries.keep(kind).days == days:
        raise Refusal(_("Đang giữ đúng số ngày này. Nhập số khác."), code="same", field="days")
    try:
        with transaction.atomic():
            change = SpanChange.objects.create(
                kind=kind, days=days, reason=said, proposed_by=actor.account_id or 0, proposed_at=at
            )
    except IntegrityError:
        raise Conflict(
            _("Đã có một đề nghị cho loại này đang chờ người thứ hai. Tải lại trang để xem."), code="waits"
        ) from None
    _note(change, "retention.propose", actor, at, {"from": queries.keep(kind).days})
    return change


@once("retention.decide")
def decide(*, change_id: UUID, approve: bool, actor: Actor, at: datetime, key: str) -> SpanChange:
    """Approve a change, or turn it down. Who asked may take it back but not approve it."""
    _require(actor)
    change = SpanChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound(_("Không tìm thấy đề nghị này."))
    if change.decided_at is not None:
        raise Conflict(_("Đề nghị này đã được quyết. Tải lại trang để xem."), code="decided")
    if approve and change.proposed_by == actor.account_id:
        raise NotPermitted(_("Người đề nghị không tự duyệt. Nhờ một quản trị hệ thống khác."))
    before = queries.keep(change.kind).days
    change.decided_by, change.decided_at, change.approved = actor.account_id or 0, at, approve
    change.save(update_fields=["decided_by", "decided_at", "approved"])
    _note(change, "retention.approve" if approve else "retention.refuse", actor, at, {"from": before})
    return change


def swept(kind: str, count: int, *, at: datetime) -> int:
    """Write into the history how many of a kind a job deleted; returns the count. Nothing deleted writes nothing."""
    if count:
        record(
            actor=SYSTEM, verb="retention.delete", subject_kind=SUBJECT, subject_id=kind, at=at,
            payload={"count": count, "days": queries.keep(kind).days},
        )  # fmt: skip
    return count


def _require(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.has(*KEEPERS):
        raise NotPermitted(_("Chỉ quản trị hệ thống đặt thời hạn giữ dữ liệu."))


def _note(change: SpanChange, verb: str, actor: Actor, at: datetime, facts: dict[str, object]) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=change.kind, at=at,
        payload={"days": change.days, "reason": change.reason, **facts},
    )  # fmt: skip
