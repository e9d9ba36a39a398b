"""A kiosk rings for the guide: once, answered once, said when nobody comes."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from motcua.counters import queries
from motcua.counters.models import Device, HelpCall
from motcua.counters.operations import devices, helping
from motcua.counters.operations.devices import Fitted
from motcua.counters.tests.hall_world import KIOSK, HallWorld, build
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.kiosk.tests.kiosk_hall import Kiosk, pair

pytestmark = pytest.mark.django_db


def key() -> str:
    return uuid4().hex


@pytest.fixture
def hall(db: None) -> Iterator[HallWorld]:
    made = build()
    with time_machine.travel(made.now, tick=False):
        yield made


def test_a_ring_is_one_call_and_the_first_answer_counts(hall: HallWorld) -> None:
    device, token = pair(hall)
    kiosk = Kiosk(token)
    assert kiosk.get("goi-nguoi/xem").json()["state"] == ""
    for _touch in range(3):
        assert kiosk.post("goi-nguoi/").json()["state"] == "rung"
    (call,) = queries.help_calls(hall.hall.pk, hall.now)
    assert call.device_id == device.pk and HelpCall.objects.count() == 1
    an, be = hall.officers["an"], hall.officers["be"]
    helping.answer(call_id=call.pk, actor=an, at=hall.now, key=key())
    assert helping.answer(call_id=call.pk, actor=be, at=hall.now, key=key()).answered_by == an.account_id
    assert kiosk.get("goi-nguoi/xem").json()["state"] == "coming"
    assert queries.help_calls(hall.hall.pk, hall.now) == []
    assert kiosk.post("goi-nguoi/").json()["state"] == "rung", "the next visitor"
    assert HelpCall.objects.count() == 2


def test_nobody_comes_for_two_minutes_and_the_visitor_is_sent_to_a_counter(hall: HallWorld) -> None:
    hall.sit("an", 1, "A")
    kiosk = Kiosk(pair(hall)[1])
    kiosk.post("goi-nguoi/")
    with time_machine.travel(hall.now + timedelta(minutes=2, seconds=1), tick=False):
        assert kiosk.get("goi-nguoi/xem").json() == {"state": "nobody", "place": "Quầy số 2"}
    with time_machine.travel(hall.now + timedelta(minutes=11), tick=False):
        assert kiosk.get("goi-nguoi/xem").json()["state"] == ""
        assert kiosk.post("goi-nguoi/").json()["state"] == "rung"
    assert HelpCall.objects.filter(ended_at=None).count() == 1


def test_who_needs_nobody_any_more_is_not_waited_for(hall: HallWorld) -> None:
    kiosk = Kiosk(pair(hall)[1])
    kiosk.post("goi-nguoi/")
    assert kiosk.post("goi-nguoi/", thoi="1").json()["state"] == ""
    assert kiosk.post("goi-nguoi/", thoi="1").json()["state"] == ""
    assert queries.help_calls(hall.hall.pk, hall.now) == []


def test_strangers_neither_ring_nor_answer(hall: HallWorld) -> None:
    device, token = pair(hall)
    call = helping.ring(device_id=device.pk, actor=KIOSK, at=hall.now, key=key())
    stranger = Actor(kind="officer", account_id=9, agency_id=10**6)
    with pytest.raises(NotFound):
        helping.answer(call_id=call.pk, actor=stranger, at=hall.now, key=key())
    devices.revoke(device_id=device.pk, actor=SYSTEM, at=hall.now, key="")
    assert Kiosk(token).post("goi-nguoi/").status_code == 302
    with pytest.raises(NotFound):
        helping.ring(device_id=device.pk, actor=KIOSK, at=hall.now, key=key())


def test_a_kiosk_is_told_which_station_prints_for_it(hall: HallWorld) -> None:
    device, _token = pair(hall)
    station = devices.pair(
        hall_id=hall.hall.pk, kind="station", name="Trạm", code=devices.ask("s" * 43, hall.now),
        counter_id=hall.counters[0].pk, actor=SYSTEM, at=hall.now, key="",
    )  # fmt: skip
    said = {"device_id": device.pk, "name": "Máy", "actor": SYSTEM, "at": hall.now, "key": ""}
    devices.change(fitted=Fitted(station=station.pk, printer="station"), **said)
    assert Device.objects.get(pk=device.pk).settings["station"] == station.pk
    with pytest.raises(Refusal, match="Trạm này"):
        devices.change(fitted=Fitted(station=device.pk), **said)
