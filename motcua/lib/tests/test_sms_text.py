"""Length of text messages: alphabets, parts, letters that are never cut."""

import pytest

from motcua.lib.sms_text import Size, size, without_marks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Size("gsm", 0, 0)), ("a" * 160, Size("gsm", 160, 1)), ("a" * 161, Size("gsm", 161, 2)),
        ("a" * 306, Size("gsm", 306, 2)), ("a" * 307, Size("gsm", 307, 3)), ("€" * 80, Size("gsm", 160, 1)),
        ("a" * 152 + "€" + "a" * 152, Size("gsm", 306, 3)),  # the sign is not cut: the first part ends a place early
        ("ồ" * 70, Size("ucs2", 70, 1)), ("ồ" * 71, Size("ucs2", 71, 2)), ("é" * 160, Size("gsm", 160, 1)),
        ("ồ" * 66 + "😀" + "ồ" * 66, Size("ucs2", 134, 3)), ("đ", Size("ucs2", 1, 1)),
    ],
)  # fmt: skip
def test_places_and_parts(text, wanted):
    assert size(text) == wanted


def test_marks_go_and_nothing_but_gsm_is_left():
    assert without_marks("Đã tiếp nhận hồ sơ “Ưu tiên” – 5₫… 漢😀") == 'Da tiep nhan ho so "Uu tien" - 5d... '
    assert size(without_marks("Ữ ợ ẫ ỹ Ẵ đ Đ" * 11)).alphabet == "gsm"
