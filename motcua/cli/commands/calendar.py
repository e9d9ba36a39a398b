"""`motcua calendar`: days off and make-up days of this installation."""

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.acting import AS_JSON, FROM, as_system
from motcua.cli.django import ready
from motcua.cli.hours import weeks_of
from motcua.cli.output import answer, echo_json
from motcua.lib.actor import SYSTEM
from motcua.lib.due_days import DAYS, YEARS
from motcua.lib.due_words import day_name, long_day
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.working_time import ZONE, Day

if TYPE_CHECKING:
    from motcua.base.calendars.operations.days import Loaded

_KINDS = {
    "day_off": "nghỉ lễ",
    "in_lieu": "nghỉ bù",
    "swapped_off": "nghỉ hoán đổi",
    "working_saturday": "làm bù",
}
_YEAR = click.IntRange(1995, 2099)
_DATE = click.DateTime(["%Y-%m-%d"])
_LARGEST_FILE = 5_000_000


@click.group()
def calendar() -> None:
    """Lịch làm việc, ngày nghỉ."""


@calendar.command("load")
@AS_JSON
def load(as_json: bool) -> None:
    """Nạp ngày nghỉ 2023–2027 đi kèm sản phẩm; ngày đã có giữ nguyên."""
    ready()
    from motcua.base.calendars.operations import days  # noqa: PLC0415  (needs Django's apps)

    _report(days.load_official_days(actor=SYSTEM, at=_now()), as_json)


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def import_file(file: Path, as_json: bool) -> None:
    """Nhập tệp ngày nghỉ, giữ nguồn của từng ngày. Nhập lần hai không đổi gì."""
    if file.stat().st_size > _LARGEST_FILE:
        raise Refusal("Tệp quá lớn, không phải là tệp ngày nghỉ.")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refusal(f"Tệp {file.name} không phải là JSON đọc được: {error}.") from error
    if not isinstance(data, dict):
        raise Refusal(f"Tệp {file.name} không phải là tệp ngày nghỉ.")
    ready()
    from motcua.base.calendars.operations import days  # noqa: PLC0415

    _report(days.import_days(data=data, name=file.name, actor=SYSTEM, at=_now()), as_json)


@calendar.command("propose")
@click.argument("year", type=_YEAR)
@AS_JSON
def propose(year: int, as_json: bool) -> None:
    """Đề xuất ngày nghỉ của một năm từ bộ dữ liệu mở; chưa tính cho đến khi được duyệt."""
    ready()
    from motcua.base.calendars.operations import days  # noqa: PLC0415

    _report(days.propose(year=year, actor=SYSTEM, at=_now()), as_json)


@calendar.command("approve")
@click.argument("day", type=_DATE)
@click.option("--source", required=True, help="Văn bản làm căn cứ.")
@AS_JSON
def approve(day: datetime, source: str, as_json: bool) -> None:
    """Duyệt một ngày đã đề xuất hoặc còn nghi ngờ, kèm văn bản làm căn cứ."""
    row_id = _row_id(day.date())
    from motcua.base.calendars.operations import days  # noqa: PLC0415

    row = days.approve(day_id=row_id, source=source, actor=SYSTEM, at=_now())
    answer(_row(row) | {"status": str(row.status)}, as_json, f"Đã duyệt {long_day(day.date())}.")


@calendar.command("switch")
@click.argument("day", type=_DATE)
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--reason", required=True, help="Vì sao bật hoặc tắt.")
@AS_JSON
def switch(day: datetime, state: str, reason: str, as_json: bool) -> None:
    """Bật (on) hoặc tắt (off) một ngày đã duyệt, ví dụ 2026-11-24."""
    row_id = _row_id(day.date())
    from motcua.base.calendars.operations import days  # noqa: PLC0415

    row = days.switch(day_id=row_id, enabled=state == "on", reason=reason, actor=SYSTEM, at=_now())
    done = f"Đã {'bật' if state == 'on' else 'tắt'} {long_day(day.date())}."
    answer(_row(row) | {"status": str(row.status)}, as_json, done)


@calendar.command("confirm")
@click.argument("year", type=_YEAR)
@click.option("--source", required=True, help="Thông báo lịch nghỉ của năm.")
@AS_JSON
def confirm(year: int, source: str, as_json: bool) -> None:
    """Xác nhận ngày nghỉ của một năm đã đủ; hết cảnh báo thiếu lịch."""
    ready()
    from motcua.base.calendars.operations import days  # noqa: PLC0415

    days.confirm_year(year=year, source=source, actor=SYSTEM, at=_now())
    answer({"year": year, "confirmed": True, "source": source}, as_json, f"Đã xác nhận lịch năm {year}.")


@calendar.command("show")
@click.argument("year", type=_YEAR)
@click.option("--own", is_flag=True, help="Ngày nghỉ đi kèm sản phẩm, không cần cơ sở dữ liệu.")
@AS_JSON
def show(year: int, own: bool, as_json: bool) -> None:
    """Liệt kê ngày nghỉ và ngày làm bù của một năm, kèm nguồn."""
    days, complete = (_own(year), year in YEARS) if own else _stored(year)
    if as_json:
        echo_json({"year": year, "complete": complete, "days": days})
        return
    for day in days:
        state = "" if day["status"] == "approved" else ", mới đề xuất"
        state += "" if day["enabled"] else ", đang tắt"
        on = date.fromisoformat(day["date"])
        click.echo(
            f"{day_name(on)!s:<16} {_KINDS[day['kind']]:<14} {day['name']}{state} (nguồn: {day['source']})"
        )
    if not complete:
        click.echo(f"CẢNH BÁO: ngày nghỉ năm {year} chưa được xác nhận là đủ.", err=True)


@calendar.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """Liệt kê các lịch làm việc với giờ đang áp dụng."""
    with as_system() as by:
        from motcua.base.calendars import queries  # noqa: PLC0415

        rows: list[dict[str, Any]] = [
            {"code": one.code, "name": one.name, "hours": [_office(row) for row in one.hours.all()]}
            for one in queries.calendars().order_by("code")
        ]
    if as_json:
        echo_json(rows)
        return
    for one in rows:
        click.echo(f"{one['code']:<16} {one['name']}")
        for row in one["hours"]:
            if row["to"] is None or row["to"] > by.today:
                sessions = " ".join(row["sessions"])
                click.echo(
                    f"    thứ {row['weekdays']}: {sessions}, từ {row['from']:%d/%m/%Y} ({row['source']})"
                )


def _office(row: Any) -> dict[str, Any]:
    edges = [(row.morning_start, row.morning_end), (row.afternoon_start, row.afternoon_end)]
    return {
        "weekdays": f"{row.first_weekday}-{row.last_weekday}",
        "sessions": [f"{start:%H:%M}-{end:%H:%M}" for start, end in edges if start and end],
        "hours_a_day": row.hours_a_day,
        "counts": row.counts,
        "from": row.valid_from,
        "to": row.valid_to,
        "source": row.source,
    }


@calendar.command("hours")
@click.argument("code")
@click.argument("hours")
@click.option("--weekdays", default="1-5", show_default=True, help="Ngày làm việc trong tuần; 1 là thứ Hai.")
@click.option("--saturday", default="", help="Giờ thứ Bảy nếu có, ví dụ 07:30-11:30.")
@click.option(
    "--saturday-counts/--saturday-open-only", default=True, help="Thứ Bảy có tính vào thời hạn không."
)
@click.option("--name", default="", help="Tên lịch, khi lịch CODE chưa có.")
@click.option("--source", required=True, help="Quyết định, thông báo về giờ làm việc.")
@FROM
@AS_JSON
def hours_(code: str, hours: str, on_day: datetime | None, as_json: bool, **given: Any) -> None:
    """Đặt giờ làm việc HOURS cho lịch CODE từ một ngày; giờ trước đó hết hiệu lực ngày ấy.

    Ví dụ: motcua calendar hours HANH_CHINH "07:00-11:30 13:30-17:00" --source "QĐ 12/QĐ-UBND" --from 2027-01-01
    """
    with as_system() as by:
        from motcua.base.calendars import queries  # noqa: PLC0415
        from motcua.base.calendars.operations import offices  # noqa: PLC0415

        weeks = weeks_of(hours, given["weekdays"], given["saturday"])
        if given["saturday"] and not given["saturday_counts"]:
            weeks[-1] = replace(weeks[-1], counts=False)
        calendar_id = queries.calendar_id_of(code)
        if calendar_id is None:
            if not given["name"]:
                raise NotFound(f"Không có lịch mang mã {code}. Thêm --name để mở lịch mới.")
            calendar_id = offices.open_calendar(code=code, name=given["name"], **by.args).pk
        day = by.day(on_day)
        rows = offices.set_hours(
            calendar_id=calendar_id, valid_from=day, weeks=weeks, source=given["source"], **by.args
        )
    facts = {"code": code, "from": day, "hours": [_office(row) for row in rows]}
    answer(facts, as_json, f"Lịch {code}: {hours} từ {day:%d/%m/%Y}.")


@calendar.command("recompute")
@click.argument("day", type=_DATE)
@click.option("--calendar", "code", default="", help="Mã lịch, khi ngày chỉ thuộc một lịch.")
@click.option("--dry-run", is_flag=True, help="Chỉ đếm; không ghi gì.")
@AS_JSON
def recompute_(day: datetime, code: str, dry_run: bool, as_json: bool) -> None:
    """Tìm hồ sơ đang mở có ngày hẹn tính lại khác vì một ngày của lịch đã đổi, ví dụ 2026-11-24.

    Không có --dry-run: mở một lần tính lại; chọn giữ hay dời, và người thứ hai duyệt, ở trang của lịch.
    """
    with as_system() as by:
        from motcua.base.calendars import queries  # noqa: PLC0415
        from motcua.dossiers import recompute as reads  # noqa: PLC0415
        from motcua.dossiers.operations import recompute  # noqa: PLC0415

        row = queries.day_on(day.date(), code)
        if row is None:
            raise NotFound(f"Lịch chưa có dòng nào cho {long_day(day.date())}. Thêm hoặc duyệt ngày trước.")
        if not dry_run:
            opened = recompute.open_for_day(day_id=row.pk, **by.args)
            facts = {"recompute": opened.pk, "state": str(opened.state), "source": opened.source}
            answer(facts, as_json, f"Đã mở lần tính lại số {opened.pk}: {opened.source}. Việc nền đang tính.")
            return
        found = reads.tally(row, now=by.args["at"])
    if as_json:
        echo_json({"day": day.date().isoformat(), **found})
        return
    click.echo(f"Đã xem {found['looked']} hồ sơ: {found['later']} muộn hơn, {found['earlier']} sớm hơn.")
    for one in found["procedures"]:
        click.echo(f"{one['later']:>7} muộn hơn {one['earlier']:>7} sớm hơn  {one['name']}")


def _own(year: int) -> list[dict[str, Any]]:
    return [_row(day) | {"status": "approved"} for day in DAYS if day.on.year == year]


def _stored(year: int) -> tuple[list[dict[str, Any]], bool]:
    ready()
    from motcua.base.calendars import queries  # noqa: PLC0415

    rows = [_row(row) | {"status": str(row.status)} for row in queries.days_of(year)]
    return rows, year in queries.confirmed_years()


def _row(day: Any) -> dict[str, Any]:
    """Return a day, of the product or of the database, for printing."""
    known: Day = day
    return {
        "date": known.on.isoformat(),
        "kind": str(known.kind),
        "name": known.name,
        "source": known.source,
        "confidence": str(known.confidence),
        "enabled": known.enabled,
        "in_place_of": known.in_place_of.isoformat() if known.in_place_of else None,
    }


def _row_id(on: date) -> int:
    ready()
    from motcua.base.calendars import queries  # noqa: PLC0415

    row = queries.day_for_everyone(on)
    if row is None:
        raise NotFound(f"Lịch chưa có dòng nào cho {long_day(on)}. Nhập tệp hoặc đề xuất trước.")
    return int(row.pk)


def _report(loaded: "Loaded", as_json: bool) -> None:
    if as_json:
        beyond = [on.isoformat() for on in loaded.beyond]
        counts = {"added": loaded.added, "changed": loaded.changed, "unchanged": loaded.unchanged}
        echo_json(counts | {"beyond": beyond})
        return
    click.echo(f"Thêm {loaded.added}, sửa {loaded.changed}, giữ nguyên {loaded.unchanged} ngày.")
    for on in loaded.beyond:
        click.echo(f"Có trong lịch nhưng không có trong tệp: {long_day(on)}", err=True)


def _now() -> datetime:
    return datetime.now(ZONE)
