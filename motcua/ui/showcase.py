"""What the showcase page shows: invented values for every component, long Vietnamese texts included."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.lib.vietnamese import fold
from motcua.ui import render
from motcua.ui.components import (
    Column,
    Crumb,
    FileItem,
    HistoryItem,
    Pager,
    Row,
    Station,
    Table,
    Task,
    TimeBar,
)

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_LONG = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp"
    " chuyển đổi, chuyển nhượng, thừa kế, tặng cho, góp vốn"
)
_ICONS = [
    "door",
    "paper",
    "clock",
    "route",
    "person",
    "stamp",
    "printer",
    "search",
    "upload",
    "money",
    "scan",
    "building",
    "undo",
    "pause",
    "warning",
    "phone",
    "sun",
    "moon",
]


class SampleForm(forms.Form):
    """One field of each kind, none of them kept."""

    name = forms.CharField(label=_("Họ, chữ đệm và tên"), help_text=_("Ghi đúng như trên giấy tờ tùy thân."))
    code = forms.CharField(label=_("Mã hồ sơ"), help_text=_("Ví dụ H24.12-261121-0001"))
    phone = forms.CharField(label=_("Số điện thoại"), required=False)
    born = forms.CharField(label=_("Ngày sinh"), help_text=_("Ví dụ 27/3/1988"))
    procedure = forms.CharField(label=_("Thủ tục"), help_text=_("Gõ vài chữ đầu, không cần dấu."))
    unit = forms.ChoiceField(
        label=_("Đơn vị"),
        choices=[("1", "Phòng Kinh tế"), ("2", "Phòng Văn hóa – Xã hội"), ("3", "Văn phòng HĐND và UBND")],
    )
    channel = forms.ChoiceField(
        label=_("Cách nhận kết quả"),
        widget=forms.RadioSelect,
        choices=[("desk", _("Tại quầy")), ("post", _("Qua bưu điện")), ("online", _("Bản điện tử"))],
    )
    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ nộp kèm"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Tờ khai"), ("b", "Giấy chứng sinh"), ("c", _LONG)],
    )
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    scan = forms.FileField(
        label=_("Bản chụp giấy tờ"), help_text=_("PDF, JPEG, PNG hoặc HEIC, tối đa 20 MB.")
    )
    agree = forms.BooleanField(label=_("Tôi cam đoan lời khai trên là đúng"))


def sample_form(*, errors: bool) -> SampleForm:
    """Return the form empty, or sent with everything wrong."""
    if not errors:
        return SampleForm(initial={"name": "Nguyễn Thị Thùy Dương", "channel": "desk", "papers": ["a"]})
    form = SampleForm(data={"name": "", "unit": "9", "papers": ["z"]})
    form.is_valid()
    form.add_error("born", _("Ngày sinh 31/2/1988 không có trong lịch. Xin xem lại ngày và tháng."))
    return form


def _stations() -> dict[str, list[Station]]:
    running = [
        Station("Tiếp nhận", "done", "Trung tâm Phục vụ HCC", "09:10 thứ Ba 24/11"),
        Station("Thẩm định", "done", "Phòng Kinh tế", "16:20 thứ Tư 25/11"),
        Station("Lãnh đạo phòng duyệt", "current", "Phòng Kinh tế", "từ 08:05 thứ Năm 26/11"),
        Station("Ký", "next", "Lãnh đạo UBND", "dự kiến 27/11"),
        Station("Trả kết quả", "next", "Quầy 5", "hẹn 14:00 30/11", door=True),
    ]
    waiting = [
        Station("Tiếp nhận", "done", "Trung tâm Phục vụ HCC", "09:10 thứ Ba 24/11"),
        Station(
            "Chờ anh/chị bổ sung 1 giấy tờ",
            "waiting",
            "Quầy 3",
            "từ 10:00 24/11",
            "Thiếu giấy chứng sinh bản chính",
        ),
        Station("Xử lý", "next", "Phòng Văn hóa – Xã hội"),
        Station("Trả kết quả", "next", "Quầy 5", door=True),
    ]
    late = [
        Station("Tiếp nhận", "done", "Trung tâm Phục vụ HCC", "09:10 thứ Ba 24/11"),
        Station(
            "Lấy ý kiến Sở Nông nghiệp và Môi trường về ranh giới thửa đất",
            "late",
            "Sở NN&MT",
            "quá hạn 2 giờ",
        ),
        Station("Thẩm tra lại", "skipped", "Phòng Kinh tế"),
        Station("Trả kết quả", "next", "Quầy 5", door=True),
    ]
    finished = [
        Station("Tiếp nhận", "done", "Trung tâm Phục vụ HCC", "09:10 24/11"),
        Station("Xử lý", "done", "Phòng Kinh tế", "25/11"),
        Station("Trả kết quả", "done", "Quầy 5", "13:40 30/11", door=True),
    ]
    long = [
        Station(
            f"Bước {n}: {_LONG if n == 3 else 'Kiểm tra hồ sơ'}",
            "done" if n < 4 else "next",
            "Chi nhánh Văn phòng đăng ký đất đai",
        )
        for n in range(1, 9)
    ]
    long[3] = Station("Bước 4: Đo đạc thực địa", "current", "Trung tâm Kỹ thuật", "từ 08:00 thứ Hai 23/11")
    return {"running": running, "waiting": waiting, "late": late, "finished": finished, "long": long}


def _bars() -> list[TimeBar]:
    due = "14:00 thứ Năm 26/11/2026"
    return [
        TimeBar(35, "còn 3 ngày làm việc", "good", due=due, url="#cach-tinh"),
        TimeBar(62, "còn 1 ngày 3 giờ làm việc", "good", pauses=((20, 35),), due=due, url="#cach-tinh"),
        TimeBar(91, "còn 2 giờ làm việc", "wait", due=due, url="#cach-tinh"),
        TimeBar(100, "quá hạn 2 giờ", "late", pauses=((10, 22), (50, 61)), due=due, url="#cach-tinh"),
        TimeBar(48, "tạm dừng từ 20/11", "paused", pauses=((30, 48),), due=due),
        TimeBar(80, "xong sớm 4 giờ", "done", due=due),
    ]


def _table(bars: list[TimeBar]) -> Table:
    names = [
        "Nguyễn Thị Thùy Dương",
        "Đặng Quốc Ưng",
        "Công ty TNHH Một thành viên Vận tải biển Bạch Long Vĩ",
        "Phạm Ỷ Lan",
        "Lò Thị Ổn",
        "Trần Văn Bé",
    ]
    works = [
        "Đăng ký khai sinh",
        "Xác nhận tình trạng hôn nhân",
        _LONG,
        "Chứng thực bản sao",
        "Cấp giấy phép xây dựng",
        "Trợ cấp xã hội",
    ]
    codes = [2, 4, 5, 4, 8, 9]
    rows = [
        [
            render.dossier_code(f"H24.12-2611{20 + n:02d}-{n * 37 + 1:04d}"),
            render.clip(name),
            render.clip(works[n]),
            render.status(codes[n]),
            render.time_left(bars[n]),
        ]
        for n, name in enumerate(names)
    ]
    columns = [
        Column(str(_("Mã hồ sơ"))),
        Column(str(_("Người nộp"))),
        Column(str(_("Thủ tục"))),
        Column(str(_("Tình trạng")), "status"),
        Column(str(_("Thời gian")), "time"),
    ]
    return Table(str(_("Việc của tôi hôm nay")), columns, rows, as_list=True)


def _history() -> list[HistoryItem]:
    at = datetime(2026, 11, 26, 8, 5, tzinfo=_ZONE)
    return [
        HistoryItem(at, "Chuyển lãnh đạo phòng duyệt", "Trần Thị Hoa · Phòng Kinh tế"),
        HistoryItem(
            at.replace(day=25, hour=10),
            "Nhận giấy tờ bổ sung",
            "Phạm Văn Minh · Quầy 3",
            "1 giấy tờ: giấy chứng sinh, bản chính",
            "good",
        ),
        HistoryItem(
            at.replace(day=24, hour=10),
            "Yêu cầu bổ sung giấy tờ",
            "Trần Thị Hoa · Phòng Kinh tế",
            "Thiếu giấy chứng sinh bản chính",
            "wait",
        ),
        HistoryItem(
            at.replace(day=24, hour=9, minute=10),
            "Tiếp nhận, cấp mã và in giấy hẹn",
            "Phạm Văn Minh · Quầy 3",
        ),
    ]


def context(*, errors: bool) -> dict[str, Any]:
    """Return everything the showcase templates draw."""
    bars = _bars()
    return {
        "form": sample_form(errors=errors),
        "errors_shown": errors,
        "routes": _stations(),
        "bars": bars,
        "codes": range(1, 11),
        "icons": _ICONS,
        "rows": [
            Row(str(_("Người nộp")), "Nguyễn Thị Thùy Dương", source="thẻ căn cước"),
            Row(str(_("Số điện thoại")), "0912 345 678", url="#", source="lần trước"),
            Row(str(_("Thủ tục")), _LONG, url="#"),
            Row(str(_("Lệ phí")), "8.000 đ"),
            Row(str(_("Người đại diện")), ""),
        ],
        "tasks": [
            Task("Người nộp", "done", "#"),
            Task("Giấy tờ nộp kèm", "error", "#", "Thiếu giấy chứng sinh"),
            Task("Cách nhận kết quả", "todo", "#"),
            Task("Xem lại và nộp", "blocked", "", "Làm xong các phần trên rồi mới nộp được"),
        ],
        "table": _table(bars),
        "empty_table": Table(
            str(_("Hồ sơ quá hạn")),
            [Column("Mã"), Column("Lệ phí", "number")],
            [],
            empty="Không có hồ sơ nào quá hạn.",
        ),
        "files": [
            FileItem("to-khai-dang-ky-khai-sinh.pdf", "#", 843_221, "PDF, 2 trang"),
            FileItem("anh-chup.heic", "#", 2_512_000, "Ảnh", "bản chụp, chưa đối chiếu"),
            FileItem(
                "giay-chung-sinh.pdf",
                error="Tệp này có mật khẩu nên không đọc được. Xin gửi bản không có mật khẩu.",
            ),
        ],
        "history": _history(),
        "crumbs": [Crumb("Trang đầu", "/"), Crumb("Thủ tục", "/thu-tuc"), Crumb("Đăng ký khai sinh")],
        "pager": Pager("#moi", "#cu", "30 hồ sơ, từ 08:15 đến 16:40"),
        "hx_clock": {"post": "/ui/clock", "target": "#clock"},
        "steps": ["Người nộp", "Giấy tờ", "Xem lại", "Đã nộp"],
        "at": datetime(2026, 11, 26, 14, 0, tzinfo=_ZONE),
    }


def tracking() -> dict[str, Any]:
    """Return what the tracking model draws: a dossier that waits for the citizen."""
    return {
        "stations": _stations()["waiting"],
        "at": datetime(2026, 11, 26, 14, 0, tzinfo=_ZONE),
        "legal": [
            Row(str(_("Trạng thái")), "Yêu cầu bổ sung giấy tờ"),
            Row(str(_("Căn cứ")), "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        ],
    }


_OPTIONS = [
    ("KS", "Đăng ký khai sinh", "Tư pháp – hộ tịch"),
    ("KH", "Đăng ký kết hôn", "Tư pháp – hộ tịch"),
    ("HN", "Cấp giấy xác nhận tình trạng hôn nhân", "Tư pháp – hộ tịch"),
    ("CT", "Chứng thực bản sao từ bản chính", "Chứng thực"),
    ("DD", _LONG, "Đất đai"),
    ("XD", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Xây dựng"),
]


def options(query: str) -> list[dict[str, str]]:
    """Return the options whose code or folded name holds `query`."""
    asked = fold(query)
    return [
        {"value": code, "label": name, "note": f"{code} · {field}"}
        for code, name, field in _OPTIONS
        if asked in fold(f"{code} {name}")
    ]


def pdf() -> bytes:
    """Return the smallest honest PDF: one A5 page with one line, cross-reference table included."""
    text = b"BT /F1 18 Tf 40 540 Td (Motcua: trang in thu) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(out))
    )
