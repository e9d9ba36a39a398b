"""The drawing for a desk: cells in columns from left to right, lanes below one another, words under stations.

Too long for one line, it goes on below in a further band, like the timetable of a line; it is cut only where
nothing runs in parallel. Lines turn in the gutter left of a column, where no words stand; ways back run above
the band, and in the left margin from one band to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from motcua.workflow.diagram import words
from motcua.workflow.diagram.layout import Back, Cell, Line, Placed, place, tracks
from motcua.workflow.diagram.metrics import wrap
from motcua.workflow.diagram.paper import (
    NAME,
    NAME_LINE,
    SMALL,
    SMALL_LINE,
    Drawing,
    Point,
    R,
    Sheet,
    name_lines,
)
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import Definition

WIDTH = 1000.0
_WIDEST = 1130.0  # rather a little too wide than a band more
_GUTTER, _STEP, _LABEL, _DOOR, _AIR = 35.0, 130.0, 80.0, 62.0, 6.0
_TRACK, _MARGIN, _EDGE = 10.0, 22.0, 6.0
_LANE_TOP, _LANE_GAP, _BAND_GAP = 12.0, 14.0, 30.0


@dataclass
class _Text:
    """The words of one cell, measured: above the line for labels, below for steps."""

    above: list[str] = field(default_factory=list)
    below: list[tuple[list[str], str, float, float]] = field(default_factory=list)

    @property
    def high(self) -> float:
        return len(self.above) * SMALL_LINE

    @property
    def deep(self) -> float:
        return sum(len(lines) * line for lines, _, _, line in self.below)


@dataclass
class _Band:
    """Columns `first` to `last`, their lanes and where they lie on the sheet."""

    first: int
    last: int
    top: float = 0.0
    tracks: int = 0
    lane_y: dict[int, float] = field(default_factory=dict)
    lane_top: dict[int, float] = field(default_factory=dict)
    bottom: float = 0.0

    def __contains__(self, column: int) -> bool:
        return self.first <= column <= self.last


class _Wide:
    def __init__(self, definition: Definition, places: Mapping[str, Place] | None) -> None:
        self.definition, self.places = definition, places
        self.placed: Placed = place(definition)
        self.graph, self.sheet = self.placed.graph, Sheet()
        self.columns = 1 + max(self.placed.ranks.values())
        self.widths = [self._column(number) for number in range(self.columns)]
        self.texts = {key: self._text(cell) for key, cell in self.graph.cells.items()}
        self.bands = self._bands()
        self.back_track = self._back_tracks()
        crossing = any(self.band(back.start) is not self.band(back.to) for back in self.graph.backs)
        self.margin = _EDGE + (_MARGIN if len(self.bands) > 1 else 0) + (_TRACK if crossing else 0)
        self.left: list[float] = []
        for band in self.bands:
            x = self.margin
            for number in range(band.first, band.last + 1):
                self.left.append(x)
                x += self.widths[number]
        self.right = max(self.left[band.last] + self.widths[band.last] for band in self.bands) + _EDGE + 8
        self._stack()

    # ── measuring ──

    def _in_column(self, number: int) -> list[Cell]:
        return [cell for key, cell in self.graph.cells.items() if self.placed.ranks[key] == number]

    def _column(self, number: int) -> float:
        cells = self._in_column(number)
        if any(cell.step for cell in cells):
            return _GUTTER + _STEP
        return _GUTTER + (_LABEL if any(cell.is_label for cell in cells) else _DOOR)

    def room(self, cell: Cell) -> float:
        return self.widths[self.placed.ranks[cell.id]] - _GUTTER - _AIR

    def _text(self, cell: Cell) -> _Text:
        if cell.is_label:
            return _Text(above=wrap(cell.label, self.room(cell), SMALL, lines=4))
        if cell.step is None:
            return _Text(below=[([words.end()], "wf-name", NAME, NAME_LINE)])
        step, room = cell.step, self.room(cell)
        known = self.places.get(step.key) if self.places else None
        below = [(name_lines(cell, room), "wf-name", NAME, NAME_LINE)]
        for text, look in (
            (words.who(step), "wf-who"),
            (words.time(step, self.definition), "wf-time"),
            (known.time if known else "", f"wf-at is-{known.state}" if known else ""),
        ):
            if text:
                below.append((wrap(text, room, SMALL, lines=3), look, SMALL, SMALL_LINE))
        return _Text(below=below)

    # ── bands ──

    def _bands(self) -> list[_Band]:
        """Cut the columns into as few bands as fit, as evenly as the places to cut allow."""
        cuts = [0, *(number for number in range(1, self.columns) if self._may_cut(number)), self.columns]
        best: dict[int, tuple[tuple[float, float], list[_Band]]] = {0: ((0, 0), [])}
        for n, end in enumerate(cuts[1:], start=1):
            found = []
            for start in cuts[:n]:
                wide = sum(self.widths[start:end])
                (count, waste), bands = best[start]
                over = max(0.0, wide - _WIDEST) * 100
                cost = (count + 1 + over, waste + (WIDTH - wide) ** 2)
                found.append((cost, [*bands, _Band(start, end - 1)]))
            best[end] = min(found, key=lambda one: one[0])
        return best[self.columns][1]

    def _may_cut(self, column: int) -> bool:
        """Tell whether a band may begin at `column`: only the main line runs into it."""
        ranks = self.placed.ranks
        crossing = [line for line in self.placed.lines if ranks[line.start] < column <= ranks[line.to]]
        straight = all(
            self.placed.lanes[line.start] == self.placed.lanes[line.to] == line.lane == 0 for line in crossing
        )
        return straight and len(crossing) == 1 and column < self.columns - 1

    def band(self, key: str) -> _Band:
        return next(band for band in self.bands if self.placed.ranks[key] in band)

    def _back_tracks(self) -> dict[tuple[int, int], int]:
        """Give each way back a track above every band it touches."""
        chosen: dict[tuple[int, int], int] = {}
        for band in self.bands:
            here = [
                (number, self._span(back, band))
                for number, back in enumerate(self.graph.backs)
                if band in (self.band(back.start), self.band(back.to))
            ]
            for (number, _), track in zip(here, tracks([span for _, span in here]), strict=True):
                chosen[number, band.first] = track
                band.tracks = max(band.tracks, track + 1)
        return chosen

    def _span(self, back: Back, band: _Band) -> tuple[int, int]:
        start, to = self.placed.ranks[back.start], self.placed.ranks[back.to]
        if start in band and to in band:
            return min(start, to), max(start, to)
        return band.first - 1, start if start in band else to

    def _stack(self) -> None:
        """Stack the bands and the lanes within them."""
        y = _EDGE
        for band in self.bands:
            band.top = y
            y += band.tracks * _TRACK + 2
            for lane in range(self.placed.lane_count):
                cells = [
                    self.texts[key]
                    for key, cell in self.graph.cells.items()
                    if self.placed.lanes[key] == lane and self.placed.ranks[cell.id] in band
                ]
                used = cells or any(
                    line.lane == lane and self._touches(line, band) for line in self.placed.lines
                )
                if not used:
                    continue
                band.lane_top[lane] = y
                y += _LANE_TOP + max(R + 1, max((text.high for text in cells), default=0) + 3)
                band.lane_y[lane] = y
                y += R + 4 + max((text.deep for text in cells), default=0) + _LANE_GAP
            band.bottom = y
            y += _BAND_GAP
        self.high = y - _BAND_GAP

    def _touches(self, line: Line, band: _Band) -> bool:
        ranks = self.placed.ranks
        return ranks[line.start] <= band.last and ranks[line.to] >= band.first

    # ── drawing ──

    def point(self, key: str) -> Point:
        column = self.placed.ranks[key]
        return self.left[column] + _GUTTER + R, self.band(key).lane_y[self.placed.lanes[key]]

    def words(self, cell: Cell) -> None:
        x, y = self.point(cell.id)
        text, left = self.texts[cell.id], x - R
        if text.above:
            self.sheet.text(left + 2, y - 5 - text.high, text.above, "wf-label", SMALL, SMALL_LINE)
        top = y + R + 4
        for lines, look, size, line in text.below:
            top = self.sheet.text(left, top, lines, look, size, line)

    def line(self, line: Line) -> None:
        (x1, y1), (x2, y2) = self.point(line.start), self.point(line.to)
        one, two = self.band(line.start), self.band(line.to)
        look = words.line_look(self.places, self.graph, line)
        if one is not two:
            x, gap, margin = self.right - _EDGE - 6, one.bottom + _BAND_GAP / 2 - 4, self.margin - 4
            turn = [(x1, y1), (x, y1), (x, gap), (margin, gap), (margin, y2), (x2, y2)]
            self.sheet.line(turn, look)
            return
        y = one.lane_y[line.lane]
        first, last = self.placed.ranks[line.start] + 1, self.placed.ranks[line.to]
        down, up = self._turn(first, y > y1), self._turn(last, y2 > y)
        self.sheet.line([(x1, y1), (down, y1), (down, y), (up, y), (up, y2), (x2, y2)], look)

    def _turn(self, column: int, down: bool) -> float:
        """Return where in the gutter before `column` a line turns: going down first, coming up later."""
        return self.left[column] + (6 if down else 13)

    def back(self, number: int, back: Back) -> None:
        look = "wf-back is-chosen" if back.chosen else "wf-back"
        one, two = self.band(back.start), self.band(back.to)
        track_y = {
            band.first: band.top + (band.tracks - self.back_track[number, band.first] - 0.5) * _TRACK
            for band in (one, two)
        }
        out = self._up(back.start, 4, track_y[one.first])
        into = self._up(back.to, -4, track_y[two.first])[::-1]
        side = [] if one is two else [(_EDGE + 2, track_y[one.first]), (_EDGE + 2, track_y[two.first])]
        self.sheet.line([*out, *side, *into], look, arrow=True)

    def _up(self, key: str, aside: float, track: float) -> list[Point]:
        """Return the way from the top of a station to a track above its band, past no words and no station's rim."""
        x, y = self.point(key)
        lane, band = self.placed.lanes[key], self.band(key)
        if lane == 0:
            return [(x + aside, y - R), (x + aside, track)]
        level = band.lane_top[lane] + (8 if aside > 0 else 3)
        side = self.left[self.placed.ranks[key]] + (26 if aside > 0 else 20)
        return [(x + aside, y - R), (x + aside, level), (side, level), (side, track)]


def draw(definition: Definition, places: Mapping[str, Place] | None, name: str) -> Drawing:
    """Draw for a desk; `places` says where a dossier stands, `name` keeps ids on a page apart."""
    wide = _Wide(definition, places)
    for line in wide.placed.lines:
        wide.line(line)
    for number, back in enumerate(wide.graph.backs):
        wide.back(number, back)
    for cell in wide.graph.cells.values():
        wide.words(cell)
        x, y = wide.point(cell.id)
        wide.sheet.station(cell, words.place_of(places, wide.graph, cell), x, y)
    room = max([wide.right, *(box.right for box in wide.sheet.boxes)])
    title = words.title(definition)
    return wide.sheet.finish((room, wide.high), "wf-wide", title, words.summary(definition), name)
