"""Plain values that pages hand to the components: no markup, no domain, no database.

The same values feed the HTML (`ui.render`) and the papers (typst draws its own route from
`Station.as_data`), so one dossier looks like one thing everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from django.utils.safestring import SafeString

StationState = Literal["done", "current", "next", "waiting", "late", "skipped"]
BarState = Literal["good", "wait", "late", "paused", "done"]
TaskState = Literal["done", "todo", "waiting", "blocked", "error"]
Cell = str | SafeString | int | None


@dataclass(frozen=True, slots=True)
class Station:
    """One step of a dossier's route.

    `time` is what the reader sees ("xong 09:10 thứ Ba 24/11", "dự kiến 16:00 26/11"); `note` is one line
    under it. `door` marks the end of the route, drawn as the open door.
    """

    name: str
    state: StationState = "next"
    unit: str = ""
    time: str = ""
    note: str = ""
    url: str = ""
    door: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the station as plain data for a paper form."""
        return asdict(self)


class Left(Protocol):
    """What `lib.due.time_left` returns, as far as a bar needs it."""

    @property
    def minutes(self) -> int: ...
    @property
    def late(self) -> bool: ...
    def words(self, translate: Callable[[str], str] = str) -> str: ...


@dataclass(frozen=True, slots=True)
class TimeBar:
    """Time used against time allowed: `used` and `pauses` are percents of the bar (0–100).

    `words` stand beside the bar and say the same thing; `due` is the due date in words; `url` leads to the
    reckoning, which is also what the title announces.
    """

    used: int
    words: str
    state: BarState = "good"
    pauses: tuple[tuple[int, int], ...] = ()
    due: str = ""
    url: str = ""


def time_bar(
    *,
    allowed_minutes: int,
    left: Left,
    pauses: Sequence[tuple[int, int]] = (),
    paused: bool = False,
    due: str = "",
    url: str = "",
    warn_below: int = 20,
    say: Callable[[str], str] = str,
) -> TimeBar:
    """Build the bar of a running dossier from working minutes allowed and what is left of them.

    `pauses` are (start, end) in working minutes since the start of the clock. The bar turns to "wait" when
    less than `warn_below` percent is left, to "late" past the due date. `say` translates the words.
    """
    allowed = max(allowed_minutes, 1)
    remaining = 0 if left.late else min(left.minutes, allowed)
    used = 100 if left.late else round(100 * (allowed - remaining) / allowed)
    state: BarState = "good"
    if left.late:
        state = "late"
    elif paused:
        state = "paused"
    elif 100 - used < warn_below:
        state = "wait"
    hatched = tuple((_percent(start, allowed), _percent(end, allowed)) for start, end in pauses)
    return TimeBar(used=used, words=left.words(say), state=state, pauses=hatched, due=due, url=url)


def _percent(minutes: int, allowed: int) -> int:
    return max(0, min(100, round(100 * minutes / allowed)))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a summary list. `source` says where the value came from ("thẻ căn cước", "lần trước")."""

    key: str
    value: Cell
    action: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list: one part of a long form and how far it is."""

    name: str
    state: TaskState = "todo"
    url: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `kind` chooses alignment: numbers and times stand right, in tabular figures."""

    title: str
    kind: Literal["text", "number", "time", "status", "action"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table. The caption says what it shows and is read out first.

    `as_list` turns each row into a small card on a phone instead of scrolling sideways; the first column then
    stands beside the "status" column. Long text is cut at two lines with `clip` (its title holds all of it).
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    caption_hidden: bool = False
    empty: str = ""
    as_list: bool = False

    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """Return each row as (column, cell) pairs."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file in a list: what it is, how big, in what state."""

    name: str
    url: str = ""
    size: int = 0
    kind: str = ""
    note: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One entry of a history: when, who, what."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""
    kind: Literal["", "good", "wait", "late"] = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A link on the way back."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: links to the neighbours, never page numbers. `shown` says what is on this page."""

    newer: str = ""
    older: str = ""
    shown: str = ""
    by_time: bool = True  # else "first page" and "go on": lists by name or by what comes first


@dataclass(frozen=True, slots=True)
class Steps:
    """Where one stands in a form of few pages; `current` counts from 1."""

    names: Sequence[str]
    current: int

    def stations(self) -> list[Station]:
        """Return the steps as stations, so that they are drawn as a route."""
        last = len(self.names)
        return [
            Station(name=name, state=self._state(number), door=number == last)
            for number, name in enumerate(self.names, start=1)
        ]

    def _state(self, number: int) -> StationState:
        if number == self.current:
            return "current"
        return "done" if number < self.current else "next"
