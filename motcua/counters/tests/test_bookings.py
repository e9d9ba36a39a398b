"""Bookings through the pages: full at once, past, holidays, changed calendars, hoarding, the file, the officers' list."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.agencies.roles import Role
from motcua.counters import calendar_file, slots
from motcua.counters.models import Booking, Slot
from motcua.counters.models.booking import BookingState
from motcua.counters.operations import bookings, knocks
from motcua.counters.operations import slots as slot_acts
from motcua.counters.tests.hall_world import HERE, HallWorld
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
EVERY_DAY = range(7)


def offer(hall: HallWorld, at: datetime, **more: Any) -> Any:
    given: dict[str, Any] = {
        "weekdays": EVERY_DAY, "from_time": time(8), "to_time": time(10), "minutes": 30, "capacity": 2,
        "valid_from": timezone.localdate(at), "actor": SYSTEM, "at": at, "key": "", **more,
    }  # fmt: skip
    return slot_acts.add_rules(service_id=hall.services["A"].pk, **given)


@pytest.fixture
def booked(hall: HallWorld) -> HallWorld:
    """The hall with its clock at this moment and two places at four times of each day."""
    hall.now = timezone.now()
    offer(hall, hall.now)
    return hall


@pytest.fixture
def phone() -> Client:
    return Client(HTTP_HOST="localhost")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def tomorrow(hour: int = 8, minute: int = 0, *, days: int = 1) -> datetime:
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour, minute), HERE)


def press(phone: Client, hall: HallWorld, moment: Any, **more: Any) -> Any:
    address = f"/dat-lich/{hall.hall.pk}/{hall.services['A'].pk}/"
    when = moment.isoformat() if isinstance(moment, datetime) else moment
    return phone.post(address, {"key": uuid4().hex, "gio": when, **more})


def test_hall_service_day_time_and_a_pass(booked: HallWorld, phone: Client) -> None:
    assert phone.get("/dat-lich/").headers["Location"] == f"/dat-lich/{booked.hall.pk}/"
    services = phone.get(f"/dat-lich/{booked.hall.pk}/")
    assert "Hộ tịch" in text(services) and "Đất đai" not in text(services)  # which takes no bookings
    days = phone.get(f"/dat-lich/{booked.hall.pk}/{booked.services['A'].pk}/")
    assert "còn 8 chỗ" in text(days)
    hours = phone.get(f"/dat-lich/{booked.hall.pk}/{booked.services['A'].pk}/?ngay={tomorrow():%Y-%m-%d}")
    assert "08:00 còn 2 chỗ" in text(hours) and "10:00" not in text(hours)
    assert "Nơi khác" not in text(services)  # this is the only one
    touched = f"/dat-lich/{booked.hall.pk}/{booked.services['A'].pk}/?" + urlencode(
        {"gio": tomorrow(9).isoformat()}
    )
    review = phone.get(touched)
    assert "Xem lại và đặt" in text(review) and "09:00" in text(review) and not Booking.objects.exists()
    gone = phone.get(touched.replace("09%3A00", "11%3A00"))
    assert gone.status_code == 409 and "Giờ này không còn" in text(gone)
    made = press(phone, booked, tomorrow(9))
    booking = Booking.objects.get()
    assert made.headers["Location"] == f"/lich-hen/{booking.token}/"
    shown = phone.get(f"/lich-hen/{booking.token}/")
    assert booking.code in text(shown) and "09:00" in text(shown) and "<svg" in shown.content.decode()
    file = phone.get(f"/lich-hen/{booking.token}/lich.ics")
    assert f"DTSTART:{tomorrow(2):%Y%m%dT%H%M%SZ}" in file.content.decode() and file[
        "Content-Type"
    ].startswith("text/calendar")


def test_cancelled_by_its_address_and_free_again(booked: HallWorld, phone: Client) -> None:
    press(phone, booked, tomorrow(9))
    booking = Booking.objects.get()
    for _time in range(2):
        assert phone.post(f"/lich-hen/{booking.token}/huy/").status_code == 302
    assert "đã hủy" in text(phone.get(f"/lich-hen/{booking.token}/")) and Slot.objects.get().taken == 0
    assert "STATUS:CANCELLED" in phone.get(f"/lich-hen/{booking.token}/lich.ics").content.decode()


@pytest.mark.parametrize(
    "gio", ["", "abc", "2026-13-01T08:00:00+07:00", "2030-01-01T08:00:00", "9" * 300, "\ufeff8:00"]
)
def test_what_is_no_time_is_refused(booked: HallWorld, phone: Client, gio: str) -> None:
    refused = press(phone, booked, gio)
    assert refused.status_code == 409 and "Chọn một giờ" in text(refused) and not Booking.objects.exists()


def test_past_far_and_unoffered_times_are_refused(booked: HallWorld, phone: Client) -> None:
    for moment in (tomorrow(8, days=-1), tomorrow(8, days=60), tomorrow(11), tomorrow(8, 15)):
        assert press(phone, booked, moment).status_code == 409
    assert press(phone, booked, tomorrow(8), priority="king").status_code == 409
    assert not Booking.objects.exists()


def test_a_full_time_is_told_and_cannot_be_pressed(booked: HallWorld, phone: Client) -> None:
    for _visitor in range(2):
        press(Client(HTTP_HOST="localhost"), booked, tomorrow(8))
    refused = press(phone, booked, tomorrow(8))
    assert refused.status_code == 409 and "vừa đủ người" in text(refused)
    assert "08:00 hết chỗ" in text(refused) and "08:30 còn 2 chỗ" in text(refused)


def test_the_same_press_twice_is_one_booking(booked: HallWorld, phone: Client) -> None:
    key = uuid4().hex
    first, second = (press(phone, booked, tomorrow(8), key=key) for _press in range(2))
    assert first.headers["Location"] == second.headers["Location"] and Booking.objects.count() == 1
    assert press(phone, booked, tomorrow(9), key=key).status_code == 409


def test_one_address_does_not_take_one_day(
    booked: HallWorld, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 5
    monkeypatch.setitem(knocks.MOST_A_DAY, "visit", most)
    times = [tomorrow(hour, minute) for hour in (8, 9) for minute in (0, 30)] * 2
    answers = [press(Client(HTTP_HOST="localhost"), booked, moment) for moment in times[: most + 1]]
    assert [one.status_code for one in answers] == [302] * most + [409] and "Chọn ngày khác" in text(
        answers[-1]
    )
    assert Booking.objects.count() == most and sum(Slot.objects.values_list("taken", flat=True)) == most
    assert press(phone, booked, tomorrow(8, days=2)).status_code == 302  # another day


def test_one_address_does_not_take_everything(
    booked: HallWorld, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(knocks.MOST, "book", 9)
    monkeypatch.setitem(knocks.MOST_A_DAY, "visit", 8)
    for number in range(knocks.MOST["book"] + 2):
        last = press(phone, booked, tomorrow(8 + number % 4 // 2, number % 2 * 30, days=1 + number // 8))
    assert last.status_code == 409 and "quá nhiều lần" in text(last)
    assert Booking.objects.count() == knocks.MOST["book"]
    assert (
        press(Client(HTTP_HOST="localhost", REMOTE_ADDR="10.9.9.9"), booked, tomorrow(8, days=9)).status_code
        == 302
    )


def test_holidays_and_closed_days_take_no_bookings(booked: HallWorld, phone: Client) -> None:
    from motcua.agencies.operations import agencies
    from motcua.base.calendars.operations.days import load_official_days
    from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours
    from motcua.lib.working_time import Session

    at = booked.now
    load_official_days(actor=SYSTEM, at=at)
    calendar = open_calendar(code="SANH", name="Giờ hành chính", actor=SYSTEM, at=at)
    week = Week(sessions=(Session(time(8), time(12)), Session(time(13), time(17))), hours_a_day=8)  # type: ignore[arg-type]
    set_hours(
        calendar_id=calendar.pk, valid_from=date(2023, 1, 1), weeks=[week], source="Thử", actor=SYSTEM, at=at
    )
    agencies.set_calendar(
        agency_id=booked.hall.point.shop.agency_id, calendar_id=calendar.pk, actor=SYSTEM, at=at
    )
    holiday, sunday = date(2027, 1, 1), date(2026, 11, 29)
    for day, open_ in ((holiday, False), (sunday, False), (date(2026, 12, 31), True)):
        assert bool(slots.times_on(booked.services["A"], day)) is open_
    wanted = next(
        day
        for day in slots.free_days(booked.services["A"], slots.one_hall(booked.hall.pk), at)
        if day > timezone.localdate()
    )
    assert press(phone, booked, datetime.combine(wanted, time(8), HERE)).status_code == 302
    slot_acts.shut(
        hall_id=booked.hall.pk, day=wanted, reason="Tập huấn", actor=booked.officers["an"], at=at, key="shut"
    )
    assert press(phone, booked, datetime.combine(wanted, time(9), HERE)).status_code == 409
    booking = Booking.objects.get()
    assert [one.pk for one in slots.stranded(slots.one_hall(booked.hall.pk), at)] == [booking.pk]
    assert "đã thay đổi" in text(phone.get(f"/lich-hen/{booking.token}/"))
    slot_acts.reopen(
        closed_id=slots.closed_days(booked.hall, wanted)[0].pk,
        hall_id=booked.hall.pk,
        actor=SYSTEM,
        at=at,
        key="",
    )
    assert slots.stranded(slots.one_hall(booked.hall.pk), at) == []


def test_a_rule_that_ends_strands_who_booked_and_a_wider_one_takes_more(
    booked: HallWorld, phone: Client
) -> None:
    for _visitor in range(2):
        press(phone, booked, tomorrow(8))
    rules = list(slots.rules_of(booked.hall, timezone.localdate()))
    for rule in rules:
        slot_acts.end_rule(rule_id=rule.pk, hall_id=booked.hall.pk, actor=SYSTEM, at=booked.now, key="")
    assert len(slots.stranded(slots.one_hall(booked.hall.pk), booked.now)) == 2
    assert phone.get("/dat-lich/").status_code == 200  # no hall takes bookings now
    offer(booked, booked.now, capacity=3)
    assert press(phone, booked, tomorrow(8)).status_code == 302 and Slot.objects.get().capacity == 3


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weekdays": []}, "ít nhất một ngày"), ({"weekdays": [7]}, "ít nhất một ngày"), ({"minutes": 4}, "5 đến 240"),
        ({"capacity": 0}, "1 đến 200"), ({"to_time": time(8, 20)}, "Giờ kết thúc"), ({"to_time": time(7)}, "Giờ kết thúc"),
        ({"valid_from": date(2020, 1, 1)}, "từ hôm nay"), ({"from_time": time(9)}, "trùng"),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(booked: HallWorld, more: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        offer(booked, booked.now, **more)


def test_rules_are_the_administrators_and_days_the_officers(booked: HallWorld) -> None:
    officer = booked.officers["an"]
    with pytest.raises(NotPermitted):
        offer(booked, booked.now, from_time=time(13), to_time=time(14), actor=officer)
    for reason, day in ((" ", tomorrow().date()), ("Nghỉ", date(2020, 1, 1))):
        with pytest.raises(Refusal):
            slot_acts.shut(
                hall_id=booked.hall.pk, day=day, reason=reason, actor=officer, at=booked.now, key=""
            )
    assert Role.UNIT_HEAD not in officer.roles


def test_nobody_came(booked: HallWorld, phone: Client) -> None:
    press(phone, booked, tomorrow(8))
    assert bookings.miss(hall_id=booked.hall.pk, actor=SYSTEM, at=booked.now) == 0
    assert bookings.miss(hall_id=booked.hall.pk, actor=SYSTEM, at=tomorrow(8, days=2)) == 1
    assert Booking.objects.get().state == BookingState.MISSED
    assert "đã qua" in text(phone.get(f"/lich-hen/{Booking.objects.get().token}/"))


def test_a_calendar_file_folds_and_escapes() -> None:
    made = calendar_file.event(
        uid="1", starts_at=tomorrow(8), ends_at=tomorrow(9), stamp=tomorrow(7), title="Hẹn; ở, xã \\ Đặc khu Bạch Long Vĩ " * 3,
        place="Số 1,\nđường", text="Mã", url="http://localhost/lich-hen/x/",
    )  # fmt: skip
    lines = made.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines) and lines[-1] == ""
    whole = made.replace("\r\n ", "")
    assert "Hẹn\\; ở\\, xã \\\\ Đặc" in whole and "Số 1\\,\\nđường" in whole
