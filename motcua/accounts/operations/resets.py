"""Lost password or second factor: one administrator asks, another confirms, neither is the person."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.accounts import permissions, queries, sessions
from motcua.accounts.models import AccountKind, LinkPurpose, NoticeKind, ResetRequest, ResetState
from motcua.accounts.operations import factors, links, notices
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize


@transaction.atomic
def ask_reset(*, account_id: int, reason: str, actor: Actor, at: datetime) -> ResetRequest:
    """Ask for a reset, with a reason; nothing changes until another administrator confirms."""
    permissions.require_people_admin(actor, about=account_id)
    account = queries.lock(account_id)
    why = normalize(reason)
    if not why:
        raise Refusal(_("Nhập lý do, ví dụ: mất điện thoại."), code="no_reason", field="reason")
    if not account.is_active:
        raise Refusal(_("Tài khoản đang bị khóa. Mở lại tài khoản trước."), code="disabled")
    if account.account_kind == AccountKind.BREAK_GLASS:
        raise Refusal(
            _("Tài khoản khẩn cấp không đặt lại: quản trị hệ thống niêm phong lại."), code="emergency"
        )
    try:
        with transaction.atomic():
            request = ResetRequest.objects.create(
                account=account, reason=why[:300], asked_by_id=_person(actor), asked_at=at
            )
    except IntegrityError:
        raise Conflict(
            _("Đã có đề nghị đặt lại cho người này, đang chờ xác nhận."), code="already_asked"
        ) from None
    notices.tell(account_id=account.pk, kind=NoticeKind.RESET_ASKED, at=at, detail=why)
    _write(request, "account.ask_reset", actor, at)
    return request


@transaction.atomic
def confirm_reset(*, request_id: int, actor: Actor, at: datetime) -> links.Link:
    """Confirm as the second administrator: password and second factors go, sessions end, a link is made."""
    request = _waiting(request_id, actor)
    if actor.account_id == request.asked_by_id:
        raise NotPermitted(_("Người đề nghị không tự xác nhận được. Cần một quản trị viên thứ hai."))
    account = queries.lock(request.account_id)
    if not account.is_active:
        raise Refusal(_("Tài khoản đang bị khóa. Mở lại tài khoản trước."), code="disabled")
    _answer(request, ResetState.CONFIRMED, actor, at)
    account.set_unusable_password()
    account.must_set_password = True
    account.save(update_fields=["password", "must_set_password"])
    factors.remove_all(account_id=account.pk)
    sessions.end_all(account.pk)
    notices.tell(account_id=account.pk, kind=NoticeKind.RESET_DONE, at=at)
    _write(request, "account.reset", actor, at)
    return links.make(account=account, actor=actor, at=at, purpose=LinkPurpose.RESET)


@transaction.atomic
def refuse_reset(*, request_id: int, actor: Actor, at: datetime) -> ResetRequest:
    """Turn a reset down, or take one's own request back."""
    request = _waiting(request_id, actor)
    _answer(request, ResetState.REFUSED, actor, at)
    _write(request, "account.refuse_reset", actor, at)
    return request


def _waiting(request_id: int, actor: Actor) -> ResetRequest:
    request = ResetRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound(_("Không có đề nghị này."))
    permissions.require_people_admin(actor, about=request.account_id)
    if request.state != ResetState.ASKED:
        raise Conflict(_("Đề nghị này đã được trả lời."), code="already_answered")
    return request


def _answer(request: ResetRequest, state: ResetState, actor: Actor, at: datetime) -> None:
    request.state = state
    request.answered_by_id = _person(actor)
    request.answered_at = at
    request.save(update_fields=["state", "answered_by", "answered_at"])


def _person(actor: Actor) -> int:
    """Two persons are the point of it: the program itself can be neither of them."""
    if actor.account_id is None:
        raise NotPermitted(_("Việc này cần hai quản trị viên là người thật."))
    return actor.account_id


def _write(request: ResetRequest, verb: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject_kind="account",
        subject_id=request.account_id,
        at=at,
        payload={"request": request.pk, "reason": request.reason},
    )
