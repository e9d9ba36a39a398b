"""Walking a page by Tab: everything reachable, the focus always seen, nobody trapped."""

from dataclasses import dataclass

from playwright.sync_api import Page

_LIMIT = 400

# Keys that two things on the page answer to: the later one can never be reached by it.
_TWICE = """() => {
    const held = new Map();
    for (const one of document.querySelectorAll("[data-key]")) {
        if (one.disabled || one.getClientRects().length === 0) continue;
        for (const key of one.dataset.key.toUpperCase().split(" ")) held.set(key, [...(held.get(key) ?? []), one.textContent.trim().slice(0, 30)]);
    }
    return [...held].filter(([, names]) => names.length > 1).map(([key, names]) => `${key}: ${names.join(" | ")}`);
}"""

_DESCRIBE = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const line = (parseFloat(style.outlineWidth) >= 2 || style.outlineStyle === "auto") && style.outlineStyle !== "none"
        && !/rgba\\(.*, 0\\)|transparent/.test(style.outlineColor);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const stops = window.motcuaStops;
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
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); window.motcuaStops = new Map(); }")
    expected = page.evaluate(_EXPECTED)
    page.evaluate(
        "() => { const top = document.createElement('span'); top.tabIndex = -1; document.body.prepend(top);"
        " top.focus(); top.remove(); }"
    )
    stops: list[Stop] = []
    seen: set[int] = set()
    repeats = 0
    for _ in range(_LIMIT):
        page.keyboard.press("Tab")
        found = page.evaluate(_DESCRIBE)
        if found is None:
            return Walk(stops, expected, trapped=False)
        number = found.pop("id")
        if number in seen:
            repeats += 1
            if number == 1 and len(stops) >= expected:  # the browser went round by itself
                return Walk(stops, expected, trapped=False)
            if repeats > 3:
                return Walk(
                    stops, expected, trapped=True, back=f"{found['name']} after {len(stops)} of {expected}"
                )
            continue
        seen.add(number)
        stops.append(Stop(**found))
    return Walk(stops, expected, trapped=True)


def twice(page: Page) -> list[str]:
    """Return the keys that more than one thing on the page answers to, with their words."""
    return list(page.evaluate(_TWICE))
