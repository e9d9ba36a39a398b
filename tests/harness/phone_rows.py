"""A hall for the pages on phones: numbers in every state, bookings, times that can be booked."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from motcua.agencies.operations import places
from motcua.counters import entrance, slots
from motcua.counters.models import Ticket
from motcua.counters.models.hall import Entrance
from motcua.counters.operations import bookings, calling, halls, phones, staffing, tickets
from motcua.counters.operations import slots as slot_acts
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from tests.harness.times import ago


def build(*, shop_id: int, officer: Actor, now: datetime) -> dict[str, Any]:
    """Write the hall; `officer` calls there. Return the words that stand in addresses."""
    at = ago(now, minutes=40)
    today = timezone.localdate(now)
    given: dict[str, Any] = {"actor": SYSTEM, "at": at}
    point = places.open_point(
        shop_id=shop_id,
        name="Sảnh tầng 1",
        address="Số 2 đường Bến Cảng",
        opened_on=today - timedelta(days=400),
        **given,
    )
    desk = places.open_counter(point_id=point.pk, number=3, opened_on=today - timedelta(days=400), **given)
    hall = halls.open_hall(point_id=point.pk, key="", **given)
    first, second, _third = (
        halls.add_service(hall_id=hall.pk, prefix=prefix, name=name, hint=hint, minutes=minutes, key="", **given)
        for prefix, name, hint, minutes in (
            ("A", "Hộ tịch, chứng thực", "Khai sinh, kết hôn, sao y", 8), ("B", "Đất đai, xây dựng", "", 20),
            ("C", "Việc khác", "Người chưa biết chọn gì", 10),
        )
    )  # fmt: skip
    staffing.sign_on(counter_id=desk.pk, actor=officer, at=at, key=uuid4().hex)
    staffing.assign(
        counter_id=desk.pk, service_ids=[first.pk, second.pk], actor=officer, at=at, key=uuid4().hex
    )

    def take(service: int, *, channel: str = "phone", minutes: int) -> Ticket:
        return tickets.issue(
            service_id=service,
            channel=channel,
            actor=PUBLIC,
            at=ago(now, minutes=40 - minutes),
            key=uuid4().hex,
        )

    def call(ticket: Ticket, minutes: int, times: int = 1) -> datetime:
        moment = ago(now, minutes=40 - minutes)
        assert calling.call_next(actor=officer, at=moment, key=uuid4().hex) == ticket
        for _time in range(times - 1):
            calling.recall(ticket_id=ticket.pk, actor=officer, at=moment, key=uuid4().hex)
        return moment

    served, absent, called = (take(first.pk, minutes=number) for number in range(3))
    call(served, 4)
    moment = call(absent, 12, times=3)
    calling.no_show(ticket_id=absent.pk, actor=officer, at=now - timedelta(minutes=2), key=uuid4().hex)
    call(called, 39)
    near = take(first.pk, minutes=13)
    for number in range(5):
        take(first.pk, minutes=14 + number)
    waiting = take(first.pk, minutes=20)
    alone = take(_third.pk, minutes=21)
    given_up = take(first.pk, minutes=22)
    tickets.cancel(token=given_up.token, actor=PUBLIC, at=now, key=uuid4().hex)
    paper = take(second.pk, channel="kiosk", minutes=23)
    void = take(second.pk, channel="kiosk", minutes=24)
    tickets.void(ticket_id=void.pk, reason="Máy in hết giấy", actor=SYSTEM, at=moment, key=uuid4().hex)
    phones.set_entrance(hall_id=hall.pk, how=Entrance.DAY, actor=SYSTEM, at=now, key="")
    hall.refresh_from_db()
    made = _booked(hall.pk, first.pk, officer, now)
    return made | {
        "so_served": served.token, "so_held": absent.token, "so_called": called.token, "so_near": near.token,
        "so_waiting": waiting.token, "so_alone": alone.token, "so_gone": given_up.token, "so_paper": paper.token,
        "so_void": void.token, "phone_hall": hall.pk, "hall_code": entrance.code_of(hall, now), "phone_service": first.pk,
    }  # fmt: skip


def _booked(hall_id: int, service_id: int, officer: Actor, now: datetime) -> dict[str, Any]:
    """Offer times, book three of them: one that stands, one given back, one whose day was closed afterwards."""
    today = timezone.localdate(now)
    made = slot_acts.add_rules(
        service_id=service_id, weekdays=range(7), from_time=time(7, 30), to_time=time(16, 30), minutes=30, capacity=1,
        valid_from=today, actor=SYSTEM, at=now, key="",
    )  # fmt: skip
    hall = slots.one_hall(hall_id)
    days = list(slots.free_days(hall.services.get(pk=service_id), hall, now).items())
    days = [one for one in days if one[0] > today]

    def book(number: int, slot: int) -> Any:
        return bookings.book(
            service_id=service_id, starts_at=days[number][1][slot].starts_at, channel="web", actor=PUBLIC, at=now,
            key=uuid4().hex,
        )  # fmt: skip

    stands, dropped, moved = book(0, 0), book(0, 1), book(1, 3)
    bookings.cancel(booking_id=dropped.pk, actor=PUBLIC, at=now, key=uuid4().hex)
    closed = slot_acts.shut(
        hall_id=hall_id, day=days[1][0], reason="Tập huấn toàn trung tâm", actor=SYSTEM, at=now, key=""
    )
    return {
        "hen": stands.token, "hen_dropped": dropped.token, "hen_moved": moved.token, "booking": stands.pk,
        "slot_rule": made[0].pk, "closed_day": closed.pk, "hen_day": days[0][0].isoformat(),
    }  # fmt: skip
