"""`motcua init`: a real first installation, until an officer can take a dossier in.

Province, agency, calendar and hours, divisions and what they work on, procedures received, first administrator by a
one-time link. One transaction: it is there as a whole or not at all.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from motcua.cli.acting import AS_JSON, By, as_system
from motcua.cli.hours import USUAL, sessions_of, weekdays_of, weeks_of
from motcua.cli.output import echo_json
from motcua.cli.run import installation
from motcua.config import addresses

OWN, NONE = "own", "none"
_DIVISION = "Phòng chuyên môn"
_LEVELS = (("province", "Cấp tỉnh", 10), ("commune", "Cấp xã", 40))


@click.command()
@click.option("--province", prompt="Tên UBND tỉnh, thành phố", help="Ví dụ: UBND thành phố Hải Phòng")
@click.option("--province-code", prompt="Mã định danh của tỉnh (ví dụ H24)", help="Ví dụ: H24")
@click.option(
    "--agency", prompt="Tên cơ quan đầu tiên dùng hệ thống", help="Ví dụ: UBND đặc khu Bạch Long Vĩ"
)
@click.option("--agency-code", prompt="Mã định danh của cơ quan (ví dụ H24.12)", help="Ví dụ: H24.12")
@click.option("--address", prompt="Địa chỉ nơi tiếp nhận (in trên giấy hẹn)", help="In trên giấy hẹn.")
@click.option(
    "--division",
    "divisions",
    multiple=True,
    help="Phòng chuyên môn, có thể kèm lĩnh vực: “Phòng Kinh tế: Đất đai; Xây dựng”. Không kèm: mọi lĩnh vực còn lại.",
)
@click.option("--calendar-code", default="HANH_CHINH", show_default=True, help="Mã của lịch làm việc.")
@click.option("--calendar-name", default="Giờ hành chính", show_default=True, help="Tên của lịch làm việc.")
@click.option(
    "--hours", default=USUAL, prompt="Giờ làm việc một ngày", show_default=True, help="Giờ một ngày."
)
@click.option("--weekdays", default="1-5", show_default=True, help="Ngày làm việc trong tuần; 1 là thứ Hai.")
@click.option("--saturday", default="", help="Giờ thứ Bảy nếu có, ví dụ 07:30-11:30.")
@click.option(
    "--hours-source", prompt="Căn cứ của giờ làm việc (quyết định, thông báo)", help="Quyết định, thông báo."
)
@click.option(
    "--procedures",
    "source",
    help=f"Thủ tục cấp xã tiếp nhận ngay: tệp của cơ sở dữ liệu quốc gia, “{OWN}” (bộ có sẵn), hoặc “{NONE}”.",
)
@click.option("--admin-login", prompt="Tên đăng nhập của quản trị đầu tiên", help="Chữ không dấu.")
@click.option("--admin-name", prompt="Họ và tên của quản trị đầu tiên", help="Họ và tên.")
@AS_JSON
def init(divisions: tuple[str, ...], source: str | None, as_json: bool, **answers: str) -> None:
    """Cài đặt lần đầu. Chỉ chạy được khi hệ thống chưa có cơ quan nào; không tạo mật khẩu mặc định.

    Điều chưa có trong tùy chọn thì được hỏi; khi không có bàn phím, phòng chuyên môn và thủ tục lấy như sẵn có.
    """
    sessions_of(answers["hours"])
    weekdays_of(answers["weekdays"])
    wanted = [Path(source)] if source and source not in {OWN, NONE} else []
    for path in wanted:
        if not path.is_file():
            raise click.BadParameter(f"không có tệp {path}", param_hint="--procedures")
    named = list(divisions) or [_ask(f"{_DIVISION} (có thể kèm “: lĩnh vực; lĩnh vực”)", _DIVISION)]
    chosen = source or _ask(f"Thủ tục cấp xã tiếp nhận ngay: {OWN} (bộ có sẵn), {NONE}, hoặc tên tệp", OWN)
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=lambda text: click.echo(text, err=as_json))
        facts = _make(answers, named, chosen)
    facts["addresses"] = {"public": addresses.PUBLIC_URL, "staff": addresses.STAFF_URL}
    if as_json:
        echo_json(facts)
    else:
        _say(facts)


def _ask(question: str, default: str) -> str:
    """Ask a person; a script without a keyboard takes what is usual."""
    if not sys.stdin.isatty():
        return default
    return str(click.prompt(question, default=default, show_default=True))


def _say(facts: dict[str, Any]) -> None:
    click.echo("")
    click.echo(f"Đã cài đặt {facts['agency']['name']}: {len(facts['units'])} đơn vị, một điểm tiếp nhận,")
    click.echo(f"  {facts['offered']} thủ tục tiếp nhận ngay. Trang cán bộ: {facts['addresses']['staff']}")
    if not facts["offered"]:
        click.echo("  Nhập và giao thủ tục: motcua procedures import --publish, motcua procedures offer")
    click.echo("")
    click.echo("1. Chạy hệ thống:        motcua serve")
    click.echo("2. Quản trị mở đường dẫn dùng một lần (72 giờ) để đặt mật khẩu và lớp xác thực thứ hai:")
    click.echo(f"   {facts['link']}")
    click.echo("3. Quản trị mời cán bộ tiếp nhận, thụ lý, lãnh đạo phòng, lãnh đạo, văn thư, trả kết quả:")
    click.echo(f"   {facts['addresses']['staff']}/people/")


def _make(answers: dict[str, str], named: list[str], chosen: str) -> dict[str, Any]:
    with as_system() as by:
        from motcua.agencies.models import Agency  # noqa: PLC0415  (needs Django's apps, as do all below)
        from motcua.cli.office import furnish, read_division  # noqa: PLC0415
        from motcua.workflow.operations.loading import load_default_workflows  # noqa: PLC0415

        if Agency.objects.exists():
            raise click.ClickException(
                "Hệ thống đã được cài đặt. Thêm cơ quan: motcua agency add; đơn vị: motcua unit add; "
                "cán bộ: motcua user invite hoặc trang Cán bộ."
            )
        divisions = [read_division(text) for text in named]
        agency = _agencies(answers, _calendar(answers, by), by)
        load_default_workflows(**by.args)
        offered = _procedures(chosen, agency.pk, by)
        office = furnish(
            agency.pk, address=answers["address"], divisions=divisions, opened_on=by.today, by=by
        )
        link = _administrator(answers, office.units["clerical"], by)
    return {
        "agency": {"id": agency.pk, "code": answers["agency_code"], "name": agency.name},
        "units": [*office.units.values(), *(unit for _division, unit in office.divisions)],
        "offered": offered,
        **link,
    }


def _calendar(answers: dict[str, str], by: By) -> int:
    from motcua.base.calendars.operations.days import load_official_days  # noqa: PLC0415
    from motcua.base.calendars.operations.offices import open_calendar, set_hours  # noqa: PLC0415

    load_official_days(**by.args)
    calendar = open_calendar(code=answers["calendar_code"], name=answers["calendar_name"], **by.args)
    weeks = weeks_of(answers["hours"], answers["weekdays"], answers["saturday"])
    set_hours(
        calendar_id=calendar.pk, valid_from=date(2023, 1, 1), weeks=weeks, source=answers["hours_source"],
        **by.args,
    )  # fmt: skip
    return calendar.pk


def _agencies(answers: dict[str, str], calendar: int, by: By) -> Any:
    """Open the province and the agency below it."""
    from motcua.agencies.operations import agencies  # noqa: PLC0415

    province_level, level = (
        agencies.open_level(code=code, name=name, rank=rank, **by.args) for code, name, rank in _LEVELS
    )
    province = agencies.open_agency(
        name=answers["province"], short_name="", level=province_level, code=answers["province_code"],
        opened_on=by.today, **by.args,
    )  # fmt: skip
    agency = agencies.open_agency(
        name=answers["agency"], short_name="", level=level, code=answers["agency_code"], opened_on=by.today,
        parent_id=province.pk, **by.args,
    )  # fmt: skip
    for row in (province, agency):
        agencies.set_calendar(agency_id=row.pk, calendar_id=calendar, **by.args)
    return agency


def _procedures(chosen: str, agency_id: int, by: By) -> int:
    """Bring procedures in, published, and let the agency receive those of the commune level."""
    from motcua.cli.commands.procedures import import_file  # noqa: PLC0415
    from motcua.eforms.operations.publishing import load_shipped  # noqa: PLC0415
    from motcua.procedures.operations import offering  # noqa: PLC0415
    from motcua.procedures.operations.demo import load_demo_catalogue  # noqa: PLC0415
    from motcua.procedures.queries.selection import published_codes  # noqa: PLC0415

    if chosen == NONE:
        return 0
    if chosen == OWN:
        load_demo_catalogue(**by.args)
    else:
        import_file(Path(chosen), publish=True, dry_run=False)
    load_shipped(**by.args)
    codes = published_codes(by.today, level="commune")
    if not codes:
        raise click.ClickException("Tệp thủ tục không có thủ tục cấp xã nào công bố được; chưa cài đặt gì.")
    return offering.offer(agency_id=agency_id, codes=codes, valid_from=by.today, **by.args)


def _administrator(answers: dict[str, str], unit: int, by: By) -> dict[str, Any]:
    from motcua.agencies.operations.people import first_administrator  # noqa: PLC0415

    _position, link = first_administrator(
        login_name=answers["admin_login"], full_name=answers["admin_name"], unit_id=unit, **by.args
    )
    return {
        "link": f"{addresses.STAFF_URL}/loi-moi/{link.token}/",
        "link_expires_at": link.invitation.expires_at,
    }
