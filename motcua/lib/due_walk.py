"""Day by day and session by session: the lines for a stretch of time, counted or skipped and why."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from motcua.lib import due_count
from motcua.lib.due_terms import Line, LineKind, Pause
from motcua.lib.due_words import Phrase, clock_day, day_name, lower_first, phrase, range_words, time_words
from motcua.lib.finding import mark as _
from motcua.lib.working_time import Day, WorkingCalendar

ONE_DAY = timedelta(days=1)


def days(calendar: WorkingCalendar, after: date, until: date, pauses: Sequence[Pause] = ()) -> Iterator[Line]:
    """Name every day after `after` up to and with `until`: counted, paused, or skipped and why."""
    number, day = 0, after
    while day < until:
        day += ONE_DAY
        pause = due_count.paused_days(pauses, day)
        if pause is not None:
            last = min(pause.end.date(), until)
            yield paused_days(pause, day, last)
            day = last
        elif calendar.is_working(day):
            number += 1
            yield _counted(calendar, day, number)
        else:
            last = _same_reason(calendar, day, until, pauses)
            yield _skip(calendar, day, last)
            day = last


def skipped(calendar: WorkingCalendar, after: date, until: date) -> Iterator[Line]:
    """Name only the days that do not count."""
    kinds = {LineKind.WEEKEND, LineKind.DAY_OFF}
    return (line for line in days(calendar, after, until) if line.kind in kinds)


def hours(calendar: WorkingCalendar, begin: datetime, end: datetime) -> Iterator[Line]:
    """Name every session between two moments with its share, and the days in between that do not count."""
    left = calendar.working_time(begin, end)
    day = begin.date()
    while day <= end.date():
        if not calendar.is_working(day):
            last = _same_reason(calendar, day, end.date(), ())
            yield _skip(calendar, day, last)
            day = last + ONE_DAY
            continue
        makeup = calendar.working_days.get(day)
        if makeup is not None and calendar.working_time(max(begin, calendar.opening(day)), end):
            says = phrase(_("%(day)s là ngày làm bù: tính"), day=day_name(day))
            yield Line(LineKind.MAKEUP, says, day, day, makeup.source)
        for session in calendar.sessions_on(day):
            first = max(begin, begin.combine(day, session.start, begin.tzinfo))
            last_moment = min(end, begin.combine(day, session.end, begin.tzinfo))
            if first < last_moment:
                left -= last_moment - first
                yield _session(first, last_moment, left)
        day += ONE_DAY


def paused_days(pause: Pause, first: date, last: date) -> Line:
    """Name the days that a pause takes out."""
    says = phrase(
        _("không tính %(days)s: tạm dừng từ %(start)s đến %(end)s%(reason)s"),
        days=range_words(first, last),
        start=clock_day(pause.start),
        end=clock_day(pause.end),
        reason=reason_of(pause),
    )
    return Line(LineKind.PAUSED, says, first, last)


def reason_of(pause: Pause) -> Phrase | str:
    """Return the reason of a pause in brackets, nothing when none was given."""
    return phrase(" (%(reason)s)", reason=pause.reason) if pause.reason else ""


def _counted(calendar: WorkingCalendar, day: date, number: int) -> Line:
    makeup, off = calendar.working_days.get(day), calendar.switched_off.get(day)
    name = day_name(day)
    if makeup is not None and makeup.in_place_of is not None:
        says = phrase(
            _("%(day)s là ngày làm bù thay %(instead)s: tính, ngày thứ %(number)s"),
            day=name,
            instead=day_name(makeup.in_place_of),
            number=number,
        )
        return Line(LineKind.MAKEUP, says, day, day, makeup.source, number)
    if makeup is not None:
        says = phrase(_("%(day)s là ngày làm bù: tính, ngày thứ %(number)s"), day=name, number=number)
        return Line(LineKind.MAKEUP, says, day, day, makeup.source, number)
    if off is not None and day.weekday() in calendar.weekdays:
        text = _("%(day)s: tính, ngày thứ %(number)s, vì %(name)s chưa được áp dụng trong lịch")
        says = phrase(text, day=name, number=number, name=off.name)
        return Line(LineKind.SWITCHED_OFF, says, day, day, off.source, number)
    return Line(LineKind.COUNTED, nth_day(day, number), day, day, number=number)


def nth_day(day: date, number: int) -> Phrase:
    """Say which day of the limit this is."""
    return phrase(_("%(day)s: ngày thứ %(number)s"), day=day_name(day), number=number)


def _same_reason(calendar: WorkingCalendar, day: date, until: date, pauses: Sequence[Pause]) -> date:
    """Return the last of the days from `day` on that are skipped for the same reason."""
    reason = _reason(calendar.days_off.get(day))
    last = day
    while last < until:
        following = last + ONE_DAY
        if calendar.is_working(following) or due_count.paused_days(pauses, following):
            break
        if _reason(calendar.days_off.get(following)) != reason:
            break
        last = following
    return last


def _reason(day: Day | None) -> tuple[str, str] | None:
    return (day.name, day.source) if day else None


def _skip(calendar: WorkingCalendar, first: date, last: date) -> Line:
    off = calendar.days_off.get(first)
    where = range_words(first, last)
    if off is None:
        return Line(LineKind.WEEKEND, phrase(_("bỏ qua %(days)s: nghỉ hằng tuần"), days=where), first, last)
    says = phrase(_("bỏ qua %(days)s: %(name)s"), days=where, name=lower_first(off.name))
    return Line(LineKind.DAY_OFF, says, first, last, off.source)


def _session(first: datetime, last: datetime, left: timedelta) -> Line:
    minutes = round((last - first) / timedelta(minutes=1))
    rest = round(left / timedelta(minutes=1))
    says = phrase(
        _("%(hours)s %(day)s: %(time)s, còn %(rest)s")
        if rest
        else _("%(hours)s %(day)s: %(time)s, hết thời hạn"),
        hours=f"{first:%H:%M}–{last:%H:%M}",
        day=day_name(first.date()),
        time=time_words(minutes),
        rest=time_words(rest),
    )
    return Line(LineKind.HOURS, says, first.date(), first.date(), minutes=minutes)
