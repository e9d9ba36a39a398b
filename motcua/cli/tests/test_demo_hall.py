"""The demo's hall: loaded once, today by the operations, the weeks before as rows that follow the same rules."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from motcua.agencies.demo import load_demo_people
from motcua.cli.demo import devices, hall, stations
from motcua.cli.demo.accounts import password_for
from motcua.config import env
from motcua.counters import figures, hall_now, queries
from motcua.counters.models import Booking, Call, Device, Hall, HallLine, Ticket
from motcua.counters.operations import device_links
from motcua.counters.operations import devices as operations
from motcua.counters.states import State
from motcua.feedback.models import Rating
from motcua.lib.actor import SYSTEM
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


def test_the_demos_hall(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["motcua.accounts.tests.hashers.QuickArgon2"]
    set_database_actor(SYSTEM)
    now = datetime(2026, 11, 25, 9, 40, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    load_demo_catalogue(actor=SYSTEM, at=now)
    load_demo_people(at=now, actor=SYSTEM, password_for=password_for)
    hall.load(now=now)
    made = Ticket.objects.count()
    devices.load(now=now)
    paired = sorted(Device.objects.values_list("pk", "name", "token_hash"))
    hall.load(now=now)
    devices.load(now=now)
    assert hall.begin_the_day(now=now) is False
    assert Ticket.objects.count() == made > 700
    assert sorted(Device.objects.values_list("pk", "name", "token_hash")) == paired
    assert len(paired) == len(devices.SCREENS) + len(devices.STATIONS)
    row = Hall.objects.get()
    for number in devices.STATIONS:
        station = operations.device_of(devices.station_token(number))
        assert station is not None and station.counter is not None and station.counter.number == number
    devices.put_in_order(now=now)
    told = json.loads((env.data_dir() / "demo-screens.json").read_text())
    for screen in told["screens"]:
        assert device_links.find(screen["path"].split("/")[3], now).name == screen["name"]
    numbers = list(Call.objects.filter(hall=row).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, HallLine.objects.get(hall=row).calls + 1)), "calls without a gap"
    today = timezone.localdate(now)
    assert (
        Ticket.objects.filter(
            day=today, line__lte=Ticket.objects.filter(day__lt=today).latest("line").line
        ).count()
        == 0
    )
    seen = hall_now.now(row, at=now)
    assert seen.sums["waiting"] >= 2 and seen.sums["served"] >= 6 and seen.staffed == 2
    paces = queries.paces(row.pk, now)
    assert all(60 < one.mean.total_seconds() < 1800 for one in paces.values())
    found = figures.read(figures.asked(row, SYSTEM, since=today - timedelta(days=30), until=today))
    assert found.whole.served > 600 and found.whole.absent > 5 and found.whole.hit_rate > 50
    assert {one.words for one in found.tables["officer"]} == {"Vũ Đức Minh", "Trịnh Thị Mai", "Lương Thị Kim"}
    assert Booking.objects.filter(slot__starts_at__date=today).count() == 2, "somebody booked for today"
    assert Booking.objects.count() >= 5
    assert Rating.objects.filter(hall=row).count() > 150 and Rating.objects.exclude(words="").count() > 3
    assert Rating.objects.filter(day=today).count() >= 4, "today has been rated"
    staffed = set(Ticket.objects.filter(day__lt=today).values_list("staffed", flat=True))
    assert staffed >= {2, 3} and max(staffed) == 3, "counters open and close during a day"
    assert (
        not Ticket.objects.filter(day__lt=today)
        .exclude(state__in=[State.SERVED, State.ABSENT, State.VOID])
        .exists()
    )

    later = now + timedelta(days=3, hours=9)  # a Saturday evening: the demo lives at any time
    assert hall.begin_the_day(now=later) is True and hall.begin_the_day(now=later) is False
    assert hall_now.now(row, at=later).sums["waiting"] >= 2


def test_what_the_demos_printer_and_scanner_keep() -> None:
    pixels = bytes([0b10101010]) * 4
    assert stations.picture(b"P4\n8 4\n" + pixels)[:8] == b"\x89PNG\r\n\x1a\n"
    first, second = stations.pages()
    assert first[:2] == second[:2] == b"\xff\xd8" and first != second
