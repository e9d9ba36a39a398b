"""What waits for those who look after the office itself: administrators, and leaders as the second person.

Numbers only, all of one officer in one query; `dossiers.today` says them on the first page, with what waits among the
dossiers. Each counts what this person may settle: never their own request where a second person has to.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role
from motcua.lib.actor import Actor

#: From this month on the next year's days off are missed.
MONTH_OF_DAYS = 10


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of thing: whose it is, the number as SQL, what is said and why, and the page by its name."""

    key: str
    roles: frozenset[str]
    counted: str
    what: Promise
    why: Promise
    page: str
    late: bool = False


_RESETS = """select count(*) from accounts_resetrequest r
  where r.state = 'asked' and r.asked_by_id <> %(account)s and r.account_id <> %(account)s
  and (%(system)s or exists (select 1 from agencies_position p join agencies_unit u on u.id = p.unit_id
    where p.account_id = r.account_id and u.agency_id = %(home)s and p.valid_from <= %(today)s
    and (p.valid_to is null or p.valid_to > %(today)s)))"""
_REVIEWED = """from agencies_reviewitem i join agencies_accessreview v on v.id = i.review_id
  join agencies_position p on p.id = i.position_id
  where v.closed_at is null and i.answer = '' and p.account_id <> %(account)s"""
_PEOPLE = frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN})
_SYSTEM = frozenset({Role.SYSTEM_ADMIN})
_BUSINESS = frozenset({Role.BUSINESS_ADMIN})
_KEEPERS = _BUSINESS | _SYSTEM

# In the order in which waiting does harm.
TASKS: tuple[Task, ...] = (
    Task(
        "seals", _SYSTEM,
        "select count(*) from accounts_emergencyseal where broken_at is not null and replaced_at is null",
        _("%(n)s tài khoản khẩn cấp đã mở, chưa niêm phong lại"),
        _("Ai cầm phong bì cũ còn vào được; niêm phong lại là đổi mật khẩu và mã."), "agencies_emergency", late=True,
    ),
    Task(
        "changes", _SYSTEM,
        "select count(*) from agencies_plannedchange where state = 'planned' and problem <> ''",
        _("%(n)s thay đổi cơ quan đã đến ngày mà chưa thực hiện được"),
        _("Hồ sơ, người còn ở cơ quan cũ; trang của thay đổi nói điều vướng."), "agencies_changes", late=True,
    ),
    Task(
        "resets", _PEOPLE,
        _RESETS,
        _("%(n)s người chờ đặt lại đăng nhập"),
        _("Họ chưa làm việc được; cần anh/chị xác nhận là người thứ hai."), "agencies_resets",
    ),
    Task(
        "review", frozenset({Role.LEADER}),
        f"select count(*) {_REVIEWED} and i.agency_id = any(%(homes)s::bigint[])",
        _("%(n)s vị trí chờ anh/chị rà soát quyền"),
        _("Sáu tháng một lần: ai còn giữ vị trí, vai trò nào."), "agencies_reviews",
    ),
    Task(
        "reviews-late", _SYSTEM, f"select count(*) {_REVIEWED} and v.due_on < %(today)s",
        _("%(n)s vị trí quá hạn rà soát quyền"),
        _("Lãnh đạo chưa trả lời; anh/chị trả lời thay được."), "agencies_reviews", late=True,
    ),
    Task(
        "approvals", frozenset({Role.BUSINESS_ADMIN, Role.LEADER}),
        "select count(*) from procedures_approval where outcome = '' and asked_by_id <> %(account)s"
        " and (%(business)s or asked_agency_id = %(home)s)",
        _("%(n)s thay đổi thủ tục chờ anh/chị duyệt"),
        _("Chưa có người thứ hai duyệt thì bản mới chưa có hiệu lực."), "procedure_list",
    ),
    Task(
        "recomputes", _KEEPERS,
        "select count(*) from dossiers_recompute where state = 'proposed' and proposed_by is distinct from %(account)s",
        _("%(n)s lần tính lại ngày hẹn chờ anh/chị duyệt"),
        _("Chưa duyệt thì người dân vẫn theo ngày hẹn cũ."), "recompute_list",
    ),
    Task(
        "uncounted", _KEEPERS, "select count(*) from dossiers_recompute where state = 'counted'",
        _("%(n)s lần tính lại ngày hẹn chờ chọn giữ hay dời"),
        _("Lịch đã đổi sau khi hẹn; chọn rồi gửi người thứ hai duyệt."), "recompute_list",
    ),
    Task(
        "days", _KEEPERS, "select count(*) from calendars_day where status = 'proposed'",
        _("%(n)s ngày nghỉ, làm bù mới chỉ là đề xuất"),
        _("Chưa duyệt thì chưa tính vào ngày hẹn trả."), "calendar_list",
    ),
    Task(
        "year", _KEEPERS,
        "select case when %(asked_year)s > 0 and not exists"
        " (select 1 from calendars_calendaryear where year = %(asked_year)s) then 1 else 0 end",
        _("Lịch nghỉ năm sau chưa được xác nhận"),
        _("Hồ sơ hẹn sang năm sau đang tính thiếu ngày nghỉ Tết, lễ."), "calendar_list",
    ),
    Task(
        "keeping", _SYSTEM,
        "select count(*) from procedures_keepingperiod where decided_at is null and proposed_by <> %(account)s",
        _("%(n)s thời hạn bảo quản chờ anh/chị duyệt"),
        _("Chưa có người thứ hai duyệt thì chưa dùng được."), "keeping",
    ),
    Task(
        "spans", _SYSTEM,
        "select count(*) from retention_spanchange where decided_at is null and proposed_by <> %(account)s",
        _("%(n)s thay đổi thời gian giữ dữ liệu chờ anh/chị duyệt"),
        _("Việc xóa ban đêm vẫn theo thời gian cũ."), "retention",
    ),
    Task(
        "flags", _BUSINESS, "select count(*) from procedures_importflag where settled_at is null",
        _("%(n)s chỗ nghi ngờ trong danh mục thủ tục"),
        _("Máy nhập không đoán; xem từng chỗ hoặc cả loạt giống nhau."), "procedure_flags",
    ),
)  # fmt: skip


def tasks_of(actor: Actor) -> list[Task]:
    """Return the kinds that are this officer's to settle."""
    return [one for one in _all() if actor.roles & one.roles]


@cache
def _all() -> tuple[Task, ...]:
    """Return the kinds of here with those that apps above bring (settings MOTCUA_OFFICE_TASKS): these first."""
    brought: list[Task] = []
    for name in settings.MOTCUA_OFFICE_TASKS:
        brought += import_string(name)
    return (*brought, *TASKS)


def counts(actor: Actor, today: date) -> dict[str, int]:
    """Return how many of each wait: one query, none for those who look after dossiers alone."""
    mine = tasks_of(actor)
    if not mine:
        return {}
    asked: dict[str, Any] = {
        "account": actor.account_id or 0,
        "home": actor.agency_id or 0,
        "homes": sorted({actor.agency_id or 0, *actor.stands_for}),
        "system": actor.has(Role.SYSTEM_ADMIN),
        "business": actor.has(Role.BUSINESS_ADMIN),
        "today": today,
        "asked_year": today.year + 1 if today.month >= MONTH_OF_DAYS else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"({one.counted})" for one in mine), asked)
        found = cursor.fetchone()
    return {one.key: int(number) for one, number in zip(mine, found, strict=True)}
