"""Time limits as procedures word them, read into a value and a unit, or left to a person.

Sources of the wordings: the national procedure database, where a bare number without a unit is common, and
the internal processes of offices. A number is never invented: what can't be read for certain keeps its text
and carries a doubt, which the importer shows to a person.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from motcua.lib.finding import Finding, finding
from motcua.lib.finding import mark as _
from motcua.lib.vietnamese import fold, normalize

Unit = Literal["working_day", "calendar_day", "working_hour", "hour", "month", "same_day_15h"]

_UNITS: Final[dict[str, Unit]] = {
    "ngay lam viec": "working_day",
    "ngay": "calendar_day",
    "gio lam viec": "working_hour",
    "gio hanh chinh": "working_hour",
    "gio": "hour",
    "thang": "month",
}
_WORDS: Final = {
    "nua": "0.5",
    "mot": "1",
    "hai": "2",
    "ba": "3",
    "bon": "4",
    "nam": "5",
    "sau": "6",
    "bay": "7",
}
_NUMBER = r"\d+(?:[.,]\d+)?|nua|mot|hai|ba|bon|nam|sau|bay"
_BARE = re.compile(r"\d+(?:[.,]\d{1,2})?")
_RANGE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:-|–|—|~|den|hoac|hay)\s*\d+")
_QUANTITY = re.compile(
    rf"(?<![\w.,/-])({_NUMBER})\s*(?:\([^)]*\)\s*)?"
    r"(ngay\s*\(?\s*lam viec\s*\)?|gio\s*\(?\s*lam viec\s*\)?|gio hanh chinh|ngay|gio|thang)(?!\w)"
)
_OTHER_UNIT = re.compile(rf"(?<!\w)(?:{_NUMBER})\s*(?:phut|tuan|nam|quy)(?!\w)")
_BEFORE = re.compile(
    r"(?:(?:thoi han|thoi gian)(?: giai quyet| thuc hien| xu ly)?(?: la)?\s*:?\s*)?"
    r"(?:(?:trong|trong thoi han|trong vong|toi da|khong qua|toi da khong qua|cham nhat|la)\s*:?\s*)*"
)
_AFTER = re.compile(r"\s*[,;]?\s*(?:(?:ke tu|tinh tu|tu|sau khi)\s[^0-9]*)?[.;]?")
_SAME_DAY = re.compile(r"\bngay trong ngay\b|^(?:tra ket qua )?trong ngay(?: lam viec)?\b")
_NOTHING = re.compile(
    r"(?:khong|chua) (?:quy dinh|co thong tin)(?: cu the)?\.?|khong phai tra ket qua\.?|khong|khac"
)
_FIFTEEN = re.compile(r"\b15\s*(?:gio|h|g)\b|\b15:00\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A wording and what it says. No `value`: ask a person. `doubt`: show the reading to a person first."""

    text: str
    value: Decimal | None
    unit: Unit | None
    doubt: Finding | None = None


def parse(text: str) -> Reading:
    """Read one wording. "1" alone has a value and no unit; a range or several limits have no value."""
    plain = normalize(text)
    folded = fold(plain.replace("½", " 0.5 ").replace("1/2", " 0.5 "))
    if not folded:
        return Reading(plain, None, None, finding("empty", _("Không ghi thời hạn.")))
    if _NOTHING.fullmatch(folded):
        return Reading(plain, None, None, finding("not_set", _("Văn bản nguồn không quy định thời hạn.")))
    if _SAME_DAY.search(folded):
        doubt = finding("no_hour", _("Trả trong ngày nhưng không ghi giờ; hiểu theo quy tắc 15 giờ."))
        return Reading(plain, Decimal(0), "same_day_15h", None if _FIFTEEN.search(folded) else doubt)
    if _BARE.fullmatch(folded):
        return Reading(plain, _decimal(folded), None, finding("no_unit", _("Chỉ có số, không có đơn vị.")))
    if _RANGE.search(folded):
        return Reading(plain, None, None, finding("range", _("Ghi một khoảng, không phải một thời hạn.")))
    return _quantity(plain, folded)


def _quantity(plain: str, folded: str) -> Reading:
    """Read a wording that names a number with a unit, if there is exactly one."""
    found = list(_QUANTITY.finditer(folded))
    if not found or _OTHER_UNIT.search(folded):
        return Reading(plain, None, None, finding("unreadable", _("Không đọc được thành số.")))
    limits = {(_decimal(match[1]), _unit(match[2])) for match in found}
    if len(limits) > 1:
        return Reading(plain, None, None, finding("several", _("Ghi nhiều thời hạn khác nhau.")))
    value, unit = limits.pop()
    if value is None:
        return Reading(plain, None, None, finding("unreadable", _("Không đọc được thành số.")))
    doubt = None
    if value == 0:
        doubt = finding("zero", _("Thời hạn bằng không."))
    elif not (_BEFORE.fullmatch(folded[: found[0].start()]) and _AFTER.fullmatch(folded[found[-1].end() :])):
        doubt = finding("other_words", _("Còn điều kiện khác trong câu chữ."))
    return Reading(plain, value, unit, doubt)


def _unit(words: str) -> Unit:
    return _UNITS[" ".join(re.sub(r"[()]", " ", words).split())]


def _decimal(number: str) -> Decimal | None:
    """Return the number; "1.000" may be a thousand or one, so it is nobody's number."""
    number = _WORDS.get(number, number).replace(",", ".")
    return None if len(number.partition(".")[2]) > 2 else Decimal(number)
