"""Limits and sums of money inside running text: used to compare, never to fill in a value."""

import re
from decimal import Decimal

from motcua.lib.vietnamese import normalize

_LIMIT = re.compile(
    r"(?<![\d./,])(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:\([^)\d]{1,20}\)\s*)?"
    r"(ngày làm việc|ngày|giờ làm việc|giờ|tháng)\b",
    re.IGNORECASE,
)
_UNITS = {
    "ngày làm việc": "working_day",
    "ngày": "calendar_day",
    "giờ làm việc": "working_hour",
    "giờ": "hour",
    "tháng": "month",
}
_MONEY = re.compile(
    r"(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+|\d{2,9}|\d{1,3}(?=\s*triệu))\s*(triệu|nghìn|ngàn)?\s*(?:đồng|vnđ|vnd|đ)(?![\wà-ỹ])",
    re.IGNORECASE,
)
_SCALE = {"triệu": 1_000_000, "nghìn": 1_000, "ngàn": 1_000, "": 1}
_NO_LIMIT = {"", "không có thông tin", "không quy định", "không", "không xác định"}


def limits_in(text: str) -> list[tuple[Decimal, str]]:
    """Return every time limit that `text` spells with a unit, in order."""
    return [
        (Decimal(number.replace(",", ".")), _UNITS[unit.lower()])
        for number, unit in _LIMIT.findall(normalize(text))
    ]


def sums_in(text: str) -> list[int]:
    """Return every sum in đồng that `text` spells, in order."""
    return [
        int(re.sub(r"[.,]", "", number)) * _SCALE[scale.lower()]
        for number, scale in _MONEY.findall(normalize(text))
    ]


def states_no_limit(text: str) -> bool:
    """Tell whether the source says that it gives no limit (as against words nobody can read)."""
    return normalize(text).lower().strip(" .") in _NO_LIMIT
