"""A hall whose devices are paired through the pages, as a technician does it."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from motcua.counters.models import Device
from motcua.counters.operations import devices
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.lib.actor import SYSTEM


@dataclass
class Screens:
    """The hall, and browsers on its walls."""

    hall: HallWorld

    def unpaired(self) -> tuple[Client, str]:
        """Open the link in a new browser; return it with the six letters it shows."""
        client = Client(headers={"host": "localhost"})
        page = client.get("/man-hinh/")
        assert page.status_code == 200
        return client, page.context["code"]

    def paired(self, kind: str, *, counter: int | None = None) -> Client:
        """Return a browser that is paired as a screen of this kind."""
        client, code = self.unpaired()
        self.pair(code, kind, counter)
        return client

    def pair(self, code: str, kind: str, counter: int | None = None) -> Device:
        return devices.pair(
            hall_id=self.hall.hall.pk, kind=kind, name=kind, code=code, actor=SYSTEM, at=timezone.now(), key=uuid4().hex,
            counter_id=self.hall.counters[counter].pk if counter is not None else None,
        )  # fmt: skip


@pytest.fixture
def screens(db: None) -> Screens:
    """A hall with counter 1 serving A and B, counter 2 serving A, and nobody at the third."""
    cache.clear()
    world = build()
    world.sit("an", 0, "A", "B")
    world.sit("be", 1, "A")
    return Screens(world)
