"""Whole đồng, and amounts in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import money


def test_halves_go_up() -> None:
    assert [money.whole_dong(Decimal(text)) for text in ("0.5", "1.5", "2.5", "2.49")] == [1, 2, 3, 2]
    with pytest.raises(TypeError):
        money.whole_dong(0.5)


def test_amounts_are_written_with_points() -> None:
    assert money.format_dong(1234000) == "1.234.000\u00a0đ"
    assert money.format_dong(0) == "0\u00a0đ" and money.format_dong(-5000) == "−5.000\u00a0đ"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (11, "Mười một đồng"),
        (105, "Một trăm linh năm đồng"),
        (1005, "Một nghìn không trăm linh năm đồng"),
        (50000, "Năm mươi nghìn đồng"),
        (1234000, "Một triệu hai trăm ba mươi tư nghìn đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (1_005_000_000_000, "Một nghìn không trăm linh năm tỷ đồng"),
        (-8000, "Âm tám nghìn đồng"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert money.in_words(amount) == words


def test_the_south_says_le() -> None:
    assert money.in_words(105, zero_ten="lẻ") == "Một trăm lẻ năm đồng"


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_two_amounts_never_read_alike(one: int, other: int) -> None:
    assert (money.in_words(one) == money.in_words(other)) == (one == other)
