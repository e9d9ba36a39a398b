"""Numbers and articles of legal texts."""

import pytest

from motcua.lib.legal_numbers import Article, articles, key_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("123/2015/NĐ-CP", "123/2015/NĐ-CP"),
        ("Nghị định số 123/2015/NĐ-CP ngày 15/11/2015 của Chính phủ", "123/2015/NĐ-CP"),
        ("nghị định 123 / 2015 / nđ – cp", "123/2015/NĐ-CP"),
        ("Luật Hộ tịch số 60/2014/QH13", "60/2014/QH13"),
        ("Quyết định 45/QĐ-UBND", "45/QĐ-UBND"),
        ("01/2018/TT-VPCP;", "01/2018/TT-VPCP"),
        ("ngày 15/11/2015", ""),
        ("Luật Đất đai", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, key: str) -> None:
    assert key_of(text) == key


def test_a_law_is_cut_at_its_articles() -> None:
    text = "LUẬT\r\nHỘ TỊCH\r\n  Điều 1. Phạm vi\r\nMột.\r\nTheo Điều 5 của Luật này\r\nĐiều 2a. Giải thích\nHai."
    assert articles(text) == [
        Article("", "LUẬT\nHỘ TỊCH"),
        Article("Điều 1. Phạm vi", "Một.\nTheo Điều 5 của Luật này"),
        Article("Điều 2a. Giải thích", "Hai."),
    ]


def test_text_without_articles_is_one_piece_and_nothing_is_none() -> None:
    assert articles(" Công văn trả lời ") == [Article("", "Công văn trả lời")]
    assert articles("  \n ") == []
