"""An answer in words: what stands on the page that is checked before it is handed in, and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.base.codelists import lists
from motcua.eforms.engine import computing, conditions, dates
from motcua.eforms.engine.model import ABROAD, Field, Form, Section, Values, blank, rows_of

YES_NO = {"yes": "Có", "no": "Không"}
_WIDEST_TABLE = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer. `number` is the printed form's, empty for what it does not count."""

    number: str
    label: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section in words; a repeating one has `rows` under `columns`, or its lines row by row when it is too wide."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def shown(form: Form, values: Values, *, on: date) -> list[Part]:
    """Return the sections that are asked, in words. Questions without answer stand with an empty text."""
    found, number = [], 0
    for section in form.sections:
        counted = sum(1 for one in section.fields if _counts(one))
        number = 0 if section.restart else number
        if conditions.true(section.show, values, on=on):
            found.append(_part(section, values, number, on))
        number += counted
    return found


def _counts(field: Field) -> bool:
    return not field.own and field.kind not in {"computed", "note"}


def _part(section: Section, values: Values, number: int, on: date) -> Part:
    if section.rows is None:
        return Part(section.key, section.title, tuple(_lines(section, values, values, number, "", on)))
    rows = rows_of(section, values)
    fields = [one for one in section.fields if one.kind != "note"]
    if len(fields) <= _WIDEST_TABLE:
        texts = tuple(
            (str(at), *(text_of(one, row.get(one.key), values | row, on) for one in fields))
            for at, row in enumerate(rows, start=1)
        )
        return Part(section.key, section.title, (), ("TT", *(one.label for one in fields)), texts)
    lines: list[Line] = []
    for at, row in enumerate(rows):
        lines.append(Line("", f"{section.item or section.title} {at + 1}", "", ""))
        lines += _lines(section, row, values | row, number, f"{section.key}.{at}.", on)
    return Part(section.key, section.title, tuple(lines))


def _lines(
    section: Section, own: Values, scope: Values, number: int, before: str, on: date
) -> Iterator[Line]:
    for field in section.fields:
        number += _counts(field)
        if field.kind == "note" or not conditions.true(field.show, scope, on=on):
            continue
        text = text_of(field, own.get(field.key), scope, on)
        yield Line(str(number) if _counts(field) else "", field.label, text, before + field.key)


def text_of(field: Field, value: Any, scope: Values, on: date) -> str:
    """Return one answer in words; what could not be read stands as it was typed."""
    if field.kind == "computed":
        found = computing.computed(field, scope, on=on)
        return "" if found is None else _number(found)
    if blank(value):
        return ""
    match field.kind:
        case "date" | "moment":
            return dates.said(value) or " ".join(text for text in dates.apart(value).values() if text)
        case "number" | "money":
            return _number(value)
        case "yes_no":
            return YES_NO.get(str(value), str(value))
        case "choice":
            return dict(field.options).get(str(value), str(value))
        case "several":
            words = dict(field.options)
            return "; ".join(
                words.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])
            )
        case "code":
            return lists.called(field.list, str(value))
        case "address":
            return address(value)
        case "file":
            return "; ".join(str(one.get("name") or "") for one in value if isinstance(one, dict))
        case "group":
            return _group(field, value if isinstance(value, dict) else {}, scope, on)
    return str(value)


def _group(field: Field, value: Values, scope: Values, on: date) -> str:
    inner, said = scope | value, []
    for part in field.parts:
        if part.kind == "note" or not conditions.true(part.show, inner, on=on):
            continue
        if text := text_of(part, value.get(part.key), inner, on):
            said.append(
                text if part.kind in {"choice", "long", "address"} else f"{part.label.lower()} {text}"
            )
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def address(value: Any) -> str:
    """Return an address on one line, the smallest place first."""
    if not isinstance(value, dict):
        return str(value or "")
    parts = [
        value.get("line"),
        value.get("commune_name") or lists.called("commune", value.get("commune") or ""),
    ]
    if value.get("province") == ABROAD:
        parts.append(lists.called("nation", value.get("nation") or ""))
    elif value.get("province"):
        parts.append(lists.called("province", value["province"]))
    return ", ".join(str(one) for one in parts if one)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    whole, _dot, rest = f"{value:,}".partition(".")
    return whole.replace(",", ".") + (f",{rest}" if rest and rest != "0" else "")
