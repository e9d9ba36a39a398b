"""Invented papers for the tests and for looking at."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from motcua.base.printing import data

HERE = timezone(timedelta(hours=7))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


LETTERHEAD = data.Letterhead(
    parent="UBND đặc khu Bạch Long Vĩ",
    office="Trung tâm Phục vụ hành chính công",
    place="Bạch Long Vĩ",
    phone="0225 388 9123",
    website="https://motcua.haiphong.example",
)
LAN = data.Party(
    name="Nguyễn Thị Ngọc Lan",
    address="Khu dân cư số 1, đặc khu Bạch Long Vĩ, thành phố Hải Phòng",
    phone="0912 345 678",
    email="lan@thu.example",
    paper_number="031190000123",
)
SLIP = data.AppointmentSlip(
    letterhead=LETTERHEAD,
    issued_at=at(20, 10, 5),
    number="0123/TTPVHCC",
    code="H24.12-261120-0001",
    secret="K7M4QX",
    tracking_url="https://motcua.haiphong.example/tra-cuu#q3JfZ0h0b2tlbl9vZl8xMjg",
    lookup_url="motcua.haiphong.example/tra-cuu",
    channel="in_person",
    submitter=LAN,
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    request="tàu cá HP-90123-TS",
    papers=(
        data.PaperLine(name="Tờ khai đăng ký tàu cá (Mẫu 02a.ĐKT)", originals=1),
        data.PaperLine(name="Giấy chứng nhận xuất xưởng", originals=1, copies=1),
        data.PaperLine(name="Biên lai nộp lệ phí trước bạ", copies=1),
        data.PaperLine(name="Ảnh màu toàn tàu cỡ 9 × 12", originals=2),
        data.PaperLine(name="Giấy chứng nhận an toàn kỹ thuật tàu cá", certified=1, note="tàu từ 12 m trở lên"),
        data.PaperLine(name="Thẻ căn cước của chủ tàu", shown=True),
    ),
    time_limit="03 ngày làm việc",
    received_at=at(20, 10, 5),
    due_at=at(25, 17),
    due_explanation="Tính từ 10:05 thứ Sáu 20/11, bỏ qua thứ Bảy 21/11 và Chủ nhật 22/11",
    return_place="Trung tâm Phục vụ hành chính công đặc khu Bạch Long Vĩ, quầy 2",
    fees=(data.FeeLine(name="Lệ phí cấp giấy đăng ký", amount=40_000),),
    register_book="01/2026",
    register_number="0123",
    stations=(
        data.Station(unit="Một cửa", step="Tiếp nhận", limit="0,25 ngày", until=at(20, 14)),
        data.Station(unit="Phòng Kinh tế", step="Thẩm định", limit="1,75 ngày", until=at(24, 10)),
        data.Station(unit="Lãnh đạo UBND", step="Ký duyệt", limit="0,5 ngày", until=at(24, 15)),
        data.Station(unit="Văn thư", step="Vào số, đóng dấu", limit="0,5 ngày", until=at(25, 15)),
    ),
    receiver=data.Signer(name="Trần Văn Minh"),
)
