"""The explanation of a due date, line by line: each day or session that counts or does not, and why.

Lines are data (`due_terms.Line`); the text never contains the source, so that a screen can set it apart.
The same moments that `due_count` worked out are walked again (`due_walk`); property tests hold both to one
answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR
from itertools import groupby
from typing import TYPE_CHECKING

from motcua.lib import due_count, due_walk
from motcua.lib.due_terms import (
    FIRST_DAY_SOURCE,
    HOUR_UNITS,
    MONTH_SOURCE,
    RESTART_SOURCE,
    ROLL_SOURCE,
    SAME_DAY_SOURCE,
    Convention,
    Limit,
    Line,
    LineKind,
    Pause,
    Resume,
    Segment,
    Unit,
)
from motcua.lib.due_walk import ONE_DAY, reason_of
from motcua.lib.due_words import Phrase, clock_day, day_name, long_clock_day, long_day, phrase, time_words
from motcua.lib.finding import mark as _
from motcua.lib.working_time import WorkingCalendar

if TYPE_CHECKING:
    from motcua.lib.due import Reckoning

_LONG = 15  # more plain days than this are drawn together
_WEEK = 5  # … and in long limits every stretch of more than a week


def explain(reckoning: "Reckoning") -> tuple[Line, ...]:
    """Return the full explanation: warnings, receipt, start, every day or session, pauses, the due date."""
    calendar, due = reckoning.calendar, reckoning.due
    lines = [Line(LineKind.WARNING, says) for says in warnings(reckoning)]
    before: Segment | None = None
    for segment in reckoning.segments:
        lines.append(_received(segment, reckoning.limit) if before is None else _anew(segment, before))
        lines += _start(calendar, segment)
        if segment.ended is not None:
            lines.append(_cut_short(segment, segment.ended))
        else:
            if reckoning.as_step and reckoning.limit.unit is Unit.WORKING_DAY:
                lines.append(_step(reckoning.limit, segment))
            lines += _count(calendar, segment, reckoning.convention)
        lines += [_too_late(pause, segment.due) for pause in segment.ignored]
        before = segment
    says = phrase(_("Hẹn trả kết quả: %(due)s"), due=long_clock_day(due))
    lines.append(Line(LineKind.DUE, says, due.date(), due.date()))
    return tuple(lines)


def warnings(reckoning: "Reckoning") -> tuple[Phrase, ...]:
    """Return what makes the date doubtful: years without days, days that are not certain, cut pauses."""
    calendar, first, last = reckoning.calendar, reckoning.received.date(), reckoning.due.date()
    years = [str(year) for year in range(first.year, last.year + 1) if year not in calendar.years]
    found = []
    if years:
        text = _(
            "CẢNH BÁO: lịch chưa có ngày nghỉ lễ của năm %(years)s; hạn chỉ bỏ qua ngày nghỉ hằng tuần "
            "và phải tính lại khi có lịch nghỉ chính thức."
        )
        found.append(phrase(text, years=", ".join(years)))
    if reckoning.mended:
        text = _("Có lần tạm dừng chồng lên nhau hoặc ngược giờ; phần sai đã được bỏ, cần kiểm tra lại.")
        found.append(phrase(text))
    near = [day for day in calendar.doubtful if first <= day.on <= last]
    for (name, enabled), group in groupby(near, key=lambda day: (day.name, day.enabled)):
        days = [day.on for day in group]
        text = (
            _("%(name)s (%(days)s) chưa được xác nhận, đang được tính là ngày nghỉ.")
            if enabled
            else _("%(name)s (%(days)s) chưa được xác nhận nên vẫn tính là ngày làm việc.")
        )
        span = _("%(first)s đến %(last)s")
        where = long_day(days[0])
        if len(days) > 1:
            where = phrase(span, first=day_name(days[0]), last=long_day(days[-1]))
        found.append(phrase(text, name=name, days=where))
    return tuple(found)


def shorten(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Draw long plain stretches together; lines with a reason or a source of their own always stay."""
    lines = tuple(lines)
    long_limit = len({line.first for line in lines if line.kind in _PLAIN}) > _LONG
    short: list[Line] = []
    for family, group in groupby(lines, key=lambda line: _FAMILY.get(line.kind)):
        run = list(group)
        counted = [line for line in run if line.kind in _PLAIN]
        days = len({line.first for line in counted})
        if family and (days > _LONG or (long_limit and days > _WEEK)):
            first, last = run.index(counted[0]), len(run) - run[::-1].index(counted[-1])
            short += [*run[:first], _stretch(run[first:last], counted, days), *run[last:]]
        else:
            short += run
    return tuple(short)


_PLAIN = frozenset({LineKind.COUNTED, LineKind.CALENDAR, LineKind.HOURS})
_FAMILY = {
    LineKind.COUNTED: "plain",
    LineKind.WEEKEND: "plain",
    LineKind.HOURS: "plain",
    LineKind.CALENDAR: "calendar",
}


def _stretch(run: Sequence[Line], counted: Sequence[Line], days: int) -> Line:
    first, last = run[0].first or date.min, run[-1].last or date.min
    minutes = sum(line.minutes or 0 for line in counted) or None
    number = counted[-1].number
    if minutes:
        text = _("từ %(first)s đến %(last)s: %(time)s trong %(days)s ngày làm việc")
        what = phrase(text, first=day_name(first), last=day_name(last), time=time_words(minutes), days=days)
    else:
        text = _("từ %(first)s đến %(last)s: ngày thứ %(from)s đến ngày thứ %(to)s")
        numbers = {"from": counted[0].number or 0, "to": number or 0}
        what = phrase(text, first=day_name(first), last=day_name(last), **numbers)
    if any(line.kind is LineKind.WEEKEND for line in run):
        what = phrase(_("%(what)s (bỏ qua các ngày nghỉ hằng tuần)"), what=what)
    return Line(LineKind.STRETCH, what, first, last, number=number, minutes=minutes)


# ── Head of a part ────────────────────────────────────────────────────────────────────────────────


def _received(segment: Segment, limit: Limit) -> Line:
    text = _("Nhận lúc %(moment)s, thời hạn %(limit)s")
    says = phrase(text, moment=long_clock_day(segment.received), limit=limit.phrase())
    return Line(LineKind.RECEIVED, says, segment.received.date(), segment.received.date())


def _anew(segment: Segment, before: Segment) -> Line:
    own = before.ended is not None and before.ended.resume is Resume.OWN_LIMIT
    text = (
        _("Tiếp tục lúc %(moment)s: tính theo thời hạn riêng %(limit)s")
        if own
        else _("Tiếp tục lúc %(moment)s: tính lại từ đầu %(limit)s")
    )
    says = phrase(text, moment=long_clock_day(segment.received), limit=segment.limit.phrase())
    day = segment.received.date()
    return Line(LineKind.RESTART, says, day, day, "" if own else RESTART_SOURCE)


def _start(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    received, start = segment.received, segment.start
    day = start.date()
    if start == received:
        says = phrase(_("tính từ %(moment)s"), moment=clock_day(start))
    else:
        if day > received.date():
            yield from due_walk.skipped(calendar, received.date() - ONE_DAY, day - ONE_DAY)
        why = _why_moved(calendar, received, start)
        says = phrase(_("tính từ %(moment)s, vì %(why)s"), moment=clock_day(start), why=why)
    yield Line(LineKind.START, says, day, day)
    if segment.limit.unit not in HOUR_UNITS | {Unit.SAME_DAY_15H} and segment.limit.value >= 1:
        says = phrase(_("ngày nhận %(day)s không tính"), day=day_name(day))
        yield Line(LineKind.FIRST_DAY, says, day, day, FIRST_DAY_SOURCE)


def _why_moved(calendar: WorkingCalendar, received: datetime, start: datetime) -> Phrase:
    if not calendar.is_working(received.date()):
        return phrase(_("đến vào ngày nghỉ"))
    if start.date() > received.date():
        return phrase(_("đến khi đã hết giờ làm việc"))
    if start == calendar.opening(start.date()):
        return phrase(_("đến trước giờ mở cửa"))
    return phrase(_("đến trong giờ nghỉ giữa buổi"))


def _step(limit: Limit, segment: Segment) -> Line:
    minutes = round(segment.limit.value * 60)
    text = _("%(limit)s của bước này là %(time)s làm việc")
    return Line(LineKind.PART, phrase(text, limit=limit.phrase(), time=time_words(minutes)), minutes=minutes)


def _cut_short(segment: Segment, pause: Pause) -> Line:
    text = _("dừng lúc %(moment)s%(reason)s, khi hạn đang là %(due)s; phần đã đếm không tính")
    says = phrase(text, moment=clock_day(pause.start), reason=reason_of(pause), due=clock_day(segment.due))
    return Line(LineKind.PAUSED, says, pause.start.date(), pause.end.date())


def _too_late(pause: Pause, due: datetime) -> Line:
    text = _("lần dừng lúc %(moment)s không đổi hạn, vì hạn %(due)s đã qua")
    says = phrase(text, moment=clock_day(pause.start), due=clock_day(due))
    return Line(LineKind.IGNORED, says, pause.start.date(), pause.end.date())


# ── Counting ──────────────────────────────────────────────────────────────────────────────────────


def _count(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    limit = segment.limit
    if limit.unit in HOUR_UNITS:
        begin = due_count.whole_minute(segment.start)
        base = calendar.add_time(begin, due_count.as_time(limit.value))
        yield from due_walk.hours(calendar, begin, base)
        yield from _paused_time(calendar, segment, base)
    elif limit.unit is Unit.SAME_DAY_15H:
        yield from _same_day(calendar, segment)
    elif limit.unit is Unit.MONTH:
        yield from _month(calendar, segment)
    elif limit.value != limit.value.to_integral_value():
        yield from _part_of_a_day(calendar, segment, convention)
    elif limit.unit is Unit.CALENDAR_DAY:
        yield from _calendar_days(calendar, segment, int(limit.value))
    else:
        yield from _working_days(calendar, segment, convention)


def _working_days(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    start = segment.start
    if convention is Convention.END:
        yield from due_walk.days(calendar, start.date(), segment.due.date(), segment.pauses)
        return
    base = due_count.finish(calendar, start, segment.limit, convention)
    yield from due_walk.days(calendar, start.date(), base.date())
    says = phrase(_("giữ giờ lúc bắt đầu tính: %(moment)s"), moment=clock_day(base))
    yield Line(LineKind.CLOCK, says, base.date(), base.date())
    yield from _paused_time(calendar, segment, base)


def _calendar_days(calendar: WorkingCalendar, segment: Segment, count: int) -> Iterator[Line]:
    day, number = segment.start.date(), 0
    while number < count:
        day += ONE_DAY
        pause = due_count.paused_days(segment.pauses, day)
        if pause is not None:
            yield due_walk.paused_days(pause, day, pause.end.date())
            day = pause.end.date()
            continue
        number += 1
        yield Line(LineKind.CALENDAR, due_walk.nth_day(day, number), day, day, number=number)
    yield from _rolled(calendar, day)


def _month(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    first = segment.start.date()
    last = due_count.add_months(first, int(segment.limit.value))
    places: dict[str, Phrase] = {
        "limit": segment.limit.phrase(),
        "first": day_name(first),
        "last": day_name(last),
    }
    if last.day == first.day:
        says = phrase(_("%(limit)s sau %(first)s: %(last)s"), **places)
    else:
        text = _("%(limit)s sau %(first)s: %(last)s, vì tháng %(month)s không có ngày %(day)s")
        says = phrase(text, month=last.month, day=first.day, **places)
    yield Line(LineKind.MONTH, says, first, last, MONTH_SOURCE)
    day, seen = last, first
    for pause in segment.pauses:
        begin = max(pause.start.date(), seen + ONE_DAY)
        if pause.end.date() >= begin:
            yield due_walk.paused_days(pause, begin, pause.end.date())
            day += pause.end.date() - begin + ONE_DAY
        seen = max(seen, pause.end.date())
    yield from _rolled(calendar, day)


def _same_day(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    day = segment.start.date()
    if segment.start.time() > due_count.THREE_O_CLOCK:
        says = phrase(_("nhận sau 15 giờ: trả trong ngày làm việc tiếp theo"))
    else:
        says = phrase(_("nhận đến hết 15 giờ: trả trong ngày"))
    yield Line(LineKind.SAME_DAY, says, day, day, SAME_DAY_SOURCE)
    yield from due_walk.days(calendar, day, segment.due.date(), segment.pauses)


def _part_of_a_day(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    limit, start = segment.limit, segment.start
    whole = limit.value.to_integral_value(ROUND_FLOOR)
    reached = due_count.whole_minute(start)
    if whole:
        part = Segment(segment.received, start, Limit(whole, limit.unit), start)
        part = part.with_due(due_count.finish(calendar, start, part.limit, convention))
        yield from _count(calendar, part, convention)
        reached = part.due
    time = due_count.as_time(due_count.hours_of(calendar, reached.date(), limit.value - whole))
    minutes = round(time / timedelta(minutes=1))
    base = due_count.finish(calendar, start, limit, convention)
    text = (
        _("phần lẻ của ngày là %(time)s làm việc của lịch này")
        if calendar.add_time(reached, time) == base
        else _("phần lẻ của ngày là %(time)s làm việc, nhưng không quá hạn của ngày trọn kế tiếp")
    )
    yield Line(LineKind.PART, phrase(text, time=time_words(minutes)), minutes=minutes)
    yield from due_walk.hours(calendar, reached, base)
    yield from _paused_time(calendar, segment, base)


def _rolled(calendar: WorkingCalendar, day: date) -> Iterator[Line]:
    due = calendar.roll_forward(day)
    if due == day:
        return
    yield from due_walk.skipped(calendar, day - ONE_DAY, due - ONE_DAY)
    text = _("ngày cuối %(day)s là ngày nghỉ: hạn chuyển tới %(due)s")
    yield Line(LineKind.ROLLED, phrase(text, day=day_name(day), due=day_name(due)), day, due, ROLL_SOURCE)


def _paused_time(calendar: WorkingCalendar, segment: Segment, due: datetime) -> Iterator[Line]:
    for pause in segment.pauses:
        stopped = calendar.working_time(pause.start, pause.end)
        minutes = int(stopped / timedelta(minutes=1))
        says = phrase(
            _("tạm dừng từ %(start)s đến %(end)s%(reason)s: cộng %(time)s làm việc vào hạn %(due)s"),
            start=clock_day(pause.start),
            end=clock_day(pause.end),
            reason=reason_of(pause),
            time=time_words(minutes),
            due=clock_day(due),
        )
        yield Line(LineKind.PAUSED, says, pause.start.date(), pause.end.date(), minutes=minutes)
        later = calendar.add_time(due, stopped)
        yield from due_walk.hours(calendar, due, later)
        due = later
