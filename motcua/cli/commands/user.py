"""`motcua user`: list accounts, invite, disable, first administrator; in the demo also authenticator codes."""

import json
from typing import Any

import click

from motcua.cli.acting import AS_JSON, as_system
from motcua.cli.output import answer, echo_json
from motcua.config import addresses, env
from motcua.lib.working_time import ZONE


@click.group()
def user() -> None:
    """Tài khoản cán bộ: xem, mời, khóa."""


@user.command("list")
@click.option("--agency", default="", help="Chỉ cơ quan có mã định danh này.")
@AS_JSON
def list_users(agency: str, as_json: bool) -> None:
    """Liệt kê cán bộ với vị trí đang giữ."""
    with as_system():
        from django.utils import timezone  # noqa: PLC0415

        from motcua.agencies import queries  # noqa: PLC0415

        today = timezone.localdate()
        agencies = queries.agencies_below(queries.agency_by_code(agency).pk, today) if agency else None
        rows = [_row(account, held) for account, held in queries.staff_with_positions(today, agencies)]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        places = "; ".join(f"{one['title']}, {one['unit']}, {one['agency']}" for one in row["positions"])
        click.echo(f"{row['login_name']:<16} {row['full_name']:<24} {row['state']:<10} {places}")


def _row(account: Any, held: list[Any]) -> dict[str, Any]:
    state = "disabled" if not account.is_active else "invited" if account.must_set_password else "active"
    return {
        "login_name": account.login_name,
        "full_name": account.full_name,
        "kind": account.account_kind,
        "state": state,
        "last_seen_at": account.last_seen_at,
        "positions": [
            {
                "title": one.title,
                "unit": one.unit.name,
                "agency": one.unit.agency.short_name,
                "roles": one.roles,
            }
            for one in held
        ],
    }


@user.command()
@click.argument("login_name")
@click.option("--name", "full_name", default="", help="Họ và tên (khi tài khoản chưa có).")
@click.option("--agency", default="", help="Mã định danh cơ quan.")
@click.option("--unit", default="", help="Tên đơn vị trong cơ quan.")
@click.option("--title", default="", help="Chức vụ, vị trí.")
@click.option("--role", "roles", multiple=True, help="Vai trò; dùng nhiều lần được.")
@AS_JSON
def invite(
    login_name: str, full_name: str, agency: str, unit: str, title: str, roles: tuple[str, ...], as_json: bool
) -> None:
    """Mời một cán bộ, hoặc tạo liên kết mới cho người chưa đặt mật khẩu."""
    with as_system():
        from django.utils import timezone  # noqa: PLC0415

        from motcua.accounts.models import Account  # noqa: PLC0415
        from motcua.agencies.operations import people  # noqa: PLC0415
        from motcua.lib.actor import SYSTEM  # noqa: PLC0415

        at = timezone.now()
        known = Account.objects.filter(login_name=login_name.strip().lower()).first()
        if known is not None:
            link = people.invite_again(account_id=known.pk, actor=SYSTEM, at=at)
        else:
            _position, link = people.invite_officer(
                login_name=login_name,
                full_name=full_name,
                unit_id=_unit_id(agency, unit),
                title=title,
                roles=roles,
                actor=SYSTEM,
                at=at,
            )
    _say_link(login_name, link, as_json)


@user.command("first-admin")
@click.argument("login_name")
@click.option("--name", "full_name", required=True, help="Họ và tên.")
@click.option("--agency", required=True, help="Mã định danh cơ quan.")
@click.option("--unit", default="", help="Tên đơn vị; để trống thì lấy đơn vị đầu tiên.")
@AS_JSON
def first_admin(login_name: str, full_name: str, agency: str, unit: str, as_json: bool) -> None:
    """Mời người quản trị hệ thống đầu tiên bằng liên kết dùng một lần."""
    with as_system():
        from django.utils import timezone  # noqa: PLC0415

        from motcua.agencies.operations import people  # noqa: PLC0415
        from motcua.lib.actor import SYSTEM  # noqa: PLC0415

        _position, link = people.first_administrator(
            login_name=login_name,
            full_name=full_name,
            unit_id=_unit_id(agency, unit),
            actor=SYSTEM,
            at=timezone.now(),
        )
    _say_link(login_name, link, as_json)


@user.command()
@click.argument("login_name")
@click.option("--reason", required=True, help="Lý do.")
@AS_JSON
def disable(login_name: str, reason: str, as_json: bool) -> None:
    """Khóa tài khoản ngay và ngắt mọi phiên làm việc."""
    with as_system():
        from django.utils import timezone  # noqa: PLC0415

        from motcua.accounts import queries  # noqa: PLC0415
        from motcua.accounts.operations import accounts  # noqa: PLC0415
        from motcua.lib.actor import SYSTEM  # noqa: PLC0415

        account = queries.account_by_name(login_name)
        accounts.disable(account_id=account.pk, reason=reason, actor=SYSTEM, at=timezone.now())
    facts = {"login_name": account.login_name, "state": "disabled"}
    answer(facts, as_json, f"Đã khóa tài khoản {account.login_name}.")


@user.command()
@click.argument("login_name")
@click.option("--demo", is_flag=True, required=True, help="Chỉ có trong bản trình diễn.")
@AS_JSON
def totp(login_name: str, demo: bool, as_json: bool) -> None:
    """In mã xác thực hiện dùng được của một người trình diễn."""
    known = env.data_dir() / "demo-passwords.json"
    if not known.exists() or login_name not in json.loads(known.read_text()):
        raise click.ClickException("Chỉ in mã cho người của bản trình diễn trên máy này.")
    with as_system():
        from django.utils import timezone  # noqa: PLC0415

        from motcua.accounts import queries  # noqa: PLC0415
        from motcua.accounts.operations import factors  # noqa: PLC0415

        account = queries.account_by_name(login_name)
        code = factors.usable_code(account_id=account.pk, at=timezone.now())
    if code is None:
        raise click.ClickException("Người này không có ứng dụng tạo mã.")
    answer({"login_name": login_name, "code": code}, as_json, code)


def _unit_id(agency_code: str, unit_name: str) -> int:
    from django.utils import timezone  # noqa: PLC0415

    from motcua.agencies import queries  # noqa: PLC0415
    from motcua.lib.refusal import NotFound  # noqa: PLC0415

    agency = queries.agency_by_code(agency_code)
    units = queries.units_of(agency.pk, timezone.localdate())
    if unit_name:
        units = units.filter(name=unit_name)
    found = units.first()
    if found is None:
        raise NotFound(f"{agency.name} không có đơn vị “{unit_name}”.")
    return found.pk


def _say_link(login_name: str, link: Any, as_json: bool) -> None:
    address = f"{addresses.STAFF_URL}/loi-moi/{link.token}/"
    expires = link.invitation.expires_at.astimezone(ZONE)
    facts = {"login_name": login_name.strip().lower(), "link": address, "expires_at": expires}
    answer(facts, as_json, address)
    if not as_json:
        click.echo(f"Dùng được một lần, đến {expires:%H:%M %d/%m/%Y}.", err=True)
