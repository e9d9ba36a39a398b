"""Tell what a file really is from its bytes. The name and the browser's word for it count for nothing.

`sniff` knows the four kinds the program takes and the ones people most often send instead, so that a refusal
can name what came. It judges by signature only; whether the file can be read is for a real decoder.
"""

from dataclasses import dataclass

HEAD_SIZE = 8192
TAIL_SIZE = 66_000  # a ZIP's end record and its longest comment


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file the program keeps: the code stored with it, media type, name endings (first is ours)."""

    code: str
    media_type: str
    endings: tuple[str, ...]


PDF = Kind("pdf", "application/pdf", ("pdf",))
JPEG = Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("png", "image/png", ("png",))
HEIC = Kind("heic", "image/heic", ("heic", "heif"))
KINDS = {kind.code: kind for kind in (PDF, JPEG, PNG, HEIC)}
KIND_OF_ENDING = {ending: kind for kind in KINDS.values() for ending in kind.endings}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"OggS", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")


def sniff(head: bytes) -> str:
    """Return the code of what starts with `head` (the first `HEAD_SIZE` bytes).

    A code of `KINDS`, or one of gif, bmp, tiff, webp, avif, svg, html, xml, docx, xlsx, pptx, opendocument,
    old_office, rtf, archive, program, audio, video, text, unknown.
    """
    for signature, code in _SIGNATURES:
        if head.startswith(signature):
            return code
    if head.startswith(b"PK\x03\x04"):
        return _zip(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "audio"}.get(head[8:12], "video")
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    return _markup(head) or _text(head)


def disguises(head: bytes, tail: bytes, code: str) -> list[str]:
    """Return what else a file of kind `code` would pass for: a program that reads it otherwise is fooled.

    `tail` is its last `TAIL_SIZE` bytes. Found are: a page or script in the first kilobyte, a PDF behind
    another signature, a ZIP (or Office, JAR) directory at the end.
    """
    found = []
    start = head[:1024].lower()
    if any(mark in start for mark in _MARKUP if mark != b"<?xml"):
        found.append("html")
    if code != "pdf" and b"%pdf-" in start:
        found.append("pdf")
    if b"PK\x05\x06" in tail and b"PK\x01\x02" in tail:
        found.append("archive")
    return found


def _zip(head: bytes) -> str:
    for mark, code in (
        (b"word/", "docx"),
        (b"xl/", "xlsx"),
        (b"ppt/", "pptx"),
        (b"opendocument", "opendocument"),
    ):
        if mark in head:
            return code
    return "archive"


def _iso_media(head: bytes) -> str:
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(size, 256), 4))}
    if b"avif" in brands:
        return "avif"
    return "heic" if head[8:12] in _HEIF_BRANDS or brands & {b"heic", b"heix"} else "video"


def _markup(head: bytes) -> str:
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start and start.startswith(b"<"):
        return "svg"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "html"
    return "xml" if start.startswith(b"<?xml") else ""


def _text(head: bytes) -> str:
    if b"\x00" in head:
        return "text" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "unknown"
    try:
        head[: len(head) - 4].decode()
    except UnicodeDecodeError:
        return "unknown"
    return "text"
