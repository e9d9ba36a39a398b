"""The certification desk by keyboard: keys counted, sums while typing, fifty approved in one act, on a phone too."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from motcua.certification.models import Payment, Visit
from motcua.certification.tests.desk_world import Desk, open_lane
from motcua.dossiers.models import Result
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import CARD, World, logged_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness.hands import Hands

pytestmark = pytest.mark.browser

NEW = "http://canbo.localhost/certification/new/"
MOST_KEYS = 25  # one paper, three copies, the name typed
MOST_KEYS_SIGNED = 8  # kind, initials, on, save; the card costs none
MANY, MOST_SECONDS = 50, 60


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        built = intake_world.build()
        open_lane()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def counter(world: World, site: Client, page: Page) -> Hands:
    logged_in(site, world.accounts["minh"])
    page.goto(NEW)
    page.wait_for_function("() => document.activeElement?.name === 'who'")
    return Hands(page)


def taken(page: Page) -> Visit:
    page.wait_for_selector(".mc-copies__last")
    set_database_actor(SYSTEM)
    return Visit.objects.order_by("-received_at", "-pk")[0]


def test_one_paper_three_copies_in_few_keys(counter: Hands, page: Page) -> None:
    counter.type("Phạm Thị Lan")
    counter.press("Enter")
    counter.type("gks")
    counter.press("Enter")
    assert page.input_value("[name=name-1]") == "Giấy khai sinh"
    counter.press("Enter")  # one page stands there already
    counter.type("3")
    expect(page.locator("[data-total]")).to_have_text(re.compile("6.000"))
    counter.press("Control+Enter")
    visit = taken(page)
    paper = visit.papers.get()
    assert (paper.name, paper.pages, paper.copies, visit.amount) == ("Giấy khai sinh", 1, 3, 6_000)
    assert Payment.objects.get(visit=visit).amount == 6_000
    # Two letters of the name carry marks, ạ and ị: Telex types one key more for each.
    assert counter.clicks == 0 and counter.keys + 2 <= MOST_KEYS, (counter.keys, counter.log)
    page.wait_for_function("() => document.activeElement?.name === 'who'")  # ready for the next person


def test_a_card_costs_no_key_and_papers_go_on_line_by_line(counter: Hands, page: Page) -> None:
    counter.scan(CARD)
    page.wait_for_function("() => document.activeElement?.name === 'name-1'")
    for number in range(1, 5):
        counter.type("cc")
        counter.press("Enter")
        counter.press("Enter")
        counter.press("Enter")
        page.wait_for_function(f"() => document.activeElement?.name === 'name-{number + 1}'")
    counter.press("F8")
    visit = taken(page)
    assert visit.dossier.applicant_name == "Phạm Thị Hương Giang" and visit.papers.count() == 4
    assert not Payment.objects.filter(visit=visit).exists() and visit.amount == 8_000


def test_a_signature_by_card_in_few_keys(counter: Hands, page: Page) -> None:
    counter.press("Alt+2")
    page.wait_for_url("**/?kind=signature")
    page.wait_for_function("() => document.activeElement?.name === 'who'")
    counter.scan(CARD)
    page.wait_for_function("() => document.activeElement?.name === 'name-1'")
    counter.type("guq")
    counter.press("Enter")
    expect(page.locator("[data-total]")).to_have_text(re.compile("10.000"))
    counter.press("Control+Enter")
    visit = taken(page)
    assert (visit.kind, visit.papers.get().name, visit.amount) == ("signature", "Giấy ủy quyền", 10_000)
    assert visit.signers.get().name == "Phạm Thị Hương Giang"
    assert counter.clicks == 0 and counter.keys <= MOST_KEYS_SIGNED, (counter.keys, counter.log)
    page.wait_for_function("() => document.activeElement?.name === 'who'")


def test_two_sign_together_and_a_translator(counter: Hands, page: Page) -> None:
    counter.press("Alt+2")
    page.wait_for_url("**/?kind=signature")
    page.fill("[name=who]", "Phùng Văn Lợi 031078002233")
    page.fill("[name=name-1]", "Giấy ủy quyền")
    page.locator("details.mc-details summary").click()
    page.fill("[name=others]", "Phùng Thị Mơ 031181005566")
    counter.press("Control+Enter")
    visit = taken(page)
    assert [one.name for one in visit.signers.all()] == ["Phùng Văn Lợi", "Phùng Thị Mơ"]
    counter.press("Alt+3")
    page.wait_for_url("**/?kind=translator")
    page.fill("[name=who]", "Cao Minh Triết 031088007788")
    page.fill("[name=name-1]", "Học bạ")
    page.fill("[name=from-1]", "Anh")
    assert page.input_value("[name=to-1]") == "Việt"
    assert page.input_value("[name=to-2]") == "Việt"
    page.wait_for_timeout(1100)
    counter.press("F8")
    page.wait_for_selector(".mc-copies__last")
    set_database_actor(SYSTEM)
    assert Visit.objects.order_by("-received_at", "-pk")[0].kind == "translator"


def test_faults_keep_every_line(counter: Hands, page: Page) -> None:
    page.fill("[name=who]", "Lê An")
    page.fill("[name=name-1]", "Học bạ")
    page.fill("[name=pages-1]", "0")
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-errors")
    assert page.input_value("[name=who]") == "Lê An" and page.input_value("[name=name-1]") == "Học bạ"
    page.complaints.clear()  # type: ignore[attr-defined]  (the browser logs the 422 itself)
    page.fill("[name=pages-1]", "12")
    page.wait_for_timeout(1100)
    counter.press("Control+Enter")
    assert taken(page).amount == 14_000


def test_a_leader_approves_fifty_after_looking_in_a_minute(world: World, site: Client, page: Page) -> None:
    desk = Desk(world)
    set_database_actor(SYSTEM)
    visits = [desk.take(at=timezone.now()) for _number in range(MANY)]
    logged_in(site, world.accounts["tuan"])
    started = time.monotonic()
    page.goto("http://canbo.localhost/certification/?stage=sign")
    hands = Hands(page)
    page.locator("[data-all]").check()
    expect(page.locator("[data-picked]")).to_have_text(f"{MANY} / {MANY}")
    hands.press("Control+Enter")
    page.wait_for_selector("text=Đã ký duyệt")
    took = time.monotonic() - started
    set_database_actor(SYSTEM)
    approved = Result.objects.filter(
        dossier__in=[one.dossier_id for one in visits], approved_at__isnull=False
    )
    assert approved.count() == MANY and took <= MOST_SECONDS, took
    print(f"fifty approved in {took:.1f} s")


def test_on_a_phone_the_page_does_not_push_sideways(counter: Hands, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
