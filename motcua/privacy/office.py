"""What an agency's keepers see on their first page: incidents whose notices are owed, requests that are due."""

from django.utils.translation import gettext_lazy as _

from motcua.dossiers.office_today import Task
from motcua.privacy.roles import KEEPERS

_OWED = """from privacy_incident i where i.closed_at is null and i.home_agency_id = any(%(homes)s::bigint[])
  and ((i.serious and i.first_notice_at is null) or i.authority_at is null or i.people_at is null)"""
_KEEPERS = frozenset(str(one) for one in KEEPERS)

TASKS: tuple[Task, ...] = (
    Task(
        "incidents", _KEEPERS, f"select count(*) {_OWED}",
        _("%(n)s sự cố dữ liệu cá nhân còn phải báo"),
        _("Đồng hồ 24 và 72 giờ chạy cả đêm và ngày nghỉ; trang sự cố nói còn bao lâu."), "incidents", late=True,
    ),
    Task(
        "data-requests-late", _KEEPERS,
        "select count(*) from privacy_datarequest where closed_at is null and home_agency_id = any(%(homes)s::bigint[])"
        " and (due_at < now() or (state = 'new' and answer_due_at < now()))",
        _("%(n)s yêu cầu về dữ liệu cá nhân đã quá hạn"),
        _("Trả lời ngay và ghi vì sao chậm."), "data-requests", late=True,
    ),
    Task(
        "data-requests", _KEEPERS,
        "select count(*) from privacy_datarequest where state = 'new' and home_agency_id = any(%(homes)s::bigint[])"
        " and answer_due_at >= now()",
        _("%(n)s yêu cầu về dữ liệu cá nhân chờ trả lời"),
        _("Luật cho hai ngày làm việc để trả lời lần đầu."), "data-requests",
    ),
)  # fmt: skip
