"""A heavy day by keyboard alone: one intake held beside another, a returning applicant, a paper used again."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from motcua.applicants.models import VaultPaper, VaultSource
from motcua.applicants.operations import vault
from motcua.base.files import operations as files
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers.models import Dossier, DossierDocument, Draft
from motcua.dossiers.tests.intake_world import World, world
from motcua.dossiers.tests.test_intake_heavy_day import png, wanted
from motcua.dossiers.tests.test_intake_screen import begin as begin_plainly
from motcua.dossiers.tests.test_intake_screen import draft_of, full
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness import check
from tests.harness.hands import Hands
from tests.harness.vnu import Checker
from tests.journeys.test_intake_keystrokes import (
    begin,
    choose_birth,
    counter,
    focused,
    on_paper,
    only_keys,
    saved,
    scan_card,
)

__all__ = ["counter", "world"]
pytestmark = pytest.mark.browser
RETURNING = 22  # keys of a usual dossier of somebody who was here before, without a card


@pytest.fixture
def before(world: World, counter: Hands) -> Iterator[Dossier]:
    """A dossier with a scan of its first paper, of the person who comes again."""
    client = world.client("minh")
    page = begin_plainly(client)
    client.post(f"{page}files/r{wanted().pk}", {"file": png()})
    client.post(page, full())
    dossier = draft_of(page).dossier
    assert dossier is not None
    yield dossier


def test_one_is_held_another_taken_in_and_the_first_goes_on(counter: Hands, page: Page, vnu: Checker) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    first = page.url
    counter.press("F10")
    page.wait_for_url(lambda url: url != first and url.endswith("/"))
    page.wait_for_selector(".mc-held")
    focused(page, "card")
    expect(page.locator(".mc-held")).to_contain_text("Phạm Thị Hương Giang")
    counter.type("Lê Văn Tám")
    counter.press("Enter")
    focused(page, "personal_id")
    assert page.input_value("#id_full_name") == "Lê Văn Tám"
    saved(page)
    set_database_actor(SYSTEM)
    Draft.objects.filter(held_at__isnull=False).update(held_at=timezone.now() - timedelta(minutes=12))
    check.screen(page, vnu, "intake-held")
    counter.press("Alt+1")
    page.wait_for_url(first)
    on_paper(page)
    counter.press("a")
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    assert counter.clicks == 0


def test_of_two_tabs_the_older_one_says_where_to_go_on(counter: Hands, page: Page) -> None:
    begin(counter)
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#intake")
    counter.type("Lê Văn Tám")
    counter.press("Enter")
    expect(page.locator("[data-errors]")).to_contain_text("thẻ khác", timeout=8000)
    other.close()


def test_the_list_of_returning_applicants(counter: Hands, page: Page, before: Dossier, vnu: Checker) -> None:
    begin(counter)
    counter.type("huong gi")
    page.wait_for_selector("[role=option]")
    counter.press("ArrowDown")
    page.wait_for_selector("[role=option][aria-selected=true]")
    check.screen(page, vnu, "intake-returning", html=False)


def test_somebody_who_was_here_before_needs_no_card(counter: Hands, page: Page, before: Dossier) -> None:
    begin(counter)
    counter.type("huong gi")
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option]").count() == 1
    assert page.locator("[role=option][aria-selected=true]").count() == 0
    counter.press("ArrowDown")
    page.wait_for_selector("[role=option][aria-selected=true]")
    counter.press("Enter")
    focused(page, "procedure")
    assert page.input_value("#id_personal_id") == "031185000017"
    choose_birth(counter)
    counter.press("a")
    page.wait_for_function("() => document.querySelectorAll('.mc-paper.is-present').length === 3")
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    only_keys(counter, RETURNING)
    set_database_actor(SYSTEM)
    assert {row.applicant_id for row in Dossier.objects.all()} == {before.applicant_id}


def test_a_telephone_finds_its_owner_even_when_enter_comes_first(
    counter: Hands, page: Page, before: Dossier
) -> None:
    begin(counter)
    counter.type("0912345678")
    counter.press("Enter")
    focused(page, "procedure")
    assert page.input_value("#id_full_name") == "Phạm Thị Hương Giang"


def test_the_offer_of_a_paper_of_before(counter: Hands, page: Page, before: Dossier, vnu: Checker) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    counter.press("r")
    counter.press("a")
    saved(page)
    check.screen(page, vnu, "intake-reuse")


def kept(dossier: Dossier, name: str) -> VaultPaper:
    """A paper in the applicant's vault, from a dossier of another commune."""
    set_database_actor(SYSTEM)
    at = timezone.now()
    stored = files.store(stream=BytesIO(pdf()), filename="a.pdf", actor=SYSTEM, at=at, purpose="paper")
    facts = vault.PaperFacts(
        applicant_id=dossier.applicant_id, name=name, source=VaultSource.ONLINE, origin=stored.pk, agency_id=1,
        origin_code="H24.99-261101-0001", handed_in_on=timezone.localdate(at), files=[stored.pk],
    )  # fmt: skip
    paper = vault.keep(facts=facts, actor=SYSTEM, at=at)
    assert paper is not None
    return paper


def opened(counter: Hands, page: Page, before: Dossier) -> tuple[str, VaultPaper]:
    """A birth registration with the vault opened by its key; the second paper's name, and what the vault has for it."""
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    name = page.locator(".mc-paper").nth(1).locator(".mc-paper__name").inner_text()
    paper = kept(before, name)
    kept(before, "Giấy ra viện")
    page.locator(".mc-paper").first.focus()
    counter.press("k")
    expect(page.locator(".mc-papers__vault")).to_contain_text("2 giấy dùng được", timeout=20_000)
    return name, paper


def test_an_opened_vault(counter: Hands, page: Page, before: Dossier, vnu: Checker) -> None:
    opened(counter, page, before)
    check.screen(page, vnu, "intake-vault-open")


def test_the_vault_is_opened_and_used_by_keys(counter: Hands, page: Page, before: Dossier) -> None:
    name, paper = opened(counter, page, before)
    row, box = page.locator(".mc-paper").nth(1), page.locator(f"input[value='{paper.pk}']")
    expect(box).to_be_focused()
    counter.press("Space")
    expect(box).to_be_checked()
    row.focus()
    counter.press("1")  # they brought it after all
    expect(box).not_to_be_checked()
    row.focus()
    counter.press("r")
    expect(box).to_be_checked()
    counter.press("a")
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    set_database_actor(SYSTEM)
    document = DossierDocument.objects.get(note__contains="trong kho")
    assert document.name == name and document.files.count() == 1 and document.originals == 0


def test_a_paper_of_before_is_taken_over_by_one_key(counter: Hands, page: Page, before: Dossier) -> None:
    begin(counter)
    scan_card(counter)
    choose_birth(counter)
    expect(page.locator(".mc-reuse")).to_contain_text(before.code)
    counter.press("r")
    expect(page.locator(".mc-reuse input")).to_be_checked()
    counter.press("ArrowUp")
    counter.press("1")  # they brought the paper after all
    expect(page.locator(".mc-reuse input")).not_to_be_checked()
    counter.press("ArrowUp")
    counter.press("r")
    expect(page.locator(".mc-reuse input")).to_be_checked()
    counter.press("a")
    counter.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    set_database_actor(SYSTEM)
    row = DossierDocument.objects.get(reused_from__isnull=False)
    assert row.files.count() == 1 and row.reused_from is not None and row.reused_from.dossier == before
    assert row.originals == 0
