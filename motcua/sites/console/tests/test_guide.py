"""The guide desk: numbers by hand, papers a machine lost, pads, bookings."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.counters.models import Booking, Device, Hall, HandRange, Slot, StationJob, Ticket
from motcua.counters.operations import stations, tickets
from motcua.counters.states import State
from motcua.lib import lookup
from motcua.lib.actor import SYSTEM
from motcua.sites.console.tests.conftest import Hallway
from motcua.ui.routing import set_database_actor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sql,
    pytest.mark.usefixtures("not_just_past_midnight"),
]


@pytest.fixture
def mai(hallway: Hallway, db: None) -> Client:
    return hallway.world.client("mai")


def send(client: Client, hallway: Hallway, verb: str, **fields: Any) -> Any:
    response = client.post(
        f"/counter/guide/{verb}/", {"key": uuid4().hex, "hall": hallway.hall.pk, **fields}, follow=True
    )
    set_database_actor(SYSTEM)
    return response


def test_a_number_given_out_waits_at_once_and_is_shown_with_how_long(hallway: Hallway, mai: Client) -> None:
    hallway.sit("minh", 0, "A")
    shown = send(mai, hallway, "issue", service=hallway.services["A"].pk, priority="merit").content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.priority, ticket.channel) == (State.WAITING, "merit", "counter")
    assert ticket.label in shown and "Chờ khoảng" in shown


def test_pressed_twice_with_one_key_it_is_one_number(hallway: Hallway, mai: Client) -> None:
    key = uuid4().hex
    for _twice in range(2):
        send(mai, hallway, "issue", service=hallway.services["A"].pk, key=key)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{}, {"service": "x"}, {"service": "0"}, {"service": "1", "priority": "vip"}]
)
def test_a_number_of_nothing_is_refused(hallway: Hallway, mai: Client, fields: dict[str, str]) -> None:
    assert send(mai, hallway, "issue", **fields).status_code == 422
    assert not Ticket.objects.exists()


def test_a_paper_that_a_machine_lost_is_taken_in_and_a_number_is_void_with_a_reason(
    hallway: Hallway, mai: Client
) -> None:
    at = timezone.now()
    lost = tickets.issue(
        service_id=hallway.services["A"].pk, channel="kiosk", actor=SYSTEM, at=at, key=uuid4().hex
    )
    assert lost.label in mai.get("/counter/guide/").content.decode()
    send(mai, hallway, "confirm", ticket=lost.pk)
    assert Ticket.objects.get().state == State.WAITING
    bare = send(mai, hallway, "void", ticket=lost.pk, label=lost.label)
    assert bare.status_code == 409 and "Ghi lý do" in bare.content.decode()
    send(mai, hallway, "void", ticket=lost.pk, reason="Khách về")
    assert Ticket.objects.get().state == State.VOID
    send(mai, hallway, "confirm", ticket=lost.pk)  # the holder came back with the paper
    assert Ticket.objects.get().state == State.WAITING


def test_a_scanned_ticket_is_found_by_its_address_and_another_halls_is_not(
    hallway: Hallway, mai: Client
) -> None:
    ticket = hallway.take()
    found = mai.get("/counter/guide/", {"q": f"https://mot-cua.example/so/{ticket.token}/"}).content.decode()
    assert ticket.label in found
    assert "không có số" in mai.get("/counter/guide/", {"q": "B999"}).content.decode()
    assert "không có số" in mai.get("/counter/guide/", {"q": "https://x/so/abc/"}).content.decode()


def test_a_pad_of_paper_is_reserved_and_entered_at_the_time_on_it(hallway: Hallway, mai: Client) -> None:
    for count in ("0", "201", "x"):
        assert send(mai, hallway, "reserve", service=hallway.services["A"].pk, count=count).status_code == 422
    said = send(mai, hallway, "reserve", service=hallway.services["A"].pk, count=5).content.decode()
    assert "A001" in said and "A005" in said
    made = timezone.now() - timedelta(minutes=30)
    HandRange.objects.update(made_at=made)
    behind = hallway.take(ago=5)
    when = timezone.localtime(made + timedelta(minutes=5))
    send(mai, hallway, "enter", text=" a 002", taken_at=f"{when:%H:%M}", priority="")
    entered = Ticket.objects.get(label="A002")
    assert entered.state == State.WAITING and entered.line < behind.line
    assert send(mai, hallway, "enter", text="A002", taken_at=f"{when:%H:%M}").status_code == 409
    assert send(mai, hallway, "enter", text="A077", taken_at=f"{when:%H:%M}").status_code == 422
    assert send(mai, hallway, "enter", text="A003", taken_at="25:99").status_code == 422
    assert "đã nhập 1" in mai.get("/counter/guide/").content.decode()


def test_a_booking_is_checked_in_by_its_code(hallway: Hallway, mai: Client) -> None:
    at = timezone.now()
    soon = (timezone.localtime(at) + timedelta(minutes=10)).replace(second=0, microsecond=0)
    # Written as it stands, for today may be a Sunday, when nothing can be booked.
    common = {"home_agency_id": hallway.services["B"].hall.point.shop.agency_id}
    slot = Slot.objects.create(service=hallway.services["B"], starts_at=soon, capacity=1, taken=1, **common)
    booking = Booking.objects.create(
        slot=slot, code="K7M2P9", token=lookup.new_token(), channel="phone", booked_at=at, **common
    )
    assert send(mai, hallway, "check-in", code="KHONG1").status_code == 409
    send(mai, hallway, "check-in", code=booking.code.lower())
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.channel, ticket.booked_for) == (State.WAITING, "booking", soon)


def test_giving_out_numbers_stops_and_goes_on(hallway: Hallway, mai: Client) -> None:
    send(mai, hallway, "open", open="0")
    assert not Hall.objects.get().is_open
    refused = send(mai, hallway, "issue", service=hallway.services["A"].pk)
    assert refused.status_code == 409 and "ngừng phát số" in refused.content.decode()
    send(mai, hallway, "open", open="1")
    assert Hall.objects.get().is_open


def test_an_office_without_a_hall_says_so(hallway: Hallway) -> None:
    binh = hallway.world.client("binh")
    assert "chưa dùng số thứ tự" in binh.get("/counter/guide/").content.decode()
    assert "chưa dùng số thứ tự" in binh.get("/counter/").content.decode()
    assert binh.post("/counter/guide/issue/", {"hall": hallway.hall.pk}).status_code == 404


# ── Papers


def station(hallway: Hallway) -> Device:
    at = timezone.now()
    return Device.objects.create(
        hall=hallway.hall, kind="station", name="Trạm hướng dẫn", token_hash=b"g" * 32, paired_at=at, seen_at=at,
        settings={"can": ["print"]},
    )  # fmt: skip


def test_a_number_printed_at_the_station_waits_once_the_paper_is_there(hallway: Hallway, mai: Client) -> None:
    desk = station(hallway)
    shown = send(mai, hallway, "issue", service=hallway.services["A"].pk, paper=str(desk.pk)).content.decode()
    job, ticket = StationJob.objects.get(), Ticket.objects.get()
    assert (ticket.state, job.subject_id) == (State.PENDING, str(ticket.pk))
    assert "data-station-job" in shown and "In lại ở Trạm hướng dẫn" in shown and "<svg" in shown
    at = timezone.now()
    taken = stations.take(station=desk, can=["print"], at=at)
    assert taken is not None
    stations.fail(job_id=job.pk, lease=taken.lease, station=desk, problem="no_paper", at=at)
    again = mai.get("/counter/guide/", {"q": ticket.label}).content.decode()
    assert "hết giấy" in again and f"chưa chắc đã có phiếu: {ticket.label}" in again
    reprint = mai.post(f"/stations/tickets/{ticket.pk}/print/?station={desk.pk}", {"key": uuid4().hex})
    assert reprint.status_code == 200
    set_database_actor(SYSTEM)
    second = stations.take(station=desk, can=["print"], at=timezone.now())
    assert second is not None
    stations.finish(job_id=second.job.pk, lease=second.lease, station=desk, at=timezone.now())
    assert Ticket.objects.get().state == State.WAITING
    assert "hết giấy" not in mai.get("/counter/guide/", {"q": ticket.label}).content.decode()


def test_by_hand_or_from_this_computer_it_waits_at_once_and_prints_once(
    hallway: Hallway, mai: Client
) -> None:
    shown = send(mai, hallway, "issue", service=hallway.services["A"].pk, paper="browser").content.decode()
    ticket = Ticket.objects.get()
    assert ticket.state == State.WAITING and 'data-print="now"' in shown
    assert 'data-print="now"' not in mai.get("/counter/guide/", {"q": ticket.label}).content.decode()
    by_hand = send(mai, hallway, "issue", service=hallway.services["A"].pk, paper="hand").content.decode()
    assert 'data-print="now"' not in by_hand and not StationJob.objects.exists()
    gone = mai.post(f"/stations/tickets/{ticket.pk}/print/?station=1", {"key": uuid4().hex})
    assert gone.status_code == 422 and "không trả lời" in gone.json()["message"]
    set_database_actor(SYSTEM)
    assert send(mai, hallway, "issue", service=hallway.services["A"].pk, paper="99").status_code == 422


def test_a_ticket_scanned_on_any_page_opens_the_guide_desk(hallway: Hallway, mai: Client) -> None:
    ticket = hallway.take()
    found = mai.get("/search", {"q": f"https://mot-cua.example/so/{ticket.token}/"})
    assert found.status_code == 302 and found.headers["Location"].startswith("/counter/guide/?hall=")
    other = mai.get("/search", {"q": "https://mot-cua.example/so/khong-co/"})
    assert other.status_code == 200
