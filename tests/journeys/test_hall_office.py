"""The demo's hall as its head sees it: the page follows what others do without a reload, figures open their tickets."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.harness.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_head_watches_while_the_counters_change(live_site: LiveSite, browser: Browser) -> None:
    head, officer = browser.new_context().new_page(), browser.new_context().new_page()
    asked: list[str] = []
    for page in (head, officer):
        page.on("request", lambda request: asked.append(request.url))
    live_site.log_in(head, "tuan")
    head.goto(f"{live_site.staff}/halls/")
    head.locator("tbody th a").first.click()
    expect(head.locator(".mc-tiles li")).to_have_count(5)
    last = head.locator("tbody tr", has_text="Quầy 6")
    expect(last).to_contain_text("Không có người")
    head.evaluate("() => { window.still = true; }")

    live_site.log_in(officer, "minh")
    officer.goto(f"{head.url}counters/")
    row = officer.locator("tbody tr", has_text="Quầy 6")
    row.locator("[type=checkbox]").nth(4).check()
    officer.keyboard.press("Control+Enter")
    expect(officer.locator(".mc-main")).to_contain_text("Đã đổi 1 quầy")
    expect(last).to_contain_text("E", timeout=20_000)
    assert head.evaluate("() => window.still"), "the page changed by itself, without a reload"

    head.get_by_role("link", name="Số liệu").click()
    served = head.locator(".mc-tiles li", has_text="Đã phục vụ").locator("a")
    count = int(re.sub(r"\D", "", served.inner_text()))
    served.click()
    expect(head.locator("h1 .mc-count")).to_have_text(re.compile(f"^{count:,}$".replace(",", r"\.")))
    with head.expect_download() as taken:
        head.get_by_role("button", name="Tải CSV").click()
    assert taken.value.suggested_filename.endswith(".csv")
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == count + 1
    assert all("localhost" in url for url in asked), "no outside request"
