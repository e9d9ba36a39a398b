"""How the copy of one's data reads on paper, which is Vietnamese: names of fields, and values as words."""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import paper_words
from motcua.dossiers.words import ACTIONS, LEGAL
from motcua.privacy.states import NAMES, STATES, Kind, State
from motcua.procedures.models.words import Channel

FIELDS: dict[str, str] = {
    "when": "Lúc", "full_name": "Họ tên", "personal_id": "Số định danh",
    "passport_number": "Số hộ chiếu", "passport_country": "Nước cấp",
    "no_paper_reason": "Lý do không có giấy tờ", "birth_date": "Ngày sinh", "birth_year": "Năm sinh",
    "sex": "Giới tính", "phone": "Điện thoại", "email": "Thư điện tử", "address": "Nơi cư trú",
    "nationality": "Quốc tịch", "code": "Mã", "applicant_name": "Chủ hồ sơ",
    "channel": "Cách nộp", "status": "Trạng thái", "summary": "Nội dung",
    "contact_phone": "Điện thoại liên hệ", "contact_email": "Thư điện tử liên hệ",
    "return_address": "Nơi nhận kết quả", "authority": "Giấy tờ ủy quyền",
    "post_sender": "Người gửi bưu chính", "note": "Ghi chú", "reason": "Lý do",
    "items": "Giấy tờ được yêu cầu", "question": "Câu hỏi", "opinion": "Ý kiến",
    "given_to": "Giao cho", "form": "Mẫu", "number": "Số", "data": "Nội dung giấy",
    "correction": "Lý do sửa", "content": "Nội dung", "returned_to": "Người nhận kết quả",
    "returned_paper": "Giấy tờ đã xuất trình", "text": "Nội dung", "why": "Vì sao",
    "name": "Tên", "void_reason": "Lý do bỏ số", "wants": "Yêu cầu", "answer": "Trả lời",
    "original_name": "Tên tệp", "verb": "Việc", "payload": "Chi tiết", "way": "Ở đâu",
    "how": "Bằng cách nào", "submitted_at": "Nộp lúc", "as": "Vai trò",
    "sent_back_reason": "Lý do trả lại", "source": "Từ đâu", "issuer": "Nơi cấp", "issued_on": "Ngày cấp",
    "valid_to": "Có giá trị đến", "origin_code": "Đến cùng", "handed_in_on": "Ngày nộp", "position": "Tệp thứ",
    "used_in": "Để làm gì", "certified_by": "Người chứng thực", "signed_by": "Người ký số",
    "signer": "Người xác nhận", "confirmed_at": "Xác nhận lúc", "level": "Mức định danh",
    "by": "Cơ quan, chức danh", "accepted_at": "Tiếp nhận lúc", "due_at": "Hẹn", "finished_at": "Xong lúc",
    "returned_at": "Trả lúc", "step_name": "Bước", "ended_at": "Xong lúc", "asked_at": "Hỏi lúc",
    "answer_by": "Trả lời trước", "received_at": "Nhận lúc", "answered_at": "Trả lời lúc", "new_due_at": "Hẹn lại",
    "originals": "Số bản chính",
    "certified": "Số bản chứng thực", "plain_copies": "Số bản chụp", "since": "Từ lúc", "until": "Đến lúc",
    "settled_at": "Xong lúc", "opened_at": "Mở lúc", "linked_at": "Gắn lúc", "kind": "Loại", "state": "Trạng thái",
    "valid_until": "Có hiệu lực đến", "begun_at": "Bắt đầu lúc", "handed_in_at": "Nộp lúc", "volume": "Quyển",
    "year": "Năm", "copies": "Số bản", "made_at": "Làm lúc", "closed_at": "Khép lúc", "pressed_at": "Nộp lúc",
    "pressed_name": "Người bấm nộp", "helper_name": "Người giúp khai", "subject": "Tên ở nơi cấp định danh",
    "last_at": "Lần cuối lúc", "values": "Câu trả lời",
}  # fmt: skip
#: What is whole only in the file for programs: papers, declarations, facts of an act.
_WHOLE = "đầy đủ trong du-lieu.json"
#: Acts without a word of their own among `dossiers.words.ACTIONS`: what the history of a dossier says in sentences.
_VERBS = {
    "person.register": "Ghi thông tin người nộp",
    "person.update": "Sửa thông tin người nộp",
    "person.restrict": "Hạn chế dùng dữ liệu",
    "person.unrestrict": "Thôi hạn chế dùng dữ liệu",
    "person.forget_contact": "Xóa điện thoại, thư điện tử",
    "person.erase": "Xóa dữ liệu của người này",
    "decide_posting": "Quyết định niêm yết",
    "certify_number": "Lấy số chứng thực",
    "certify_pay": "Thu phí chứng thực",
    "certify_void": "Hủy số chứng thực",
    "certify_electronic": "Làm bản sao điện tử có chứng thực",
    "certify_correct": "Sửa giấy tờ cần chứng thực",
    "certify_send_back": "Lãnh đạo trả lại để sửa",
    "split": "Tách hồ sơ",
    "compose_result": "Soạn kết quả",
    "reuse_paper": "Dùng lại giấy tờ đã có",
    "move_in": "Chuyển từ hệ thống cũ",
    "move_in_again": "Cập nhật từ hệ thống cũ",
    "old_act": "Việc đã làm ở hệ thống cũ",
    "objected": "Ghi phản ánh, kiến nghị về hồ sơ",
}
_OTHER = "Việc khác"
_PARTS = {"submitter": "người nộp", "representative": "người đại diện"}


def field(name: str) -> str:
    """Return what a field is called."""
    return FIELDS.get(name, name)


def value(table: str, name: str, plain: Any) -> str:
    """Return a value of a table's field, as the copy's JSON holds it, as it is read on paper."""
    special = _special(table, name, plain)
    if special:
        return special
    if isinstance(plain, bool):
        return _("có") if plain else _("không")
    if isinstance(plain, dict):
        return str(plain["reason"]) if isinstance(plain.get("reason"), str) and plain["reason"] else _WHOLE
    if isinstance(plain, list):
        return "; ".join(_leaves(plain))
    kind = _kind(table, name)
    if name == "when" or isinstance(kind, models.DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(plain)):%H:%M %d/%m/%Y}"
    if isinstance(kind, models.DateField):
        return f"{date.fromisoformat(plain):%d/%m/%Y}"
    return str(dict(getattr(kind, "flatchoices", ())).get(plain, plain))


def _special(table: str, name: str, plain: Any) -> str:
    """Return the words of a value whose field does not know them."""
    match table, name:
        case "audit.Entry", "verb":
            return str(ACTIONS.get(plain) or _VERBS.get(plain, _OTHER))
        case "dossiers.Dossier", "status":
            return str(LEGAL.get((plain, ""), ""))
        case "dossiers.Dossier", "channel":
            return str(Channel(plain).label)
        case ("dossiers.Paper", "data") | ("eforms.FormAnswer", "values"):
            return _WHOLE
        case "dossiers.Paper", "form":
            return paper_words.title(plain)
        case "privacy.DataRequest", "kind":
            return _(NAMES[Kind(plain)])
        case "privacy.DataRequest", "state":
            return _(STATES[State(plain)])
        case _, "as":
            return _PARTS[plain]
    return ""


def _kind(table: str, name: str) -> Any:
    """Return the field behind a value, None where it is not one of the table's."""
    try:
        return apps.get_model(table)._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return None


def _leaves(plain: Any) -> list[str]:
    """Return the words in a nested value, in order."""
    if isinstance(plain, dict):
        plain = list(plain.values())
    if isinstance(plain, list):
        return [word for one in plain for word in _leaves(one)]
    return [plain] if isinstance(plain, str) and plain else []
