"""How numbers are said, for all of them; the names by which words are recorded."""

import re

import pytest

from motcua.counters.voice import guidance, words

HARD = {
    0: "không", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi",
    21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 44: "bốn mươi tư", 51: "năm mươi mốt", 55: "năm mươi lăm",
    100: "một trăm", 101: "một trăm linh một", 104: "một trăm linh bốn", 105: "một trăm linh năm", 110: "một trăm mười",
    111: "một trăm mười một", 115: "một trăm mười lăm", 121: "một trăm hai mươi mốt", 500: "năm trăm",
    555: "năm trăm năm mươi lăm", 1000: "một nghìn", 1001: "một nghìn không trăm linh một",
    1005: "một nghìn không trăm linh năm", 1010: "một nghìn không trăm mười", 1015: "một nghìn không trăm mười lăm",
    1021: "một nghìn không trăm hai mươi mốt", 1100: "một nghìn một trăm", 2024: "hai nghìn không trăm hai mươi tư",
    9999: "chín nghìn chín trăm chín mươi chín", 10_000: "một không không không không",
}  # fmt: skip


def said(value: int, accent: str = words.NORTH) -> str:
    return " ".join(words.spoken(word, accent) for word in words.number(value))


@pytest.mark.parametrize("value", HARD)
def test_the_hard_numbers(value: int) -> None:
    assert said(value) == HARD[value]


def test_the_south_says_le_and_ngan() -> None:
    assert said(1005, words.SOUTH) == "một ngàn không trăm lẻ năm"
    assert said(1005, words.CENTRAL) == "một ngàn không trăm lẻ năm"


def test_no_two_numbers_sound_alike_and_the_rules_hold_for_all() -> None:
    every = [said(value) for value in range(10_000)]
    assert len(set(every)) == 10_000
    for value, text in enumerate(every):
        ones, tens = value % 10, value // 10 % 10
        assert text.endswith(" mốt") == (ones == 1 and tens > 1), value
        assert text.endswith(" tư") == (ones == 4 and tens > 1), value
        assert text.endswith(" lăm") == (ones == 5 and tens >= 1), value
        assert ("linh" in text) == (value > 99 and tens == 0 and ones != 0), value
        assert "  " not in text and not re.search(r"\b(\w+) mười mươi", text), value


def test_whatever_is_said_is_on_the_list_of_words() -> None:
    listed = set(words.needed({"A", "BC"}))
    for value in range(10_000):
        assert {*words.call(f"A{value:03d}", value % 100).words, *words.call(f"BC{value}", 1).words} <= listed
    assert len(words.needed({"A", "B", "C", "D", "E", "F"})) == 26


def test_a_call_is_a_sentence() -> None:
    call = words.call("A105", 3)
    assert call.text(words.NORTH) == "Mời số a một trăm linh năm, đến quầy số ba."
    assert words.call("LB007", 21).text(words.SOUTH) == "Mời số e lờ bê bảy, đến quầy số hai mươi mốt."
    assert (call.who[0], call.where[0]) == (words.CALL, words.TO)


@pytest.mark.parametrize(
    "label", ["", "105", "A", "a105", "ABC1", "Đ12", "A-105", "A105; rm", "A1234567", "A1\n"]
)
def test_what_is_no_ticket_is_not_said(label: str) -> None:
    with pytest.raises(ValueError, match="no ticket"):
        words.call(label, 3)


def test_a_counter_below_nought_is_not_said() -> None:
    with pytest.raises(ValueError, match="no ticket"):
        words.call("A105", -1)


def test_the_kiosk_has_its_nine_sentences_in_both_languages() -> None:
    assert set(guidance.SENTENCES) == {
        "start", "services", "priority", "take", "lookup", "scan", "rate", "timeout", "person",
    }  # fmt: skip
    names = [word for language in guidance.LANGUAGES for word in guidance.all_words(language)]
    assert len(set(names)) == 18 and not any(words.known(name) for name in names)
    for name in names:
        text, language = guidance.sentence(name) or ("", "")
        assert text.endswith(".") and language == name[-2:]
        assert all(len(part.split()) <= 26 for part in re.split(r"[.?:]", text)), text
    assert guidance.sentence("ki-ot-start-fr") is None and guidance.sentence("mot") is None
