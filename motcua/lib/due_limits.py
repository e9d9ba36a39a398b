"""Reading a limit as an administrator types it: "3 ngày làm việc", "3wd", "½ ngày làm việc", "trong ngày".

Strict on purpose: what cannot be read is refused. The wordings of the national database are another matter,
read by the importer of procedures, which flags instead of refusing.
"""

import re
from decimal import Decimal

from motcua.lib.due_terms import Limit, Unit
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold

_UNITS = {
    "wd": Unit.WORKING_DAY,
    "ngay lam viec": Unit.WORKING_DAY,
    "working_day": Unit.WORKING_DAY,
    "d": Unit.CALENDAR_DAY,
    "cd": Unit.CALENDAR_DAY,
    "ngay": Unit.CALENDAR_DAY,
    "ngay lich": Unit.CALENDAR_DAY,
    "calendar_day": Unit.CALENDAR_DAY,
    "h": Unit.WORKING_HOUR,
    "wh": Unit.WORKING_HOUR,
    "gio": Unit.WORKING_HOUR,
    "gio lam viec": Unit.WORKING_HOUR,
    "working_hour": Unit.WORKING_HOUR,
    "hour": Unit.WORKING_HOUR,
    "m": Unit.MONTH,
    "thang": Unit.MONTH,
    "month": Unit.MONTH,
}
_SAME_DAY = {"trong ngay", "same_day", "same_day_15h", "sd"}
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "nua": "0.5", "mot": "1"}
_SHAPE = re.compile(r"(nua|mot|½|¼|¾|1/2|\d+(?:[.,]\d+)?(?:½)?)\s*([a-z_ ]+)")


def parse_limit(text: str) -> Limit:
    """Return the limit that `text` names; refuses what it cannot read without guessing."""
    words = fold(text)
    if words in _SAME_DAY:
        return Limit(Decimal(0), Unit.SAME_DAY_15H)
    match = _SHAPE.fullmatch(words)
    unit = _UNITS.get(match[2].strip()) if match else None
    if match is None or unit is None:
        raise Refusal(
            f"Không đọc được thời hạn “{text}”. Viết như: 3 ngày làm việc, 5 ngày, 8 giờ làm việc, 1 tháng, "
            "trong ngày; hoặc 3wd, 5cd, 8h, 1m.",
            code="bad_limit",
        )
    number = match[1]
    if len(number) > 1 and number.endswith("½"):
        return Limit(Decimal(number[:-1]) + Decimal("0.5"), unit)
    return Limit(Decimal(_FRACTIONS.get(number, number.replace(",", "."))), unit)
