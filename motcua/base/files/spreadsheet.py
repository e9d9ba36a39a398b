"""Read the cells of an XLSX. Runs only inside the checker's child, like `inspection`: no Django, no settings.

Nothing is computed: a formula counts as the value that Excel stored with it, and is named where there is none. `read`
writes one JSON line per row to `out` ([number, [[kind, text], …]]) and answers what was seen, or {"problem": word}.
Kinds: s text, n number, d date, f formula without a stored value, e error of Excel's, "" empty.
"""

import io
import json
import re
import zipfile
from datetime import date, datetime, time
from typing import Any, BinaryIO

import openpyxl

MOST_ROWS = 10_000
MOST_COLUMNS = 60
_MOST_PARTS = 2_000
_MOST_INFLATED = 120 * 1024 * 1024
_MOST_RATIO = 400
_LONGEST_CELL = 400
_BLANK_ROWS = 200  # so many empty lines in a row end the sheet: some programs write a million
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


class Bad(Exception):
    """The file is refused; the argument is the problem's word."""


def warm_up() -> None:
    """Read a small sheet of our own, so that whatever is imported late is there before the rights are given up."""
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["ấ", 1, 1.5, date(2000, 1, 1), "=1+1"])
    book.create_sheet("\u0111").sheet_state = "hidden"
    book.save(kept)
    read(kept, io.BytesIO())


def read(file: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    """Write the rows of the first visible sheet to `out`; return what was seen."""
    try:
        names = _refuse_bomb(file)
        return _read(file, out, names)
    except Bad as bad:
        return {"problem": str(bad)}
    except MemoryError:
        return {"problem": "sheet_too_heavy"}
    except Exception:  # a reader may raise anything on bad data
        return {"problem": "sheet_broken"}


def _refuse_bomb(file: BinaryIO) -> set[str]:
    """Look at the directory of the archive before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Bad("sheet_broken") from None
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
    return names


def _read(file: BinaryIO, out: BinaryIO, names: set[str]) -> dict[str, Any]:
    values = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    file.seek(0)
    formulas = openpyxl.load_workbook(
        io.BytesIO(file.read()), read_only=True, data_only=False, keep_links=False
    )
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Bad("sheet_empty")
    sheet = visible[0]
    hidden = [one.title for one in values.worksheets if one.sheet_state != "visible"]
    rows = _write_rows(sheet, formulas[sheet.title], out)
    if not rows:
        raise Bad("sheet_empty")
    return {
        "sheet": str(sheet.title)[:80],
        "rows": rows,
        "hidden": [str(one)[:80] for one in hidden[:5]],
        "others": [str(one.title)[:80] for one in visible[1:6]],
        "merged": _merged(file, sheet),
    }


def _write_rows(sheet: Any, formulas: Any, out: BinaryIO) -> int:
    limits = {"max_col": MOST_COLUMNS}
    sheet.reset_dimensions()
    formulas.reset_dimensions()
    written = blank = 0
    pairs = zip(sheet.iter_rows(**limits), formulas.iter_rows(**limits), strict=False)
    for number, (row, raw) in enumerate(pairs, 1):
        cells = [_cell(one.value, other.value) for one, other in zip(row, raw, strict=False)]
        while cells and not cells[-1][1]:
            cells.pop()
        if not cells:
            blank += 1
            if blank > _BLANK_ROWS:
                break
            continue
        blank = 0
        written += 1
        if written > MOST_ROWS + 30:  # the lines over the head do not count
            raise Bad("too_many_rows")
        out.write(json.dumps([number, cells], ensure_ascii=False).encode() + b"\n")
    return written


def _cell(value: Any, raw: Any) -> list[str]:
    if isinstance(raw, str) and raw.startswith("=") and value is None:
        return ["f", raw[:40]]
    if value is None or value == "":
        return ["", ""]
    if isinstance(value, datetime | date):
        return ["d", f"{value:%d/%m/%Y}"] if value.year > 1800 else ["n", "0"]
    if isinstance(value, bool):
        return ["s", "x" if value else ""]
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return ["n", str(int(value)) if whole and abs(value) < 1e15 else str(value)]
    if isinstance(value, time):
        return ["s", str(value)]
    text = " ".join(str(value).split())[:_LONGEST_CELL]
    return ["e" if text.startswith("#") and text.rstrip("!?").isupper() else "s", text]


def _merged(file: BinaryIO, sheet: Any) -> list[list[int]]:
    """Return first and last row of each merged area of the sheet (the streaming reader tells of none)."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path) as part:
        text = part.read(_MOST_INFLATED)
    areas = [[int(found[2]), int(found[4])] for found in _MERGED.finditer(text)]
    return areas[:200]
