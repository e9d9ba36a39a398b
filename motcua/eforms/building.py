"""Changes of a form that is being made, each a new table: add, change, move, take out, rename. Pure.

Renaming a key takes along every condition, sum, check and trial that names it.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.eforms import source
from motcua.eforms.engine import conditions
from motcua.eforms.tables import Table, elements
from motcua.lib.vietnamese import fold

_LONGEST_KEY = 40
_CHILDREN = ("fields", "parts")

#: Blocks of questions that most forms need; each becomes questions of its own.
BLOCKS = {
    "requester": _("Người yêu cầu: tên, ngày sinh, số định danh, nơi cư trú, điện thoại"),
    "person": _("Một người khác: tên, ngày sinh, giới tính, số định danh, nơi cư trú"),
    "copies": _("Đề nghị cấp bản sao, số lượng"),
    "return_way": _("Cách nhận kết quả"),
    "attachments": _("Hồ sơ đính kèm"),
}
_REQUESTER, _PERSON = "name* born id paper residence phone email", "name* born sex id paper residence"


def copy(table: Table) -> Table:
    """Return a table that may be changed."""
    found: Table = json.loads(json.dumps(table))
    return found


def find(table: Table, path: str) -> Table | None:
    """Return an element; the form itself for "". None where nothing is."""
    if not path:
        return table
    return next((one for at, one in elements(table) if at == path), None)


def children(element: Table) -> list[Table]:
    """Return the list of what stands in an element: sections, fields or parts."""
    name = "section" if "section" in element else "fields" if "fields" in element else "parts"
    found: list[Table] = element.setdefault(name, [])
    return found


def held(element: Table) -> list[Table]:
    """Return the questions that would go with an element: those of a section, the parts of a group."""
    return [one for name in _CHILDREN for one in element.get(name, ())]


def parent_of(path: str) -> str:
    """Return the path of what an element stands in."""
    return path.rpartition(".")[0]


def taken_keys(table: Table, into: str) -> set[str]:
    """Return the keys that a new element may not have: those of its group, or of all sections and questions."""
    if into.count("."):
        group = find(table, into) or {}
        return {one["key"] for one in group.get("parts", ())}
    return {path.rpartition(".")[2] for path, _one in elements(table) if path.count(".") < 2}


def key_from(words: str, taken: set[str]) -> str:
    """Return a key made of words: lower case without marks; a number behind it where it is taken."""
    bare = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_") or "cau"
    bare = bare if bare[0].isalpha() else f"c_{bare}"
    if len(bare) > _LONGEST_KEY - 4:
        bare = bare[: _LONGEST_KEY - 4].rpartition("_")[0] or bare[: _LONGEST_KEY - 4]
    found, number = bare, 2
    while found in taken:
        found, number = f"{bare}_{number}", number + 1
    return found


def added(table: Table, into: str, element: Table) -> tuple[Table, str]:
    """Put an element at the end of another ("" for a section); its key is made where it has none."""
    made = copy(table)
    home = find(made, into)
    assert home is not None
    words = element.get("label") or element.get("title") or ""
    element = {"key": element.get("key") or key_from(words, taken_keys(table, into)), **element}
    children(home).append(element)
    return made, f"{into}.{element['key']}".lstrip(".")


def with_block(table: Table, section: str, name: str) -> tuple[Table, list[str]]:
    """Put a block of questions at the end of a section; return the paths of the new ones."""
    taken = taken_keys(table, section)
    found = source.fields_of(_block(table, section, name, taken))
    keys = {one["key"]: key_from(one["key"], taken) for one in found}
    made, paths = table, []
    for one in found:
        renamed_one = {**one, "key": keys[one["key"]]}
        for condition in ("show", "need"):
            if condition in renamed_one:
                renamed_one[condition] = _changed(
                    renamed_one[condition], lambda path: keys.get(path, path)
                )  # fmt: skip
        made, path = added(made, section, renamed_one)
        paths.append(path)
    return made, paths


def _block(table: Table, section: str, name: str, taken: set[str]) -> Table:
    if name in {"copies", "return_way", "attachments"}:
        return {"block": name}
    home = find(table, section) or {}
    person = "requester" if name == "requester" and "requester_name" not in taken else ""
    person = person or key_from(home.get("title", ""), taken - {section})[:20].rstrip("_")
    return {"person": person, "has": _REQUESTER if name == "requester" else _PERSON}


def changed(table: Table, path: str, facts: Table) -> Table:
    """Give an element other facts; what stands in it and its key stay."""
    made = copy(table)
    element = find(made, path)
    assert element is not None
    kept = {
        name: element[name] for name in (*_CHILDREN, "section", "rule", "signer", "key") if name in element
    }
    element.clear()
    element.update({name: value for name, value in facts.items() if name not in kept} | kept)
    if "section" not in element and element.get("kind") != "group" and "fields" not in element:
        element.pop("parts", None)
    return made


def removed(table: Table, path: str) -> Table:
    """Take an element out, with what stands in it."""
    made = copy(table)
    home, one = find(made, parent_of(path)), find(made, path)
    assert home is not None
    assert one is not None
    children(home).remove(one)
    return made


def moved(table: Table, path: str, by: int) -> Table:
    """Move an element up (-1) or down (1) among its neighbours; at the end it stays."""
    made = copy(table)
    home, one = find(made, parent_of(path)), find(made, path)
    assert home is not None
    assert one is not None
    row = children(home)
    at = row.index(one)
    to = min(max(at + by, 0), len(row) - 1)
    row.insert(to, row.pop(at))
    return made


def moved_to(table: Table, path: str, section: str) -> tuple[Table, str]:
    """Move a question to the end of another section."""
    made = copy(table)
    old, new, one = find(made, parent_of(path)), find(made, section), find(made, path)
    assert old is not None
    assert new is not None
    assert one is not None
    children(old).remove(one)
    children(new).append(one)
    return made, f"{section}.{one['key']}"


# ── Renaming


def renamed(table: Table, path: str, key: str) -> tuple[Table, str]:
    """Give an element another key, wherever it is named."""
    made = copy(table)
    one = find(made, path)
    assert one is not None
    one["key"] = key
    new = f"{parent_of(path)}.{key}".lstrip(".")
    for holder, name, home in _references(made):
        text = holder[name]
        # What stands in the renamed section or group is named by its new home already.
        if isinstance(text, list):
            holder[name] = [text[0], *(_path(one_path, path, key, home, new) for one_path in text[1:])]
        elif name in {"at", "name"}:
            holder[name] = _path(text, path, key, home, new)
        else:
            holder[name] = _changed(text, partial(_path, path=path, key=key, home=home, new=new))
    return made, new


def _references(table: Table) -> Iterator[tuple[Table, str, str]]:
    """Yield everything that names a question: its holder, under which name, and the path of the holder's home."""
    for path, element in elements(table):
        for name in ("show", "need", "compute"):
            if element.get(name):
                yield element, name, parent_of(path)
    for rule in table.get("rule", ()):
        yield rule, "holds", ""
        yield rule, "at", ""
    for signer in table.get("signer", ()):
        yield signer, "name", ""
        if signer.get("show"):
            yield signer, "show", ""


def _path(text: str, path: str, key: str, home: str, new: str) -> str:
    """Return a reference after the renaming of the element at `path` to `key`."""
    steps, named = path.split("."), text.split(".")
    if len(steps) == 1:
        return ".".join([key, *named[1:]]) if named[0] == steps[0] else text
    if len(steps) == 2:
        if named[0] == steps[1]:
            return ".".join([key, *named[1:]])
        return ".".join([named[0], key, *named[2:]]) if named[:2] == steps[:2] else text
    if named[:2] == steps[1:]:
        return ".".join([named[0], key, *named[2:]])
    return key if text == steps[2] and home == parent_of(new) else text


def _changed(text: str, change: Callable[[str], str]) -> str:
    try:
        return conditions.written(conditions.mapped(conditions.parse(text), change))
    except conditions.BadCondition:
        return text


def renamed_values(values: Any, path: str, key: str) -> Any:
    """Return the answers of a trial after a renaming; `path` as in `renamed`."""
    steps = path.split(".")
    if not isinstance(values, dict):
        return values
    last = steps[-1]
    if len(steps) == 1:
        return {key if name == last else name: value for name, value in values.items()}
    inner = steps[1] if len(steps) == 3 else ""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name == steps[0] and isinstance(value, list):
            found[name] = [renamed_values(row, ".".join(["", *steps[1:]]), key) for row in value]
        elif inner and name == inner and isinstance(value, dict):
            found[name] = {key if part == last else part: it for part, it in value.items()}
        else:
            found[key if not inner and name == last else name] = value
    return found


def renamed_path(text: str, path: str, key: str) -> str:
    """Return a place of an answer ("members.0.name") after a renaming."""
    steps, named = path.split("."), text.split(".")
    rows = len(named) > 1 and named[1].isdigit()
    own = 2 if rows else 0  # where the question stands in the place
    if len(steps) == 1:
        return ".".join([key, *named[1:]]) if named[0] == steps[0] and (rows or len(named) == 1) else text
    at = own + len(steps) - 2
    if at < len(named) and named[own] == steps[1] and named[at] == steps[-1]:
        return ".".join([*named[:at], key, *named[at + 1 :]])
    return text
