"""The parts of a version as an administrator edits them: plain values out, plain values in.

What is typed for a part is kept as it was typed (`DraftEdit.content`), so every value here is JSON.
"""

from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from motcua.lib.due import Limit, Unit
from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold, normalize
from motcua.procedures.models.words import Channel, FeeBasis, FeeKind, OnExpiry, Part, Resume
from motcua.procedures.source.shape import CaseData, FeeData, LimitData, PaperData, VersionData

Content = dict[str, Any]
RECORD = (
    "field", "issuing_agency", "kind_text", "summary", "steps_text", "conditions", "where_text", "agency_text",
    "authority_text", "online_level",
)  # fmt: skip
_FLAGS = ("allows_boundary_free", "allows_representative", "financial_stop", "office_decides")
_TERMS = ("ask_within", "answer_within", "resume")


def content_of(data: VersionData, part: Part) -> Content:
    """Return a part as its form shows it."""
    return _OUT[part](data)


def with_part(data: VersionData, part: Part, content: Content) -> VersionData:
    """Return a copy of `data` in which a part says what was typed; refuses what makes no sense."""
    changed = deepcopy(data)
    _IN[part](changed, content)
    return changed


# ── Out


def limit_text(value: Decimal | None, unit: str) -> str:
    """Write a limit as it may be typed again; "" where there is none."""
    if value is None or not unit:
        return ""
    return "trong ngày" if unit == Unit.SAME_DAY_15H else Limit(Decimal(value), Unit(unit)).words()


def unclear() -> str:
    """The word for a limit that is offered but that nobody knows."""
    return _("chưa rõ")


def _record_out(data: VersionData) -> Content:
    texts = {name: data.texts.get(name) or "" for name in RECORD}
    applicants = "\n".join(data.texts.get("applicants") or [])
    return {"name": data.name, "levels": data.levels, "plain": data.plain, "applicants": applicants, **texts}


def _cases_out(data: VersionData) -> Content:
    rows = []
    for place, case in enumerate(data.cases):
        row: Content = {
            "from": place,
            "name": case.name,
            "when_text": case.when_text,
            "is_default": case.is_default,
            "on_expiry": case.rules.get("on_expiry") or "",
            "resume_mode": case.rules.get("resume") or Resume.CONTINUE.value,
        }
        row |= {name: bool(case.rules.get(name, name == "allows_representative")) for name in _FLAGS}
        for name in _TERMS:
            row[name] = limit_text(case.rules.get(f"{name}_value"), case.rules.get(f"{name}_unit") or "")
        for channel in Channel.values:
            row[f"limit_{channel}"] = _limit_out(
                [one for one in data.limits if one.case == place and one.channel == channel]
            )
        rows.append(row)
    return {"rows": rows}


def _limit_out(rows: list[LimitData]) -> str:
    if not rows:
        return ""
    found = {(row.value, row.unit) for row in rows}
    if len(found) == 1 and rows[0].value is not None:
        return limit_text(rows[0].value, rows[0].unit)
    return unclear()


def _place(case: int | None) -> str:
    return "" if case is None else str(case)


def _papers_out(data: VersionData) -> Content:
    plain = (
        "name",
        "originals",
        "copies",
        "must_submit",
        "always",
        "when_text",
        "hint",
        "form_file",
        "is_note",
    )
    return {
        "rows": [
            {name: getattr(row, name) for name in plain}
            | {"case": _place(row.case), "case_text": row.case_text}
            for row in data.papers
        ]
    }


def _fees_out(data: VersionData) -> Content:
    plain = ("name", "kind", "basis", "channel", "amount", "unit", "from_quantity", "ceiling", "note")
    return {
        "rows": [
            {name: getattr(row, name) for name in plain} | {"case": _place(row.case), "from": place}
            for place, row in enumerate(data.fees)
        ]
    }


def _results_out(data: VersionData) -> Content:
    return {
        "results": [{"name": name, "code": code} for name, code in data.results],
        "references": [{"number": number, "name": name} for number, name in data.references],
    }


# ── In


def _record_in(data: VersionData, content: Content) -> None:
    name = normalize(str(content["name"]))
    if not name:
        raise Refusal(_("Nhập tên thủ tục."), code="name_needed", field="name")
    data.name, data.levels, data.plain = name, list(content["levels"]), bool(content["plain"])
    for column in RECORD:
        data.texts[column] = str(content.get(column) or "").strip()
    data.sector = data.texts["field"]
    data.texts["applicants"] = [
        line.strip() for line in str(content.get("applicants") or "").splitlines() if line.strip()
    ]


def _limit_in(text: str, label: str) -> tuple[Decimal | None, str]:
    if not text.strip() or fold(text) == fold(unclear()):
        return None, ""
    try:
        limit = parse_limit(text)
    except Refusal as refused:
        text = _("%(where)s: %(what)s") % {"where": label, "what": refused.message}
        raise Refusal(text, code="bad_limit") from refused
    return limit.value, limit.unit.value


def _cases_in(data: VersionData, content: Content) -> None:
    rows = content["rows"]
    if not rows:
        raise Refusal(_("Thủ tục cần ít nhất một trường hợp."), code="case_needed")
    names = [fold(normalize(str(row["name"]))) for row in rows]
    if len(rows) > 1 and (len(set(names)) != len(names) or "" in names):
        raise Refusal(_("Mỗi trường hợp cần một tên, và các tên phải khác nhau."), code="case_names")
    _keep_rows_of_cases(data, rows)
    usual = next((place for place, row in enumerate(rows) if row.get("is_default")), 0)
    before = data.limits
    data.cases, data.limits = [], []
    for place, row in enumerate(rows):
        data.cases.append(_case_in(row, is_default=place == usual))
        data.limits += _limits_in(row, place, before)
    for fee in data.fees:
        fee.row = None


def _keep_rows_of_cases(data: VersionData, rows: list[Content]) -> None:
    """Let papers and fees follow their case to its new place; refuse to drop a case that still has some."""
    moved = {int(row["from"]): place for place, row in enumerate(rows) if row.get("from") not in (None, "")}
    own: list[PaperData | FeeData] = [*data.papers, *data.fees]
    for one in own:
        if one.case is None:
            continue
        if one.case not in moved:
            text = _("Trường hợp “%(name)s” còn giấy tờ hoặc phí riêng. Chuyển hoặc bỏ chúng trước.")
            raise Refusal(text % {"name": data.cases[one.case].name}, code="case_in_use")
        one.case = moved[one.case]


def _case_in(row: Content, *, is_default: bool) -> CaseData:
    name = normalize(str(row["name"]))
    rules: dict[str, Any] = {flag: bool(row.get(flag)) for flag in _FLAGS}
    rules["on_expiry"] = OnExpiry(row.get("on_expiry") or "").value
    rules["resume"] = Resume(row.get("resume_mode") or Resume.CONTINUE).value
    for term in _TERMS:
        label = f"{name or _('Mọi trường hợp')}, {_TERM_LABELS[term]()}"
        rules[f"{term}_value"], rules[f"{term}_unit"] = _limit_in(str(row.get(term) or ""), label)
    if rules["resume"] == Resume.OWN_LIMIT and rules["resume_value"] is None:
        raise Refusal(_("Sau bổ sung theo thời hạn riêng: ghi thời hạn riêng đó."), code="own_limit_needed")
    return CaseData(name, is_default, str(row.get("when_text") or "").strip(), rules)


_TERM_LABELS = {
    "ask_within": lambda: _("yêu cầu bổ sung trong"),
    "answer_within": lambda: _("nộp bổ sung trong"),
    "resume": lambda: _("thời hạn riêng sau bổ sung"),
}


def _limits_in(row: Content, place: int, before: list[LimitData]) -> list[LimitData]:
    """Return the rows of a case's channels; a limit nobody touched keeps its rows and the source's words."""
    found = []
    old = row.get("from")
    own = [deepcopy(one) for one in before if old not in (None, "") and one.case == int(str(old))]
    for one in own:
        one.case = place
    for channel in dict.fromkeys([*(one.channel for one in own), *Channel.values]):
        typed = str(row.get(f"limit_{channel}") or "").strip()
        if not typed:
            continue
        label = f"{row['name'] or _('Mọi trường hợp')}, {Channel(channel).label}"
        value, unit = _limit_in(typed, label)
        same = [one for one in own if one.channel == channel]
        if same and _limit_in(_limit_out(same), label) == (value, unit):
            found += same
        else:
            note = same[0].note if same else ""
            found.append(LimitData(channel, place, value, unit, note=note))
    return found


def _case_of(data: VersionData, text: object) -> int | None:
    place = str(text or "")
    if not place:
        return None
    if not place.isdecimal() or int(place) >= len(data.cases):
        raise Refusal(_("Trường hợp đã chọn không còn trong bản này. Tải lại trang."), code="no_case")
    return int(place)


def _papers_in(data: VersionData, content: Content) -> None:
    data.papers = [
        PaperData(
            name=str(row["name"]).strip(),
            originals=int(row.get("originals") or 0),
            copies=int(row.get("copies") or 0),
            case=_case_of(data, row.get("case")),
            hint=str(row.get("hint") or "").strip(),
            when_text=str(row.get("when_text") or "").strip(),
            case_text=str(row.get("case_text") or "").strip(),
            form_file=str(row.get("form_file") or "").strip(),
            is_note=bool(row.get("is_note")),
            must_submit=bool(row.get("must_submit")),
            always=bool(row.get("always")),
        )
        for row in content["rows"]
    ]


def _fees_in(data: VersionData, content: Content) -> None:
    before = data.fees
    data.fees = []
    for row in content["rows"]:
        amount = row.get("amount")
        basis = FeeBasis(row["basis"])
        if basis == FeeBasis.AMOUNT and amount is None:
            raise Refusal(_("Dòng “%(name)s”: ghi mức thu bằng đồng.") % {"name": row["name"]}, code="amount")
        old = row.get("from")
        same = before[int(old)] if old not in (None, "") and int(str(old)) < len(before) else None
        doubtful = same is not None and same.basis == FeeBasis.FREE and same.amount is None
        if basis == FeeBasis.FREE and amount is None and not doubtful:
            amount = 0
        fee = deepcopy(same) if same else FeeData(basis.value, currency="VND")
        fee.basis, fee.amount, fee.kind = basis.value, amount, FeeKind(row["kind"]).value
        fee.name, fee.note = str(row.get("name") or "").strip(), str(row.get("note") or "").strip()
        fee.unit, fee.channel = str(row.get("unit") or "").strip(), str(row.get("channel") or "")
        fee.from_quantity, fee.ceiling = row.get("from_quantity"), row.get("ceiling")
        fee.case = _case_of(data, row.get("case"))
        fee.row = None
        data.fees.append(fee)


def _results_in(data: VersionData, content: Content) -> None:
    data.results = [
        (normalize(str(row["name"])), str(row.get("code") or "").strip()) for row in content["results"]
    ]
    data.references = [
        (normalize(str(row["number"])), normalize(str(row.get("name") or "")))
        for row in content["references"]
    ]


_OUT = {
    Part.RECORD: _record_out, Part.CASES: _cases_out, Part.PAPERS: _papers_out, Part.FEES: _fees_out,
    Part.RESULTS: _results_out,
}  # fmt: skip
_IN = {
    Part.RECORD: _record_in, Part.CASES: _cases_in, Part.PAPERS: _papers_in, Part.FEES: _fees_in,
    Part.RESULTS: _results_in,
}  # fmt: skip
