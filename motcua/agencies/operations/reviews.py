"""The access review: opened every half year, answered by leaders, reminded, then taken to administrators."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from motcua.accounts.models import AccountKind, NoticeKind
from motcua.accounts.operations import notices
from motcua.agencies import permissions
from motcua.agencies.models import AccessReview, Answer, Position, ReviewItem, holds_on
from motcua.agencies.operations import people
from motcua.agencies.queries import administrators
from motcua.agencies.roles import Role
from motcua.base.audit.operations import record
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize

EVERY_DAYS = 182
ANSWER_WITHIN = timedelta(days=30)
REMIND_BEFORE = timedelta(days=10)


@transaction.atomic
def open_review(*, actor: Actor, at: datetime) -> AccessReview:
    """Open a round over every position that holds today. Refuses while one is open."""
    permissions.require_system_admin(actor)
    today = localdate(at)
    try:
        with transaction.atomic():
            review = AccessReview.objects.create(
                opened_at=at, opened_by_id=actor.account_id, due_on=today + ANSWER_WITHIN
            )
    except IntegrityError:
        raise Conflict(
            _("Đang có một đợt rà soát chưa xong. Xem đợt đó trước."), code="review_open"
        ) from None
    held = Position.objects.filter(
        holds_on(today), account__account_kind=AccountKind.STAFF, account__is_active=True
    )
    items = ReviewItem.objects.bulk_create(
        [
            ReviewItem(
                review=review, agency_id=one.unit.agency_id, position=one, title=one.title,
                unit_name=one.unit.name[:250], roles=list(one.roles),
            )
            for one in held.select_related("unit").order_by("pk")
        ],
        batch_size=1000,
    )  # fmt: skip
    _write(review, "review.open", actor, at, {"positions": len(items), "due_on": review.due_on})
    _tell(_leaders({one.agency_id for one in items}, today), NoticeKind.REVIEW_ASKED, review, at)
    return review


@transaction.atomic
def answer(
    *, item_id: int, keep: bool, actor: Actor, at: datetime, note: str = ""
) -> ReviewItem:  # fmt: skip
    """Say of one position that it stays, or end it at once. Nobody answers for their own position.

    The same answer again changes nothing; a position answered with "keep" may still be ended while the round is open.
    """
    item = (
        ReviewItem.objects.select_for_update(of=("self",))
        .select_related("review", "position")
        .filter(pk=item_id)
        .first()
    )
    if item is None or not may_answer(actor, item.agency_id):
        raise NotFound(_("Không có mục rà soát này trong cơ quan của anh/chị."))
    if item.position.account_id == actor.account_id:
        raise NotPermitted(
            _("Không tự xác nhận quyền của chính mình. Nhờ một lãnh đạo khác hoặc quản trị hệ thống.")
        )
    above = {Role.SYSTEM_ADMIN, Role.MONITOR} & set(item.position.roles)
    if not keep and above and not permissions.is_system_admin(actor):
        raise NotPermitted(
            _(
                "Vai trò này do quản trị hệ thống giao, nên chỉ quản trị hệ thống kết thúc được. Hãy báo để họ rà soát."
            )
        )
    wanted = Answer.KEEP if keep else Answer.END
    if item.answer == wanted:
        return item
    if item.review.closed_at is not None or item.answer in {Answer.END, Answer.GONE}:
        raise Conflict(
            _("Mục này đã có kết quả hoặc đợt rà soát đã xong. Tải lại trang để xem."), code="answered"
        )
    reason = normalize(note)[:300]
    if not keep and not reason:
        raise Refusal(_("Ghi lý do kết thúc, ví dụ: đã chuyển công tác."), code="no_reason", field="note")
    if _over(item.position, localdate(at)):
        wanted = Answer.GONE
    elif not keep:
        people.end_by_review(position_id=item.position_id, on_day=localdate(at), actor=actor, at=at)
    _say(item, wanted, actor, at, reason)
    return item


@transaction.atomic
def keep_all(*, review_id: int, agency_id: int, item_ids: Iterable[int], actor: Actor, at: datetime) -> int:
    """Confirm several positions of one agency at once: those named, still unanswered, not one's own."""
    if not may_answer(actor, agency_id):
        raise NotFound(_("Không có đợt rà soát này trong cơ quan của anh/chị."))
    rows = ReviewItem.objects.select_for_update(of=("self",)).select_related("review", "position").filter(
        review_id=review_id, review__closed_at=None, agency_id=agency_id, pk__in=list(item_ids), answer=Answer.NONE
    )  # fmt: skip
    done = 0
    for item in rows.exclude(position__account_id=actor.account_id or 0).order_by("pk"):
        _say(item, Answer.GONE if _over(item.position, localdate(at)) else Answer.KEEP, actor, at, "")
        done += 1
    return done


@transaction.atomic
def close_review(*, review_id: int, actor: Actor, at: datetime) -> AccessReview:
    """Close a round. What is unanswered stays on record as unanswered; the report says so."""
    permissions.require_system_admin(actor)
    review = AccessReview.objects.select_for_update().filter(pk=review_id).first()
    if review is None:
        raise NotFound(_("Không có đợt rà soát này."))
    if review.closed_at is None:
        review.closed_at = at
        review.save(update_fields=["closed_at"])
        left = review.items.filter(answer=Answer.NONE).count()
        _write(review, "review.close", actor, at, {"unanswered": left})
    return review


@transaction.atomic
def look_after(*, at: datetime) -> str:
    """The daily look: open a round when half a year is over, remind ten days before the end, then tell administrators.

    Returns what was done; each happens once a round and agency.
    """
    today = localdate(at)
    review = AccessReview.objects.select_for_update().filter(closed_at=None).first()
    if review is None:
        last = AccessReview.objects.order_by("-opened_at").first()
        since = localdate(last.opened_at) if last else _first_day()
        if since is None or today < since + timedelta(days=EVERY_DAYS):
            return ""
        open_review(actor=SYSTEM, at=at)
        return "opened"
    waiting = review.items.filter(answer=Answer.NONE)
    if today > review.due_on:
        late = waiting.filter(escalated_at=None)
        if late.exists():
            late.update(escalated_at=at)
            _tell(administrators(today), NoticeKind.REVIEW_LATE, review, at)
            _write(review, "review.escalate", SYSTEM, at, {"unanswered": waiting.count()})
            return "escalated"
    elif today >= review.due_on - REMIND_BEFORE:
        quiet = waiting.filter(reminded_at=None)
        agencies = set(quiet.values_list("agency_id", flat=True))
        if agencies:
            quiet.update(reminded_at=at)
            _tell(_leaders(agencies, today), NoticeKind.REVIEW_ASKED, review, at)
            _write(review, "review.remind", SYSTEM, at, {"agencies": sorted(agencies)})
            return "reminded"
    return ""


def may_answer(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor answers for an agency: its leader, or a system administrator."""
    if permissions.is_system_admin(actor):
        return True
    return actor.kind == "officer" and actor.has(Role.LEADER) and actor.agency_id == agency_id


def _over(position: Position, today: date) -> bool:
    return position.valid_to is not None and position.valid_to <= today


def _say(item: ReviewItem, wanted: Answer, actor: Actor, at: datetime, note: str) -> None:
    item.answer, item.note, item.answered_by_id, item.answered_at = wanted, note, actor.account_id, at
    item.save(update_fields=["answer", "note", "answered_by", "answered_at"])
    record(
        actor=actor, verb="review.answer", subject_kind="account", subject_id=item.position.account_id, at=at,
        payload={"review": item.review_id, "position": item.position_id, "answer": str(wanted), "note": note},
    )  # fmt: skip


def _leaders(agencies: set[int], today: date) -> list[int]:
    held = Position.objects.filter(
        holds_on(today), unit__agency_id__in=agencies, roles__contains=[Role.LEADER], account__is_active=True
    )
    return sorted(set(held.values_list("account_id", flat=True)))


def _tell(accounts: Iterable[int], kind: NoticeKind, review: AccessReview, at: datetime) -> None:
    for account in accounts:
        notices.tell(
            account_id=account,
            kind=kind,
            at=at,
            detail=_("Trả lời đến hết ngày %(day)s") % {"day": f"{review.due_on:%d/%m/%Y}"},
        )


def _first_day() -> date | None:
    return Position.objects.order_by("valid_from").values_list("valid_from", flat=True).first()


def _write(review: AccessReview, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject_kind="access_review",
        subject_id=review.pk,
        at=at,
        payload=dict(payload),
    )
