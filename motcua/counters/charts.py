"""Charts of the hall as SVG made on the server. Pure: the table beside says the same in figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LEFT, _TOP, _HEIGHT, _FOOT = 34, 14, 120, 22
_STEP, _BAR = 46, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands under it, its value, and a mark of a second value on the same scale or none."""

    name: str
    value: float
    mark: float | None = None


def bars(many: Sequence[Bar], *, label: str) -> SafeString:
    """Draw bars with their values above them; a short line over a bar is its mark. `label` says all of it in words."""
    top = nice_top(max((max(one.value, one.mark or 0) for one in many), default=0))
    width = _LEFT + _STEP * len(many) + 6
    drawn = format_html_join(
        "", '<rect class="b" x="{}" y="{}" width="{}" height="{}" rx="2"/>{}<text x="{}" y="{}">{}</text>'
        '<text class="n" x="{}" y="{}">{}</text>',
        (_parts(number, one, top) for number, one in enumerate(many)),
    )  # fmt: skip
    lines = format_html_join(
        "", '<path class="g" d="M{} {}H{}"/><text class="y" x="{}" y="{}">{}</text>',
        ((_LEFT, _y(value, top), width, _LEFT - 6, _y(value, top) + 4, f"{value:g}") for value in (0, top / 2, top)),
    )  # fmt: skip
    return format_html(
        '<svg class="mc-bars" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">{3}{4}</svg>',
        width, _TOP + _HEIGHT + _FOOT, label, lines, drawn,
    )  # fmt: skip


def _parts(number: int, one: Bar, top: float) -> tuple[object, ...]:
    left = _LEFT + number * _STEP + (_STEP - _BAR) // 2
    middle, y = left + _BAR // 2, _y(one.value, top)
    highest = min(y, _y(one.mark, top)) if one.mark is not None else y
    mark = (
        format_html('<path class="m" d="M{} {}H{}"/>', left - 4, _y(one.mark, top), left + _BAR + 4)
        if one.mark is not None
        else ""
    )
    return (
        left, y, _BAR, _TOP + _HEIGHT - y, mark, middle, _TOP + _HEIGHT + 15, one.name, middle, highest - 5,
        f"{one.value:.0f}",
    )  # fmt: skip


def _y(value: float, top: float) -> int:
    return round(_TOP + _HEIGHT * (1 - value / top))


def nice_top(value: float) -> float:
    """Return the first of 2, 4, 10, 20, 40, 100, … that holds the value."""
    top = 2.0
    for factor in (2, 2.5, 2) * 12:
        if top >= value:
            return top
        top *= factor
    return max(top, value)
