"""Computed fields: worked out from the answer each time it is read, never taken from outside."""

import math
from datetime import date
from typing import Any, TypeGuard

from motcua.eforms.engine import dates
from motcua.eforms.engine.conditions import value_at
from motcua.eforms.engine.model import TEXTS, Field, Form, Values, blank, places
from motcua.lib.money import in_words

WAYS = ("date_words", "age", "sum", "product", "count", "join", "money_words")
_NUMBERS = frozenset({"number", "money"})
_DATES = frozenset({"date", "moment"})
#: Which kinds of questions a way can work from; "count" counts the rows of a section.
FROM = {
    "date_words": _DATES, "age": _DATES, "sum": _NUMBERS, "product": _NUMBERS, "money_words": _NUMBERS,
    "join": TEXTS | _NUMBERS, "count": frozenset[str](),
}  # fmt: skip
#: Ways that take as many sources as somebody wants, with the fewest that make sense; the others take one.
MANY = {"sum": 1, "product": 2, "join": 1}


def computed(field: Field, values: Values, *, on: date) -> Any:
    """Return the value of a computed field among `values`; None where its sources are not answered."""
    if field.compute is None or not field.compute[1]:
        return None
    way, sources = field.compute
    found = [value_at(values, path) for path in sources]
    match way:
        case "date_words":
            return dates.words(found[0]) or None
        case "age":
            return dates.age(found[0], on)
        case "sum":
            numbers = [one for path in sources for one in _numbers(values, path)]
            return sum(numbers) if numbers else None
        case "product":
            numbers = [one for one in found if _is_number(one)]
            return _whole(math.prod(numbers)) if len(numbers) == len(sources) else None
        case "count":
            return len(found[0]) if isinstance(found[0], list) else 0
        case "join":
            return " ".join(str(one) for one in found if not blank(one)) or None
        case "money_words":
            return in_words(found[0]) if isinstance(found[0], int) else None
    return None


def _numbers(values: Values, path: str) -> list[float]:
    """Return the numbers at a path; `rows.amount` is one of each row of a repeating section."""
    first, _dot, rest = path.partition(".")
    rows = values.get(first)
    if rest and isinstance(rows, list):
        found = [row.get(rest) for row in rows if isinstance(row, dict)]
    else:
        found = [value_at(values, path)]
    return [one for one in found if _is_number(one)]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(number: float) -> float:
    """Return a product without the crumbs of binary fractions; a whole one as a whole number."""
    short = round(number, 6)
    return int(short) if short == int(short) else short


def all_computed(form: Form, values: Values, *, on: date) -> dict[str, Any]:
    """Return every computed field of an answer by its path."""
    found: dict[str, Any] = {}
    for _section, field, path, beside in places(form, values):
        if field.kind == "computed":
            value = computed(field, values | beside, on=on)
            if value is not None:
                found[path] = value
    return found
