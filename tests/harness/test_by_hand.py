"""What only hands can do: tick rows by key, name a colleague at an @, put a kept text in at a slash, star in place."""

import pytest

from tests.harness.pages import Visit
from tests.harness.test_every_page import Tab, rows, tab

__all__ = ["rows", "tab"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_rows_are_ticked_by_key_and_sent_by_key(tab: Tab) -> None:
    tab.open("staff", Visit("/?list=unit", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    send = page.locator(".mc-pickbar button")
    assert send.is_disabled()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.locator("[name=pick]:checked").count() == 2
    assert "Đã chọn 2 hồ sơ" in page.locator("[data-pick-count]").inner_text()
    page.keyboard.press("v")
    assert page.locator("[name=pick]:checked").count() == page.locator("[name=pick]").count()
    page.keyboard.press("v")
    assert page.locator("[name=pick]:checked").count() == 0
    boxes = page.locator("[name=pick]")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert page.locator("[name=pick]:checked").count() == 4
    page.keyboard.press("g")
    page.wait_for_selector("h1:has-text('Giao 4 hồ sơ')")


def test_an_at_names_a_colleague_and_a_slash_puts_a_text_in(tab: Tab) -> None:
    tab.open("staff", Visit("/dossiers/{propose}/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    area = page.locator("#note-text")
    area.click()
    page.keyboard.type("Nhờ @tuan", delay=30)
    page.wait_for_selector(".mc-insert li")
    page.keyboard.press("Enter")
    assert area.input_value() == "Nhờ @Ngô Quang Tuấn "
    assert page.locator(".mc-insert").count() == 0
    area.fill("Hẹn 26/11, ")
    area.press("End")
    page.keyboard.type("/du", delay=30)
    page.wait_for_selector(".mc-insert li")
    page.keyboard.press("Tab")
    assert area.input_value().startswith("Hẹn 26/11, Hồ sơ đủ điều kiện")
    page.keyboard.type(" /zz", delay=30)
    page.wait_for_timeout(200)
    assert page.locator(".mc-insert").count() == 0


def test_the_star_changes_in_place_and_loses_nothing_typed(tab: Tab) -> None:
    tab.open("staff", Visit("/dossiers/{suspend}/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.fill("#note-text", "Đang viết dở")
    page.locator("#watch button").click()
    page.wait_for_selector("#watch button:has-text('Đang theo dõi')")
    assert page.input_value("#note-text") == "Đang viết dở"
