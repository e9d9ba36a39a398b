"""Everything every screen must pass, in one call."""

from playwright.sync_api import Page

from tests.harness.axe import axe
from tests.harness.keyboard import walk
from tests.harness.screens import overflow, screens
from tests.harness.vnu import Checker


def complaints(page: Page) -> list[str]:
    """Return console errors, uncaught faults and violations of the content security policy."""
    return [*getattr(page, "complaints", []), *page.evaluate("() => window.motcuaComplaints ?? []")]


def inline(page: Page) -> list[str]:
    """Return inline styles and handlers in the answer as it was sent: the policy would drop them silently."""
    return list(
        page.evaluate(
            """async () => {
                const sent = new DOMParser().parseFromString(
                    await (await fetch(location.href, {headers: {"X-Harness": "1"}})).text(), "text/html");
                const found = [];
                for (const one of sent.querySelectorAll("*")) {
                    if (one.hasAttribute("style")) found.push("style on " + one.tagName.toLowerCase());
                    for (const {name} of one.attributes)
                        if (/^on[a-z]/.test(name)) found.push(name + " on " + one.tagName.toLowerCase());
                }
                for (const one of sent.querySelectorAll("style, script:not([src])")) found.push("inline " + one.tagName.toLowerCase());
                return found;
            }"""
        )
    )


def faults(page: Page, vnu: Checker, *, html: bool = True) -> list[str]:
    """Return every fault of the page that is open, in words; empty when it passes."""
    found = [f"axe: {one}" for one in axe(page)]
    if html:
        sent = page.evaluate("async () => (await fetch(location.href)).text()")
        found += [f"html {one}" for one in vnu.faults(sent)]
        found += [f"policy: {one}" for one in inline(page)]
    found += [f"width {one}" for one in overflow(page)]
    found += [f"keyboard: {one}" for one in walk(page).faults()]
    found += [f"page: {one}" for one in complaints(page)]
    return found


def screen(page: Page, vnu: Checker, name: str, *, html: bool = True) -> None:
    """Fail with every fault of the open page; leave pictures of it at three widths in var/screenshots.

    `html=False` skips re-fetching the page, for answers to a POST.
    """
    screens(page, name)
    found = faults(page, vnu, html=html)
    assert not found, f"{name}: {len(found)} faults\n" + "\n".join(found)
