"""Wordings of time limits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import time_limits


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("05 Ngày làm việc", "5", "working_day"),
        ("7 ngày", "7", "calendar_day"),
        ("1,5 ngày làm việc", "1.5", "working_day"),
        ("½ ngày", "0.5", "calendar_day"),
        ("1/2 ngày làm việc", "0.5", "working_day"),
        ("nửa ngày", "0.5", "calendar_day"),
        ("8 giờ làm việc", "8", "working_hour"),
        ("24 giờ", "24", "hour"),
        ("3 tháng", "3", "month"),
        ("Trong thời hạn 03 (ba) ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.", "3", "working_day"),
        ("tối đa không quá 10 ngày (làm việc)", "10", "working_day"),
    ],
)
def test_clear_wordings_are_read_without_doubt(text: str, value: str, unit: str) -> None:
    reading = time_limits.parse(text)
    assert (reading.value, reading.unit, reading.doubt) == (Decimal(value), unit, None)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("", None, "empty"),
        ("Không quy định", None, "not_set"),
        ("1", "1", "no_unit"),
        ("10-25", None, "range"),
        ("5 đến 7 ngày", None, "range"),
        ("0 Giờ", "0", "zero"),
        ("3 ngày; nếu phải xác minh thì 8 ngày", None, "several"),
        ("5 ngày làm việc, trừ trường hợp phải lấy ý kiến", "5", "other_words"),
        ("1.000 ngày", None, "unreadable"),
        ("2 tuần", None, "unreadable"),
        ("Ngay trong ngày làm việc", "0", "no_hour"),
    ],
)
def test_the_rest_carries_its_doubt(text: str, value: str | None, doubt: str) -> None:
    reading = time_limits.parse(text)
    assert reading.value == (Decimal(value) if value else None)
    assert reading.doubt and reading.doubt.code == doubt


@given(st.text(alphabet="0123456789,.-/½ ngàylmviệcgờthábố()", max_size=60))
def test_any_text_is_read_or_doubted(text: str) -> None:
    reading = time_limits.parse(text)
    assert reading.doubt or (reading.value is not None and reading.unit)
