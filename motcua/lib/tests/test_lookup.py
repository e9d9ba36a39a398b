"""Codes, secrets and tokens of a dossier."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import lookup

DAY = date(2026, 11, 21)


def test_the_code_grows_past_9999_and_is_never_cut() -> None:
    assert lookup.format_code("H24.12", DAY, 1) == "H24.12-261121-0001"
    assert lookup.format_code("000.00.15.H40", DAY, 12345) == "000.00.15.H40-261121-12345"
    with pytest.raises(ValueError, match="begin at 1"):
        lookup.format_code("H24.12", DAY, 0)


@pytest.mark.parametrize(
    "typed",
    [
        "H24.12-261121-0001",
        " h24.12-261121-0001\n",
        "H24.12 261121 0001",
        "H24.12\u2009-\u2009261121\u2009-\u20090001",
        "H24.12–261121—1",
        "h24 . 12 - 26 11 21 - 00 01",
        "Ｈ24.12－261121－0001",
    ],
)
def test_a_code_is_read_as_people_write_it(typed: str) -> None:
    assert lookup.parse_code(typed) == "H24.12-261121-0001"


@pytest.mark.parametrize(
    "typed",
    ["", "H24.12", "H24.12-261321-0001", "H24.12-260230-1", "H24.12-261121-0000", "-261121-1", "x" * 999],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert lookup.parse_code(typed) is None


@given(st.text(max_size=100))
def test_any_text_is_safe(text: str) -> None:
    code, secret = lookup.parse_code(text), lookup.parse_secret(text)
    assert code is None or lookup.parse_code(code) == code
    assert secret is None or lookup.parse_secret(secret) == secret


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_every_code_is_read_back(day: date, number: int) -> None:
    text = lookup.format_code("H40.15.2", day, number)
    assert lookup.take_apart(text) == lookup.Code("H40.15.2", day, number)


def test_secrets_have_no_look_alikes() -> None:
    assert len(set(lookup.ALPHABET)) == 32 and not set("0O1I") & set(lookup.ALPHABET)
    secrets = {lookup.new_secret() for _ in range(500)}
    assert len(secrets) > 490 and all(lookup.parse_secret(secret) == secret for secret in secrets)
    assert lookup.parse_secret(" abc-23d ") == "ABC23D" and lookup.parse_secret("ABC0O1") is None


def test_tokens_are_128_bit_and_url_safe() -> None:
    token = lookup.new_token()
    assert len(token) == 22 and token.replace("-", "").replace("_", "").isalnum()
    assert lookup.lookup_hash(token, b"a") != lookup.lookup_hash(token, b"b")
    assert len(lookup.lookup_hash(token, b"a")) == 32
