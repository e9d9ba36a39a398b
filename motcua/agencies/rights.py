"""Who may do what, in words, and who holds it: for the page of roles and for access reviews. Reads only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import AccessReview, Answer, Position, ReviewItem, holds_on
from motcua.agencies.operations.reviews import may_answer
from motcua.agencies.permissions import GIVEN_BY_SYSTEM_ADMIN, is_system_admin
from motcua.agencies.roles import ADMIN_ROLES, Role
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

PAGE = 100

MAY: dict[str, tuple[Promise, ...]] = {
    Role.GUIDE: (
        _("Hướng dẫn người dân chuẩn bị hồ sơ, ghi nhận người nộp."),
        _("Không tiếp nhận, không giải quyết."),
    ),
    Role.RECEIVER: (
        _("Tiếp nhận, từ chối tiếp nhận, yêu cầu và nhận bổ sung tại quầy, in giấy hẹn."),
        _("Thấy hồ sơ của cơ quan mình."),
    ),
    Role.CASHIER: (_("Nhận việc thu phí, lệ phí ở Bộ phận Một cửa."),),
    Role.SPECIALIST: (_("Thụ lý hồ sơ được giao: lấy ý kiến, yêu cầu bổ sung, tạm dừng, trình kết quả."),),
    Role.UNIT_HEAD: (_("Phân công trong phòng, trình hoặc trả lại, chuẩn bị xin lỗi và hẹn lại."),),
    Role.LEADER: (
        _("Phê duyệt kết quả, xin lỗi và hẹn lại, yêu cầu bổ sung lần hai."),
        _("Rà soát quyền của cán bộ trong cơ quan mỗi sáu tháng."),
    ),
    Role.CLERK: (_("Vào số, phát hành kết quả đã được phê duyệt."),),
    Role.RETURNER: (_("Trả kết quả cho người dân, ghi người nhận."),),
    Role.POSTAL: (_("Nhận và giao hồ sơ, kết quả qua bưu chính công ích."),),
    Role.BUSINESS_ADMIN: (
        _("Danh mục thủ tục, quy trình nội bộ, lịch làm việc."),
        _("Không có quyền trên tài khoản của người khác."),
    ),
    Role.UNIT_ADMIN: (
        _("Đơn vị, điểm tiếp nhận, cán bộ và vị trí của chính cơ quan mình."),
        _("Không giao vai trò quản trị và giám sát."),
    ),
    Role.SYSTEM_ADMIN: (
        _("Cây cơ quan, mọi cán bộ, sắp xếp lại, chuyển từ hệ thống cũ, tài khoản khẩn cấp."),
        _("Mọi việc làm đều vào nhật ký quản trị; không giải quyết hồ sơ."),
    ),
    Role.MONITOR: (
        _("Xem hồ sơ và tiến độ của cơ quan mình và các cơ quan bên dưới, không làm thay."),
        _("Xem ai đã đọc hồ sơ nào và nhật ký quản trị."),
    ),
}


@dataclass(frozen=True)
class RoleCard:
    """One role: what it may do, who gives it, and how many hold it among those the actor may count."""

    code: str
    label: str
    may: tuple[Promise, ...]
    given_by_system: bool
    strict: bool
    people: int


def roles_with_counts(actor: Actor, on: date) -> list[RoleCard]:
    """Return every role with the number of people who hold it: everywhere, or in the actor's own agency."""
    counts = dict(_counts(None if is_system_admin(actor) else actor.agency_id or 0, on))
    return [
        RoleCard(
            str(role),
            str(role.label),
            MAY[role],
            role in GIVEN_BY_SYSTEM_ADMIN,
            role in ADMIN_ROLES,
            counts.get(str(role), 0),
        )
        for role in Role
    ]


def _counts(agency: int | None, on: date) -> list[tuple[str, int]]:
    where = "" if agency is None else "and u.agency_id = %(agency)s"
    with connection.cursor() as cursor:
        cursor.execute(
            "select role, count(distinct p.account_id) from agencies_position p"  # noqa: S608
            " join agencies_unit u on u.id = p.unit_id"
            " join accounts_account a on a.id = p.account_id, unnest(p.roles) role"
            f" where a.is_active and p.valid_from <= %(on)s and (p.valid_to is null or p.valid_to > %(on)s) {where}"
            " group by role",
            {"on": on, "agency": agency},
        )
        return list(cursor.fetchall())


def holders(actor: Actor, role: str, on: date, *, after: str) -> tuple[list[Position], str]:
    """Return who holds a role and where, in the order of names, and the key of the next page."""
    if role not in Role.values:
        raise NotFound(str(_("Không có vai trò này.")))
    rows = Position.objects.filter(holds_on(on), roles__contains=[role], account__is_active=True)
    if not is_system_admin(actor):
        rows = rows.filter(unit__agency_id=actor.agency_id or 0)
    key, _mark, last = after.rpartition("~")
    if last.isdigit():
        rows = rows.filter(Q(account__sort_key__gt=key) | Q(account__sort_key=key, pk__gt=int(last)))
    found = list(
        rows.select_related("account", "unit__agency").order_by("account__sort_key", "pk")[: PAGE + 1]
    )
    more = f"{found[PAGE - 1].account.sort_key}~{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return found[:PAGE], more


# ── Access reviews


def rounds() -> list[AccessReview]:
    """Return the last rounds, the newest first, each with its numbers."""
    return list(
        AccessReview.objects.annotate(
            all=Count("items"), kept=Count("items", filter=Q(items__answer=Answer.KEEP)),
            ended=Count("items", filter=Q(items__answer=Answer.END)),
            gone=Count("items", filter=Q(items__answer=Answer.GONE)),
            left=Count("items", filter=Q(items__answer=Answer.NONE)),
        ).order_by("-opened_at")[:12]
    )  # fmt: skip


def one_round(review_id: int) -> AccessReview:
    """Return one round; refuses an unknown one."""
    row = AccessReview.objects.filter(pk=review_id).first()
    if row is None:
        raise NotFound(str(_("Không có đợt rà soát này.")))
    return row


def agencies_of(review: AccessReview, after: str) -> tuple[list[dict[str, Any]], str]:
    """Return the agencies of a round with what is answered, those with most unanswered first."""
    rows = (
        ReviewItem.objects.filter(review=review)
        .values("agency_id", "agency__short_name")
        .annotate(
            all=Count("pk"),
            left=Count("pk", filter=Q(answer=Answer.NONE)),
            ended=Count("pk", filter=Q(answer=Answer.END)),
        )
        .order_by("agency_id")
    )
    if after.isdigit():
        rows = rows.filter(agency_id__gt=int(after))
    found: list[dict[str, Any]] = [dict(one) for one in rows[: PAGE + 1]]
    return found[:PAGE], str(found[PAGE - 1]["agency_id"]) if len(found) > PAGE else ""


def items_of(review: AccessReview, agency_id: int, actor: Actor, after: str) -> tuple[list[ReviewItem], str]:
    """Return what one agency answers for, unanswered or not, in the order they came; for its leaders only."""
    if not may_answer(actor, agency_id):
        raise NotFound(str(_("Không có đợt rà soát này trong cơ quan của anh/chị.")))
    rows: QuerySet[ReviewItem] = ReviewItem.objects.filter(review=review, agency_id=agency_id)
    if after.isdigit():
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.select_related("position__account", "answered_by").order_by("pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def role_words(codes: list[str]) -> str:
    """Return roles as an office writes them."""
    return ", ".join(str(Role(code).label) for code in codes if code in Role.values)
