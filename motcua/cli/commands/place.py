"""`motcua place`, `motcua point`, `motcua counter`: where people hand dossiers in."""

from datetime import datetime
from typing import Any

import click

from motcua.cli.acting import AS_JSON, FROM, agency_of, as_system, point_of, shop_of, unit_of
from motcua.cli.output import answer, echo_json
from motcua.lib.refusal import NotFound

KINDS = ("ministry", "province_centre", "commune_centre", "section")
_POINT = click.option("--point", "point_name", default="", help="Tên điểm, khi cơ quan có nhiều điểm.")


@click.group()
def place() -> None:
    """Bộ phận một cửa: xem, thêm, đóng."""


@click.group()
def point() -> None:
    """Điểm tiếp nhận của bộ phận một cửa: thêm, đóng."""


@click.group()
def counter() -> None:
    """Quầy của điểm tiếp nhận: thêm, đóng."""


@place.command("list")
@click.argument("agency")
@AS_JSON
def list_(agency: str, as_json: bool) -> None:
    """Liệt kê bộ phận một cửa, điểm tiếp nhận và quầy của cơ quan AGENCY (mã định danh)."""
    with as_system() as by:
        from motcua.agencies.models import holds_on  # noqa: PLC0415  (needs Django's apps, as do all below)

        now = holds_on(by.today)
        rows: list[dict[str, Any]] = [
            {
                "id": shop.pk,
                "name": shop.name,
                "kind": shop.kind,
                "points": [
                    {
                        "id": one.pk,
                        "name": one.name,
                        "address": one.address,
                        "phone": one.phone,
                        "counters": [
                            {"number": desk.number, "name": desk.name} for desk in one.counters.filter(now)
                        ],
                    }
                    for one in shop.points.filter(now).order_by("name")
                ],
            }
            for shop in agency_of(agency).shops.filter(now).order_by("name")
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(row["name"])
        for one in row["points"]:
            desks = ", ".join(str(desk["number"]) for desk in one["counters"])
            click.echo(f"  {one['name']}: {one['address']}" + (f" (quầy {desks})" if desks else ""))


@place.command("add")
@click.argument("agency")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="commune_centre", show_default=True, help="Loại.")
@click.option("--unit", "unit_name", default="", help="Tên đơn vị vận hành.")
@FROM
@AS_JSON
def add_place(
    agency: str, name: str, kind: str, unit_name: str, on_day: datetime | None, as_json: bool
) -> None:
    """Mở bộ phận một cửa NAME của cơ quan AGENCY."""
    with as_system() as by:
        from motcua.agencies.models import ShopKind  # noqa: PLC0415
        from motcua.agencies.operations import places  # noqa: PLC0415

        found, day = agency_of(agency), by.day(on_day)
        row = places.open_shop(
            agency_id=found.pk, name=name, kind=ShopKind(kind), opened_on=day,
            unit_id=unit_of(found, unit_name, day).pk if unit_name else None, **by.args,
        )  # fmt: skip
    answer({"id": row.pk, "name": row.name}, as_json, f"Đã mở {row.name}.")


@place.command("close")
@click.argument("agency")
@click.argument("name")
@FROM
@AS_JSON
def close_place(agency: str, name: str, on_day: datetime | None, as_json: bool) -> None:
    """Đóng bộ phận một cửa NAME; các điểm tiếp nhận phải đóng trước."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        row = places.close_shop(
            shop_id=shop_of(agency_of(agency), name, by.today).pk, on_day=by.day(on_day), **by.args
        )
    facts = {"id": row.pk, "name": row.name, "closed_on": row.valid_to}
    answer(facts, as_json, f"{row.name} đóng từ {by.day(on_day):%d/%m/%Y}.")


@point.command("add")
@click.argument("agency")
@click.argument("name")
@click.option("--address", required=True, help="Địa chỉ, in trên giấy tiếp nhận và hẹn trả kết quả.")
@click.option("--phone", default="", help="Điện thoại.")
@click.option("--place", "place_name", default="", help="Tên bộ phận một cửa, khi cơ quan có nhiều.")
@FROM
@AS_JSON
def add_point(
    agency: str,
    name: str,
    address: str,
    phone: str,
    place_name: str,
    on_day: datetime | None,
    as_json: bool,
) -> None:
    """Mở điểm tiếp nhận NAME của cơ quan AGENCY."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        day = by.day(on_day)
        row = places.open_point(
            shop_id=shop_of(agency_of(agency), place_name, day).pk, name=name, address=address, phone=phone,
            opened_on=day, **by.args,
        )  # fmt: skip
    facts = {"id": row.pk, "name": row.name, "address": row.address}
    answer(facts, as_json, f"Đã mở điểm {row.name}, {row.address}.")


@point.command("close")
@click.argument("agency")
@click.argument("name")
@FROM
@AS_JSON
def close_point(agency: str, name: str, on_day: datetime | None, as_json: bool) -> None:
    """Đóng điểm tiếp nhận NAME cùng các quầy; chỉ khi không còn người ngồi ở đó."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        row = places.close_point(
            point_id=point_of(agency_of(agency), name, by.today).pk, on_day=by.day(on_day), **by.args
        )
    facts = {"id": row.pk, "name": row.name, "closed_on": row.valid_to}
    answer(facts, as_json, f"{row.name} đóng từ {by.day(on_day):%d/%m/%Y}.")


@counter.command("add")
@click.argument("agency")
@click.argument("number", type=click.IntRange(1, 999))
@click.option("--name", default="", help="Tên quầy, ví dụ “Hộ tịch, chứng thực”.")
@_POINT
@FROM
@AS_JSON
def add_counter(
    agency: str, number: int, name: str, point_name: str, on_day: datetime | None, as_json: bool
) -> None:
    """Mở quầy số NUMBER ở điểm tiếp nhận của cơ quan AGENCY."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        day = by.day(on_day)
        where = point_of(agency_of(agency), point_name, day)
        row = places.open_counter(point_id=where.pk, number=number, name=name, opened_on=day, **by.args)
    facts = {"id": row.pk, "number": number, "name": row.name, "point": where.name}
    answer(facts, as_json, f"Đã mở quầy {number} ở {where.name}.")


@counter.command("close")
@click.argument("agency")
@click.argument("number", type=click.IntRange(1, 999))
@_POINT
@FROM
@AS_JSON
def close_counter(agency: str, number: int, point_name: str, on_day: datetime | None, as_json: bool) -> None:
    """Đóng quầy số NUMBER."""
    with as_system() as by:
        from motcua.agencies.models import holds_on  # noqa: PLC0415
        from motcua.agencies.operations import places  # noqa: PLC0415

        where = point_of(agency_of(agency), point_name, by.today)
        found = where.counters.filter(holds_on(by.today), number=number).first()
        if found is None:
            raise NotFound(f"{where.name} không có quầy {number}.")
        places.close_counter(counter_id=found.pk, on_day=by.day(on_day), **by.args)
    facts = {"id": found.pk, "number": number, "closed_on": by.day(on_day)}
    answer(facts, as_json, f"Quầy {number} ở {where.name} đóng từ {by.day(on_day):%d/%m/%Y}.")
