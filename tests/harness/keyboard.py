"""Walking a page by Tab: everything reachable, the focus always seen, nobody trapped."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_LIMIT = 400

# Keys that two things on the page answer to: the later one can never be reached by it. Two links to one place are one.
_TWICE = """() => {
    const held = new Map();
    for (const one of document.querySelectorAll("[data-key]")) {
        if (one.disabled || one.getClientRects().length === 0) continue;
        const name = one.textContent.trim().slice(0, 30);
        for (const key of one.dataset.key.toUpperCase().split(" ")) {
            if (!held.has(key)) held.set(key, new Map());
            held.get(key).set(one.getAttribute("href") ?? one, name);
        }
    }
    return [...held].filter(([, places]) => places.size > 1).map(([key, places]) => `${key}: ${[...places.values()].join(" | ")}`);
}"""

# What stands in the focus is written down as the next Tab is pressed: one answer for the whole walk.
_RECORD = """() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
    const stops = new Map();
    const describe = %s;
    window.motcuaWalk = {stops: [], describe: () => describe(stops)};
    window.motcuaWalk.hear = (event) => { if (event.key === "Tab") window.motcuaWalk.stops.push(describe(stops)); };
    addEventListener("keydown", window.motcuaWalk.hear, true);
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
}"""
_READ = "() => { const found = motcuaWalk.stops.splice(0); return found; }"
# The focus is left nowhere: keys a test presses next are the page's, not those of a field the walk ended in.
_LAST = "() => { removeEventListener('keydown', motcuaWalk.hear, true); document.activeElement?.blur(); }"
_DESCRIBE = """(stops) => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const line = (parseFloat(style.outlineWidth) >= 2 || style.outlineStyle === "auto") && style.outlineStyle !== "none"
        && !/rgba\\(.*, 0\\)|transparent/.test(style.outlineColor);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (!stops.has(one)) stops.set(one, stops.size + 1);
    return {
        id: stops.get(one),
        name: one.tagName.toLowerCase() + (one.id ? "#" + one.id : "") + " " +
            (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40),
        ring: line || (style.boxShadow !== "none" && style.boxShadow !== ""),
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: !(top === null || one.contains(top) || top.contains(one)),
    };
}"""

_EXPECTED = """() => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
        .filter((one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length > 0 && one.checkVisibility() && !one.closest("[inert]"))
        .filter((one) => getComputedStyle(one).visibility !== "hidden");
    const groups = new Set();
    return all.filter((one) => {
        if (one.type !== "radio") return true;
        const key = (one.form?.id ?? "") + one.name;
        if (groups.has(key)) return false;
        groups.add(key);
        return true;
    }).length;
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """One place the focus stands."""

    name: str
    ring: bool
    inside: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The result of tabbing through a page."""

    stops: list[Stop]
    expected: int
    trapped: bool
    back: str = ""  # where it was caught

    def faults(self) -> list[str]:
        """Return what is wrong, in words."""
        found = (
            [f"the focus is trapped: Tab never leaves the page, back at {self.back}"] if self.trapped else []
        )
        if not self.trapped and len(self.stops) < self.expected:
            found.append(f"only {len(self.stops)} of {self.expected} controls are reached by Tab")
        found += [f"no visible focus on {stop.name}" for stop in self.stops if not stop.ring]
        found += [f"focus out of sight on {stop.name}" for stop in self.stops if not stop.inside]
        found += [f"focus hidden behind something on {stop.name}" for stop in self.stops if stop.covered]
        return found


def walk(page: Page) -> Walk:
    """Press Tab from the top until the focus leaves the page, or until it goes in circles."""
    expected = page.evaluate(_EXPECTED)
    page.evaluate(_RECORD % _DESCRIBE)
    for _press in range(min(expected + 5, _LIMIT)):
        page.keyboard.press("Tab")
    told = page.evaluate(_READ)[1:]  # at the first Tab nothing had the focus
    walked = _walked(told, expected)
    while walked is None and len(told) < _LIMIT:
        for _press in range(20):
            page.keyboard.press("Tab")
        told += page.evaluate(_READ)
        walked = _walked(told, expected)
    page.evaluate(_LAST)
    return walked or Walk(_stops(told), expected, trapped=True)


def _walked(told: list[dict[str, Any] | None], expected: int) -> Walk | None:
    """Return the walk if it ended: the focus left, went round, or was caught; None while it goes on."""
    seen: set[int] = set()
    repeats = 0
    for number, found in enumerate(told):
        if found is None:
            return Walk(_stops(told[:number]), expected, trapped=False)
        if found["id"] not in seen:
            seen.add(found["id"])
            continue
        repeats += 1
        if found["id"] == 1 and len(seen) >= expected:  # the browser went round by itself
            return Walk(_stops(told[:number]), expected, trapped=False)
        if repeats > 3:
            caught = f"{found['name']} after {len(seen)} of {expected}"
            return Walk(_stops(told[:number]), expected, trapped=True, back=caught)
    return None


def _stops(told: list[dict[str, Any] | None]) -> list[Stop]:
    """Return each place once, in the order the focus came there."""
    places = {
        found["id"]: Stop(found["name"], found["ring"], found["inside"], found["covered"])
        for found in reversed(told)
        if found
    }
    return [places[number] for number in sorted(places)]


def twice(page: Page) -> list[str]:
    """Return the keys that more than one thing on the page answers to, with their words."""
    return list(page.evaluate(_TWICE))
