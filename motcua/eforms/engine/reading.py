"""Takes what a browser posted into an answer. Nothing is refused here: what is no date or number stays as typed.

Names of fields are paths; parts of dates and addresses follow after a dot (`born.day`, `home.province`). What was not
posted stays as it was. Lists that may be empty post an empty text beside their ticks.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from motcua.base.codelists import lists
from motcua.eforms.engine import dates
from motcua.eforms.engine.model import (
    ABROAD,
    ADDRESS_PARTS,
    DATE_PARTS,
    LONGEST_LONG,
    MOMENT_PARTS,
    SILENT,
    Field,
    Form,
    Section,
    Values,
    blank,
    rows_of,
)
from motcua.lib.phone import normalize_phone
from motcua.lib.vietnamese import normalize

Posted = Mapping[str, Sequence[str]]


def taken(form: Form, section: Section, posted: Posted, values: Values, *, on: date) -> Values:
    """Return the answer with what was posted for one section; the old one is not changed."""
    if section.rows is None:
        return values | _taken(section.fields, posted, values, "", on)
    rows = []
    for number, row in enumerate(rows_of(section, values)):
        rows.append(row | _taken(section.fields, posted, row, f"{section.key}.{number}.", on))
    return values | {section.key: rows}


def _taken(fields: tuple[Field, ...], posted: Posted, old: Values, before: str, on: date) -> Values:
    found: Values = {}
    for field in fields:
        if field.kind in SILENT or field.kind == "file":
            continue
        name = before + field.key
        if field.kind == "group":
            inner = old.get(field.key)
            inner = inner if isinstance(inner, dict) else {}
            parts = _taken(field.parts, posted, inner, f"{name}.", on)
            if parts:
                found[field.key] = _without_blanks(inner | parts)
        elif (value := _value(field, name, posted, old.get(field.key), on)) is not _NOT_POSTED:
            found[field.key] = value
    return found


_NOT_POSTED = object()


def _value(field: Field, name: str, posted: Posted, old: object, on: date) -> Any:
    if field.kind in {"date", "moment"}:
        return _date(field, name, posted, old)
    if field.kind == "address":
        return _address(name, posted, old, on)
    if name not in posted:
        return _NOT_POSTED
    said = [cleaned(text) for text in posted[name]]
    if field.kind == "several":
        return list(dict.fromkeys(text[:80] for text in said if text))
    text = said[-1] if said else ""
    match field.kind:
        case "long":
            return cleaned(posted[name][-1], lines=True)[: LONGEST_LONG * 2]
        case "number" | "money":
            return number(text, decimals=field.decimals)
        case "phone":
            return normalize_phone(text) or text[:80]
        case "personal_id":
            return text.replace(" ", "").replace(".", "")[:40]
        case "name":
            return text.strip(" ,;")[: field.longest * 2]
        case "yes_no" | "choice" | "code":
            return text[:80]
    return text[: (field.longest or 200) * 2]


def cleaned(text: str, *, lines: bool = False) -> str:
    """Return a text in NFC without invisible characters or halves of letters; with `lines` its breaks are kept."""
    whole = "".join(
        one for one in text if unicodedata.category(one) not in {"Cs", "Co", "Cn"} and one != "\x00"
    )
    if not lines:
        return _visible(normalize(whole))
    return "\n".join(_visible(normalize(line)) for line in whole.replace("\r\n", "\n").split("\n")).strip()


def _visible(text: str) -> str:
    """Leave out marks that turn the direction of reading, and controls: a text reads as it is stored."""
    return "".join(one for one in text if unicodedata.category(one) not in {"Cc", "Cf"})


def number(text: str, *, decimals: int = 0) -> Any:
    """Return the number that a person wrote with dots between thousands and a comma before decimals, else the text."""
    plain = text.replace(" ", "").replace("\u00a0", "")
    whole, comma, rest = plain.partition(",")
    digits = whole.lstrip("-")
    groups = digits.split(".")
    right = len(groups) == 1 or all(len(one) == 3 for one in groups[1:])
    joined = "".join(groups)
    if not (joined.isascii() and joined.isdigit() and right and len(joined) <= 15):
        return text[:80]
    if comma and not (decimals and rest.isascii() and rest.isdigit() and len(rest) <= decimals):
        return text[:80]
    sign = -1 if whole.startswith("-") else 1
    return sign * (float(f"{joined}.{rest}") if comma else int(joined))


def _date(field: Field, name: str, posted: Posted, old: object) -> Any:
    names = MOMENT_PARTS if field.kind == "moment" else DATE_PARTS
    said = {
        part: cleaned(posted[f"{name}.{part}"][-1])[:20] for part in names if posted.get(f"{name}.{part}")
    }
    if not said:
        return _NOT_POSTED
    parts = {part: dates.apart(old).get(part, "") for part in names} | said
    value = dates.joined(parts, partial=field.partial, moment=field.kind == "moment")
    return parts if value is None else value


def _address(name: str, posted: Posted, old: object, on: date) -> Any:
    said = {
        part: cleaned(posted[f"{name}.{part}"][-1])[:300]
        for part in ADDRESS_PARTS
        if posted.get(f"{name}.{part}")
    }
    if not said:
        return _NOT_POSTED
    before = old if isinstance(old, dict) else {}
    found = {part: str(before.get(part) or "") for part in (*ADDRESS_PARTS, "commune_name")}
    typed = said.pop("commune", None)
    found |= said
    if typed is None:
        typed = found["commune_name"]
    if found["province"] == ABROAD:
        found |= {"commune": "", "commune_name": ""}
    else:
        found["nation"] = ""
        meant = lists.meant("commune", typed, on=on, parent=found["province"]) if found["province"] else None
        found |= {"commune": meant.code if meant else "", "commune_name": meant.name if meant else typed}
    return {} if blank(found) else _without_blanks(found)


def _without_blanks(found: Values) -> Values:
    return {name: value for name, value in found.items() if not blank(value)}


def with_row(section: Section, values: Values) -> Values:
    """Return the answer with one more row of a repeating section, as far as there is room."""
    rows = rows_of(section, values)
    most = section.rows[1] if section.rows else 0
    return values | {section.key: [*rows, {}] if len(rows) < most else rows}


def without_row(section: Section, number: int, values: Values) -> Values:
    """Return the answer without one row."""
    rows = rows_of(section, values)
    return values | {section.key: rows[:number] + rows[number + 1 :]}


def begun(form: Form, values: Values) -> Values:
    """Return an answer with what stands there from the start: defaults, and one row of what repeats."""
    found = dict(values)
    for section in form.sections:
        for field in section.fields if section.rows is None else ():
            if field.default and field.key not in found:
                found[field.key] = number(field.default) if field.kind == "number" else field.default
        if section.rows:
            rows = rows_of(section, found)
            found[section.key] = rows + [{} for _n in range(max(section.rows[0], 1) - len(rows))]
    return found
