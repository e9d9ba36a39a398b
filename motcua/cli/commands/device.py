"""`motcua device`: kiosks and screens of a hall, and the short address that makes a browser one of them, once."""

from typing import Any

import click

from motcua.cli.acting import AS_JSON, as_system, point_of
from motcua.cli.acting import agency_of as agency_by_code
from motcua.cli.output import answer, echo_json
from motcua.lib.refusal import NotFound

KINDS = ("kiosk", "hall", "counter", "progress", "waiting")


@click.group()
def device() -> None:
    """Máy lấy số và màn hình của sảnh: xem, thêm bằng một đường dẫn ngắn."""


@device.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """Liệt kê thiết bị chưa thu hồi của mọi sảnh."""
    with as_system():
        from motcua.counters.models import Device  # noqa: PLC0415  (needs Django's apps, as do all below)

        rows: list[dict[str, Any]] = [
            {
                "id": one.pk,
                "hall": one.hall.point.shop.name,
                "kind": one.kind,
                "name": one.name,
                "seen": one.seen_at,
            }
            for one in Device.objects.filter(revoked_at=None)
            .select_related("hall__point__shop")
            .order_by("pk")
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>4}  {row['kind']:<9} {row['name']} ({row['hall']})")


@device.command("add")
@click.argument("agency")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--point", "point_name", default="", help="Tên điểm tiếp nhận, khi cơ quan có nhiều điểm.")
@click.option("--counter", type=int, default=None, help="Số quầy, với bảng của một quầy.")
@AS_JSON
def add(agency: str, kind: str, name: str, point_name: str, counter: int | None, as_json: bool) -> None:
    """Thêm thiết bị NAME ở sảnh của cơ quan AGENCY và in đường dẫn để gõ vào trình duyệt của nó."""
    with as_system() as by:
        from motcua.agencies.models import Counter, holds_on  # noqa: PLC0415
        from motcua.counters.models import Hall  # noqa: PLC0415
        from motcua.counters.operations import device_links  # noqa: PLC0415

        point = point_of(agency_by_code(agency), point_name, by.today)
        hall = Hall.objects.filter(point=point).first()
        if hall is None:
            raise NotFound(f"“{point.name}” chưa có sảnh. Mở sảnh ở trang “Sảnh và quầy” trước.")
        desk = (
            Counter.objects.filter(holds_on(by.today), point=point, number=counter).first()
            if counter
            else None
        )
        if counter and desk is None:
            raise NotFound(f"“{point.name}” không có quầy {counter}. Xem “motcua place list {agency}”.")
        made = device_links.prepare(
            hall_id=hall.pk, kind=kind, name=name, counter_id=desk.pk if desk else None, key="", **by.args
        )
        facts = {"id": made.pk, "address": _address(device_links.code_of(made, by.at))}
    answer(facts, as_json, _said(facts))


@device.command("link")
@click.argument("number", type=int)
@AS_JSON
def link(number: int, as_json: bool) -> None:
    """In đường dẫn mới cho thiết bị NUMBER (máy hỏng, đổi trình duyệt); máy cũ thôi khi máy mới mở đường dẫn."""
    with as_system() as by:
        from motcua.counters.models import Device, DeviceKind  # noqa: PLC0415
        from motcua.counters.operations import device_links  # noqa: PLC0415

        found = Device.objects.filter(pk=number, revoked_at=None).exclude(kind=DeviceKind.STATION).first()
        if found is None:
            raise NotFound(
                f"Không có màn hình hay máy lấy số nào mang số {number}. Xem “motcua device list”."
            )
        facts = {"id": found.pk, "address": _address(device_links.code_of(found, by.at))}
    answer(facts, as_json, _said(facts))


def _address(code: str) -> str:
    from motcua.config.addresses import PUBLIC_URL  # noqa: PLC0415

    return f"{PUBLIC_URL}/man-hinh/ghep/{code}/"


def _said(facts: dict[str, Any]) -> str:
    return f"Mở trên máy ấy, một lần, hôm nay hoặc ngày mai: {facts['address']}"
