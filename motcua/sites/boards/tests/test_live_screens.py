"""The real live process, the real web process and a real browser: calls on the wall, cut cables, revoked screens."""

import asyncio
import itertools
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page, Playwright, expect

from bench.streams import Listening
from motcua.cli.run import pytest_plugin
from motcua.cli.run.installation import wait_until_answers
from motcua.cli.run.processes import free_port
from motcua.config.database import PROGRAM_ROLE
from motcua.counters.models import Call, Device
from motcua.counters.operations import calling, devices, tickets, voices
from motcua.counters.tests.hall_world import KIOSK, HallWorld, begin
from motcua.counters.tests.voice_world import tone
from motcua.counters.voice import queries, sound
from motcua.lib.actor import SYSTEM
from motcua.sites.boards.sizes import INCH
from motcua.ui.routing import set_database_actor
from tests.harness.live import _GRANIAN
from tests.harness.programs import chromium
from tests.harness.screens import overflow
from tests.harness.screens import screens as pictures


@dataclass
class Running:
    """A hall on its own database with its processes."""

    world: HallWorld
    web: int
    live: int
    processes: list[subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.web}"

    def act(self, operation: Any, actor: Any = SYSTEM, **given: Any) -> Any:
        """Carry one operation out, committed, as a request does."""
        with transaction.atomic():
            set_database_actor(SYSTEM)
            return operation(actor=actor, at=timezone.now(), key=uuid4().hex, **given)

    def take(self, count: int = 1) -> None:
        for _number in range(count):
            ticket = self.act(tickets.issue, KIOSK, service_id=self.world.services["A"].pk, channel="kiosk")
            self.act(tickets.confirm, KIOSK, ticket_id=ticket.pk)

    def call(self, name: str = "an") -> Any:
        return self.act(calling.call_next, self.world.officers[name])

    def signal(self, number: int) -> None:
        """Freeze or wake web and live processes with their children, as a switch that lost its power."""
        for process in self.processes:
            os.killpg(process.pid, number)


@pytest.fixture(scope="module")
def hall(django_db_setup: None, django_db_blocker: Any) -> Iterator[Running]:
    name = f"wall_{uuid4().hex[:12]}"
    pytest_plugin._sql(f"create database {name} template {pytest_plugin.TEMPLATE}")
    program = replace(pytest_plugin.cluster.address(PROGRAM_ROLE, pytest_plugin._PASSWORD), name=name)
    web = free_port(31_000 + random.randrange(8_000))
    live = free_port(web + 1)
    environment = os.environ | {
        "MOTCUA_DATABASE_URL": program.url(), "MOTCUA_PORT": str(web), "MOTCUA_LIVE_PORT": str(live),
        "MOTCUA_LOG_LEVEL": "ERROR", "MOTCUA_DATABASE_ADMIN_URL": "",
    }  # fmt: skip
    before = connections["default"].settings_dict["NAME"]
    processes: list[subprocess.Popen[bytes]] = []
    with django_db_blocker.unblock():
        connection.close()
        connections["default"].settings_dict["NAME"] = name
        try:
            world = begin()
            with transaction.atomic():
                set_database_actor(SYSTEM)
                world.now = timezone.now()
                world.sit("an", 0, "A", "B")
                world.sit("be", 1, "A")
            wsgi = [
                "--interface",
                "wsgi",
                "--port",
                str(web),
                "--blocking-threads",
                "8",
                "motcua.config.wsgi:application",
            ]
            asgi = ["--interface", "asginl", "--port", str(live), "motcua.live.app:app"]
            for command in (wsgi, asgi):
                started = subprocess.Popen([*_GRANIAN, *command], env=environment, start_new_session=True)
                processes.append(started)
            wait_until_answers(web, "127.0.0.1", 60)
            yield Running(world, web, live, processes)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=15)
            connection.close()
            connections["default"].settings_dict["NAME"] = before
    pytest_plugin._sql(f"drop database {name} with (force)")


def listening(hall: Running, count: int = 1, device: int = 0) -> list[Listening]:
    return [Listening(hall.live, hall.world.hall.pk, settings.LIVE_KEY, device) for _number in range(count)]


def aside(act: Any) -> Any:
    """Run a coroutine in a thread of its own: a browser test leaves a running loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asyncio.wait_for(act(), 60)).result()


async def until(condition: Any, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.02)


def test_calls_made_at_once_reach_every_screen_in_order_though_cables_are_pulled(hall: Running) -> None:
    """Two counters call as fast as they can; forty screens are cut off three times meanwhile."""
    hall.take(30)
    made: list[int] = []

    def work(name: str) -> None:
        for _number in range(12):
            if hall.call(name):
                made.append(1)
        connection.close()

    async def act() -> list[Listening]:
        screens = listening(hall, 40)

        async def stay(screen: Listening) -> None:
            while True:
                await screen.listen()

        tasks = [asyncio.create_task(stay(one)) for one in screens]
        await until(lambda: all(one.state for one in screens))
        first = screens[0].last
        threads = [threading.Thread(target=work, args=(name,)) for name in ("an", "be")]
        for one in threads:
            one.start()
        for _cut in range(3):
            await asyncio.sleep(0.15)
            for screen in screens:
                screen.cut()
        while any(one.is_alive() for one in threads):
            await asyncio.sleep(0.02)
        await until(lambda: all(one.last == first + len(made) for one in screens))
        for task in tasks:
            task.cancel()
        return screens

    screens = aside(act)
    assert len(made) == 24
    first = screens[0].last - len(made)
    for screen in screens:
        assert [number for number, _at in screen.calls] == list(range(first + 1, first + len(made) + 1))


def test_a_sign_of_life_comes_every_two_seconds(hall: Running) -> None:
    async def act() -> list[float]:
        (screen,) = listening(hall)
        task = asyncio.create_task(screen.listen())
        await until(lambda: len(screen.beats) >= 3, 8)
        task.cancel()
        return screen.beats

    beats = aside(act)
    assert max(b - a for a, b in itertools.pairwise(beats)) < 2


def test_a_token_opens_once_and_a_revoked_device_is_shut_out(hall: Running) -> None:
    async def act(device: int) -> Listening:
        (screen,) = listening(hall, device=device)
        await asyncio.wait_for(screen.listen(), 8)
        return screen

    assert aside(lambda: act(987_654)).revoked, "no device of this hall"


@pytest.mark.long
@pytest.mark.browser
def test_a_call_stands_on_the_wall_and_a_lost_link_and_a_revoked_screen_show(
    hall: Running, page: Page
) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{hall.address}/man-hinh/")
    code = page.locator("[data-code]").get_attribute("data-code")
    assert code
    pictures(page, "boards-door", (360, 768, 1366))
    page.set_viewport_size({"width": 1920, "height": 1080})
    device: Device = hall.act(devices.pair, hall_id=hall.world.hall.pk, kind="hall", name="Tường", code=code)
    page.wait_for_url(f"{hall.address}/man-hinh/sanh/", timeout=8000)
    expect(page.locator("main[data-last]")).to_be_attached(timeout=8000)
    expect(page.locator("[data-foot]")).to_contain_text("Cứ 2 số thường", timeout=45_000)

    speak(hall, on=False)  # how long a call is spoken is another test's
    hall.take(3)
    started = time.monotonic()
    ticket = hall.call("an")
    expect(page.locator("[data-now] [data-label]")).to_have_text(ticket.label, timeout=2000)
    assert time.monotonic() - started < 1.5
    # Two more at once: the first stands its five seconds, then the second.
    second, third = hall.call("be"), hall.call("an")
    assert second and third
    page.wait_for_timeout(1500)
    expect(page.locator("[data-now] [data-label]")).to_have_text(ticket.label)
    expect(page.locator("[data-now] [data-label]")).to_have_text(second.label, timeout=6000)
    at = time.monotonic()
    expect(page.locator("[data-now] [data-label]")).to_have_text(third.label, timeout=8000)
    assert time.monotonic() - at > 4.5
    expect(page.locator("[data-list=before] li").first).to_contain_text(second.label)
    assert overflow(page) == []  # the page table may meet the hall before anybody was called
    page.set_viewport_size({"width": 1920, "height": 1080})

    # AC8 on a 43-inch screen five metres away: 64 mm of digits, 32 mm of any other letter.
    pixel = 43 * INCH / (1920**2 + 1080**2) ** 0.5
    digits = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('[data-now] [data-label]')).fontSize)"
    )
    assert digits * 0.7 * pixel >= 63.9
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("main *")].filter((one) => one.getClientRects().length
            && !one.closest(".mc-sr") && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest * 0.7 * pixel >= 31.9

    # The power of the switch goes: within five seconds the screen says so; what was called meanwhile is not lost.
    hall.take(1)
    hall.signal(signal.SIGSTOP)
    try:
        expect(page.locator("[data-lost]")).to_be_visible(timeout=5000)
        missed = hall.call("be")
    finally:
        hall.signal(signal.SIGCONT)
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=8000)
    expect(page.locator("[data-now] [data-label]")).to_have_text(missed.label, timeout=8000)

    hall.act(devices.revoke, device_id=device.pk)
    page.wait_for_url(f"{hall.address}/man-hinh/", timeout=4000)
    expect(page.locator("[data-code]")).to_be_visible()
    assert page.complaints == [] or all("Failed to load" in one or "ERR_" in one for one in page.complaints)  # type: ignore[attr-defined]


# ── Voice


def speak(
    hall: Running, *, on: bool = True, volume: int = 80, accent: str = "vi", quiet: Any = (None, None)
) -> None:
    """Set how the hall speaks."""
    hall.act(
        voices.set_voice, hall_id=hall.world.hall.pk, voice_on=on, accent=accent, volume=volume,
        quiet_from=quiet[0], quiet_to=quiet[1],
    )  # fmt: skip


def announcer(hall: Running) -> str:
    """Record somebody who reads every word as a tone of a fifth of a second."""
    given = {"hall_id": hall.world.hall.pk}
    voice = hall.act(voices.open_voice, name=f"Cô {uuid4().hex[:4]}", accent="vi", **given)
    for place, word in enumerate(queries.needed(voice.agency_id)):
        audio = sound.wav(tone(300 + 40 * place, seconds=0.2))
        hall.act(voices.keep_clip, voice_id=voice.pk, word=word, audio=audio, **given)
    return f"own-{voice.pk}"


#: Every sound the page plays: from when to when, how far it came, how loud the element is.
_EARS = """
window.heard = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const one = { src: this.src, element: this, from: 0, to: 0, refused: "" };
  window.heard.push(one);
  this.addEventListener("playing", () => { one.from ||= performance.now(); });
  this.addEventListener("pause", () => { one.to ||= performance.now(); });
  const begun = play.call(this);
  begun.catch((fault) => { one.refused = fault.name; });
  return begun;
};
"""
_HEARD = """() => window.heard.map(({ src, from, to, refused, element }) =>
  ({ src, from, to, refused, at: element.currentTime, length: element.duration, volume: element.volume }))"""
#: What a browser does before the first touch; the driver's own questions count as touches, so it never does it here.
_FORBIDS = """
let touched = false;
addEventListener("pointerdown", (event) => { touched ||= event.isTrusted; }, true);
const plays = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (touched) return plays.call(this);
  return Promise.reject(new DOMException("not touched yet", "NotAllowedError"));
};
"""
#: The loudest sample of a sound that was served, as the browser decodes it.
_PEAK = """async (src) => {
  const sent = await (await fetch(src)).arrayBuffer();
  const read = await new OfflineAudioContext(1, 1, 22050).decodeAudioData(sent);
  return read.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}"""


def wall(hall: Running, browser: Browser, *scripts: str) -> Page:
    """Return a page that was paired as the hall's screen."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    for script in (*scripts, _EARS):
        page.add_init_script(script)
    page.goto(f"{hall.address}/man-hinh/")
    code = page.locator("[data-code]").get_attribute("data-code")
    hall.act(devices.pair, hall_id=hall.world.hall.pk, kind="hall", name="Tường", code=code)
    page.wait_for_url(f"{hall.address}/man-hinh/sanh/", timeout=8000)
    expect(page.locator("main[data-last]")).to_be_attached(timeout=8000)
    return page


@pytest.mark.long
@pytest.mark.browser
def test_calls_are_heard_one_after_the_other_and_quiet_hours_are_silent(
    hall: Running, playwright: Playwright
) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
    try:
        accent = announcer(hall)
        speak(hall, accent=accent, volume=35)
        page = wall(hall, browser)
        hall.take(3)
        first, second = hall.call("an"), hall.call("be")
        page.wait_for_function(
            "() => window.heard.length === 2 && window.heard[1].element.currentTime > 0.5", timeout=30_000
        )
        one, two = page.evaluate(_HEARD)
        last = Call.objects.filter(ticket=second).latest("number").number
        assert [src.rpartition("/")[2] for src in (one["src"], two["src"])] == [
            f"{last - 1}.wav",
            f"{last}.wav",
        ]
        assert first.label != second.label and one["refused"] == two["refused"] == ""
        assert one["at"] == pytest.approx(one["length"], abs=0.2), "played to its end"
        assert 5 < one["length"] < 25 and 0 < one["from"] < one["to"] <= two["from"], "never two at once"
        assert one["volume"] == two["volume"] == pytest.approx(0.35)
        assert all(page.evaluate(_PEAK, src) > 0.1 for src in (one["src"], two["src"])), "not silent"
        assert page.locator("[data-mute]").is_hidden()

        now = timezone.localtime()
        quiet = ((now - timedelta(minutes=2)).time(), (now + timedelta(minutes=30)).time())
        speak(hall, accent=accent, quiet=quiet)
        third = hall.call("an")
        expect(page.locator("[data-now] [data-label]")).to_have_text(third.label, timeout=20_000)
        page.wait_for_timeout(300)
        assert len(page.evaluate(_HEARD)) == 2, "quiet hours"
        page.close()
    finally:
        browser.close()
        speak(hall, on=False)


@pytest.mark.long
@pytest.mark.browser
def test_where_the_browser_forbids_sound_a_touch_lets_it_be_heard(hall: Running, browser: Browser) -> None:
    speak(hall, accent=announcer(hall), volume=100)
    page = wall(hall, browser, _FORBIDS)
    try:
        hall.take(1)
        ticket = hall.call("an")
        button = page.get_by_role("button", name="Bật tiếng")
        expect(button).to_be_visible(timeout=8000)
        expect(page.locator("[data-now] [data-label]")).to_have_text(ticket.label)
        assert page.evaluate(_HEARD)[0]["refused"] == "NotAllowedError"
        expect(page.locator("[data-now][data-new]")).to_have_count(0, timeout=8000)
        button.click()
        page.wait_for_function(
            "() => window.heard.length === 2 && window.heard[1].element.currentTime > 0.3", timeout=8000
        )
        expect(button).to_be_hidden()
    finally:
        page.close()
        speak(hall, on=False)


# ── Days


@pytest.mark.browser
def test_a_screen_that_slept_a_day_shows_the_calls_of_today_alone(hall: Running, page: Page) -> None:
    """Yesterday's calls are on no screen; what was called while the machine slept is there when it wakes."""
    speak(hall, on=False)
    yesterday = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        about = {"actor": KIOSK, "at": yesterday}
        service = hall.world.services["B"].pk
        old = tickets.issue(service_id=service, channel="kiosk", key=uuid4().hex, **about)
        tickets.confirm(ticket_id=old.pk, key=uuid4().hex, **about)
        called = calling.call_next(actor=hall.world.officers["an"], at=yesterday, key=uuid4().hex)
    assert called is not None
    hall.take(2)
    page.clock.install()
    page.goto(f"{hall.address}/man-hinh/")
    code = page.locator("[data-code]").get_attribute("data-code")
    hall.act(devices.pair, hall_id=hall.world.hall.pk, kind="hall", name="Tường", code=code)
    page.wait_for_url(f"{hall.address}/man-hinh/sanh/", timeout=8000)
    expect(page.locator("main[data-last]")).to_be_attached(timeout=8000)
    assert called.label not in page.locator("[data-now], [data-part=before]").all_inner_texts()
    before = hall.call("be")
    label = page.locator("[data-now] [data-label]")
    expect(label).to_have_text(before.label, timeout=5000)
    hall.signal(signal.SIGSTOP)  # while a machine sleeps it hears nothing
    try:
        page.clock.fast_forward("24:00:00")
        expect(page.locator("[data-lost]")).to_be_visible(timeout=5000)
        expect(page.locator("[data-none]")).to_be_visible()
        missed = hall.call("be")
    finally:
        hall.signal(signal.SIGCONT)
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=12_000)
    expect(label).to_have_text(missed.label, timeout=8000)
    expect(page.locator("[data-list=before] li").first).to_contain_text(before.label)
    shown = page.locator("[data-part=before]").inner_text()
    assert (
        Call.objects.filter(hall=hall.world.hall, ticket=called).exists() and f"{called.label}\n" not in shown
    )
