"""A hall with a paired kiosk, and a client that is this kiosk."""

from typing import Any
from uuid import uuid4

from django.test import Client

from motcua.counters import machines
from motcua.counters.models import Device
from motcua.counters.operations import devices
from motcua.counters.tests.hall_world import HallWorld
from motcua.lib.actor import SYSTEM


def pair(hall: HallWorld, **settings: Any) -> tuple[Device, str]:
    """Pair a kiosk with a hall; return it with its token."""
    token = machines.new_token()
    device = devices.pair(
        hall_id=hall.hall.pk, kind="kiosk", name="Máy lấy số", code=devices.ask(token, hall.now), actor=SYSTEM,
        at=hall.now, key="",
    )  # fmt: skip
    if settings:
        Device.objects.filter(pk=device.pk).update(settings=settings)
        device.refresh_from_db()
    return device, token


class Kiosk:
    """What the kiosk's page asks, without a browser."""

    def __init__(self, token: str, language: str = "vi") -> None:
        self.client = Client(HTTP_HOST="localhost")
        self.client.cookies[machines.COOKIE] = token
        self.language = language

    def get(self, path: str, **values: Any) -> Any:
        return self.client.get(f"/ki-ot/{path}", values, headers={"X-Kiosk": self.language})

    def post(self, path: str, *, key: str = "", **values: Any) -> Any:
        sent = {**values, "key": key or uuid4().hex}
        return self.client.post(f"/ki-ot/{path}", sent, headers={"X-Kiosk": self.language})

    def text(self, path: str, **values: Any) -> str:
        return str(self.get(path, **values).content.decode())

    def said(self, path: str, **values: Any) -> str:
        return str(self.post(path, **values).content.decode())
