"""Which rows of a national record are doubtful, and why. Pure; each check names one reason."""

import re
from collections import defaultdict

from motcua.lib import time_limits
from motcua.lib.vietnamese import normalize
from motcua.procedures.source import wording
from motcua.procedures.source.shape import FeeData, LimitData, PaperData

SMALLEST_FEE = 1_000  # đồng; below it the source has lost three zeros or the currency
_CEILING = re.compile(r"không quá|tối đa|mức trần|hội đồng nhân dân|hđnd", re.IGNORECASE)
_PARTIAL = re.compile(r"\d\s*%|từ ngày|đến hết|đến ngày|miễn|giảm|từ trang", re.IGNORECASE)
_ABOUT_MONEY = re.compile(r"hội đồng nhân dân|hđnd|mức (?:thu|phí|lệ phí)|biểu (?:mức )?phí", re.IGNORECASE)
_OLD_LEVEL = re.compile(r"\b(?:huyện|quận|thị trấn|thị xã)\b", re.IGNORECASE)
_COPIES = re.compile(r"\d\s*bản (?:chính|sao)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|pdf|rtf|xlsx?)\b", re.IGNORECASE)
_FILE_IS_A_TAIL = re.compile(r"^(?:[\d.\s]+\.\w+$|\d+\s?cm|[;,a-zà-ỹ])")
_NAME_HOLDS_A_HEAD = re.compile(r"(?:mẫu|mau|mus|phụ lục|phu luc)[\w .\-]{0,12}$", re.IGNORECASE)
_GLUED = re.compile(r"[a-zà-ỹ.;)](?:M[ẫa]u|Mus|MẪU|PHỤ LỤC|Ph[ụu] l[ụu]c)")
_LONGEST_FILE = 80


def limit(row: LimitData) -> str:
    """Return why a channel row's limit is doubtful, or ""."""
    if row.ambiguous:
        return "limit_glued_to_fee"
    if row.source_value is None:
        return "limit_not_stated" if wording.states_no_limit(row.source_text) else "limit_unreadable"
    if not row.source_unit:
        return "limit_unit_missing"
    read = time_limits.parse(row.source_text)
    if (read.value, read.unit) != (row.source_value, row.source_unit):
        return "limit_text_differs"
    return ""


def note_names_other_limit(row: LimitData) -> bool:
    """Tell whether the note spells limits and none of them is the row's own."""
    spelled = wording.limits_in(row.note)
    return (
        row.source_value is not None
        and bool(spelled)
        and all(value != row.source_value or row.source_unit not in ("", unit) for value, unit in spelled)
    )


def channels_disagree(rows: list[LimitData]) -> bool:
    """Tell whether one case has different limits by channel."""
    by_case: dict[int, set[tuple[object, str]]] = defaultdict(set)
    for row in rows:
        by_case[row.case].add((row.source_value, row.source_unit))
    return any(len(limits) > 1 for limits in by_case.values())


def fee(row: FeeData, channel_note: str) -> str:
    """Return why a fee is doubtful, or ""."""
    if row.basis == "text":
        return "fee_text_only"
    if row.basis == "unknown":
        return "fee_unknown"
    if row.basis == "free_or_see_note" or (row.basis == "free" and _speaks_of_money(channel_note)):
        return "fee_free_but_note"
    return _amount(row) if row.basis == "amount" else ""


def _speaks_of_money(note: str) -> bool:
    return bool(_ABOUT_MONEY.search(note)) or any(wording.sums_in(note))


def _amount(row: FeeData) -> str:
    spelled = wording.sums_in(row.note)
    if row.currency != "VND":
        return "fee_foreign_currency"
    if row.source_amount is None or row.source_amount != int(row.source_amount):
        return "fee_unknown"
    if row.source_amount < SMALLEST_FEE or "USD" in row.note.upper():
        return "fee_too_small" if row.source_amount < SMALLEST_FEE else "fee_foreign_currency"
    if spelled and int(row.source_amount) not in spelled:
        return "fee_amount_differs"
    if _CEILING.search(row.note):
        return "fee_ceiling"
    if len(set(spelled)) > 1 or _PARTIAL.search(row.note):
        return "fee_partial"
    return ""


def paper(row: PaperData) -> list[str]:
    """Return why a row of the papers is doubtful; several reasons may hold."""
    reasons = []
    if row.is_note and not is_remark_heading(row.case_text):
        reasons.append("paper_is_note")
    if _COPIES.search(row.case_text):
        reasons.append("paper_case_glued")
    if form_looks_wrong(row.name, row.form_file):
        reasons.append("paper_form_split")
    return reasons


def is_remark_heading(heading: str) -> bool:
    """Tell whether the source itself puts the row under "Lưu ý": a remark, beyond doubt."""
    return normalize(heading).lower().lstrip("*+- ").startswith("lưu ý")


def is_shown_heading(heading: str) -> bool:
    """Tell whether the heading says that the papers below are only shown."""
    return "xuất trình" in heading.lower()


def form_looks_wrong(name: str, form_file: str) -> bool:
    """Tell whether the file name was probably cut off the paper's name at the wrong place."""
    if _FILE.search(name):
        return True
    if not form_file:
        return False
    return (
        "\n" in form_file
        or len(form_file) > _LONGEST_FILE
        or bool(_FILE_IS_A_TAIL.match(form_file))
        or bool(_GLUED.search(name[-40:]))
        or (form_file[0].isdigit() and bool(_NAME_HOLDS_A_HEAD.search(name)))
    )


def agency_is_outdated(text: str) -> bool:
    """Tell whether an agency's name still has the district level, abolished on 1/7/2025."""
    return bool(_OLD_LEVEL.search(text))
