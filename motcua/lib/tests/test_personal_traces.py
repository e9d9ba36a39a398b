"""Numbers of people in free words: what is stopped, and what must pass."""

import pytest

from motcua.lib.personal_traces import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Chờ xác minh nhân thân 031088000123 tại Công an", "031088000123"),
        ("CMND 031123456 đã hết hạn", "031123456"),
        ("số 031 088 000 123.", "031 088 000 123"),
        ("số 0310.8800.0123", "0310.8800.0123"),
        ("Gọi ông Bình 0912345678", "0912345678"),
        ("gọi 0912 345 678, chưa nghe máy", "0912 345 678"),
        ("ĐT: 0912.34.56.78", "0912.34.56.78"),
        ("(0225) 3842 123", "(0225) 3842 123"),
        ("số +84 912 345 678", "+84 912 345 678"),
        ("số +84912345678", "+84912345678"),
        ("số 031088000123", "031088000123"),
    ],
)
def test_a_number_of_a_person_is_found(text: str, number: str) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hồ sơ H24.12-260706-0001 chờ ý kiến của Sở Xây dựng",
        "Chờ bản đồ địa chính đến 05/11/2026, sau 3 ngày làm việc",
        "Từ 26.11.2026 3 ngày, từ 05.11.2026 đến 15.11.2026",
        "Phí 150.000.000 đồng chưa nộp; 123.456.789 đ",
        "Công văn số 1234/SXD-QLN ngày 05/11/2026",
        "Thửa đất số 123, tờ bản đồ 45, diện tích 1.234,5 m2",
        "Thủ tục 1.004194 có 12 bước, 08:30 30/07/2026",
        "mã 12345678 và 1234567890123",
    ],
)
def test_codes_dates_and_money_pass(text: str) -> None:
    assert number_in(text) == ""
