"""typst, kept warm. One compiler serves one thread at a time, so each template has a small shelf of them.

A compiler keeps its parsed template and fonts (about 250 ms to build, a few ms to use). typst releases the
interpreter lock while it works. Templates see nothing but the JSON in `sys.inputs.data`: they evaluate no
text, import no package and read no file outside their folder.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
NEEDED_FAMILIES = frozenset({"Be Vietnam Pro", "Noto Serif"})


#: In a sandbox for training every page of every paper is marked as no real one (decision 0053).
_MARKED = "_training"


def _training() -> bool:
    return os.environ.get("MOTCUA_TRAINING", "").strip().lower() in {"1", "true", "yes", "on"}


_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


class FontsMissing(RuntimeError):
    """The fonts were not collected at set-up; papers without Vietnamese fonts are not made."""


_shelf: dict[str, list[typst.Compiler]] = {}
_shelf_lock = threading.Lock()


def pdf(template: str, data: str, *, at: datetime, archive: bool = True) -> bytes:
    """Return `template` filled with the JSON text `data` as PDF, stamped with the instant `at`.

    `archive` false leaves PDF/A and PDF/UA out, for parts whose tags are lost when they are put together.
    """
    with _compiler(_MARKED if _training() else template) as compiler:
        made = compiler.compile(
            format="pdf",
            sys_inputs={"data": data, "template": template},
            pdf_standards=["a-2a", "ua-1"] if archive else [],
            pdf_tags=archive,
            timestamp=int(at.astimezone(UTC).timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def page_count(made: bytes) -> int:
    """Return the number of pages of a PDF that `pdf` made (typst writes one flat page tree, first)."""
    found = _PAGES.search(made)
    assert found, "typst changed how it writes the page tree"
    return int(found.group(1))


@contextmanager
def _compiler(template: str) -> Iterator[typst.Compiler]:
    """Lend a compiler to this thread alone. One that failed is not put back."""
    with _shelf_lock:
        waiting = _shelf.setdefault(template, [])
        compiler = waiting.pop() if waiting else None
    compiler = compiler or _new(template)
    yield compiler
    with _shelf_lock:
        _shelf[template].append(compiler)


def _new(template: str) -> typst.Compiler:
    return typst.Compiler(
        input=str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    missing = NEEDED_FAMILIES.difference(fonts.families())
    if missing:
        names = ", ".join(sorted(missing))
        raise FontsMissing(f"fonts missing under {FONTS}: {names}; run the set-up script")
    return fonts
