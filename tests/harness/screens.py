"""Screenshots at three widths, and the faults of layout that only widths show."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.harness.programs import SCREENS

#: With MOTCUA_PICTURES=1; without, the checks alone run.
PICTURES = bool(os.environ.get("MOTCUA_PICTURES"))
WIDTHS = (360, 768, 1366)
NARROWEST = 320  # 400 % zoom of 1280 px (WCAG 1.4.10)

_OVERFLOW = """() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    return [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .filter((one) => !one.closest(".mc-scroll, .mc-left__list"))
        .slice(0, 5)
        .map((one) => one.tagName.toLowerCase() + "." + one.getAttribute("class"));
}"""


def screens(page: Page, name: str, widths: tuple[int, ...] = WIDTHS) -> list[Path]:
    """Take full-page pictures into var/screenshots, where they are asked for, and return their paths."""
    if not PICTURES:
        return []
    SCREENS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    taken = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        path = SCREENS / f"{name}-{width}.png"
        page.screenshot(path=path, full_page=True)
        taken.append(path)
    if before:
        page.set_viewport_size(before)
    return taken


def overflow(page: Page, widths: tuple[int, ...] = (NARROWEST, *WIDTHS)) -> list[str]:
    """Return what sticks out sideways, per width: nothing may, down to 320 px."""
    before = page.viewport_size
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if sticking := page.evaluate(_OVERFLOW):
            found.append(f"at {width} px: {', '.join(sticking)}")
    if before:
        page.set_viewport_size(before)
    return found
