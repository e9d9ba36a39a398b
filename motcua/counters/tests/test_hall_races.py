"""Several people press at one moment: a counter is taken over, kiosks and a counter ask for the line."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from motcua.base.audit.models import Entry
from motcua.counters.models import Call, Shift, Ticket
from motcua.counters.operations import calling, staffing, tickets
from motcua.counters.tests.hall_world import KIOSK, begin
from motcua.lib.refusal import Refusal
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql


def key() -> str:
    return uuid4().hex


def _both(work: Any, names: tuple[str, str]) -> list[str]:
    """Let two people press at one moment; return what each was told."""
    told: list[str] = []
    start = Barrier(2)

    def press(name: str) -> None:
        try:
            start.wait()
            with transaction.atomic():
                work(name)
            told.append("done")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(name,)) for name in names]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(told)


def test_two_take_a_counter_over_at_once_and_two_kiosks_and_a_counter_ask_at_once(
    fresh_database: str,
) -> None:
    set_database_actor(KIOSK)
    hall = begin()
    with transaction.atomic():
        hall.sit("an", 0, "A")
        old = Shift.objects.get()
    at = hall.later(minutes=30)

    def over(name: str) -> None:
        set_database_actor(hall.officers[name])
        staffing.take_over(shift_id=old.pk, actor=hall.officers[name], at=at, key=key())

    assert _both(over, ("be", "cu")) == ["done", "taken"]
    assert (
        Shift.objects.filter(ended_at=None).count() == 1
        and Entry.objects.filter(verb="counter.take_over").count() == 1
    )
    there = Shift.objects.get(ended_at=None).account_id
    caller = next(name for name, actor in hall.officers.items() if actor.account_id == there)

    def ask(name: str) -> None:
        for _number in range(8):
            if name == "counter":
                set_database_actor(hall.officers[caller])
                calling.call_next(actor=hall.officers[caller], at=at, key=key())
            else:
                set_database_actor(KIOSK)
                row = tickets.issue(
                    service_id=hall.services["A"].pk, channel="kiosk", actor=KIOSK, at=at, key=key()
                )
                tickets.confirm(ticket_id=row.pk, actor=KIOSK, at=at, key=key())

    threads = [Thread(target=_both, args=(ask, pair)) for pair in (("one", "counter"), ("two", "three"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    labels = sorted(Ticket.objects.values_list("label", flat=True))
    assert labels == [f"A{number:03d}" for number in range(1, 25)], "doubled or skipped"
    called = list(Call.objects.order_by("number").values_list("ticket__line", flat=True))
    assert called == sorted(called) and len(set(called)) == len(called), "not in the order of the line"
