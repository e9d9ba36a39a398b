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
        data.PaperLine(
            name="Giấy chứng nhận an toàn kỹ thuật tàu cá", certified=1, note="tàu từ 12 m trở lên"
        ),
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
SUPPLEMENT = data.SupplementRequest(
    letterhead=LETTERHEAD,
    issued_at=at(23, 9, 30),
    number="0045/PYCBS-TTPVHCC",
    code="H24.12-261120-0001",
    submitter=LAN,
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    items=(
        data.PaperLine(
            name="Giấy chứng nhận an toàn kỹ thuật tàu cá",
            certified=1,
            note="bản đã nộp hết hạn ngày 1/11/2026",
        ),
        data.PaperLine(
            name="Ảnh màu toàn tàu cỡ 9 × 12", originals=2, note="ảnh đã nộp không thấy số đăng ký"
        ),
    ),
    reason=(
        "Tàu dài 12,4 m nên phải có giấy chứng nhận an toàn kỹ thuật còn hiệu lực; "
        "ảnh phải thấy rõ số đăng ký ở mạn tàu."
    ),
    respond_by=at(23, 17, month=12),
    on_expiry="Quá hạn này mà chưa bổ sung thì hồ sơ được đóng và trả lại",
    due_effect="tính lại từ khi nhận đủ giấy tờ bổ sung; thời gian chờ bổ sung không tính vào thời gian giải quyết",
    lookup_url="motcua.haiphong.example/thu-tuc/1.003650",
    officer=data.Signer(name="Phạm Thị Hoa"),
    officer_phone="0225 388 9125",
)
REFUSAL = data.Refusal(
    letterhead=LETTERHEAD,
    issued_at=at(20, 10, 40),
    number="0007/PTC-TTPVHCC",
    submitted_at=at(20, 10, 20),
    submitter=LAN,
    procedure_code="1.000894",
    procedure_name="Đăng ký kết hôn",
    reason=(
        "Cả hai bên nam, nữ phải cùng có mặt khi đăng ký kết hôn; hôm nay chỉ một bên đến và không thể ký "
        "vào Sổ đăng ký kết hôn."
    ),
    legal_basis="Điều 18 Luật Hộ tịch số 60/2014/QH13",
    where_to_turn="cùng đến lại vào bất kỳ ngày làm việc nào, mang theo giấy tờ tùy thân của cả hai bên",
    lookup_url="motcua.haiphong.example/thu-tuc/1.000894",
    refuser=data.Signer(name="Trần Văn Minh"),
)
APOLOGY = data.Apology(
    letterhead=LETTERHEAD,
    issued_at=at(24, 15),
    number="0012/PXL-TTPVHCC",
    code="H24.12-261120-0001",
    submitter=LAN,
    sector="Thủy sản",
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    received_at=at(20, 10, 5),
    due_at=at(25, 17),
    new_due_at=at(30, 17),
    responsible_unit="Phòng Kinh tế đặc khu Bạch Long Vĩ",
    reason="biển động từ ngày 22/11, chưa ra kiểm tra tàu tại nơi neo đậu được.",
    recipients=("Như trên", "Phòng Kinh tế", "Lưu: VT, TTPVHCC"),
    signer=data.Signer(name="Lê Anh Tuấn", capacity="Giám đốc"),
)
STOP = data.StopNotice(
    letterhead=LETTERHEAD,
    issued_at=at(24, 8, 15),
    number="0003/TB-TTPVHCC",
    code="H24.12-261120-0001",
    submitter=LAN,
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    received_at=at(20, 10, 5),
    asked_at=at(23, 16, 20),
    asked_how="đơn viết tay nộp tại quầy 2",
    reason="chủ tàu đã bán tàu cho người khác, không còn nhu cầu đăng ký.",
    returned_papers=(
        data.PaperLine(name="Giấy chứng nhận xuất xưởng", originals=1),
        data.PaperLine(name="Giấy chứng nhận an toàn kỹ thuật tàu cá", certified=1),
    ),
    fees_paid=(data.FeeLine(name="Lệ phí cấp giấy đăng ký", amount=40_000),),
    refund_note="Hoàn trả toàn bộ tại quầy thu phí khi anh/chị mang theo biên lai",
    recipients=("Như trên", "Phòng Kinh tế", "Lưu: VT, TTPVHCC"),
    signer=data.Signer(name="Lê Anh Tuấn", capacity="Giám đốc"),
)
SHEET = data.ControlSheet(
    letterhead=LETTERHEAD,
    issued_at=at(25, 16),
    number="0123/TTPVHCC",
    code="H24.12-261120-0001",
    register_book="01/2026",
    register_number="0123",
    applicant=LAN,
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    received_at=at(20, 10, 5),
    due_at=at(25, 17),
    responsible_unit="Phòng Kinh tế đặc khu Bạch Long Vĩ",
    consulted_units=("Đồn Biên phòng Bạch Long Vĩ",),
    handovers=(
        data.Handover(
            from_unit="Trung tâm Phục vụ hành chính công",
            from_person="Trần Văn Minh",
            to_unit="Phòng Kinh tế",
            to_person="Phạm Thị Hoa",
            sent_at=at(20, 10, 30),
            received_at=at(20, 13, 35),
            outcome="early",
        ),
        data.Handover(
            from_unit="Phòng Kinh tế",
            from_person="Phạm Thị Hoa",
            to_unit="Lãnh đạo UBND đặc khu",
            to_person="Lê Anh Tuấn",
            sent_at=at(24, 11),
            received_at=at(24, 13, 40),
            outcome="late",
            note="chờ Đồn Biên phòng trả lời, trễ 1 giờ làm việc",
        ),
        data.Handover(
            from_unit="Lãnh đạo UBND đặc khu",
            from_person="Lê Anh Tuấn",
            to_unit="Văn thư",
            to_person="Đỗ Thị Thu",
            sent_at=at(24, 15),
            received_at=at(24, 15, 10),
            outcome="on_time",
        ),
        data.Handover(
            from_unit="Văn thư",
            from_person="Đỗ Thị Thu",
            to_unit="Trung tâm Phục vụ hành chính công",
            sent_at=at(25, 14, 20),
        ),
    ),
)
RECEIPT = data.ReturnReceipt(
    letterhead=LETTERHEAD,
    issued_at=at(25, 16, 10),
    number="0098/BN-TTPVHCC",
    code="H24.12-261120-0001",
    procedure_code="1.003650",
    procedure_name="Cấp giấy chứng nhận đăng ký tàu cá",
    applicant=LAN,
    receiver=data.Party(
        name="Hoàng Đức Long", phone="0987 654 321", paper_number="031085000456", address="Như chủ hồ sơ"
    ),
    authority_proof="văn bản ủy quyền ngày 24/11/2026, có chứng thực",
    result_kind="Giấy chứng nhận đăng ký tàu cá",
    result_number="HP-90123-TS",
    result_abstract="Cấp lần đầu cho tàu cá của bà Nguyễn Thị Ngọc Lan",
    returned_at=at(25, 16, 10),
    due_at=at(25, 17),
    returned_papers=(data.PaperLine(name="Giấy chứng nhận xuất xưởng", originals=1),),
    fees_paid=(data.FeeLine(name="Lệ phí cấp giấy đăng ký", amount=40_000),),
    returner=data.Signer(name="Vũ Thị Mai"),
    returner_phone="0225 388 9126",
)
JOINT = data.JointSlip(
    letterhead=LETTERHEAD,
    issued_at=at(20, 9, 40),
    submitter=SLIP.submitter,
    rows=tuple(
        data.JointRow(
            code=f"H24.12-261120-{number:04}",
            slip_number=f"{number:02}/2026",
            procedure_name="Đăng ký khai sinh",
            applicant="Phạm Minh Khôi" if number == 2 else "",
            received_at=at(20, 9, number),
            due_at=None if number == 3 else at(24, 17),
            secret=f"K7M4Q{number}",
            tracking_url=f"https://motcua.example.vn/tra-cuu#q1J3pYxkT0mHc9Zb5wV2R{number}.a{number:02}-2026",
        )
        for number in range(1, 5)
    ),
    lookup_url="https://motcua.example.vn/tra-cuu",
    receiver=SLIP.receiver,
)

HANDOVER = data.HandoverList(
    letterhead=LETTERHEAD,
    issued_at=at(25, 16, 10),
    code="BG-H24.12-261125-001",
    from_place="Trung tâm Phục vụ hành chính công, Điểm cầu cảng, UBND đặc khu Bạch Long Vĩ",
    to_place="Phòng Kinh tế, Hạ tầng và Đô thị, UBND đặc khu Bạch Long Vĩ",
    note="Hồ sơ đất, giữ phẳng bản vẽ",
    items=(
        data.HandoverItem(
            code="H24.12-261120-0001", applicant="Nguyễn Thị Ngọc Lan", content="Giấy tờ nộp kèm", count=3,
            procedure="Cấp giấy chứng nhận đăng ký tàu cá",
        ),
        data.HandoverItem(
            code="H24.12-261121-0002", applicant="Hoàng Đức Long", content="Giấy tờ bổ sung", count=1,
            procedure="Đăng ký biến động đất đai", state="không có trong gói",
        ),
    ),
    giver=data.Signer(name="Vũ Đức Minh"),
    taker=data.Signer(name="Đỗ Thị Hoa"),
    taken_at=at(25, 16, 40),
)  # fmt: skip
ALL = {
    "appointment_slip": SLIP,
    "supplement_request": SUPPLEMENT,
    "refusal": REFUSAL,
    "apology": APOLOGY,
    "stop_notice": STOP,
    "control_sheet": SHEET,
    "return_receipt": RECEIPT,
    "joint_slip": JOINT,
    "handover_slip": HANDOVER,
}


def crowded_slip(papers: int = 8) -> data.AppointmentSlip:
    """A slip with everything filled in: `papers` long papers, two parties, two fees, seven stations."""
    line = SLIP.papers[4]
    steps = ("Tiếp nhận", "Phân công", "Thẩm định", "Lấy ý kiến", "Trình ký", "Ký duyệt", "Đóng dấu")
    return replace(
        SLIP,
        applicant=data.Party(
            name="Công ty TNHH Dịch vụ hậu cần nghề cá Bạch Long Vĩ",
            kind="Tổ chức",
            paper_kind="Mã số thuế",
            paper_number="0201234567",
            address="Số 5 đường Cảng, đặc khu Bạch Long Vĩ, thành phố Hải Phòng",
        ),
        papers=tuple(replace(line, name=f"{line.name} số {number}") for number in range(1, papers + 1)),
        fees=(
            data.FeeLine(name="Phí thẩm định hồ sơ đăng ký", amount=1_250_000, note="đã thu"),
            data.FeeLine(name="Lệ phí cấp giấy đăng ký", amount=40_000, note="thu khi trả kết quả"),
        ),
        stations=tuple(
            data.Station(
                unit="Phòng Kinh tế, Hạ tầng và Đô thị", step=step, limit="0,5 ngày", until=at(24, 15)
            )
            for step in steps
        ),
        reprint=2,
    )


CROWDED = crowded_slip()
