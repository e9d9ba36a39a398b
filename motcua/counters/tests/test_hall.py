"""A hall as visitors and officers meet it: numbers, calls, absence, transfers, breaks, midnight, pads, bookings."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from motcua.base.audit.queries import verify_all
from motcua.counters.models import Booking, Call, Device, Slot, SlotRule, Ticket
from motcua.counters.operations import bookings, calling, devices, halls, staffing, tickets
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HERE, KIOSK, MORNING, HallWorld
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def key() -> str:
    return uuid4().hex


def state(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


# ── Numbers


def test_numbers_run_by_service_and_begin_anew_each_day(hall: HallWorld) -> None:
    assert [hall.take("A").label, hall.take("B").label, hall.take("A").label] == ["A001", "B001", "A002"]
    hall.later(days=1)
    assert hall.take("A").label == "A001"


def test_one_press_sent_twice_is_one_number(hall: HallWorld) -> None:
    same = {
        "service_id": hall.services["A"].pk,
        "channel": "kiosk",
        "actor": KIOSK,
        "at": hall.now,
        "key": key(),
    }
    assert tickets.issue(**same).pk == tickets.issue(**same).pk
    assert Ticket.objects.count() == 1


def test_a_number_nobody_holds_is_not_called_and_keeps_its_place(hall: HallWorld) -> None:
    ghost, real = hall.take("A", real=False), hall.take("A")
    assert hall.label("be") == real.label and hall.label("be") == ""
    # The paper came out after all; the confirmation was lost. Its holder shows it to the officer.
    tickets.confirm(ticket_id=ghost.pk, actor=hall.officers["be"], at=hall.now, key=key())
    later = hall.take("A")
    assert [hall.label("be"), hall.label("be")] == [ghost.label, later.label]


def test_a_failed_print_is_void_and_its_number_is_never_given_again(hall: HallWorld) -> None:
    failed = hall.take("A", real=False)
    tickets.void(ticket_id=failed.pk, reason="Máy in hết giấy", actor=KIOSK, at=hall.now, key=key())
    assert hall.take("A").label == "A002"
    with pytest.raises(Refusal):
        tickets.confirm(ticket_id=failed.pk, actor=KIOSK, at=hall.now, key=key())
    tickets.confirm(ticket_id=failed.pk, actor=hall.officers["an"], at=hall.now, key=key())
    assert hall.label() == "A001"


def test_a_machine_cannot_take_a_number_away_that_somebody_holds(hall: HallWorld) -> None:
    held = hall.take("A")
    with pytest.raises(Refusal):
        tickets.void(ticket_id=held.pk, reason="x", actor=KIOSK, at=hall.now, key=key())
    with pytest.raises(Refusal, match="lý do"):
        tickets.void(ticket_id=held.pk, reason=" ", actor=hall.officers["an"], at=hall.now, key=key())
    tickets.void(ticket_id=held.pk, reason="Khách về", actor=hall.officers["an"], at=hall.now, key=key())
    assert hall.label() == ""


def test_whoever_took_a_number_gives_it_back_by_its_secret_page(hall: HallWorld) -> None:
    first, second = hall.take("A"), hall.take("A")
    tickets.cancel(token=first.token, actor=KIOSK, at=hall.now, key=key())
    assert state(first) == State.CANCELLED and hall.label() == second.label
    with pytest.raises(NotFound):
        tickets.cancel(token="không có", actor=KIOSK, at=hall.now, key=key())


def test_a_closed_hall_and_an_ended_service_give_no_numbers(hall: HallWorld) -> None:
    halls.end_service(service_id=hall.services["C"].pk, actor=SYSTEM, at=hall.now, key="")
    with pytest.raises(NotFound, match="không nhận số"):
        hall.take("C")
    halls.set_open(hall_id=hall.hall.pk, is_open=False, actor=hall.officers["an"], at=hall.now, key=key())
    with pytest.raises(Refusal, match="ngừng phát số"):
        hall.take("A")


def test_a_service_somebody_waits_for_does_not_end(hall: HallWorld) -> None:
    hall.take("A")
    with pytest.raises(Refusal, match="Còn 1 số"):
        halls.end_service(service_id=hall.services["A"].pk, actor=SYSTEM, at=hall.now, key="")


# ── Calls


def test_first_come_first_served_over_the_services_of_a_counter(hall: HallWorld) -> None:
    for prefix in "ABAB":
        hall.take(prefix)
    assert [hall.label("an") for _call in range(3)] == ["A001", "B001", "A002"]
    assert hall.label("be") == ""  # serves A alone


def test_one_priority_number_after_every_two_others(hall: HallWorld) -> None:
    for _number in range(4):
        hall.take("A")
    hall.take("A", priority="elderly")
    assert [hall.label("an"), hall.label("be"), hall.label("an"), hall.label("be")] == [
        "A001",
        "A002",
        "A005",
        "A003",
    ]
    assert list(Call.objects.order_by("number").values_list("number", "why")) == [
        (1, "line"), (2, "line"), (3, "priority"), (4, "line"),
    ]  # fmt: skip


def test_calling_the_next_ends_the_one_before(hall: HallWorld) -> None:
    first, _second = hall.take("A"), hall.take("A")
    hall.next()
    hall.next()
    assert state(first) == State.SERVED


def test_only_the_officer_of_the_counter_moves_its_number(hall: HallWorld) -> None:
    hall.take("A")
    ticket = hall.next("an")
    assert ticket is not None
    with pytest.raises(Refusal, match="không còn ở quầy của bạn"):
        calling.finish(ticket_id=ticket.pk, actor=hall.officers["be"], at=hall.now, key=key())
    with pytest.raises(Refusal, match="chưa vào quầy nào"):
        hall.next("cu")


def test_absence_is_written_only_after_the_calls_of_the_rule_and_the_place_is_kept(hall: HallWorld) -> None:
    hall.take("A")
    hall.take("A")
    ticket = hall.next()
    assert ticket is not None
    act = {"ticket_id": ticket.pk, "actor": hall.officers["an"]}
    with pytest.raises(Refusal, match="Mới gọi 1 lần"):
        calling.no_show(**act, at=hall.now, key=key())
    calling.recall(**act, at=hall.later(seconds=20), key=key())
    calling.recall(**act, at=hall.later(seconds=20), key=key())
    calling.no_show(**act, at=hall.now, key=key())
    assert [row["label"] for row in _screens(hall)] == ["A001"]  # one line however often it was called
    calling.back(ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.later(minutes=14), key=key())
    assert hall.label("be") == "A001"  # before A002, at its own place


def test_who_comes_back_too_late_takes_a_new_number(hall: HallWorld) -> None:
    hall.take("A")
    ticket = hall.next()
    assert ticket is not None
    act = {"ticket_id": ticket.pk, "actor": hall.officers["an"]}
    for _call in range(2):
        calling.recall(**act, at=hall.now, key=key())
    calling.no_show(**act, at=hall.now, key=key())
    with pytest.raises(Refusal, match="lấy số mới"):
        calling.back(**act, at=hall.later(minutes=16), key=key())
    assert calling.expire(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 1
    assert calling.expire(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 0
    assert state(ticket) == State.ABSENT


def _screens(hall: HallWorld) -> list[dict[str, object]]:
    from motcua.counters import queries

    return queries.last_calls(hall.hall.pk)


def test_a_transfer_keeps_the_place_in_the_line(hall: HallWorld) -> None:
    early = hall.take("A")
    hall.take("B")
    ticket = hall.next("an")
    assert ticket is not None and ticket.pk == early.pk
    calling.transfer(
        ticket_id=ticket.pk,
        service_id=hall.services["B"].pk,
        actor=hall.officers["an"],
        at=hall.now,
        key=key(),
    )
    assert hall.label("an") == "A001"  # before B001, who came later


def test_a_transfer_to_one_counter_waits_for_that_counter(hall: HallWorld) -> None:
    hall.take("A")
    ticket = hall.next("an")
    assert ticket is not None
    act = {"ticket_id": ticket.pk, "actor": hall.officers["an"], "at": hall.now}
    with pytest.raises(Refusal, match="Quầy này không nhận"):
        calling.transfer(counter_id=hall.counters[2].pk, key=key(), **act)
    with pytest.raises(Refusal, match="khác với hiện tại"):
        calling.transfer(key=key(), **act)
    calling.transfer(counter_id=hall.counters[1].pk, key=key(), **act)
    assert hall.label("an") == "" and hall.label("be") == "A001"


# ── Officers


def test_one_officer_a_counter_and_one_counter_an_officer(hall: HallWorld) -> None:
    with pytest.raises(Refusal, match="đang có người ngồi"):
        hall.sit("cu", 0, "A")
    with pytest.raises(Refusal, match="Bạn đang ở"):
        hall.sit("an", 2, "A")


def test_a_counter_closed_while_calling_gives_the_number_back_to_its_place(hall: HallWorld) -> None:
    hall.take("A")
    hall.take("A")
    called = hall.next("an")
    assert called is not None
    staffing.sign_off(actor=hall.officers["an"], at=hall.now, key=key())
    assert hall.label("be") == "A001"


def test_nobody_is_called_to_a_break(hall: HallWorld) -> None:
    hall.take("A")
    staffing.pause(actor=hall.officers["an"], at=hall.now, key=key())
    with pytest.raises(Refusal, match="tạm nghỉ"):
        hall.next("an")
    staffing.go_on(actor=hall.officers["an"], at=hall.now, key=key())
    assert hall.label("an") == "A001"


def test_services_of_a_counter_change_during_the_day(hall: HallWorld) -> None:
    hall.take("C")
    assert hall.label("be") == ""
    hall.serve(1, "A", "C", by="be")
    assert hall.label("be") == "C001"


def test_an_officer_of_another_agency_does_nothing_here(hall: HallWorld) -> None:
    from dataclasses import replace

    stranger = replace(hall.officers["cu"], agency_id=0, agencies=frozenset(), stands_for=frozenset())
    with pytest.raises(NotPermitted):
        staffing.sign_on(counter_id=hall.counters[2].pk, actor=stranger, at=hall.now, key=key())


# ── Midnight, clocks, pads


def test_whoever_waits_over_midnight_is_still_called_first(hall: HallWorld) -> None:
    hall.now = datetime.combine(MORNING.date(), time(23, 59), HERE)
    late = hall.take("A")
    hall.later(minutes=2)
    hall.take("A")
    assert calling.close_day(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 0  # officers are still there
    ticket = hall.next("an")
    assert ticket is not None and ticket.pk == late.pk


def test_a_day_is_closed_when_everybody_has_gone(hall: HallWorld) -> None:
    left = hall.take("A")
    for name in ("an", "be"):
        staffing.sign_off(actor=hall.officers[name], at=hall.now, key=key())
    assert calling.close_day(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.later(days=1)) == 1
    assert calling.close_day(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 0
    assert state(left) == State.DAY_OVER


def test_a_clock_set_back_changes_nobodys_place(hall: HallWorld) -> None:
    first = hall.take("A")
    hall.later(hours=-3)
    hall.take("A")
    assert hall.label() == first.label


def test_numbers_written_by_hand_stand_where_their_time_says(hall: HallWorld) -> None:
    pad = tickets.reserve(
        service_id=hall.services["A"].pk, count=5, actor=hall.officers["an"], at=hall.now, key=key()
    )
    assert (pad.first, pad.last) == (1, 5)
    early = hall.take("A")
    moment = hall.later(minutes=1)
    hall.later(minutes=5)
    late = hall.take("A")
    act = {"hall_id": hall.hall.pk, "actor": hall.officers["an"], "at": hall.now}
    tickets.enter_hand(text="a003", taken_at=moment, key=key(), **act)
    assert [hall.label("be") for _call in range(3)] == [early.label, "A003", late.label]
    for text, when, words in (
        ("A003", moment, "đã được nhập"),
        ("A006", moment, "không nằm trong tập"),
        ("Z1", moment, "không nằm trong tập"),
        ("A004", moment - timedelta(days=1), "Giờ lấy số"),
        ("A004", hall.now + timedelta(hours=1), "Giờ lấy số"),
    ):
        with pytest.raises(Refusal, match=words):
            tickets.enter_hand(text=text, taken_at=when, key=key(), **act)


# ── Bookings


@pytest.fixture
def booked(hall: HallWorld) -> HallWorld:
    SlotRule.objects.create(
        service=hall.services["A"], weekday=0, from_time=time(8), to_time=time(9), minutes=30, capacity=1,
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    return hall


def book(hall: HallWorld, hour: int, minute: int = 0) -> Booking:
    starts = datetime.combine(MORNING.date(), time(hour, minute), HERE)
    return bookings.book(
        service_id=hall.services["A"].pk, starts_at=starts, channel="web", actor=KIOSK, at=hall.now, key=key()
    )


def test_a_booked_time_is_never_filled_twice_and_is_free_again_when_given_back(booked: HallWorld) -> None:
    first = book(booked, 8)
    with pytest.raises(Refusal, match="vừa đủ người"):
        book(booked, 8)
    with pytest.raises(Refusal, match="không có lịch hẹn"):
        book(booked, 8, 15)
    with pytest.raises(Refusal, match="còn ở phía trước"):
        book(booked, 7)
    bookings.cancel(booking_id=first.pk, actor=KIOSK, at=booked.now, key=key())
    assert book(booked, 8).pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.update(taken=2)


def test_a_booked_visitor_is_called_in_the_window(booked: HallWorld) -> None:
    booking = book(booked, 8)
    act = {"hall_id": booked.hall.pk, "actor": KIOSK}
    with pytest.raises(NotFound):
        bookings.check_in(code="QQQQQQ", at=booked.now, key=key(), **act)
    plain = [booked.take("A"), booked.take("A")]
    ticket = bookings.check_in(code=booking.code.lower(), at=booked.now, key=key(), **act)
    tickets.confirm(ticket_id=ticket.pk, actor=KIOSK, at=booked.now, key=key())
    assert bookings.check_in(code=booking.code, at=booked.now, key=key(), **act).pk == ticket.pk
    assert booked.label("an") == plain[0].label  # before 8:00 the line goes on
    booked.now = datetime.combine(MORNING.date(), time(8, 1), HERE)
    assert booked.label("an") == ticket.label


def test_who_comes_after_the_window_waits_like_everybody(booked: HallWorld) -> None:
    booking = book(booked, 8)
    booked.now = datetime.combine(MORNING.date(), time(8, 20), HERE)
    ticket = bookings.check_in(
        code=booking.code, hall_id=booked.hall.pk, actor=KIOSK, at=booked.now, key=key()
    )
    assert ticket.booked_for is None


# ── Devices


def test_a_device_is_paired_by_what_it_shows_and_revoked(hall: HallWorld) -> None:
    code = devices.ask("token-of-a-screen", hall.now)
    assert (
        devices.ask("token-of-a-screen", hall.now) == code and devices.device_of("token-of-a-screen") is None
    )
    act = {"hall_id": hall.hall.pk, "kind": "hall", "name": "Bảng sảnh", "actor": SYSTEM}
    with pytest.raises(Refusal, match="Không có thiết bị nào"):
        devices.pair(code="AAAAAA", at=hall.now, key=key(), **act)
    with pytest.raises(NotPermitted):
        devices.pair(code=code, at=hall.now, key=key(), **{**act, "actor": hall.officers["an"]})
    with pytest.raises(Refusal, match="Không có thiết bị nào"):
        devices.pair(code=code, at=hall.now + timedelta(minutes=11), key=key(), **act)
    device = devices.pair(code=code.lower(), at=hall.now, key=key(), **act)
    assert devices.device_of("token-of-a-screen") == device and devices.device_of("another") is None
    devices.revoke(device_id=device.pk, actor=SYSTEM, at=hall.now, key=key())
    assert devices.device_of("token-of-a-screen") is None
    assert Device.objects.get().revoked_at is not None


# ── What the database holds


def test_the_database_refuses_to_lose_or_change_a_number_or_a_call(hall: HallWorld) -> None:
    hall.take("A")
    hall.next()
    for statement in (
        "delete from counters_ticket", "update counters_ticket set label = 'A009'", "update counters_ticket set line = 7",
        "delete from counters_call", "update counters_call set number = 9", "truncate counters_call cascade",
        "update counters_ticket set state = 'served'",  # an ended ticket says when
    ):  # fmt: skip
        with (
            pytest.raises((ProgrammingError, InternalError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_day_can_be_proved(hall: HallWorld) -> None:
    for _number in range(3):
        hall.take("A")
    hall.next("an")
    hall.next("be")
    assert list(verify_all()) == []


def test_a_call_locks_its_ticket_and_not_the_service(hall: HallWorld) -> None:
    """It locked the service too: whoever took a number waited for it and held the history that the call waited for."""
    hall.take()
    with CaptureQueriesContext(connection) as seen:
        assert hall.next()
    locks = [one["sql"] for one in seen if "FOR UPDATE" in one["sql"] and "JOIN" in one["sql"]]
    assert locks and all('FOR UPDATE OF "counters_ticket"' in one for one in locks)
