"""The demo's hall: loaded once, today by the operations, the weeks before as rows that follow the same rules."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from motcua.agencies.demo import load_demo_people
from motcua.cli.demo import hall
from motcua.cli.demo.accounts import password_for
from motcua.counters import figures, hall_now, queries
from motcua.counters.models import Booking, Call, Hall, HallLine, Ticket
from motcua.counters.states import State
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
    hall.load(now=now)
    assert Ticket.objects.count() == made > 700
    row = Hall.objects.get()
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
    assert Booking.objects.count() >= 3
    assert (
        not Ticket.objects.filter(day__lt=today)
        .exclude(state__in=[State.SERVED, State.ABSENT, State.VOID])
        .exists()
    )
