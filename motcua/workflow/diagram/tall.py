"""The drawing for a phone: one cell a row, lanes at the left, words at the right of all lines."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.workflow.diagram import words
from motcua.workflow.diagram.layout import Back, Cell, Line, Placed, place, tracks
from motcua.workflow.diagram.metrics import wrap
from motcua.workflow.diagram.paper import NAME, NAME_LINE, SMALL, SMALL_LINE, Drawing, R, Sheet, name_lines
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import Definition

WIDTH = 360.0
_LANE, _TRACK, _EDGE, _LEAST_ROOM = 22.0, 9.0, 6.0, 150.0
_STEP_GAP, _LABEL_ROW, _TOP = 18.0, 34.0, 6.0


@dataclass
class _Tall:
    definition: Definition
    placed: Placed
    places: Mapping[str, Place] | None
    sheet: Sheet

    def __post_init__(self) -> None:
        self.cells = sorted(self.placed.graph.cells.values(), key=lambda cell: self.placed.ranks[cell.id])
        spans = [self._span(back) for back in self.placed.graph.backs]
        self.back_tracks = tracks(spans)
        self.left = _EDGE + _TRACK * (max(self.back_tracks, default=-1) + 1) + R + 2
        self.text_left = self.left + _LANE * (self.placed.lane_count - 1) + R + 8
        self.wide = max(WIDTH, self.text_left + _LEAST_ROOM + _EDGE)
        self.room = self.wide - _EDGE - self.text_left
        self.y: dict[str, float] = {}
        self.bottom = _TOP
        for cell in self.cells:
            self.y[cell.id] = self.bottom + R + 1
            self.bottom += self._row(cell)

    def _span(self, back: Back) -> tuple[int, int]:
        return self.placed.ranks[back.to], self.placed.ranks[back.start]

    def _row(self, cell: Cell) -> float:
        """Write the words of a row and return its height."""
        top, left = self.bottom, self.text_left
        if cell.is_label:
            lines = wrap(cell.label, self.room, SMALL, lines=2)
            self.sheet.text(left, top + R + 1 - SMALL_LINE / 2, lines, "wf-label", SMALL, SMALL_LINE)
            return max(_LABEL_ROW, SMALL_LINE * len(lines) + _STEP_GAP)
        if cell.step is None:
            self.sheet.text(left, top + 2, [words.end()], "wf-name", NAME, NAME_LINE)
            return 2 * R + 8
        y = self.sheet.text(left, top + 2, name_lines(cell, self.room), "wf-name", NAME, NAME_LINE)
        step = cell.step
        known = self.places.get(step.key) if self.places else None
        for text, look in (
            (words.who(step), "wf-who"),
            (words.time(step, self.definition), "wf-time"),
            (known.time if known else "", f"wf-at is-{known.state}" if known else ""),
        ):
            y = self.sheet.text(left, y, wrap(text, self.room, SMALL, lines=3), look, SMALL, SMALL_LINE)
        return y - top + _STEP_GAP

    def x(self, lane: int) -> float:
        return self.left + _LANE * lane

    def point(self, key: str) -> tuple[float, float]:
        return self.x(self.placed.lanes[key]), self.y[key]

    def line(self, line: Line) -> None:
        """Down from a cell, over to the line's lane, down, over to the next cell."""
        (x1, y1), (x2, y2) = self.point(line.start), self.point(line.to)
        x, out, into = self.x(line.lane), y1 + R + 5, y2 - R - 5
        points = [(x1, y1), (x1, out), (x, out), (x, into), (x2, into), (x2, y2)]
        self.sheet.line(points, words.line_look(self.places, self.placed.graph, line))

    def back(self, back: Back, track: int) -> None:
        (x1, y1), (x2, y2) = self.point(back.start), self.point(back.to)
        x = self.left - R - 2 - _TRACK * (track + 1)
        look = "wf-back is-chosen" if back.chosen else "wf-back"
        self.sheet.line([(x1 - R, y1 - 4), (x, y1 - 4), (x, y2 + 4), (x2 - R, y2 + 4)], look, arrow=True)


def draw(definition: Definition, places: Mapping[str, Place] | None, name: str) -> Drawing:
    """Draw for 360 px; `places` says where a dossier stands, `name` keeps ids on a page apart."""
    tall = _Tall(definition, place(definition, one_a_row=True), places, Sheet())
    for line in tall.placed.lines:
        tall.line(line)
    for back, track in zip(tall.placed.graph.backs, tall.back_tracks, strict=True):
        tall.back(back, track)
    for cell in tall.cells:
        x, y = tall.point(cell.id)
        tall.sheet.station(cell, words.place_of(places, tall.placed.graph, cell), x, y)
    title = words.title(definition)
    return tall.sheet.finish((tall.wide, tall.bottom), "wf-tall", title, words.summary(definition), name)
