"""Reading the words of an internal process."""

from decimal import Decimal

import pytest

from motcua.lib.due import Limit, Unit
from motcua.workflow.source import reading


@pytest.mark.parametrize(
    ("text", "value", "unit", "rest"),
    [
        ("½ ngày", "0.5", "ngày", ""),
        ("1/2 ngày", "0.5", "ngày", ""),
        ("01 ngày", "1", "ngày", ""),
        ("2.5 ngày", "2.5", "ngày", ""),
        ("1,5 ngày, kể từ ngày hết hạn", "1.5", "ngày", "kể từ ngày hết hạn"),
        ("- 30 ngày, kể từ ngày nhận", "30", "ngày", "kể từ ngày nhận"),
        ("05 ngày làm việc", "5", "ngày làm việc", ""),
        ("4 giờ", "4", "giờ", ""),
        ("01", "1", "", ""),
    ],
)
def test_a_cell_of_the_time_column(text, value, unit, rest):
    assert reading.cell(text) == reading.Cell(Decimal(value), unit, rest)


@pytest.mark.parametrize("text", ["", "Thời gian niêm yết: 60 ngày", "theo thỏa thuận"])
def test_what_does_not_begin_with_a_number_is_not_read(text):
    assert reading.cell(text) is None


def test_limits_in_a_sentence():
    text = "05 ngày làm việc. Trường hợp phải xác minh thì không quá 25 ngày."
    assert reading.limits(text) == [
        Limit(Decimal(5), Unit.WORKING_DAY),
        Limit(Decimal(25), Unit.CALENDAR_DAY),
    ]


def test_the_same_day_rule_is_one_limit():
    text = "Ngay trong ngày; nhận hồ sơ sau 15 giờ thì trả kết quả trong ngày làm việc tiếp theo."
    assert reading.limits(text) == [Limit(Decimal(0), Unit.SAME_DAY_15H)]


@pytest.mark.parametrize(
    ("words", "last", "role"),
    [
        ("Cán bộ tiếp nhận hồ sơ tại TTPVHCC", False, "receiver"),
        ("Công chức Tư pháp - Hộ tịch", False, "specialist"),
        ("Lãnh đạo Ủy ban nhân cấp xã", False, "leader"),
        ("Lãnh đạo phòng", False, "unit_head"),
        ("Văn thư", False, "clerk"),
        ("Bộ phận tiếp nhận và trả kết quả", True, "returner"),
    ],
)
def test_who_does_it(words, last, role):
    assert reading.doer(words, "- Hoàn trả kết quả", last=last).role == role


def test_who_is_not_known_is_said():
    assert reading.doer("Công chứng viên").doubt == "role_unmapped"
    assert reading.doer("Công an thành phố").doubt == "other_agency"
    assert reading.doer("Văn phòng HĐND và UBND cấp xã").doubt == "role_from_unit"


def test_names_are_short_and_true():
    work = "- Xem xét hồ sơ, nếu: + Hợp lệ: Ký duyệt, chuyển cho Văn phòng - Thống kê đóng dấu."
    assert reading.short_name(work) == "Xem xét hồ sơ"
    work = "- Ghi vào Sổ, người yêu cầu ký tên vào sổ. - Hoàn trả kết quả; yêu cầu người nhận nộp tiền."
    assert reading.short_name(work) == "Ghi vào Sổ; hoàn trả kết quả"
    assert reading.short_name("Ký: Trích lục thay đổi (bản chính)") == "Ký Trích lục thay đổi"
    assert len(reading.short_name("chữ " * 90)) <= 121
