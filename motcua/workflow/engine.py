"""The rules by which a dossier's open steps move. Pure: no Django, no database, no clock.

A definition is what an office writes down as its *quy trình nội bộ*: steps, who does each, in how long, what
comes out, what can follow. The engine knows nothing of a dossier but the multiset of its open steps
("tokens"); `dossiers` keeps one task row per token and applies the `Moves` returned here.

A join needs no memory of its own: a token that reaches it is absorbed, and the join opens when no token is
left between its forks and itself. That stays right when a step is sent back and runs twice, when an opinion
is asked again after the join, and when one consultation step is open for several units at once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from motcua.lib.due import Limit

END = "end"
"""The `to` of a route that finishes the workflow. No step may have this key."""


class StepKind(StrEnum):
    """What has to happen before a step is done."""

    USER = "user"  # an officer's work
    CONSULT = "consult"  # an opinion of another unit; never takes the dossier over
    WAIT = "wait"  # for the applicant (supplement, money) or a date
    JOIN = "join"  # opens when its parallel branches are all done; without a role nobody works on it
    CHILD = "child"  # a linked dossier at another agency; done when that one is done
    AUTO = "auto"  # the program's own work
    POST = "post"  # posted in public for its own time; not over before that, save by `exception`


class RouteKind(StrEnum):
    """How a route is taken. Routes of one step with the same label are one outcome."""

    NORMAL = "normal"  # the only outcome
    CHOICE = "choice"  # one of several outcomes; the person chooses its label
    FORK = "fork"  # one of several routes of one outcome; all open together


@dataclass(frozen=True, slots=True)
class Route:
    """One arrow of the drawing: from its step to the step `to`, or to `END`."""

    to: str
    label: str = ""
    kind: RouteKind = RouteKind.NORMAL


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a workflow.

    `hours` is the office's own value and unit, never converted. Steps that share one time carry the same
    `time_group` and only the first of them carries `hours`. `unit` says which unit in the words of
    `workflow.units`. `stops_clock` marks time that does not count against the legal limit. `exception` says who is
    not posted in public, and why (privacy).
    """

    key: str
    name: str
    kind: StepKind = StepKind.USER
    role: str = ""
    unit: str = ""
    hours: Limit | None = None
    time_group: str = ""
    stops_clock: bool = False
    product: str = ""
    national_status: int | None = None
    completed_by: str = "forward"
    may_send_back_to: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    exception: str = ""
    source: str = field(default="", compare=False)

    def outcomes(self) -> dict[str, tuple[Route, ...]]:
        """Return the routes by label, in the written order: what a person can choose between."""
        grouped: dict[str, tuple[Route, ...]] = {}
        for route in self.routes:
            grouped[route.label] = (*grouped.get(route.label, ()), route)
        return grouped

    @property
    def passes_by_itself(self) -> bool:
        """A join that nobody works on: it is gone through in the same move, and said so in `Moves.passed`."""
        return self.kind is StepKind.JOIN and not self.role


@dataclass(frozen=True, slots=True)
class Fork:
    """One outcome that opens several branches, and where they meet again.

    `branches` holds, for each route, the steps on it; `join` is None when they do not meet in one join, which
    `checks` refuses.
    """

    step: str
    label: str
    heads: tuple[str, ...]
    join: str | None
    branches: tuple[frozenset[str], ...]

    @property
    def region(self) -> frozenset[str]:
        return frozenset().union(*self.branches)


@dataclass(frozen=True)
class Definition:
    """A whole workflow version. Immutable, so everything derived is worked out once."""

    steps: tuple[Step, ...]
    start: str
    name: str = ""

    @cached_property
    def by_key(self) -> dict[str, Step]:
        return {step.key: step for step in self.steps}

    def step(self, key: str) -> Step:
        """Return the step called `key`; refuses an unknown key."""
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownStepError(key) from None

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        """All outcomes that open more than one step."""
        return tuple(
            self._fork(step, label, routes)
            for step in self.steps
            for label, routes in step.outcomes().items()
            if len(routes) > 1
        )

    @cached_property
    def inside(self) -> dict[str, frozenset[str]]:
        """For each join: the steps that must all be quiet before it opens.

        A consultation step that leads straight to a join counts too: it may be open for several units, as
        many as the officer asks, and the join waits for all of them.
        """
        inside = {step.key: self._asked_before(step.key) for step in self.steps if step.kind is StepKind.JOIN}
        for fork in self.forks:
            if fork.join is not None:
                inside[fork.join] |= fork.region
        return inside

    def _asked_before(self, join: str) -> frozenset[str]:
        return frozenset(
            step.key
            for step in self.steps
            if step.kind is StepKind.CONSULT and any(route.to == join for route in step.routes)
        )

    def _fork(self, step: Step, label: str, routes: tuple[Route, ...]) -> Fork:
        heads = tuple(route.to for route in routes)
        join = self._meeting(heads)
        stop = frozenset({join}) if join else frozenset()
        return Fork(step.key, label, heads, join, tuple(self.reach(head, stop) for head in heads))

    def _meeting(self, heads: tuple[str, ...]) -> str | None:
        """Return the nearest join that no branch can go round."""
        common = [
            step.key
            for step in self.steps
            if step.kind is StepKind.JOIN
            and all(head == step.key or self._always_passes(head, step.key) for head in heads)
        ]
        for key in common:
            if all(key == other or self._always_passes(key, other) for other in common):
                return key
        return None

    def _always_passes(self, start: str, through: str) -> bool:
        reached = self.reach(start, frozenset({through}))
        return END not in reached and self._leads_to(reached, through)

    def _leads_to(self, keys: frozenset[str], to: str) -> bool:
        return any(route.to == to for key in keys if key in self.by_key for route in self.by_key[key].routes)

    def reach(self, start: str, stop: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return every step (and END) that a token at `start` can come to without entering `stop`."""
        seen: set[str] = set()
        queue = [start]
        while queue:
            key = queue.pop()
            if key in seen or key in stop:
                continue
            seen.add(key)
            if key in self.by_key:
                queue.extend(route.to for route in self.by_key[key].routes)
        return frozenset(seen)


@dataclass(frozen=True, slots=True)
class Moves:
    """What one act does to the tokens. Everything that happens is listed; nothing is skipped in silence.

    `closed` is the step that was done, `opened` the steps to open now, `passed` joins gone through without
    anybody's work, `cancelled` parallel steps that a send-back took away, `joins_waiting` joins that still
    wait for another branch, `finished` whether nothing is left to do.
    """

    closed: tuple[str, ...]
    opened: tuple[str, ...] = ()
    finished: bool = False
    joins_waiting: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()

    def apply(self, open_steps: Iterable[str]) -> tuple[str, ...]:
        """Return the open steps after this move."""
        tokens = Counter(open_steps)
        tokens.subtract((*self.closed, *self.cancelled))
        tokens.update(self.opened)
        return tuple(sorted(tokens.elements()))


class EngineError(Exception):
    """A move the engine refuses. Screens offer only what is allowed, so this means a race or a fault."""


class UnknownStepError(EngineError):
    """The definition has no step of this key."""


class StepNotOpenError(EngineError):
    """The step to complete is not open: somebody was first, or it was never reached."""


class ChoiceNeededError(EngineError):
    """The step has several outcomes and none was named."""


class UnknownChoiceError(EngineError):
    """The step has no outcome of this name."""


class NotAllowedBackError(EngineError):
    """The step may not be sent back there."""


class NotAloneError(EngineError):
    """The end was reached while other steps are still open; a checked definition cannot do this."""


def start(definition: Definition) -> tuple[str, ...]:
    """Return the steps to open for a new dossier."""
    return (definition.step(definition.start).key,)


def complete(
    definition: Definition, open_steps: Iterable[str], step_key: str, choice: str | None = None
) -> Moves:
    """Finish one open step and say what follows.

    `choice` is the label of the outcome; it may be left out where there is only one. Refuses a step that is
    not open, a missing or unknown choice, and an end that would leave other steps behind.
    """
    tokens = _tokens(definition, open_steps)
    step = definition.step(step_key)
    if not tokens[step_key]:
        raise StepNotOpenError(step_key)
    routes = _outcome(step, choice)
    tokens[step_key] -= 1
    return _settle(definition, tokens, step_key, routes)


def send_back(definition: Definition, open_steps: Iterable[str], from_key: str, to_key: str) -> Moves:
    """Return an open step to an earlier one.

    Going back out of parallel branches takes the sister branches with it (they are listed as `cancelled`);
    going back into one reopens that branch alone. Refuses a target that the step does not list, one on a
    sister branch, and one that is open already.
    """
    tokens = _tokens(definition, open_steps)
    step, target = definition.step(from_key), definition.step(to_key)
    if not tokens[from_key]:
        raise StepNotOpenError(from_key)
    listed = to_key in step.may_send_back_to and not target.passes_by_itself
    if not listed or sisters(definition, from_key, to_key):
        raise NotAllowedBackError(f"{from_key} → {to_key}")
    tokens[from_key] -= 1
    cancelled = _left_behind(definition, tokens, from_key, to_key)
    if (tokens - Counter(cancelled))[to_key]:
        raise NotAllowedBackError(f"{from_key} → {to_key}")
    return Moves(closed=(from_key,), opened=(to_key,), cancelled=cancelled)


def choice_for(definition: Definition, step_key: str, verb: str) -> str:
    """Return the label of the outcome that an act means, so that screens need not ask for what they know.

    "request_supplement" leads to a step that waits for the supplement, "suspend" to another waiting step,
    "consult" to opinions; every other act to what remains. Refuses when no outcome fits (the act is not
    foreseen here) and when several do: then a person has to choose.
    """
    step = definition.step(step_key)
    fitting = [
        label
        for label, routes in step.outcomes().items()
        if _meaning(definition, routes) == _OF_VERB.get(verb, "")
    ]
    if not fitting:
        raise UnknownChoiceError(f"{step_key}: {verb}")
    if len(fitting) > 1:
        raise ChoiceNeededError(step_key)
    return fitting[0]


_OF_VERB = {"request_supplement": "supplement", "suspend": "wait", "consult": "consult"}


def _meaning(definition: Definition, routes: tuple[Route, ...]) -> str:
    first = definition.by_key.get(routes[0].to)
    if first is None:
        return ""
    if first.kind is StepKind.WAIT:
        return "supplement" if first.completed_by == "receive_supplement" else "wait"
    return "consult" if first.kind is StepKind.CONSULT else ""


def waiting_joins(definition: Definition, open_steps: Iterable[str]) -> tuple[str, ...]:
    """Return the joins that at least one branch has still to reach, in the written order."""
    tokens = _tokens(definition, open_steps)
    return tuple(step.key for step in definition.steps if _busy(definition, tokens, step.key))


def sisters(definition: Definition, one: str, other: str) -> bool:
    """Tell whether the two steps stand on different branches of one fork."""
    return any(
        one in left and other in right
        for fork in definition.forks
        for left in fork.branches
        for right in fork.branches
        if left is not right and not (one in right and other in left)
    )


def _tokens(definition: Definition, open_steps: Iterable[str]) -> Counter[str]:
    tokens = Counter(open_steps)
    for key in tokens:
        definition.step(key)
    return tokens


def _outcome(step: Step, choice: str | None) -> tuple[Route, ...]:
    outcomes = step.outcomes()
    if choice is None:
        if len(outcomes) != 1:
            raise ChoiceNeededError(step.key)
        return next(iter(outcomes.values()))
    if choice not in outcomes:
        raise UnknownChoiceError(f"{step.key}: {choice}")
    return outcomes[choice]


def _settle(definition: Definition, tokens: Counter[str], closed: str, routes: tuple[Route, ...]) -> Moves:
    """Follow the routes until every token rests at a step, in a join or at the end."""
    opened: list[str] = []
    passed: list[str] = []
    waiting: list[str] = []
    ended = False
    arriving = [route.to for route in routes]
    while arriving:
        key = arriving.pop(0)
        if key == END:
            ended = True
            continue
        step = definition.step(key)
        if step.kind is StepKind.JOIN and _busy(definition, tokens + Counter(arriving), key):
            waiting.append(key)
        elif step.passes_by_itself:
            passed.append(key)
            arriving.extend(route.to for route in _outcome(step, None))
        else:
            opened.append(key)
            tokens[key] += 1
    if ended and tokens.total():
        raise NotAloneError(", ".join(tokens.elements()))
    return Moves((closed,), tuple(opened), ended, tuple(dict.fromkeys(waiting)), tuple(passed))


def _busy(definition: Definition, tokens: Counter[str], join: str) -> bool:
    return any(tokens[key] > 0 for key in definition.inside.get(join, ()))


def _left_behind(definition: Definition, tokens: Counter[str], from_key: str, to_key: str) -> tuple[str, ...]:
    """Return the tokens of every parallel region that `from_key` leaves by going back to `to_key`."""
    left: frozenset[str] = frozenset()
    for fork in definition.forks:
        if from_key in fork.region and to_key not in fork.region:
            left |= fork.region
    return tuple(sorted(key for key in tokens.elements() if key in left))
