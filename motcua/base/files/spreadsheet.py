"""Read the rows of an XLSX, or of the text (CSV) that came instead. Runs only inside the checker's child.

No Django, no settings. Nothing is computed: a formula counts as the value that was stored with it, and is marked where
there is none. `read` writes the rows to `out` (`row_lines`) and answers what was seen, or {"problem": word}.
"""

import io
import re
import zipfile
from collections.abc import Generator
from datetime import date
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.cell import column_index_from_string, range_boundaries

from motcua.base.files import separated
from motcua.base.files.row_lines import Bad, Lines, Want
from motcua.lib.xml_documents import has_document_type

_MOST_PARTS = 2_000
_MOST_INFLATED = 200 * 1024 * 1024
_MOST_RATIO = 400
_MOST_MERGED = 20_000
_LAST_ROW = 1_048_576  # of any spreadsheet
_BLOCK, _TAG = 64 * 1024, 256
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^<]*(?:/>|</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|t|f|is)[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_NUMBER = re.compile(rb'<[^>]*?\sr="([0-9]{1,7})"')


def warm_up() -> None:
    """Read small files of our own, so that whatever is imported late is there before the rights are given up."""
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["ấ", 1, 1.5, date(2000, 1, 1), "=1+1"])
    book.create_sheet("\u0111").sheet_state = "hidden"
    book.save(kept)
    everything = {"rows": 9, "columns": 9, "text": True}
    text = "aaaaaa;đ\n"
    for data in (
        kept.getvalue(),
        *(text.encode(name) for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258")),
    ):
        assert "problem" not in read(io.BytesIO(data), io.BytesIO(), everything)


def read(file: BinaryIO, out: BinaryIO, want: dict[str, Any]) -> dict[str, Any]:
    """Write the rows of the first visible sheet, or of the text, to `out`; return what was seen."""
    wanted = Want(int(want["rows"]), int(want["columns"]), bool(want["text"]))
    try:
        head = file.read(2)
        file.seek(0)
        if head != b"PK" and wanted.text:
            return separated.read(file, out, wanted)
        _refuse_bomb(file)
        return _workbook(file, out, wanted)
    except Bad as bad:
        return {"problem": str(bad)}
    except (MemoryError, OSError):  # an OSError is `out` at its limit
        return {"problem": "sheet_too_heavy"}
    except Exception:  # a reader may raise anything on bad data
        return {"problem": "sheet_broken"}


def _refuse_bomb(file: BinaryIO) -> None:
    """Look at the directory of the archive, and for DTDs, before anything is unpacked in whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _refuse_listed(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as text:
                        if has_document_type(text):
                            raise Bad("sheet_dtd")
    except zipfile.BadZipFile:
        raise Bad("sheet_broken") from None


def _refuse_listed(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise Bad("not_a_sheet")
    if any(part.flag_bits & 1 for part in parts):
        raise Bad("sheet_locked")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise Bad("sheet_active")
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if (
        len(parts) > _MOST_PARTS
        or size > _MOST_INFLATED
        or (size > 1024 * 1024 and size / packed > _MOST_RATIO)
    ):
        raise Bad("sheet_too_heavy")


def _workbook(file: BinaryIO, out: BinaryIO, want: Want) -> dict[str, Any]:
    file.seek(0)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Bad("sheet_empty")
    sheet: Any = visible[0]
    with zipfile.ZipFile(file) as archive:
        source = archive.read(sheet._worksheet_path)
    if not _write_rows(sheet, source, Lines(out, want), want):
        raise Bad("sheet_empty")
    return {
        "sheet": str(sheet.title)[:80],
        "hidden": [str(one.title)[:80] for one in book.worksheets if one.sheet_state != "visible"][:5],
        "others": [str(one.title)[:80] for one in visible[1:6]],
        "encoding": "",
    }


def _write_rows(sheet: Any, source: bytes, lines: Lines, want: Want) -> int:
    last = _last_filled(source)
    if last == 0:
        return 0
    if last is not None and last > _LAST_ROW:
        raise Bad("sheet_broken")
    unsaved = _unsaved(source)
    merged = _merged(source)
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = sheet.iter_rows(max_col=want.columns, max_row=last, values_only=True)
    joined = _joined(merged)
    next(joined)
    for number, cells in enumerate(rows, 1):
        lines.write(number, cells, joined.send(number), unsaved.get(number, ()))
    return lines.written


def _merged(source: bytes) -> list[tuple[int, int, int, int]]:
    """Return first row, last row, first and last column of each merged area (the streaming reader tells of none)."""
    areas = []
    for match in _MERGED.finditer(source):
        left, top, right, bottom = (int(one or 0) for one in range_boundaries(match[1].decode()))
        areas.append((top, bottom, left - 1, right - 1))
        if len(areas) > _MOST_MERGED:
            raise Bad("sheet_merged")
    return sorted(areas)


def _joined(areas: list[tuple[int, int, int, int]]) -> Generator[set[int], int, None]:
    """Take the numbers of rows as they grow; give the columns that are merged in each."""
    at, open_areas = 0, list[tuple[int, int, int, int]]()
    number = yield set()
    while True:
        while at < len(areas) and areas[at][0] <= number:
            open_areas.append(areas[at])
            at += 1
        open_areas = [one for one in open_areas if one[1] >= number]
        number = yield {
            column for _top, _bottom, left, right in open_areas for column in range(left, right + 1)
        }


def _unsaved(source: bytes) -> dict[int, set[int]]:
    """Return the columns whose formula was saved without a value, by row."""
    found: dict[int, set[int]] = {}
    for match in _EMPTY_FORMULA.finditer(source):
        found.setdefault(int(match[2]), set()).add(column_index_from_string(match[1].decode()) - 1)
    return found


def _last_filled(source: bytes) -> int | None:
    """Return the number of the last row with anything in it, 0 for no such row, None where rows have no numbers.

    Some programs write a million blank rows after the last one; they are not walked through.
    """
    end = source.rfind(b"sheetData")
    if end < 0:
        raise Bad("sheet_broken")
    filled = _last(_FILLED, source, end)
    row = _last(_ROW, source, filled) if filled is not None else None
    if row is None:
        return 0
    number = _NUMBER.match(source, row)
    return int(number[1]) if number else None


def _last(pattern: re.Pattern[bytes], source: bytes, end: int) -> int | None:
    """Return where the last tag of the pattern begins before `end`."""
    start = end
    while start > 0:
        stop, start = min(start + _TAG, end), max(0, start - _BLOCK)
        found = [match.start() for match in pattern.finditer(source, start, stop)]
        if found:
            return found[-1]
    return None
