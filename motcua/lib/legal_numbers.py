"""Numbers of Vietnamese legal texts, and their articles: pure text, no database.

A number is `số/năm/loại-cơ quan ban hành` (Nghị định 30/2020/NĐ-CP, Phụ lục I and VI), of laws `số/năm/QH khóa`; older
decisions have no year.
"""

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+[A-Z]?/(?:\d{4}/)?[A-ZĐƯƠ][A-ZĐƯƠ0-9-]*")
_ARTICLE = re.compile(r"^[ \t]*(Điều[ \t]+\d+[a-zđ]?\b[.:]?[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: "Điều 16. Nội dung…" and what stands under it; heading "" is what stands before the first."""

    heading: str
    body: str


def key_of(text: str) -> str:
    """Return the number inside "Nghị định số 123/2015/NĐ-CP …" in one spelling, "" where there is none.

    Spaces around the strokes, small letters and kinds of dash do not matter.
    """
    plain = unicodedata.normalize("NFC", text).upper()
    plain = re.sub(r"[‐-―−]", "-", plain)
    plain = re.sub(r"\s*([/-])\s*", r"\1", plain)
    found = _NUMBER.search(plain)
    return found.group(0).rstrip("-") if found else ""


def articles(text: str) -> list[Article]:
    """Cut the text of a law at its articles. Text without articles is one piece."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    found = list(_ARTICLE.finditer(text))
    if not found:
        return [Article("", text.strip())] if text.strip() else []
    pieces = [Article("", text[: found[0].start()].strip())]
    for number, head in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        pieces.append(Article(head.group(1).strip(), text[head.end() : end].strip()))
    return [piece for piece in pieces if piece.heading or piece.body]
