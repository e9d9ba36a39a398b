"""Vietnamese names of tables, fields and values in copies, certificates and on pages."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.lib import retention
from motcua.lib.finding import mark

_TABLES: dict[str, str] = {
    "applicants.Person": mark("Người dân"),
    "applicants.LookUp": mark("Ai đã tìm anh/chị khi tiếp nhận"),
    "audit.Entry": mark("Lịch sử việc đã làm"),
    "files.StoredFile": mark("Tệp đã nộp"),
    "dossiers.Dossier": mark("Hồ sơ"),
    "dossiers.Task": mark("Bước giải quyết"),
    "dossiers.Pause": mark("Tạm dừng"),
    "dossiers.SupplementRequest": mark("Yêu cầu bổ sung"),
    "dossiers.Consultation": mark("Ý kiến đã hỏi"),
    "dossiers.Apology": mark("Xin lỗi, hẹn lại"),
    "dossiers.Holding": mark("Nơi giữ bản giấy"),
    "dossiers.HandoverLine": mark("Bàn giao bản giấy"),
    "dossiers.HandoverSlip": mark("Phiếu bàn giao giữa các đơn vị"),
    "dossiers.DossierDocument": mark("Giấy tờ trong hồ sơ"),
    "dossiers.KnownName": mark("Tên được gợi ý khi tiếp nhận"),
    "dossiers.Paper": mark("Giấy đã in"),
    "dossiers.AccessLog": mark("Ai đã mở hồ sơ"),
    "dossiers.Shown": mark("Ai đã thấy hồ sơ trong danh sách"),
    "dossiers.Posting": mark("Niêm yết"),
    "dossiers.Result": mark("Kết quả"),
    "dossiers.Note": mark("Ghi chú nội bộ"),
    "dossiers.Relation": mark("Hồ sơ liên quan"),
    "dossiers.ScanText": mark("Chữ máy đọc từ tệp"),
    "certification.Visit": mark("Lượt chứng thực"),
    "certification.CopiedPaper": mark("Bản sao đã chứng thực"),
    "certification.Signer": mark("Chữ ký đã chứng thực"),
    "privacy.DataRequest": mark("Yêu cầu về dữ liệu của mình"),
    "applicants.Organization": mark("Tổ chức"),
}
_FIELDS: dict[str, str] = {
    "when": mark("Lúc"), "full_name": mark("Họ tên"), "personal_id": mark("Số định danh"),
    "passport_number": mark("Số hộ chiếu"), "passport_country": mark("Nước cấp"),
    "no_paper_reason": mark("Lý do không có giấy tờ"), "birth_date": mark("Ngày sinh"), "birth_year": mark("Năm sinh"),
    "sex": mark("Giới tính"), "phone": mark("Điện thoại"), "email": mark("Thư điện tử"), "address": mark("Nơi cư trú"),
    "nationality": mark("Quốc tịch"), "code": mark("Mã hồ sơ"), "applicant_name": mark("Chủ hồ sơ"),
    "channel": mark("Cách nộp"), "status": mark("Trạng thái"), "summary": mark("Nội dung"),
    "contact_phone": mark("Điện thoại liên hệ"), "contact_email": mark("Thư điện tử liên hệ"),
    "return_address": mark("Nơi nhận kết quả"), "authority": mark("Giấy tờ ủy quyền"),
    "post_sender": mark("Người gửi bưu chính"), "note": mark("Ghi chú"), "reason": mark("Lý do"),
    "items": mark("Giấy tờ được yêu cầu"), "question": mark("Câu hỏi"), "opinion": mark("Ý kiến"),
    "given_to": mark("Giao cho"), "form": mark("Mẫu"), "number": mark("Số"), "data": mark("Nội dung giấy"),
    "correction": mark("Lý do sửa"), "content": mark("Nội dung"), "returned_to": mark("Người nhận kết quả"),
    "returned_paper": mark("Giấy tờ đã xuất trình"), "text": mark("Nội dung"), "why": mark("Vì sao"),
    "name": mark("Tên"), "void_reason": mark("Lý do bỏ số"), "wants": mark("Yêu cầu"), "answer": mark("Trả lời"),
    "original_name": mark("Tên tệp"), "verb": mark("Việc"), "payload": mark("Chi tiết"), "way": mark("Ở đâu"),
    "how": mark("Bằng cách nào"), "submitted_at": mark("Nộp lúc"), "as": mark("Vai trò"),
    "sent_back_reason": mark("Lý do trả lại"),
}  # fmt: skip
_DONE: dict[str, str] = {"erased": mark("Đã xóa"), "blanked": mark("Đã bỏ trống"), "kept": mark("Giữ lại")}


def table(label: str, kind: retention.Kind | None) -> str:
    """Return what a table is called; a new one by its kind of retention."""
    return _(_TABLES[label]) if label in _TABLES else _(kind.name) if kind else label


def field(name: str) -> str:
    """Return what a field is called."""
    return _(_FIELDS[name]) if name in _FIELDS else name


def done(what: str) -> str:
    """Return what became of the rows of a table."""
    return _(_DONE[what])


def value(name: str, plain: Any) -> str:
    """Return a value as it is read on paper."""
    if isinstance(plain, bool):
        return _("có") if plain else _("không")
    if isinstance(plain, dict | list):
        return json.dumps(plain, ensure_ascii=False)
    text = str(plain)
    if name in {"when", "submitted_at"}:
        return f"{timezone.localtime(datetime.fromisoformat(text)):%H:%M %d/%m/%Y}"
    return text
