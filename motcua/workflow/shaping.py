"""Changing a definition by one row: put in, take out, move. Pure; each answer is a new definition.

What a clerk expects of a list holds while the way is straight: a row put in stands between its neighbours, a
row taken out closes the gap, two neighbours change places. Where ways part, only what is certain is rewired;
`checks` tells the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.due import Limit, Unit
from motcua.workflow import units
from motcua.workflow.engine import END, Definition, Route, RouteKind, Step, StepKind


def kinds_of(pairs: list[tuple[str, str]]) -> tuple[Route, ...]:
    """Return routes for (label, to) pairs: one label is one outcome, a label that repeats opens branches."""
    seen = list(dict.fromkeys((label, to) for label, to in pairs if to))
    labels = [label for label, _to in seen]
    several = len(set(labels)) > 1

    def kind(label: str) -> RouteKind:
        if labels.count(label) > 1:
            return RouteKind.FORK
        return RouteKind.CHOICE if several else RouteKind.NORMAL

    return tuple(Route(to, label, kind(label)) for label, to in seen)


def rerouted(step: Step, change: Callable[[str, str], tuple[str, str]]) -> Step:
    """Return the step with each (label, to) of its routes changed."""
    return replace(step, routes=kinds_of([change(one.label, one.to) for one in step.routes]))


def fresh_key(definition: Definition) -> str:
    """Return a key that no step has."""
    taken = set(definition.by_key)
    number = len(taken) + 1
    while f"s{number}" in taken:
        number += 1
    return f"s{number}"


# ── What can be put in


@dataclass(frozen=True, slots=True)
class Pattern:
    """A usual kind of step. `beside`: it hangs on the step before it by an outcome, and leads back there."""

    name: Promise
    step: Step
    beside: str = ""
    onward: str = ""


def _days(value: str) -> Limit:
    return Limit(Decimal(value), Unit.WORKING_DAY)


def _user(name: str, role: str, unit: str, act: str, status: int = 4, product: str = "") -> Step:
    return Step("", name, role=role, unit=unit, completed_by=act, national_status=status, product=product)


def patterns() -> dict[str, Pattern]:
    """Return the steps an administrator may put in, by code, in the order of a dossier's life."""
    one_stop, owner = units.RECEIVING_CENTRE, units.OWNER
    wait, lazy = StepKind.WAIT, gettext_lazy
    money = replace(
        _user(_("Chờ người nộp hoàn thành nghĩa vụ tài chính"), "cashier", one_stop, "resume", 6),
        kind=wait, stops_clock=True, product=_("Chứng từ nộp tiền"),
    )  # fmt: skip
    supplement = replace(
        _user(_("Chờ người nộp bổ sung"), "receiver", one_stop, "receive_supplement", 5),
        kind=wait, stops_clock=True,
    )  # fmt: skip
    child = Step(
        "", _("Cơ quan khác giải quyết phần liên thông"), kind=StepKind.CHILD, unit=units.OUTSIDE, hours=None,
        stops_clock=True, completed_by="resume", national_status=4,
    )  # fmt: skip
    post = replace(
        _user(_("Niêm yết công khai"), "specialist", owner, "forward"), kind=StepKind.POST, hours=_days("3"),
        product=_("Biên bản niêm yết"),
    )  # fmt: skip
    consult = Step("", _("Lấy ý kiến"), kind=StepKind.CONSULT, role="specialist", completed_by="answer",
                   national_status=4, product=_("Văn bản góp ý"))  # fmt: skip
    return {
        "work": Pattern(lazy("Chuyên viên xử lý"), _user(_("Xử lý hồ sơ"), "specialist", owner, "forward")),
        "draft": Pattern(lazy("Chuyên viên trình dự thảo"),
                         _user(_("Thẩm định, trình dự thảo"), "specialist", owner, "propose")),
        "assign": Pattern(lazy("Lãnh đạo phòng phân công"),
                          _user(_("Phân công thụ lý"), "unit_head", owner, "assign", 2)),
        "review": Pattern(lazy("Lãnh đạo phòng duyệt"),
                          _user(_("Lãnh đạo phòng duyệt"), "unit_head", owner, "propose")),
        "sign": Pattern(lazy("Lãnh đạo ký"), _user(_("Lãnh đạo ký"), "leader", units.LEADERSHIP, "approve")),
        "issue": Pattern(lazy("Văn thư phát hành"),
                         _user(_("Vào số, đóng dấu, phát hành"), "clerk", units.CLERKS, "issue")),
        "return": Pattern(lazy("Trả kết quả"),
                          _user(_("Trả kết quả"), "returner", one_stop, "return_result", 9)),
        "supplement": Pattern(lazy("Chờ người nộp bổ sung"), supplement, beside=_("Yêu cầu bổ sung"),
                              onward=_("Trình kết quả")),
        "consult": Pattern(lazy("Lấy ý kiến đơn vị khác"), consult, beside=_("Lấy ý kiến"),
                           onward=_("Trình kết quả")),
        "money": Pattern(lazy("Giai đoạn nghĩa vụ tài chính (dừng đồng hồ)"), money),
        "child": Pattern(lazy("Cơ quan khác giải quyết (liên thông)"), child),
        "post": Pattern(lazy("Niêm yết công khai"), post),
        "join": Pattern(lazy("Nhập nhánh"), Step("", _("Đủ các nhánh"), kind=StepKind.JOIN)),
    }  # fmt: skip


def put_in(definition: Definition, code: str, after: str) -> tuple[Definition, str]:
    """Put a usual step in after the step `after` (the last where there is none); return it with its key."""
    pattern, key = patterns()[code], fresh_key(definition)
    step = replace(pattern.step, key=key, name=_unlike(definition, pattern.step.name))
    steps = list(definition.steps)
    if not steps:
        return replace(definition, steps=(replace(step, routes=kinds_of([("", END)])),), start=key), key
    at = next((number for number, one in enumerate(steps) if one.key == after), len(steps) - 1)
    before = steps[at]
    if pattern.beside:
        return _hung(definition, before, step, pattern), key
    step = replace(step, routes=kinds_of([("", _onward(before))]))
    steps[at] = _leading_to(before, key)
    steps.insert(at + 1, step)
    return replace(definition, steps=tuple(steps)), key


def _onward(before: Step) -> str:
    """Where a step put in behind `before` leads: where its first way led, past what only waits or asks."""
    return before.routes[0].to if before.routes else END


def _leading_to(before: Step, key: str) -> Step:
    """Let the first way of a step lead to `key`, with every branch that opens by the same name."""
    if not before.routes:
        return replace(before, routes=kinds_of([("", key)]))
    first = before.routes[0]
    return rerouted(before, lambda label, to: (label, key if (label, to) == (first.label, first.to) else to))


def _hung(definition: Definition, before: Step, step: Step, pattern: Pattern) -> Definition:
    """Hang a step on the one before it: a named outcome leads there, and it leads back."""
    pairs = [(one.label or pattern.onward, one.to) for one in before.routes]
    pairs.append((_free_label(pairs, pattern.beside), step.key))
    mended = replace(before, routes=kinds_of(pairs))
    more = [step]
    if step.kind is StepKind.CONSULT:  # several units may be asked at once: their answers are gathered
        between = Definition((*definition.steps, step), definition.start)
        gather = Step(fresh_key(between), _unlike(definition, _("Đủ ý kiến")), kind=StepKind.JOIN,
                      routes=kinds_of([("", before.key)]))  # fmt: skip
        more = [replace(step, routes=kinds_of([("", gather.key)])), gather]
    else:
        more = [replace(step, routes=kinds_of([("", before.key)]))]
    steps: list[Step] = []
    for one in definition.steps:
        steps += [mended, *more] if one.key == before.key else [one]
    return replace(definition, steps=tuple(steps))


def _free_label(pairs: list[tuple[str, str]], wanted: str) -> str:
    labels = {label for label, _to in pairs}
    number, label = 2, wanted
    while label in labels:
        label, number = f"{wanted} {number}", number + 1
    return label


def _unlike(definition: Definition, name: str) -> str:
    names = {step.name for step in definition.steps}
    number, free = 2, name
    while free in names:
        free, number = f"{name} ({number})", number + 1
    return free


# ── Taking out, moving


def take_out(definition: Definition, key: str) -> Definition:
    """Take a step out; what led to it leads on to where it led, and nothing names it any more."""
    gone = definition.by_key.get(key)
    if gone is None:
        return definition
    onward = [one.to for one in gone.routes if one.to != key]
    to = onward[0] if onward else END
    steps = tuple(_without(one, key, to) for one in definition.steps if one.key != key)
    start = definition.start
    if start == key:
        start = to if to != END else (steps[0].key if steps else "")
    return replace(definition, steps=steps, start=start)


def _without(step: Step, key: str, to: str) -> Step:
    pairs = [(one.label, to if one.to == key else one.to) for one in step.routes]
    pairs = [pair for pair in pairs if pair[1] != step.key or pair in [(r.label, r.to) for r in step.routes]]
    back = tuple(one for one in step.may_send_back_to if one != key)
    return replace(step, routes=kinds_of(pairs), may_send_back_to=back)


def move(definition: Definition, key: str, by: int) -> tuple[Definition, bool]:
    """Move a row by one up (-1) or down (+1); tell whether the way changed with it.

    Neighbours on a straight way change places in it; elsewhere only the order of the rows changes.
    """
    keys = [step.key for step in definition.steps]
    if key not in keys or not 0 <= keys.index(key) + by < len(keys):
        return definition, False
    at = keys.index(key)
    first, second = sorted((at, at + by))
    steps = list(definition.steps)
    upper, lower = steps[first], steps[second]
    straight = (
        _plain(upper) == lower.key and _plain(lower) is not None and _only_way(definition, upper, lower)
    )
    if straight:
        steps, start = _swapped(definition, upper, lower)
    else:
        start = definition.start
    steps[first], steps[second] = steps[second], steps[first]
    return replace(definition, steps=tuple(steps), start=start), straight


def _plain(step: Step) -> str | None:
    return step.routes[0].to if len(step.routes) == 1 else None


def _only_way(definition: Definition, upper: Step, lower: Step) -> bool:
    """Nothing but the upper step leads to the lower one."""
    return all(
        step.key == upper.key or all(route.to != lower.key for route in step.routes)
        for step in definition.steps
    )


def _swapped(definition: Definition, upper: Step, lower: Step) -> tuple[list[Step], str]:
    after = _plain(lower) or END
    found = []
    for step in definition.steps:
        if step.key == upper.key:
            step = rerouted(step, lambda label, _to: (label, after))
        elif step.key == lower.key:
            step = rerouted(step, lambda label, _to: (label, upper.key))
        else:
            step = rerouted(step, lambda label, to: (label, lower.key if to == upper.key else to))
        found.append(step)
    start = lower.key if definition.start == upper.key else definition.start
    return found, start


def move_to(definition: Definition, key: str, place: int) -> tuple[Definition, bool]:
    """Move a row to a place (counted from 0), one neighbour at a time."""
    changed = False
    for _number in range(len(definition.steps)):
        keys = [step.key for step in definition.steps]
        if key not in keys or keys.index(key) == place:
            break
        definition, straight = move(definition, key, 1 if keys.index(key) < place else -1)
        changed = changed or straight
    return definition, changed


NEW_WORKFLOW: Final = ("draft", "sign", "issue", "return")
"""What a new workflow begins with, behind the step that receives."""


def beginning() -> Definition:
    """Return what a new workflow begins with: the shortest lawful way of a dossier, without hours."""
    first = replace(
        _user(_("Tiếp nhận, số hóa và chuyển hồ sơ"), "receiver", units.RECEIVING_CENTRE, "accept", 2),
        key="s1", routes=kinds_of([("", END)]), product=_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    )  # fmt: skip
    definition, last = Definition((first,), "s1"), "s1"
    for code in NEW_WORKFLOW:
        definition, last = put_in(definition, code, last)
    return definition
