"""Records to test with, and the way back from the rows to the record they came from."""

import copy
from decimal import Decimal
from typing import Any

from motcua.procedures.models import ProcedureVersion, TimeLimitRow

LIMIT = {"text": "3 Ngày làm việc", "value": 3, "unit": "working_day"}
RECORD: dict[str, Any] = {
    "code": "9.000001",
    "name": "Thủ tục cấp thẻ đọc sách",
    "field": "Thư viện",
    "level": ["commune"],
    "time_limit": LIMIT,
    "channels": [
        {"channel": "online", "time_limit": LIMIT},
        {"channel": "in_person", "time_limit": LIMIT},
    ],
    "fee": [{"amount": 0, "currency": "VND", "kind": "free"}],
    "documents": [{"name": "Đơn đề nghị", "originals": 1, "copies": 0}],
    "result": [{"name": "Thẻ đọc sách", "code": "KQ.G99.000001"}],
    "agency": "Ủy ban nhân dân cấp xã",
    "authority": "Ủy ban nhân dân cấp xã",
    "issuing_agency": "Bộ Văn hóa, Thể thao và Du lịch",
    "applicants": ["Công dân Việt Nam"],
    "decision": "1/QĐ-BVHTTDL",
    "kind": "Loại khác",
    "conditions": "",
    "legal_refs": ["46/2019/QH14"],
    "steps_text": "Nộp đơn rồi nhận thẻ.",
    "source": "test",
    "source_url": "https://example.vn/1",
}


def record(**changes: Any) -> dict[str, Any]:
    """Return the plain record with some fields changed."""
    return copy.deepcopy(RECORD) | copy.deepcopy(changes)


def rebuilt(version: ProcedureVersion) -> dict[str, Any]:
    """Put the source record together again from the rows alone (never from `source_record`)."""
    limits = list(version.limit_rows.all())
    fees = list(version.fees.all())
    named = [fee for fee in fees if fee.limit_row_id is not None]
    summary = [fee for fee in fees if fee.limit_row_id is None] or named
    return {
        "code": version.procedure.code,
        "name": version.name,
        "field": version.field,
        "level": version.levels,
        "time_limit": _limit(
            version.limit_text, version.limit_value, version.limit_unit, version.limit_ambiguous
        ),
        "channels": [_channel(row, [fee for fee in named if fee.limit_row_id == row.pk]) for row in limits],
        "fee": _unique([_fee(fee) for fee in summary if fee.basis != "text"]),
        "documents": [_paper(paper) for paper in version.papers.all()],
        "result": [{"name": row.name, "code": row.code or None} for row in version.results.all()],
        "agency": version.agency_text,
        "authority": version.authority_text,
        "issuing_agency": version.issuing_agency,
        "applicants": version.applicants,
        "decision": version.decision_number,
        "kind": version.kind_text,
        "conditions": version.conditions,
        "legal_refs": [row.number for row in version.legal_references.all()],
        "steps_text": version.steps_text,
        "source": version.source,
        "source_url": version.source_url,
    }


def expected(source: dict[str, Any]) -> dict[str, Any]:
    """Return a source record as `rebuilt` spells it: a field left out equals an empty one."""
    lists = ("level", "channels", "fee", "documents", "result", "applicants", "legal_refs")
    full = {key: source.get(key) or ([] if key in lists else "") for key in RECORD}
    full["code"] = source.get("code")
    full["channels"] = [{k: v for k, v in row.items() if v not in ([], "")} for row in full["channels"]]
    return full


def _limit(text: str, value: Decimal | None, unit: str, ambiguous: bool) -> dict[str, Any]:
    limit: dict[str, Any] = {"text": text, "value": _number(value), "unit": unit or None}
    return limit | ({"ambiguous_at_source": True} if ambiguous else {})


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _channel(row: TimeLimitRow, fees: list[Any]) -> dict[str, Any]:
    limit = _limit(row.source_text, row.source_value, row.source_unit, row.ambiguous_at_source)
    channel: dict[str, Any] = {"channel": row.channel, "time_limit": limit}
    if texts := [fee.source_text for fee in fees if fee.basis == "text"]:
        channel["fee_text"] = texts[0]
    if rows := [_fee(fee) for fee in fees if fee.basis != "text"]:
        channel["fees"] = rows
    if row.note:
        channel["note"] = row.note
    return channel


def _fee(fee: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": fee.basis}
    if fee.source_amount is not None:
        found |= {"amount": _number(fee.source_amount), "currency": fee.currency}
    return found | ({"note": fee.note} if fee.note else {})


def _unique(fees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [fee for place, fee in enumerate(fees) if fee not in fees[:place]]


def _paper(paper: Any) -> dict[str, Any]:
    found = {"name": paper.name, "originals": paper.originals, "copies": paper.copies}
    if paper.form_file:
        found["form_file"] = paper.form_file
    if paper.case_text:
        found["case"] = paper.case_text
    return found
