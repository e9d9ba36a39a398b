"""An apology with a new date: what is due after it, and the lines that say so.

An extension sets a date by itself. Pauses that begin after it push that date on by their working time; those before
it belong to the reckoning that it replaced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.lib.due import reckon
from motcua.lib.due_terms import Convention, Limit, Line, LineKind, Pause, local
from motcua.lib.due_walk import reason_of
from motcua.lib.due_words import clock_day, long_clock_day, phrase, time_words
from motcua.lib.finding import mark as _
from motcua.lib.working_time import WorkingCalendar

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Extension:
    """The apology made `at`: from the date `before` (None: as reckoned) to `due`, with the reason it gives."""

    at: datetime
    due: datetime
    before: datetime | None = None
    reason: str = ""

    def split(self, pauses: Iterable[Pause]) -> tuple[list[Pause], list[Pause]]:
        """Return the pauses that began before the apology, and those that began after it."""
        ordered = sorted(pauses, key=lambda one: one.start)
        early = [pause for pause in ordered if pause.start < self.at]
        return early, [pause for pause in ordered if pause.start >= self.at]


def due_after(calendar: WorkingCalendar, extension: Extension, pauses: Iterable[Pause]) -> datetime:
    """Return the due date after the extension and the `pauses` that began after it."""
    moment = local(extension.due)
    for pause in extension.split(pauses)[1]:
        moment = calendar.add_time(moment, calendar.working_time(pause.start, pause.end))
    return moment


@dataclass(frozen=True)
class Told:
    """The date in force and why: `lines` end with it; `full_lines` name every day."""

    due: datetime
    lines: tuple[Line, ...]
    full_lines: tuple[Line, ...]
    warnings: tuple[str, ...]


def tell(
    calendar: WorkingCalendar,
    received: datetime,
    limit: Limit,
    convention: Convention,
    pauses: Sequence[Pause],
    extension: Extension | None,
) -> Told:
    """Explain the date in force: how the first date came, the apology where there was one, what came after it."""
    if extension is None:
        plain = reckon(calendar, received, limit, convention, pauses)
        return Told(plain.due, plain.lines, plain.full_lines, plain.warnings)
    early, late = extension.split(pauses)
    replaced = reckon(calendar, received, limit, convention, early)
    after = [_apology(extension, replaced.due)]
    moment = local(extension.due)
    for pause in late:
        stopped = calendar.working_time(pause.start, pause.end)
        after.append(_pushed(pause, stopped, moment))
        moment = calendar.add_time(moment, stopped)
    says = phrase(_("Hẹn trả kết quả: %(due)s"), due=long_clock_day(moment))
    after.append(Line(LineKind.DUE, says, moment.date(), moment.date()))
    # The date that was replaced is named by the apology; two "due" lines would contradict each other.
    short, full = (
        tuple(line for line in told if line.kind is not LineKind.DUE)
        for told in (replaced.lines, replaced.full_lines)
    )
    return Told(moment, (*short, *after), (*full, *after), replaced.warnings)


def tell_carried(
    calendar: WorkingCalendar, carried: Extension, pauses: Sequence[Pause], extension: Extension | None
) -> Told:
    """Explain a date that was promised by another system: as its slip says, then pauses and an apology made here."""
    promised = local(carried.due)
    says = phrase(
        _("chuyển từ hệ thống cũ: hạn ghi trên phiếu cũ là %(due)s, không tính lại"), due=clock_day(promised)
    )
    lines = [Line(LineKind.START, says, promised.date(), promised.date())]
    moment, after = promised, pauses
    if extension is not None:
        early, after = extension.split(pauses)
        lines.append(_apology(extension, due_after(calendar, carried, early)))
        moment = local(extension.due)
    for pause in (one for one in after if one.start >= carried.at):
        stopped = calendar.working_time(pause.start, pause.end)
        lines.append(_pushed(pause, stopped, moment))
        moment = calendar.add_time(moment, stopped)
    due_words = phrase(_("Hẹn trả kết quả: %(due)s"), due=long_clock_day(moment))
    lines.append(Line(LineKind.DUE, due_words, moment.date(), moment.date()))
    return Told(moment, tuple(lines), tuple(lines), ())


@dataclass(frozen=True)
class Moved:
    """A promised date moved `at` because a day of the calendar changed; `source` names the day and its text."""

    at: datetime
    before: datetime
    after: datetime
    source: str


def with_moves(lines: Sequence[Line], moves: Iterable[Moved]) -> tuple[Line, ...]:
    """Return the lines of an explanation with the moves of the calendar before the date they lead to."""
    told = tuple(_by_calendar(one) for one in moves)
    last = next((n for n, line in enumerate(lines) if line.kind is LineKind.DUE), len(lines))
    return (*lines[:last], *told, *lines[last:])


def _by_calendar(moved: Moved) -> Line:
    at, new = local(moved.at), local(moved.after)
    text = _("hẹn lại theo lịch làm việc lúc %(at)s: từ %(old)s sang %(new)s; căn cứ: %(source)s")
    says = phrase(
        text, at=clock_day(at), old=clock_day(local(moved.before)), new=clock_day(new), source=moved.source
    )
    return Line(LineKind.RECOMPUTED, says, at.date(), new.date())


def _apology(extension: Extension, reckoned: datetime) -> Line:
    at, new = local(extension.at), local(extension.due)
    facts = {
        "at": clock_day(at),
        "old": clock_day(local(extension.before or reckoned)),
        "new": clock_day(new),
    }
    if extension.reason.strip():
        text = _("cơ quan xin lỗi và hẹn lại lúc %(at)s: từ %(old)s sang %(new)s; lý do: %(reason)s")
        says = phrase(text, reason=extension.reason.strip(), **facts)
    else:
        says = phrase(_("cơ quan xin lỗi và hẹn lại lúc %(at)s: từ %(old)s sang %(new)s"), **facts)
    return Line(LineKind.EXTENDED, says, at.date(), new.date())


def _pushed(pause: Pause, stopped: timedelta, due: datetime) -> Line:
    minutes = int(stopped / _MINUTE)
    text = _("tạm dừng từ %(start)s đến %(end)s%(reason)s: cộng %(time)s làm việc vào hạn %(due)s")
    says = phrase(
        text,
        start=clock_day(pause.start),
        end=clock_day(pause.end),
        reason=reason_of(pause),
        time=time_words(minutes),
        due=clock_day(due),
    )
    return Line(LineKind.PAUSED, says, pause.start.date(), pause.end.date(), minutes=minutes)
