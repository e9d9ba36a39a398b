"""Guides by life event: what is done in which order, in our own words, one TOML file an event (both languages).

A step names a procedure by its code, or says where to go. What a procedure needs, takes and costs is not written here:
it is read from the catalogue, so that a guide never says anything else than the procedure's own page.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FOLDER = Path(__file__).parent
_CODE = re.compile(r"\d\.\d{6}\Z")
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_GUIDE = {"order", "title", "lead", "step"}
_STEP = {"title", "text", "procedure", "where"}


class BadGuide(ValueError):
    """A guide that is not complete: the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in the two languages of the product."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `procedure` is a code or ""; `where` says where to go without that procedure here."""

    title: Said
    text: Said
    where: Said
    procedure: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One life event: its steps in the order they are done."""

    slug: str
    order: int
    title: Said
    lead: Said
    steps: tuple[Step, ...]


@cache
def guides() -> tuple[Guide, ...]:
    """Return all guides in their order; raises BadGuide for a file that is not complete."""
    found = [read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda one: (one.order, one.slug)))


def guide(slug: str) -> Guide | None:
    """Return the guide of an address, None where there is none."""
    return next((one for one in guides() if one.slug == slug), None)


def read(slug: str, text: str) -> Guide:
    """Return the guide that a file says."""
    if not _SLUG.match(slug):
        raise BadGuide(f"{slug}: a name is lower-case words with hyphens")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadGuide(f"{slug}: {error}") from error
    _only(slug, data, _GUIDE)
    order, steps = data.get("order"), data.get("step")
    if not isinstance(order, int) or not isinstance(steps, list) or not steps:
        raise BadGuide(f"{slug}: order is a number, and there is at least one step")
    return Guide(
        slug, order, _said(slug, data, "title"), _said(slug, data, "lead"),
        tuple(_step(f"{slug}, step {number}", row) for number, row in enumerate(steps, start=1)),
    )  # fmt: skip


def _step(name: str, data: Any) -> Step:
    if not isinstance(data, dict):
        raise BadGuide(f"{name}: a step is a table")
    _only(name, data, _STEP)
    code = data.get("procedure", "")
    if not isinstance(code, str) or (code and not _CODE.match(code)):
        raise BadGuide(f"{name}: {code!r} is no code of a procedure")
    return Step(_said(name, data, "title"), _said(name, data, "text"), _said(name, data, "where"), code)


def _said(name: str, data: Mapping[str, Any], key: str) -> Said:
    pair = data.get(key)
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) and one for one in pair):
        raise BadGuide(f"{name}: {key} is a sentence in Vietnamese and one in English")
    return Said(*pair)


def _only(name: str, data: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(data) - known
    if unknown:
        raise BadGuide(f"{name}: unknown {', '.join(sorted(unknown))}")
