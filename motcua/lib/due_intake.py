"""The two short limits around reception: the answer on completeness, and the transfer to the competent agency."""

from datetime import datetime
from decimal import Decimal

from motcua.lib import due_count
from motcua.lib.due import Convention, Limit, Reckoning, Unit, reckon
from motcua.lib.due_terms import local
from motcua.lib.working_time import WorkingCalendar

#: For dossiers by post, online or through someone hired. Some provinces write 8 working hours instead.
REPLY_LIMIT = Limit(Decimal(1), Unit.WORKING_DAY)


def reply_due(
    calendar: WorkingCalendar,
    submitted: datetime,
    *,
    in_person: bool,
    limit: Limit = REPLY_LIMIT,
    convention: Convention = Convention.END,
) -> Reckoning:
    """Return when the applicant must hear whether the dossier is complete.

    In person: at once, which means the moment it is handed in inside office hours. Otherwise within one
    working day, or what the province set as `limit` (NĐ 118/2025/NĐ-CP, as the procedures of 2026 quote
    it).
    """
    return reckon(
        calendar, submitted, Limit(Decimal(0), Unit.WORKING_HOUR) if in_person else limit, convention
    )


def transfer_due(calendar: WorkingCalendar, received: datetime) -> datetime:
    """Return when an accepted dossier must be with the competent agency.

    The same day when received up to 15:00:00, else at the opening of the next working day (NĐ 61/2018/NĐ-CP
    Điều 18, as practised).
    """
    start = due_count.settle(calendar, local(received))
    if start.time() <= due_count.THREE_O_CLOCK:
        return calendar.closing(start.date())
    return calendar.opening(calendar.add_days(start.date(), 1))
