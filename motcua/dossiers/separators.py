"""Separator sheets: what their codes say, and how the codes of a scan's pages split it into papers. Pure.

A sheet names a line of one dossier's papers ("MC1:D:code:position") or a paper of the catalogue, good for every dossier
("MC1:K:id of the required paper"). A page that carries such a code is a separator and belongs to no part.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_OF_DOSSIER = re.compile(r"MC1:D:([A-Z0-9.-]{5,40}):(\d{1,4})")
_OF_KIND = re.compile(r"MC1:K:(\d{1,15})")


def dossier_code(code: str, position: int) -> str:
    """Return what the code of a dossier's sheet says."""
    return f"MC1:D:{code}:{position}"


def kind_code(required_id: int) -> str:
    """Return what the code of a sheet for one kind of paper says."""
    return f"MC1:K:{required_id}"


@dataclass(frozen=True, slots=True)
class Part:
    """Pages of a scan that belong together. `position` is the line they go to, None where nothing says it.

    `unknown` holds the text of a separator that names no paper of this dossier.
    """

    pages: tuple[int, ...]
    position: int | None = None
    unknown: str = ""

    @property
    def of_dossier(self) -> str:
        """The code of the other dossier whose sheet this is, "" where the text says none."""
        found = _OF_DOSSIER.fullmatch(self.unknown)
        return found.group(1) if found else ""


def parts_of(
    codes: Sequence[Sequence[str]], *, code: str, positions: frozenset[int], kinds: Mapping[int, int]
) -> list[Part]:
    """Split the pages of a scan at its separators; empty parts fall away.

    `kinds` leads from required papers to positions. Pages before the first separator belong to no line; codes that are
    no separators of ours are part of the papers.
    """
    found: list[Part] = []
    pages: list[int] = []
    position: int | None = None
    unknown = ""
    for number, texts in enumerate(codes, 1):
        sheet = next((text for text in texts if text.startswith("MC1:")), None)
        if sheet is None:
            pages.append(number)
            continue
        if pages:
            found.append(Part(tuple(pages), position, unknown))
        pages = []
        position = _position(sheet, code, positions, kinds)
        unknown = sheet if position is None else ""
    if pages:
        found.append(Part(tuple(pages), position, unknown))
    return found


def _position(sheet: str, code: str, positions: frozenset[int], kinds: Mapping[int, int]) -> int | None:
    if match := _OF_DOSSIER.fullmatch(sheet):
        position = int(match[2])
        return position if match[1] == code and position in positions else None
    if match := _OF_KIND.fullmatch(sheet):
        return kinds.get(int(match[1]))
    return None
