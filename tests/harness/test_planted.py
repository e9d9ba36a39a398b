"""The checkers themselves: each must find the fault that was planted for it, and pass a clean page."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.harness import check
from tests.harness.axe import axe
from tests.harness.forced import PALETTES, forced
from tests.harness.hands import Hands
from tests.harness.keyboard import twice, walk
from tests.harness.screens import overflow
from tests.harness.vnu import Checker
from tests.harness.weight import page_weight

pytestmark = pytest.mark.browser

PLANTED = (Path(__file__).parent / "planted.html").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'"
TRAP = """
document.getElementById("trap").addEventListener("keydown", (event) => { if (event.key === "Tab") event.preventDefault(); });
throw new Error("planted");
"""
CLEAN = (
    "<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>Sạch</title></head>"
    "<body><main><h1>Sạch</h1><p><a href='#a'>Một</a> <button type='button'>Hai</button></p></main></body></html>"
)


def _open(page: Page, html: str) -> None:
    def answer(route: Route) -> None:
        if route.request.url.endswith("planted.js"):
            route.fulfill(body=TRAP, content_type="text/javascript")
        elif route.request.resource_type == "image":
            route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
        else:
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    page.context.route("**/*", answer)
    page.motcua_routes.append(lambda context: context.route("**/*", answer))  # type: ignore[attr-defined]
    page.goto("http://planted.test/")


def test_axe_finds_the_planted_faults(page: Page) -> None:
    _open(page, PLANTED)
    rules = {one.rule for one in axe(page)}
    assert {"color-contrast", "image-alt", "label", "html-has-lang", "document-title"} <= rules


def test_a_key_that_two_things_answer_to_is_found(page: Page) -> None:
    """The star of a dossier and the proposal of an apology both had S: the second was never reached."""
    one = "<button type='button' data-key='{}'>{}</button>"
    _open(page, CLEAN.replace("</main>", one.format("S", "Sao") + one.format("s F2", "Xin lỗi") + "</main>"))
    assert twice(page) == ["S: Sao | Xin lỗi"]
    _open(page, CLEAN.replace("</main>", one.format("S", "Sao") + one.format("D", "Duyệt") + "</main>"))
    assert twice(page) == []


ONLY_THERE = """<style>
  @media (max-width: 400px) { .word { display: none; } }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #333; } }
</style></head>"""


def test_what_only_a_phone_or_the_dark_shows_is_found(page: Page) -> None:
    words = CLEAN.replace("Hai</button>", "<span class='word'>Hai</span></button>")
    _open(page, words.replace("</head>", ONLY_THERE).replace("lang='vi'", "lang='vi' class='work'"))
    found = check.seen(page)
    assert any(one.startswith("axe at 360 px: button-name") for one in found)
    assert any(one.startswith("axe in the dark: color-contrast") for one in found)
    assert not any(one.startswith("axe at 1366 px") for one in found)


TAKEN_AWAY = """<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>Màu</title><style>
  .ring:focus-visible { outline: 0; box-shadow: 0 0 0 3px #FFB800; }
  .own { forced-color-adjust: none; color: #777; background: #888; }
  .dot::before { content: ""; display: inline-block; width: 8px; height: 8px; background: #A3122B; }
  .edge::before { content: ""; display: inline-block; width: 8px; height: 8px; border: 2px solid; }
  .chosen { background: #0B4F8A; color: #fff; } .chosen.bold { font-weight: 700; }
</style></head><body><main><h1>Màu</h1>
<svg class='gone' width='24' height='24'><path d='M2 2h20v20z' fill='PAINT'/></svg>
<svg class='kept' width='24' height='24'><circle cx='12' cy='12' r='10' fill='CanvasText'/><path class='tick' d='M7 12l4 4 6-8' fill='none' stroke='Canvas'/></svg>
<p class='own'>Chữ</p><p class='dot'>Muộn</p><p class='edge'>Xong</p>
<p><button type='button' class='ring'>Một</button> <button type='button' class='line'>Hai</button></p>
<div><a href='#1' class='chosen' aria-current='true'>Chọn</a> <a href='#2'>Khác</a></div>
<div><a href='#3' class='chosen bold' aria-current='true'>Chọn</a> <a href='#4'>Khác</a></div>
</main></body></html>"""


@pytest.mark.parametrize(("palette", "paint"), [("black", "#14202b"), ("white", "#ffffff")])
def test_what_forced_colours_take_away_is_found(page: Page, palette: str, paint: str) -> None:
    """One of each: a word, a mark in a drawing and one of the sheet, a state, a ring. Their sound twins pass."""
    _open(page, TAKEN_AWAY.replace("PAINT", paint))
    begin = f"forced colours, {palette}: "
    assert [one.removeprefix(begin) for one in forced(page, palette)] == [
        "words of p.own cannot be read",
        "mark svg.gone cannot be seen",
        "mark p.dot::before cannot be seen",
        "state of a.chosen looks like any other",
        "focus on button.ring cannot be seen",
    ]
    assert not page.evaluate("matchMedia('(forced-colors: active)').matches"), "the page stands as before"


@pytest.mark.parametrize("palette", PALETTES)
def test_forced_colours_take_nothing_from_a_clean_page(page: Page, palette: str) -> None:
    _open(page, CLEAN)
    assert forced(page, palette) == []


def test_the_html_checker_finds_the_planted_faults(vnu: Checker) -> None:
    found = " ".join(vnu.faults(PLANTED))
    assert "Duplicate ID" in found
    assert "alt" in found


def test_inline_styles_and_handlers_are_found(page: Page) -> None:
    _open(page, PLANTED)
    found = check.inline(page, PLANTED)
    assert "style on p" in found
    assert "onclick on p" in found
    assert "inline style" in found


def test_a_violated_policy_and_a_script_fault_are_heard(page: Page) -> None:
    _open(page, PLANTED)
    found = " ".join(check.complaints(page))
    assert "CSP img-src" in found or "CSP" in found
    assert "planted" in found


def test_sideways_scrolling_is_found(page: Page) -> None:
    _open(page, PLANTED)
    assert any("div.wide" in one for one in overflow(page))


def test_the_keyboard_walk_finds_trap_missing_ring_and_cover(page: Page) -> None:
    _open(page, PLANTED)
    found = " ".join(walk(page).faults())
    assert "trapped" in found
    assert "no visible focus on button" in found


def test_page_weight_counts_document_and_script(page: Page) -> None:
    padding = f"<p>{random.Random(7).randbytes(70_000).hex()}</p>"
    _open(page, CLEAN.replace("</main>", padding + "</main>"))
    assert page_weight(page, "http://planted.test/").total > 60_000


def test_keystrokes_and_clicks_are_counted(page: Page) -> None:
    _open(page, CLEAN)
    hands = Hands(page)
    hands.press("Tab")
    hands.type("ks")
    hands.press("Control+Enter")
    hands.click("button")
    assert (hands.keys, hands.clicks) == (5, 1)
    assert hands.seconds > 2
    assert page.evaluate("motcuaPointer") == 1


def test_a_clean_page_passes(page: Page, vnu: Checker) -> None:
    _open(page, CLEAN)
    assert check.faults(page, vnu) == []
