"""The words of bpmn-js that somebody meets in the drawing, in the language of the page."""

from django.utils.translation import gettext as _


def drawing_words() -> list[tuple[str, str]]:
    """Return (bpmn-js's own text, ours)."""
    return [
        ("Activate hand tool", _("Kéo cả sơ đồ")),
        ("Activate lasso tool", _("Chọn nhiều bằng khung")),
        ("Activate create/remove space tool", _("Nới, thu khoảng trống")),
        ("Activate global connect tool", _("Nối hai bước")),
        ("Create start event", _("Điểm bắt đầu")),
        ("Create end event", _("Kết thúc")),
        ("Create gateway", _("Nút chọn hướng")),
        ("Create parallel gateway", _("Nút nhánh song song")),
        ("Create task", _("Bước mới")),
        ("Append end event", _("Nối tới kết thúc")),
        ("Append gateway", _("Nối tới nút chọn hướng")),
        ("Append task", _("Nối tới bước mới")),
        ("Append element", _("Nối tiếp")),
        ("Create element", _("Thêm")),
        ("Connect to other element", _("Nối tới bước khác")),
        ("Change element", _("Đổi loại")),
        ("Delete", _("Bỏ")),
        ("Remove", _("Bỏ")),
        ("Search", _("Tìm")),
        ("Task", _("Lấy ý kiến")),
        ("User task", _("Cán bộ xử lý")),
        ("Manual task", _("Niêm yết công khai")),
        ("Receive task", _("Chờ")),
        ("Service task", _("Hệ thống tự làm")),
        ("Call activity", _("Hồ sơ liên thông")),
        ("Exclusive gateway", _("Chọn một hướng")),
        ("Parallel gateway", _("Các nhánh song song")),
        ("Start event", _("Bắt đầu")),
        ("End event", _("Kết thúc")),
    ]
