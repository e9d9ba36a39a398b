"""The 12-digit personal number."""

from datetime import date

import pytest

from motcua.lib import personal_id


def test_a_number_tells_place_sex_and_year() -> None:
    reading = personal_id.read("036201000001")
    assert reading.valid
    assert (reading.province, reading.sex, reading.birth_year) == ("Nam Định", "male", 2001)
    assert personal_id.read("001199000001").sex == "female"


def test_the_63_places_are_whole() -> None:
    assert len(personal_id.PROVINCES) == 63
    assert personal_id.PROVINCES["096"] == "Cà Mau" and "\n" not in "".join(personal_id.PROVINCES.values())


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "not_digits"),
        ("00109900000A", "not_digits"),
        ("٠٠١٠٩٩٠٠٠٠٠١", "not_digits"),
        ("00109900001", "length"),
        ("0010990000012", "length"),
        ("000099000001", "province"),
        ("097099000001", "province"),
        ("001999000001", "century"),
    ],
)
def test_an_invalid_number_says_why(number: str, code: str) -> None:
    reading = personal_id.read(number)
    assert not reading.valid and [reason.code for reason in reading.reasons] == [code]


def test_a_year_to_come_is_seen_only_with_a_clock() -> None:
    assert personal_id.read("001299000001").valid
    reading = personal_id.read("001299000001", today=date(2026, 11, 21))
    assert [reason.code for reason in reading.reasons] == ["future"]


def test_contradictions_warn_and_never_judge() -> None:
    assert personal_id.contradictions("036174000001", 1974, "female") == ()
    found = personal_id.contradictions("036174000001", 1975, "male")
    assert [one.code for one in found] == ["birth_year", "sex"]
    assert str(found[0]) == "Số định danh ghi năm sinh 1974, giấy tờ ghi 1975. Hãy đối chiếu."
    assert personal_id.contradictions("nothing", 1975, "male") == ()
