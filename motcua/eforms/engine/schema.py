"""A form as it is stored: JSON Schema (draft 2020-12) with hints in `x-…`, and back.

A program that knows no hint can still check the shape of an answer with any JSON Schema library; the hints carry what
the standard has no words for: sections and their order, conditions, what is computed, help.
"""

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from motcua.eforms.engine.model import (
    ADDRESS_PARTS,
    LONGEST_TEXT,
    MOST_ROWS,
    NO,
    YES,
    Field,
    Form,
    Rule,
    Section,
    Signer,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_PARTIAL = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$"
_TEXT = {"type": "string"}
_FILE = {
    "type": "object",
    "properties": {"id": _TEXT, "name": _TEXT},
    "required": ["id"],
    "additionalProperties": False,
}

Json = dict[str, Any]


def schema_of(form: Form) -> Json:
    """Return the stored shape of a form."""
    properties: Json = {}
    for section in form.sections:
        own = {field.key: _property(field) for field in section.fields}
        if section.rows is None:
            properties |= own
        else:
            least, most = section.rows
            properties[section.key] = {
                "type": "array", "title": section.title, "minItems": least, "maxItems": most,
                "items": {"type": "object", "properties": own, "additionalProperties": False},
            }  # fmt: skip
    return {
        "$schema": DIALECT, "title": form.title, "type": "object", "properties": properties,
        "additionalProperties": False,
        "x-sections": [_section(one) for one in form.sections],
        "x-rules": [{"holds": one.holds, "say": one.say, "at": one.at} for one in form.rules],
        "x-signers": [
            _trim({"key": one.key, "title": one.title, "name": one.name, "show": one.show}) for one in form.signers
        ],
        **_trim({
            "x-basis": form.basis, "x-intro": form.intro, "x-pledge": form.pledge, "x-to": form.to,
            "x-signature": form.signature,
        }),
    }  # fmt: skip


def _section(section: Section) -> Json:
    return _trim({
        "key": section.key, "title": section.title, "help": section.help, "show": section.show,
        "item": section.item, "restart": section.restart, "repeats": section.rows is not None,
        "fields": [field.key for field in section.fields],
    })  # fmt: skip


def _trim(found: Json) -> Json:
    return {name: value for name, value in found.items() if value not in (None, "", False, (), [])}


def _property(field: Field) -> Json:
    hints = {
        "x-kind": field.kind, "x-required": field.required, "x-need": field.need, "x-show": field.show,
        "x-list": field.list, "x-own": field.own, "x-source": field.source, "x-decimals": field.decimals,
        "x-earliest": field.earliest, "x-latest": field.latest, "x-partial": field.partial,
        "x-least": field.least if field.kind == "file" else None,
        "x-most": field.most if field.kind == "file" else None,
        "x-compute": [field.compute[0], list(field.compute[1])] if field.compute else None,
        "x-options": [list(pair) for pair in field.options],
        "x-parts": [part.key for part in field.parts],  # the database keeps no order of properties
    }  # fmt: skip
    return {
        "title": field.label,
        **_shape(field),
        **_trim({"description": field.help, "default": field.default, **hints}),
    }


def _shape(field: Field) -> Json:
    codes = [code for code, _words in field.options]
    match field.kind:
        case "number" | "money":
            found: Json = {"type": "integer" if not field.decimals else "number"}
            return (
                found
                | ({} if field.least is None else {"minimum": field.least})
                | ({} if field.most is None else {"maximum": field.most})
            )
        case "date":
            return {"type": "string", "pattern": _PARTIAL if field.partial else _DATE}
        case "moment":
            return {"type": "string", "pattern": _MOMENT}
        case "choice":
            return {"enum": codes}
        case "yes_no":
            return {"enum": [YES, NO]}
        case "several":
            return {"type": "array", "items": {"enum": codes}, "uniqueItems": True}
        case "address":
            names = (*ADDRESS_PARTS, "commune_name")
            return {
                "type": "object",
                "properties": dict.fromkeys(names, _TEXT),
                "additionalProperties": False,
            }
        case "file":
            return {"type": "array", "items": _FILE, "maxItems": int(field.most or 10)}
        case "group":
            parts = {part.key: _property(part) for part in field.parts}
            return {"type": "object", "properties": parts, "additionalProperties": False}
        case "note" | "computed":
            return {"readOnly": True}
    return {"type": "string", "maxLength": field.longest}


# ── Back


def form_of(schema: Json) -> Form:
    """Read a stored form that `checking.faults` finds nothing wrong with; KeyError, TypeError else."""
    properties = schema["properties"]
    return Form(
        title=schema["title"], basis=schema.get("x-basis", ""), intro=schema.get("x-intro", ""),
        pledge=schema.get("x-pledge", ""), to=schema.get("x-to", ""), signature=schema.get("x-signature", ""),
        sections=tuple(_section_of(one, properties) for one in schema["x-sections"]),
        rules=tuple(Rule(**one) for one in schema.get("x-rules", ())),
        signers=tuple(Signer(**one) for one in schema.get("x-signers", ())),
    )  # fmt: skip


def _section_of(found: Json, properties: Json) -> Section:
    own, rows = properties, None
    if found.get("repeats"):
        array = properties[found["key"]]
        own, rows = array["items"]["properties"], (array.get("minItems", 0), array.get("maxItems", MOST_ROWS))
    return Section(
        key=found["key"], title=found["title"], help=found.get("help", ""), show=found.get("show"), rows=rows,
        item=found.get("item", ""), restart=bool(found.get("restart")),
        fields=tuple(_field_of(key, own[key]) for key in found["fields"]),
    )  # fmt: skip


def _field_of(key: str, found: Json) -> Field:
    kind = found["x-kind"]
    bounds = ("x-least", "x-most") if kind == "file" else ("minimum", "maximum")
    compute = found.get("x-compute")
    return Field(
        key=key, kind=kind, label=found["title"], help=found.get("description", ""),
        required=bool(found.get("x-required")), need=found.get("x-need"), show=found.get("x-show"),
        options=tuple((str(code), str(words)) for code, words in found.get("x-options", ())),
        list=found.get("x-list", ""), longest=found.get("maxLength", LONGEST_TEXT), least=found.get(bounds[0]),
        most=found.get(bounds[1]), decimals=found.get("x-decimals", 0), earliest=found.get("x-earliest", ""),
        latest=found.get("x-latest", ""), partial=bool(found.get("x-partial")),
        parts=tuple(_field_of(name, found["properties"][name]) for name in found.get("x-parts") or found["properties"])
        if kind == "group"
        else (),
        compute=(compute[0], tuple(compute[1])) if compute else None, own=bool(found.get("x-own")),
        source=found.get("x-source", ""), default=found.get("default", ""),
    )  # fmt: skip


# ── For the API


def misshapen(digest: str, schema: Json, values: object) -> list[tuple[str, str]]:
    """Return where an answer from outside has not the shape of the form: path and the library's English words.

    The validator of a definition is kept under its digest.
    """
    found = sorted(
        _validator(digest, _Held(schema)).iter_errors(values), key=lambda one: list(map(str, one.path))
    )
    return [(".".join(str(step) for step in one.path), one.message[:200]) for one in found[:200]]


class _Held:
    """Carries a schema past the cache's key, which is the digest alone."""

    def __init__(self, schema: Json) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _validator(digest: str, held: _Held) -> Draft202012Validator:
    return Draft202012Validator(held.schema)
