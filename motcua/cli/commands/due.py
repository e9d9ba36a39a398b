"""`motcua due`: work out a due date and explain it, without a database unless a calendar's code needs one."""

import re
from datetime import date, datetime
from typing import Any

import click

from motcua.cli.django import ready
from motcua.cli.output import echo_json
from motcua.lib.due import Convention, Limit, Line, LineKind, Pause, Reckoning, Resume, reckon
from motcua.lib.due_days import DEFAULT_CODE, OFFICE_HOURS, own_calendar
from motcua.lib.due_extension import Extension, Told, tell
from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.working_time import ZONE, WorkingCalendar

_PAUSE = re.compile(r"(?P<start>[^/]+)/(?P<end>.+?)(?::(?P<mode>continue|restart|own=.+))?")
_FORMS = ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y")


class Moment(click.ParamType[datetime]):
    """A moment: ISO form or 15:30 28/8/2026; without an offset it is Vietnamese time."""

    name = "thời điểm"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        moment = _moment(str(value))
        if moment is None:
            self.fail(f"“{value}” không phải là thời điểm; viết như 2026-08-28T15:30", param, ctx)
        return moment


class LimitOption(click.ParamType[Limit]):
    """A limit in words or short form."""

    name = "thời hạn"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Limit:
        try:
            return parse_limit(str(value))
        except Refusal as refusal:
            self.fail(refusal.message, param, ctx)


class PauseOption(click.ParamType[Pause]):
    """A pause: START/END, then :restart or :own=LIMIT when the limit does not simply go on."""

    name = "bắt đầu/kết thúc[:cách]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Pause:
        if isinstance(value, Pause):
            return value
        match = _PAUSE.fullmatch(str(value))
        start, end = (_moment(match["start"]), _moment(match["end"])) if match else (None, None)
        if match is None or start is None or end is None:
            self.fail(f"“{value}”: viết như 2026-07-08T10:00/2026-07-10T14:00:restart", param, ctx)
        if end < start:
            self.fail(f"“{value}”: kết thúc đứng trước bắt đầu", param, ctx)
        mode = match["mode"] or Resume.CONTINUE.value
        try:
            if mode.startswith("own="):
                return Pause(start, end, Resume.OWN_LIMIT, parse_limit(mode.removeprefix("own=")))
            return Pause(start, end, Resume(mode))
        except Refusal as refusal:
            self.fail(refusal.message, param, ctx)


class ExtensionOption(click.ParamType[Extension]):
    """An apology: MADE/NEW, then =reason where one is told."""

    name = "lúc xin lỗi/hẹn mới[=lý do]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Extension:
        if isinstance(value, Extension):
            return value
        moments, _equals, reason = str(value).partition("=")
        made, _slash, new = moments.partition("/")
        at, promised = _moment(made), _moment(new)
        if at is None or promised is None:
            self.fail(f"“{value}”: viết như 2026-07-08T10:00/2026-07-15T17:00=lý do", param, ctx)
        return Extension(at, promised, None, reason)


class DayOption(click.ParamType[date]):
    """A date in ISO form."""

    name = "ngày"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” không phải là ngày; viết như 2026-11-24", param, ctx)


@click.command()
@click.option("--received", type=Moment(), required=True, help="Lúc nhận hồ sơ, ví dụ 2026-08-28T15:30.")
@click.option("--limit", type=LimitOption(), required=True, help="3 ngày làm việc, 5 ngày, 8h, 1m, 3wd…")
@click.option("--calendar", "code", default=DEFAULT_CODE, show_default=True, help="Mã lịch làm việc.")
@click.option(
    "--convention",
    type=click.Choice([str(value) for value in Convention], case_sensitive=False),
    default="END",
    show_default=True,
    help="END: hết giờ làm việc; CLOCK: giữ giờ lúc bắt đầu tính.",
)
@click.option(
    "--pause", "pauses", type=PauseOption(), multiple=True, help="Lần tạm dừng, dùng nhiều lần được."
)
@click.option(
    "--extension", type=ExtensionOption(), help="Lần xin lỗi và hẹn lại: lúc lập/ngày hẹn mới[=lý do]."
)
@click.option("--day-off", "off", type=DayOption(), multiple=True, help="Thêm hoặc bật một ngày nghỉ.")
@click.option("--no-day-off", "not_off", type=DayOption(), multiple=True, help="Tắt một ngày nghỉ.")
@click.option("--full", is_flag=True, help="Kể từng ngày, không rút gọn.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def due(
    received: datetime,
    limit: Limit,
    code: str,
    convention: str,
    pauses: tuple[Pause, ...],
    extension: Extension | None,
    off: tuple[date, ...],
    not_off: tuple[date, ...],
    full: bool,
    as_json: bool,
) -> None:
    """Tính ngày hẹn trả và giải thích từng bước.

    Ví dụ: motcua due --received 2026-08-28T15:30 --limit "3 ngày làm việc". Lịch có sẵn: CAL_A, CAL_B, CAL_C
    (không cần cơ sở dữ liệu); mã khác là lịch của hệ thống đang cài.
    """
    calendar = _calendar(code)
    for day in off:
        calendar = calendar.with_day_off(day)
    for day in not_off:
        calendar = calendar.without_day_off(day)
    told = tell(calendar, received, limit, Convention(convention.upper()), pauses, extension)
    if as_json:
        reckoning = reckon(calendar, received, limit, Convention(convention.upper()), pauses)
        echo_json(_as_json(reckoning, told, full))
    else:
        _print(calendar, told, full)


def _calendar(code: str) -> WorkingCalendar:
    if code in OFFICE_HOURS:
        return own_calendar(code)
    ready()
    from django.db import OperationalError  # noqa: PLC0415  (only where a database is asked)

    from motcua.base.calendars import queries  # noqa: PLC0415  (needs Django's apps)

    try:
        calendar_id = queries.calendar_id_of(code)
    except OperationalError:
        click.echo(f"{code} không phải lịch có sẵn ({', '.join(OFFICE_HOURS)}).", err=True)
        raise
    if calendar_id is None:
        raise NotFound(f"Không có lịch mang mã {code}. Lịch có sẵn: {', '.join(OFFICE_HOURS)}.")
    return queries.working_calendar(calendar_id)


def _print(calendar: WorkingCalendar, told: Told, full: bool) -> None:
    hours = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.sessions)
    click.echo(f"Lịch {calendar.code}: {hours}")
    for line in _lines(told, full):
        if line.kind is LineKind.WARNING:
            click.echo(line.text, err=True)
        else:
            indent = "" if line.kind in {LineKind.RECEIVED, LineKind.RESTART, LineKind.DUE} else "  "
            click.echo(f"{indent}{line.text}" + (f" (nguồn: {line.source})" if line.source else ""))


def _lines(told: Told, full: bool) -> tuple[Line, ...]:
    return told.full_lines if full else told.lines


def _as_json(reckoning: Reckoning, told: Told, full: bool) -> dict[str, Any]:
    calendar, limit = reckoning.calendar, reckoning.limit
    own = calendar.code in OFFICE_HOURS
    return {
        "due": told.due.isoformat(),
        "original_due": reckoning.original_due.isoformat(),
        "received": reckoning.received.isoformat(),
        "start": reckoning.start.isoformat(),
        "limit": {"value": _number(limit), "unit": limit.unit.value},
        "convention": reckoning.convention.value,
        "calendar": {"code": calendar.code, "name": calendar.name, "from": "product" if own else "database"},
        "warnings": list(told.warnings),
        "lines": [line.as_dict() for line in _lines(told, full) if line.kind is not LineKind.WARNING],
    }


def _number(limit: Limit) -> int | float:
    whole = limit.value == limit.value.to_integral_value()
    return int(limit.value) if whole else float(limit.value)


def _moment(text: str) -> datetime | None:
    """Read a moment; without an offset it is Vietnamese time, which only the edge may assume."""
    text = text.strip()
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment.astimezone(ZONE)
    except OverflowError:  # a moment of year 1 or 9999 that Vietnamese time has no date for
        return None
