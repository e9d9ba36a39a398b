"""Reading a limit as an administrator types it: "3 ngày làm việc", "½ ngày làm việc", "3wd", "8h".

Strict on purpose: a wording that leaves any doubt is refused here, where the importer of procedures keeps
it and asks a person. Short forms: wd working days, cd calendar days, h working hours, m months, sd the
15:00 rule.
"""

import re
from decimal import Decimal

from motcua.lib import time_limits
from motcua.lib.due_terms import Limit, Unit
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal

_SHORT = {
    "wd": Unit.WORKING_DAY,
    "cd": Unit.CALENDAR_DAY,
    "d": Unit.CALENDAR_DAY,
    "wh": Unit.WORKING_HOUR,
    "h": Unit.WORKING_HOUR,
    "m": Unit.MONTH,
}
_UNREADABLE = _(
    "Không đọc được thời hạn “%(text)s”. Viết như: 3 ngày làm việc, 5 ngày, 8 giờ làm việc, 1 tháng, "
    "trong ngày; hoặc 3wd, 5cd, 8h, 1m, sd."
)
_SHAPE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(wd|cd|d|wh|h|m)", re.IGNORECASE)


def parse_limit(text: str) -> Limit:
    """Return the limit that `text` names; refuses what it cannot read without guessing."""
    words = text.strip()
    if words.lower() in {"sd", Unit.SAME_DAY_15H.value, "trong ngày"}:
        return Limit(Decimal(0), Unit.SAME_DAY_15H)
    short = _SHAPE.fullmatch(words)
    if short:
        return Limit(Decimal(short[1].replace(",", ".")), _SHORT[short[2].lower()])
    reading = time_limits.parse(words)
    if reading.value is None or reading.unit is None or reading.doubt is not None:
        raise Refusal(phrase(_UNREADABLE, text=text), code="bad_limit")
    return Limit(reading.value, Unit(reading.unit))
