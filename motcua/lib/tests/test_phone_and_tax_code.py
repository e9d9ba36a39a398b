"""Telephone numbers and tax codes in one written form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib.phone import masked, normalize_phone
from motcua.lib.tax_code import looks_mistyped, normalize_tax_code


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678", "+84(0)912345678"],
)
def test_a_number_has_one_form(typed: str) -> None:
    assert normalize_phone(typed) == "0912345678"


def test_fixed_lines_and_foreign_numbers() -> None:
    assert normalize_phone("(024) 3825 1234") == "02438251234"
    assert normalize_phone("001 202 555 0123") == normalize_phone("+1 202 555 0123") == "+12025550123"


@pytest.mark.parametrize("typed", ["", "123", "0612345678", "09123456789", "call me", "٠٩١٢٣٤٥٦٧٨", "9" * 99])
def test_what_is_no_number(typed: str) -> None:
    assert normalize_phone(typed) is None


def test_a_masked_number_keeps_its_ends() -> None:
    assert masked("0912345678") == "091••••678" and masked("123") == "•••"


@given(st.text(max_size=60))
def test_any_text_is_safe(text: str) -> None:
    number, code = normalize_phone(text), normalize_tax_code(text)
    assert number is None or normalize_phone(number) == number
    assert code is None or (normalize_tax_code(code) == code and looks_mistyped(code) in {True, False})


def test_tax_codes() -> None:
    assert normalize_tax_code("0106026495001") == "0106026495-001" == normalize_tax_code("0106026495-001")
    assert normalize_tax_code("031190000012") == "031190000012" and normalize_tax_code("123") is None
    assert not looks_mistyped("0100109106") and looks_mistyped("0100109107")
    assert not looks_mistyped("031190000012")
