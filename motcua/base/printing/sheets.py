"""Sheets beside the papers of a dossier, for the wall, the hand and the desk. The one door to them is `render_sheet`.

Public posting of procedures (niêm yết công khai) is a duty of every agency that receives dossiers (Nghị định
63/2010/NĐ-CP, Điều 15 to 17; 61/2018/NĐ-CP, Điều 12), how it looks is not prescribed; the certifying words and the
register of certified copies have a form (23/2015/NĐ-CP, 01/2020/TT-BTP). Pure like `operations.render`: equal sheets
give equal bytes.
"""

import json
from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """One sheet between two papers of a stack; `coded` is what a scanner reads from it."""

    name: str
    of: str
    place: str
    coded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorSheets:
    """Sheets to lay between papers before they are scanned in one go, one a page."""

    template: ClassVar[str] = "practice_separator_sheets"

    office: str
    sheets: tuple[Separator, ...]
    issued_at: datetime
    title: str = "Tờ phân cách"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyingLabel:
    """The certifying words of one copy; signer and capacity are empty until it is signed."""

    number: str
    book: str
    symbol: str
    day: str
    capacity: str
    signer: str
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyingWords:
    """The certifying words (lời chứng) of a visit as labels."""

    template: ClassVar[str] = "nd23_2015_certifying_words"

    office: str
    labels: tuple[CertifyingLabel, ...]
    issued_at: datetime
    title: str = "Lời chứng"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed, and the number of their identity paper."""

    name: str
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBlock:
    """The certifying words below one signature; signer and capacity are empty until it is signed.

    `source` and `target` are the languages of a translator's paper.
    """

    people: tuple[Signer, ...]
    number: str
    book: str
    symbol: str
    day: str
    capacity: str
    signer: str
    receiver: str
    source: str
    target: str
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureWords:
    """The certifying words of signatures, one block for each copy, to stand on the last page."""

    template: ClassVar[str] = "nd23_2015_signature_words"

    office: str
    blocks: tuple[SignatureBlock, ...]
    translator: bool
    fingerprint: bool
    issued_at: datetime
    title: str = "Lời chứng chữ ký"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """One number of a register of certification, as printed."""

    number: str
    on: str
    person: str
    name: str
    signer: str
    copies: str
    fee: str
    note: str
    languages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRegister:
    """The register of certified copies (sổ chứng thực bản sao) of a year or of some days, with its sums."""

    template: ClassVar[str] = "tt01_2020_copy_register"

    office: str
    range: str
    foot: str
    lines: tuple[BookRow, ...]
    total_numbers: str
    total_copies: str
    total_fee: str
    total_void: str
    issued_at: datetime
    title: str = "Sổ chứng thực bản sao từ bản chính"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRegister:
    """The register of certified signatures, or of translators' signatures: then with the languages."""

    template: ClassVar[str] = "tt01_2020_signature_register"

    office: str
    range: str
    foot: str
    lines: tuple[BookRow, ...]
    languages: bool
    total_numbers: str
    total_copies: str
    total_fee: str
    total_void: str
    issued_at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedLine:
    """One dossier that is posted in public; `name` says who, or that nobody is named."""

    code: str
    procedure: str
    name: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDossiers:
    """The dossiers whose time of public posting runs, to be put on the board."""

    template: ClassVar[str] = "practice_posting_list"

    office: str
    lines: tuple[PostedLine, ...]
    foot: str
    issued_at: datetime
    title: str = "Danh sách niêm yết công khai"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLine:
    """One question of a declaration with its answer. Without `path` it is the heading of a row."""

    number: str
    label: str
    text: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPart:
    """One section of a declaration: lines, or a table."""

    title: str
    lines: tuple[DeclaredLine, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBy:
    """Who signs a declaration; `confirmed` says when they did on a screen, empty: by hand on this paper."""

    title: str
    name: str
    confirmed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A form filled in on a screen (tờ khai), as handed in on paper. `mark` is that of its content."""

    template: ClassVar[str] = "eform_declaration"

    title: str
    to: str
    basis: str
    parts: tuple[DeclaredPart, ...]
    pledge: str
    signers: tuple[DeclaredBy, ...]
    mark: str
    draft: bool
    issued_at: datetime


Sheet = (
    Declaration
    | GuidanceSheet
    | WallPoster
    | WallLabels
    | SeparatorSheets
    | CertifyingWords
    | CopyRegister
    | SignatureWords
    | SignatureRegister
    | PostedDossiers
)


def render_sheet(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet: tagged PDF/UA-1 and PDF/A-2a, fonts embedded, stamped with its own `issued_at`."""
    values: dict[str, Any] = wording.printed(sheet)
    # Codes carry the texts themselves: what is printed of one may hold places to break.
    for shown, coded in _coded(sheet, values):
        shown["qr"] = barcodes.qr(coded).svg
    return compiler.pdf(sheet.template, json.dumps(values, ensure_ascii=False), at=sheet.issued_at)


def _coded(sheet: Sheet, values: dict[str, Any]) -> Iterable[tuple[dict[str, Any], str]]:
    """Return which printed parts carry a code, with what it says."""
    match sheet:
        case Declaration():
            return [(values, sheet.mark)]
        case GuidanceSheet() | WallPoster():
            return [(values, sheet.url)]
        case WallLabels():
            return zip(values["lines"], (line.url for line in sheet.lines), strict=True)
        case SeparatorSheets():
            return zip(values["sheets"], (one.coded for one in sheet.sheets), strict=True)
        case _:
            return []
