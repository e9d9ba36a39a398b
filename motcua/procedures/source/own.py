"""Our own TOML files: one version of one procedure, written in plain words by the office or the project."""

import hashlib
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.procedures.source.shape import (
    BadRecord,
    CaseData,
    FeeData,
    FlagData,
    LimitData,
    PaperData,
    VersionData,
)

SOURCE = "motcua"
_RULES = ("ask_within", "answer_within", "resume_limit")


def read_file(path: Path) -> VersionData:
    """Read one file; raises `BadRecord` naming the file and what is missing."""
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
        return read(record)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise BadRecord(f"{path.name}: {type(error).__name__} {error}") from error


def read(record: dict[str, Any]) -> VersionData:
    """Read one parsed file."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
    data = VersionData(
        key=record["code"],
        code=record["code"],
        name=record["name"],
        source=SOURCE,
        source_url=record.get("source_url", ""),
        record=json.loads(text),
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        plain=True,
        sector=record["sector"],
        keywords=record.get("keywords", ""),
        levels=list(record["levels"]),
        texts=_texts(record),
        in_force_from=record.get("in_force_from"),
        in_force_to=record.get("in_force_to"),
        results=[(name, code) for name, code in record["results"]],
        references=[(number, name) for number, name in record["legal"]],
    )
    for position, case in enumerate(record["case"]):
        _add_case(data, case, position)
    places = {case.name: place for place, case in enumerate(data.cases)}
    data.papers = [_paper(row, places) for row in record["paper"]]
    data.fees = [_fee(row, places) for row in record["fee"]]
    unverified = record.get("unverified", [])
    data.flags = [
        FlagData(f"unverified[{place}]", "own_unverified", text) for place, text in enumerate(unverified)
    ]
    return data


def _texts(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "field": record["sector"],
        "summary": record["summary"],
        "steps_text": "\n".join(record["steps"]),
        "conditions": record.get("conditions", ""),
        "where_text": record["where"],
        "applicants": list(record["applicants"]),
        "agency_text": record["agency"],
        "authority_text": record["agency"],
        "issuing_agency": record["issuing_agency"],
        "decision_number": record["decision"],
        "online_level": record.get("online_level", ""),
    }


def _limit(text: str) -> tuple[Decimal, str]:
    value, unit = text.split()
    return Decimal(value), unit


def _add_case(data: VersionData, case: dict[str, Any], position: int) -> None:
    rules: dict[str, Any] = {
        "allows_boundary_free": case.get("boundary_free", False),
        "financial_stop": case.get("financial_stop", False),
        "office_decides": case.get("office_decides", False),
        "resume": case.get("resume", "continue"),
        "on_expiry": case.get("on_expiry", ""),
    }
    for name in _RULES:
        if name in case:
            column = "resume" if name == "resume_limit" else name
            rules[f"{column}_value"], rules[f"{column}_unit"] = _limit(case[name])
    data.cases.append(CaseData(case["name"], case.get("default", False), case.get("when", ""), rules))
    for channel, text in case["limits"].items():
        value, unit = _limit(text)
        data.limits.append(LimitData(channel, position, value, unit, "", value, unit))


def _paper(row: dict[str, Any], places: dict[str, int]) -> PaperData:
    return PaperData(
        name=row["name"],
        originals=row.get("originals", 0),
        copies=row.get("copies", 0),
        case=places[row["case"]] if "case" in row else None,
        hint=row.get("hint", ""),
        when_text=row.get("when", ""),
        must_submit=row["submit"],
        always=row.get("always", True),
    )


def _fee(row: dict[str, Any], places: dict[str, int]) -> FeeData:
    return FeeData(
        basis=row["basis"],
        kind=row.get("kind", "UNKNOWN"),
        case=places[row["case"]] if "case" in row else None,
        channel=row.get("channel", ""),
        name=row["name"],
        amount=row.get("amount"),
        unit=row.get("unit", ""),
        from_quantity=row.get("from_quantity"),
        ceiling=row.get("ceiling"),
        note=row.get("note", ""),
        source_amount=None if row.get("amount") is None else Decimal(row["amount"]),
        currency="VND",
    )
