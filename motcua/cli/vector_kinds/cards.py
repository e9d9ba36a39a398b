"""Card texts: `valid` cases with `text` and the fields they `expect`, `invalid` cases with `text` alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from motcua.cli.vector_kinds import Outcome, cases, strange_keys
from motcua.lib import citizen_card
from motcua.lib.citizen_card import Card
from motcua.lib.personal_id import SEX_WORDS

_TOP = ("format", "note", "valid", "invalid")
_KNOWN_VALID = ("id", "text", "expect", "note", "why")
_KNOWN_INVALID = ("id", "text", "reason", "note", "why")

FIELDS: dict[str, Callable[[Card], str | None]] = {
    "id_number": lambda card: card.personal_id,
    "old_cmnd": lambda card: card.old_number,
    "full_name": lambda card: card.full_name,
    "birth_date": lambda card: card.birth_date.isoformat() if card.birth_date else None,
    "gender": lambda card: SEX_WORDS[card.sex],
    "address_new": lambda card: card.address,
    "address": lambda card: card.address,
    "id_issue_date": lambda card: card.issued_on.isoformat() if card.issued_on else None,
}


def recognises(content: Any) -> bool:
    valid, invalid = cases(content, "valid") or [], cases(content, "invalid") or []
    return any("expect" in case and "text" in case for case in valid) or (
        "valid" not in content and any("text" in case for case in invalid)
        if isinstance(content, dict)
        else False
    )


def run(content: Any, path: Path) -> list[Outcome]:
    top = strange_keys("(file)", content, _TOP)
    outcomes = [top] if top else []
    for key, known, check in (("valid", _KNOWN_VALID, _valid), ("invalid", _KNOWN_INVALID, _invalid)):
        listed = cases(content, key)
        if listed is None and key in content:
            outcomes.append(Outcome(f"({key})", False, "a list of cases", type(content[key]).__name__))
        for place, case in enumerate(listed or [], 1):
            name = str(case.get("id") or f"{key} #{place}")
            outcomes.append(strange_keys(name, case, known) or check(name, case))
    return outcomes


def _valid(name: str, case: dict[str, Any]) -> Outcome:
    expect = case.get("expect")
    if not isinstance(case.get("text"), str) or not isinstance(expect, dict) or not expect:
        return Outcome(name, False, "text and the expected fields", case)
    strange = strange_keys(name, expect, list(FIELDS))
    if strange:
        return strange
    scan = citizen_card.parse(case["text"])
    if scan.card is None:
        return Outcome(name, False, expect, {"problems": [problem.code for problem in scan.problems]})
    got = {field: FIELDS[field](scan.card) for field in expect}
    wrong = [field for field in expect if got[field] != expect[field]]
    return Outcome(
        name, not wrong, {field: expect[field] for field in wrong}, {field: got[field] for field in wrong}
    )


def _invalid(name: str, case: dict[str, Any]) -> Outcome:
    if not isinstance(case.get("text"), str):
        return Outcome(name, False, "text", case)
    scan = citizen_card.parse(case["text"])
    if scan.card is None:
        return Outcome(name, True)
    return Outcome(name, False, f"refused: {case.get('reason', '')}", FIELDS["full_name"](scan.card))
