"""The one door for files of rows: a list of people, an old system's dossiers. Opened in the checker's child only."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from motcua.base.files import names, refusals, sandbox, storage
from motcua.base.files.receiving import receive
from motcua.lib import tables
from motcua.lib.file_kinds import HEAD_SIZE, sniff
from motcua.lib.tables import Row, Table

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Use:
    """What a reader of rows can do with. `text`: whether CSV will do."""

    most_bytes: int
    most_rows: int
    most_columns: int
    text: bool


LIST = Use(10 * 1024 * 1024, 10_000, 60, text=False)  # a school's or a company's list of people
TABLE = Use(20 * 1024 * 1024, 50_000, 120, text=True)  # what an office takes out of another system


@dataclass(frozen=True)
class SheetRead:
    """The rows that have anything in them, by their numbers in the file, and what was seen about the whole."""

    name: str
    sha256: str
    sheet: str
    rows: list[Row]
    merged: dict[int, frozenset[int]]
    unsaved: dict[int, frozenset[int]]
    hidden: list[str]
    others: list[str]
    encoding: str

    @property
    def remarks(self) -> list[str]:
        """What of the file was not read, in words."""
        said = []
        if self.hidden:
            said.append(_("Không đọc trang tính ẩn: %(names)s.") % {"names": ", ".join(self.hidden)})
        if self.others:
            said.append(_("Chỉ đọc trang “%(sheet)s”, không đọc: %(names)s.")
                        % {"sheet": self.sheet, "names": ", ".join(self.others)})  # fmt: skip
        return said


def read_sheet(*, stream: BinaryIO, filename: str, use: Use = LIST) -> SheetRead:
    """Read the first visible sheet of an XLSX, or a CSV where that will do, in the checker's child.

    The only way a file of rows comes in; nothing of it is kept on the disk. Cells are typed: text, number, date,
    true or false, None. Refuses what is no table, what is locked, carries macros or a DTD, unpacks to far more than
    it is, and what has more bytes or rows than the use allows; each with what to do.
    """
    name = names.cleaned(filename)
    try:
        with storage.draft() as draft, storage.draft() as out:
            receive(draft, stream, name, use.most_bytes, refusals.sheet_too_large)
            seen = _seen(draft, out, name, use)
            out.file.seek(0)
            rows, merged, unsaved = _rows(out.file)
            return SheetRead(
                name=name, sha256=draft.sha256, sheet=seen["sheet"], rows=rows, merged=merged, unsaved=unsaved,
                hidden=seen["hidden"], others=seen["others"], encoding=seen["encoding"],
            )  # fmt: skip
    except OSError as error:
        if error.errno in storage.NO_ROOM:
            _log.error("no room for a file of rows under %s", storage.root())
            raise refusals.no_room(name) from error
        raise


def read_table(*, stream: BinaryIO, filename: str, heading_like: Callable[[Sequence[str]], int]) -> Table:
    """Read a heading and its rows; `heading_like` counts how many words of a row are known headings.

    Refuses what `read_sheet` refuses, and a table without a heading.
    """
    read = read_sheet(stream=stream, filename=filename, use=TABLE)
    return tables.under_heading(
        read.rows, heading_like, merged=read.merged, unsaved=read.unsaved, encoding=read.encoding,
        remarks=tuple(read.remarks), sha256=read.sha256,
    )  # fmt: skip


def _seen(draft: storage.Draft, out: storage.Draft, name: str, use: Use) -> dict[str, Any]:
    head = draft.head(HEAD_SIZE)
    kind = sniff(head)
    if not (kind in {"xlsx", "archive"} or (use.text and _may_be_text(kind, head))):
        raise refusals.sheet_not_taken(name, kind, use.most_rows)
    want = {"rows": use.most_rows, "columns": use.most_columns, "text": use.text}
    try:
        seen = sandbox.rows(draft.file.fileno(), want, out=out.file.fileno())
    except sandbox.CheckerFailed:
        raise refusals.not_checked(name) from None
    if "problem" in seen:
        problem = {"too_heavy": "sheet_too_heavy", "broken": "sheet_broken"}.get(
            seen["problem"], seen["problem"]
        )
        _log.info("sheet refused: %s, %d bytes", problem, draft.size)
        raise refusals.sheet_not_taken(name, problem, use.most_rows)
    return seen


def _may_be_text(kind: str, head: bytes) -> bool:
    """Tell whether it is worth a try as CSV: text may begin with the letters of another kind ("BM", "MZ", "ID3")."""
    return kind in {"text", "unknown"} or (kind in {"bmp", "audio", "program", "tiff"} and b"\0" not in head)


def _rows(file: BinaryIO) -> tuple[list[Row], dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    rows, merged, unsaved = list[Row](), dict[int, frozenset[int]](), dict[int, frozenset[int]]()
    for line in file:
        number, cells, joined, formulas = json.loads(line)
        rows.append(Row(number, tuple(tables.from_json(cell) for cell in cells)))
        if joined:
            merged[number] = frozenset(joined)
        if formulas:
            unsaved[number] = frozenset(formulas)
    return rows, merged, unsaved
