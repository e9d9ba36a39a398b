"""The pages in a browser: readable, reachable by keyboard, nothing sticking out, at four widths."""

import pytest
from playwright.sync_api import expect

from motcua.lib.actor import SYSTEM
from motcua.workflow.models import Workflow
from motcua.workflow.operations import importing, loading
from motcua.workflow.source import files
from motcua.workflow.tests.test_pages import log_in, unit  # noqa: F401 -- fixtures
from tests.harness import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STAFF = "http://canbo.localhost/workflows/"


@pytest.fixture
def staff(site, log_in, monday):  # noqa: F811
    loading.load_default_workflows(actor=SYSTEM, at=monday)
    loading.load_demo_workflows(actor=SYSTEM, at=monday)
    return log_in("business_admin", site)


@pytest.mark.long
def test_the_list_passes(page, staff, vnu):
    page.goto(STAFF)
    check.screen(page, vnu, "workflow-list")


@pytest.mark.long
@pytest.mark.parametrize("key", ["default", "demo:1.001193", "demo:1.013225", "demo:1.013831"])
def test_a_workflow_passes(page, staff, vnu, key):
    page.goto(f"{STAFF}{Workflow.objects.get(key=key).pk}/")
    check.screen(page, vnu, f"workflow-{key.removeprefix('demo:')}")


@pytest.mark.long
def test_a_doubtful_import_passes(page, staff, vnu, shared_data, monday):
    drafts = files.read(shared_data / "procedures" / "commune_workflows_cantho.json")
    doubtful = [draft for draft in drafts if draft.key == "HT-005"]
    importing.import_workflows(drafts=doubtful, actor=SYSTEM, at=monday)
    page.goto(f"{STAFF}{Workflow.objects.get(key='HT-005').pk}/")
    page.get_by_role("link", name="25 ngày · Bản 1").click()
    expect(page.get_by_text("nhiều nhất 20 ngày làm việc")).to_be_visible()
    check.screen(page, vnu, "workflow-doubtful")


def test_one_drawing_shows_at_a_time_and_the_words_fit_what_was_measured(page, staff):
    page.goto(f"{STAFF}{Workflow.objects.get(key='demo:1.013225').pk}/")
    for width, shown in ((1366, "wide"), (360, "tall")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(f"svg.wf-{shown}")).to_be_visible()
        expect(page.locator(f"svg.wf-{'tall' if shown == 'wide' else 'wide'}")).to_be_hidden()
        over = page.evaluate(
            """() => {
                const boxes = [...document.querySelectorAll("svg.wf-diagram")].filter((s) => s.checkVisibility())
                    .flatMap((s) => [...s.querySelectorAll("tspan")].map((t) => t.getBoundingClientRect()));
                let met = 0;
                for (const [n, a] of boxes.entries()) for (const b of boxes.slice(n + 1))
                    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4) met += 1;
                return met;
            }"""
        )
        assert over == 0
