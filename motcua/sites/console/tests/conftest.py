"""The world of the intake tests with a hall of three counters; Minh and Mai serve there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import Counter, ShopKind
from motcua.agencies.operations import places
from motcua.counters.models import Hall, Service, Ticket
from motcua.counters.operations import halls, staffing, tickets
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.lib.actor import SYSTEM


@dataclass
class Hallway:
    """The hall, and people who take numbers in it."""

    world: World
    hall: Hall
    services: dict[str, Service]
    counters: list[Counter]

    def take(self, prefix: str = "A", *, ago: int = 10, **more: Any) -> Ticket:
        """Take a number some minutes ago; it was printed."""
        at = timezone.now() - timedelta(minutes=ago)
        ticket = tickets.issue(
            service_id=self.services[prefix].pk, channel="kiosk", actor=SYSTEM, at=at, key=uuid4().hex, **more
        )
        return tickets.confirm(ticket_id=ticket.pk, actor=SYSTEM, at=at, key="")

    def sit(self, name: str, place: int, *prefixes: str, at: datetime | None = None) -> None:
        """Sit somebody down at a counter that serves these services."""
        actor, counter, at = self.world.actor(name), self.counters[place], at or timezone.now()
        staffing.sign_on(counter_id=counter.pk, actor=actor, at=at, key="")
        chosen = [self.services[one].pk for one in prefixes]
        staffing.assign(counter_id=counter.pk, service_ids=chosen, actor=actor, at=at, key="")


def build() -> Hallway:
    """Write world and hall; the caller is in a transaction."""
    world = intake_world.build()
    given: dict[str, Any] = {"actor": SYSTEM, "at": timezone.now() - timedelta(days=1)}
    shop = places.open_shop(
        agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, opened_on=OPENED, **given
    )
    point = places.open_point(shop_id=shop.pk, name="Sảnh chính", address="Số 1", opened_on=OPENED, **given)
    counters = [
        places.open_counter(point_id=point.pk, number=number, opened_on=OPENED, **given)
        for number in (1, 2, 3)
    ]
    hall = halls.open_hall(point_id=point.pk, key="", **given)
    services = {
        prefix: halls.add_service(hall_id=hall.pk, prefix=prefix, name=name, minutes=10, key="", **given)
        for prefix, name in (("A", "Hộ tịch"), ("B", "Đất đai"))
    }
    return Hallway(world, hall, services, counters)


@pytest.fixture(scope="module")
def hallway(django_db_setup: None, django_db_blocker: Any) -> Iterator[Hallway]:
    """The hall, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def press(db: None) -> Callable[..., Any]:
    """Press a button of the console as somebody's browser does."""

    def pressed(client: Client, verb: str, **fields: Any) -> Any:
        headers = {"X-Motcua-Strip": "1"} if fields.pop("strip", False) else {}
        return client.post(f"/counter/act/{verb}/", {"key": uuid4().hex, **fields}, headers=headers)

    return pressed
