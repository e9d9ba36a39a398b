"""The QR of a citizen's card: as it should arrive, and as keyboards leave it."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import citizen_card
from motcua.lib.citizen_card import Card, Scan

ADDRESS = "Số 90/12, đường Nguyễn Huệ, Xã Vĩnh Phú, Tỉnh Phú Thọ"
TEXT = f"036174000001|012345678|Nguyễn Thị Loan|06011974|Nữ|{ADDRESS}|13032021"
CARD = Card(
    "036174000001",
    "012345678",
    "Nguyễn Thị Loan",
    date(1974, 1, 6),
    1974,
    "female",
    ADDRESS,
    date(2021, 3, 13),
)


def codes(scan: Scan) -> set[str]:
    return {found.code for found in (*scan.problems, *scan.warnings)}


def replaced(old: str, new: str) -> str:
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT + "|||Nguyễn Văn Hai|Trần Thị Ba|",
        unicodedata.normalize("NFD", TEXT),
        "]Q1" + TEXT + "\r\n",
        "\ufeff  " + TEXT.replace(" ", "  ").replace("|", " | "),
    ],
    ids=["7 fields", "2024", "decomposed", "scanner prefix", "spaces"],
)
def test_a_card_is_read_without_a_word(text: str) -> None:
    assert citizen_card.parse(text) == Scan(CARD)


def shown_in(code_page: str) -> str:
    return "".join(bytes([byte]).decode(code_page, errors="ignore") or chr(byte) for byte in TEXT.encode())


def on_layout(typed: str, appears: str) -> str:
    return TEXT.translate(dict(zip(map(ord, typed), appears, strict=True)))


VIETNAMESE = on_layout("1234056789", "ăâêôđ\u0300\u0309\u0303\u0301\u0323")
FRENCH = on_layout("aAqQwWzZmM,./;-'\\|1345689270", "qQaAzZwW,?;:!m)ù*µ&\"'(-_çéèà")
GERMAN = on_layout("zZyY|\\-/';", "yYzZ'#ß-äö")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (shown_in("latin-1"), "code_page"),
        (shown_in("cp1252"), "code_page"),
        (shown_in("cp1258"), "code_page"),
        (shown_in("cp437"), "code_page"),
        (VIETNAMESE, "layout"),
        (unicodedata.normalize("NFC", VIETNAMESE), "layout"),
        (FRENCH, "layout"),
        (GERMAN, "layout"),
        (replaced("|", "~"), "separator"),
        (replaced("|", "\t"), "separator"),
        (replaced("|", ""), "separator"),
        ("".join(letter.swapcase() if letter.isascii() else letter for letter in TEXT), "capitals"),
    ],
)
def test_certain_damage_is_undone_with_a_warning(text: str, warning: str) -> None:
    scan = citizen_card.parse(text)
    assert scan.card == CARD and codes(scan) == {warning}


@pytest.mark.parametrize(
    "text",
    [
        "036174000001|012345678|Nguyeenx Thij Loan|06011974|Nuwx|Soos 90/12, dduwowngf Nguyeenx Hueej, Xax"
        " Vinhx Phus, Tinhr Phus Thoj|13032021",
        "036174000001|012345678|Nguye6n4 Thi5 Loan|06011974|Nu74|So61 90/12, d9uo7ng2 Nguye6n4 Hue65, Xa4"
        " Vinh4 Phu1, Ti3nh Phu1 Tho5|13032021",
    ],
    ids=["Telex", "VNI"],
)
def test_keys_of_an_input_method_become_letters_to_compare(text: str) -> None:
    scan = citizen_card.parse(text)
    assert scan.card == CARD and codes(scan) == {"keys"} and scan.doubtful == {"full_name", "address"}


def test_lost_marks_and_letters_are_told_with_what_to_do() -> None:
    for text, code in (
        ("036174000001||Nguyen Thi Loan|06011974|Nu|So 90, Xa Vinh Phu, Tinh Phu Tho|13032021", "marks_lost"),
        ("036174000001||Nguy?n Th? Loan|06011974|N?|S? 90, X? Vinh Ph?|13032021", "letters_lost"),
    ):
        scan = citizen_card.parse(text)
        assert scan.card and scan.card.sex == "female" and codes(scan) == {code}
        assert "tắt bộ gõ tiếng Việt" in str(scan.warnings[0]) and scan.doubtful == {"full_name", "address"}


def test_letters_that_are_not_vietnamese_are_told_or_refused() -> None:
    old_font = citizen_card.parse("036074000001||NguyÔn V¨n An|06011974|Nam|Xã Vĩnh Phú|13032021")
    assert old_font.card is None and "name" in codes(old_font)
    other = citizen_card.parse("036074000001||NguyÔn ThÞ An|06011974|Nam|Xã Vĩnh Phú|13032021")
    assert other.card and codes(other) == {"strange_letters"} and "full_name" in other.doubtful
    script = citizen_card.parse("036074000001||Нгуен Ван Ан|06011974|Nam|Xã Vĩnh Phú|13032021")
    assert script.card is None and "name" in codes(script)


def test_a_number_that_contradicts_the_card_only_warns() -> None:
    scan = citizen_card.parse(replaced("06011974|Nữ", "06011975|Nam"))
    assert scan.card and codes(scan) == {"birth_year", "sex"}


def test_a_place_code_of_another_time_or_country_only_warns() -> None:
    scan = citizen_card.parse(replaced("036174", "101174"))
    assert scan.card and codes(scan) == {"province"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_card"),
        ("H24.12-261121-0001", "not_a_card"),
        ("https://example.vn/tra-cuu#abc", "not_a_card"),
        ("|".join(TEXT.split("|")[:6]), "fields"),
        (replaced("036174000001", "03617400000"), "number"),
        (replaced("036174000001", "0036174000001"), "number"),
        (replaced("Nữ", "X"), "sex"),
        (replaced("06011974", "31021990"), "birth_date"),
        (replaced("06011974", "0601197"), "birth_date"),
        (replaced("13032021", "13132021"), "issued_on"),
        (replaced("Nguyễn Thị Loan", "Nguyễn 123"), "name"),
        (replaced("Nguyễn Thị Loan", ""), "name"),
        (replaced("036174000001", "<script>alert(1)</script>"), "markup"),
        (TEXT + "x" * 1000, "too_long"),
        (replaced("Số 90", "Số\x00 90"), "control"),
    ],
)
def test_what_is_no_card_is_refused_with_its_reason(text: str, code: str) -> None:
    scan = citizen_card.parse(text)
    assert scan.card is None and [problem.code for problem in scan.problems] == [code]


def test_old_people_of_whom_only_the_year_is_known() -> None:
    for text in ("1974", "00001974"):
        scan = citizen_card.parse(replaced("06011974", text))
        assert scan.card and scan.card.birth_date is None and scan.card.birth_year == 1974
        assert codes(scan) == {"year_only"}


def test_days_to_come_are_noticed_with_a_clock() -> None:
    scan = citizen_card.parse(TEXT, today=date(2020, 1, 1))
    assert scan.card and codes(scan) == {"issue_order"}


PIECES = st.sampled_from(
    [*TEXT.split("|"), "|", "~", "\t", "Nữ", "đ", "?", "\ufffd", "µ", "'", "<", "\x00", "Ã"]
)


@given(st.one_of(st.text(max_size=700), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_safe(text: str) -> None:
    scan = citizen_card.parse(text)
    assert (scan.card is None) == bool(scan.problems)


@given(st.text(max_size=700), st.sampled_from([TEXT, VIETNAMESE, FRENCH]), st.integers(0, 120))
def test_garbage_inside_a_card_is_safe(garbage: str, text: str, place: int) -> None:
    scan = citizen_card.parse(text[:place] + garbage + text[place:])
    assert (scan.card is None) == bool(scan.problems)


@pytest.mark.parametrize(
    "text", [TEXT, VIETNAMESE, FRENCH, "|" * 600, "ễ" * 600, "Ã" * 600, "036174000001 " + "x 1" * 190]
)
def test_one_scan_costs_less_than_a_millisecond(text: str) -> None:
    def once() -> float:
        start = time.process_time()
        for _ in range(10):
            citizen_card.parse(text)
        return (time.process_time() - start) / 10

    assert min(once() for _ in range(8)) < 0.001
