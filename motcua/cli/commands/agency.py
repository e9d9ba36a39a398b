"""`motcua agency`: the tree of agencies: list, add, rename, close, levels, calendars, areas, reorganise."""

from datetime import datetime
from typing import Any

import click

from motcua.cli.acting import AS_JSON, BASIS, FROM, agency_of, as_system
from motcua.cli.commands.reorganise import area, reorganise
from motcua.cli.output import answer, echo_json
from motcua.lib.refusal import NotFound

_KINDS = ("merged", "split", "transferred")


@click.group()
def agency() -> None:
    """Cơ quan: xem cây, thêm, đổi tên, kết thúc."""


agency.add_command(area)
agency.add_command(reorganise)


@agency.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """Liệt kê các cơ quan đang hoạt động theo cấp."""
    with as_system() as by:
        from motcua.agencies.queries import agency_tree  # noqa: PLC0415  (needs Django's apps, as do all below)

        rows = [_row(row) for row in agency_tree(by.today)]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        calendar = row["calendar"] or "chưa có lịch"
        click.echo(f"{row['code']:<12} {'  ' * row['depth']}{row['name']}  ({row['level_name']}; {calendar})")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    one = row["agency"]
    return {
        "id": one.pk,
        "code": row["code"],
        "name": one.name,
        "short_name": one.short_name,
        "level": one.level.code,
        "level_name": one.level.name,
        "parent_id": row["parent_id"],
        "depth": row["depth"],
        "calendar": one.calendar.code if one.calendar else None,
    }


@agency.command()
@click.argument("code")
@click.argument("name")
@click.option("--under", required=True, help="Mã định danh của cơ quan cấp trên.")
@click.option("--level", default="commune", show_default=True, help="Mã cấp; xem motcua agency level.")
@click.option("--short-name", default="", help="Tên ngắn.")
@click.option("--old-code", default="", help="Mã theo Thông tư 10/2016, nếu có.")
@click.option("--calendar", "calendar_code", default="", help="Mã lịch; không ghi thì như cơ quan cấp trên.")
@click.option("--address", default="", help="Địa chỉ tiếp nhận: mở sẵn các đơn vị và điểm tiếp nhận.")
@click.option(
    "--division", "divisions", multiple=True, help="Phòng chuyên môn, có thể kèm “: lĩnh vực; lĩnh vực”."
)
@FROM
@BASIS
@AS_JSON
def add(code: str, name: str, on_day: datetime | None, basis: str, as_json: bool, **given: Any) -> None:
    """Thêm cơ quan CODE (mã định danh) tên NAME dưới một cơ quan khác.

    Ví dụ: motcua agency add H24.13 "UBND phường Hải An" --under H24 --address "Số 1 đường Chợ Lũng"
    """
    if given["divisions"] and not given["address"]:
        raise click.UsageError("--division cần đi cùng --address.")
    with as_system() as by:
        from motcua.agencies.operations import agencies  # noqa: PLC0415
        from motcua.cli.office import furnish, read_division  # noqa: PLC0415

        above = agency_of(given["under"])
        day = by.day(on_day)
        made = agencies.open_agency(
            name=name, short_name=given["short_name"], level=_level(given["level"]), code=code, opened_on=day,
            parent_id=above.pk, old_code=given["old_code"], legal_basis=basis, **by.args,
        )  # fmt: skip
        calendar = _calendar_id(given["calendar_code"]) if given["calendar_code"] else above.calendar_id
        if calendar is not None:
            agencies.set_calendar(agency_id=made.pk, calendar_id=calendar, **by.args)
        if given["address"]:
            divisions = [read_division(text) for text in given["divisions"]]
            furnish(made.pk, address=given["address"], divisions=divisions, opened_on=day, by=by)
    answer({"id": made.pk, "code": code.strip().upper(), "name": made.name}, as_json, f"Đã thêm {made.name}.")
    if calendar is None:
        click.echo("Chưa có lịch làm việc: motcua agency calendar.", err=True)


@agency.command()
@click.argument("code")
@click.argument("name")
@click.option("--short-name", default="", help="Tên ngắn.")
@click.option("--basis", required=True, help="Văn bản đổi tên.")
@FROM
@AS_JSON
def rename(code: str, name: str, short_name: str, basis: str, on_day: datetime | None, as_json: bool) -> None:
    """Đổi tên cơ quan CODE thành NAME; mã, hồ sơ và lịch sử giữ nguyên."""
    with as_system() as by:
        from motcua.agencies.operations import agencies  # noqa: PLC0415

        row = agencies.rename_agency(
            agency_id=agency_of(code).pk, name=name, short_name=short_name, on_day=by.day(on_day),
            legal_basis=basis, **by.args,
        )  # fmt: skip
    answer({"code": code, "name": name, "id": row.pk}, as_json, f"Đã đổi tên thành {name}.")


@agency.command()
@click.argument("code")
@click.option(
    "--into", "successors", multiple=True, required=True, help="Mã cơ quan kế thừa; dùng nhiều lần được."
)
@click.option(
    "--kind", type=click.Choice(_KINDS), default="merged", show_default=True, help="Hợp nhất, tách, chuyển."
)
@click.option("--basis", required=True, help="Văn bản kết thúc hoạt động.")
@FROM
@click.option("--with-open-work", is_flag=True, help="Biết rõ còn người và hồ sơ đang mở, vẫn kết thúc.")
@AS_JSON
def close(
    code: str, successors: tuple[str, ...], kind: str, basis: str, on_day: datetime | None,
    with_open_work: bool, as_json: bool,
) -> None:  # fmt: skip
    """Kết thúc cơ quan CODE; hồ sơ giữ nguyên, người của cơ quan kế thừa thấy được."""
    with as_system() as by:
        from motcua.agencies.models import SuccessionKind  # noqa: PLC0415
        from motcua.agencies.operations import agencies  # noqa: PLC0415

        row = agencies.close_agency(
            agency_id=agency_of(code).pk, on_day=by.day(on_day), kind=SuccessionKind(kind), legal_basis=basis,
            successor_ids=[agency_of(one).pk for one in successors], with_open_work=with_open_work, **by.args,
        )  # fmt: skip
    facts = {"code": code, "closed_on": row.closed_on, "successors": list(successors)}
    answer(facts, as_json, f"{row.name} kết thúc từ {row.closed_on:%d/%m/%Y}.")


@agency.command()
@click.argument("code", required=False)
@click.argument("name", required=False)
@click.option("--rank", type=click.IntRange(1, 99), help="Thứ tự khi liệt kê, cấp cao trước.")
@AS_JSON
def level(code: str | None, name: str | None, rank: int | None, as_json: bool) -> None:
    """Xem các cấp cơ quan, hoặc thêm (sửa) cấp CODE tên NAME."""
    with as_system() as by:
        from motcua.agencies.models import AgencyLevel  # noqa: PLC0415
        from motcua.agencies.operations import agencies  # noqa: PLC0415

        if code:
            if not name or rank is None:
                raise click.UsageError("Thêm cấp cần có CODE, NAME và --rank.")
            agencies.open_level(code=code, name=name, rank=rank, **by.args)
        rows = list(AgencyLevel.objects.values("code", "name", "rank"))
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['rank']:>3}  {row['code']:<14} {row['name']}")


@agency.command()
@click.argument("code")
@click.argument("calendar_code", metavar="CALENDAR")
@AS_JSON
def calendar(code: str, calendar_code: str, as_json: bool) -> None:
    """Cho cơ quan CODE tính ngày hẹn theo lịch CALENDAR; hồ sơ đã nhận giữ lịch cũ."""
    with as_system() as by:
        from motcua.agencies.operations import agencies  # noqa: PLC0415

        row = agencies.set_calendar(
            agency_id=agency_of(code).pk, calendar_id=_calendar_id(calendar_code), **by.args
        )
    answer({"code": code, "calendar": calendar_code}, as_json, f"{row.name} dùng lịch {calendar_code}.")


def _level(code: str) -> Any:
    from motcua.agencies.models import AgencyLevel  # noqa: PLC0415

    found = AgencyLevel.objects.filter(code=code).first()
    if found is None:
        there = ", ".join(AgencyLevel.objects.values_list("code", flat=True)) or "chưa có"
        raise NotFound(f"Không có cấp “{code}”. Đang có: {there}. Thêm bằng “motcua agency level”.")
    return found


def _calendar_id(code: str) -> int:
    from motcua.base.calendars.queries import calendar_id_of  # noqa: PLC0415

    found = calendar_id_of(code)
    if found is None:
        raise NotFound(f"Không có lịch mang mã {code}. Xem “motcua calendar list”.")
    return found
