"""The record of the national procedure database (one-stop §4.2), read row by row.

Takes the shape of `procedures_local.json`, `procedures_central.json` and the older records without code.
Keeps every row and its text; sets a reckonable value only where nothing speaks against it.
"""

import hashlib
import json
import re
from typing import Any

from motcua.lib.vietnamese import fold
from motcua.procedures.source import cases, checks, take
from motcua.procedures.source.shape import BadRecord, FeeData, FlagData, LimitData, PaperData, VersionData

CODE = re.compile(r"\d\.\d{6}")
_KNOWN = frozenset(
    {"code", "name", "field", "level", "time_limit", "channels", "fee", "documents", "result", "agency"}
    | {"authority", "issuing_agency", "applicants", "decision", "kind", "conditions", "legal_refs"}
    | {"steps_text", "source", "source_url"}
)
_CHANNELS = frozenset({"in_person", "online", "post"})
_UNITS = frozenset({"working_day", "calendar_day", "working_hour", "hour", "month"})
_LEVELS = frozenset({"central", "province", "commune", "other"})
_LONGEST_LIMIT = 100_000
_LARGEST_FEE = 10**12
_FEE_BASES = frozenset({"free", "amount", "free_or_see_note", "unknown"})
_PER = re.compile(r"/\s*([^\W\d_]+(?: [^\W\d_]+){0,3})\s*\.?$")


def read(record: Any) -> VersionData:
    """Read one record; raises `BadRecord` with a Vietnamese sentence when it is not one at all."""
    if not isinstance(record, dict):
        raise BadRecord("không phải một bản ghi thủ tục (cần một đối tượng JSON)")
    name = record.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadRecord("thiếu tên thủ tục")
    code = record.get("code")
    if code is not None and (not isinstance(code, str) or not CODE.fullmatch(code)):
        raise BadRecord(f"mã thủ tục {code!r} không đúng dạng d.dddddd")
    try:
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        if "\\u0000" in text:
            raise BadRecord("có ký tự rỗng (NUL) trong văn bản")
        return _read(record, name, code, hashlib.sha256(text.encode()).hexdigest())
    except BadRecord:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise BadRecord(f"không đúng cấu trúc: {type(error).__name__} {error}") from error


def _read(record: dict[str, Any], name: str, code: str | None, content_hash: str) -> VersionData:
    source = take.text(record.get("source"), 60) or "unknown"
    data = VersionData(
        key=code or _key(source, name, record),
        code=code,
        name=name,
        source=source,
        source_url=_address(record.get("source_url")),
        record=record,
        content_hash=content_hash,
        sector=take.text(record.get("field"), 200),
        levels=_levels(record),
        texts=_texts(record),
        references=[(take.text(number, 200), "") for number in take.rows(record.get("legal_refs"))],
    )
    _read_limits(data, record)
    _read_fees(data, record)
    _read_papers(data, record)
    _read_results(data, record)
    _flag_whole(data, record)
    return data


def _key(source: str, name: str, record: dict[str, Any]) -> str:
    """Tell records without a code apart: by source, name and the agency that carries them out."""
    text = fold(name) + "\n" + fold(str(record.get("agency") or ""))
    return f"{source}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _texts(record: dict[str, Any]) -> dict[str, Any]:
    limit = record.get("time_limit") or {}
    return {
        "field": take.text(record.get("field"), 200),
        "kind_text": take.text(record.get("kind")),
        "steps_text": take.text(record.get("steps_text")),
        "conditions": take.text(record.get("conditions")),
        "applicants": [take.text(kind) for kind in take.rows(record.get("applicants"))],
        "agency_text": take.text(record.get("agency")),
        "authority_text": take.text(record.get("authority")),
        "issuing_agency": take.text(record.get("issuing_agency"), 200),
        "decision_number": take.text(record.get("decision"), 100),
        "limit_text": take.text(limit.get("text")),
        "limit_value": take.number(limit.get("value"), _LONGEST_LIMIT),
        "limit_unit": _unit(limit),
        "limit_ambiguous": bool(limit.get("ambiguous_at_source")),
    }


def _unit(limit: dict[str, Any]) -> str:
    unit = take.text(limit.get("unit"))
    if unit and unit not in _UNITS:
        raise BadRecord(f"đơn vị thời hạn {unit[:40]!r} chưa biết")
    return unit


def _levels(record: dict[str, Any]) -> list[str]:
    levels = [take.text(level) for level in take.rows(record.get("level"))]
    if unknown := sorted(set(levels) - _LEVELS):
        raise BadRecord(f"cấp thực hiện {unknown[0][:40]!r} chưa biết")
    return levels


def _address(value: object) -> str:
    """Return the source's address; another scheme than http(s) would become a link that runs something."""
    address = take.text(value, 2_000)
    if address and not address.startswith(("https://", "http://")):
        raise BadRecord(f"địa chỉ nguồn không phải http: {address[:60]}")
    return address


def _read_limits(data: VersionData, record: dict[str, Any]) -> None:
    for row in take.objects(record.get("channels")):
        if row["channel"] not in _CHANNELS:
            raise ValueError(f"hình thức nộp {row['channel']!r}")
        limit = row["time_limit"]
        data.limits.append(
            LimitData(
                channel=row["channel"],
                case=0,
                source_text=take.text(limit.get("text")),
                source_value=take.number(limit.get("value"), _LONGEST_LIMIT),
                source_unit=_unit(limit),
                ambiguous=bool(limit.get("ambiguous_at_source")),
                note=take.text(row.get("note")),
            )
        )
    keys = [(row.channel, row.source_value, row.source_unit, row.note) for row in data.limits]
    data.cases, places, unnamed = cases.find(keys)
    for row_data, place in zip(data.limits, places, strict=True):
        row_data.case = place
    _flag_limits(data, unnamed=unnamed)
    first = next((row for row in data.limits if row.channel == "in_person"), next(iter(data.limits), None))
    summary = (data.texts["limit_value"], data.texts["limit_unit"])
    if first and (first.source_value, first.source_unit) != summary:
        data.flags.append(FlagData("time_limit", "limit_summary_differs", data.texts["limit_text"]))


def _flag_limits(data: VersionData, *, unnamed: bool) -> None:
    for index, row in enumerate(data.limits):
        path = f"channels[{index}].time_limit"
        reason = checks.limit(row)
        if reason:
            data.flags.append(FlagData(path, reason, row.source_text))
        elif not unnamed:
            row.value, row.unit = row.source_value, row.source_unit
        if checks.note_names_other_limit(row):
            data.flags.append(FlagData(path, "limit_in_note_differs", row.note))
    if unnamed:
        data.flags.append(FlagData("channels", "rows_without_case", _rows_text(data.limits)))
    elif checks.channels_disagree(data.limits):
        data.flags.append(FlagData("channels", "channels_disagree", _rows_text(data.limits)))


def _rows_text(rows: list[LimitData]) -> str:
    return "; ".join(f"{row.channel}: {row.source_text}" for row in rows)


def _read_fees(data: VersionData, record: dict[str, Any]) -> None:
    for index, row in enumerate(take.objects(record.get("channels"))):
        for place, fee in enumerate(take.objects(row.get("fees"))):
            _add_fee(data, fee, f"channels[{index}].fees[{place}]", index)
        if row.get("fee_text"):
            worded = FeeData(
                "text", row=index, channel=row["channel"], source_text=take.text(row["fee_text"])
            )
            worded.path = f"channels[{index}].fee_text"
            data.fees.append(worded)
            data.flags.append(FlagData(worded.path, "fee_text_only", worded.source_text))
    named = [_fee_key(fee) for fee in data.fees if fee.basis != "text"]
    summary = take.objects(record.get("fee"))
    before = len(data.fees)
    for place, fee_record in enumerate(summary):
        _add_fee(data, fee_record, f"fee[{place}]", None)
    if named and list(dict.fromkeys(named)) == [_fee_key(fee) for fee in data.fees[before:]]:
        # The summary only repeats the channels' fees: kept once, with the channel that names it.
        del data.fees[before:]
        data.flags[:] = [flag for flag in data.flags if not flag.path.startswith("fee[")]
    elif named and summary:
        data.flags.append(FlagData("fee", "fee_summary_differs", json.dumps(summary, ensure_ascii=False)))


def _fee_key(fee: FeeData) -> tuple[object, ...]:
    return fee.basis, fee.source_amount, fee.currency, fee.note


def _add_fee(data: VersionData, record: dict[str, Any], path: str, row: int | None) -> None:
    if record["kind"] not in _FEE_BASES:
        raise ValueError(f"loại phí {record['kind']!r}")
    note = take.text(record.get("note"))
    fee = FeeData(
        basis=record["kind"],
        kind=_kind(note),
        row=row,
        case=data.limits[row].case if row is not None and len(data.cases) > 1 else None,
        channel=data.limits[row].channel if row is not None else "",
        note=note,
        path=path,
        source_amount=take.number(record.get("amount"), _LARGEST_FEE),
        currency=take.text(record.get("currency"), 3),
    )
    channel_note = (
        data.limits[row].note if row is not None else "\n".join(limit.note for limit in data.limits)
    )
    reason = checks.fee(fee, channel_note)
    if reason:
        data.flags.append(FlagData(path, reason, note or channel_note[:500] or record["kind"]))
    elif fee.source_amount is not None:
        fee.amount = int(fee.source_amount)
        unit = _PER.search(note)
        fee.unit = unit.group(1)[:100] if unit else ""
    data.fees.append(fee)


def _kind(note: str) -> str:
    start = note.strip().lower()
    return "LE_PHI" if start.startswith("lệ phí") else "PHI" if start.startswith("phí") else "UNKNOWN"


def _read_papers(data: VersionData, record: dict[str, Any]) -> None:
    for index, row in enumerate(take.objects(record.get("documents"))):
        heading = take.text(row.get("case"))
        paper = PaperData(
            name=take.text(row["name"]),
            originals=take.whole(row.get("originals")),
            copies=take.whole(row.get("copies")),
            case_text=heading,
            form_file=take.text(row.get("form_file")),
            is_note=not row.get("originals") and not row.get("copies"),
            must_submit=not checks.is_shown_heading(heading),
            always=not re.search(r"nếu có|trường hợp|đối với", row["name"], re.IGNORECASE),
        )
        data.papers.append(paper)
        for reason in checks.paper(paper):
            text = f"{paper.name} | {paper.form_file}" if reason == "paper_form_split" else paper.name
            data.flags.append(FlagData(f"documents[{index}]", reason, heading if "glued" in reason else text))


def _read_results(data: VersionData, record: dict[str, Any]) -> None:
    for index, row in enumerate(take.objects(record.get("result"))):
        data.results.append((take.text(row["name"]), take.text(row.get("code"), 20)))
        if not row.get("code"):
            data.flags.append(FlagData(f"result[{index}]", "result_code_missing", row["name"]))


def _flag_whole(data: VersionData, record: dict[str, Any]) -> None:
    missing = {
        "papers_missing": not data.papers,
        "result_missing": not data.results,
        "legal_basis_missing": not data.references,
        "agency_missing": not (data.texts["agency_text"] or data.texts["authority_text"]),
        "no_code": data.code is None,
    }
    data.flags += [FlagData("", reason) for reason, holds in missing.items() if holds]
    for column, path in (("agency_text", "agency"), ("authority_text", "authority")):
        if checks.agency_is_outdated(data.texts[column]):
            data.flags.append(FlagData(path, "agency_outdated", data.texts[column]))
    for unknown in sorted(set(record) - _KNOWN):
        data.flags.append(
            FlagData(str(unknown)[:100], "unknown_field", json.dumps(record[unknown], ensure_ascii=False))
        )
