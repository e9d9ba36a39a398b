"""From the columns of an office's file to the fields a reader knows: guessed by heading, corrected by a person.

`records` turns each row into values by field, with what is wrong in plain words: which row, which column, what to do.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.lib import tables
from motcua.lib.due_words import Phrase, phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.tables import Table


@dataclass(frozen=True, slots=True)
class Field:
    """Something a reader wants of each row. `also` are other headings that offices give it."""

    name: str
    label: str
    also: tuple[str, ...] = ()
    required: bool = False
    kind: str = "text"  # text, moment, number
    most: int = 300

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(tables.key(one) for one in (self.name, self.label, *self.also))


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong in one row. `column` is the heading as the file has it, "" for the whole row."""

    row: int
    column: str
    words: Phrase | str

    @property
    def message(self) -> str:
        return self.words.say(Refusal.speak) if isinstance(self.words, Phrase) else self.words

    def facts(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass(slots=True)
class Record:
    """One row as values by field: text, a moment or None, a whole number or None."""

    number: int
    values: dict[str, Any]
    headings: Mapping[str, str]
    troubles: list[Trouble] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def trouble(self, name: str, words: Phrase | str) -> None:
        """Note what is wrong with a field."""
        self.troubles.append(Trouble(self.number, self.headings.get(name, ""), words))


def heading_like(fields: Sequence[Field]) -> Any:
    """Return the function that counts the known headings of a row, for `tables.read`."""
    known = frozenset().union(*(one.keys for one in fields))

    def count(cells: Sequence[str]) -> int:
        return sum(1 for cell in cells if cell and tables.key(cell) in known)

    return count


def guess(heading: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    """Return the column of each field, by heading: the same words first, then a heading that begins with them."""
    keys = [tables.key(one) for one in heading]
    found: dict[str, int] = {}
    for one in fields:
        for column, key in enumerate(keys):
            if key and key in one.keys and column not in found.values():
                found[one.name] = column
                break
    for one in fields:
        if one.name in found:
            continue
        for column, key in enumerate(keys):
            near = any(len(known) > 5 and key.startswith(f"{known} ") for known in one.keys)
            if near and column not in found.values():
                found[one.name] = column
                break
    return found


def by_headings(heading: Sequence[str], fields: Sequence[Field], named: Mapping[str, str]) -> dict[str, int]:
    """Return the columns of a kept map: headings by field. What it does not name is guessed no further."""
    keys = {tables.key(one): column for column, one in reversed(list(enumerate(heading)))}
    names = {one.name for one in fields}
    return {
        name: keys[tables.key(said)]
        for name, said in named.items()
        if name in names and tables.key(said) in keys
    }


def missing(fields: Sequence[Field], columns: Mapping[str, int]) -> list[Field]:
    """Return the fields that have to have a column and have none."""
    return [one for one in fields if one.required and one.name not in columns]


def twice(columns: Mapping[str, int]) -> list[int]:
    """Return the columns that two fields were given."""
    return [column for column, times in Counter(columns.values()).items() if times > 1]


def records(table: Table, fields: Sequence[Field], columns: Mapping[str, int]) -> list[Record]:
    """Return every row as values by field, with the troubles of its cells."""
    headings = {name: table.heading[column] for name, column in columns.items()}
    american = {name for name, column in columns.items() if _american(table, column)}
    rows = []
    for row in table.rows:
        record = Record(row.number, {}, headings)
        for one in fields:
            column = columns.get(one.name)
            cell = row.cells[column] if column is not None else None
            if column is not None:
                _whole(table, record, one, column)
            record.values[one.name] = _value(record, one, cell, american=one.name in american)
            if one.required and record.values[one.name] in ("", None) and not record.troubles:
                record.trouble(one.name, phrase(_("Ô này trống. Ghi %(field)s."), field=phrase(one.label)))
        rows.append(record)
    return rows


def _whole(table: Table, record: Record, one: Field, column: int) -> None:
    why = table.trouble(record.number, column)
    if why == "merged":
        record.trouble(one.name, phrase(_("Ô gộp. Bỏ gộp ô rồi ghi giá trị ở từng dòng.")))
    elif why == "formula":
        record.trouble(
            one.name,
            phrase(_("Công thức chưa có kết quả. Mở tệp bằng Excel hay LibreOffice, lưu lại rồi nhập.")),
        )


def _american(table: Table, column: int) -> bool:
    """Tell whether a column of dates as text writes the month first somewhere: then none of it is believed."""
    for row in table.rows:
        cell = row.cells[column]
        if isinstance(cell, str) and cell:
            try:
                tables.moment(cell)
            except tables.NotADay as fault:
                if fault.american:
                    return True
    return False


def _value(record: Record, one: Field, cell: tables.Cell, *, american: bool) -> Any:
    if one.kind == "moment":
        return _moment(record, one, cell, american=american)
    text = tables.words(cell)
    if text.startswith("#") and text.rstrip("!?/A0").isupper() and text.endswith(("!", "?", "A")):
        record.trouble(
            one.name, phrase(_("Công thức báo lỗi %(error)s. Sửa trong bảng tính rồi nhập lại."), error=text)
        )
        return None if one.kind == "number" else ""
    if one.kind == "number":
        return _number(record, one, text)
    if len(text) > one.most:
        record.trouble(one.name, phrase(_("Quá dài: tối đa %(most)s ký tự."), most=one.most))
        return text[: one.most]
    return text


def _moment(record: Record, one: Field, cell: tables.Cell, *, american: bool) -> Any:
    try:
        moment = tables.moment(cell)
    except tables.NotADay as fault:
        if fault.american:
            record.trouble(
                one.name,
                phrase(_("Ngày ghi tháng trước, ngày sau. Ghi lại theo ngày/tháng/năm, ví dụ 25/12/2026.")),
            )
        else:
            record.trouble(
                one.name, phrase(_("Không đọc được ngày. Ghi theo ngày/tháng/năm, ví dụ 25/12/2026."))
            )
        return None
    if american and tables.may_be_american(cell):
        record.trouble(
            one.name,
            phrase(
                _("Cột này có ngày ghi tháng trước nên ngày ở đây đọc được hai cách. Ghi cả cột theo ngày/tháng/năm.")
            ),
        )  # fmt: skip
    return moment


def _number(record: Record, one: Field, text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        record.trouble(one.name, phrase(_("Không phải số nguyên. Chỉ ghi chữ số.")))
        return None
    return int(text)
