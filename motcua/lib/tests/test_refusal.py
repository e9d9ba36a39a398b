"""Refusals of the pure parts are said in the reader's language, when they are read."""

import pytest
from django.utils import translation

from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import Refusal


def test_a_refusal_of_the_pure_parts_speaks_the_language_of_the_reader() -> None:
    with pytest.raises(Refusal) as caught:
        parse_limit("bao giờ xong thì xong")
    refusal = caught.value
    with translation.override("vi"):
        assert refusal.message.startswith("Không đọc được thời hạn “bao giờ xong thì xong”.")
    with translation.override("en"):
        assert refusal.message.startswith("The time limit “bao giờ xong thì xong” cannot be read.")
    assert refusal.code == "bad_limit"


def test_words_already_translated_stay_as_they_are() -> None:
    with translation.override("en"):
        assert str(Refusal("Đã dịch 100%")) == "Đã dịch 100%"
