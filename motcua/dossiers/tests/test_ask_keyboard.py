"""The rows for papers that are on no list, by keyboard: one press opens one box and stands in it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FILES = Path(__file__).parents[1]


def test_one_more_paper_opens_one_box_and_stands_in_it(page: Page) -> None:
    assert 'class="mc-details mc-ask__more"' in (FILES / "templates/dossiers/parts/act.html").read_text()
    row = '<details class="mc-details mc-ask__more"><summary>Thêm một giấy tờ</summary><input name="name%s"></details>'
    page.set_content(
        f"<form>{''.join(row % number for number in range(2, 6))}<button>Lập phiếu</button></form>"
    )
    page.add_style_tag(path=FILES / "static/dossiers/desk.css")
    page.add_script_tag(content=(FILES / "static/dossiers/desk.js").read_text(), type="module")
    for number in (2, 3):
        more = page.locator(".mc-ask__more > summary:visible")
        assert more.count() == 1
        more.focus()
        page.keyboard.press("Enter")
        assert page.locator(".mc-ask__more[open]").count() == number - 1
        assert page.evaluate("document.activeElement.name") == f"name{number}"
