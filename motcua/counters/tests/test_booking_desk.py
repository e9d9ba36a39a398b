"""Bookings as officers see them: the list, booking for a caller, times, closed days, the sign; and who may do what."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.accounts import sessions
from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.roles import Role
from motcua.counters.models import Booking, ClosedDay, SlotRule
from motcua.counters.models.booking import BookingState
from motcua.counters.tests.hall_world import HERE, OPENED, HallWorld
from motcua.counters.tests.test_bookings import offer, tomorrow
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def desk(hall: HallWorld) -> HallWorld:
    hall.now = timezone.now()
    offer(hall, hall.now)
    return hall


def seat(account: Account) -> Client:
    """Return the browser of an officer whose second factor is proven."""
    client = Client(HTTP_HOST="canbo.localhost")
    client.force_login(account)
    session = client.session
    session[sessions.SECOND_FACTOR] = account.pk
    session.save()
    return client


def officer(hall: HallWorld, name: str = "an") -> Client:
    return seat(Account.objects.get(pk=hall.officers[name].account_id))


def appointed(unit_id: int, name: str, role: Role) -> Client:
    at = timezone.now()
    account = open_account(
        login_name=name, full_name=f"Người {name}", account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
    )
    people.appoint(
        account_id=account.pk,
        unit_id=unit_id,
        title="Công chức",
        roles=(role,),
        valid_from=OPENED,
        actor=SYSTEM,
        at=at,
    )
    return seat(account)


def keeper(hall: HallWorld) -> Client:
    unit = Unit.objects.filter(agency_id=hall.hall.point.shop.agency_id)[0]
    return appointed(unit.pk, "quan-tri", Role.UNIT_ADMIN)


def address(hall: HallWorld, rest: str = "") -> str:
    return f"/halls/{hall.hall.pk}/bookings/{rest}"


def text(response: Any) -> str:
    set_database_actor(SYSTEM)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def ordered(hall: HallWorld, client: Client, moment: datetime, **more: Any) -> Any:
    sent = {"key": uuid4().hex, "time": moment.isoformat(), "channel": "phone", "priority": "", **more}
    asked = f"new/?service={hall.services['A'].pk}&day={moment.astimezone(HERE):%Y-%m-%d}"
    response = client.post(address(hall, asked), sent, follow=True)
    set_database_actor(SYSTEM)
    return response


def test_an_officer_books_for_a_caller_and_cancels(desk: HallWorld) -> None:
    client = officer(desk)
    shown = client.get(address(desk, f"new/?service={desk.services['A'].pk}&day={tomorrow():%Y-%m-%d}"))
    assert "09:30" in text(shown) and "còn 2" in text(shown)
    done = ordered(desk, client, tomorrow(9), channel="phone", priority="elderly")
    booking = Booking.objects.get()
    assert " ".join(booking.code) in text(done) and booking.channel == "phone"
    assert "Từ đủ 80 tuổi" in text(done) and "1 lịch hẹn" in text(done)
    again = client.post(
        address(desk, f"{booking.pk}/cancel/"), {"key": f"drop-{booking.pk}", "day": f"{tomorrow():%Y-%m-%d}"}, follow=True
    )  # fmt: skip
    assert "Đã hủy lịch hẹn" in text(again) and Booking.objects.get().state == BookingState.CANCELLED


@pytest.mark.parametrize("more", [{"time": ""}, {"time": "x"}, {"channel": "web"}, {"priority": "king"}])
def test_a_form_that_makes_no_sense_books_nothing(desk: HallWorld, more: dict[str, str]) -> None:
    assert ordered(desk, officer(desk), tomorrow(9), **more).status_code == 200
    assert not Booking.objects.exists()


def test_the_list_walks_through_the_days(desk: HallWorld) -> None:
    client = officer(desk)
    ordered(desk, client, tomorrow(9))
    assert Booking.objects.get().code in text(client.get(address(desk, f"?day={tomorrow():%d/%m/%Y}")))
    assert "Chưa ai đặt" in text(client.get(address(desk)))
    for bad in ("?day=abc", "?day=31/02/2026", "?day=2026-99-99", "?day=" + "9" * 200):
        assert client.get(address(desk, bad)).status_code == 200


def test_closing_a_day_lists_who_booked_and_is_undone(desk: HallWorld) -> None:
    client = officer(desk)
    ordered(desk, client, tomorrow(9))
    unit = Unit.objects.filter(agency_id=desk.hall.point.shop.agency_id)[0]
    head, clerk = appointed(unit.pk, "truong", Role.UNIT_HEAD), appointed(unit.pk, "van-thu", Role.CLERK)
    sent = {"day": f"{tomorrow():%d/%m/%Y}", "reason": "Tập huấn", "key": "a"}
    assert clerk.get(address(desk)).status_code == 200
    assert clerk.post(address(desk, "days/"), sent).status_code == 403
    for sent in (
        {"day": "", "reason": "x"},
        {"day": "01/01/2020", "reason": "x"},
        {"day": f"{tomorrow():%d/%m/%Y}", "reason": ""},
    ):
        head.post(address(desk, "days/"), {**sent, "key": uuid4().hex})
    set_database_actor(SYSTEM)
    assert not ClosedDay.objects.exists()
    head.post(address(desk, "days/"), {"day": f"{tomorrow():%d/%m/%Y}", "reason": "Tập huấn", "key": "shut"})
    assert "Giờ hẹn không còn trong lịch" in text(client.get(address(desk)))
    closed = ClosedDay.objects.get()
    head.post(address(desk, f"days/{closed.pk}/open/"), {"key": f"open-{closed.pk}"})
    assert "Giờ hẹn không còn trong lịch" not in text(client.get(address(desk)))


def test_times_are_the_administrators(desk: HallWorld) -> None:
    client, admin = officer(desk), keeper(desk)
    sent = {
        "service": desk.services["B"].pk, "weekdays": ["0", "2"], "from_time": "07:30", "to_time": "11:00", "minutes": "30",
        "capacity": "2", "valid_from": f"{timezone.localdate():%d/%m/%Y}",
    }  # fmt: skip
    assert client.post(address(desk, "rules/"), {**sent, "key": "a"}).status_code == 403
    before = SlotRule.objects.count()
    for bad in (
        {"from_time": "25:00"},
        {"capacity": "0"},
        {"weekdays": []},
        {"service": "9" * 9},
        {"to_time": "07:00"},
    ):
        assert admin.post(address(desk, "rules/"), {**sent, **bad, "key": uuid4().hex}).status_code == 200
    assert SlotRule.objects.count() == before
    assert "Đã thêm khung giờ" in text(admin.post(address(desk, "rules/"), {**sent, "key": "b"}, follow=True))
    rule = SlotRule.objects.filter(service=desk.services["B"])[0]
    assert client.post(address(desk, f"rules/{rule.pk}/end/"), {"key": "x"}).status_code == 403
    for _twice in range(2):
        admin.post(address(desk, f"rules/{rule.pk}/end/"), {"key": f"end-{rule.pk}"})
    set_database_actor(SYSTEM)
    rule.refresh_from_db()
    assert rule.valid_to == timezone.localdate()


def test_the_sign_at_the_door(desk: HallWorld) -> None:
    client, admin = officer(desk), keeper(desk)
    where = f"/halls/{desk.hall.pk}/entrance/"
    shown = client.get(where)
    assert "<svg" in shown.content.decode() and "Mã của" in text(shown)
    assert client.post(where, {"how": "off", "key": "x"}).status_code == 403
    assert "Đang tắt" in text(admin.post(where, {"how": "off", "key": "y"}, follow=True))
    assert admin.post(where, {"how": "king", "key": "z"}).status_code == 200


def test_another_agency_sees_nothing(desk: HallWorld) -> None:
    at = timezone.now()
    other = agencies.open_agency(
        name="UBND xã Khác", short_name="xã Khác", level=desk.hall.point.shop.agency.level, code="H99.2",
        opened_on=OPENED, actor=SYSTEM, at=at,
    )  # fmt: skip
    unit = places.open_unit(
        agency_id=other.pk, name="Trung tâm", kind=UnitKind.ONE_STOP, opened_on=OPENED, actor=SYSTEM, at=at
    )
    stranger = appointed(unit.pk, "la", Role.RECEIVER)
    for rest in ("", "new/", "rules/"):
        assert stranger.get(address(desk, rest)).status_code == 404
    assert stranger.get(f"/halls/{desk.hall.pk}/entrance/").status_code == 404
    assert stranger.post(address(desk, f"{uuid4()}/cancel/"), {"key": "x"}).status_code == 404


def test_a_day_of_a_full_calendar_is_read_in_few_queries(desk: HallWorld) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = officer(desk), []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            client.get(address(desk, f"?day={tomorrow():%Y-%m-%d}"))
        counts.append(len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]))
        set_database_actor(SYSTEM)
        ordered(desk, client, tomorrow(8 + number))
    assert counts[2] <= 16 and counts[2] - counts[1] <= 1, counts
