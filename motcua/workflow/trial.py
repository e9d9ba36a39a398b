"""A test run on an imaginary dossier: the acts so far, replayed by the engine itself. Pure, nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.workflow import checks, engine
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import Definition, StepKind

MOST_ACTS = 150
_BACK = "<"  # between step and target of a send-back; no key and no label begins with it
_BY = ">"


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the run: which step, by which outcome or back to where, what opened."""

    step: str
    label: str
    back: str
    opened: tuple[str, ...]
    passed: tuple[str, ...]
    cancelled: tuple[str, ...]
    finished: bool


@dataclass(frozen=True)
class Run:
    """Where the imaginary dossier stands. `hours` is what its steps took along the slowest branch."""

    definition: Definition
    done: tuple[Done, ...]
    open_steps: tuple[str, ...]
    hours: Decimal
    refused: bool = False

    @property
    def finished(self) -> bool:
        return bool(self.done) and self.done[-1].finished

    def places(self) -> dict[str, Place]:
        """Return where the dossier stands in the drawing."""
        found = {one.step: Place("done") for one in self.done}
        found |= {key: Place("done") for one in self.done for key in one.passed}
        found |= {
            key: Place("next") for one in self.done for key in one.cancelled if key not in self.open_steps
        }
        for key in self.open_steps:
            waits = self.definition.step(key).kind in (StepKind.WAIT, StepKind.CHILD)
            found[key] = Place("waiting" if waits else "current")
        if self.finished:
            reached = set(found)
            found |= {one.key: Place("skipped") for one in self.definition.steps if one.key not in reached}
        return found


def act(step: str, label: str = "") -> str:
    """Return an act as an address keeps it."""
    return f"{step}{_BY}{label}"


def back(step: str, to: str) -> str:
    """Return a send-back as an address keeps it."""
    return f"{step}{_BACK}{to}"


def replay(definition: Definition, acts: Sequence[str]) -> Run:
    """Run `acts` from the beginning; stops at the first that the engine refuses and says so."""
    open_steps = engine.start(definition)
    spent = dict.fromkeys(open_steps, Decimal(0))
    done: list[Done] = []
    refused, hours = False, Decimal(0)
    for text in acts[:MOST_ACTS]:
        try:
            moves, step, label, to = _moves(definition, open_steps, text)
        except engine.EngineError:
            refused = True
            break
        before = spent.get(step, Decimal(0)) + _hours(definition, step)
        hours = max(hours, before)
        open_steps = moves.apply(open_steps)
        for key in moves.opened:
            spent[key] = max(before, hours) if moves.passed else before
        done.append(Done(step, label, to, moves.opened, moves.passed, moves.cancelled, moves.finished))
    return Run(definition, tuple(done), open_steps, hours, refused)


def _moves(
    definition: Definition, open_steps: tuple[str, ...], text: str
) -> tuple[engine.Moves, str, str, str]:
    if _BACK in text and _BY not in text:
        step, _mark, to = text.partition(_BACK)
        return engine.send_back(definition, open_steps, step, to), step, "", to
    step, _mark, label = text.partition(_BY)
    outcomes = definition.step(step).outcomes()
    choice = label if label in outcomes else None
    return engine.complete(definition, open_steps, step, choice), step, label, ""


def _hours(definition: Definition, key: str) -> Decimal:
    step = definition.step(key)
    if step.stops_clock or step.hours is None:
        return Decimal(0)
    return checks.allowed_hours(step.hours) if step.hours.unit in checks.COUNTED else Decimal(0)
