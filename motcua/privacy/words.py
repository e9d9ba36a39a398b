"""Vietnamese names of tables, fields and values in copies, certificates and on pages."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.lib import retention

_TABLES: dict[str, Promise] = {
    "applicants.Person": gettext_lazy("Người dân"),
    "applicants.LookUp": gettext_lazy("Ai đã tìm anh/chị khi tiếp nhận"),
    "audit.Entry": gettext_lazy("Lịch sử việc đã làm"),
    "files.StoredFile": gettext_lazy("Tệp đã nộp"),
    "dossiers.Dossier": gettext_lazy("Hồ sơ"),
    "dossiers.Task": gettext_lazy("Bước giải quyết"),
    "dossiers.Pause": gettext_lazy("Tạm dừng"),
    "dossiers.SupplementRequest": gettext_lazy("Yêu cầu bổ sung"),
    "dossiers.Consultation": gettext_lazy("Ý kiến đã hỏi"),
    "dossiers.Apology": gettext_lazy("Xin lỗi, hẹn lại"),
    "dossiers.Holding": gettext_lazy("Nơi giữ bản giấy"),
    "dossiers.HandoverLine": gettext_lazy("Bàn giao bản giấy"),
    "dossiers.HandoverSlip": gettext_lazy("Phiếu bàn giao giữa các đơn vị"),
    "dossiers.DossierDocument": gettext_lazy("Giấy tờ trong hồ sơ"),
    "dossiers.KnownName": gettext_lazy("Tên được gợi ý khi tiếp nhận"),
    "dossiers.Paper": gettext_lazy("Giấy đã in"),
    "dossiers.AccessLog": gettext_lazy("Ai đã mở hồ sơ"),
    "dossiers.Shown": gettext_lazy("Ai đã thấy hồ sơ trong danh sách"),
    "dossiers.Posting": gettext_lazy("Niêm yết"),
    "dossiers.Result": gettext_lazy("Kết quả"),
    "dossiers.Note": gettext_lazy("Ghi chú nội bộ"),
    "dossiers.Relation": gettext_lazy("Hồ sơ liên quan"),
    "dossiers.ScanText": gettext_lazy("Chữ máy đọc từ tệp"),
    "certification.Visit": gettext_lazy("Lượt chứng thực"),
    "certification.CopiedPaper": gettext_lazy("Bản sao đã chứng thực"),
    "certification.Signer": gettext_lazy("Chữ ký đã chứng thực"),
    "certification.ElectronicCopy": gettext_lazy("Bản sao điện tử có chứng thực"),
    "privacy.DataRequest": gettext_lazy("Yêu cầu về dữ liệu của mình"),
    "applicants.Organization": gettext_lazy("Tổ chức"),
    "applicants.CitizenAccount": gettext_lazy("Tài khoản đăng nhập"),
    "applicants.CitizenIdentity": gettext_lazy("Định danh đã dùng để đăng nhập"),
    "applicants.Mandate": gettext_lazy("Ai được làm thay ai"),
    "applicants.VaultPaper": gettext_lazy("Giấy tờ trong kho của anh/chị"),
    "applicants.VaultFile": gettext_lazy("Tệp trong kho của anh/chị"),
    "applicants.VaultLook": gettext_lazy("Ai đã xem kho giấy tờ"),
    "eforms.FormAnswer": gettext_lazy("Tờ khai điện tử"),
    "eforms.Confirmation": gettext_lazy("Lời xác nhận trong tờ khai"),
    "online.Application": gettext_lazy("Hồ sơ trực tuyến"),
    "online.ApplicationPaper": gettext_lazy("Giấy tờ của hồ sơ trực tuyến"),
    "online.ApplicationFile": gettext_lazy("Tệp của hồ sơ trực tuyến"),
    "exchange.Incoming": gettext_lazy("Tin hệ thống khác gửi đến"),
}
# On paper only.
_FIELDS: dict[str, str] = {
    "when": "Lúc", "full_name": "Họ tên", "personal_id": "Số định danh",
    "passport_number": "Số hộ chiếu", "passport_country": "Nước cấp",
    "no_paper_reason": "Lý do không có giấy tờ", "birth_date": "Ngày sinh", "birth_year": "Năm sinh",
    "sex": "Giới tính", "phone": "Điện thoại", "email": "Thư điện tử", "address": "Nơi cư trú",
    "nationality": "Quốc tịch", "code": "Mã hồ sơ", "applicant_name": "Chủ hồ sơ",
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
    "sent_back_reason": "Lý do trả lại",
}  # fmt: skip
_DONE: dict[str, Promise] = {
    "erased": gettext_lazy("Đã xóa"),
    "blanked": gettext_lazy("Đã bỏ trống"),
    "kept": gettext_lazy("Giữ lại"),
}
_WOULD: dict[str, Promise] = {
    "erased": gettext_lazy("Sẽ xóa"),
    "blanked": gettext_lazy("Sẽ bỏ trống"),
    "kept": gettext_lazy("Giữ lại"),
}


def is_named(label: str) -> bool:
    """Tell whether a table has a name for people."""
    return label in _TABLES


def table(label: str, kind: retention.Kind | None) -> str:
    """Return what a table is called; a new one by its kind of retention."""
    return str(_TABLES[label]) if label in _TABLES else _(kind.name) if kind else label


def field(name: str) -> str:
    """Return what a field is called on paper, which is Vietnamese."""
    return _FIELDS.get(name, name)


def done(what: str, *, done: bool = True) -> str:
    """Return what became of the rows of a table; not `done`: what will."""
    return str((_DONE if done else _WOULD)[what])


def erasure(certificate: dict[str, Any], *, done: bool) -> str:
    """Return in one or two sentences what an erasure did, or would do; "" for a certificate of something else."""
    if "dossiers" not in certificate:
        return ""
    said = []
    prepared = certificate.get("unfinished", 0)
    if prepared:
        said.append(
            (ngettext("Đã xóa %(n)s hồ sơ trực tuyến chưa nộp, cùng tờ khai và tệp.",
                      "Đã xóa %(n)s hồ sơ trực tuyến chưa nộp, cùng tờ khai và tệp.", prepared)
             if done else
             ngettext("Xóa %(n)s hồ sơ trực tuyến chưa nộp, cùng tờ khai và tệp.",
                      "Xóa %(n)s hồ sơ trực tuyến chưa nộp, cùng tờ khai và tệp.", prepared)) % {"n": prepared}
        )  # fmt: skip
    if certificate["dossiers"] == 0:
        said.append(
            _("Đã xóa mọi điều nhận ra người này; chỉ còn lịch sử không sửa được.")
            if done
            else _("Xóa mọi điều nhận ra người này; chỉ còn lịch sử không sửa được.")
        )
    elif certificate["open"] == 0:
        said.append(
            _("Đã bỏ điện thoại, thư điện tử, nơi cư trú. Họ tên, số giấy tờ và hồ sơ giữ lại vì luật buộc lưu trữ.")
            if done
            else _("Bỏ điện thoại, thư điện tử, nơi cư trú. Họ tên, số giấy tờ và hồ sơ giữ lại vì luật buộc lưu trữ.")
        )  # fmt: skip
    else:
        said.append(
            ngettext(
                "Chưa xóa tên, số giấy tờ, điện thoại, vì còn %(n)s hồ sơ đang giải quyết. Xong thì gửi lại yêu cầu.",
                "Chưa xóa tên, số giấy tờ, điện thoại, vì còn %(n)s hồ sơ đang giải quyết. Xong thì gửi lại yêu cầu.",
                certificate["open"],
            ) % {"n": certificate["open"]}
        )  # fmt: skip
    return " ".join(said)


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
