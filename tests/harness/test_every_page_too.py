"""The other half of the pages of `test_every_page`, for a second process."""

import pytest

from tests.harness.pages import Visit
from tests.harness.test_every_page import TOO, Tab, once, passes, rows, tab
from tests.harness.vnu import Checker

__all__ = ["rows", "tab"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize(("host", "route", "visit"), once(TOO))
def test_the_page_passes(tab: Tab, vnu: Checker, host: str, route: str, visit: Visit) -> None:
    passes(tab, vnu, host, route, visit)
