"""The columns that moving in knows, by kind of file, with the headings that offices give them."""

from motcua.lib.columns import Field
from motcua.lib.finding import mark as _
from motcua.moving.models import MoveKind

_CODE = Field(
    "old_code",
    _("Mã hồ sơ cũ"),
    ("Mã hồ sơ", "Số hồ sơ", "Mã HS", "Mã biên nhận", "Số biên nhận"),
    required=True,
    most=80,
)

DOSSIERS = (
    _CODE,
    Field(
        "agency", _("Cơ quan"), ("Đơn vị giải quyết", "Cơ quan giải quyết", "Mã cơ quan", "Cơ quan thực hiện")
    ),
    Field(
        "procedure",
        _("Thủ tục"),
        ("Mã thủ tục", "Tên thủ tục", "TTHC", "Mã TTHC", "Tên TTHC"),
        required=True,
        most=1000,
    ),
    Field("status", _("Trạng thái"), ("Tình trạng", "Trạng thái hồ sơ", "Tình trạng hồ sơ"), required=True),
    Field(
        "applicant",
        _("Người nộp"),
        ("Chủ hồ sơ", "Họ tên", "Họ và tên", "Tên người nộp", "Người nộp hồ sơ"),
        required=True,
    ),
    Field("personal_id", _("Số định danh"), ("CCCD", "Số CCCD", "CMND", "Số giấy tờ", "CMND/CCCD"), most=40),
    Field("tax_code", _("Mã số thuế"), ("MST",), most=40),
    Field("phone", _("Điện thoại"), ("Số điện thoại", "SĐT"), most=40),
    Field("address", _("Địa chỉ"), ("Địa chỉ thường trú", "Nơi ở"), most=300),
    Field("summary", _("Nội dung"), ("Trích yếu", "Nội dung yêu cầu"), most=1000),
    Field("submitted", _("Ngày nộp"), ("Ngày gửi",), kind="moment"),
    Field("accepted", _("Ngày tiếp nhận"), ("Ngày nhận", "Thời điểm tiếp nhận"), kind="moment"),
    Field(
        "due",
        _("Ngày hẹn trả"),
        ("Hạn trả", "Ngày hẹn", "Hẹn trả", "Hạn xử lý", "Ngày hẹn trả kết quả"),
        kind="moment",
    ),
    Field("paused", _("Ngày tạm dừng"), ("Dừng từ ngày", "Ngày yêu cầu bổ sung"), kind="moment"),
    Field("book", _("Quyển số"), ("Quyển", "Năm sổ"), most=20),
    Field("book_number", _("Số thứ tự"), ("STT sổ", "Số vào sổ"), kind="number"),
    Field(
        "unit", _("Phòng, đơn vị đang giữ"), ("Phòng đang xử lý", "Đơn vị xử lý", "Phòng ban", "Phòng xử lý")
    ),
    Field(
        "holder",
        _("Người đang giữ"),
        ("Cán bộ xử lý", "Người xử lý", "Cán bộ thụ lý", "Chuyên viên", "Người thụ lý"),
    ),
    Field("step", _("Bước đang làm"), ("Bước", "Bước xử lý", "Bước hiện tại")),
    Field("channel", _("Cách nộp"), ("Hình thức nộp", "Kênh nộp", "Hình thức tiếp nhận")),
)

HISTORY = (
    _CODE,
    Field("at", _("Thời điểm"), ("Thời gian", "Ngày giờ", "Ngày xử lý"), required=True, kind="moment"),
    Field("what", _("Việc"), ("Nội dung", "Hành động", "Thao tác", "Bước xử lý"), required=True),
    Field("who", _("Người làm"), ("Người xử lý", "Cán bộ", "Họ tên"), most=150),
    Field("note", _("Ghi chú"), ("Ý kiến", "Nội dung xử lý"), most=1000),
)

SERIES = (
    Field("agency", _("Cơ quan"), ("Mã cơ quan",)),
    Field("kind", _("Loại sổ"), ("Loại", "Sổ", "Tên sổ"), required=True),
    Field("period", _("Kỳ"), ("Năm", "Ngày"), required=True, most=20),
    Field(
        "last", _("Số cuối đã dùng"), ("Số cuối", "Số lớn nhất", "Số hiện tại"), required=True, kind="number"
    ),
)

OF_KIND: dict[str, tuple[Field, ...]] = {
    MoveKind.DOSSIERS: DOSSIERS,
    MoveKind.HISTORY: HISTORY,
    MoveKind.SERIES: SERIES,
}
