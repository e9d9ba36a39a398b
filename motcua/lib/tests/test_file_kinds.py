"""Signatures are told apart; names count for nothing."""

import pytest

from motcua.lib.file_kinds import KIND_OF_ENDING, KINDS, disguises, sniff


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "avif"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "video"),
        (b"RIFF\x00\x00\x00\x00WEBP", "webp"),
        (b"PK\x03\x04....word/document.xml", "docx"),
        (b"PK\x03\x04....a.txt", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        (b"MZ\x90", "program"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML>", "html"),
        (b"<?xml version='1.0'?><svg>", "svg"),
        (b"<?xml version='1.0'?><a>", "xml"),
        ("Đơn xin".encode(), "text"),
        ("Đơn xin".encode("utf-16"), "text"),
        (b"\x00\x01\x02", "unknown"),
        (b"", "text"),
    ],
)
def test_sniff(head: bytes, code: str) -> None:
    assert sniff(head) == code


def test_disguises_name_the_second_face() -> None:
    assert disguises(b"%PDF-1.4\n", b"%%EOF", "pdf") == []
    assert disguises(b"\xff\xd8\xff %PDF-1.4", b"", "jpeg") == ["pdf"]
    assert disguises(b"%PDF-1.4\n<SCRIPT>", b"", "pdf") == ["html"]
    assert disguises(b"%PDF-", b"PK\x01\x02....PK\x05\x06", "pdf") == ["archive"]


def test_every_ending_belongs_to_one_kind() -> None:
    assert len(KIND_OF_ENDING) == sum(len(kind.endings) for kind in KINDS.values())
