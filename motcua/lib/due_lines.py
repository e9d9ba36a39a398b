"""The explanation of a due date, line by line: each day or session that counts or does not, and why.

Lines are data (`due_terms.Line`); `text` never contains the source, so that a screen can set it apart. The
same moments that `due_count` worked out are walked again day by day; a property test holds both to the same
answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR
from itertools import groupby
from typing import TYPE_CHECKING

from motcua.lib import due_count
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
from motcua.lib.due_words import clock_day, day_name, long_clock_day, lower_first, range_words, time_words
from motcua.lib.working_time import Day, WorkingCalendar

if TYPE_CHECKING:
    from motcua.lib.due import Reckoning

_ONE_DAY = timedelta(days=1)
_LONG = 15  # more plain days than this are drawn together
_WEEK = 5  # … and in long limits every stretch of more than a week


def explain(reckoning: "Reckoning") -> tuple[Line, ...]:
    """Return the full explanation: warnings, receipt, start, every day or session, pauses, the due date."""
    calendar, convention = reckoning.calendar, reckoning.convention
    lines = [Line(LineKind.WARNING, text) for text in reckoning.warnings]
    for number, segment in enumerate(reckoning.segments):
        lines.append(
            _received(segment, reckoning) if number == 0 else _anew(segment, reckoning.segments[number - 1])
        )
        lines += _start(calendar, segment)
        if segment.ended is not None:
            lines.append(_cut_short(segment, segment.ended))
        elif reckoning.as_step and reckoning.limit.unit is Unit.WORKING_DAY:
            hours = time_words(round(segment.limit.value * 60))
            lines.append(Line(LineKind.PART, f"{reckoning.limit.words()} của bước này là {hours} làm việc"))
            lines += _count(calendar, segment, convention)
        else:
            lines += _count(calendar, segment, convention)
        lines += [_too_late(pause, segment.due) for pause in segment.ignored]
    due = reckoning.due
    lines.append(Line(LineKind.DUE, f"Hạn trả kết quả: {long_clock_day(due)}", due.date(), due.date()))
    return tuple(lines)


def warnings(calendar: WorkingCalendar, first: date, last: date) -> tuple[str, ...]:
    """Return what makes the date doubtful: years whose days are not loaded, days that are not certain."""
    years = [str(year) for year in range(first.year, last.year + 1) if year not in calendar.years]
    texts = []
    if years:
        texts.append(
            f"CẢNH BÁO: lịch chưa có ngày nghỉ lễ của năm {', '.join(years)}; "
            "hạn chỉ bỏ qua ngày nghỉ hằng tuần và phải tính lại khi có lịch nghỉ chính thức."
        )
    near = [day for day in calendar.doubtful if first <= day.on <= last]
    for (name, enabled), group in groupby(near, key=lambda day: (day.name, day.enabled)):
        days = [day.on for day in group]
        state = "đang được tính là ngày nghỉ" if enabled else "đang tắt, tức là vẫn tính là ngày làm việc"
        texts.append(
            f"{name} ({range_words(days[0], days[-1])}/{days[-1].year}) chưa được xác nhận, {state}."
        )
    return tuple(texts)


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
    where = f"từ {day_name(first)} đến {day_name(last)}"
    minutes = sum(line.minutes or 0 for line in counted) or None
    number = counted[-1].number
    if minutes:
        what = f"{time_words(minutes)} trong {days} ngày làm việc"
    elif counted[0].number == number:
        what = f"ngày thứ {number}"
    else:
        what = f"ngày thứ {counted[0].number} đến ngày thứ {number}"
    weekends = (
        " (bỏ qua các ngày nghỉ hằng tuần)" if any(line.kind is LineKind.WEEKEND for line in run) else ""
    )
    return Line(LineKind.STRETCH, f"{where}: {what}{weekends}", first, last, number=number, minutes=minutes)


# ── Head of a part ────────────────────────────────────────────────────────────────────────────────


def _received(segment: Segment, reckoning: "Reckoning") -> Line:
    text = f"Nhận lúc {long_clock_day(segment.received)}, thời hạn {reckoning.limit.words()}"
    day = segment.received.date()
    return Line(LineKind.RECEIVED, text, day, day)


def _anew(segment: Segment, before: Segment) -> Line:
    pause = before.ended
    own = pause is not None and pause.resume is Resume.OWN_LIMIT
    how = "tính theo thời hạn riêng" if own else "tính lại từ đầu"
    text = f"Tiếp tục lúc {long_clock_day(segment.received)}: {how} {segment.limit.words()}"
    day = segment.received.date()
    return Line(LineKind.RESTART, text, day, day, "" if own else RESTART_SOURCE)


def _start(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    received, start = segment.received, segment.start
    if start == received:
        text = f"tính từ {clock_day(start)}"
    else:
        if start.date() > received.date():
            yield from _skipped(calendar, received.date() - _ONE_DAY, start.date() - _ONE_DAY)
        text = f"tính từ {clock_day(start)}, vì {_why_moved(calendar, received, start)}"
    yield Line(LineKind.START, text, start.date(), start.date())
    if segment.limit.unit not in HOUR_UNITS | {Unit.SAME_DAY_15H} and segment.limit.value >= 1:
        text = f"ngày nhận {day_name(start.date())} không tính"
        yield Line(LineKind.FIRST_DAY, text, start.date(), start.date(), FIRST_DAY_SOURCE)


def _why_moved(calendar: WorkingCalendar, received: datetime, start: datetime) -> str:
    if not calendar.is_working(received.date()):
        return "đến vào ngày nghỉ"
    if start.date() > received.date():
        return "đến khi đã hết giờ làm việc"
    if start == calendar.opening(start.date()):
        return "đến trước giờ mở cửa"
    return "đến trong giờ nghỉ giữa buổi"


def _cut_short(segment: Segment, pause: Pause) -> Line:
    reason = f" ({pause.reason})" if pause.reason else ""
    text = f"dừng lúc {clock_day(pause.start)}{reason}, khi hạn đang là {clock_day(segment.due)}; "
    text += "phần đã đếm không tính"
    return Line(LineKind.PAUSED, text, pause.start.date(), pause.end.date())


def _too_late(pause: Pause, due: datetime) -> Line:
    text = f"lần dừng lúc {clock_day(pause.start)} không đổi hạn, vì hạn {clock_day(due)} đã qua"
    return Line(LineKind.IGNORED, text, pause.start.date(), pause.end.date())


# ── Counting ──────────────────────────────────────────────────────────────────────────────────────


def _count(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    limit, start = segment.limit, segment.start
    whole = limit.value.to_integral_value(ROUND_FLOOR)
    if limit.unit in HOUR_UNITS:
        begin = due_count.whole_minute(start)
        base = calendar.add_time(begin, due_count.as_time(limit.value))
        yield from _hours(calendar, begin, base)
        yield from _paused_time(calendar, segment, base)
    elif limit.unit is Unit.SAME_DAY_15H:
        yield from _same_day(calendar, segment)
    elif limit.unit is Unit.MONTH:
        yield from _month(calendar, segment)
    elif limit.value != whole:
        yield from _part_of_a_day(calendar, segment, convention)
    elif limit.unit is Unit.CALENDAR_DAY:
        yield from _calendar_days(calendar, segment, int(whole))
    else:
        yield from _working_days(calendar, segment, convention)


def _working_days(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    start = segment.start
    if convention is Convention.END:
        yield from _walk(calendar, start.date(), segment.due.date(), segment.pauses)
        return
    base = due_count.finish(calendar, start, segment.limit, convention)
    yield from _walk(calendar, start.date(), base.date())
    text = f"giữ giờ lúc bắt đầu tính: {clock_day(base)}"
    yield Line(LineKind.CLOCK, text, base.date(), base.date())
    yield from _paused_time(calendar, segment, base)


def _calendar_days(calendar: WorkingCalendar, segment: Segment, count: int) -> Iterator[Line]:
    day, number = segment.start.date(), 0
    while number < count:
        day += _ONE_DAY
        pause = due_count.paused_days(segment.pauses, day)
        if pause is not None:
            yield _paused_days(pause, day, pause.end.date())
            day = pause.end.date()
            continue
        number += 1
        yield Line(LineKind.CALENDAR, f"{day_name(day)}: ngày thứ {number}", day, day, number=number)
    yield from _rolled(calendar, day)


def _month(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    first = segment.start.date()
    last = due_count.add_months(first, int(segment.limit.value))
    text = f"{segment.limit.words()} sau {day_name(first)}: {day_name(last)}"
    if last.day != first.day:
        text += f", vì tháng {last.month} không có ngày {first.day}"
    yield Line(LineKind.MONTH, text, first, last, MONTH_SOURCE)
    day, seen = last, first
    for pause in segment.pauses:
        begin = max(pause.start.date(), seen + _ONE_DAY)
        if pause.end.date() >= begin:
            yield _paused_days(pause, begin, pause.end.date())
            day += pause.end.date() - begin + _ONE_DAY
        seen = max(seen, pause.end.date())
    yield from _rolled(calendar, day)


def _same_day(calendar: WorkingCalendar, segment: Segment) -> Iterator[Line]:
    start = segment.start
    after = start.time() > due_count.THREE_O_CLOCK
    text = (
        "nhận sau 15 giờ: trả trong ngày làm việc tiếp theo"
        if after
        else "nhận đến hết 15 giờ: trả trong ngày"
    )
    yield Line(LineKind.SAME_DAY, text, start.date(), start.date(), SAME_DAY_SOURCE)
    yield from _walk(calendar, start.date(), segment.due.date(), segment.pauses)


def _part_of_a_day(calendar: WorkingCalendar, segment: Segment, convention: Convention) -> Iterator[Line]:
    limit, start = segment.limit, segment.start
    whole = limit.value.to_integral_value(ROUND_FLOOR)
    reached = due_count.whole_minute(start)
    if whole:
        part = Segment(segment.received, start, Limit(whole, limit.unit), start)
        part = part.with_due(due_count.finish(calendar, start, part.limit, convention))
        yield from _count(calendar, part, convention)
        reached = part.due
    hours = due_count.hours_of(calendar, reached.date(), limit.value - whole)
    minutes = round(hours * 60)
    text = f"phần lẻ của ngày là {time_words(minutes)} làm việc của lịch này"
    yield Line(LineKind.PART, text, minutes=minutes)
    base = due_count.finish(calendar, start, limit, convention)
    yield from _hours(calendar, reached, base)
    yield from _paused_time(calendar, segment, base)


def _rolled(calendar: WorkingCalendar, day: date) -> Iterator[Line]:
    due = calendar.roll_forward(day)
    if due == day:
        return
    yield from _skipped(calendar, day - _ONE_DAY, due - _ONE_DAY)
    text = f"ngày cuối {day_name(day)} là ngày nghỉ: hạn chuyển tới {day_name(due)}"
    yield Line(LineKind.ROLLED, text, day, due, ROLL_SOURCE)


def _paused_days(pause: Pause, first: date, last: date) -> Line:
    reason = f" ({pause.reason})" if pause.reason else ""
    paused = f"tạm dừng từ {clock_day(pause.start)} đến {clock_day(pause.end)}{reason}"
    text = f"không tính {range_words(first, last)}: {paused}"
    return Line(LineKind.PAUSED, text, first, last)


def _paused_time(calendar: WorkingCalendar, segment: Segment, due: datetime) -> Iterator[Line]:
    for pause in segment.pauses:
        stopped = calendar.working_time(max(pause.start, segment.start), pause.end)
        minutes = int(stopped / timedelta(minutes=1))
        reason = f" ({pause.reason})" if pause.reason else ""
        text = (
            f"tạm dừng từ {clock_day(pause.start)} đến {clock_day(pause.end)}{reason}: "
            f"cộng {time_words(minutes)} làm việc vào hạn {clock_day(due)}"
        )
        yield Line(LineKind.PAUSED, text, pause.start.date(), pause.end.date(), minutes=minutes)
        later = calendar.add_time(due, stopped)
        yield from _hours(calendar, due, later)
        due = later


# ── Days and sessions ─────────────────────────────────────────────────────────────────────────────


def _walk(
    calendar: WorkingCalendar, after: date, until: date, pauses: Sequence[Pause] = ()
) -> Iterator[Line]:
    """Name every day after `after` up to and with `until`: counted, paused, or skipped and why."""
    number, day = 0, after
    while day < until:
        day += _ONE_DAY
        pause = due_count.paused_days(pauses, day)
        if pause is not None:
            last = min(pause.end.date(), until)
            yield _paused_days(pause, day, last)
            day = last
        elif calendar.is_working(day):
            number += 1
            yield _counted(calendar, day, number)
        else:
            last = _same_reason(calendar, day, until, pauses)
            yield _skip(calendar, day, last)
            day = last


def _skipped(calendar: WorkingCalendar, after: date, until: date) -> Iterator[Line]:
    """Name only the days that do not count."""
    return (
        line for line in _walk(calendar, after, until) if line.kind in {LineKind.WEEKEND, LineKind.DAY_OFF}
    )


def _counted(calendar: WorkingCalendar, day: date, number: int) -> Line:
    makeup, off = calendar.working_days.get(day), calendar.switched_off.get(day)
    if makeup is not None:
        instead = f" thay {day_name(makeup.in_place_of)}" if makeup.in_place_of else ""
        text = f"{day_name(day)} là ngày làm bù{instead}: tính, ngày thứ {number}"
        return Line(LineKind.MAKEUP, text, day, day, makeup.source, number)
    if off is not None and day.weekday() in calendar.weekdays:
        text = f"{day_name(day)}: tính, ngày thứ {number}, vì {off.name} đang tắt trong lịch"
        return Line(LineKind.SWITCHED_OFF, text, day, day, off.source, number)
    return Line(LineKind.COUNTED, f"{day_name(day)}: ngày thứ {number}", day, day, number=number)


def _same_reason(calendar: WorkingCalendar, day: date, until: date, pauses: Sequence[Pause]) -> date:
    """Return the last of the days from `day` on that are skipped for the same reason."""
    reason = _reason(calendar.days_off.get(day))
    last = day
    while last < until:
        following = last + _ONE_DAY
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
        return Line(LineKind.WEEKEND, f"bỏ qua {where}: nghỉ hằng tuần", first, last)
    return Line(LineKind.DAY_OFF, f"bỏ qua {where}: {lower_first(off.name)}", first, last, off.source)


def _hours(calendar: WorkingCalendar, begin: datetime, end: datetime) -> Iterator[Line]:
    """Name every session between two moments with its share, and the days in between that do not count."""
    left = calendar.working_time(begin, end)
    day = begin.date()
    while day <= end.date():
        if not calendar.is_working(day):
            last = _same_reason(calendar, day, end.date(), ())
            yield _skip(calendar, day, last)
            day = last + _ONE_DAY
            continue
        makeup = calendar.working_days.get(day)
        if makeup is not None and calendar.working_time(max(begin, calendar.opening(day)), end):
            yield Line(LineKind.MAKEUP, f"{day_name(day)} là ngày làm bù: tính", day, day, makeup.source)
        for session in calendar.sessions_on(day):
            first = max(begin, begin.combine(day, session.start, begin.tzinfo))
            last_moment = min(end, begin.combine(day, session.end, begin.tzinfo))
            if first < last_moment:
                left -= last_moment - first
                yield _session(first, last_moment, left)
        day += _ONE_DAY


def _session(first: datetime, last: datetime, left: timedelta) -> Line:
    minutes = round((last - first) / timedelta(minutes=1))
    rest = round(left / timedelta(minutes=1))
    text = f"{first:%H:%M}–{last:%H:%M} {day_name(first.date())}: {time_words(minutes)}"
    text += f", còn {time_words(rest)}" if rest else ", hết thời hạn"
    return Line(LineKind.HOURS, text, first.date(), first.date(), minutes=minutes)
