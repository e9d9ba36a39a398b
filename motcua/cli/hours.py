"""Office hours as an administrator types them: "07:30-11:30 13:30-17:00", and which weekdays they hold on."""

import re
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from motcua.lib.refusal import Refusal
from motcua.lib.working_time import Hours, Session

if TYPE_CHECKING:
    from motcua.base.calendars.operations.offices import Week

USUAL = "07:30-11:30 13:30-17:00"
_WEEKDAYS = re.compile(r"([1-7])(?:-([1-7]))?")


def sessions_of(text: str, *, option: str = "--hours") -> tuple[Session, ...]:
    """Read the sessions of a day; refuses what is no morning and afternoon in order."""
    try:
        pairs = [part.partition("-") for part in text.split()]
        sessions = tuple(
            Session(time.fromisoformat(start), time.fromisoformat(end)) for start, _, end in pairs
        )
    except ValueError:
        raise click.BadParameter(f"Viết giờ như: {USUAL}", param_hint=option) from None
    if not 1 <= len(sessions) <= 2:
        raise click.BadParameter("Một ngày có buổi sáng, buổi chiều hoặc cả hai.", param_hint=option)
    try:
        Hours(sessions, hours_of(sessions))
    except Refusal as refusal:
        raise click.BadParameter(refusal.message, param_hint=option) from None
    return sessions


def hours_of(sessions: tuple[Session, ...]) -> Decimal:
    """Return how long the office is open on such a day."""
    minutes = sum((b.hour * 60 + b.minute) - (a.hour * 60 + a.minute) for a, b in sessions)
    return Decimal(minutes) / 60


def weekdays_of(text: str) -> tuple[int, int]:
    """Read "1-5" (Monday is 1) or one day."""
    match = _WEEKDAYS.fullmatch(text.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if match is None or last < first:
        raise click.BadParameter("Viết thứ như 1-5 (1 là thứ Hai, 7 là Chủ nhật).", param_hint="--weekdays")
    return first, last


def weeks_of(hours: str, weekdays: str, saturday: str) -> "list[Week]":
    """Return the rows of hours for `set_hours`: the week's days, and Saturday where it differs."""
    from motcua.base.calendars.operations.offices import Week  # noqa: PLC0415  (needs Django's apps)

    sessions, (first, last) = sessions_of(hours), weekdays_of(weekdays)
    a_day = hours_of(sessions)
    weeks = [Week(sessions, a_day, first_weekday=first, last_weekday=last)]
    if saturday:
        half = sessions_of(saturday, option="--saturday")
        weeks.append(Week(half, a_day, first_weekday=6, last_weekday=6))
    return weeks
