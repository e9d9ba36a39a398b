"""Vietnamese names of tables in copies, certificates and on pages, and what an erasure did."""

from typing import Any

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
    kept_again = certificate.get("vault", 0)
    if kept_again:
        said.append(
            (ngettext("Đã xóa %(n)s giấy tờ trong kho; bản đã nộp ở lại cùng hồ sơ.",
                      "Đã xóa %(n)s giấy tờ trong kho; bản đã nộp ở lại cùng hồ sơ.", kept_again)
             if done else
             ngettext("Xóa %(n)s giấy tờ trong kho; bản đã nộp ở lại cùng hồ sơ.",
                      "Xóa %(n)s giấy tờ trong kho; bản đã nộp ở lại cùng hồ sơ.", kept_again)) % {"n": kept_again}
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
