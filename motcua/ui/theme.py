"""A province's colours: three tokens, checked for contrast before anybody sees them.

`action` colours links and buttons, `emblem` and `emblem_2` the mark. Everything else follows from them. A
choice that could not be read is refused with the figure and what to do (WCAG 2.2: 1.4.6 for text, 1.4.11 for
graphics).
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.lib.refusal import Refusal

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_WHITE, _DARK_PAPER, _BAR = "#ffffff", "#111a22", "#14202b"
TEXT_RATIO = 7.0  # AAA for text, taken on all public pages
GRAPHIC_RATIO = 3.0
_DARKER, _SOFTER = 0.12, 0.92


@dataclass(frozen=True, slots=True)
class Theme:
    """The three tokens, as "#rrggbb"."""

    action: str
    emblem: str
    emblem_2: str


STANDARD = Theme(action="#0b4f8a", emblem="#c8102e", emblem_2="#f2b705")


def parse(text: str) -> Theme:
    """Read "#0b4f8a #c8102e #f2b705" (in that order). Refuses anything else, and poor contrast."""
    colours = text.replace(",", " ").lower().split()
    if len(colours) != 3 or not all(_HEX.fullmatch(one) for one in colours):
        raise Refusal(_("Ghi đúng ba màu dạng #rrggbb: màu thao tác, màu biểu tượng, màu biểu tượng phụ."))
    theme = Theme(*colours)
    if reasons := faults(theme):
        raise Refusal(" ".join(reasons))
    return theme


def faults(theme: Theme) -> list[str]:
    """Return why these colours cannot be used, in words; empty when they can."""
    checks = [
        (_("Màu thao tác"), theme.action, _WHITE, TEXT_RATIO),
        (_("Màu biểu tượng"), theme.emblem, _WHITE, GRAPHIC_RATIO),
        (_("Màu biểu tượng phụ"), theme.emblem_2, _BAR, GRAPHIC_RATIO),
    ]
    sentence = _(
        "%(name)s %(colour)s chỉ tương phản %(ratio).1f:1 với nền %(ground)s, cần ít nhất %(needed)g:1."
    )
    return [
        sentence % {"name": name, "colour": colour, "ratio": ratio, "ground": ground, "needed": needed}
        for name, colour, ground, needed in checks
        if (ratio := contrast(colour, ground)) < needed
    ]


def sheet(theme: Theme) -> str:
    """Return the style sheet that puts the tokens in place, the dark work theme included."""
    light = (
        f"--action: {theme.action}; --action-dark: {mix(theme.action, '#000000', _DARKER)};"
        f" --action-soft: {mix(theme.action, _WHITE, _SOFTER)};"
        f" --emblem: {theme.emblem}; --emblem-2: {theme.emblem_2};"
    )
    bright = lightened(theme.action)
    dark = (
        f"--action: {bright}; --action-dark: {mix(bright, _WHITE, 0.25)};"
        f" --action-soft: {mix(bright, _DARK_PAPER, 0.86)};"
        f" --emblem: {lightened(theme.emblem, GRAPHIC_RATIO)};"
    )
    return (
        f"@layer tokens {{ :root {{ {light} }}"
        f' html.work[data-theme="dark"] {{ {dark} }}'
        f" @media screen and (prefers-color-scheme: dark) {{ html.work:not([data-theme]) {{ {dark} }} }} }}\n"
    )


def lightened(colour: str, ratio: float = TEXT_RATIO) -> str:
    """Return `colour` mixed with white until it reads on the dark paper."""
    for step in range(21):
        mixed = mix(colour, _WHITE, step / 20)
        if contrast(mixed, _DARK_PAPER) >= ratio:
            return mixed
    return _WHITE


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1–21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0–1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
