"""Eight visitors press the last free time in the same moment."""

import threading
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from motcua.counters.models import Booking, Slot
from motcua.counters.operations import bookings
from motcua.counters.tests.hall_world import begin
from motcua.counters.tests.test_bookings import offer, tomorrow
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql


def test_the_last_place_pressed_by_eight_at_once_is_one_booking(fresh_database: str) -> None:
    hall, now = begin(), timezone.now()
    with transaction.atomic():
        offer(hall, now, capacity=1)
    barrier, done = threading.Barrier(8), []

    def visitor() -> None:
        barrier.wait()
        try:
            bookings.book(
                service_id=hall.services["A"].pk, starts_at=tomorrow(8), channel="web", actor=PUBLIC, at=now,
                key=uuid4().hex,
            )  # fmt: skip
            done.append("booked")
        except Refusal as refusal:
            done.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=visitor) for _one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == ["booked", *["slot_full"] * 7]
    assert Slot.objects.get().taken == Booking.objects.count() == 1
