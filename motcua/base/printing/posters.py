"""Sheets for the wall and for the hand: guidance for one procedure, the posted list of an agency, labels with codes.

No form of law: public posting of procedures (niêm yết công khai) is a duty of every agency that receives dossiers
(Nghị định 63/2010/NĐ-CP, Điều 15 to 17; 61/2018/NĐ-CP, Điều 12), how it looks is not prescribed. Pure like
`operations.render`: equal sheets give equal bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from motcua.base.printing import compiler, wording
from motcua.lib import barcodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bring:
    """Papers of one case, or of every case when `title` is empty."""

    title: str
    hand_in: tuple[str, ...]
    show: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceSheet:
    """What a person takes home about one procedure. `url` opens its page, which may be newer than the sheet."""

    template: ClassVar[str] = "sheet_guidance"

    title: str
    code: str
    sector: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    bring: tuple[Bring, ...]
    steps: tuple[str, ...]
    places: tuple[str, ...]
    decision: str
    url: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterLine:
    """One procedure on a wall."""

    name: str
    code: str
    limit: str
    fee: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WallPoster:
    """The procedures of an agency by sector, on A4 pages; `url` is the same list as a page, always as it is today."""

    template: ClassVar[str] = "sheet_poster"

    agency: str
    title: str
    sectors: tuple[tuple[str, tuple[PosterLine, ...]], ...]
    places: tuple[str, ...]
    url: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLabels:
    """Cards with one QR code each, eight on a page, to be cut and put where people wait."""

    template: ClassVar[str] = "sheet_labels"

    agency: str
    title: str
    lines: tuple[PosterLine, ...]
    issued_at: datetime


Sheet = GuidanceSheet | WallPoster | WallLabels


def render_sheet(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet: tagged PDF/UA-1 and PDF/A-2a, fonts embedded, stamped with its own `issued_at`."""
    values: dict[str, Any] = wording.printed(sheet)
    # Codes carry the addresses themselves: what is printed of one may hold places to break.
    if isinstance(sheet, WallLabels):
        values["lines"] = [
            shown | _code(line.url) for shown, line in zip(values["lines"], sheet.lines, strict=True)
        ]
    else:
        values |= _code(sheet.url)
    return compiler.pdf(sheet.template, json.dumps(values, ensure_ascii=False), at=sheet.issued_at)


def _code(url: str) -> dict[str, str]:
    return {"qr": barcodes.qr(url).svg}
