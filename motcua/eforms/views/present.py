"""Questions as a page draws them: names, ids, what stands in the fields, what is wrong, where it came from."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.codelists import lists
from motcua.eforms.engine import computing, conditions, dates, showing, wording
from motcua.eforms.engine.model import (
    ABROAD,
    DATE_PARTS,
    MOMENT_PARTS,
    Condition,
    Field,
    Form,
    Section,
    Values,
    rows_of,
)
from motcua.lib.vietnamese import sort_key

_FEW = 5  # choices shown as radios; more are a list to open
_LONG_LIST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a question."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One small field of a date, a moment or an address."""

    id: str
    name: str
    label: str
    value: str
    width: str = ""
    kind: str = "input"
    wrong: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a page. `draw` chooses the part of the template; `unmet` says when it is to be answered."""

    path: str
    id: str
    draw: str
    kind: str
    label: str
    help: str
    optional: bool
    value: str = ""
    error: str = ""
    source: str = ""
    other: str = ""
    unmet: str = ""
    rule: str = ""
    width: str = ""
    mode: str = ""
    complete: str = ""
    length: int = 0
    choices: tuple[Choice, ...] = ()
    boxes: tuple[Box, ...] = ()
    parts: "tuple[Question, ...]" = ()
    files: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        """Return the ids of what describes the field to a screen reader."""
        found = [f"{self.id}-{name}" for name, text in (
            ("hint", self.help), ("unmet", self.unmet), ("source", self.source), ("other", self.other),
            ("error", self.error),
        ) if text]  # fmt: skip
        return " ".join(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a repeating section."""

    number: int
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One section of a page."""

    section: Section
    number: int
    asked: bool
    unmet: str
    rule: str
    questions: tuple[Question, ...] = ()
    rows: tuple[Row, ...] = ()
    room: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all questions of a page share."""

    form: Form
    values: Values
    on: date
    faults: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)


def shown(frame: Frame, section: Section, number: int) -> Shown:
    """Return a section with its questions."""
    asked = conditions.true(section.show, frame.values, on=frame.on)
    unmet = "" if asked else wording.only_when(frame.form, section.show)
    common: dict[str, Any] = {
        "section": section, "number": number, "asked": asked, "unmet": unmet, "rule": _rule(section.show),
        "error": frame.faults.get(section.key, ""),
    }  # fmt: skip
    if section.rows is None:
        return Shown(questions=_questions(frame, section.fields, frame.values, frame.values, ""), **common)
    rows = tuple(
        Row(
            number=at,
            title=f"{section.item or section.title} {at + 1}",
            questions=_questions(frame, section.fields, row, frame.values | row, f"{section.key}.{at}."),
        )
        for at, row in enumerate(rows_of(section, frame.values))
    )
    return Shown(rows=rows, room=len(rows) < section.rows[1], **common)


def id_of(path: str) -> str:
    """Return the id of the field at a path."""
    return "f-" + path.replace(".", "-")


def _rule(condition: Condition | None) -> str:
    return json.dumps(condition, ensure_ascii=False) if condition else ""


def _questions(
    frame: Frame, fields: tuple[Field, ...], own: Values, scope: Values, before: str
) -> tuple[Question, ...]:
    return tuple(_question(frame, one, own.get(one.key), scope, before, fields) for one in fields)


def _question(
    frame: Frame, one: Field, value: Any, scope: Values, before: str, beside: tuple[Field, ...]
) -> Question:
    path = before + one.key
    asked = conditions.true(one.show, scope, on=frame.on)
    needed = one.required and conditions.true(one.need, scope, on=frame.on)
    common: dict[str, Any] = {
        "path": path, "id": id_of(path), "kind": one.kind, "label": one.label, "help": one.help,
        "optional": not one.required and one.kind not in {"note", "computed"}, "error": frame.faults.get(path, ""),
        "source": frame.sources.get(path, ""), "other": frame.conflicts.get(path, ""), "rule": _rule(one.show),
        "unmet": "" if asked else wording.only_when(frame.form, one.show, beside),
    }  # fmt: skip
    if one.required and not needed and not before:
        common["optional"] = True
    return _DRAWN.get(one.kind, _text)(frame, one, value, scope, common)


def _text(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    shown_value = (
        showing.text_of(one, value, scope, frame.on) if one.kind in {"number", "money"} else str(value or "")
    )
    modes = {"number": "decimal" if one.decimals else "numeric", "money": "numeric", "personal_id": "numeric",
             "phone": "tel", "email": "email"}  # fmt: skip
    widths = {"number": "5", "money": "10", "personal_id": "20", "phone": "20"}
    return Question(
        draw="long" if one.kind == "long" else "input", value=shown_value, mode=modes.get(one.kind, ""),
        width=widths.get(one.kind, ""), length=one.longest, **common,
    )  # fmt: skip


def _dates(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    words = {"hour": _("Giờ"), "minute": _("Phút"), "day": _("Ngày"), "month": _("Tháng"), "year": _("Năm")}
    said, path = dates.apart(value), common["path"]
    boxes = tuple(
        Box(
            id=f"{common['id']}-{name}", name=f"{path}.{name}", label=words[name], value=said.get(name, ""),
            width="4" if name == "year" else "2", wrong=bool(common["error"]),
        )
        for name in (MOMENT_PARTS if one.kind == "moment" else DATE_PARTS)
    )  # fmt: skip
    return Question(draw="boxes", boxes=boxes, **common)


def _choices(
    one: Field, value: Any, pairs: list[tuple[str, str]], common: dict[str, Any]
) -> tuple[Choice, ...]:
    chosen = value if isinstance(value, list) else [value]
    return tuple(
        Choice(id=f"{common['id']}-{number}", value=code, label=words, chosen=code in chosen)
        for number, (code, words) in enumerate(pairs)
    )


def _choice(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    pairs = [("yes", _("Có")), ("no", _("Không"))] if one.kind == "yes_no" else list(one.options)
    draw = "checkboxes" if one.kind == "several" else "radios" if len(pairs) <= _FEW else "select"
    return Question(draw=draw, choices=_choices(one, value, pairs, common), **common)


def _code(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    return Question(draw="select", choices=_choices(one, value, _pairs(one.list, frame.on), common), **common)


def _pairs(name: str, on: date) -> list[tuple[str, str]]:
    """Return codes and names of a list: what most people need first, the rest by the alphabet."""
    found = sorted(
        lists.rows(name, on=on), key=lambda one: (one.code not in {"VN", "01"}, sort_key(one.name))
    )
    return [(one.code, one.name) for one in found]


def _address(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    said = value if isinstance(value, dict) else {}
    path, ident, faults = common["path"], common["id"], frame.faults
    wrong = {name: faults.get(f"{path}.{name}", "") for name in ("province", "commune", "nation")}
    common["error"] = common["error"] or next((text for text in wrong.values() if text), "")
    province = said.get("province", "")
    provinces = [(row.code, row.name) for row in sorted(lists.rows("province", on=frame.on), key=_by_name)]
    nations = [pair for pair in _pairs("nation", frame.on) if pair[0] not in {"VN", "XX"}]
    communes = sorted(lists.rows("commune", on=frame.on, parent=province), key=_by_name) if province else []

    def box(name: str, label: str, **more: Any) -> Box:
        inner = {"id": f"{ident}-{name}"}
        pairs = more.pop("pairs", [])
        return Box(
            id=f"{ident}-{name}", name=f"{path}.{name}", label=label, wrong=bool(wrong.get(name)),
            choices=_choices(one, more.get("value"), pairs, inner), **more,
        )  # fmt: skip

    boxes = [
        box("province", _("Tỉnh, thành phố"), kind="select", value=province,
            pairs=[*provinces, (ABROAD, _("Ở nước ngoài"))]),
        box("commune", _("Xã, phường, đặc khu"), kind="list", value=said.get("commune_name", ""),
            pairs=[(row.name, row.name) for row in communes]),
        box("line", _("Số nhà, đường, thôn, tổ"), value=said.get("line", "")),
        box("nation", _("Nước (nếu ở nước ngoài)"), kind="select", value=said.get("nation", ""), pairs=nations),
    ]  # fmt: skip
    return Question(draw="address", boxes=tuple(boxes), **common)


def _by_name(row: lists.Code) -> str:
    bare = row.name
    for kind in ("Thành phố ", "Tỉnh ", "Phường ", "Xã ", "Đặc khu "):
        bare = bare.removeprefix(kind)
    return sort_key(bare)


def _group(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    own = value if isinstance(value, dict) else {}
    parts = _questions(frame, one.parts, own, scope | own, f"{common['path']}.")
    return Question(draw="group", parts=parts, **common)


def _file(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    names = (
        [str(one.get("name") or "") for one in value if isinstance(one, dict)]
        if isinstance(value, list)
        else []
    )
    return Question(draw="file", files=tuple(names), **common)


def _computed(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    found = computing.computed(one, scope, on=frame.on)
    return Question(
        draw="computed", value="" if found is None else showing.text_of(one, None, scope, frame.on), **common
    )


def _note(frame: Frame, one: Field, value: Any, scope: Values, common: dict[str, Any]) -> Question:
    return Question(draw="note", **common)


_DRAWN = {
    "date": _dates, "moment": _dates, "choice": _choice, "yes_no": _choice, "several": _choice, "code": _code,
    "address": _address, "group": _group, "file": _file, "computed": _computed, "note": _note,
}  # fmt: skip


def fault_links(form: Form, faults: dict[str, str]) -> list[tuple[str, str]]:
    """Return for each fault the id to jump to and the sentence, in the order of the form."""
    return [(_target(form, path), say) for path, say in faults.items()]


def _target(form: Form, path: str) -> str:
    steps = [one for one in path.split(".") if not one.isdigit()]
    kinds = {one.key: one for _section, one in form.fields()}
    section = form.section(steps[0])
    if section is not None and section.rows is not None and len(steps) == 1:
        return f"s-{section.key}"
    if section is not None and section.rows is not None:
        kinds |= {one.key: one for one in section.fields}
        steps = steps[1:]
    found = kinds.get(steps[0])
    for step in steps[1:]:
        inner = next((one for one in found.parts if one.key == step), None) if found else None
        if inner is None:
            return id_of(path)
        found = inner
    if found is None:
        return id_of(path)
    first = {"date": "-day", "moment": "-day", "address": "-province"}.get(found.kind, "")
    if found.kind in {"yes_no", "several"} or (found.kind == "choice" and len(found.options) <= _FEW):
        first = "-0"
    if found.kind == "group":
        part = found.parts[0]
        return _target(form, f"{path}.{part.key}")
    return id_of(path) + first
