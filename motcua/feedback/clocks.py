"""The legal clocks of petitions, as dated data: how long an agency has to refuse, to ask, to answer, to publish.

All count working days of the agency's own calendar and end at the close of the day. Pure: knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from motcua.lib.due import Limit, Pause, Unit, reckon
from motcua.lib.due_terms import Convention, local
from motcua.lib.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Clocks:
    """Working days for each step, from a day on, and the text they stand on."""

    valid_from: date
    refuse: int
    ask: int
    settle: int
    publish: int
    source: str


#: The newest first; a new text is a new line.
DATED = (
    Clocks(
        date(2022, 6, 23), refuse=2, ask=5, settle=15, publish=2,
        source="Quyết định 766/QĐ-TTg ngày 23/6/2022, chỉ số 6.1, theo cách tính của Cổng Dịch vụ công quốc gia",
    ),
)  # fmt: skip


def on(day: date) -> Clocks:
    """Return the clocks of petitions received on a day; before the first text the first holds."""
    return next((one for one in DATED if one.valid_from <= day), DATED[-1])


def after(calendar: WorkingCalendar, start: datetime, days: int, pauses: Sequence[Pause] = ()) -> datetime:
    """Return the close of the working day that ends a clock begun at `start`."""
    limit = Limit(Decimal(days), Unit.WORKING_DAY)
    return reckon(calendar, local(start), limit, Convention.END, pauses).due
