"""What the boards read: the state of a hall, how long each service takes now, the dossiers due today."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from motcua.agencies.models import Counter
from motcua.counters import queries
from motcua.counters.board import READ, Board
from motcua.counters.estimates import Range
from motcua.counters.models import Hall, Service, Serving
from motcua.counters.permissions import agency_of
from motcua.dossiers.due_today import Due, due_between

#: Screens that ask share one reading of so many seconds in each web process.
FRESH, FRESH_FORECAST, FRESH_DOSSIERS = 1, 10, 20
T = TypeVar("T")


def _kept(name: str, read: Callable[[], T], seconds: int) -> T:
    found: T | None = cache.get(name)
    if found is None:
        found = read()
        cache.set(name, found, seconds)
    return found


def state(hall: Hall, after: int) -> dict[str, Any]:
    """Return what the live process would send to a screen that has all calls until `after`."""
    return _kept(f"board-{hall.pk}", lambda: _read(hall.pk), FRESH).message(after)


def _read(hall_id: int) -> Board:
    board = Board(hall_id)
    with connection.cursor() as cursor:
        cursor.execute(READ, board.values)
        (found,) = cursor.fetchone()
    board.take(json.loads(found) if isinstance(found, str) else found)
    return board


@dataclass(frozen=True)
class Wait:
    """A service as somebody who comes in now meets it; no `range` while no counter serves it."""

    prefix: str
    name: str
    waiting: int
    counters: int
    range: Range | None


def waits(hall: Hall, at: datetime) -> list[Wait]:
    """Return each service of a hall with who waits, the counters that serve it, and the range for a newcomer."""
    return _kept(f"waits-{hall.pk}", lambda: _waits(hall, at), FRESH_FORECAST)


def _waits(hall: Hall, at: datetime) -> list[Wait]:
    open_now = {
        row["number"]
        for row in state(hall, -1)["counters"]
        if row["state"] != "closed" and row["state"] != "paused"
    }
    numbers = dict(Counter.objects.filter(point=hall.point).values_list("pk", "number"))
    serving: dict[int, int] = {}
    for counter, service in Serving.objects.filter(service__hall=hall, until=None).values_list(
        "counter_id", "service_id"
    ):
        serving[service] = serving.get(service, 0) + (str(numbers.get(counter)) in open_now)
    services = list(Service.objects.filter(hall=hall, valid_to=None))
    found = queries.newcomers(hall.pk, [one.pk for one in services], at=at)
    return [
        Wait(one.prefix, one.name, found[one.pk].waiting, serving.get(one.pk, 0), _said(found[one.pk].wait))
        for one in services
    ]


def _said(wait: Range | None) -> Range | None:
    """Return the range as phones and kiosks say it; one that ends within a minute stands as "now"."""
    return wait.said if wait is not None and wait.high > 1 else wait


def dossiers(hall: Hall, at: datetime) -> list[Due]:
    """Return the dossiers of a hall's point that are promised for today: codes and states, nothing of people."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return _kept(
        f"due-{hall.pk}",
        lambda: due_between(
            point_id=hall.point_id, agency_id=agency_of(hall), since=midnight, until=midnight + timedelta(days=1)
        ),
        FRESH_DOSSIERS,
    )  # fmt: skip
