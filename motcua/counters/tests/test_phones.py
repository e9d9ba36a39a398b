"""Numbers on phones: place and range, keeping, giving back, the code of the entrance, limits. Through the pages."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.counters import entrance, phone_words, standing
from motcua.counters.estimates import Range
from motcua.counters.models import Knock, Ticket
from motcua.counters.models.hall import Entrance
from motcua.counters.operations import bookings, calling, knocks, phones, tickets
from motcua.counters.operations import slots as slot_acts
from motcua.counters.states import State
from motcua.counters.tests.hall_world import KIOSK, HallWorld
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def today(hall: HallWorld) -> Iterator[HallWorld]:
    """The hall at half past nine of its Monday, for the pages too: they ask what time it is."""
    with time_machine.travel(hall.now.replace(hour=9, minute=30), tick=True):
        hall.now = timezone.now() - timedelta(minutes=20)
        yield hall


@pytest.fixture
def phone() -> Client:
    return Client(HTTP_HOST="localhost")


def page(phone: Client, ticket: Ticket, **headers: str) -> Any:
    return phone.get(f"/so/{ticket.token}/", {"phan": "1"}, headers=headers)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# ── The page of a number


def test_it_says_place_and_a_range_and_moves_with_the_line(today: HallWorld, phone: Client) -> None:
    for _number in range(6):
        today.take("A")
    mine = today.take("A")
    first = page(phone, mine)
    assert first.status_code == 200 and "Trước anh/chị còn 6 người" in text(first)
    assert re.search(r"khoảng \d+ đến \d+ phút|trong khoảng \d+ phút tới", text(first))
    for _call in range(3):
        today.next("be")
    said = text(page(phone, mine))
    assert "Sắp đến lượt: còn 3 lượt" in said and 'data-news="near"' in page(phone, mine).content.decode()
    for _call in range(3):
        today.next("be")
    assert "anh/chị là người tiếp theo" in text(page(phone, mine))
    today.next("be")
    called = page(phone, mine)
    assert "Quầy số 2" in text(called) and 'data-news="called-' in called.content.decode()


def test_nothing_is_sent_and_little_is_asked_while_nothing_changes(today: HallWorld, phone: Client) -> None:
    today.take("A")
    mine = today.take("A")
    first = page(phone, mine)
    with CaptureQueriesContext(connection) as asked:
        again = page(phone, mine, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) == 2
    today.next("be")
    assert page(phone, mine, **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert page(phone, mine, **{"If-None-Match": f"W/{first.headers['ETag']}"}).status_code == 200


def test_the_place_follows_the_rule_of_calling(today: HallWorld) -> None:
    plain = [today.take("A") for _number in range(4)]
    old = today.take("A", priority="elderly")
    found = {one.label: standing.of_token(one.token, today.now).before for one in [*plain, old]}
    assert found == {"A001": 0, "A002": 1, "A005": 2, "A003": 3, "A004": 4}


def test_a_service_without_a_counter_has_no_range(today: HallWorld, phone: Client) -> None:
    assert "chưa có quầy nào nhận" in text(page(phone, today.take("C")))


def test_looking_keeps_nothing_and_the_button_does(today: HallWorld, phone: Client) -> None:
    mine = today.take("A", real=False)
    assert "Tôi giữ số này" in text(phone.get(f"/so/{mine.token}/")) and fresh(mine).state == State.PENDING
    for _time in range(2):
        assert phone.post(f"/so/{mine.token}/giu/").status_code == 302
    assert fresh(mine).state == State.WAITING and fresh(mine).real_at is not None
    assert phone.get(f"/so/{mine.token}/giu/").status_code == 405


def test_given_back_once_and_for_good(today: HallWorld, phone: Client) -> None:
    mine, other = today.take("A"), today.take("A")
    for _time in range(2):
        assert phone.post(f"/so/{mine.token}/bo/").status_code == 302
    assert fresh(mine).state == State.CANCELLED and "đã bỏ số này" in text(page(phone, mine))
    assert phone.post(f"/so/{mine.token}/giu/").status_code == 302
    assert fresh(mine).state == State.CANCELLED and today.label("be") == other.label


def test_a_called_number_is_not_given_back(today: HallWorld, phone: Client) -> None:
    mine = today.take("A")
    today.next("be")
    refused = phone.post(f"/so/{mine.token}/bo/")
    assert refused.status_code == 409 and "đang ở trạng thái" in text(refused)


def absent(today: HallWorld, mine: Ticket) -> None:
    today.next("be")
    for _again in range(2):
        calling.recall(
            ticket_id=mine.pk, actor=today.officers["be"], at=today.later(seconds=20), key=uuid4().hex
        )
    calling.no_show(ticket_id=mine.pk, actor=today.officers["be"], at=today.now, key=uuid4().hex)


def test_who_was_absent_comes_back_in_time(today: HallWorld, phone: Client) -> None:
    mine = today.take("A")
    today.now = timezone.now() - timedelta(minutes=3)
    absent(today, mine)
    assert "Quay lại trong 13 phút" in text(page(phone, mine)) or "phút thì vẫn ở chỗ cũ" in text(
        page(phone, mine)
    )
    assert phone.post(f"/so/{mine.token}/quay-lai/").status_code == 302
    assert fresh(mine).state == State.WAITING


def test_who_comes_back_too_late_is_told_what_to_do(today: HallWorld, phone: Client) -> None:
    mine = today.take("A")
    absent(today, mine)
    assert "Đã quá thời gian giữ chỗ" in text(page(phone, mine))
    late = phone.post(f"/so/{mine.token}/quay-lai/")
    assert late.status_code == 409 and "lấy số mới" in text(late) and fresh(mine).state == State.HELD


@pytest.mark.parametrize("token", ["khong-co", "x" * 22, "a" * 40, "%00" * 8, "../../so"])
def test_a_secret_that_nobody_was_given_opens_nothing(hall: HallWorld, phone: Client, token: str) -> None:
    assert phone.get(f"/so/{token}/").status_code in {400, 404}
    assert phone.post(f"/so/{token}/bo/").status_code in {400, 404}


def test_a_number_of_yesterday_says_that_its_day_is_over(today: HallWorld, phone: Client) -> None:
    mine = today.take("B")
    calling_hall = today.hall.pk
    for name in ("an", "be"):
        from motcua.counters.operations import staffing

        staffing.sign_off(actor=today.officers[name], at=today.now, key=uuid4().hex)
    calling.close_day(hall_id=calling_hall, actor=SYSTEM, at=today.now + timedelta(days=1))
    said = page(phone, mine)
    assert "Hết ngày" in text(said) and 'data-every="0"' in said.content.decode()


def test_a_range_is_never_one_number() -> None:
    said = [
        phone_words.waiting(one)
        for one in (Range(0, 1), Range(0, 5), Range(4, 11), Range(22, 41), Range(55, 130))
    ]
    assert said == [
        "trong khoảng 3 phút tới", "trong khoảng 5 phút tới", "sau khoảng 4 đến 11 phút", "sau khoảng 20 đến 45 phút",
        "sau khoảng 55 phút đến 2 giờ 10 phút",
    ]  # fmt: skip
    assert phone_words.waiting(None) == ""


# ── The entrance


def choose(phone: Client, hall: HallWorld, code: str, **data: Any) -> Any:
    return phone.post(f"/lay-so/{hall.hall.pk}/{code}/", {"key": uuid4().hex, **data})


def test_two_touches_after_the_scan(today: HallWorld, phone: Client) -> None:
    code = entrance.code_of(today.hall, timezone.now())
    shown = phone.get(f"/lay-so/{today.hall.pk}/{code}/")
    assert shown.status_code == 200 and "Hộ tịch" in text(shown)
    drawn = choose(phone, today, code.lower(), service=today.services["A"].pk)
    mine = Ticket.objects.get()
    assert drawn.headers["Location"] == f"/so/{mine.token}/" and mine.state == State.WAITING
    assert mine.channel == "phone" and phone.get("/so/").headers["Location"] == f"/so/{mine.token}/"


def test_one_phone_takes_one_number_unless_it_says_for_whom(today: HallWorld, phone: Client) -> None:
    code, service = entrance.code_of(today.hall, timezone.now()), today.services["A"].pk
    choose(phone, today, code, service=service)
    again = choose(phone, today, code, service=service)
    assert "đã có số A001" in text(again) and Ticket.objects.count() == 1
    assert choose(phone, today, code, more=service).status_code == 302
    assert choose(phone, today, code, service=today.services["B"].pk).status_code == 302
    enough = choose(phone, today, code, more=service)
    assert enough.status_code == 409 and "đang giữ 3 số" in text(enough) and Ticket.objects.count() == 3


def test_a_double_press_is_one_number(today: HallWorld) -> None:
    code, key = entrance.code_of(today.hall, timezone.now()), uuid4().hex
    for _press in range(2):
        choose(Client(HTTP_HOST="localhost"), today, code, service=today.services["A"].pk, key=key)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("code", ["ZZZZZ", "00000", "ấấấấấ", "x" * 60, "A"])
def test_a_wrong_code_draws_nothing(today: HallWorld, phone: Client, code: str) -> None:
    assert choose(phone, today, code, service=today.services["A"].pk).status_code == 403
    assert Ticket.objects.count() == 0 and Knock.objects.filter(kind="code").count() == 1


def test_the_code_of_the_door_is_of_its_day_and_hall(today: HallWorld) -> None:
    now = timezone.now()
    code = entrance.code_of(today.hall, now)
    assert entrance.opens(today.hall, f" {code[:2]} {code[2:]} ".lower(), now)
    assert not entrance.opens(today.hall, code, now + timedelta(days=1))
    today.hall.entrance = Entrance.LIVE
    live = entrance.code_of(today.hall, now)
    assert live != code and entrance.opens(today.hall, live, now + entrance.TURN)
    assert not entrance.opens(today.hall, live, now + 2 * entrance.TURN)
    today.hall.entrance = Entrance.OFF
    assert entrance.code_of(today.hall, now) == "" and not entrance.opens(today.hall, "", now)


def test_guessing_the_code_is_stopped(
    today: HallWorld, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(knocks.MOST, "code", 5)
    for number in range(knocks.MOST["code"] + 1):
        last = phone.get(f"/lay-so/{today.hall.pk}/ZZZ{number:02d}/")
    assert "quá nhiều lần" in text(last)
    right = phone.get(f"/lay-so/{today.hall.pk}/{entrance.code_of(today.hall, timezone.now())}/")
    assert right.status_code == 403  # from there nothing more is looked at
    assert phone.get(f"/lay-so/{today.hall.pk}/", REMOTE_ADDR="10.1.2.3").status_code == 200


def test_knocks_are_kept_for_their_day_without_the_address(today: HallWorld) -> None:
    now = timezone.now()
    knocks.knock("book", address="203.0.113.9", at=now - timedelta(days=1))
    knocks.knock("book", address="203.0.113.9", at=now)
    (kept,) = Knock.objects.all()
    assert b"203" not in bytes(kept.who) and kept.at == now


def test_a_closed_entrance_and_a_service_of_another_hall(today: HallWorld, phone: Client) -> None:
    code = entrance.code_of(today.hall, timezone.now())
    assert "Không tìm thấy nhóm việc" in text(choose(phone, today, code, service=10**8))
    for bad in ("abc", "-1", "9" * 30, ""):
        assert choose(phone, today, code, service=bad).status_code == 409
    assert choose(phone, today, code, service=today.services["A"].pk, priority="king").status_code == 409
    with pytest.raises(NotPermitted):
        phones.set_entrance(
            hall_id=today.hall.pk, how="off", actor=today.officers["an"], at=today.now, key=""
        )
    phones.set_entrance(hall_id=today.hall.pk, how="off", actor=SYSTEM, at=today.now, key="")
    assert choose(phone, today, code, service=today.services["A"].pk).status_code == 403
    assert Ticket.objects.count() == 0


def test_a_booking_is_checked_in_on_the_phone(today: HallWorld, phone: Client) -> None:
    soon = timezone.localtime() + timedelta(minutes=20)
    soon = soon.replace(minute=soon.minute // 5 * 5, second=0, microsecond=0)
    code, url = entrance.code_of(today.hall, timezone.now()), "http://localhost/lich-hen/{}/"
    slot_acts.add_rules(
        service_id=today.services["A"].pk, weekdays=[soon.weekday()], from_time=soon.time().replace(tzinfo=None),
        to_time=(soon + timedelta(minutes=30)).time().replace(tzinfo=None), minutes=30, capacity=2,
        valid_from=timezone.localdate(), actor=SYSTEM, at=timezone.now(), key="",
    )  # fmt: skip
    made = bookings.book(
        service_id=today.services["A"].pk,
        starts_at=soon,
        channel="web",
        actor=KIOSK,
        at=timezone.now(),
        key="k",
    )
    wrong = choose(phone, today, code, lich="QQQQQQ")
    assert wrong.status_code == 409 and Knock.objects.filter(kind="code").count() == 1
    for typed in (f" {made.code[:3].lower()} {made.code[3:]}", url.format(made.token), made.token):
        assert choose(phone, today, code, lich=typed).status_code == 302
    mine = Ticket.objects.get()
    assert mine.state == State.WAITING and mine.booked_for == made.slot.starts_at
    assert f"lịch hẹn {soon:%H:%M}" in text(page(phone, mine))


def test_before_leaving_home(today: HallWorld, phone: Client) -> None:
    for _number in range(3):
        today.take("A")
    said = text(phone.get(f"/sanh/{today.hall.pk}/"))
    assert "3 người đang chờ" in said and "chưa có quầy nhận lúc này" in said and "Quay lại kịp" in said
    assert "Sảnh chính" in text(phone.get("/sanh/")) and "Sảnh chính" in text(phone.get("/sanh/?tim=xa+thu"))
    assert "Thử gõ ngắn hơn" in text(phone.get("/sanh/?tim=khong+co"))
    assert phone.get("/sanh/99999999/").status_code == 404


def test_a_phone_reads_english_when_it_asks(today: HallWorld, phone: Client) -> None:
    phone.cookies["motcua-lang"] = "en"
    today.take("A")
    assert "before you" in text(page(phone, [today.take("A") for _one in range(6)][-1]))


def test_cancelling_twice_at_once_is_told_by_state(today: HallWorld) -> None:
    mine = today.take("A")
    tickets.cancel(token=mine.token, actor=PUBLIC, at=today.now, key="a")
    with pytest.raises(Refusal):
        tickets.cancel(token=mine.token, actor=PUBLIC, at=today.now, key="b")
    with pytest.raises(NotFound):
        standing.of_token("", datetime.now(tz=timezone.get_current_timezone()))
