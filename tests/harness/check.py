"""Everything every screen must pass, in one call."""

import os

from playwright.sync_api import Page

from tests.harness.axe import axe
from tests.harness.forced import forced
from tests.harness.keyboard import twice, walk
from tests.harness.screens import overflow, screens
from tests.harness.vnu import Checker


def complaints(page: Page) -> list[str]:
    """Return console errors, uncaught faults and violations of the content security policy."""
    return [*getattr(page, "complaints", []), *page.evaluate("() => window.motcuaComplaints ?? []")]


#: axe looks at every page at a phone's and at a laptop's width: what one hides, the other shows.
AXE_WIDTHS = (360, 1366)
_WORK = "() => document.documentElement.classList.contains('work')"


def inline(page: Page, sent: str) -> list[str]:
    """Return inline styles and handlers in the answer as it was sent: the policy would drop them silently."""
    return list(
        page.evaluate(
            """(text) => {
                const sent = new DOMParser().parseFromString(text, "text/html");
                const found = [];
                for (const one of sent.querySelectorAll("*")) {
                    if (one.hasAttribute("style")) found.push("style on " + one.tagName.toLowerCase());
                    for (const {name} of one.attributes)
                        if (/^on[a-z]/.test(name)) found.push(name + " on " + one.tagName.toLowerCase());
                }
                for (const one of sent.querySelectorAll("style, script:not([src])")) found.push("inline " + one.tagName.toLowerCase());
                return found;
            }""",
            sent,
        )
    )


def seen(page: Page, *, whole: bool = True) -> list[str]:
    """Return axe's violations at both widths, and the contrasts of the work surface's dark colours.

    Not `whole`: at a phone's width alone.
    """
    before, found = page.viewport_size, []
    for width in AXE_WIDTHS if whole else AXE_WIDTHS[:1]:
        page.set_viewport_size({"width": width, "height": 900})
        # Colours are those of the sheet at any width: contrasts are asked once in the light and once in the dark.
        contrast = not whole or width == AXE_WIDTHS[-1]
        found += [f"axe at {width} px: {one}" for one in axe(page, contrast=contrast)]
    if before:
        page.set_viewport_size(before)
    if whole and page.evaluate(_WORK):
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours change at once
        found += [f"axe in the dark: {one}" for one in axe(page, rules=("color-contrast",))]
        page.emulate_media(color_scheme="null", reduced_motion="null")
    return found


def faults(page: Page, vnu: Checker, *, html: bool | str = True, whole: bool = True) -> list[str]:
    """Return every fault of the page that is open, in words; empty when it passes.

    `html` is the text that was sent, True to fetch the page again, False to leave markup and policy alone. Not `whole`
    for another state of a page that was looked at whole: without the laptop's width, dark and forced colours and the
    walk by Tab.
    """
    found = seen(page, whole=whole)
    if whole:
        found += forced(page)
        found += [f"keyboard: {one}" for one in walk(page).faults()]
    return found + plain(page, vnu, html=html)


def plain(page: Page, vnu: Checker, *, html: bool | str = True) -> list[str]:
    """Return the faults that cost little to find: markup, policy, widths, keys, and what the browser complains of."""
    found = []
    if html:
        sent = (
            html
            if isinstance(html, str)
            else page.evaluate("async () => (await fetch(location.href)).text()")
        )
        found += [f"html {one}" for one in vnu.faults(sent)]
        found += [f"policy: {one}" for one in inline(page, sent)]
    found += [f"width {one}" for one in overflow(page)]
    found += [f"key held twice: {one}" for one in twice(page)]
    found += [f"page: {one}" for one in complaints(page)]
    return found


#: The page table looks at every route whole; a journey looks at its states for what differs, whole in the long profile.
WHOLE = bool(os.environ.get("MOTCUA_WHOLE"))


def screen(page: Page, vnu: Checker, name: str, *, html: bool | str = True, whole: bool = WHOLE) -> None:
    """Fail with every fault of the open page; with MOTCUA_PICTURES leave it at three widths in var/screenshots.

    `html=False` skips re-fetching the page, for answers to a POST. Not `whole`: markup, policy, widths, keys and what
    the browser complains of.
    """
    screens(page, name)
    found = faults(page, vnu, html=html) if whole else plain(page, vnu, html=html)
    assert not found, f"{name}: {len(found)} faults\n" + "\n".join(found)
