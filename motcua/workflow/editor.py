"""What the page of a draft shows: rows with their fields, the panel of one step, time against the limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from motcua.agencies.models import UnitKind
from motcua.lib.due import Limit
from motcua.lib.due_terms import plain_number
from motcua.ui.components import TimeBar
from motcua.ui.statuses import NATIONAL
from motcua.workflow import acts, checks, grid, shaping, units
from motcua.workflow.diagram import drawing, words
from motcua.workflow.engine import END, Definition, Step, StepKind
from motcua.workflow.models.rows import KIND_NAMES
from motcua.workflow.queries import LegalLimit
from motcua.workflow.shape import Draft

Option = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    number: int
    step: Step
    name: str
    kind: str
    roles: Sequence[Option]
    units: Sequence[Option]
    unit_name: str
    named: bool
    time: str
    time_units: Sequence[Option]
    follows: Sequence[str]
    wording: str
    passes: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the table has no column for, of one step."""

    number: int
    step: Step
    kinds: Sequence[Option]
    acts: Sequence[Option]
    statuses: Sequence[Option]
    routes: Sequence[tuple[int, str, Sequence[Option]]]
    backs: Sequence[tuple[int, Sequence[Option]]]
    is_post: bool


def options(pairs: Sequence[tuple[str, Any]], chosen: str) -> list[Option]:
    """Return the options of a list, the chosen one marked; a value that is not offered stays choosable."""
    known = [(value, str(name), value == chosen) for value, name in pairs]
    if chosen and all(value != chosen for value, _name, _on in known):
        known.append((chosen, chosen, True))
    return known


def lines(draft: Draft, typed: Mapping[str, str] | None = None) -> list[Line]:
    """Return the rows of the table; `typed` holds what was written in fields that could not be taken."""
    return [_line(draft, item, typed or {}) for item in words.as_list(draft.definition)]


def _line(draft: Draft, item: words.Item, typed: Mapping[str, str]) -> Line:
    step = item.step
    kind, name = grid.unit_parts(step.unit)
    wording = draft.wordings.get(step.key)
    unit = step.hours.unit if step.hours else "working_hour"
    return Line(
        number=item.number,
        step=step,
        kind=item.kind,
        roles=role_options(step.role),
        units=unit_options(kind),
        unit_name=name,
        named=kind in grid.OTHER,
        name=typed.get(f"name.{step.key}", step.name),
        time=typed.get(f"time.{step.key}", plain_number(step.hours.value) if step.hours else ""),
        time_units=time_options(unit),
        follows=item.follows,
        wording=" · ".join(filter(None, (wording.work, wording.responsible, wording.time)))
        if wording
        else "",
        passes=step.passes_by_itself,
    )


def role_options(chosen: str) -> list[Option]:
    """Return who may do a step."""
    return options([("", _("không ghi")), *((one.value, one.label) for one in acts.DOERS)], chosen)


def unit_options(chosen: str) -> list[Option]:
    """Return where a step may be done."""
    return options(_unit_names(), chosen)


def time_options(chosen: str) -> list[Option]:
    """Return the units of a step's time."""
    return options([(one.value, label) for one, label in grid.TIME_UNITS.items()], chosen)


def _unit_names() -> list[tuple[str, Any]]:
    more = [(kind.value, kind.label) for kind in (UnitKind.FINANCE, UnitKind.SUPPORT)]
    return [
        ("", _("theo vai trò")), *units.NAMES.items(), *more,
        ("named", _("Đơn vị tên là…")), ("outside", _("Cơ quan khác…")),
    ]  # fmt: skip


def panel(draft: Draft, key: str) -> Panel | None:
    """Return the panel of a step; None for a step that is not there."""
    definition = draft.definition
    step = definition.by_key.get(key)
    if step is None:
        return None
    names = _targets(definition)
    routes = [(one.label, one.to) for one in step.routes]
    routes += [("", "")] * (2 if len(routes) < 2 else 1)
    backs = [*step.may_send_back_to, ""]
    others = [(value, name) for value, name in names if value not in (END, key)]
    return Panel(
        number=definition.steps.index(step) + 1,
        step=step,
        kinds=options(list(KIND_NAMES.items()), step.kind),
        acts=options(list(acts.NAMES.items()), step.completed_by),
        statuses=options(
            [("", _("không đổi")), *((str(code), f"{code}. {said[1]}") for code, said in NATIONAL.items())],
            str(step.national_status or ""),
        ),
        routes=[
            (number, label, options([("", "–"), *names], to)) for number, (label, to) in enumerate(routes, 1)
        ],
        backs=[(number, options([("", "–"), *others], to)) for number, to in enumerate(backs, 1)],
        is_post=step.kind is StepKind.POST,
    )


def _targets(definition: Definition) -> list[tuple[str, str]]:
    found = [(step.key, f"{number}. {step.name}") for number, step in enumerate(definition.steps, start=1)]
    return [*found, (END, _("Kết thúc"))]


@dataclass(frozen=True, slots=True)
class Against:
    """The longest way against one limit: the bar, and what the limit belongs to."""

    name: str
    bar: TimeBar


def against(draft: Draft, report: checks.Report, legal: Sequence[LegalLimit]) -> list[Against]:
    """Return the longest way against the workflow's own limit and those of its procedures."""
    if report_hours(draft, report) is None:
        return []
    hours = report_hours(draft, report) or Decimal(0)
    limits: list[tuple[str, Limit]] = []
    if draft.limit is not None:
        limits.append((_("Thời hạn của quy trình"), draft.limit))
    for one in legal[:8]:
        limits.append((" · ".join(filter(None, (one.code, one.case or one.name))), one.limit))
    return [Against(name, _bar(hours, limit)) for name, limit in limits]


def report_hours(draft: Draft, report: checks.Report) -> Decimal | None:
    """Return the longest way; a draft whose way is still broken has none."""
    return report.hours if report.hours is not None else checks.longest(draft.definition)


def _bar(hours: Decimal, limit: Limit) -> TimeBar:
    allowed = checks.allowed_hours(limit)
    used = min(100, int(hours * 100 / allowed)) if allowed else 100
    over = hours > allowed
    rest = plain_number(abs(allowed - hours))
    said = {
        "hours": plain_number(hours), "allowed": plain_number(allowed), "limit": checks.words(limit), "rest": rest,
    }  # fmt: skip
    text = (
        _("%(hours)s giờ / %(allowed)s giờ (%(limit)s): vượt %(rest)s giờ")
        if over
        else _("%(hours)s giờ / %(allowed)s giờ (%(limit)s): còn %(rest)s giờ")
    )
    return TimeBar(used=used, words=text % said, state="late" if over else "wait" if used > 95 else "good")


def patterns() -> list[Option]:
    """Return what can be put in."""
    return [(code, str(one.name), code == "work") for code, one in shaping.patterns().items()]


def figure(draft: Draft, report: checks.Report, name: str) -> Any:
    """Return the drawing, when the way holds together well enough to be drawn."""
    if report.hours is None and any(one.code in _NOT_DRAWN for one in report.errors):
        return ""
    return drawing.figure(draft.definition, name=name)


_NOT_DRAWN = {"empty", "no_start", "duplicate_key", "unknown_step", "no_way_out"}


def faults_by_field(faults: Sequence[grid.Fault]) -> Mapping[str, str]:
    """Return the first fault of each field."""
    found: dict[str, str] = {}
    for one in faults:
        found.setdefault(one.field, one.text)
    return found
