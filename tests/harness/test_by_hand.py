"""What only hands can do: tick rows by key, name a colleague at an @, put a kept text in at a slash, star in place."""

import time

import pytest

from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.lives import later, take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness.axe import axe
from tests.harness.hands import Hands
from tests.harness.pages import Visit
from tests.harness.rows import ACCEPT, SIGN
from tests.harness.screens import screens
from tests.harness.test_every_page import Tab, rows, tab

__all__ = ["rows", "tab"]
DRAFT = (
    '{ key = "draft", name = "Dự thảo", role = "specialist", unit = "owner", status = 4, by = "propose" },'
)
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_rows_are_ticked_by_key_and_sent_by_key(tab: Tab) -> None:
    tab.open("staff", Visit("/?list=unit", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    send = page.locator(".mc-pickbar button")
    assert send.is_disabled()
    hands = Hands(page)
    for key in ("j", "x", "j", "x"):
        hands.press(key)
    assert page.locator("[name=pick]:checked").count() == 2
    assert "Đã chọn 2 hồ sơ" in page.locator("[data-pick-count]").inner_text()
    hands.press("v")
    assert page.locator("[name=pick]:checked").count() == page.locator("[name=pick]").count()
    hands.press("v")
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


def test_a_note_is_saved_in_place_and_an_open_form_keeps_what_was_typed(tab: Tab) -> None:
    tab.open("staff", Visit("/dossiers/{suspend}/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.locator("[data-act=suspend]").click()
    page.wait_for_selector("#act [name=reason]")
    page.fill("#act [name=reason]", "Đang viết dở")
    page.fill("#note-text", "Đã gọi bên đo đạc")
    page.locator(".mc-notes-form button").click()
    page.wait_for_selector(".mc-notes p:has-text('Đã gọi bên đo đạc')")
    assert page.input_value("#note-text") == ""
    assert page.input_value("#act [name=reason]") == "Đang viết dở"
    page.locator(".mc-notes li:has-text('Đã gọi bên đo đạc') button").click()
    page.wait_for_selector(".mc-notes li:has-text('Đã gọi bên đo đạc')", state="detached")


def test_a_dossier_is_put_beside_another_in_place_and_an_open_form_keeps_what_was_typed(tab: Tab) -> None:
    tab.open("staff", Visit("/dossiers/{suspend}/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.fill("#note-text", "Đang viết dở")
    page.locator("#related a:has-text('Gắn hồ sơ liên quan')").click()
    page.wait_for_selector("#related-code")
    page.fill("#related-code", "H24.12-290101-0099")
    page.fill("#related-why", "Cùng thửa đất")
    page.keyboard.press("Enter")
    page.wait_for_selector("#related-fault")
    assert page.input_value("#related-why") == "Cùng thửa đất", "what was refused keeps what was typed"
    page.fill("#related-code", tab.rows.dossiers["propose"].code)
    page.keyboard.press("Enter")
    page.wait_for_selector("#related .mc-said")
    assert "Cùng thửa đất" in page.locator("#related .mc-said").inner_text()
    assert page.input_value("#note-text") == "Đang viết dở"
    assert axe(page, within="#related", contrast=False) == []
    screens(page, "related")
    page.locator("#related .mc-said button").click()
    page.wait_for_selector("#related .mc-said", state="detached")


def test_procedures_of_a_delegation_are_found_while_one_types(tab: Tab) -> None:
    tab.open("staff", Visit("/delegations/new/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.fill("[name=reason]", "Nghỉ phép")
    page.locator("[name=find]").press_sequentially("xây dựng", delay=20)
    page.wait_for_selector("#stand-procedures [name=procedures]")
    page.locator("#stand-procedures label").first.click()
    page.fill("[name=find]", "qwz xqv")
    page.wait_for_selector("#stand-procedures p.mc-hint")
    assert page.locator("#stand-procedures [name=procedures]:checked").count() == 1, "what was ticked stays"
    assert page.input_value("[name=reason]") == "Nghỉ phép"


@pytest.mark.long
def test_fifty_decisions_after_review_take_a_minute_at_most(tab: Tab) -> None:
    """A leader who has read the drafts: one key ticks the page, one decides; fifty acts, each its own."""
    set_database_actor(SYSTEM)
    world = tab.rows.world
    tab.rows.run_on("draft", ACCEPT + DRAFT + SIGN)
    for _number in range(50):
        attempt(world, "propose", "hoa", take_in(world), later(hours=1))
    tab.open("staff", Visit("/?list=approve", "tuan"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    assert page.locator("[name=pick]").count() == 50
    began = time.perf_counter()
    hands = Hands(page)
    hands.press("v")
    hands.press("d")
    page.wait_for_selector("[data-batch-done]")
    took = time.perf_counter() - began
    done = page.locator("[data-batch-done] li").count()
    print(f"{done} decisions in {took:.1f} s, two keys")
    assert done == 50
    assert took <= 60


def test_help_opens_beside_what_was_typed_and_gives_the_focus_back(tab: Tab) -> None:
    tab.open("staff", Visit("/dossiers/{propose}/", "hoa"))
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.locator("#note-text").click()
    page.keyboard.type("Chưa lưu")
    for opens, closes in (("F1", "Escape"), ("F1", "F1")):
        page.keyboard.press(opens)
        page.wait_for_selector("dialog.mc-help[open] #help-title:focus")
        assert axe(page) == []
        assert "Một hồ sơ" in page.locator("#help-title").inner_text()
        page.keyboard.press("j")  # no key reaches the page behind
        page.keyboard.press(closes)
        page.wait_for_selector("dialog.mc-help[open]", state="detached")
        assert page.evaluate("() => document.activeElement.id") == "note-text"
    assert page.locator("#note-text").input_value() == "Chưa lưu" and "/dossiers/" in page.url
    page.locator("#main").focus()
    page.keyboard.press("?")
    page.wait_for_selector("dialog.mc-help[open]")
    page.locator(".mc-help__close").click()
    page.keyboard.press("r")  # the form of an act: its own help
    page.wait_for_selector("#act form, form#act")
    page.keyboard.press("F1")
    page.wait_for_selector("dialog.mc-help[open] #help-title:has-text('Trình kết quả')")


def test_help_is_a_page_where_no_script_runs_and_lists_only_what_one_may_open(tab: Tab) -> None:
    tab.open("staff", Visit("/", "minh"))
    page = tab.page
    link = page.locator("[data-help]").get_attribute("href")
    assert link == "/help/home/"
    page.goto(page.url.rstrip("/") + link)
    assert "Danh sách hồ sơ" in page.locator("main h2").first.inner_text()
    page.locator("main a", has_text="Trợ giúp của mọi trang").click()
    page.wait_for_url("**/help/")
    listed = page.locator("main li a").all_inner_texts()
    assert "Tiếp nhận một hồ sơ" in listed and "Cán bộ" not in listed and len(listed) == len(set(listed))
