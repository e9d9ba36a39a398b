"""The calendar pages in a browser: readable, reachable by keyboard, nothing sticking out, at four widths."""

from datetime import date

import pytest

from motcua.base.calendars.models import Calendar, Day
from tests.harness import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "http://canbo.localhost/calendars/"


@pytest.fixture
def here(world, log_in, site):
    log_in("an", site)
    return f"{SITE}{Calendar.objects.get(code='THU').pk}/"


@pytest.mark.long
def test_the_list_passes(here, page, vnu):
    page.goto(SITE)
    check.screen(page, vnu, "calendars-list")


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("?year=2026&received=2026-08-28T15:30&limit=3+ngày+làm+việc", "calendars-year"),
        ("?year=2030&limit=vài+hôm&received=x", "calendars-year-empty"),
        ("days/new/?on=2026-06-05", "calendars-add"),
        ("hours/", "calendars-hours"),
        ("../new/", "calendars-new"),
    ],
)
def test_a_calendars_pages_pass(here, page, vnu, path, name):
    page.goto(here + path)
    check.screen(page, vnu, name)


@pytest.mark.long
def test_a_days_page_passes(here, page, vnu):
    row = Day.objects.get(on=date(2026, 11, 24))
    page.goto(f"{here}days/{row.pk}/")
    check.screen(page, vnu, "calendars-day")


def test_a_refused_switch_passes_and_a_day_is_switched_by_keyboard_alone(here, page, vnu):
    row = Day.objects.get(on=date(2026, 11, 24))
    page.goto(f"{here}?year=2026")
    box = page.locator(f"#switch-{row.pk}")
    box.get_by_role("textbox").focus()
    page.keyboard.type("Luật số 1 có hiệu lực", delay=60)  # faster would be a scanner
    page.keyboard.press("Enter")
    page.wait_for_selector(".mc-notice.is-good", timeout=8000)
    check.screen(page, vnu, "calendars-day-switched")
    row.refresh_from_db()
    assert row.enabled
    page.get_by_text("Rút khỏi lịch").click()
    page.get_by_role("button", name="Rút ngày này").click()
    page.wait_for_selector(".mc-errors")
    page.complaints.clear()
    check.screen(page, vnu, "calendars-day-refused", html=False)
