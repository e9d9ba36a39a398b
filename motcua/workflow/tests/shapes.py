"""Random workflows for property tests: blocks put into one another, valid by construction."""

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from motcua.lib.due import Limit, Unit
from motcua.workflow.engine import END, Definition, Route, RouteKind, Step, StepKind, sisters

HOURS = st.sampled_from([None, *(Limit(Decimal(n) / 2, Unit.WORKING_HOUR) for n in range(1, 9))])


@dataclass(frozen=True)
class Seq:
    parts: tuple


@dataclass(frozen=True)
class Choice:
    options: tuple


@dataclass(frozen=True)
class Par:
    branches: tuple
    join_works: bool


@dataclass(frozen=True)
class Loop:
    """A step from which one may go round by a waiting step (supplement)."""


@dataclass(frozen=True)
class Leaf:
    hours: Limit | None


def blocks():
    return st.recursive(
        st.builds(Leaf, HOURS) | st.just(Loop()),
        lambda inner: st.one_of(
            st.builds(lambda p: Seq(tuple(p)), st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda p: Choice(tuple(p)), st.lists(inner, min_size=2, max_size=3)),
            st.builds(lambda p, w: Par(tuple(p), w), st.lists(inner, min_size=2, max_size=3), st.booleans()),
        ),
        max_leaves=7,
    )


class Builder:
    """Turns a block into steps, back to front: each block is told where to go when it is done."""

    def __init__(self):
        self.steps = []

    def add(self, routes, kind=StepKind.USER, hours=None, role="specialist"):
        key = f"s{len(self.steps)}"
        self.steps.append(Step(key, f"Bước {key}", kind=kind, role=role, hours=hours, routes=tuple(routes)))
        return key

    def build(self, block, then):
        return getattr(self, "build_" + type(block).__name__.lower())(block, then)

    def build_leaf(self, block, then):
        return self.add([Route(then)], hours=block.hours)

    def build_loop(self, block, then):
        wait = self.add([], kind=StepKind.WAIT, role="")
        work = self.add([Route(then, "Xong", RouteKind.CHOICE), Route(wait, "Bổ sung", RouteKind.CHOICE)])
        number = int(wait[1:])
        self.steps[number] = replace(
            self.steps[number], routes=(Route(work),), completed_by="receive_supplement"
        )
        return work

    def build_seq(self, block, then):
        for part in reversed(block.parts):
            then = self.build(part, then)
        return then

    def build_choice(self, block, then):
        heads = [self.build(option, then) for option in block.options]
        return self.add([Route(head, f"Hướng {n}", RouteKind.CHOICE) for n, head in enumerate(heads)])

    def build_par(self, block, then):
        join = self.add([Route(then)], kind=StepKind.JOIN, role="specialist" if block.join_works else "")
        heads = [self.build(branch, join) for branch in block.branches]
        return self.add([Route(head, "", RouteKind.FORK) for head in heads])


def definition_of(block) -> Definition:
    builder = Builder()
    start = builder.build(block, END)
    return with_ways_back(Definition(tuple(reversed(builder.steps)), start))


def with_ways_back(definition: Definition) -> Definition:
    """Let every step go back to every earlier step that is not on a sister branch."""
    steps = tuple(
        replace(
            step,
            may_send_back_to=tuple(
                other.key
                for other in definition.steps
                if other.key != step.key
                and not other.passes_by_itself
                and step.key in definition.reach(other.key)
                and not sisters(definition, step.key, other.key)
            ),
        )
        for step in definition.steps
    )
    return replace(definition, steps=steps)


definitions = st.builds(definition_of, blocks())


@st.composite
def damaged(draw):
    """A valid definition with one to three routes bent, dropped or doubled: often broken, sometimes not."""
    definition = draw(definitions)
    keys = [step.key for step in definition.steps]
    steps = list(definition.steps)
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(steps) - 1))
        step = steps[number]
        routes = list(step.routes)
        act = draw(st.sampled_from(["bend", "drop", "add"]))
        target = draw(st.sampled_from([*keys, END]))
        if act == "add" or not routes:
            kind = draw(st.sampled_from(list(RouteKind)))
            routes.append(Route(target, draw(st.sampled_from(["", "Thêm"])), kind))
        else:
            at = draw(st.integers(0, len(routes) - 1))
            routes[at : at + 1] = [replace(routes[at], to=target)] if act == "bend" else []
        steps[number] = replace(step, routes=tuple(routes))
    return replace(definition, steps=tuple(replace(step, may_send_back_to=()) for step in steps))
