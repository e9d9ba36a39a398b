"""Personal numbers: `vectors` of `id_number`, `valid` and, where given, why."""

from pathlib import Path
from typing import Any

from motcua.cli.vector_kinds import Outcome, cases, strange_keys
from motcua.lib import personal_id

_TOP = ("rule", "note", "vectors")
_KNOWN = ("id", "id_number", "valid", "why", "note")


def recognises(content: Any) -> bool:
    listed = cases(content, "vectors")
    return bool(listed) and any("id_number" in case for case in listed or [])


def run(content: Any, path: Path) -> list[Outcome]:
    top = strange_keys("(file)", content, _TOP)
    return ([top] if top else []) + [_run(case, place) for place, case in enumerate(content["vectors"], 1)]


def _run(case: dict[str, Any], place: int) -> Outcome:
    name = str(case.get("id") or case.get("id_number") or f"#{place}")
    strange = strange_keys(name, case, _KNOWN)
    if strange:
        return strange
    number, valid = case.get("id_number"), case.get("valid")
    if not isinstance(number, str) or not isinstance(valid, bool):
        return Outcome(name, False, "id_number as text, valid as true or false", case)
    reading = personal_id.read(number)
    if reading.valid == valid:
        return Outcome(name, True)
    reasons = "; ".join(reason.code for reason in reading.reasons)
    return Outcome(name, False, {"valid": valid}, {"valid": reading.valid, "reasons": reasons})
