"""Every page that opens without logging in, found by walking the URL tables: a new one is checked by being there."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from motcua.config import urls_public, urls_staff
from motcua.ui.routing import everyone
from tests.harness import check
from tests.harness.vnu import Checker

pytestmark = pytest.mark.browser

# The look's own pages have their own tests; the others answer with something that is not a page.
_OTHERWISE = ("ui/", "thanh-phan", "health", "static", "api")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        path = prefix + str(one.pattern).removeprefix("^")
        if isinstance(one, URLResolver):
            found += _walk(one.url_patterns, path)
        elif getattr(one.callback, "motcua_permission", None) is everyone and not set(path) & set("<(\\"):
            found.append(path)
    return found


def addresses() -> list[str]:
    """Return the address of each open page without parameters, on both hosts."""
    found = [f"http://localhost/{path}" for path in _walk(urls_public.urlpatterns)]
    found += [f"http://canbo.localhost/{path}" for path in _walk(urls_staff.urlpatterns)]
    found += ["http://canbo.localhost/dang-nhap/"]
    return sorted({one for one in found if not one.split("/", 3)[3].startswith(_OTHERWISE)})


def test_the_walk_sees_the_front_page() -> None:
    assert "http://localhost/" in addresses()
    assert get_resolver("motcua.config.urls_public")


@pytest.mark.parametrize("address", addresses())
def test_an_open_page_passes(page: Page, site: Client, vnu: Checker, address: str) -> None:
    answer = site.get("/" + address.split("/", 3)[3], HTTP_HOST=address.split("/")[2])
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        assert answer.status_code < 500
        return  # a redirect or plain text: nothing to look at
    page.goto(address)
    name = address.removeprefix("http://").replace("/", "-").strip("-")
    check.screen(page, vnu, f"open-{name}")
