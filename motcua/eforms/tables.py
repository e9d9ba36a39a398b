"""A form as a table, the way `source` reads it: what the builder keeps while a form is being made. Pure.

Conditions stand as written lines, also broken ones, so nothing that was typed is lost; `read` says what is wrong where.
A path names an element: "" the form, `section`, `section.field`, `section.field.part`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from motcua.eforms import source
from motcua.eforms.engine import checking, conditions
from motcua.eforms.engine.model import LONGEST_LONG, LONGEST_TEXT, Field, Form, Section

Table = dict[str, Any]

FRAME = ("title", "basis", "intro", "pledge", "to", "signature")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says: the form as far as it can be read, and the faults by path ("" is the whole form)."""

    form: Form
    faults: dict[str, list[str]]


def empty(title: str) -> Table:
    """Return a form without questions."""
    return {"title": title, "section": [], "rule": [], "signer": []}


def table_of(form: Form) -> Table:
    """Return a form as a table."""
    return {
        **{name: getattr(form, name) for name in FRAME if getattr(form, name)},
        "section": [_section(one) for one in form.sections],
        "rule": [{"holds": conditions.written(one.holds), "say": one.say, "at": one.at} for one in form.rules],
        "signer": [
            _trim({"key": one.key, "title": one.title, "name": one.name, "show": conditions.written(one.show)})
            for one in form.signers
        ],
    }  # fmt: skip


def _section(one: Section) -> Table:
    return _trim({
        "key": one.key, "title": one.title, "help": one.help, "show": conditions.written(one.show),
        "rows": list(one.rows) if one.rows else None, "item": one.item, "restart": one.restart,
    }) | {"fields": [_field(field) for field in one.fields]}  # fmt: skip


def _field(one: Field) -> Table:
    longest = one.longest if one.longest != usual_length(one.kind) else None
    return _trim({
        "key": one.key, "kind": one.kind, "label": one.label, "help": one.help, "required": one.required,
        "need": conditions.written(one.need), "show": conditions.written(one.show),
        "options": [f"{code}: {words}" for code, words in one.options], "list": one.list, "longest": longest,
        "least": one.least, "most": one.most, "decimals": one.decimals, "earliest": one.earliest,
        "latest": one.latest, "partial": one.partial, "parts": [_field(part) for part in one.parts],
        "compute": [one.compute[0], *one.compute[1]] if one.compute else None, "own": one.own,
        "source": one.source, "default": one.default,
    })  # fmt: skip


def usual_length(kind: str) -> int:
    """Return how long an answer may be where a field says nothing."""
    return LONGEST_LONG if kind == "long" else 120 if kind == "name" else LONGEST_TEXT


def _trim(found: Table) -> Table:
    return {name: value for name, value in found.items() if says(name, value)}


def says(name: str, value: Any) -> bool:
    """Tell whether a fact says anything; a bound of 0 does."""
    return (
        value is not None
        and value is not False
        and value not in ("", [])
        and (name, value) != ("decimals", 0)
    )


def elements(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield every element below the form with its path, in the order of the form."""
    for section in table["section"]:
        yield section["key"], section
        for field in section["fields"]:
            yield f"{section['key']}.{field['key']}", field
            for part in field.get("parts", ()):
                yield f"{section['key']}.{field['key']}.{part['key']}", part


def read(table: Table) -> Reading:
    """Read a table: conditions that are none are left out and told at their place, everything else is checked."""
    bare: Table = json.loads(json.dumps(table))
    found: dict[str, list[str]] = {}
    for path, element in elements(bare):
        for name in ("show", "need"):
            if text := element.get(name):
                _readable(text, path, found) or element.pop(name)
    bare["rule"] = [one for one in bare.get("rule", ()) if _readable(one["holds"], "", found)]
    for one in bare.get("signer", ()):
        if one.get("show") and not _readable(one["show"], "", found):
            one.pop("show")
    form = source.form_of(bare)
    places: dict[str, str] = {}
    for path, _element in elements(bare):
        places.setdefault(path, path)
        places.setdefault(path.partition(".")[2], path)
    for fault in checking.faults_of(form):
        found.setdefault(places.get(fault.at, ""), []).append(fault.say)
    return Reading(form, {path: list(dict.fromkeys(texts)) for path, texts in found.items()})


def _readable(text: str, path: str, found: dict[str, list[str]]) -> bool:
    try:
        conditions.parse(text)
    except conditions.BadCondition as broken:
        say = _("Điều kiện “%(text)s” không đọc được, từ chỗ “%(where)s”.")
        found.setdefault(path, []).append(say % {"text": text[:80], "where": str(broken)[:40]})
        return False
    return True
