"""The console as an officer presses it: sit, call, serve, send on, rest, leave; what is refused, and what is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.agencies.models import Counter
from motcua.counters.models import Call, HallLine, Pause, Serving, Shift, Ticket
from motcua.counters.operations import calling
from motcua.counters.states import State
from motcua.lib.actor import SYSTEM
from motcua.sites.console.tests.conftest import Hallway
from motcua.ui.routing import set_database_actor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sql,
    pytest.mark.usefixtures("not_just_past_midnight"),
]
Press = Callable[..., Any]


@pytest.fixture
def minh(hallway: Hallway, db: None) -> Client:
    return hallway.world.client("minh")


def page(client: Client, address: str = "/counter/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    set_database_actor(SYSTEM)
    return str(response.content.decode())


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# ── Sitting down and leaving


def test_an_officer_sits_down_and_the_next_time_the_key_offers_the_same_counter(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    assert "Quầy 1" in page(minh) and "data-strip" not in page(minh, "/intake/drafts/")
    press(minh, "sign-on", counter=hallway.counters[1].pk)
    assert "Quầy đang trống" in page(minh) and "Gọi số tiếp" in page(minh, "/intake/drafts/")
    assert press(minh, "leave").status_code == 302
    text = page(minh)
    assert "data-strip" not in page(minh, "/intake/drafts/")
    form = text[text.index('data-key="F8"') - 400 : text.index('data-key="F8"')]
    assert f'name="counter" value="{hallway.counters[1].pk}"' in form


def test_a_taken_counter_and_a_second_one_are_refused(hallway: Hallway, minh: Client, press: Press) -> None:
    hallway.sit("mai", 0, "A")
    refused = press(minh, "sign-on", counter=hallway.counters[0].pk)
    assert refused.status_code == 409 and "đang có người ngồi" in refused.content.decode()
    assert "Trịnh Thị Mai đang ngồi" in page(minh)
    press(minh, "sign-on", counter=hallway.counters[1].pk)
    elsewhere = press(minh, "sign-on", counter=hallway.counters[2].pk)
    assert elsewhere.status_code == 409 and "Rời quầy đó trước" in elsewhere.content.decode()
    assert Shift.objects.filter(ended_at=None).count() == 2


def test_nobody_signed_on_pays_nothing_for_the_strip(hallway: Hallway, minh: Client, press: Press) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            page(minh, "/intake/drafts/")
        return [one["sql"] for one in seen.captured_queries if "counters_" in one["sql"]]

    assert asked() == []
    press(minh, "sign-on", counter=hallway.counters[0].pk)
    assert len(asked()) == 1


def test_who_was_called_goes_back_into_the_line_when_the_officer_leaves(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    ticket = hallway.take()
    press(minh, "call", seen="")
    assert "sẽ trở lại hàng" in page(minh)
    press(minh, "leave")
    assert now(ticket).state == State.WAITING


def test_a_rest_with_its_reason_and_on_again(hallway: Hallway, minh: Client, press: Press) -> None:
    hallway.sit("minh", 0, "A")
    hallway.take()
    press(minh, "pause", reason="Họp giao ban")
    assert "Họp giao ban" in page(minh) and Pause.objects.get().until is None
    assert press(minh, "call", seen="").status_code == 409
    press(minh, "go-on")
    press(minh, "call", seen="")
    assert Call.objects.count() == 1


def test_a_counter_takes_other_services_at_once(hallway: Hallway, minh: Client, press: Press) -> None:
    hallway.sit("minh", 0, "A")
    hallway.take("B")
    assert "Không có ai chờ" in page(minh)
    press(minh, "services", service=[hallway.services["B"].pk])
    assert "B001" in page(minh)
    assert press(minh, "services", service=["9" * 12]).status_code == 409
    assert Serving.objects.get(until=None).service_id == hallway.services["B"].pk


# ── Calling


def test_calling_leads_to_the_intake_and_the_strip_shows_whom(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    page(minh)
    ticket = hallway.take(priority="elderly")
    assert press(minh, "call", seen="").headers["Location"] == "/intake/"
    shown = page(minh, "/intake/drafts/")
    assert "Đang gọi" in shown and ticket.label in shown
    press(minh, "opens", on="0")
    press(minh, "start", ticket=ticket.pk)
    assert press(minh, "call", seen=ticket.pk).headers["Location"] == "/counter/"
    assert now(ticket).state == State.SERVED and "Không còn ai chờ" in page(minh)


def test_one_key_sent_twice_calls_once_and_a_second_press_does_not_end_who_is_on_the_way(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    first, second = hallway.take(ago=9), hallway.take(ago=8)
    key = uuid4().hex
    for _twice in range(2):
        assert press(minh, "call", seen="", key=key).status_code == 302
    assert (now(first).state, now(second).state) == (State.CALLED, State.WAITING)
    again = press(minh, "call", seen=first.pk)
    assert again.status_code == 409 and "Bắt đầu" in again.content.decode()
    assert (now(first).state, now(second).state) == (State.CALLED, State.WAITING)


def test_an_older_page_does_not_end_a_visitor_it_never_showed(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    first, second = hallway.take(ago=9), hallway.take(ago=8)
    press(minh, "call", seen="")
    press(minh, "start", ticket=first.pk)
    press(minh, "call", seen=first.pk)  # another tab
    old = press(minh, "call", seen=first.pk)
    assert old.status_code == 409 and second.label in old.content.decode()
    assert press(minh, "finish", ticket=first.pk).status_code == 409  # moved since
    assert now(second).state == State.CALLED


def test_absent_only_after_the_calls_of_the_rule_then_kept_and_back(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    ticket = hallway.take()
    press(minh, "call", seen="")
    assert press(minh, "absent", ticket=ticket.pk).status_code == 409
    assert "gọi 2 lần nữa" in page(minh)
    for _call in range(2):
        press(minh, "recall", ticket=ticket.pk)
    press(minh, "absent", ticket=ticket.pk)
    assert "giữ đến" in page(minh) and f"{ticket.label} quay lại" in page(minh)
    press(minh, "back", ticket=ticket.pk)
    assert now(ticket).state == State.WAITING and now(ticket).line == ticket.line


def test_a_call_by_mistake_is_undone_with_the_rule_of_turns(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    service = str(hallway.services["A"].pk)
    first = hallway.take(ago=9)
    press(minh, "call", seen="")
    assert HallLine.objects.get().streaks == {service: 1}
    press(minh, "undo", ticket=first.pk)
    assert now(first).state == State.WAITING and HallLine.objects.get().streaks == {service: 0}
    elder = hallway.take(ago=8, priority="elderly")
    order = []
    hallway.take(ago=7)
    hallway.take(ago=6)
    for _turn in range(2):
        order.append(calling.call_next(actor=hallway.world.actor("minh"), at=timezone.now(), key=""))
    called = calling.call_next(actor=hallway.world.actor("minh"), at=timezone.now(), key="")
    assert called is not None and called.pk == elder.pk  # after two others
    press(minh, "undo", ticket=elder.pk)
    again = calling.call_next(actor=hallway.world.actor("minh"), at=timezone.now(), key="")
    assert again is not None and again.pk == elder.pk


def test_sent_on_with_the_place_kept_and_a_word_for_the_next_counter(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    hallway.sit("mai", 1, "B")
    ticket = hallway.take()
    press(minh, "call", seen="")
    same = press(minh, "transfer", ticket=ticket.pk, service=hallway.services["A"].pk, note="Cần bản đồ")
    assert same.status_code == 409 and 'value="Cần bản đồ"' in same.content.decode()
    press(minh, "transfer", ticket=ticket.pk, service=hallway.services["B"].pk, note="Cần bản đồ")
    moved = now(ticket)
    assert (moved.state, moved.line, moved.label) == (State.WAITING, ticket.line, ticket.label)
    theirs = page(hallway.world.client("mai"))
    assert "chuyển từ “Hộ tịch”: Cần bản đồ" in theirs


def test_the_line_says_who_is_next_and_why(hallway: Hallway, minh: Client, press: Press) -> None:
    hallway.sit("minh", 0, "A")
    for ago in (30, 20, 15):
        hallway.take(ago=ago)
    hallway.take(ago=5, priority="elderly")
    text = page(minh, "/counter/line")
    places = [text.index(one) for one in ("A001", "A002", "A004", "A003")]
    assert places == sorted(places)
    assert "đến trước" in text and "một số sau 2 số thường" in text and "lâu nhất: 30 phút" in text


def test_the_console_asks_as_much_for_a_long_line_as_for_a_short_one(hallway: Hallway, minh: Client) -> None:
    hallway.sit("minh", 0, "A")
    page(minh)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(minh, "/counter/line")
        return len(seen.captured_queries)

    hallway.take()
    short = cost()
    for _number in range(12):
        hallway.take()
    assert cost() == short


def test_the_strip_acts_in_place_and_says_what_was_refused(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    ticket = hallway.take()
    press(minh, "call", seen="")
    started = press(minh, "start", ticket=ticket.pk, strip=True, next="/intake/drafts/").content.decode()
    assert "Đang phục vụ" in started and "<html" not in started
    twice = press(minh, "start", ticket=ticket.pk, strip=True).content.decode()
    assert "không còn ở quầy" in twice
    away = press(minh, "finish", ticket=ticket.pk, next="https://example.com/").headers["Location"]
    assert away == "/counter/"


@pytest.mark.parametrize("wrong", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_ticket_that_is_none_is_refused(hallway: Hallway, minh: Client, press: Press, wrong: str) -> None:
    hallway.sit("minh", 0, "A")
    assert press(minh, "start", ticket=wrong).status_code == 409
    assert press(minh, "nonsense").status_code == 404


def test_a_counter_that_closes_while_it_calls_ends_its_visitor_and_calls_nobody_more(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    first, second = hallway.take(ago=9), hallway.take(ago=8)
    press(minh, "call", seen="")
    press(minh, "start", ticket=first.pk)
    Counter.objects.filter(pk=hallway.counters[0].pk).update(valid_to=timezone.localdate())
    refused = press(minh, "call", seen=first.pk)
    assert refused.status_code == 409 and "đã đóng" in refused.content.decode()
    press(minh, "finish", ticket=first.pk)
    press(minh, "leave")
    assert (now(first).state, now(second).state) == (State.SERVED, State.WAITING)
    assert "Quầy 1<" not in page(minh)


# ── Midnight


def test_people_who_wait_over_midnight_are_served_and_the_day_ends_when_the_officer_leaves(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A", at=timezone.now() - timedelta(days=1))
    late, left = hallway.take(ago=24 * 60), hallway.take(ago=24 * 60)
    assert "từ hôm trước" in page(minh)
    press(minh, "call", seen="")
    calling.close_day(hall_id=hallway.hall.pk, actor=SYSTEM, at=timezone.now())
    assert now(late).state == State.CALLED and now(left).state == State.WAITING
    press(minh, "finish", ticket=late.pk)
    press(minh, "leave")
    calling.close_day(hall_id=hallway.hall.pk, actor=SYSTEM, at=timezone.now())
    assert (now(late).state, now(left).state) == (State.SERVED, State.DAY_OVER)
    assert "Vào quầy" in page(minh)


def test_a_place_whose_time_is_over_is_offered_no_more(hallway: Hallway, minh: Client, press: Press) -> None:
    hallway.sit("minh", 0, "A")
    ticket = hallway.take()
    over = timezone.now() - timedelta(minutes=1)
    Ticket.objects.filter(pk=ticket.pk).update(state=State.HELD, held_until=over)
    assert "quay lại" not in page(minh)
    late = press(minh, "back", ticket=ticket.pk)
    assert late.status_code == 409 and "quá thời gian" in late.content.decode()


# ── Mistakes


def test_a_number_ended_by_mistake_is_offered_again_on_console_and_strip(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("minh", 0, "A")
    first, second = hallway.take(ago=9), hallway.take(ago=8)
    press(minh, "call", seen="")
    press(minh, "start", ticket=first.pk)
    press(minh, "finish", ticket=first.pk)
    assert f"Mở lại {first.label}" in page(minh) and f"Mở lại {first.label}" in page(minh, "/intake/drafts/")
    press(minh, "call", seen="")
    assert f"Mở lại {first.label}" in page(minh)
    press(minh, "reopen", ticket=first.pk)
    assert (now(first).state, now(second).state) == (State.SERVING, State.WAITING)
    assert "Mở lại" not in page(minh)
    assert press(minh, "reopen", ticket=first.pk).status_code == 409


def test_a_forgotten_counter_is_asked_for_and_its_officer_reads_who_sits_there(
    hallway: Hallway, minh: Client, press: Press
) -> None:
    hallway.sit("mai", 0, "A", at=timezone.now() - timedelta(minutes=30))
    shift = Shift.objects.get()
    assert "Quên rời quầy" in page(minh) and str(shift.pk) in page(minh)
    assert press(minh, "take-over", shift="x").status_code == 409
    assert press(minh, "take-over", shift=shift.pk).status_code == 302
    assert "Quầy đang trống" in page(minh)
    hers = page(hallway.world.client("mai"))
    assert "thay anh/chị lúc" in hers
