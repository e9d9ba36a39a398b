"""The screens without a browser: pairing, what each is told, and what nobody is told."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from motcua.counters.board import KEPT, READ, SHOWN, Board, speaks
from motcua.counters.machines import COOKIE
from motcua.counters.models import Device, Pairing
from motcua.counters.operations import calling, devices, halls, knocks, staffing
from motcua.counters.operations.halls import Rules
from motcua.dossiers.due_today import Due
from motcua.dossiers.states import Status
from motcua.lib import stream_tokens
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import Day, Hours, Session, WorkingCalendar
from motcua.live.halls import Halls, Screen
from motcua.sites.boards import queries, words
from motcua.sites.boards.sizes import DIGIT_ARC, INCH, TEXT_ARC, Place, letter_mm, place_of, text_px
from motcua.sites.boards.tests.conftest import Screens
from tests.harness.fixtures import PAGES, serve


def read(board: Board) -> Board:
    with connection.cursor() as cursor:
        cursor.execute(READ, board.values)
        (found,) = cursor.fetchone()
    board.take(json.loads(found) if isinstance(found, str) else found)
    return board


# ── Pairing


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("hall", "/man-hinh/sanh/"), ("counter", "/man-hinh/quay/"), ("progress", "/man-hinh/tien-do/"),
        ("waiting", "/man-hinh/cho/"), ("kiosk", "/ki-ot/"),
    ],
)  # fmt: skip
def test_a_new_browser_shows_letters_and_is_led_on_once_paired(
    screens: Screens, kind: str, address: str
) -> None:
    client, code = screens.unpaired()
    assert len(code) == 6 and client.get("/man-hinh/ma").json() == {"code": code}
    screens.pair(code, kind, 0 if kind == "counter" else None)
    assert client.get("/man-hinh/ma").json() == {"to": address}
    assert client.get("/man-hinh/").headers["Location"] == address


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(screens: Screens) -> None:
    client, _code = screens.unpaired()
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and int(cookie["max-age"]) == 400 * 86_400
    assert len(cookie.value) == 43


def test_a_screen_opens_its_own_page_and_no_other(screens: Screens) -> None:
    client = screens.paired("counter", counter=0)
    assert client.get("/man-hinh/quay/").status_code == 200
    for other in ("sanh", "cho", "tien-do"):
        assert client.get(f"/man-hinh/{other}/").headers["Location"] == "/man-hinh/"


def test_a_revoked_screen_shows_new_letters_and_can_be_paired_again(screens: Screens) -> None:
    client = screens.paired("hall")
    device = Device.objects.get()
    devices.revoke(device_id=device.pk, actor=SYSTEM, at=timezone.now(), key=uuid4().hex)
    assert client.get("/man-hinh/phieu-song").status_code == 410
    assert client.get("/man-hinh/trang-thai").status_code == 410
    assert client.get("/man-hinh/sanh/").headers["Location"] == "/man-hinh/"
    assert client.get("/man-hinh/ma").json() == {"to": "/man-hinh/"}, "its old token is worth nothing"
    code = client.get("/man-hinh/").context["code"]
    screens.pair(code, "hall")
    assert client.get("/man-hinh/sanh/").status_code == 200


@pytest.mark.parametrize("value", ["", "x", "A" * 44, "é" * 43, "' or 1=1 --", "A" * 5000])
def test_a_made_up_cookie_is_no_device(screens: Screens, value: str) -> None:
    client = Client(headers={"host": "localhost"})
    client.cookies[COOKIE] = value
    assert client.get("/man-hinh/trang-thai").status_code == 410
    assert client.get("/man-hinh/").status_code == 200


def test_letters_change_after_ten_minutes(screens: Screens) -> None:
    client, code = screens.unpaired()
    Pairing.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    assert client.get("/man-hinh/ma").json()["code"] != code


def test_letters_are_limited_by_address_and_in_all_and_the_page_says_so(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(knocks.MOST, "pair", 2)
    first, code = screens.unpaired()
    screens.unpaired()
    third = Client(headers={"host": "localhost"})
    page = third.get("/man-hinh/")
    assert page.status_code == 429 and "quá nhiều mã ghép" in page.content.decode()
    assert (
        third.get("/man-hinh/ma").status_code == 429
        and "quá nhiều" in third.get("/man-hinh/ma").json()["message"]
    )
    assert first.get("/man-hinh/ma").json() == {"code": code}, "who shows letters keeps them"
    elsewhere = Client(headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.8")
    assert elsewhere.get("/man-hinh/").status_code == 200
    monkeypatch.setattr(devices, "MOST_WAITING", 3)
    last = Client(headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.9")
    assert last.get("/man-hinh/").status_code == 429
    screens.pair(code, "hall")
    assert last.get("/man-hinh/").status_code == 200, "there is room again"


def test_letters_open_once_and_expired_ones_never(screens: Screens) -> None:
    _client, code = screens.unpaired()
    screens.pair(f" {code[:3].lower()}-{code[3:].lower()} ", "hall")
    with pytest.raises(Refusal, match="Không có thiết bị"):
        screens.pair(code, "hall")
    _other, late = screens.unpaired()
    Pairing.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(Refusal, match="Không có thiết bị"):
        screens.pair(late, "hall")
    assert Device.objects.count() == 1


# ── What is told


def test_the_state_says_calls_counters_and_who_waits_and_no_name(screens: Screens) -> None:
    world, client = screens.hall, screens.paired("hall")
    for prefix in "AAAB":
        world.take(prefix)
    world.take("A", priority="elderly")
    assert [world.label("an"), world.label("be")] == ["A001", "A002"]
    calling.start(
        ticket_id=world.taken[0].pk, actor=world.officers["an"], at=world.later(seconds=5), key=uuid4().hex
    )
    answer = client.get("/man-hinh/trang-thai")
    state = answer.json()
    assert [(one["call"], one["label"], one["counter"]) for one in state["calls"]] == [
        (1, "A001", "1"),
        (2, "A002", "2"),
    ]
    assert [(one["number"], one["state"], one["ticket"]) for one in state["counters"]] == [
        ("1", "serving", "A001"), ("2", "called", "A002"), ("3", "closed", ""),
    ]  # fmt: skip
    assert {one["prefix"]: one["waiting"] for one in state["services"]} == {"A": 2, "B": 1, "C": 0}
    assert (state["waiting"], state["last"], state["normals"]) == (3, 2, 2)
    assert "Cán bộ" not in answer.content.decode() and "elderly" not in answer.content.decode()


def test_a_pause_and_a_closed_counter_show(screens: Screens) -> None:
    world, client = screens.hall, screens.paired("hall")
    staffing.pause(actor=world.officers["an"], at=world.now, key=uuid4().hex)
    staffing.sign_off(actor=world.officers["be"], at=world.now, key=uuid4().hex)
    states = [one["state"] for one in client.get("/man-hinh/trang-thai").json()["counters"]]
    assert states == ["paused", "closed", "closed"]


def test_the_tag_spares_what_did_not_change(screens: Screens) -> None:
    world, client = screens.hall, screens.paired("hall")
    world.take()
    tag = client.get("/man-hinh/trang-thai").headers["ETag"]
    assert client.get("/man-hinh/trang-thai", headers={"If-None-Match": tag}).status_code == 304
    world.next()
    cache.clear()
    fresh = client.get("/man-hinh/trang-thai?after=0", headers={"If-None-Match": tag})
    assert fresh.status_code == 200 and fresh.json()["last"] == 1


@pytest.mark.parametrize("after", ["x", "-5", "9" * 40, "1.5", "%00", "'"])
def test_a_last_call_that_is_none_begins_anew(screens: Screens, after: str) -> None:
    client = screens.paired("hall")
    assert client.get(f"/man-hinh/trang-thai?after={after}").status_code == 200


def test_the_stream_token_names_hall_and_device(screens: Screens) -> None:
    client = screens.paired("hall")
    url = client.get("/man-hinh/phieu-song").json()["url"]
    assert url.startswith(settings.LIVE_URL)
    claims = stream_tokens.read(url.partition("token=")[2], key=settings.LIVE_KEY)
    assert (claims["hall"], claims["device"]) == (screens.hall.hall.pk, Device.objects.get().pk)


def test_a_page_is_loaded_anew_when_its_device_is_set_otherwise(screens: Screens) -> None:
    client = screens.paired("hall")
    before = client.get("/man-hinh/phieu-song").json()["stamp"]
    assert f'data-stamp="{before}"' in client.get("/man-hinh/sanh/").content.decode()
    Device.objects.update(settings={"seat_m": 10})
    assert client.get("/man-hinh/phieu-song").json()["stamp"] != before


def test_the_waiting_board_gives_ranges_and_says_where_nobody_serves(screens: Screens) -> None:
    world, client = screens.hall, screens.paired("waiting")
    for _number in range(8):
        world.take("A")
    world.take("C")
    page = client.get("/man-hinh/cho/")
    rows = {one.prefix: one for one in page.context["rows"]}
    assert (rows["A"].waiting, rows["A"].counters, rows["C"].range) == (8, 2, None)
    assert rows["A"].range.low < rows["A"].range.high
    assert "chưa mở" in page.content.decode() and "9 người đang chờ" in page.content.decode()


# ── Dossiers due today


def test_the_progress_board_says_codes_and_states_only(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    due = [
        Due("H99.1-261129-0001", Status.DONE, "granted", now), Due("H99.1-261129-0002", 4, "", now - timedelta(hours=1)),
        Due("H99.1-261129-0003", 8, "suspended", now), Due("H99.1-261129-0004", 10, "granted", now),
        Due("H99.1-261128-0009", Status.AWAITING_MONEY, "", now), Due("H99.1-261128-0003", 5, "", now),
        Due("H99.1-261128-0004", 4, "", now + timedelta(hours=1)),
    ]  # fmt: skip
    monkeypatch.setattr(queries, "due_between", lambda **_about: due)
    page = screens.paired("progress").get("/man-hinh/tien-do/")
    assert page.context["title"] == "Hẹn trả hôm nay"
    assert [(one.mark, one.words, one.codes[0][-4:]) for one in page.context["groups"]] == [
        ("good", "Có kết quả, mời nhận", "0001"), ("wait", "Chờ nộp tiền", "0009"),
        ("wait", "Chờ bổ sung giấy tờ", "0003"), ("late", "Chưa xong, quá giờ hẹn", "0002"),
        ("run", "Đang giải quyết", "0004"), ("wait", "Tạm dừng", "0003"), ("done", "Đã trả kết quả", "0004"),
    ]  # fmt: skip
    html = page.content.decode()
    assert '<b class="mc-code">H99.1-</b>' in html and ">261128-0009<" in html.replace("</span>2", ">2")


def test_a_hall_without_dossiers_due_says_so(screens: Screens) -> None:
    assert (
        "không có hồ sơ nào hẹn trả" in screens.paired("progress").get("/man-hinh/tien-do/").content.decode()
    )


def test_where_nothing_is_due_today_the_next_day_is_shown(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = timezone.localdate() + timedelta(days=2)

    def due(*, since: Any, until: Any, **_about: Any) -> list[Due]:
        assert until - since == timedelta(days=1)
        return [Due("H99.1-261129-0001", 4, "", since)] if timezone.localdate(since) == wanted else []

    monkeypatch.setattr(queries, "due_between", due)
    page = screens.paired("progress").get("/man-hinh/tien-do/")
    assert page.context["title"].startswith("Hẹn trả ") and page.context["title"].endswith(f"{wanted:%d/%m}")
    assert page.context["prefix"] == "", "one code stands whole"


@pytest.mark.parametrize(
    ("codes", "same"),
    [
        ([], ""), (["H99.1-261129-0001"], ""),
        (["H99.1-261129-0001", "H99.1-261129-0002"], "H99.1-261129-"),
        (["H99.1-261129-0001", "H99.1-261128-0001"], "H99.1-"),
        (["H99.1-261129-0001", "H99.12-261129-0002"], ""),
        (["H99.1-261129-0001", "H99.1-261129-0001"], "H99.1-261129-"), (["A", "B"], ""), (["A-1", "A"], ""),
    ],
)  # fmt: skip
def test_codes_are_cut_between_groups_and_never_to_nothing(codes: list[str], same: str) -> None:
    assert words.prefix(codes) == same
    assert all(code.removeprefix(same) for code in codes)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-27T06:00", "Mở cửa lúc 07:30 hôm nay"), ("2026-11-27T07:30", ""), ("2026-11-27T11:29", ""),
        ("2026-11-27T12:00", "Mở cửa lúc 13:00 hôm nay"), ("2026-11-27T17:00", "Mở cửa lúc 07:30 thứ Hai 30/11"),
        ("2026-11-29T10:00", "Mở cửa lúc 07:30 thứ Hai 30/11"), ("2026-12-31T20:00", "Mở cửa lúc 07:30 Chủ nhật 03/01"),
    ],
)  # fmt: skip
def test_a_closed_hall_says_when_it_opens(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, at: str, said: str
) -> None:
    sessions = (Session(time(7, 30), time(11, 30)), Session(time(13), time(17)))
    weekdays = frozenset(range(5))
    january = [Day(on=date(2027, 1, day), kind="day_off", name="Nghỉ", source="Thử") for day in (1, 2)]
    calendar = WorkingCalendar(
        code="X",
        name="X",
        hours=(
            Hours(sessions, Decimal(8), valid_to=date(2027, 1, 1), weekdays=weekdays),
            Hours(sessions, Decimal(8), valid_from=date(2027, 1, 1), weekdays=frozenset(range(7))),
        ),
        days=tuple(january),
        years=frozenset(range(2026, 2028)),
    )
    monkeypatch.setattr(queries, "working_calendar", lambda _pk: calendar)
    hall = screens.hall.hall
    hall.point.shop.agency.calendar_id = 1
    moment = datetime.fromisoformat(f"{at}:00+07:00")
    assert words.opening(queries.opens(hall, moment), moment) == said
    hall.point.shop.agency.calendar_id = None
    assert words.opening(queries.opens(hall, moment), moment) == "", "no calendar, no promise"


def test_a_wall_has_shorter_names_for_its_place(screens: Screens) -> None:
    hall = screens.hall.hall
    hall.point.shop.name = "Trung tâm Phục vụ hành chính công đặc khu Bạch Long Vĩ"
    assert queries.names(hall)[1:] == ["Một cửa đặc khu Bạch Long Vĩ", "Đặc khu Bạch Long Vĩ"]
    hall.point.shop.name, hall.point.shop.agency.short_name = "Bộ phận Một cửa", "xã Đông Hải"
    assert queries.names(hall) == ["Bộ phận Một cửa", "Một cửa xã Đông Hải", "Xã Đông Hải"]


#: What of the board stands within the window, and how small its smallest letter is.
_SEEN = """() => ({
  codes: [...document.querySelectorAll(".bd-group li:not([hidden])")].map((one) => one.innerText),
  below: [...document.querySelectorAll("li, tr, h2, .bd-foot")].filter((one) => one.getClientRects().length
    && one.getBoundingClientRect().bottom > innerHeight + 1).map((one) => one.innerText),
  wide: [...document.querySelectorAll(".mc-code, .bd-name, .bd-num, h1")].filter((one) => one.scrollWidth > one.clientWidth + 1
    && one.clientWidth).map((one) => one.innerText),
  smallest: Math.min(...[...document.querySelectorAll("main *")].filter((one) => one.getClientRects().length
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())).map((one) => parseFloat(getComputedStyle(one).fontSize))),
  rows: [...document.querySelectorAll("tbody tr:not([hidden])")].length,
})"""


@pytest.mark.browser
def test_boards_show_six_rows_with_letters_for_the_farthest_seat(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, page: Page
) -> None:
    """Five metres away on 43 inches: letters of 32 mm (AC8), and no page of a board with less than it has room for."""
    now = timezone.now()
    codes = [f"H99.1-2611{20 + number % 9}-{number:04d}" for number in range(31)]
    due = [
        Due(code, 9 if number % 4 == 0 else 4, "granted", now + timedelta(hours=1))
        for number, code in enumerate(codes)
    ]
    monkeypatch.setattr(queries, "due_between", lambda **_about: due)
    monkeypatch.setattr(settings, "LIVE_URL", "http://localhost")
    client = screens.paired("progress")
    page.context.route(PAGES, serve(client))
    pixel = 43 * INCH / (1920**2 + 1080**2) ** 0.5
    page.clock.install()
    for width, height, fewest in ((1920, 1080, 10), (1080, 1920, 8), (3840, 2160, 10)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("http://localhost/man-hinh/tien-do/")
        page.wait_for_function("() => document.querySelector('[data-page]').textContent")
        found: list[list[str]] = []
        for _turn in range(6):
            seen = page.evaluate(_SEEN)
            assert (seen["below"], seen["wide"]) == ([], []) and len(seen["codes"]) > 0
            assert seen["smallest"] * 0.7 * pixel * 1920 / max(width, 1920, height) >= 31.9
            found.append(seen["codes"])
            page.clock.run_for(12_000)
        assert len(found[0]) >= fewest
        assert {one[-4:] for turn in found for one in turn} >= {code[-4:] for code in codes[::4]}

    client = screens.paired("waiting")
    page.context.unroute_all(behavior="wait")  # the board asks again by itself: an answer may be on its way
    page.context.route(PAGES, serve(client))
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("http://localhost/man-hinh/cho/")
    seen = page.evaluate(_SEEN)
    assert (seen["rows"], seen["below"], seen["wide"]) == (3, [], [])


# ── Losing nothing


def test_a_screen_that_was_away_gets_every_call_it_missed(screens: Screens) -> None:
    world = screens.hall
    board = read(Board(world.hall.pk))
    for _number in range(SHOWN + 15):
        world.take("A")
        world.next("an")
    read(board)
    assert [one["call"] for one in board.message(3)["calls"]] == list(range(4, SHOWN + 16))
    assert len(board.message(board.last)["calls"]) == SHOWN
    assert len(board.message(-1)["calls"]) == SHOWN
    assert board.message(board.last + 9)["calls"] == board.message(-1)["calls"], (
        "from before the database was put back"
    )


def test_only_so_many_calls_are_kept_and_a_database_put_back_begins_anew() -> None:
    def told(first: int, last: int) -> dict[str, Any]:
        calls = [
            {"call": n, "label": f"A{n}", "counter": 1, "why": "line", "at": "2026-11-23T07:30:00+00:00"}
            for n in range(first, last + 1)
        ]
        voice = {"on": True, "volume": 80, "from": None, "to": None}
        rest = {
            "now": "",
            "last": last,
            "open": True,
            "normals": 2,
            "counters": [],
            "services": [],
            "devices": [],
        }
        return {**rest, "voice": voice, "calls": calls}

    board = Board(1)
    board.take(told(1, 150))
    board.take(told(151, 290))
    assert len(board.calls) == KEPT and board.calls[-1]["call"] == 290
    board.take(told(1, 5))
    assert [one["call"] for one in board.message(290)["calls"]] == [1, 2, 3, 4, 5]


def hub(*reads: Any) -> tuple[Halls, list[Board]]:
    """Return halls whose readings are these, one after the other, and the boards that asked."""
    asked: list[Board] = []

    async def answer(board: Board) -> Any:
        asked.append(board)
        await asyncio.sleep(0)
        given = reads[min(len(asked), len(reads)) - 1]
        if isinstance(given, Exception):
            raise given
        return given

    return Halls(answer), asked


def state(last: int, *, devices: tuple[int, ...] = ()) -> dict[str, Any]:
    calls = [
        {"call": last, "label": f"A{last}", "counter": 1, "why": "line", "at": "2026-11-23T07:30:00+00:00"}
    ]
    voice = {"on": False, "volume": 80, "from": None, "to": None}
    rest = {"now": "", "last": last, "open": True, "normals": 2, "counters": [], "services": []}
    return {**rest, "voice": voice, "calls": calls, "devices": list(devices)}


def run(act: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:  # a browser test that ran before leaves a running loop in this thread
        return pool.submit(asyncio.run, asyncio.wait_for(act(), 10)).result()


def test_a_burst_of_news_makes_two_readings_and_one_message_for_all() -> None:
    async def act() -> tuple[int, set[bytes]]:
        halls_, asked = hub(state(1), state(9))
        screens = [Screen(hall=7, device=0, after=-1) for _number in range(50)]
        for one in screens:
            halls_.enter(one)
        for _number in range(200):
            halls_.moved(7)
        await asyncio.sleep(0.05)
        for _number in range(200):
            halls_.moved(7)
        await asyncio.sleep(0.05)
        return len(asked), {halls_.event(one) for one in screens}

    readings, messages = run(act)
    assert readings == 2 and len(messages) == 1


def test_a_revoked_screen_is_told_so_and_others_are_not() -> None:
    async def act() -> list[bool]:
        halls_, _asked = hub(state(1, devices=(1, 2)), state(1, devices=(2,)))
        one, two, free = (Screen(hall=7, device=number, after=-1) for number in (1, 2, 0))
        for screen in (one, two, free):
            halls_.enter(screen)
        await asyncio.sleep(0.05)
        before = one.revoked
        halls_.moved(7)
        await asyncio.sleep(0.05)
        return [before, one.revoked, two.revoked, free.revoked]

    assert run(act) == [False, True, False, False]


def test_a_reading_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> int:
        halls_, asked = hub(OSError("away"), state(4))
        screen = Screen(hall=7, device=0, after=-1)
        halls_.enter(screen)
        await asyncio.wait_for(screen.bell.wait(), 5)
        return len(asked)

    assert run(act) == 2


def test_a_hall_that_nobody_looks_at_is_not_read_and_one_that_is_not_there_harms_nobody() -> None:
    async def act() -> tuple[int, int]:
        halls_, asked = hub(None)
        halls_.moved(7)
        screen = Screen(hall=7, device=0, after=-1)
        halls_.enter(screen)
        await asyncio.sleep(0.02)
        halls_.leave(screen)
        halls_.leave(screen)
        halls_.moved(7)
        await asyncio.sleep(0.02)
        return len(asked), len(halls_)

    assert run(act) == (1, 0)


# ── Voice and sizes


@pytest.mark.parametrize(
    ("start", "end", "hour", "spoken"),
    [
        (None, None, "12:00", True), ("11:30", "13:30", "12:00", False), ("11:30", "13:30", "13:30", True),
        ("11:30", "13:30", "11:30", False), ("17:00", "07:00", "23:59", False), ("17:00", "07:00", "06:59", False),
        ("17:00", "07:00", "12:00", True),
    ],
)  # fmt: skip
def test_quiet_hours_are_of_the_local_day_and_may_pass_midnight(
    start: Any, end: Any, hour: str, spoken: bool
) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{hour}:00+07:00").astimezone(tz=None)
    assert speaks({"on": True, "from": start, "to": end}, at) is spoken
    assert not speaks({"on": False, "from": start, "to": end}, at)


def test_quiet_hours_reach_the_screens(screens: Screens) -> None:
    world = screens.hall
    halls.set_rules(
        hall_id=world.hall.pk, rules=Rules(quiet_from=time(7, 0), quiet_to=time(7, 40)), actor=SYSTEM, at=world.now, key=""
    )  # fmt: skip
    for minutes in (0, 20):
        world.later(minutes=minutes)
        world.take()
        world.next()
    assert [one["voice"] for one in read(Board(world.hall.pk)).message(0)["calls"]] == [False, True]


def test_letters_are_as_large_as_the_farthest_seat_needs() -> None:
    """AC8: 128 mm for digits and 64 mm for text at 10 m."""
    assert letter_mm(10, DIGIT_ARC) == pytest.approx(128, abs=0.5)
    assert letter_mm(10, TEXT_ARC) == pytest.approx(64, abs=0.5)
    for width, height in ((1920, 1080), (1080, 1920), (3840, 2160)):
        pixel = 43 * INCH / (width**2 + height**2) ** 0.5
        assert text_px(Place(10, 43), width, height) * 0.7 * pixel == pytest.approx(64, abs=0.5)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"seat_m": "x", "inches": None},
        {"seat_m": -1, "inches": 0},
        {"seat_m": True},
        {"seat_m": 1e9},
    ],
)
def test_settings_that_make_no_sense_are_the_usual_ones(given: dict[str, Any]) -> None:
    assert place_of(given) == Place(5, 43)
    assert place_of({"seat_m": 8, "inches": 55.0}) == Place(8, 55)
