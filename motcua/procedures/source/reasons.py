"""Why a row is doubtful: one code each, with what people read and what they are asked to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

REASONS: dict[str, tuple[Text, Text]] = {
    "limit_unit_missing": (
        _("Thời hạn thiếu đơn vị"),
        _("Chọn đúng đơn vị theo quyết định công bố: ngày làm việc, ngày, giờ hay tháng."),
    ),
    "limit_unreadable": (
        _("Thời hạn không đọc được thành số"),
        _("Đọc lời văn gốc và ghi thời hạn, hoặc xác nhận là không có thời hạn."),
    ),
    "limit_not_stated": (
        _("Nguồn không ghi thời hạn"),
        _("Tìm thời hạn trong phần trình tự hoặc quyết định công bố rồi ghi vào."),
    ),
    "limit_glued_to_fee": (
        _("Con số dính liền giữa thời hạn và phí"),
        _("Mở nguồn để tách thời hạn và mức phí."),
    ),
    "limit_text_differs": (
        _("Con số và lời văn của thời hạn khác nhau"),
        _("Chọn thời hạn đúng theo lời văn."),
    ),
    "limit_in_note_differs": (
        _("Ghi chú nêu thời hạn khác"),
        _("So ghi chú với thời hạn; nếu là trường hợp riêng thì tách ra."),
    ),
    "limit_summary_differs": (
        _("Thời hạn chung khác dòng trực tiếp"),
        _("Xem dòng nào đúng."),
    ),
    "channels_disagree": (
        _("Thời hạn các hình thức nộp khác nhau"),
        _("Xác nhận mỗi hình thức nộp có thời hạn riêng, hoặc sửa."),
    ),
    "rows_without_case": (
        _("Một hình thức nộp có nhiều thời hạn mà không rõ trường hợp"),
        _("Ghi rõ đây là các trường hợp hay các bước nối tiếp."),
    ),
    "fee_free_but_note": (
        _("Ghi miễn phí nhưng có ghi chú về tiền"),
        _("Đọc ghi chú và ghi mức thu, hoặc xác nhận là không thu."),
    ),
    "fee_unknown": (_("Chưa rõ phí"), _("Tìm mức thu trong văn bản và ghi vào.")),
    "fee_text_only": (_("Phí chỉ có lời văn"), _("Đọc lời văn và ghi mức thu.")),
    "fee_amount_differs": (
        _("Mức thu khác số tiền trong ghi chú"),
        _("Chọn số tiền đúng."),
    ),
    "fee_too_small": (
        _("Mức thu nhỏ bất thường"),
        _("Kiểm tra có thiếu ba số 0 hay sai đơn vị tiền."),
    ),
    "fee_ceiling": (
        _("Mức thu là mức trần hoặc do tỉnh quy định"),
        _("Ghi mức thu theo nghị quyết Hội đồng nhân dân tỉnh."),
    ),
    "fee_partial": (
        _("Ghi chú nêu thêm mức thu, mức giảm hoặc thời gian áp dụng"),
        _("Ghi đủ các mức thu và ngày áp dụng."),
    ),
    "fee_foreign_currency": (
        _("Phí bằng ngoại tệ"),
        _("Xác nhận cách thu và quy đổi."),
    ),
    "fee_summary_differs": (
        _("Phí chung khác phí theo hình thức nộp"),
        _("Xem dòng nào đúng."),
    ),
    "paper_is_note": (
        _("Dòng 0 bản chính, 0 bản sao là lời nhắc"),
        _("Xác nhận đây là ghi chú, hoặc đổi thành giấy tờ phải nộp."),
    ),
    "paper_case_glued": (
        _("Tiêu đề trường hợp dính lời nhắc"),
        _("Tách tiêu đề và lời nhắc."),
    ),
    "paper_form_split": (
        _("Tên tệp biểu mẫu có thể bị tách sai"),
        _("So với tên giấy tờ và sửa tên tệp."),
    ),
    "papers_missing": (_("Không có thành phần hồ sơ"), _("Bổ sung từ quyết định công bố.")),
    "result_missing": (_("Không có kết quả"), _("Bổ sung tên kết quả.")),
    "result_code_missing": (_("Kết quả chưa có mã"), _("Ghi mã KQ nếu đã được cấp.")),
    "legal_basis_missing": (_("Không có căn cứ pháp lý"), _("Bổ sung văn bản làm căn cứ.")),
    "agency_outdated": (
        _("Tên cơ quan còn cấp huyện hoặc thị trấn"),
        _("Ghi cơ quan thực hiện theo mô hình hai cấp."),
    ),
    "agency_missing": (_("Không có cơ quan thực hiện"), _("Ghi cơ quan thực hiện.")),
    "no_code": (
        _("Chưa có mã thủ tục"),
        _("Tìm mã trên Cơ sở dữ liệu quốc gia; chưa có mã thì chưa công bố được."),
    ),
    "other_source": (
        _("Đã có bản từ nguồn khác"),
        _("So hai bản; công bố bản này nếu đúng hơn."),
    ),
    "own_unverified": (
        _("Chi tiết tự biên soạn chưa đối chiếu văn bản"),
        _("Đối chiếu quyết định công bố; đúng thì xác nhận, sai thì sửa ở phiên bản mới."),
    ),
    "unknown_field": (
        _("Nguồn có trường chưa biết"),
        _("Báo người quản trị hệ thống; chữ gốc vẫn được giữ."),
    ),
}


def label(reason: str) -> Text:
    """Return what people read for a reason code; an unknown code is shown as it is."""
    return REASONS[reason][0] if reason in REASONS else reason


def advice(reason: str) -> Text:
    """Return what a person is asked to do about it."""
    return REASONS[reason][1] if reason in REASONS else ""
