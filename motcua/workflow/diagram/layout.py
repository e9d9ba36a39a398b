"""Where things stand before anything is drawn: cells in order, on lanes. Knows no pixels.

The longest way from start to end is the main line (lane 0). Everything else hangs on it in chains: a parallel
branch, an alternative, a waiting step. A chain takes the first lane that is free over its whole length, so
two lines never run over one another. A named outcome has a cell of its own for its label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from motcua.workflow.engine import END, Definition, RouteKind, Step

LABEL = "?"  # no step key contains it: keys come from ASCII identifiers


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on a line: a step, the label of an outcome, or the end (`step` is None for the last two)."""

    id: str
    step: Step | None = None
    label: str = ""

    @property
    def is_end(self) -> bool:
        return self.id == END

    @property
    def is_label(self) -> bool:
        return self.step is None and not self.is_end


@dataclass(frozen=True, slots=True)
class Line:
    """A forward connection between two cells; `lane` is the one it runs on between them."""

    start: str
    to: str
    lane: int
    fork: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """A way back to an earlier step: a loop that the flow takes, or a return that a person may choose."""

    start: str
    to: str
    chosen: bool


@dataclass
class Graph:
    """The cells and connections of a definition, steps that cannot be reached left out."""

    definition: Definition
    cells: dict[str, Cell] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    backs: list[Back] = field(default_factory=list)
    forks: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._visit(self.definition.start, [])
        for step in self.definition.steps:
            if step.key in self.cells:
                self.backs += [
                    Back(step.key, key, chosen=True) for key in step.may_send_back_to if key in self.cells
                ]

    def _visit(self, key: str, path: list[str]) -> None:
        if key in self.cells:
            return
        if key == END:
            self.cells[END], self.after[END] = Cell(END), []
            return
        step = self.definition.by_key[key]
        self.cells[key], self.after[key] = Cell(key, step), []
        for label, routes in step.outcomes().items():
            before = key
            onward = [route for route in routes if route.to not in (*path, key)]
            self.backs += [Back(key, route.to, chosen=False) for route in routes if route not in onward]
            if label and onward:
                before = f"{key}{LABEL}{label}"
                self.cells[before], self.after[before] = Cell(before, label=label), []
                self.after[key].append(before)
            for route in onward:
                self.after[before].append(route.to)
                if route.kind is RouteKind.FORK:
                    self.forks.add((before, route.to))
                self._visit(route.to, [*path, key])

    @cached_property
    def before(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {key: [] for key in self.cells}
        for key, following in self.after.items():
            for other in following:
                found[other].append(key)
        return found

    def order(self) -> list[str]:
        """Return the cells so that each comes after all that lead to it, branches one after the other.

        What only leads back (waiting for a supplement) comes right after the step it hangs on.
        """
        missing = {key: len(self.before[key]) for key in self.cells}
        ready, done = [self.definition.start], list[str]()
        while ready:
            key = ready.pop()
            done.append(key)
            following = list(reversed(self.after[key]))
            for other in sorted(following, key=lambda one: one not in self._onward):
                missing[other] -= 1
                if not missing[other]:
                    ready.append(other)
        return done

    @cached_property
    def _onward(self) -> set[str]:
        """The cells from which the end is reached without going back."""
        found, queue = set[str](), [END] if END in self.cells else []
        while queue:
            key = queue.pop()
            if key not in found:
                found.add(key)
                queue.extend(self.before[key])
        return found

    def ranks(self) -> dict[str, int]:
        """Return for each cell how far along it stands: one more than the farthest before it."""
        ranks: dict[str, int] = {}
        for key in self.order():
            ranks[key] = max((ranks[other] + 1 for other in self.before[key]), default=0)
        return ranks


@dataclass(frozen=True)
class Placed:
    """Every cell with its place along the drawing (`ranks`) and its lane, and the lines between."""

    graph: Graph
    ranks: dict[str, int]
    lanes: dict[str, int]
    lines: tuple[Line, ...]

    @property
    def lane_count(self) -> int:
        return 1 + max([*self.lanes.values(), *(line.lane for line in self.lines)], default=0)


def place(definition: Definition, *, one_a_row: bool = False) -> Placed:
    """Place a checked definition; with `one_a_row` no two cells share a place along the drawing."""
    graph = Graph(definition)
    ranks = {key: number for number, key in enumerate(graph.order())} if one_a_row else graph.ranks()
    return _Placer(graph, ranks).placed()


class _Placer:
    def __init__(self, graph: Graph, ranks: dict[str, int]) -> None:
        self.graph, self.ranks = graph, ranks
        self.lanes: dict[str, int] = {}
        self.taken: set[tuple[int, int]] = set()
        self.lines: list[Line] = []

    def placed(self) -> Placed:
        self._put(self._longest(self.graph.definition.start), 0)
        # From the end backwards: what hangs on an inner part lies nearer to the main line than what goes
        # around it. Chains bring new places to hang on, so go on until nothing is left.
        while missing := self._missing():
            self._hang(*missing)
        return Placed(self.graph, self.ranks, self.lanes, tuple(self.lines))

    def _missing(self) -> tuple[str, str] | None:
        for key in reversed(self.graph.order()):
            if key in self.lanes:
                for other in self.graph.after[key]:
                    if not self._drawn(key, other):
                        return key, other
        return None

    def _longest(self, start: str) -> list[str]:
        """Return the longest way from `start` over cells that have no lane yet."""
        best: dict[str, list[str]] = {}
        for key in reversed(self.graph.order()):
            onward = [best[other] for other in self.graph.after[key] if other not in self.lanes]
            best[key] = [key, *max(onward, key=lambda way: (END in way, len(way)), default=[])]
        return best[start]

    def _put(self, chain: Sequence[str], lane: int) -> None:
        for key in chain:
            self.lanes[key] = lane
        for key, other in pairwise(chain):
            self._line(key, other, lane)
        self._take(range(self.ranks[chain[0]], self.ranks[chain[-1]] + 1), lane)

    def _hang(self, key: str, other: str) -> None:
        """Draw a connection from a placed cell, with the whole chain that follows it."""
        chain = [] if other in self.lanes else self._longest(other)
        last = chain[-1] if chain else key
        ends = [one for one in self.graph.after[last] if one in self.lanes] if chain else [other]
        until = max((self.ranks[one] for one in ends), default=self.ranks[last] + 1)
        between = range(self.ranks[key] + 1, until)
        direct = not chain and not between
        lane = min(self.lanes[key], self.lanes[other]) if direct else self._free(between)
        for one in chain:
            self.lanes[one] = lane
        self._take(between, lane)
        for one, two in zip([key, *chain], chain, strict=False):
            self._line(one, two, lane)
        for end in ends:
            self._line(last, end, lane)

    def _line(self, key: str, other: str, lane: int) -> None:
        self.lines.append(Line(key, other, lane, (key, other) in self.graph.forks))

    def _drawn(self, key: str, other: str) -> bool:
        return any(line.start == key and line.to == other for line in self.lines)

    def _free(self, ranks: Iterable[int]) -> int:
        wanted, lane = list(ranks), 1
        while any((rank, lane) in self.taken for rank in wanted):
            lane += 1
        return lane

    def _take(self, ranks: Iterable[int], lane: int) -> None:
        self.taken |= {(rank, lane) for rank in ranks}


def tracks(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return a track number for each span so that spans on one track never touch; short ones nearest."""
    chosen: list[int] = [0] * len(spans)
    used: list[list[tuple[int, int]]] = []
    for number in sorted(range(len(spans)), key=lambda n: spans[n][1] - spans[n][0]):
        low, high = spans[number]
        track = 0
        while track < len(used) and any(low <= end and start <= high for start, end in used[track]):
            track += 1
        if track == len(used):
            used.append([])
        used[track].append((low, high))
        chosen[number] = track
    return chosen
