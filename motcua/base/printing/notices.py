"""Notices and copies around personal data: facts, then parts of rows. No form of law prescribes how they look.

Pure like `operations.render`: equal papers give equal bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from motcua.base.printing import compiler, wording


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePart:
    """A heading, a line on it, and rows of labels and values; each row stands together."""

    title: str
    note: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePaper:
    """One paper of an office. `foot` stands on every page; `signer` is who signs by hand ("" for nobody)."""

    office: str
    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[NoticePart, ...]
    foot: str
    issued_at: datetime
    to: str = ""
    signer: str = ""


def render_notice(paper: NoticePaper) -> bytes:
    """Return the PDF: tagged PDF/UA-1 and PDF/A-2a, fonts embedded, stamped with its own `issued_at`."""
    return compiler.pdf(
        "practice_notice", json.dumps(wording.printed(paper), ensure_ascii=False), at=paper.issued_at
    )
