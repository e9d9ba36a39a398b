"""What may be done on a dossier right now, as the officer's screen offers it.

Narrower than `permissions.offered`: a step is ended by its own verb alone, so a right in general becomes a
button only where the step on the officer's desk calls for it. The operations check everything again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.dossiers import linked, permissions, states, words
from motcua.dossiers.models import Apology, Dossier, Result, Task
from motcua.dossiers.permissions import Case
from motcua.lib.actor import Actor
from motcua.workflow import engine
from motcua.workflow.engine import END, Definition, StepKind

Kind = Literal["primary", "secondary", "warning"]

#: Letters that call each action where nobody is typing. One letter, one verb, on every screen.
KEYS = {
    "accept": "A", "receive_supplement": "N", "assign": "G", "forward": "C", "answer": "Y", "propose": "R",
    "approve": "D", "issue": "P", "return_result": "T", "open_child": "M", "resume": "U", "send_back": "L",
    "request_supplement": "B", "consult": "I", "extend": "H", "return_apology": ",",
    "suspend": "Q", "suspend_for_money": "O",
    "correct": "E", "refuse": "Z", "withdraw": "W", "stop": "X",
    "propose_apology": "S", "wave_off": "0", "go_on_without": "V", "refuse_unanswered": "F",
}  # fmt: skip
# The order of the buttons: what ends the step first, what ends the dossier last.
_LAST = ("correct", "refuse", "withdraw", "stop")
ORDER = (*(verb for verb in KEYS if verb not in _LAST), *_LAST)
_ENDS = frozenset({"refuse", "withdraw", "stop", "refuse_unanswered"})
_STEP_ENDS = frozenset(
    {"accept", "receive_supplement", "assign", "forward", "answer", "propose", "approve", "issue",
     "return_result", "open_child", "resume"}
)  # fmt: skip
_DRAFTING = frozenset({"propose", "approve", "issue", "return_result"})
_OWN_VERBS = frozenset(
    {"assign", "propose", "approve", "issue", "return_result", "answer", "resume", "open_child"}
)
#: An officer may hold several steps that these end: branches that run together, opinions asked twice.
_ONE_BY_ONE = frozenset({"forward", "answer"})
# Steps at which the papers are read: only there does one ask for more, or for another unit's opinion.
_READING = frozenset({"propose", "forward", "assign", "accept"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One button: the verb, its words and key, and the open step it is about."""

    verb: str
    label: str
    key: str
    kind: Kind
    task: Task | None
    actor: Actor | None = None  # in whose place, where it is not the officer's own right
    step: int | None = None  # the number of the step, where somebody holds several of the dossier

    @property
    def name(self) -> str:
        """What tells the button from the others: its verb, with the step where several have the same."""
        return self.verb if self.step is None else f"{self.verb}-{self.step}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the tests below look at: the case, the workflow, the steps on the actor's desk.

    `owner` is the step that answers for the dossier, `aside` the first of the others: a branch that runs beside it,
    an opinion that was asked. `mine` are all.
    """

    case: Case
    definition: Definition
    result: Result | None
    owner: Task | None
    aside: Task | None
    children: tuple[Dossier, ...] = ()
    apology: Apology | None = None
    now: datetime | None = None
    mine: tuple[Task, ...] = ()

    def on(self, task: Task) -> "Desk":
        """The desk as the form of one of its steps looks at it."""
        return (
            replace(self, owner=task, aside=None) if task.is_owner else replace(self, owner=None, aside=task)
        )

    @property
    def waits_for_child(self) -> bool:
        """Another agency's part is not done yet."""
        return any(child.finished_at is None for child in self.children)

    @property
    def actor(self) -> Actor:
        return self.case.actor

    def ends_by(self, verb: str) -> bool:
        return self.owner is not None and self.owner.completed_by == verb


def desk_of(
    case: Case, definition: Definition, result: Result | None, children: tuple[Dossier, ...] = (), *,
    apology: Apology | None = None, now: datetime | None = None,
) -> Desk:  # fmt: skip
    """Return the desk of `case`'s actor: their owner's step, and the opinion asked of them."""
    mine = [task for task in case.tasks if permissions.is_on_desk(task, case.actor)]
    return Desk(
        case=case,
        definition=definition,
        result=result,
        owner=next((task for task in mine if task.is_owner), None),
        aside=next((task for task in mine if not task.is_owner), None),
        children=children,
        apology=apology,
        now=now,
        mine=tuple(mine),
    )


def offers(desk: Desk) -> list[Offer]:
    """Return the buttons, the main one first. Empty when nothing is the actor's to do."""
    allowed = set(permissions.offered(desk.case))
    if permissions.may("open_child", desk.case) and "consult" in allowed:
        allowed.add("open_child")
    if desk.apology is not None:  # no rows of the table: they move no status
        allowed |= {
            verb
            for verb in ("propose_apology", "wave_off", "return_apology")
            if permissions.may(verb, desk.case)
        }
    found: list[Offer] = []
    for verb in ORDER:
        if verb == "issue" and "issue_refusal" in allowed:
            allowed.add("issue")
        if verb not in allowed:
            continue
        if verb in _ONE_BY_ONE:
            found += _each(verb, desk)
        elif (fits := _FITS.get(verb)) is None or fits(desk):
            found.append(_offer(verb, desk))
    return _with_one_primary(found)


def with_others(own: list[Offer], others: list[list[Offer]], actors: tuple[Actor, ...]) -> list[Offer]:
    """Return one's own buttons, then those in the place of others that one's own right does not give."""
    found = list(own)
    for actor, more in zip(actors, others, strict=True):
        known, main = {_what(one) for one in found}, any(one.kind == "primary" for one in found)
        verbs = {one.verb for one in found}
        for one in more:
            if _what(one) not in known:
                quiet: Kind = "secondary" if main and one.kind == "primary" else one.kind
                beside = _named(one, key="") if one.verb in verbs and one.step is None else one
                found.append(replace(beside, kind=quiet, actor=actor))
    return sorted(found, key=lambda one: one.kind != "primary")


def _what(one: Offer) -> tuple[str, UUID | None]:
    return one.verb, one.task.pk if one.task is not None and one.verb in _ONE_BY_ONE else None


def _each(verb: str, desk: Desk) -> list[Offer]:
    """Return one button for each step on the desk that `verb` ends; each says which where there are several."""
    found = [_offer(verb, view) for view in map(desk.on, desk.mine) if _FITS[verb](view)]
    if len(desk.mine) == 1:
        return found
    if len(found) == 1:  # beside a step that another verb ends
        return [replace(one, step=one.task.number) for one in found if one.task is not None]
    return [_named(one, key="" if place else one.key) for place, one in enumerate(found)]


def _named(one: Offer, *, key: str) -> Offer:
    """The button of one step among several that the same verb ends; one letter calls one of them."""
    assert one.task is not None
    return replace(one, key=key, step=one.task.number, label=f"{one.label} ({one.task.step_name})")


def _offer(verb: str, desk: Desk) -> Offer:
    label = str(words.ACTIONS[verb])
    if verb == "issue" and desk.result is not None and desk.result.kind == words.ResultKind.REFUSED:
        label = str(words.ACTIONS["issue_refusal"])
    elif verb == "assign" and not desk.ends_by("assign"):
        label = _("Giao cho người khác")
    elif verb == "forward":
        ways = forward_choices(desk)
        label = f"{label}: {ways[0]}" if len(ways) == 1 and ways[0] else label
    elif verb == "propose" and desk.owner is not None and desk.result is not None:
        label = _("Duyệt và trình tiếp") if desk.actor.has(Role.UNIT_HEAD) else label
    kind: Kind = "warning" if verb in _ENDS else "secondary"
    task = desk.aside if verb == "answer" else desk.owner or desk.aside
    return Offer(verb, label, KEYS[verb], kind, task)


def _with_one_primary(found: list[Offer]) -> list[Offer]:
    """Make the action that ends the step the main one; draw it first. The step's own verb wins."""
    ends = [one for one in found if one.verb in _STEP_ENDS and not _is_handing_over(one)]
    main = next(
        (one for one in ends if one.task and one.task.completed_by == one.verb), ends[0] if ends else None
    )
    if main is None:
        return found
    first = replace(main, kind="primary")
    return [first, *(one for one in found if one is not main)]


def _is_handing_over(one: Offer) -> bool:
    return one.verb == "assign" and (one.task is None or one.task.completed_by != "assign")


# ── What each verb needs beyond right and state


def forward_choices(desk: Desk) -> list[str]:
    """Return the outcomes that "forward" ends the step on the desk by ([""] for the only one)."""
    task = desk.owner or desk.aside
    if task is None or task.step_key not in desk.definition.by_key:
        return []
    step = desk.definition.step(task.step_key)
    if step.kind is StepKind.CHILD:
        return list(step.outcomes()) if linked.all_granted(desk.children) else []
    found = []
    for label, routes in step.outcomes().items():
        targets = [desk.definition.step(one.to) for one in routes if one.to != END]
        if any(_waits_for_supplement(target) for target in targets):
            continue
        if any(target.kind is StepKind.CONSULT and not target.unit for target in targets):
            continue  # the officer picks the unit: that is "consult"
        if task.completed_by in _OWN_VERBS and not _other_than_draft(task, label, targets):
            continue
        found.append(label)
    return found


def _other_than_draft(task: Task, label: str, targets: list[engine.Step]) -> bool:
    decides = all(target.completed_by not in _DRAFTING for target in targets)
    return task.completed_by == "propose" and bool(label) and bool(targets) and decides


def result_choices(desk: Desk) -> list[str]:
    """Return the outcomes that put a draft, a decision or an issued result on its way."""
    if desk.owner is None:
        return []
    outcomes = desk.definition.step(desk.owner.step_key).outcomes()
    if len(outcomes) == 1:
        return list(outcomes)
    return [
        label
        for label, routes in outcomes.items()
        if all(one.to == END or desk.definition.step(one.to).completed_by in _DRAFTING for one in routes)
    ]


def back_steps(desk: Desk) -> list[engine.Step]:
    """Return the steps the dossier may be sent back to from the desk."""
    if desk.owner is None or desk.owner.step_key not in desk.definition.by_key:
        return []
    open_keys = [task.step_key for task in desk.case.tasks if task.step_key in desk.definition.by_key]
    found = []
    for key in desk.definition.step(desk.owner.step_key).may_send_back_to:
        try:
            engine.send_back(desk.definition, open_keys, desk.owner.step_key, key)
        except engine.EngineError:
            continue
        found.append(desk.definition.step(key))
    return found


def _waits_for_supplement(step: engine.Step) -> bool:
    return step.kind is StepKind.WAIT and step.national_status == states.Status.AWAITING_SUPPLEMENT


def _may_ask_for_more(desk: Desk) -> bool:
    dossier = desk.case.dossier
    assert dossier is not None
    if dossier.accepted_at is None:
        return True
    if dossier.supplement_count and not desk.actor.has(Role.LEADER):
        return False
    return desk.owner is not None and desk.owner.completed_by in (_READING | {"approve"})


#: Steps that an officer holds: work, and waiting that somebody must keep an eye on (applicant, agency, posting).
_HELD_BY_SOMEBODY = (StepKind.USER, StepKind.WAIT, StepKind.CHILD, StepKind.POST)


def _may_hand_out(desk: Desk) -> bool:
    owner = next((task for task in desk.case.tasks if task.is_owner), None)
    dossier = desk.case.dossier
    held = owner is not None and owner.kind in _HELD_BY_SOMEBODY and desk.actor.has(Role.UNIT_HEAD)
    if dossier is not None and dossier.state in states.PAUSED:  # the step stays; another officer holds it
        return held and owner is not None and owner.completed_by != "assign"
    return desk.ends_by("assign") or held


def _reads_papers(desk: Desk) -> bool:
    return desk.owner is not None and desk.owner.completed_by in {"propose", "forward"}


def _may_open_child(desk: Desk) -> bool:
    if desk.owner is None or desk.waits_for_child:
        return False
    return desk.owner.kind == StepKind.CHILD or desk.ends_by("open_child")


def _may_resume(desk: Desk) -> bool:
    """While another agency works on its part, the clock is that agency's to start again."""
    return linked.waiting_step(desk.case.tasks) is None or not desk.waits_for_child


def _may_extend(desk: Desk) -> bool:
    dossier = desk.case.dossier
    return dossier is not None and dossier.due_at is not None and dossier.extended_at is None


def _may_wave_off(desk: Desk) -> bool:
    row = desk.apology
    return row is not None and row.state == "prepared" and desk.now is not None and desk.now <= row.due_at


def _unanswered(desk: Desk) -> bool:
    """The applicant's own deadline has passed."""
    dossier = desk.case.dossier
    if dossier is None or dossier.answer_due_at is None or desk.now is None:
        return False
    return dossier.answer_due_at < desk.now


_FITS: dict[str, Callable[[Desk], bool]] = {
    "request_supplement": _may_ask_for_more,
    "assign": _may_hand_out,
    "forward": lambda desk: bool(forward_choices(desk)),
    "send_back": lambda desk: bool(back_steps(desk)),
    "consult": _reads_papers,
    "answer": lambda desk: desk.aside is not None and desk.aside.completed_by == "answer",
    "suspend": lambda desk: _reads_papers(desk) or desk.actor.has(Role.LEADER),
    "suspend_for_money": _reads_papers,
    "extend": _may_extend,
    "propose": lambda desk: desk.ends_by("propose") and bool(result_choices(desk)),
    "approve": lambda desk: desk.ends_by("approve"),
    "issue": lambda desk: desk.ends_by("issue") and desk.result is not None and desk.result.approved_at is not None,
    "wave_off": _may_wave_off,
    "return_apology": lambda desk: desk.apology is not None and desk.apology.state == "proposed",
    "go_on_without": _unanswered,
    "refuse_unanswered": _unanswered,
    "open_child": _may_open_child,
    "resume": _may_resume,
}  # fmt: skip
