"""The route of a dossier as stations: what is done, where it stands, what comes; the same drawing everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from motcua.ui import dates
from motcua.ui.components import Station, StationState
from motcua.workflow import engine, units


@dataclass(frozen=True, slots=True)
class Stop:
    """A task as far as the route needs it; lists, pages and the public look-up all have these fields."""

    step_key: str
    step_name: str
    unit: str
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    is_owner: bool


def main_way(definition: engine.Definition, start: str = "") -> list[engine.Step]:
    """Return the straight way from `start` to the end: the first outcome of each step, branches in order."""
    way: list[engine.Step] = []
    seen: set[str] = set()
    waiting = [start or definition.start]
    while waiting:
        key = waiting.pop(0)
        if key == engine.END or key in seen:
            continue
        seen.add(key)
        step = definition.step(key)
        if not step.passes_by_itself:
            way.append(step)
        outcomes = step.outcomes()
        if outcomes:
            waiting.extend(route.to for route in next(iter(outcomes.values())))
    # A join's followers are reached once per branch; the written order is the office's own order.
    order = {step.key: number for number, step in enumerate(definition.steps)}
    return sorted(way, key=lambda step: order[step.key])


def stations(
    definition: engine.Definition,
    stops: Sequence[Stop],
    *,
    returned: bool,
    over: str = "",
    late: bool = False,
    paused: bool = False,
) -> list[Station]:
    """Return the stations: each step done once with when, the open ones, then what the workflow still holds.

    `returned`: the result is in the applicant's hands; `over`: it ended without one, in words that stand at the end.
    `late`: the dossier itself is past its due date; `paused`: its clock stands still.
    """
    _, when = dates.said(), dates.spoken()
    done = [
        Station(
            stop.step_name,
            unit=stop.unit,
            time=_("xong %(when)s") % {"when": when(stop.ended_at)},
            state="done",
        )
        for stop in _last_of_each([stop for stop in stops if stop.ended_at])
        if stop.ended_at
    ]
    current = [
        Station(
            name=stop.step_name,
            unit=stop.unit,
            time=_("từ %(when)s") % {"when": when(stop.started_at)},
            state=_state(stop, late=late, paused=paused),
        )
        for stop in stops
        if not stop.ended_at
    ]
    here = next((stop.step_key for stop in stops if stop.is_owner and not stop.ended_at), "")
    # Ahead is what follows from here; a step that was sent back will be passed again.
    passed = {stop.step_key for stop in stops if not stop.ended_at}
    passed |= set() if here in definition.by_key else {stop.step_key for stop in stops}
    if over:
        return [*_cut_off(done, stops, _), *current, Station(over, state="done")]
    coming = [] if returned else _ahead(definition, here if here in definition.by_key else "", passed)
    way = [*done, *current, *coming]
    # The last step of most workflows is the return itself: it is the door, and stands there once.
    if way and _is_return(way[-1].name):
        return [*way[:-1], replace(way[-1], door=True)]
    return [*way, Station(name=_("Trả kết quả"), door=True, state="done" if returned else "next")]


def _cut_off(done: list[Station], stops: Sequence[Stop], _: Callable[[str], str]) -> list[Station]:
    """Say of the steps that were closed with the dossier itself that they stopped, not that they are done."""
    last = max((stop.ended_at for stop in stops if stop.ended_at), default=None)
    kept = _last_of_each([stop for stop in stops if stop.ended_at])
    when = _("dừng %(when)s") % {"when": dates.spoken()(last)} if last else ""
    return [
        replace(station, time=when, state="skipped") if stop.ended_at == last else station
        for station, stop in zip(done, kept, strict=True)
    ]


#: How offices call the step at which somebody gets what they came for; "Trả lời ý kiến" is an answer to an office.
_HANDS_OVER = ("trả kết quả", "trả bản", "trả giấy", "trả hồ sơ")


def _is_return(name: str) -> bool:
    return name.lower().startswith(_HANDS_OVER)


def _ahead(definition: engine.Definition, here: str, passed: set[str]) -> list[Station]:
    """Return the steps that follow `here`, less those passed, with the time the office gives each."""
    _ = dates.said()
    return [
        Station(
            name=step.name,
            unit=units.name_of(step.unit) if step.unit else "",
            time=_("dự kiến %(limit)s") % {"limit": step.hours.words(_)} if step.hours else "",
        )
        for step in main_way(definition, here)
        if step.key not in passed
    ]


def _last_of_each(stops: Sequence[Stop]) -> list[Stop]:
    """Keep the last run of each step: a step sent back and done again is one station."""
    latest = {stop.step_key: stop for stop in stops}
    return [stop for stop in stops if latest[stop.step_key] is stop]


def _state(stop: Stop, *, late: bool, paused: bool) -> StationState:
    return "waiting" if paused or not stop.is_owner else "late" if late else "current"
