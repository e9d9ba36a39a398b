"""Conditions: small trees of JSON that a program and a page reckon alike, and the line an author writes for one.

    ["filled", path] · ["in", path, [code, …]] · ["not", c] · ["and", c, …] · ["or", c, …]
    ["<" | "<=" | ">" | ">=" | "=", operand, operand]
    operand: ["field", path] · ["age", path] · ["count", section] · ["today"] · a number · a text

Written: `copies = yes`, `paper.kind = cccd | passport`, `not foreign`, `age(born) < 14`, `born <= today and (a or b)`.
What is not answered makes no comparison true and is in no list.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from motcua.eforms.engine import dates
from motcua.eforms.engine.model import Condition, Values, blank

_COMPARISONS = ("<", "<=", ">", ">=", "=")
_OPERANDS = {"field", "age", "count"}
_DEEPEST = 12
_WORD = re.compile(r"\s*(<=|>=|!=|[()<>=|]|[\w.\-]+)", re.UNICODE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class BadCondition(ValueError):
    """The line is no condition; the message says where it broke off."""


def true(condition: Condition | None, values: Values, *, on: date) -> bool:
    """Tell whether a condition holds. None holds; one that makes no sense does not."""
    if condition is None:
        return True
    match condition:
        case ["filled", str(path)]:
            return not blank(value_at(values, path))
        case ["in", str(path), list(codes)]:
            found = value_at(values, path)
            return any(one in codes for one in (found if isinstance(found, list) else [found]))
        case ["not", list(inner)]:
            return not true(inner, values, on=on)
        case ["and", *parts]:
            return all(isinstance(one, list) and true(one, values, on=on) for one in parts)
        case ["or", *parts]:
            return any(isinstance(one, list) and true(one, values, on=on) for one in parts)
        case [str(sign), left, right] if sign in _COMPARISONS:
            return _compares(sign, _operand(left, values, on), _operand(right, values, on))
    return False


def value_at(values: Values, path: str) -> Any:
    """Return what stands at a path; None where nothing does."""
    found: Any = values
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def paths(condition: object) -> Iterator[str]:
    """Yield the paths that a condition asks about."""
    if not isinstance(condition, list):
        return
    if len(condition) >= 2 and condition[0] in {"filled", "in", *_OPERANDS} and isinstance(condition[1], str):
        yield condition[1]
        return
    for part in condition[1:]:
        yield from paths(part)


def fault(condition: object, depth: int = 0) -> str:
    """Return what is no condition in it, empty when all is well."""
    if not isinstance(condition, list) or not condition or depth > _DEEPEST:
        return str(condition)[:60]
    match condition:
        case ["filled", str()]:
            return ""
        case ["in", str(), list(codes)] if codes and all(isinstance(one, str) for one in codes):
            return ""
        case ["not", inner]:
            return fault(inner, depth + 1)
        case [("and" | "or"), *parts] if parts:
            return next((text for one in parts if (text := fault(one, depth + 1))), "")
        case [sign, left, right] if sign in _COMPARISONS:
            return next((str(one)[:60] for one in (left, right) if not _is_operand(one)), "")
    return str(condition)[:60]


def _is_operand(one: object) -> bool:
    match one:
        case ["today"] | str() | int() | float():
            return True
        case [str(kind), str()] if kind in _OPERANDS:
            return True
    return False


def _operand(one: Any, values: Values, on: date) -> Any:
    match one:
        case ["today"]:
            return on.isoformat()
        case ["field", str(path)]:
            return value_at(values, path)
        case ["age", str(path)]:
            return dates.age(value_at(values, path), on)
        case ["count", str(path)]:
            found = value_at(values, path)
            return len(found) if isinstance(found, list) else 0
    return one


def _compares(sign: str, left: Any, right: Any) -> bool:
    """Compare numbers with numbers and dates with dates; of a partial date only what both say."""
    if isinstance(left, bool) or isinstance(right, bool) or blank(left) or blank(right):
        return False
    if isinstance(left, str) and isinstance(right, str):
        shared = min(len(left), len(right)) if dates.whole(left) and dates.whole(right) else 0
        left, right = (left[:shared], right[:shared]) if shared else (left, right)
    elif not (isinstance(left, int | float) and isinstance(right, int | float)):
        return False
    less, same = left < right, left == right
    return bool({"<": less, "<=": less or same, ">": not less and not same, ">=": not less, "=": same}[sign])


# ── The line an author writes


def parse(text: str) -> Condition:
    """Read a written condition; one that begins with "[" is the tree itself. Raises BadCondition."""
    if text.lstrip().startswith("["):
        return _tree(text)
    words, place = [], 0
    while place < len(text.rstrip()):
        found = _WORD.match(text, place)
        if found is None:
            raise BadCondition(text[place : place + 20])
        words.append(found[1])
        place = found.end()
    reader = _Reader(words)
    condition = reader.either()
    if reader.words:
        raise BadCondition(" ".join(reader.words[:4]))
    return condition


def _tree(text: str) -> Condition:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadCondition(text[:20]) from error
    if not isinstance(found, list) or (broken := fault(found)):
        raise BadCondition(broken if isinstance(found, list) else text[:20])
    return found


def written(condition: Condition | None) -> str:
    """Return the line that `parse` reads a condition from; its tree as JSON where no line says it."""
    if condition is None:
        return ""
    try:
        line = _line(condition)
        if parse(line) == condition:
            return line
    except (BadCondition, TypeError, IndexError):
        pass
    return json.dumps(condition, ensure_ascii=False)


def _line(condition: Any) -> str:
    match condition:
        case ["filled", path]:
            return str(path)
        case ["in", path, codes]:
            return f"{path} = {' | '.join(codes)}"
        case ["not", ["in", path, codes]]:
            return f"{path} != {' | '.join(codes)}"
        case ["not", inner]:
            return f"not {_inside(inner)}"
        case [("and" | "or") as word, *parts]:
            return f" {word} ".join(_inside(one) for one in parts)
        case [sign, left, right]:
            return f"{_said(left)} {sign} {_said(right)}"
    raise BadCondition(str(condition)[:60])


def _inside(condition: Any) -> str:
    return f"({_line(condition)})" if condition[0] in {"and", "or"} else _line(condition)


def _said(operand: Any) -> str:
    match operand:
        case ["today"]:
            return "today"
        case ["field", path]:
            return str(path)
        case [word, path]:
            return f"{word}({path})"
    return str(operand)


def mapped(condition: Any, change: Callable[[str], str]) -> Any:
    """Return the condition with every path that it asks about changed."""
    if not isinstance(condition, list) or not condition:
        return condition
    if condition[0] in {"filled", "in", *_OPERANDS} and len(condition) > 1 and isinstance(condition[1], str):
        return [condition[0], change(condition[1]), *condition[2:]]
    return [condition[0], *(mapped(one, change) for one in condition[1:])]


def needs(condition: Any) -> set[str]:
    """Return the questions without an answer to which a condition cannot hold."""
    match condition:
        case ["filled" | "in", str(path), *_rest]:
            return {path}
        case ["and", *parts]:
            return set().union(*(needs(one) for one in parts))
        case ["or", first, *parts]:
            return needs(first).intersection(*(needs(one) for one in parts))
        case [sign, left, right] if sign in _COMPARISONS:
            return {one[1] for one in (left, right) if isinstance(one, list) and one[0] in {"field", "age"}}
    return set()


def codes_asked(condition: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each path whose answer is compared with codes, and those codes."""
    match condition:
        case ["in", str(path), list(codes)]:
            yield path, codes
        case ["and" | "or" | "not", *parts]:
            for one in parts:
                yield from codes_asked(one)


class _Reader:
    """Takes words from the front."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def peek(self) -> str:
        return self.words[0] if self.words else ""

    def take(self) -> str:
        if not self.words:
            raise BadCondition("…")
        return self.words.pop(0)

    def either(self) -> Condition:
        parts = [self.both()]
        while self.peek() == "or":
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else ["or", *parts]

    def both(self) -> Condition:
        parts = [self.one()]
        while self.peek() == "and":
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else ["and", *parts]

    def one(self) -> Condition:
        if self.peek() == "not":
            self.take()
            return ["not", self.one()]
        if self.peek() == "(":
            self.take()
            inner = self.either()
            self.close()
            return inner
        left = self.operand()
        sign = self.peek()
        if sign in {"<", "<=", ">", ">="}:
            self.take()
            return [sign, left, self.operand()]
        path = left[1] if isinstance(left, list) and left[0] == "field" else None
        if sign not in {"=", "!="}:
            if path is None:
                raise BadCondition(sign or str(left))
            return ["filled", path]
        self.take()
        if path is None:
            found: Condition = ["=", left, self.operand()]
        else:
            codes = [self.take()]
            while self.peek() == "|":
                self.take()
                codes.append(self.take())
            found = ["in", path, codes]
        return ["not", found] if sign == "!=" else found

    def operand(self) -> Any:
        word = self.take()
        if word in {"age", "count"} and self.peek() == "(":
            self.take()
            path = self.take()
            self.close()
            return [word, path]
        if word == "today":
            return ["today"]
        if _NUMBER.fullmatch(word):
            return float(word) if "." in word else int(word)
        if word in {"and", "or", "not"} or not re.fullmatch(r"[a-z][a-z0-9_.]*", word):
            raise BadCondition(word)
        return ["field", word]

    def close(self) -> None:
        if self.take() != ")":
            raise BadCondition(")")
