"""What the page of administrators' acts says: each act as words, what it was about, and why."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.models import Account
from motcua.agencies.agency_words import VERBS as AGENCY
from motcua.agencies.models import Agency, Unit
from motcua.agencies.rights import role_words
from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Calendar
from motcua.counters.hall_words import VERBS as HALL
from motcua.exchange.models import Client
from motcua.lib import retention
from motcua.procedures.models import LegalText, Procedure
from motcua.procedures.views.history_words import VERBS as PROCEDURE
from motcua.sites.desk.calendar_words import VERBS as CALENDAR
from motcua.workflow.models import Workflow

_OWN: dict[str, Promise] = {
    "account.open": gettext_lazy("Tạo tài khoản"),
    "citizen.adopt": gettext_lazy("Gắn tài khoản với công dân"),
    "citizen.link": gettext_lazy("Gắn định danh điện tử"),
    "citizen.release": gettext_lazy("Gỡ định danh điện tử"),
    "eforms.publish": gettext_lazy("Công bố biểu mẫu điện tử"),
    "eforms.draft_begin": gettext_lazy("Bắt đầu bản thảo biểu mẫu"),
    "eforms.draft_add": gettext_lazy("Thêm vào bản thảo biểu mẫu"),
    "eforms.draft_block": gettext_lazy("Thêm cụm câu hỏi vào bản thảo biểu mẫu"),
    "eforms.draft_save": gettext_lazy("Sửa bản thảo biểu mẫu"),
    "eforms.draft_move": gettext_lazy("Đổi thứ tự trong bản thảo biểu mẫu"),
    "eforms.draft_remove": gettext_lazy("Bỏ khỏi bản thảo biểu mẫu"),
    "eforms.draft_checks": gettext_lazy("Sửa phép kiểm tra của bản thảo biểu mẫu"),
    "eforms.draft_trials": gettext_lazy("Sửa bài thử của bản thảo biểu mẫu"),
    "eforms.draft_discard": gettext_lazy("Bỏ bản thảo biểu mẫu"),
    "eforms.ask_approval": gettext_lazy("Xin duyệt biểu mẫu điện tử"),
    "eforms.approve": gettext_lazy("Duyệt biểu mẫu điện tử"),
    "eforms.return_approval": gettext_lazy("Trả lại biểu mẫu xin duyệt"),
    "eforms.withdraw_approval": gettext_lazy("Rút biểu mẫu xin duyệt"),
    "eforms.finish": gettext_lazy("Khai xong tờ khai điện tử"),
    "eforms.invite": gettext_lazy("Mời người cùng xác nhận tờ khai"),
    "eforms.confirm": gettext_lazy("Xác nhận tờ khai"),
    "eforms.revoke": gettext_lazy("Thu lại lời mời xác nhận tờ khai"),
    "eforms.hand_in": gettext_lazy("Nộp tờ khai điện tử"),
    "online.begin": gettext_lazy("Bắt đầu hồ sơ trực tuyến"),
    "online.renew": gettext_lazy("Chuyển hồ sơ trực tuyến sang bản mới của thủ tục"),
    "vault.keep": gettext_lazy("Đưa giấy tờ vào kho của người dân"),
    "vault.erase": gettext_lazy("Xóa kho giấy tờ theo yêu cầu của người dân"),
    "online.discard": gettext_lazy("Bỏ hồ sơ trực tuyến đang chuẩn bị"),
    "account.invite": gettext_lazy("Tạo liên kết mời"),
    "account.appoint": gettext_lazy("Giao vị trí"),
    "account.end_position": gettext_lazy("Kết thúc vị trí"),
    "account.staff_code": gettext_lazy("Ghi mã cán bộ"),
    "account.set_email": gettext_lazy("Ghi địa chỉ thư của cán bộ"),
    "account.mail_news": gettext_lazy("Chọn nhận tin của hệ thống qua thư"),
    "account.disable": gettext_lazy("Khóa tài khoản"),
    "account.enable": gettext_lazy("Mở lại tài khoản"),
    "account.end_sessions": gettext_lazy("Ngắt mọi phiên làm việc"),
    "account.ask_reset": gettext_lazy("Đề nghị đặt lại đăng nhập"),
    "account.refuse_reset": gettext_lazy("Từ chối đặt lại đăng nhập"),
    "account.reset": gettext_lazy("Đặt lại đăng nhập"),
    "account.seal": gettext_lazy("Niêm phong tài khoản khẩn cấp"),
    "account.emergency_log_in": gettext_lazy("Mở tài khoản khẩn cấp"),
    "account.emergency_reason": gettext_lazy("Giải trình mở tài khoản khẩn cấp"),
    "account.remove_factor": gettext_lazy("Gỡ bước xác thực"),
    "account.delegate": gettext_lazy("Cử người làm thay"),
    "account.agree_delegation": gettext_lazy("Đồng ý cử người làm thay"),
    "account.refuse_delegation": gettext_lazy("Không đồng ý cử người làm thay"),
    "account.end_delegation": gettext_lazy("Kết thúc việc làm thay"),
    "opinion_template.save": gettext_lazy("Lưu mẫu ý kiến"),
    "opinion_template.drop": gettext_lazy("Bỏ mẫu ý kiến"),
    "enter_legal_text": gettext_lazy("Nhập văn bản pháp luật"),
    "correct_legal_text": gettext_lazy("Sửa văn bản pháp luật"),
    "agency.delegation_approval": gettext_lazy("Đặt việc duyệt cử người làm thay"),
    "agency.open_level": gettext_lazy("Thêm cấp cơ quan"),
    "agency.change_level": gettext_lazy("Sửa cấp cơ quan"),
    "calendar.confirm_year": gettext_lazy("Xác nhận đủ ngày của năm"),
    "calendar.add_swap": gettext_lazy("Thêm ngày hoán đổi"),
    "handling.give": gettext_lazy("Giao lĩnh vực cho phòng"),
    "handling.take": gettext_lazy("Thu lĩnh vực của phòng"),
    "review.open": gettext_lazy("Mở đợt rà soát quyền"),
    "review.answer": gettext_lazy("Trả lời rà soát quyền"),
    "review.remind": gettext_lazy("Nhắc rà soát quyền"),
    "review.escalate": gettext_lazy("Báo rà soát quyền quá hạn"),
    "review.close": gettext_lazy("Kết thúc đợt rà soát quyền"),
    "recompute.open": gettext_lazy("Tính lại ngày hẹn theo lịch"),
    "recompute.count": gettext_lazy("Tính xong ngày hẹn theo lịch"),
    "recompute.propose": gettext_lazy("Đề nghị giữ hay dời ngày hẹn"),
    "recompute.return": gettext_lazy("Trả lại đề nghị về ngày hẹn"),
    "recompute.approve": gettext_lazy("Duyệt giữ hay dời ngày hẹn"),
    "recompute.drop": gettext_lazy("Bỏ lần tính lại ngày hẹn"),
    "recompute.finish": gettext_lazy("Dời xong ngày hẹn theo lịch"),
    "reminders.own": gettext_lazy("Chọn nhận thư nhắc việc"),
    "reminders.agency": gettext_lazy("Đặt mặc định thư nhắc việc của cơ quan"),
    "notifications.again": gettext_lazy("Cho gửi lại thư chưa gửi được"),
    "notifications.give_token": gettext_lazy("Ghi mã Zalo mới"),
    "notifications.open_way": gettext_lazy("Mở lại kênh gửi tin"),
    "notifications.drop": gettext_lazy("Thôi gửi thư chưa gửi được"),
    "notifications.bounced": gettext_lazy("Hộp thư trả lại thư"),
    "notifications.leave": gettext_lazy("Người nhận thôi nhận thư"),
    "retention.propose": gettext_lazy("Đề nghị đổi thời hạn giữ dữ liệu"),
    "retention.approve": gettext_lazy("Duyệt thời hạn giữ dữ liệu"),
    "retention.refuse": gettext_lazy("Bỏ đề nghị đổi thời hạn giữ dữ liệu"),
    "retention.delete": gettext_lazy("Xóa dữ liệu hết thời hạn giữ"),
    "keeping.propose": gettext_lazy("Đề nghị thời hạn bảo quản"),
    "keeping.approve": gettext_lazy("Duyệt thời hạn bảo quản"),
    "keeping.refuse": gettext_lazy("Bỏ đề nghị thời hạn bảo quản"),
    "series.raise": gettext_lazy("Đặt số tiếp theo"),
    "questions.draft": gettext_lazy("Soạn câu hỏi khi đánh giá"),
    "questions.publish": gettext_lazy("Công bố câu hỏi khi đánh giá"),
    "questions.end": gettext_lazy("Thôi dùng câu hỏi khi đánh giá"),
    "people.letters": gettext_lazy("In thư mời"),
    "readings.look": gettext_lazy("Xem ai đã đọc hồ sơ"),
    "move.stage": gettext_lazy("Đọc thử tệp của hệ thống cũ"),
    "move.columns": gettext_lazy("Chọn cột cho tệp của hệ thống cũ"),
    "move.keep_map": gettext_lazy("Lưu sơ đồ cột"),
    "move.start": gettext_lazy("Nhập tệp của hệ thống cũ"),
    "move.finish": gettext_lazy("Nhập xong tệp của hệ thống cũ"),
    "move.cancel": gettext_lazy("Bỏ tệp của hệ thống cũ"),
    "client.register": gettext_lazy("Đăng ký hệ thống kết nối"),
    "client.change": gettext_lazy("Sửa kết nối"),
    "client.secret": gettext_lazy("Tạo khóa bí mật"),
    "client.end_secrets": gettext_lazy("Bỏ khóa bí mật cũ"),
    "client.revoke": gettext_lazy("Thu hồi kết nối"),
    "client.webhook": gettext_lazy("Đăng ký địa chỉ nhận tin"),
    "client.webhook_secret": gettext_lazy("Đổi khóa ký tin"),
    "client.webhook_end": gettext_lazy("Bỏ địa chỉ nhận tin"),
    "client.webhook_resume": gettext_lazy("Cho gửi lại tin đang chờ"),
    "offer": gettext_lazy("Cho cơ quan nhận thủ tục"),
    "withdraw": gettext_lazy("Thôi nhận thủ tục"),
    "import": gettext_lazy("Nhập danh mục thủ tục"),
    "new_version": gettext_lazy("Soạn bản quy trình mới"),
    "begin": gettext_lazy("Bắt đầu quy trình"),
    "retire": gettext_lazy("Thôi dùng quy trình"),
    "apply": gettext_lazy("Gắn quy trình cho thủ tục"),
    "save_draft": gettext_lazy("Lưu bản thảo quy trình"),
    "discard": gettext_lazy("Bỏ bản thảo"),
    "follow": gettext_lazy("Chuyển theo cơ quan"),
    "draft_paper_text": gettext_lazy("Soạn lời của giấy tờ"),
    "drop_paper_text": gettext_lazy("Bỏ bản nháp lời của giấy tờ"),
    "publish_paper_text": gettext_lazy("Ban hành lời của giấy tờ"),
    "follow_paper_text": gettext_lazy("Thôi dùng lời riêng của giấy tờ"),
    "draft_result_template": gettext_lazy("Nộp mẫu kết quả"),
    "drop_result_template": gettext_lazy("Bỏ bản nháp mẫu kết quả"),
    "publish_result_template": gettext_lazy("Ban hành mẫu kết quả"),
    "certification.open_volume": gettext_lazy("Mở quyển sổ chứng thực"),
    "copy_register": gettext_lazy("Tải sổ theo dõi hồ sơ"),
    "copy_elsewhere": gettext_lazy("Tải sổ hồ sơ phi địa giới"),
    "copy_archive": gettext_lazy("Tải danh mục hồ sơ nộp lưu"),
}

#: What the trail is about, for the filter; the order is the one of the list.
KINDS: dict[str, Promise] = {
    "account": gettext_lazy("Tài khoản, vị trí"),
    "agency": gettext_lazy("Cơ quan, đơn vị"),
    "calendar": gettext_lazy("Lịch làm việc"),
    "calendar_day": gettext_lazy("Ngày của lịch"),
    "recompute": gettext_lazy("Ngày hẹn tính lại"),
    "procedure": gettext_lazy("Thủ tục"),
    "workflow": gettext_lazy("Quy trình"),
    "series": gettext_lazy("Sổ và dãy số"),
    "retention": gettext_lazy("Thời hạn giữ dữ liệu"),
    "keeping": gettext_lazy("Thời hạn bảo quản hồ sơ"),
    "legal_text": gettext_lazy("Văn bản pháp luật"),
    "message": gettext_lazy("Thư, tin báo"),
    "provider": gettext_lazy("Kênh gửi tin"),
    "access_review": gettext_lazy("Rà soát quyền"),
    "move": gettext_lazy("Chuyển từ hệ thống cũ"),
    "client": gettext_lazy("Hệ thống kết nối"),
    "readings": gettext_lazy("Xem nhật ký đọc hồ sơ"),
    "paper_text": gettext_lazy("Lời của giấy tờ"),
    "result_template": gettext_lazy("Mẫu kết quả"),
    "certification_book": gettext_lazy("Sổ chứng thực"),
    "hall": gettext_lazy("Sảnh lấy số"),
    "register": gettext_lazy("Sổ theo dõi hồ sơ"),
    "archive": gettext_lazy("Hồ sơ nộp lưu"),
    "question_set": gettext_lazy("Câu hỏi khi đánh giá"),
}

_TOLD = (
    "reason",
    "note",
    "name",
    "title",
    "unit",
    "to",
    "code",
    "login_name",
    "source",
    "basis",
    "staff_code",
    "decision",
)


def rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return entries as the table shows them: one query for each kind of subject on the page."""
    names = _names(entries)
    return [
        {
            "entry": one, "what": what(one), "about": names.get((one.subject_kind, one.subject_id), ""),
            "kind": KINDS.get(one.subject_kind, ""), "told": told(one),
        }
        for one in entries
    ]  # fmt: skip


def what(entry: Entry) -> str:
    """Return an act in words; one that has none is shown by its own name, and a test says so."""
    table = PROCEDURE if entry.subject_kind == "procedure" else {}
    found = (
        table.get(entry.verb)
        or _OWN.get(entry.verb)
        or AGENCY.get(entry.verb)
        or CALENDAR.get(entry.verb)
        or HALL.get(entry.verb)
    )
    if entry.subject_kind == "workflow" and entry.verb == "publish":
        return _("Công bố quy trình")
    words = str(found or PROCEDURE.get(entry.verb) or entry.verb)
    facts = {
        "version": "",
        "part": "",
        "decision": "",
        **{key: str(value) for key, value in entry.payload.items()},
    }
    return " ".join((words % facts).replace("  ", " ").rstrip(" :,").split()) if "%(" in words else words


def told(entry: Entry) -> str:
    """Return the facts of an act that a person wants to read: reason, name, roles."""
    facts = entry.payload
    parts = [str(facts[name]) for name in _TOLD if isinstance(facts.get(name), str) and facts[name]]
    if isinstance(facts.get("roles"), list):
        parts.append(role_words(facts["roles"]))
    if entry.verb.startswith("retention."):
        if entry.verb == "retention.delete":
            parts.append(_("%(count)s mục") % {"count": facts.get("count")})
        elif facts.get("from") != facts.get("days"):
            parts.append(
                _("%(before)s → %(after)s ngày") % {"before": facts.get("from"), "after": facts.get("days")}
            )
    if entry.verb in {"copy_register", "copy_elsewhere", "copy_archive"}:
        parts += [_("%(count)s hồ sơ") % {"count": facts.get("dossiers")}, str(facts.get("kind", "")).upper()]
    if entry.verb == "series.raise":
        parts.append(_("số cuối %(last)s") % {"last": facts.get("last")})
    text = "; ".join(dict.fromkeys(part for part in parts if part))
    return text if len(text) <= 240 else f"{text[:239]}…"


def _names(entries: list[Entry]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for kind, model, field in (
        ("account", Account, "full_name"), ("agency", Agency, "short_name"), ("calendar", Calendar, "name"),
        ("procedure", Procedure, "name"), ("workflow", Workflow, "name"),
        ("legal_text", LegalText, "number"), ("unit", Unit, "name"), ("client", Client, "name"),
    ):  # fmt: skip
        ids = {one.subject_id for one in entries if one.subject_kind == kind and one.subject_id.isdigit()}
        if ids:
            for pk, name in model._default_manager.filter(pk__in=ids).values_list("pk", field):
                found[kind, str(pk)] = name
    for one in entries:
        if one.subject_kind == "retention" and (kind_of := retention.found(one.subject_id)):
            found[one.subject_kind, one.subject_id] = _(kind_of.name)
    own = {(one.subject_kind, one.subject_id): one.agency_id for one in entries if one.agency_id}
    if own:
        named = dict(Agency.objects.filter(pk__in=set(own.values())).values_list("pk", "short_name"))
        found |= {subject: named.get(agency, "") for subject, agency in own.items()}
    return found
