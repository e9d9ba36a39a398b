"""How old a paper may be, where the words of the catalogue say so: "được cấp không quá 06 tháng"."""

import re
from datetime import date, timedelta

_UNITS = {"ngày": 1, "tháng": 30, "năm": 365}
# Only of a paper's own age: issued within, worth for. Time limits of offices read otherwise ("trong thời hạn 5 ngày làm
# việc"), and are left alone.
_SAID = re.compile(
    r"(?:được cấp|cấp|có giá trị|giá trị sử dụng|xác nhận|chụp|lập)(?:\s+\w+){0,4}?\s+"
    r"(?:không quá|chưa quá|trong vòng|trong thời hạn|trong)\s+(?:\w+\s+){0,2}?0*(\d{1,3})\s*(?:\([^)]*\)\s*)?"
    r"(ngày|tháng|năm)\b(?!\s+làm việc)",
    re.IGNORECASE,
)


def most_days(*texts: str) -> int | None:
    """Return the greatest age in days that any of `texts` states for the paper; None where none does."""
    found = [int(said[1]) * _UNITS[said[2].lower()] for text in texts for said in _SAID.finditer(text)]
    return min(found) if found else None


def still_good(handed_in: date, today: date, days: int | None) -> bool:
    """Tell whether a paper handed in then can still be young enough; it was issued that day at the latest."""
    return days is None or handed_in + timedelta(days=days) >= today
