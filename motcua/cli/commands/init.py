"""`motcua init`: a real first installation: province, agency, hours, first administrator by a one-time link."""

from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from motcua.cli.run import installation

_HOURS = "07:30-11:30 13:30-17:00"


@click.command()
@click.option("--province", prompt="Tên UBND tỉnh, thành phố", help="Ví dụ: UBND thành phố Hải Phòng")
@click.option("--province-code", prompt="Mã định danh của tỉnh (ví dụ H24)")
@click.option(
    "--agency", prompt="Tên cơ quan đầu tiên dùng hệ thống", help="Ví dụ: UBND đặc khu Bạch Long Vĩ"
)
@click.option("--agency-code", prompt="Mã định danh của cơ quan (ví dụ H24.12)")
@click.option("--address", prompt="Địa chỉ nơi tiếp nhận (in trên giấy hẹn)")
@click.option("--hours", default=_HOURS, prompt="Giờ làm việc, thứ Hai đến thứ Sáu", show_default=True)
@click.option("--hours-source", prompt="Căn cứ của giờ làm việc (quyết định, thông báo)")
@click.option("--admin-login", prompt="Tên đăng nhập của quản trị đầu tiên")
@click.option("--admin-name", prompt="Họ và tên của quản trị đầu tiên")
def init(**answers: str) -> None:
    """Cài đặt lần đầu. Chỉ chạy được khi hệ thống chưa có cơ quan nào; không tạo mật khẩu mặc định."""
    sessions, hours_a_day = _hours(answers["hours"])
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=click.echo)
        link = _make(answers, sessions, hours_a_day)
    click.echo("")
    click.echo("Đã cài đặt. Đường dẫn dùng một lần để quản trị đặt mật khẩu (72 giờ):")
    click.echo(f"  {link}")
    click.echo("Chạy hệ thống: motcua serve")


def _hours(text: str) -> tuple[list[tuple[time, time]], Decimal]:
    """Read "07:30-11:30 13:30-17:00"; refuses what is no list of sessions in order."""
    try:
        sessions = []
        for part in text.split():
            start, _dash, end = part.partition("-")
            sessions.append((time.fromisoformat(start), time.fromisoformat(end)))
        minutes = sum((b.hour * 60 + b.minute) - (a.hour * 60 + a.minute) for a, b in sessions)
        hours = Decimal(minutes) / 60
    except (ValueError, InvalidOperation):
        raise click.BadParameter("Viết giờ như: 07:30-11:30 13:30-17:00", param_hint="--hours") from None
    if not sessions or hours <= 0:
        raise click.BadParameter("Giờ đóng phải sau giờ mở.", param_hint="--hours")
    return sessions, hours


def _make(answers: dict[str, str], sessions: list[tuple[time, time]], hours_a_day: Decimal) -> str:
    from motcua.cli.django import ready  # noqa: PLC0415

    ready()
    from django.db import transaction  # noqa: PLC0415  (needs Django's settings)
    from django.utils import timezone  # noqa: PLC0415

    from motcua.agencies.models import Agency  # noqa: PLC0415
    from motcua.lib.actor import SYSTEM  # noqa: PLC0415
    from motcua.ui.routing import set_database_actor  # noqa: PLC0415

    now = timezone.now()
    with transaction.atomic():
        set_database_actor(SYSTEM)
        if Agency.objects.exists():
            raise click.ClickException("Hệ thống đã được cài đặt; thêm cơ quan và người ở trang quản trị.")
        calendar = _calendar(sessions, hours_a_day, answers["hours_source"], now)
        unit = _agencies(answers, calendar, timezone.localdate(now), now)
        return _administrator(answers, unit, now)


def _calendar(sessions: list[tuple[time, time]], hours_a_day: Decimal, source: str, now: Any) -> int:
    from motcua.base.calendars.operations.days import load_official_days  # noqa: PLC0415
    from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours  # noqa: PLC0415
    from motcua.lib.actor import SYSTEM  # noqa: PLC0415
    from motcua.lib.working_time import Session  # noqa: PLC0415

    load_official_days(actor=SYSTEM, at=now)
    calendar = open_calendar(code="HANH_CHINH", name="Giờ hành chính", actor=SYSTEM, at=now)
    week = Week(sessions=tuple(Session(*pair) for pair in sessions), hours_a_day=hours_a_day)
    set_hours(
        calendar_id=calendar.pk, valid_from=date(2023, 1, 1), weeks=[week], source=source, actor=SYSTEM, at=now
    )  # fmt: skip
    return calendar.pk


def _agencies(answers: dict[str, str], calendar: int, today: date, now: Any) -> int:
    """Open province and agency with the units every office has; return the clerical unit's id."""
    from motcua.agencies.models import ShopKind, UnitKind  # noqa: PLC0415
    from motcua.agencies.operations import agencies, places  # noqa: PLC0415
    from motcua.lib.actor import SYSTEM  # noqa: PLC0415
    from motcua.workflow.operations.loading import load_default_workflows  # noqa: PLC0415

    by: dict[str, Any] = {"actor": SYSTEM, "at": now}
    levels = [
        agencies.open_level(code=code, name=name, rank=rank, **by)
        for code, name, rank in (("province", "Cấp tỉnh", 10), ("commune", "Cấp xã", 40))
    ]
    province = agencies.open_agency(
        name=answers["province"],
        short_name="",
        level=levels[0],
        code=answers["province_code"],
        opened_on=today,
        **by,
    )
    agency = agencies.open_agency(
        name=answers["agency"], short_name="", level=levels[1], code=answers["agency_code"], opened_on=today,
        parent_id=province.pk, **by,
    )  # fmt: skip
    for row in (province, agency):
        agencies.set_calendar(agency_id=row.pk, calendar_id=calendar, **by)
    units = {
        kind: places.open_unit(agency_id=agency.pk, name=name, kind=kind, opened_on=today, **by)
        for name, kind in (
            ("Trung tâm Phục vụ hành chính công", UnitKind.ONE_STOP),
            ("Văn phòng HĐND và UBND", UnitKind.CLERICAL),
            ("Lãnh đạo UBND", UnitKind.LEADERSHIP),
        )
    }
    shop = places.open_shop(
        agency_id=agency.pk, unit_id=units[UnitKind.ONE_STOP].pk, name="Trung tâm Phục vụ hành chính công",
        kind=ShopKind.COMMUNE_CENTRE, opened_on=today, **by,
    )  # fmt: skip
    places.open_point(shop_id=shop.pk, name="Trụ sở", address=answers["address"], opened_on=today, **by)
    load_default_workflows(**by)
    return units[UnitKind.CLERICAL].pk


def _administrator(answers: dict[str, str], unit: int, now: Any) -> str:
    from django.conf import settings  # noqa: PLC0415

    from motcua.agencies.operations.people import invite_officer  # noqa: PLC0415
    from motcua.lib.actor import SYSTEM  # noqa: PLC0415

    _position, link = invite_officer(
        login_name=answers["admin_login"], full_name=answers["admin_name"], unit_id=unit, title="Quản trị hệ thống",
        roles=("system_admin", "unit_admin", "business_admin"), actor=SYSTEM, at=now,
    )  # fmt: skip
    return f"{settings.STAFF_URL}/loi-moi/{link.token}/"
