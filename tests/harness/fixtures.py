"""Pytest fixtures: the browser, a page that remembers its complaints, the HTML checker, the site without a server.

A test module imports the ones it uses. `site` answers the browser's requests with Django's test client, in the
test's own thread and transaction, so a screen is tested on rows that are never committed.
"""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from tests.harness import assets
from tests.harness.programs import chromium
from tests.harness.vnu import Checker

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Addresses that `serve` answers. What is static goes past the driver to `assets`, at `http://localhost` alone.
PAGES = re.compile(r"^(?!http://([a-z]+\.)?localhost/static/)")


def flags() -> list[str]:
    """Return what Chromium is started with: port 80 of our hosts is the thread that hands out what is static."""
    to = f"127.0.0.1:{assets.port()}"
    return [*_FLAGS, f"--host-resolver-rules=MAP localhost:80 {to},MAP *.localhost:80 {to}"]


_SPY = """
window.motcuaComplaints = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.motcuaComplaints.push("CSP " + event.violatedDirective + ": " + (event.blockedURI || event.sample)));
window.motcuaPointer = 0;
addEventListener("pointerdown", (event) => { if (event.isTrusted) window.motcuaPointer += 1; }, true);
"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver. Django refuses database work where an event loop runs; ours only waits for the browser."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)  # five seconds say more about a shared machine than about the page
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    started = playwright.chromium.launch(executable_path=chromium(), args=flags())
    context = started.new_context

    def patient(**options: Any) -> BrowserContext:
        made = context(**options)
        made.set_default_navigation_timeout(120_000)
        return made

    # Playwright's half minute for opening a page says more about a shared machine than about the page.
    started.new_context = patient  # type: ignore[method-assign]
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile: Vietnamese, a common laptop."""
    made = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1366, "height": 768},
        service_workers="block",  # a page is looked at, not what it fetches for later: tests/journeys/test_kiosk_alone.py
    )
    made.add_init_script(_SPY)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that remembers console errors and uncaught faults in `page.complaints`."""
    made = context.new_page()
    watch(made)
    return made


def watch(page: Page) -> None:
    """Collect what the page complains about."""
    kept: Any = page
    kept.complaints, kept.motcua_routes = [], []

    def console(one: ConsoleMessage) -> None:
        if one.type == "error":
            kept.complaints.append(f"console: {one.text}")

    page.on("console", console)
    page.on("pageerror", lambda fault: kept.complaints.append(f"fault: {fault}"))


@pytest.fixture(scope="session")
def vnu() -> Iterator[Checker]:
    """The HTML checker, one process for the run."""
    checker = Checker()
    yield checker
    checker.close()


def serve(client: Client) -> Callable[[Route], None]:
    """Return a handler that answers the browser from Django's test client and the static finders."""
    here = connections["default"]

    def answer(route: Route) -> None:
        # The driver calls us in a context of its own, where Django would open a second connection that sees
        # nothing of the test's transaction (an officer who is logged in would be a stranger).
        connections["default"] = here
        request = route.request
        address = urlsplit(request.url)
        if not address.scheme.startswith("http"):  # the browser's own PDF viewer
            route.continue_()
            return
        if address.path.startswith("/static/"):
            found = assets.find(address.path.removeprefix("/static/"))
            if not found:
                route.fulfill(status=404)
                return
            route.fulfill(path=str(found), content_type=assets.kind(found))
            return
        route.fulfill(**_ask(client, request, address))

    return answer


def _ask(client: Client, request: Any, address: Any) -> dict[str, Any]:
    sent = {name: value for name, value in request.all_headers().items() if not name.startswith(":")}
    kept = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in sent.items()
        if name not in {"content-type", "content-length", "cookie", "host"}
    }
    response: Any = client.generic(
        request.method,
        address.path + (f"?{address.query}" if address.query else ""),
        data=request.post_data_buffer or b"",
        content_type=sent.get("content-type", "application/octet-stream"),
        HTTP_HOST=address.netloc,
        **kept,
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers, status = dict(response.items()), response.status_code
    if 300 <= status < 400 and "Location" in headers:
        # An intercepted answer cannot redirect a navigation; Refresh leads the page to the same place.
        headers["Refresh"], status = f"0; url={headers.pop('Location')}", 200
    return {"status": status, "headers": headers, "body": body}


@pytest.fixture
def site(db: None, page: Page) -> Client:
    """The site on http://localhost and http://canbo.localhost without a server: returns the client.

    Log in through the client (`site.force_login(account)`): its cookies are the browser's.
    """
    client = Client(enforce_csrf_checks=True)
    handler = serve(client)

    def copier(context: BrowserContext) -> None:
        context.route(PAGES, handler)

    copier(page.context)
    page.motcua_routes.append(copier)  # type: ignore[attr-defined]
    return client
