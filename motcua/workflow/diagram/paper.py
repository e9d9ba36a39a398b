"""The sheet that both drawings are made on: words, lines, stations; it remembers each box for the tests.

Colours come from classes in `workflow/diagram.css`; the attributes written here are what a reader without
that sheet sees (print, another page).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from motcua.workflow.diagram.layout import Cell
from motcua.workflow.diagram.metrics import width, wrap
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import StepKind

Point = tuple[float, float]
R = 10.0  # radius of a station
NAME, SMALL = 13.5, 12.0
NAME_LINE, SMALL_LINE = 18.0, 16.0
BEND = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """A text as it takes up room."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished SVG with what the tests look at."""

    svg: SafeString
    boxes: tuple[Box, ...]
    strokes: tuple[tuple[Point, ...], ...]
    size: tuple[float, float]


@dataclass
class Sheet:
    """Collects the parts of a drawing: lines first, stations and words above them."""

    under: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    strokes: list[tuple[Point, ...]] = field(default_factory=list)

    def text(
        self, left: float, top: float, lines: Sequence[str], look: str, size: float, line: float
    ) -> float:
        """Write lines from (left, top) down; return the bottom."""
        bold = look == "wf-name"
        rows = []
        for number, words in enumerate(lines):
            y = top + number * line
            rows.append(f'<tspan x="{left:g}" y="{y + size:g}">{escape(words)}</tspan>')
            self.boxes.append(Box(left, y, left + width(words, size, bold=bold), y + line, words))
        if rows:
            weight = ' font-weight="600"' if bold else ""
            self.over.append(f'<text class="{look}" font-size="{size:g}"{weight}>{"".join(rows)}</text>')
        return top + len(lines) * line

    def line(self, points: Sequence[Point], look: str, *, arrow: bool = False) -> None:
        """Draw a line through right-angled corners, each rounded; `arrow` ends it with a head."""
        corners = _clean(points)
        self.strokes.append(tuple(corners))
        self.under.append(f'<path class="{look}" fill="none" stroke="#6b7a87" d="{_rounded(corners)}"/>')
        if arrow:
            self.under.append(_head(corners[-2], corners[-1], look))

    def station(self, cell: Cell, place: Place | None, x: float, y: float) -> None:
        """Draw a step's station, the small mark of a label, or the door at the end."""
        look = f"is-{place.state}" if place else "is-plain"
        if cell.is_label:
            self.over.append(
                f'<path class="wf-tick {look}" fill="#0b4f8a" d="m{x - 7:g} {y - 4.5:g} 6 4.5-6 4.5"/>'
            )
        elif cell.step is not None:
            inner = f"{_shape(cell.step.kind)}{_inside(cell.step.kind, place)}"
            self._group("wf-station", look, "#0b4f8a", (x, y), inner)
        else:
            self._group("wf-door", look, "#c8102e", (x - 12, y - 12), _DOOR)

    def _group(self, name: str, look: str, ink: str, at: Point, inner: str) -> None:
        place = f'transform="translate({at[0]:g} {at[1]:g})"'
        self.over.append(f'<g class="{name} {look}" fill="#fff" stroke="{ink}" {place}>{inner}</g>')

    def finish(self, size: tuple[float, float], look: str, title: str, text: str, name: str) -> Drawing:
        """Return the SVG, named and described for those who do not see it."""
        wide, high = size
        svg = format_html(
            '<svg class="wf-diagram {}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"'
            ' width="{}" height="{}" role="img" aria-labelledby="{}-t {}-d">'
            '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
            *(look, f"{wide:g}", f"{high:g}", f"{wide:g}", f"{high:g}"),
            *(name, name, name, title, name, text),
            mark_safe("".join((*self.under, *self.over))),  # noqa: S308 -- every text went through escape
        )
        return Drawing(svg, tuple(self.boxes), tuple(self.strokes), size)


def name_lines(cell: Cell, most: float) -> list[str]:
    """Return a step's name broken for a column `most` px wide."""
    return wrap(cell.step.name, most, NAME, bold=True, lines=5) if cell.step else []


_DOOR = '<path class="g" d="M5.5 21V3.5h13V21"/><path class="d" d="m5.5 3.5 7 3V23l-7-2Z"/>'


def _shape(kind: StepKind) -> str:
    if kind is StepKind.CONSULT:
        return '<rect class="g" x="-9" y="-9" width="18" height="18" rx="4"/>'
    if kind is StepKind.CHILD:
        return f'<circle class="g" r="{R:g}"/><circle class="g" r="{R - 4:g}"/>'
    if kind is StepKind.JOIN:
        return '<path class="g" d="M0-9 9 0 0 9-9 0Z"/>'
    if kind is StepKind.POST:
        return '<path class="g" d="M-8-9H8V7L4 9H-8Z"/>'
    if kind is StepKind.AUTO:
        return '<path class="g" d="M-5-9h10l5 9-5 9h-10l-5-9Z"/>'
    return f'<circle class="g" r="{R - 1:g}"/>'


def _inside(kind: StepKind, place: Place | None) -> str:
    """Draw the state of the dossier into a station; without a dossier, the kind of step."""
    state = place.state if place else ""
    if state == "done":
        return '<path class="k" fill="none" d="m-4.6.4 3.2 3.2 6-6.6"/>'
    if state == "late":
        return '<path class="k" fill="none" d="M0-5.2v6.4M0 4.4v.6"/>'
    if state == "current":
        return '<circle class="f" r="4.6"/>'
    if kind is StepKind.WAIT or state == "waiting":
        return '<path class="s" d="M-2.6-4.2v8.4M2.6-4.2v8.4"/>'
    if kind is StepKind.CONSULT:
        return '<path class="s" d="M-4.4-2.2h8.8M-4.4 2h5.4"/>'
    if kind is StepKind.POST:
        return '<path class="s" d="M-4.4-4h8.8M-4.4 0h8.8M-4.4 4h4"/>'
    return ""


def _clean(points: Sequence[Point]) -> list[Point]:
    """Drop points that repeat or lie on a straight line between their neighbours."""
    corners: list[Point] = []
    for point in points:
        if corners and abs(corners[-1][0] - point[0]) < 0.01 and abs(corners[-1][1] - point[1]) < 0.01:
            continue
        if len(corners) > 1 and _straight(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    return corners


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (a[0] == b[0] == c[0]) or (a[1] == b[1] == c[1])


def _rounded(points: Sequence[Point]) -> str:
    d = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        bend = min(BEND, _length(before, corner) / 2, _length(corner, after) / 2)
        into, out = _towards(corner, before, bend), _towards(corner, after, bend)
        d.append(f"L{into[0]:g} {into[1]:g}Q{corner[0]:g} {corner[1]:g} {out[0]:g} {out[1]:g}")
    d.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(d)


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(a: Point, b: Point, by: float) -> Point:
    whole = _length(a, b) or 1
    return a[0] + (b[0] - a[0]) * by / whole, a[1] + (b[1] - a[1]) * by / whole


def _head(before: Point, tip: Point, look: str) -> str:
    (x, y), size = tip, 4.0
    if before[0] == x:
        side = size if before[1] > y else -size
        d = f"M{x - size:g} {y + side * 1.5:g}L{x:g} {y:g}L{x + size:g} {y + side * 1.5:g}"
    else:
        side = size if before[0] > x else -size
        d = f"M{x + side * 1.5:g} {y - size:g}L{x:g} {y:g}L{x + side * 1.5:g} {y + size:g}"
    return f'<path class="{look} wf-head" fill="none" stroke="#6b7a87" d="{d}"/>'


def mark(kind: StepKind) -> SafeString:
    """Return a small station of this kind, for the legend."""
    return mark_safe(  # noqa: S308 -- no text of others
        '<svg viewBox="-12 -12 24 24" aria-hidden="true"><g class="wf-station is-plain" fill="#fff"'
        f' stroke="#0b4f8a">{_shape(kind)}{_inside(kind, None)}</g></svg>'
    )


def back_mark() -> SafeString:
    """Return a small way back, for the legend."""
    return mark_safe(
        '<svg viewBox="-12 -12 24 24" aria-hidden="true">'
        '<path class="wf-back is-chosen" fill="none" stroke="#6b7a87" d="M10 8V-6H-10V6"/>'
        '<path class="wf-back wf-head" fill="none" stroke="#6b7a87" d="M-14 0-10 6-6 0"/></svg>'
    )
