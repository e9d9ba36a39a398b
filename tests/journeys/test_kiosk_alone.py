"""The kiosk without its server, and a phone's notification: a real browser, a real socket, the cable pulled."""

import json
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from motcua.counters.models import HelpCall, Ticket
from motcua.counters.operations import helping
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.dossiers.tests.intake_world import build as build_world
from motcua.lib.actor import SYSTEM
from motcua.sites.kiosk.tests.kiosk_hall import Kiosk, pair
from motcua.ui.routing import set_database_actor
from tests.harness.programs import SCREENS
from tests.harness.real_server import RealServer, real_server

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.long]
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const one of await cache.keys()) found.push([one.url.replace(location.origin, ""), await (await cache.match(one)).text()]);
    }
    return found.sort();
}"""


@pytest.fixture
def hall(db: None) -> Iterator[HallWorld]:
    build_world()
    made = build()
    made.sit("an", 0, "A", "B")
    with time_machine.travel(made.now, tick=True):
        yield made
    set_database_actor(SYSTEM)


def open_kiosk(browser: Browser, server: RealServer) -> Page:
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1080, "height": 1920},
        has_touch=True,
    )
    page = context.new_page()
    page.goto(f"{server.url}/ki-ot/")
    page.wait_for_selector("html.is-start")
    return page


def wait(until: Callable[[], bool], seconds: float = 25) -> None:
    """Look again and again until it is so."""
    end = monotonic() + seconds
    while not until():
        assert monotonic() < end, "it did not come"
        sleep(0.2)


def tap(page: Page, words: str) -> None:
    page.wait_for_timeout(420)
    page.locator("button:visible").filter(has_text=words).first.tap()


def test_the_server_goes_and_comes_back(hall: HallWorld, browser: Browser) -> None:
    """A visitor takes a number and types a search; the server goes; the kiosk is started anew, shows procedures, says
    where numbers are, and goes on by itself. What the browser keeps is the same before and after the visitor.
    """
    kiosk = Kiosk(pair(hall, guide="Bàn 1, bên phải cửa")[1])
    with real_server(kiosk.client) as server:
        page = open_kiosk(browser, server)
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        parts = json.loads(kiosk.text("ngoai-tuyen.js").partition(" = ")[2].partition(";\n")[0])["parts"]
        wait(lambda: sum("kept=" in url for url, _text in page.evaluate(KEPT)) == 2 * len(parts))
        before = page.evaluate(KEPT)
        paths = [url for url, _text in before]
        assert "/ki-ot/" in paths and any(url.endswith(".woff2") for url in paths)
        assert all(url.startswith(("/ki-ot/", "/static/")) for url in paths)

        tap(page, "Lấy số")
        tap(page, "Hộ tịch")
        page.wait_for_selector("[data-view=ticket]")
        with server.alone():
            ticket = Ticket.objects.latest("line")
        tap(page, "Về đầu")
        tap(page, "Tra cứu thủ tục")
        tap(page, "Gõ tên việc")
        for letter in "KHAI":
            page.locator(".k-key").filter(has_text=letter).first.tap()
        page.wait_for_timeout(800)
        tap(page, "Về đầu")
        after = page.evaluate(KEPT)
        assert [url for url, _text in after] == paths, "nothing that a visitor did is kept"
        for _url, text in after:
            assert ticket.label not in text and ticket.token not in text
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]

        server.stop()
        page.wait_for_selector("[data-away]:visible", timeout=6000)
        page.screenshot(path=SCREENS / "kiosk-alone-start-1080.png")
        page.reload()  # the kiosk is switched on while the server is away
        page.wait_for_selector("html.is-start")
        page.wait_for_selector("[data-away]:visible", timeout=6000)
        expect(page.locator("[data-away]")).to_contain_text("Mời lấy số tại quầy hướng dẫn")
        assert page.evaluate(
            "document.fonts.ready.then((all) => [...all].some((one) => one.status === 'loaded'))"
        )
        assert page.locator(".k-tile:disabled").count() == 5
        tap(page, "Tra cứu thủ tục")
        page.wait_for_selector("[data-view=lookup]", timeout=8000)
        page.screenshot(path=SCREENS / "kiosk-alone-lookup-1080.png")
        tap(page, "Gõ tên việc")
        page.wait_for_selector("[data-view=search]", timeout=8000)
        tap(page, "Gặp người hướng dẫn")
        page.wait_for_selector("[data-call=away]", timeout=12_000)
        page.screenshot(path=SCREENS / "kiosk-alone-person-1080.png")

        server.start()
        page.wait_for_selector("[data-call=rung]", timeout=12_000)  # it rings by itself
        with server.alone():
            call = HelpCall.objects.get()
            helping.answer(call_id=call.pk, actor=hall.officers["an"], at=hall.now, key="a" * 16)
        page.wait_for_selector("[data-call=coming]", timeout=8000)
        page.screenshot(path=SCREENS / "kiosk-guide-comes-1080.png")
        page.wait_for_selector("[data-away]", state="hidden")
        tap(page, "Về đầu")
        tap(page, "Lấy số")
        page.wait_for_selector("[data-view=services]")
        server.stop()
        page.wait_for_selector("[data-away]:visible", timeout=6000)
        tap(page, "Hộ tịch")
        page.wait_for_selector("[data-view=gone]")
        page.screenshot(path=SCREENS / "kiosk-alone-gone-1080.png")
        page.context.close()
    assert Ticket.objects.count() == 1


def test_a_phone_shows_a_notification_through_its_worker(hall: HallWorld, browser: Browser) -> None:
    ticket = hall.take("A")
    with real_server(Client()) as server:
        context = browser.new_context(viewport={"width": 360, "height": 740}, permissions=["notifications"])
        page = context.new_page()
        page.goto(f"{server.url}/so/{ticket.token}/")
        page.get_by_role("button", name="Báo cho tôi khi gần đến lượt").click()
        expect(page.locator("#bell")).to_contain_text("cả khi anh/chị đang xem trang khác")
        with server.alone():
            hall.next()
        page.evaluate(
            "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); }"
        )
        shown = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => one.title)"
        wait(lambda: len(page.evaluate(shown)) == 1)
        assert "quầy 1" in page.evaluate(shown)[0]
        assert page.evaluate("caches.keys()") == []
        context.close()
