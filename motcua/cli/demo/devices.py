"""The demo's devices: a kiosk, the screens on the wall, two stations, and their addresses.

One browser shows all of them at once, so each screen has a name of its own below `man-hinh.` (`config.addresses`).
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Counter
from motcua.cli.demo.hall import COMMUNE
from motcua.config import env
from motcua.counters.models import Device, DeviceKind, Hall
from motcua.counters.operations import device_links
from motcua.counters.operations.devices import Fitted, token_hash
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor


@dataclass(frozen=True)
class Screen:
    """A screen of the demo: its place in the address, what it is paired as, its name, its counter."""

    slug: str
    kind: str
    name: str
    counter: int | None = None


SCREENS = (
    Screen("ki-ot", DeviceKind.KIOSK, "Máy lấy số cửa chính"),
    Screen("sanh", DeviceKind.HALL, "Bảng gọi số của sảnh"),
    Screen("quay-1", DeviceKind.COUNTER, "Bảng quầy 1", 1),
    Screen("quay-2", DeviceKind.COUNTER, "Bảng quầy 2", 2),
    Screen("quay-3", DeviceKind.COUNTER, "Bảng quầy 3", 3),
    Screen("cho", DeviceKind.WAITING, "Bảng thời gian chờ"),
    Screen("tien-do", DeviceKind.PROGRESS, "Bảng tiến độ hồ sơ"),
)
#: Counters with a station: the first one's scans as well, the second one's prints for the kiosk too.
STATIONS = (1, 2)


def load(*, now: datetime) -> None:
    """Make the devices once; a station's token is put in order each time, for its folder may be a new one."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        hall = _hall()
        if hall is None:
            return
        counters = {one.number: one for one in Counter.objects.filter(point=hall.point, valid_to=None)}
        known = set(Device.objects.filter(hall=hall).values_list("name", flat=True))
        for number in STATIONS:
            name = f"Trạm quầy {number}"
            if name not in known and number in counters:
                Device.objects.create(
                    hall=hall, kind=DeviceKind.STATION, name=name, counter=counters[number], paired_at=now,
                    token_hash=token_hash(station_token(number)), settings={},
                )  # fmt: skip
        for one in SCREENS:
            if one.name not in known and (one.counter is None or one.counter in counters):
                device_links.prepare(
                    hall_id=hall.pk, kind=one.kind, name=one.name, actor=SYSTEM, at=now, key="",
                    counter_id=counters[one.counter].pk if one.counter else None,
                )  # fmt: skip
        kiosk = Device.objects.filter(hall=hall, name=SCREENS[0].name, revoked_at=None).first()
        station = Device.objects.filter(hall=hall, name=f"Trạm quầy {STATIONS[-1]}", revoked_at=None).first()
        if kiosk is not None and station is not None and not kiosk.settings:
            fitted = Fitted(inches=22, printer="station", guide="bàn hướng dẫn cạnh cửa chính")
            kiosk.settings = asdict(fitted) | {"station": station.pk}
            kiosk.save(update_fields=["settings"])


def put_in_order(*, now: datetime) -> None:
    """At each start: let the stations' tokens be those of this data folder, and write the screens' addresses down."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        hall = _hall()
        rows = Device.objects.filter(hall=hall, revoked_at=None) if hall else Device.objects.none()
        for number in STATIONS:
            rows.filter(kind=DeviceKind.STATION, name=f"Trạm quầy {number}").update(
                token_hash=token_hash(station_token(number))
            )
        found = {one.name: one for one in rows.select_related("hall__point__shop")}
        screens = [
            {
                "slug": one.slug,
                "name": one.name,
                "path": f"/man-hinh/ghep/{device_links.code_of(found[one.name], now)}/",
            }
            for one in SCREENS
            if one.name in found
        ]
    facts: dict[str, Any] = {
        "day": timezone.localdate(now).isoformat(),
        "hall": hall.pk if hall else 0,
        "screens": screens,
    }
    _private(_file(), json.dumps(facts, ensure_ascii=False))


def station_folder(number: int) -> Path:
    """Return where a station of the demo keeps its token and journal."""
    return env.data_dir() / "demo-stations" / f"quay-{number}"


def station_token(number: int) -> str:
    """Return the token of a station of the demo, made on first use where the station looks for it."""
    path = station_folder(number) / "token"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _private(path, secrets.token_urlsafe(32) + "\n")
    return path.read_text().strip()


def _hall() -> Hall | None:
    rows = Hall.objects.filter(point__shop__agency__codes__code=COMMUNE).select_related("point__shop")
    return rows.order_by("pk").first()


def _file() -> Path:
    return env.data_dir() / "demo-screens.json"


def _private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
