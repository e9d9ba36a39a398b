"""From the front page to a procedure: by keyboard alone, without script, on 320 CSS pixels, and what it weighs cold."""

import gzip
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Response, expect

from motcua.dossiers.tests.intake_world import World, world
from tests.harness.fixtures import PAGES, serve, watch

__all__ = ["world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "http://localhost"
_OVER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def narrow(browser: Browser, world: World) -> Iterator[Page]:
    """A window of 1280 × 1024 at 400 %, script switched off."""
    context = browser.new_context(
        locale="vi-VN",
        viewport={"width": 320, "height": 256},
        java_script_enabled=False,
        service_workers="block",
    )
    context.route(PAGES, serve(Client(HTTP_HOST="localhost")))
    page = context.new_page()
    watch(page)
    yield page
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on what is meant; everything before it takes the focus too, but not for long."""
    wanted = page.locator(selector).first
    for _press in range(25):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{selector} is not reached in 25 presses")


def test_from_the_front_page_to_a_procedure(narrow: Page) -> None:
    answers: list[Response] = []
    narrow.on("response", lambda one: answers.append(one))
    narrow.goto(f"{SITE}/")
    narrow.wait_for_load_state("networkidle")
    weights = {
        one.url: len(gzip.compress(one.body(), 9)) for one in answers if "/fonts/" not in one.url and one.ok
    }
    assert f"{SITE}/" in weights and sum(weights.values()) <= 30_000, weights
    assert all(url.startswith(SITE) for url in weights)
    tab_to(narrow, "#q")
    narrow.keyboard.type("khai sinh")
    narrow.keyboard.press("Enter")
    narrow.wait_for_url("**/thu-tuc?q=khai+sinh")
    assert narrow.evaluate(_OVER) <= 0
    tab_to(narrow, 'a[href="/thu-tuc/1.001193"]')
    narrow.keyboard.press("Enter")
    narrow.wait_for_url("**/thu-tuc/1.001193")
    expect(narrow.locator("main .mc-summary").first).to_contain_text("Mang theo gì")
    assert narrow.evaluate(_OVER) <= 0


def test_from_a_life_event_to_a_procedure_and_the_figures(narrow: Page) -> None:
    narrow.goto(f"{SITE}/")
    assert narrow.evaluate(_OVER) <= 0
    tab_to(narrow, 'a[href="/su-kien/ket-hon/"]')
    narrow.keyboard.press("Enter")
    narrow.wait_for_url("**/su-kien/ket-hon/")
    assert narrow.evaluate(_OVER) <= 0
    expect(narrow.locator(".mc-guide__step")).to_have_count(3)
    tab_to(narrow, 'a[href="/thu-tuc/1.000894"]')
    narrow.keyboard.press("Enter")
    narrow.wait_for_url("**/thu-tuc/1.000894")
    narrow.goto(f"{SITE}/so-lieu/")
    expect(narrow.locator("main")).to_contain_text("Chưa có số liệu")
    narrow.goto(f"{SITE}/noi-tiep-nhan/")
    assert narrow.evaluate(_OVER) <= 0
