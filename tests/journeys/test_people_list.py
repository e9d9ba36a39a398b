"""A school's list by keyboard: its faults read, the good lines taken in with progress, the slips at hand."""

import pytest
from playwright.sync_api import Page, expect

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import World, world
from motcua.dossiers.tests.test_people_lists import pupil, send, sheet
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness import check
from tests.harness.hands import Hands
from tests.harness.vnu import Checker
from tests.journeys.test_intake_keystrokes import STAFF, counter

__all__ = ["counter", "world"]
pytestmark = pytest.mark.browser


@pytest.fixture
def school(counter: Hands, page: Page, world: World) -> Page:
    """The page of a list that was sent: the harness hands a form's file on to nobody, so Minh's client sends it."""
    rows = [pupil(number) for number in range(1, 25)]
    content = sheet([*rows, pupil(25, birth="31/02/2015"), pupil(26, id="123")])
    answer = send(world.client("minh"), content)
    page.goto(f"{STAFF}{answer['Location']}")
    page.wait_for_selector(".mc-kinds")
    return page


def test_a_list_is_read_and_taken_in(counter: Hands, page: Page, school: Page) -> None:
    expect(page.locator("main")).to_contain_text("D26 (Ngày sinh)")
    expect(page.locator("main")).to_contain_text("C27 (Số định danh)")
    counter.press("Control+Enter")
    expect(page.locator("[data-progress]")).to_contain_text("đã kiểm đủ giấy tờ")
    page.focus("#id_papers")
    counter.press("Space")
    counter.press("Control+Enter")
    page.wait_for_url(lambda url: url.endswith("show=done"))
    expect(page.locator("main tbody tr")).to_have_count(24)
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 24


def test_the_page_with_faults(page: Page, school: Page, vnu: Checker) -> None:
    page.locator(".mc-which summary").click()
    check.screen(page, vnu, "people-list")
