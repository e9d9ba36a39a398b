"""What stands beside a station, and the whole drawing said as a list for those who do not see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.lib.due_terms import plain_number
from motcua.workflow import checks, units
from motcua.workflow.diagram.layout import Cell, Graph, Line
from motcua.workflow.engine import END, Definition, RouteKind, Step, StepKind
from motcua.workflow.models.rows import KIND_NAMES

State = Literal["done", "current", "next", "waiting", "late", "skipped"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dossier stands at one step. `time` is what the reader sees ("xong 09:10 thứ Ba 24/11")."""

    state: State = "next"
    time: str = ""


def who(step: Step) -> str:
    """Return who does the step: the role, or the unit where another agency or a named unit does it."""
    if step.unit.startswith((units.OUTSIDE, units.NAMED)) or not step.role:
        return units.name_of(step.unit)
    return str(Role(step.role).label) if step.role in Role.values else step.role


def time(step: Step, definition: Definition) -> str:
    """Return the step's time as the office gives it, with what is particular about it."""
    if step.hours is not None:
        words = checks.words(step.hours, _)
        return _("%(time)s cho cả nhóm bước") % {"time": words} if step.time_group else words
    if step.time_group:
        return _("chung thời gian với bước trước")
    return _("không tính vào thời hạn") if step.stops_clock else ""


def state(place: Place) -> str:
    """Return a dossier's state at a step in words."""
    return {
        "done": _("đã xong"),
        "current": _("đang ở đây"),
        "next": _("chưa đến"),
        "waiting": _("đang chờ"),
        "late": _("đang ở đây, quá hạn"),
        "skipped": _("không cần"),
    }[place.state]


@dataclass(frozen=True, slots=True)
class Item:
    """One step of the list that says the same as the drawing."""

    number: int
    step: Step
    who: str
    time: str
    kind: str
    follows: tuple[str, ...]
    back: str
    state: str


def as_list(
    definition: Definition, places: Mapping[str, Place] | None = None, *, only: str = ""
) -> list[Item]:
    """Return the workflow as a list: who, how long, what can follow, where it may go back; `only` one step."""
    return [
        Item(
            number=number,
            step=step,
            who=who(step),
            time=time(step, definition),
            kind="" if step.kind is StepKind.USER else str(KIND_NAMES[step.kind]),
            follows=tuple(_follows(definition, step)),
            back=", ".join(
                definition.by_key[key].name for key in step.may_send_back_to if key in definition.by_key
            ),
            state=state(places[step.key]) if places and step.key in places else "",
        )
        for number, step in enumerate(definition.steps, start=1)
        if not only or step.key == only
    ]


def _follows(definition: Definition, step: Step) -> list[str]:
    said = []
    for label, routes in step.outcomes().items():
        names = [_name(definition, route.to) for route in routes]
        together = len(routes) > 1 or routes[0].kind is RouteKind.FORK
        target = _("cùng lúc: %(names)s") % {"names": "; ".join(names)} if together else names[0]
        said.append(f"{label} → {target}" if label else target)
    return said


def _name(definition: Definition, key: str) -> str:
    if key == END:
        return _("kết thúc")
    return definition.by_key[key].name if key in definition.by_key else key


def summary(definition: Definition) -> str:
    """Return one sentence on the whole drawing, for its description."""
    hours = checks.check(definition).hours
    text = _("%(count)s bước, từ “%(first)s” đến khi kết thúc.") % {
        "count": len(definition.steps),
        "first": _name(definition, definition.start),
    }
    if hours:
        text += " " + _("Đường dài nhất %(hours)s giờ làm việc.") % {"hours": plain_number(hours)}
    return text


def title(definition: Definition) -> str:
    """Return the drawing's title."""
    return _("Sơ đồ quy trình: %(name)s") % {"name": definition.name or _("không tên")}


def end() -> str:
    """Return the word at the door."""
    return _("Kết thúc")


_PASSED = frozenset({"done", "skipped"})


def place_of(places: Mapping[str, Place] | None, graph: Graph, cell: Cell) -> Place | None:
    """Return the dossier's place at a cell; labels and the end follow from the steps around them."""
    if places is None:
        return None
    if cell.step is not None:
        return places.get(cell.id, Place("next"))
    if cell.is_end:
        before = [places[key].state == "done" for key in graph.before[cell.id] if key in places]
        return Place("done" if before and all(before) else "next")
    taken = [places[key] for key in graph.after[cell.id] if key in places and places[key].state != "next"]
    passed = any(places.get(key, Place()).state in _PASSED for key in graph.before[cell.id])
    return Place("done" if passed and any(one.state != "skipped" for one in taken) else "next")


def line_look(places: Mapping[str, Place] | None, graph: Graph, line: Line) -> str:
    """Return the class of a line: travelled, still ahead, or of no dossier at all."""
    if places is None:
        return "wf-line"
    ends = [place_of(places, graph, graph.cells[key]) for key in (line.start, line.to)]
    came = ends[0] is not None and ends[0].state == "done"
    there = ends[1] is not None and ends[1].state not in ("next", "skipped")
    return "wf-line is-done" if came and there else "wf-line is-next"
