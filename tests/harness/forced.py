"""A page under forced colours (Windows' contrast themes): the words, the marks, the states and the focus ring.

The browser takes backgrounds and shadows away there and puts its own colours on text and borders. What a drawing
says with a colour of its own, and what a row says with its ground alone, is gone unless the sheet says it again.
"""

from playwright.sync_api import Page

#: The palettes Chromium plays: black ground (what most contrast themes are) and white ground.
PALETTES = {"black": "dark", "white": "light"}

_LOOK = """() => {
    const probe = document.createElement("p");
    probe.style.cssText = "color: CanvasText; background: Canvas";
    document.body.append(probe);
    const CANVAS = getComputedStyle(probe).backgroundColor;
    probe.remove();

    const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
    const painted = (colour) => /^rgb/.test(colour) && (parts(colour)[3] ?? 1) > 0.1;
    const light = (colour) => {
        const [r, g, b] = parts(colour).slice(0, 3).map((one) => one / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const name = (one) => one.tagName.toLowerCase() + (one.id ? "#" + one.id : "") +
        (one.getAttribute("class") ? "." + one.getAttribute("class").trim().split(/\\s+/).join(".") : "");
    const shown = (one) => one.getClientRects().length > 0 && one.checkVisibility({ checkVisibilityCSS: true });
    const ground = (one) => {
        for (let up = one; up; up = up.parentElement) {
            const colour = getComputedStyle(up).backgroundColor;
            if (painted(colour)) return colour;
        }
        return CANVAS;
    };
    const found = new Set();

    // Words: the browser gives each the colour of its kind, unless a sheet insists on its own. (axe cannot be asked:
    // it reads -webkit-text-fill-color, which is not the colour the browser paints then.)
    for (const one of document.querySelectorAll("body, body *")) {
        if (one.closest("svg, .govuk-visually-hidden, :disabled") || ![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        if (shown(one) && contrast(getComputedStyle(one).color, ground(one)) < 4.5) found.add("words of " + name(one) + " cannot be read");
    }

    // Drawings: every stroke and fill stands out from its ground or from a shape of its group under it.
    const SHAPES = "path, rect, circle, ellipse, line, polyline, polygon, text";
    for (const svg of document.querySelectorAll("svg")) {
        if (!shown(svg) || svg.closest(".govuk-visually-hidden")) continue;
        const under = ground(svg.parentElement);
        const lost = [];
        let visible = 0;
        for (const shape of svg.querySelectorAll(SHAPES)) {
            if (shape.closest("defs, clipPath, mask, symbol") || !shape.checkVisibility()) continue;
            const style = getComputedStyle(shape);
            const paints = [];
            if (painted(style.fill) && parseFloat(style.fillOpacity) > 0.1 && !["line"].includes(shape.tagName)) paints.push(style.fill);
            if (painted(style.stroke) && parseFloat(style.strokeWidth) > 0 && shape.tagName !== "text") paints.push(style.stroke);
            const below = [under];
            for (let one = shape.previousElementSibling; one; one = one.previousElementSibling)
                if (one.matches(SHAPES) && painted(getComputedStyle(one).fill)) below.push(getComputedStyle(one).fill);
            const least = shape.tagName === "text" ? 4.5 : 3;
            if (paints.some((paint) => below.some((one) => contrast(paint, one) >= least))) visible += 1;
            else if (paints.some((paint) => paint !== under)) lost.push(" " + name(shape));
        }
        if (!visible && svg.querySelector(SHAPES)) lost.splice(0, lost.length, "");
        for (const which of lost) found.add("mark " + name(svg) + which + " cannot be seen");
    }

    // Marks of a sheet: a small box before or after an element needs an edge, its ground is gone.
    for (const one of document.querySelectorAll("body *")) {
        for (const side of ["::before", "::after"]) {
            const style = getComputedStyle(one, side);
            if (style.content !== '""' || !painted(style.backgroundColor) || style.display === "none") continue;
            if (style.visibility !== "visible" || style.opacity === "0" || !shown(one)) continue;
            const edge = ["Top", "Right", "Bottom", "Left"].some((where) =>
                parseFloat(style["border" + where + "Width"]) > 0 && style["border" + where + "Style"] !== "none");
            if (edge || !parseFloat(style.width) || !parseFloat(style.height)) continue;
            if (contrast(style.backgroundColor, ground(one)) < 3) found.add("mark " + name(one) + side + " cannot be seen");
        }
    }

    // States: what is chosen differs from its neighbours by more than a ground that is gone.
    // (A station of a route says it by its mark, which was looked at above.)
    const TELLS = ["color", "fontWeight", "textDecorationLine", "outlineStyle", "borderTopWidth",
        "borderLeftWidth", "borderBottomWidth", "borderRightWidth"];
    const told = (one) => [ground(one), ...TELLS.map((tell) => getComputedStyle(one)[tell])].join();
    for (const one of document.querySelectorAll("[aria-selected='true'], [aria-pressed='true'], [aria-current]:not([aria-current='step']), .is-selected")) {
        if (!shown(one)) continue;
        const row = one.parentElement.matches("li") ? one.parentElement : one;
        const other = [...row.parentElement.children].find((next) => next !== row && shown(next) && next.tagName === row.tagName
            && (row === one || next.querySelector(one.tagName)));
        if (!other) continue;
        const plain = row === one ? other : other.querySelector(one.tagName);
        if (told(one) === told(plain)) found.add("state of " + name(one) + " looks like any other");
    }

    // The ring: everything that takes the focus shows it by a line, for shadows are gone.
    for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
        if (one.disabled || !shown(one) || one.closest("[inert]")) continue;
        one.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement !== one) continue;
        const style = getComputedStyle(one);
        const line = style.outlineStyle !== "none" && painted(style.outlineColor) &&
            (parseFloat(style.outlineWidth) >= 2 || style.outlineStyle === "auto");
        if (!line) found.add("focus on " + name(one) + " cannot be seen");
    }
    document.activeElement?.blur();
    return [...found];
}"""


def forced(page: Page, palette: str = "black") -> list[str]:
    """Return what forced colours take away from the open page, in words."""
    page.emulate_media(forced_colors="active", color_scheme=PALETTES[palette], reduced_motion="reduce")  # type: ignore[arg-type]
    page.keyboard.press("Tab")  # what a script focuses from here on shows its ring, as under the keyboard
    found = page.evaluate(_LOOK)
    page.emulate_media(forced_colors="null", color_scheme="null", reduced_motion="null")
    return [f"forced colours, {palette}: {one}" for one in found]
