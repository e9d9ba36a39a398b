"""An hour at the counter by keyboard: sit down, call, take a dossier in, call the next; the keys are counted."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from motcua.counters import machines
from motcua.counters.models import Device, HelpCall, Ticket
from motcua.counters.operations import devices, helping
from motcua.counters.states import State
from motcua.dossiers.models import Dossier, HallTicket
from motcua.dossiers.tests.intake_world import CARD, logged_in
from motcua.lib.actor import SYSTEM
from motcua.sites.console.tests.conftest import Hallway, hallway
from motcua.ui.routing import set_database_actor
from tests.harness.hands import Hands
from tests.journeys.test_intake_keystrokes import choose_birth, focused, printer, scan_card

__all__ = ["hallway"]
pytestmark = pytest.mark.browser
STAFF = "http://canbo.localhost"


def states() -> dict[str, str]:
    set_database_actor(SYSTEM)
    return dict(Ticket.objects.values_list("label", "state"))


@pytest.fixture
def minh(hallway: Hallway, site: Client, page: Page) -> Iterator[Hands]:
    logged_in(site, hallway.world.accounts["minh"])
    page.printed = []  # type: ignore[attr-defined]
    page.context.route(re.compile(r"/papers/.+\.pdf$"), lambda route: printer(page, route))
    page.context.route(f"{settings.LIVE_URL}/**", lambda route: route.abort())
    yield Hands(page)


def at_intake(page: Page) -> None:
    page.wait_for_selector("#intake")
    focused(page, "card")


def test_call_take_in_call_the_next_by_keyboard(minh: Hands, page: Page, hallway: Hallway) -> None:
    hallway.sit("mai", 1, "A")
    for _number in range(3):
        hallway.take()
    page.goto(f"{STAFF}/counter/")
    minh.press("F8")  # the first free counter
    expect(page.locator("#own")).to_have_text("Quầy đang trống")
    page.locator("#service-" + str(hallway.services["A"].pk)).check()
    page.locator("#services button").click()
    expect(page.locator("#next")).to_contain_text("3")
    expect(page.locator("[data-link-state]")).to_contain_text("tự đọc lại", timeout=15000)
    before = minh.keys
    minh.press("F8")
    at_intake(page)
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang gọi A001")
    scan_card(minh)
    page.fill("#id_phone", "0912345678")
    minh.press("Alt+l")  # in place: what is on the page stays
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang gọi A001")
    assert page.input_value("#id_phone") == "0912345678"
    hall_keys = minh.keys - before
    page.focus("#id_procedure")
    choose_birth(minh)
    minh.press("a")
    minh.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang phục vụ A001")
    expect(page.locator(".mc-strip__now")).to_contain_text("1 hồ sơ")
    page.wait_for_function("() => document.activeElement?.tagName !== 'IFRAME'")
    before = minh.keys
    minh.press("Alt+g")
    at_intake(page)
    hall_keys += minh.keys - before
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang gọi A002")
    assert states() == {"A001": State.SERVED, "A002": State.CALLED, "A003": State.WAITING}
    assert HallTicket.objects.get().dossier_id == Dossier.objects.get().pk
    assert hall_keys == 5  # F8, a recall, and Alt+G for the next: no mouse, no page between

    minh.press("Alt+q")
    expect(page.locator(".mc-own__number")).to_contain_text("A002")
    page.wait_for_load_state("networkidle")
    minh.press("Alt+b")
    expect(page.locator("#own")).to_have_text("Đang phục vụ")
    page.wait_for_load_state("networkidle")
    minh.scan(CARD)  # into the wrong page: presses nothing, stands in no address
    expect(page.locator("[data-link-state]")).to_contain_text("thẻ căn cước")
    assert page.url == f"{STAFF}/counter/" and states()["A002"] == State.SERVING
    minh.press("Alt+x")
    expect(page.locator("#own")).to_have_text("Quầy đang trống")
    _honest(page)


def test_scans_into_the_wrong_place_and_a_visit_opened_again(
    minh: Hands, page: Page, hallway: Hallway
) -> None:
    hallway.sit("minh", 0, "A")
    ticket = hallway.take()
    page.goto(f"{STAFF}/counter/")
    minh.press("F8")
    at_intake(page)
    minh.press("Alt+b")
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang phục vụ A001")
    minh.press("Alt+x")
    expect(page.locator(".mc-strip__now")).to_contain_text("Chưa gọi ai")
    before = minh.keys
    minh.press("Alt+m")
    expect(page.locator(".mc-strip__now")).to_contain_text("Đang phục vụ A001")
    assert minh.keys - before == 2
    code = "H24.12-261121-0042"
    page.fill("#id_full_name", "Nguyễn")
    page.focus("#id_full_name")
    minh.scan(code)
    expect(page.locator(".mc-offer")).to_contain_text("mã hồ sơ")
    assert page.input_value("#id_full_name") == "Nguyễn" and "/intake/" in page.url
    minh.press("Alt+k")
    assert page.input_value("#id_full_name") == f"Nguyễn{code}"
    page.goto(f"{STAFF}/intake/drafts/")
    minh.scan("0123456")  # presses no digit of a list: it is searched for
    page.wait_for_url("**/search?q=0123456")
    minh.scan(f"http://motcua.localhost/so/{ticket.token}/")
    page.wait_for_url("**/counter/guide/**")
    expect(page.locator("#given")).to_have_text("A001")
    page.screenshot(path="var/screenshots/console-guide-paper.png")


def test_a_kiosk_asks_for_the_guide_and_the_officer_goes(minh: Hands, page: Page, hallway: Hallway) -> None:
    hallway.sit("minh", 0, "A")
    token = machines.new_token()
    code = devices.ask(token, timezone.now())
    kiosk = devices.pair(
        hall_id=hallway.hall.pk, kind="kiosk", name="Máy ở cửa", code=code, actor=SYSTEM, at=timezone.now(), key=""
    )  # fmt: skip
    page.goto(f"{STAFF}/counter/")
    expect(page.locator("#calls")).to_have_count(0)
    _rung(page, kiosk)
    expect(page.locator("section.mc-calls")).to_contain_text("Máy lấy số gọi người hướng dẫn 1")
    expect(page.locator("section.mc-calls li")).to_contain_text("Máy ở cửa vừa gọi")
    assert page.title().startswith("(1) ")
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=f"var/screenshots/console-guide-call-{width}.png")
    page.reload()
    assert page.locator("section.mc-calls li").count() == 1, "at once, and without script"
    page.get_by_role("button", name="Tôi đến Máy ở cửa").click()
    expect(page.locator("section.mc-calls")).to_have_count(0)
    assert not page.title().startswith("(")
    set_database_actor(SYSTEM)
    assert HelpCall.objects.get().answered_by == hallway.world.accounts["minh"].pk
    page.set_viewport_size({"width": 1366, "height": 768})
    _rings(kiosk)
    page.goto(f"{STAFF}/intake/drafts/")  # who takes dossiers in reads it at the foot of every page
    page.screenshot(path="var/screenshots/console-guide-call-strip.png")
    page.get_by_role("link", name="Máy lấy số gọi người hướng dẫn").click()
    page.wait_for_url("**/counter/guide/")
    expect(page.locator("section.mc-calls li")).to_contain_text("Máy ở cửa vừa gọi")
    page.screenshot(path="var/screenshots/console-guide-call-desk.png")
    page.get_by_role("button", name="Tôi đến Máy ở cửa").click()
    expect(page.locator("section.mc-calls")).to_have_count(0)


def _rung(page: Page, kiosk: Device) -> None:
    """Somebody touches the kiosk's button; the page hears of it (the channel is cut here, so its news is given by hand)."""
    page.wait_for_load_state("networkidle")
    _rings(kiosk)
    page.evaluate("document.dispatchEvent(new CustomEvent('motcua:news', { detail: 'counters.help_asked' }))")


def _rings(kiosk: Device) -> None:
    set_database_actor(SYSTEM)
    helping.ring(device_id=kiosk.pk, actor=SYSTEM, at=timezone.now(), key=uuid4().hex)


def _honest(page: Page) -> None:
    """The server goes away: the page says since when its figures are old; it comes back, and the word goes."""

    def away(route: Route) -> None:
        route.abort()

    page.context.route("**/counter/line", away)
    said = page.locator("[data-link-state]", has_text="Mất kết nối với máy chủ")
    for _once in range(20):  # the page may have come a moment ago, and its script not listen yet
        page.evaluate("() => dispatchEvent(new Event('offline'))")
        page.wait_for_timeout(250)
        if said.count():
            break
    expect(said).to_be_visible()
    page.context.unroute("**/counter/line", away)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("[data-link-state]")).not_to_contain_text("Mất kết nối với máy chủ")
    page.complaints.clear()  # type: ignore[attr-defined]
