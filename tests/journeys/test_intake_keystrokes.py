"""The counter by keyboard alone: real key presses, counted; every state of the page under every checker."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect

from motcua.dossiers.models import Dossier, Draft
from motcua.dossiers.tests.intake_world import BIRTH, CARD, NUMBER, World, logged_in, world
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness import check
from tests.harness.hands import Hands
from tests.harness.vnu import Checker

__all__ = ["world"]
pytestmark = pytest.mark.browser

STAFF = "http://canbo.localhost"
WITH_CARD, WITHOUT_CARD = 25, 80  # trust-and-ux UX1, UX2


@pytest.fixture
def counter(world: World, site: Client, page: Page) -> Iterator[Hands]:
    """Minh's hands, on a work page, not yet in an intake."""
    logged_in(site, world.accounts["minh"])
    page.printed = []  # type: ignore[attr-defined]
    page.context.route(re.compile(r"/papers/.+\.pdf$"), lambda route: printer(page, route))
    page.goto(f"{STAFF}/intake/drafts/")
    yield Hands(page)


def printer(page: Page, route: Route) -> None:
    """Take the slip's place: a browser without a screen falls over its own PDF viewer when it prints."""
    page.printed.append(route.request.url)  # type: ignore[attr-defined]
    route.fulfill(content_type="text/html", body="<!doctype html><title>Giấy hẹn</title>")


def focused(page: Page, name: str) -> None:
    """Wait until the focus stands in the field of this name."""
    page.wait_for_function("(name) => document.activeElement?.name === name", arg=name)


def on_paper(page: Page) -> None:
    page.wait_for_function("() => document.activeElement?.matches('.mc-paper')")


def begin(hands: Hands) -> None:
    # A print that has just begun holds the keys for a moment; then they are the page's again.
    hands.page.wait_for_function("() => document.activeElement?.tagName !== 'IFRAME'")
    hands.press("F2")
    hands.page.wait_for_selector("#intake")
    focused(hands.page, "card")


def scan_card(hands: Hands) -> None:
    """Scan the card, once more where this machine stood still in the middle: a person does the same.

    That every scan arrives whole on a machine that keeps up is the scanner's own test.
    """
    for _ in range(3):
        hands.scan(CARD)
        try:
            return expect(hands.page.locator('[data-notes=""]')).to_contain_text("Đã đọc thẻ", timeout=8000)
        except AssertionError:
            hands.page.fill("#id_card", "")
    raise AssertionError("three scans, and no card was read")


def choose_birth(hands: Hands) -> None:
    focused(hands.page, "procedure")
    hands.type("dkks")
    hands.press("Enter")
    focused(hands.page, "variant")
    hands.press("Enter")
    on_paper(hands.page)


def taken(page: Page) -> Dossier:
    """Wait for the page after acceptance; return the one dossier there is."""
    page.wait_for_selector(".mc-taken")
    set_database_actor(SYSTEM)
    return Dossier.objects.get()


def only_keys(hands: Hands, most: int) -> None:
    assert hands.clicks == 0 and hands.page.evaluate("window.motcuaPointer ?? 0") == 0
    assert hands.keys <= most, (hands.keys, hands.log)


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]").first).to_have_text(re.compile(r"đã lưu \d\d:\d\d"))


# ── The budgets


def test_with_a_card_and_a_known_procedure(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    counter.think()
    choose_birth(counter)
    counter.press("a")
    counter.press("Enter")
    focused(page, "phone")
    counter.type("0912345678")
    counter.think()
    counter.press("Control+Enter")
    dossier = taken(page)
    assert dossier.procedure_version.procedure.code == BIRTH
    assert dossier.contact_phone == "0912345678" and dossier.documents.count() == 3
    only_keys(counter, WITH_CARD)
    page.wait_for_function("() => document.querySelector('iframe.mc-frame')")
    for _tenth in range(50):  # the frame stands there before what it asks for has been sent
        if page.printed:  # type: ignore[attr-defined]
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)  # a second print would be asked for by now
    assert len(page.printed) == 1 and dossier.code in page.printed[0]  # type: ignore[attr-defined]


@pytest.mark.long
def test_a_returning_applicant_needs_half_of_it(counter: Hands, page: Page, world: World) -> None:
    test_with_a_card_and_a_known_procedure(counter, page)
    again = Hands(page)
    begin(again)
    scan_card(again)
    choose_birth(again)
    again.press("a")
    page.wait_for_function("() => document.querySelectorAll('.mc-paper.is-present').length === 3")
    again.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    only_keys(again, 12)
    set_database_actor(SYSTEM)
    first, second = Dossier.objects.order_by("id")
    assert (first.applicant_id, first.contact_phone) == (second.applicant_id, second.contact_phone)


@pytest.mark.long
def test_without_a_card(counter: Hands, page: Page) -> None:
    begin(counter)
    counter.type(NUMBER)
    counter.press("Enter")
    focused(page, "full_name")
    counter.type("Phạm Thị Hương Giang")
    counter.press("Enter")
    focused(page, "birth")
    counter.type("14021985")
    counter.press("Enter")
    focused(page, "address")  # the number has said the sex
    counter.press("Enter")
    choose_birth(counter)
    counter.press("a")
    counter.press("Enter")
    focused(page, "phone")
    counter.type("0912345678")
    counter.press("Control+Enter")
    dossier = taken(page)
    person = dossier.applicant.person
    assert person is not None and (person.sex, f"{person.birth_date}") == ("female", "1985-02-14")
    # Seven letters of the name carry marks: Telex types one to two keys more for each.
    only_keys(counter, WITHOUT_CARD - 7 * 2)


@pytest.mark.long
def test_by_post_costs_one_key_and_what_its_slip_says(counter: Hands, page: Page) -> None:
    begin(counter)
    counter.press("F3")
    focused(page, "post_sender")
    counter.type("EA123456789VN")
    counter.press("Enter")
    focused(page, "posted_on")
    counter.type("1/7/2026")
    counter.press("Enter")
    focused(page, "card")
    scan_card(counter)
    choose_birth(counter)
    counter.press("a")
    counter.press("Enter")
    focused(page, "phone")
    counter.type("0912345678")
    counter.press("Control+Enter")
    dossier = taken(page)
    assert (dossier.channel, dossier.post_sender) == ("post", "EA123456789VN")
    assert f"{dossier.posted_on}" == "2026-07-01"
    # One key for the box, one to leave each field; the rest is the text of the slip.
    only_keys(counter, WITH_CARD + 3 + len("EA123456789VN") + len("1/7/2026"))


def test_the_box_changes_the_promise_at_once_and_back(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    focused(page, "procedure")
    counter.type("1.001612")
    counter.press("Enter")
    on_paper(page)
    expect(page.locator("#intake-promise")).to_contain_text("50.000")
    counter.press("F3")
    expect(page.locator("#intake-promise")).to_contain_text("150.000")
    focused(page, "post_sender")
    counter.press("F3")
    expect(page.locator("#intake-promise")).not_to_contain_text("150.000")
    expect(page.locator("#id_post_sender")).to_be_hidden()


@pytest.mark.long
def test_the_page_with_the_slip_of_the_post(counter: Hands, page: Page, vnu: Checker) -> None:
    fill(counter)
    counter.press("F3")
    focused(page, "post_sender")
    counter.type("Bưu cục Hải An")
    counter.press("Enter")
    saved(page)
    check.screen(page, vnu, "intake-by-post")


@pytest.mark.long
def test_an_organization_has_its_own_way(counter: Hands, page: Page) -> None:
    begin(counter)
    counter.press("F4")
    focused(page, "tax_code")
    counter.type("0100109106")
    counter.press("Enter")
    focused(page, "org_name")
    counter.type("Công ty Biển Xanh")
    counter.press("F6")
    focused(page, "other_card")
    counter.scan(CARD)
    focused(page, "authority")
    page.focus("#id_procedure")
    choose_birth(counter)
    counter.press("a")
    counter.press("Control+Enter")
    dossier = taken(page)
    assert dossier.applicant_name == "Công ty Biển Xanh" and dossier.submitter_id != dossier.applicant_id
    only_keys(counter, WITHOUT_CARD)


# ── Papers


def tallies(page: Page) -> list[str]:
    """What is marked on each line: "1--" originals, certified, copies, "x" shown."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".mc-paper:not([data-extra])")].map((row) =>
            [...row.querySelectorAll(".mc-tally")].map((one) => one.value || "-").join("") +
            (row.querySelector("[type=checkbox]").checked ? "x" : ""))"""
    )


@pytest.mark.long
def test_one_key_for_each_paper(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    for key in ("1", "2", "3", "4"):
        counter.press(key)
        page.wait_for_timeout(60)
    assert tallies(page)[:5] == ["1--", "-1-", "--1", "---x", "---"]
    for key in ("ArrowUp", "ArrowUp", "+", "ArrowUp", "0"):
        counter.press(key)
        page.wait_for_timeout(60)
    assert tallies(page)[:5] == ["1--", "---", "--2", "---x", "---"]
    counter.press("Space")
    page.wait_for_timeout(60)
    counter.press("n")
    page.wait_for_function("() => document.activeElement.name === 'paper-x1-name'")
    counter.type("Giấy nhận con 1")
    counter.press("Enter")
    on_paper(page)
    counter.press("3")
    page.wait_for_timeout(60)
    assert tallies(page)[-1] == "--1"
    saved(page)
    kept = json.loads(Draft.objects.exclude(revision=0).get().content)
    assert kept["paper-x1-name"] == "Giấy nhận con 1" and kept["paper-x1-copies"] == "1"


def test_a_scan_while_the_papers_have_the_focus_marks_none(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    before = tallies(page)
    counter.scan(CARD.replace("Phạm Thị Hương Giang", "Nguyễn An 1A2N"))
    page.wait_for_timeout(400)
    assert tallies(page) == before


def test_a_scan_while_nothing_has_the_focus_stays_on_the_page(counter: Hands, page: Page) -> None:
    begin(counter)
    address = page.url
    page.evaluate("document.activeElement.blur()")
    counter.scan(CARD)
    focused(page, "procedure")
    assert page.url == address and page.input_value("#id_personal_id") == NUMBER


@pytest.mark.long
def test_letters_in_a_text_field_are_letters(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    page.focus("#id_summary")
    counter.type("an f1 + 2")
    assert page.input_value("#id_summary") == "an f1 + 2"
    assert set(tallies(page)) == {"---"}


# ── Nothing is lost


@pytest.mark.long
def test_everything_is_there_after_the_browser_was_closed(counter: Hands, page: Page) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    counter.press("2")
    counter.press("Enter")
    focused(page, "phone")
    counter.type("0912345678")
    counter.press("Enter")
    saved(page)
    address = page.url
    page.wait_for_timeout(200)
    page.goto(f"{STAFF}/intake/drafts/")
    page.goto(address)
    assert page.input_value("#id_full_name") == "Phạm Thị Hương Giang"
    assert page.input_value("#id_phone") == "0912345678"
    assert tallies(page)[0] == "-1-"


def fill(hands: Hands) -> None:
    """Everything but the last key."""
    begin(hands)
    scan_card(hands)
    choose_birth(hands)
    hands.press("a")
    hands.press("Enter")
    focused(hands.page, "phone")
    hands.type("0912345678")


def test_a_killed_server_loses_nothing_and_makes_no_second_dossier(counter: Hands, page: Page) -> None:
    fill(counter)
    own = re.compile(r"/intake/[0-9a-f-]{36}/(\?page=\w+)?$")
    page.context.route(own, lambda route: route.abort())
    counter.press("Control+Enter")
    expect(page.locator("[data-errors]")).to_contain_text("mất kết nối")
    assert page.input_value("#id_phone") == "0912345678"
    page.context.unroute(own)
    page.wait_for_timeout(1100)
    counter.press("Control+Enter")
    taken(page)


def test_a_locked_screen_loses_nothing(counter: Hands, page: Page, site: Client, world: World) -> None:
    fill(counter)
    saved(page)
    page.wait_for_timeout(1700)
    site.logout()
    counter.press("Control+Enter")
    expect(page.locator("[data-errors]")).to_contain_text("Phiên làm việc đã khóa")
    assert page.input_value("#id_full_name") == "Phạm Thị Hương Giang"
    logged_in(site, world.accounts["minh"])  # in another tab; the token of this page is void now
    page.wait_for_timeout(1100)
    counter.press("Control+Enter")
    taken(page)


def test_faults_are_said_and_repaired_by_keys(counter: Hands, page: Page, vnu: Checker) -> None:
    begin(counter)
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-errors")
    assert page.title().startswith("Lỗi:")
    assert page.evaluate("document.activeElement.className") == "mc-errors"
    assert page.locator(".mc-errors li").count() == 3
    counter.press("Tab")
    counter.press("Enter")
    focused(page, "personal_id")
    page.complaints.clear()  # type: ignore[attr-defined]  (the browser logs the 422 itself)
    check.screen(page, vnu, "intake-errors", html=False)


def test_a_broken_card_says_what_to_do(counter: Hands, page: Page) -> None:
    begin(counter)
    counter.scan("031185000017|123456789|Phạm Thị Lan|14021985")
    expect(page.locator('[data-notes=""]')).to_contain_text("chỉ có 4 trong 7 mục")
    assert page.input_value("#id_full_name") == ""


# ── Every state under every checker


def test_the_empty_page(counter: Hands, page: Page, vnu: Checker) -> None:
    begin(counter)
    check.screen(page, vnu, "intake-empty")


def test_the_filled_page(counter: Hands, page: Page, vnu: Checker) -> None:
    fill(counter)
    counter.press("F6")
    saved(page)
    check.screen(page, vnu, "intake-filled")


def test_refusing_and_asking(counter: Hands, page: Page, vnu: Checker) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    counter.press("F8")
    page.wait_for_selector("#ask[open] [data-ask]:checked")
    counter.press("F9")
    page.wait_for_selector("#refuse[open]")
    focused(page, "refuse_reason")
    saved(page)
    check.screen(page, vnu, "intake-decide")


@pytest.mark.long
def test_the_page_afterwards_and_the_list(counter: Hands, page: Page, vnu: Checker) -> None:
    begin(counter)
    scan_card(counter)
    focused(page, "procedure")
    fill(counter)
    counter.press("Control+Enter")
    taken(page)
    check.screen(page, vnu, "intake-done")
    page.goto(f"{STAFF}/intake/drafts/")
    check.screen(page, vnu, "intake-drafts")


def test_without_script(counter: Hands, page: Page, browser: Any, world: World) -> None:
    plain_context = browser.new_context(java_script_enabled=False)
    for copier in page.motcua_routes:  # type: ignore[attr-defined]
        copier(plain_context)
    plain = plain_context.new_page()
    plain.goto(f"{STAFF}/intake/")
    plain.wait_for_selector("#intake")
    plain.fill("#id_card", CARD)
    plain.fill("#id_procedure", "dkks")
    plain.click("button[value=save]")
    plain.wait_for_selector(".mc-paper")
    assert plain.input_value("#id_full_name") == "Phạm Thị Hương Giang"
    for row, box in ((0, "originals"), (1, "originals")):
        plain.locator(".mc-paper").nth(row).locator(f"[name$={box}]").fill("1")
    plain.locator(".mc-paper").nth(5).locator("[name$=shown]").check()
    plain.click("button[value=accept]")
    plain.wait_for_selector(".mc-taken")
    plain_context.close()


def test_a_point_that_helped_is_named_in_few_keys(counter: Hands, page: Page, world: World) -> None:
    from motcua.dossiers.tests.test_helped import point

    village = point(world.neighbour, "Nhà văn hóa thôn 2")
    name = f"{village.name} · {world.neighbour.short_name}"
    begin(counter)
    before = counter.keys
    counter.press("Alt+H")
    focused(page, "helped")
    counter.type("thon 2")
    expect(page.locator("#helped .mc-combo__option").first).to_be_visible()
    counter.press("Enter")
    expect(page.locator("[name=helped]")).to_have_value(name)
    assert counter.keys - before <= 9 and counter.clicks == 0, counter.log
    expect(page.locator("[data-saved]")).to_contain_text("đã lưu")
    page.reload()
    expect(page.locator("[name=helped]")).to_have_value(name)
