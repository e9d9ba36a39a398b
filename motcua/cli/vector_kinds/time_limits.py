"""Wordings of time limits: `vectors` of `text`, `value`, `unit`."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.cli.vector_kinds import Outcome, cases, outcome, strange_keys
from motcua.lib import time_limits

_TOP = ("note", "vectors")
_KNOWN = ("id", "text", "value", "unit", "note", "why")
_NEEDED = {"text", "value", "unit"}


def recognises(content: Any) -> bool:
    listed = cases(content, "vectors")
    return bool(listed) and any({"text", "unit"} <= case.keys() for case in listed or [])


def run(content: Any, path: Path) -> list[Outcome]:
    top = strange_keys("(file)", content, _TOP)
    return ([top] if top else []) + [_run(case, place) for place, case in enumerate(content["vectors"], 1)]


def _run(case: dict[str, Any], place: int) -> Outcome:
    name = str(case.get("id") or case.get("text") or f"#{place}")
    strange = strange_keys(name, case, _KNOWN)
    if strange:
        return strange
    value = case.get("value")
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if case.keys() < _NEEDED or not isinstance(case.get("text"), str) or not (value is None or numeric):
        return Outcome(name, False, "text, a numeric or null value, unit", case)
    reading = time_limits.parse(case["text"])
    expected = None if value is None else Decimal(str(value))
    if (reading.value, reading.unit) == (expected, case["unit"]):
        return Outcome(name, True)
    got = {"value": None if reading.value is None else float(reading.value), "unit": reading.unit}
    return outcome(name, {"value": value, "unit": case["unit"]}, got)
