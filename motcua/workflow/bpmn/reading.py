"""BPMN 2.0 read into a workflow of ours. What cannot be said in it is listed in plain words; nothing crashes.

Gateways are folded into the step before them: a choice becomes named outcomes, a fork parallel branches, a
parallel meeting a joining step. A gateway that stands where no step can carry it becomes a step of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.xml_documents import Element, read_xml
from motcua.workflow import acts, grid, units
from motcua.workflow.bpmn import names, remarks
from motcua.workflow.bpmn.names import JOIN, STEP, model, ours
from motcua.workflow.engine import END, Definition, Step, StepKind
from motcua.workflow.shape import Draft
from motcua.workflow.shaping import kinds_of
from motcua.workflow.source import reading

_ACTIVITIES: Final = {
    "task": StepKind.USER, "userTask": StepKind.USER, "manualTask": StepKind.USER, "sendTask": StepKind.USER,
    "receiveTask": StepKind.WAIT, "serviceTask": StepKind.AUTO, "scriptTask": StepKind.AUTO,
    "businessRuleTask": StepKind.AUTO, "callActivity": StepKind.CHILD, "subProcess": StepKind.USER,
    "transaction": StepKind.USER, "adHocSubProcess": StepKind.USER, "intermediateCatchEvent": StepKind.WAIT,
}  # fmt: skip
_CHOICES: Final = {"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
_NODES: Final = {
    *_ACTIVITIES, *_CHOICES, "parallelGateway", "startEvent", "endEvent", "intermediateThrowEvent", "boundaryEvent"
}  # fmt: skip
_DRAWN_BY_US: Final = {"task": StepKind.CONSULT, "manualTask": StepKind.POST}
_MOST_WAYS = 200
_MOST_FOLLOWED = 20_000  # arrows followed through gateways: diamonds in a row double the ways each time
Ways = list[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: a draft without a name of its own yet, where boxes stand, what could not be taken over."""

    draft: Draft
    places: dict[str, list[float]]
    remarks: tuple[str, ...]


def read(data: bytes, kept: Draft | None = None) -> Read:
    """Read a BPMN file; `kept` is the draft it was drawn from, whose steps keep what a drawing does not say.

    Refuses what is no XML, no BPMN, has no process with anything in it, or more steps than a workflow may have.
    """
    root = read_xml(data)
    if root.tag != model("definitions"):
        raise Refusal(
            _("Tệp này không phải BPMN 2.0. Hãy xuất từ chương trình vẽ ở dạng BPMN 2.0."), code="not_bpmn"
        )
    processes = [one for one in root.iter(model("process")) if _count(one)]
    if not processes:
        raise Refusal(_("Tệp BPMN không có quy trình nào có bước. Hãy chọn tệp khác."), code="empty_bpmn")
    process = max(processes, key=_count)
    reader = _Reader(process, kept)
    reader.note(remarks.of_file(root, process, processes))
    draft = reader.draft()
    return Read(draft, _places(root, reader), tuple(dict.fromkeys(reader.remarks)))


def _count(process: Element) -> int:
    return sum(1 for child in process if remarks.local(child) in _NODES)


@dataclass
class _Node:
    id: str
    kind: str
    name: str
    element: Element
    lane: str = ""
    out: list[tuple[str, str]] = field(default_factory=list)  # (name of the arrow, to)
    into: int = 0


class _Reader:
    def __init__(self, process: Element, kept: Draft | None) -> None:
        self.process, self.kept = process, kept
        self.remarks: list[str] = []
        self.followed = 0
        self.nodes = self._nodes()
        self._arrows()
        self.returns = self._returns()
        self._lanes()
        self.joins = {one.id for one in self.nodes.values() if self._is_join(one)}
        self.keys: dict[str, str] = {}
        self.own: dict[str, None] = {}  # gateways that became steps of their own
        steps = [node for node in self.nodes.values() if self._is_step(node)]
        if len(steps) > grid.MOST_STEPS:
            text = _("Tệp có %(count)s bước, nhiều hơn %(most)s bước của một quy trình. Hãy chia ra.")
            raise Refusal(text % {"count": len(steps), "most": grid.MOST_STEPS}, code="too_many_steps")
        for node in steps:
            self._key(node)

    def note(self, found: Iterator[str]) -> None:
        self.remarks += found

    # ── Elements, arrows, lanes

    def _nodes(self) -> dict[str, _Node]:
        found: dict[str, _Node] = {}
        for number, child in enumerate(self.process):
            kind = remarks.local(child)
            if kind in _NODES and child.get("triggeredByEvent") != "true":
                name = child.get("id") or f"khong_ten_{number}"
                found[name] = _Node(name, kind, normalize(child.get("name", "")), child)
        return found

    def _arrows(self) -> None:
        for child in self.process:
            if remarks.local(child) != "sequenceFlow":
                continue
            start, to = self.nodes.get(child.get("sourceRef", "")), self.nodes.get(child.get("targetRef", ""))
            if start is None or to is None:
                self.remarks.append(_("Một mũi tên không nối với bước nào đọc được: đã bỏ."))
                continue
            start.out.append((normalize(child.get("name", ""))[:120], to.id))
            to.into += 1
        for node in self.nodes.values():  # what hangs on a step's edge is one more way out of it
            host = (
                self.nodes.get(node.element.get("attachedToRef", ""))
                if node.kind == "boundaryEvent"
                else None
            )
            if host is not None:
                label = node.name or _("Khi có sự kiện")
                host.out += [(label[:120], to) for _label, to in node.out]
                text = _(
                    "Sự kiện “%(event)s” gắn vào bước “%(step)s” thành một hướng để người chọn, không tự xảy ra."
                )
                self.remarks.append(text % {"event": label, "step": host.name or _("không tên")})

    def _returns(self) -> dict[str, list[str]]:
        """Return where each element may be sent back to: associations between elements that flow."""
        found: dict[str, list[str]] = {}
        for child in self.process:
            start, to = child.get("sourceRef", ""), child.get("targetRef", "")
            if remarks.local(child) == "association" and start in self.nodes and to in self.nodes:
                found.setdefault(start, []).append(to)
        return found

    def _lanes(self) -> None:
        for lane in self.process.iter(model("lane")):
            name = normalize(lane.get("name", ""))
            for ref in lane.findall(model("flowNodeRef")):
                node = self.nodes.get((ref.text or "").strip())
                if node is not None and name:
                    node.lane = name

    def _is_join(self, node: _Node) -> bool:
        if node.kind != "parallelGateway":
            return False
        return node.into > 1 or node.element.get(ours("kind")) == StepKind.JOIN or node.id.startswith(JOIN)

    def _is_step(self, node: _Node) -> bool:
        if node.id in self.joins:
            return self._worked_on(node) is None
        return node.kind in _ACTIVITIES

    def _worked_on(self, join: _Node) -> _Node | None:
        """Return the joining step of ours that stands right behind a meeting, which is drawn as two elements."""
        following = [self.nodes[to] for _label, to in join.out]
        ours_too = [one for one in following if one.element.get(ours("kind")) == StepKind.JOIN]
        return ours_too[0] if len(following) == 1 and ours_too and ours_too[0].id not in self.joins else None

    def _key(self, node: _Node) -> str:
        wanted = node.element.get(ours("key")) or node.id.removeprefix(STEP)
        wanted = re.sub(r"[^A-Za-z0-9_-]+", "_", wanted).strip("_")[:30] or "buoc"
        if node.id in self.keys:
            return self.keys[node.id]
        key, number = wanted, 2
        while key in self.keys.values() or key == END:
            key, number = f"{wanted}_{number}", number + 1
        self.keys[node.id] = key
        return key

    # ── Ways

    def draft(self) -> Draft:
        start = self._start()
        done: dict[str, Step] = {}
        queue = [start, *[node.id for node in self.nodes.values() if node.id in self.keys]]
        while queue:
            node = self.nodes[queue.pop(0)]
            if node.id in done:
                continue
            done[node.id] = self._step(node)
            queue[:0] = [one for one in self.own if one not in done]
        ordered = self._ordered(done, start)
        base = self.kept or Draft(
            key="", name=normalize(self.process.get("name", "")), definition=Definition((), "")
        )
        steps = tuple(self._known_back(step, set(self.keys.values())) for step in ordered)
        return replace(base, definition=Definition(steps, self.keys[start], base.name))

    def _known_back(self, step: Step, keys: set[str]) -> Step:
        return replace(step, may_send_back_to=tuple(one for one in step.may_send_back_to if one in keys))

    def _start(self) -> str:
        """Return the node that is the first step."""
        starts = [one for one in self.nodes.values() if one.kind == "startEvent"]
        if len(starts) > 1:
            self.remarks.append(
                _("Tệp có nhiều điểm bắt đầu: lấy “%(name)s”.") % {"name": starts[0].name or _("không tên")}
            )
        if not starts:
            self.remarks.append(_("Tệp không có điểm bắt đầu: lấy bước đầu tiên không có mũi tên đi vào."))
        first = starts[0].out[0][1] if starts and starts[0].out else ""
        if not first:
            free = [one for one in self.nodes.values() if not one.into and one.id in self.keys]
            first = free[0].id if free else next(iter(self.keys), next(iter(self.nodes)))
        ways = self._to_steps("", first, frozenset())
        if len(ways) == 1 and len(ways[0][1]) == 1 and ways[0][1][0] != END:
            return ways[0][1][0]
        return self._own_step(first)

    def _own_step(self, gateway: str) -> str:
        """Make a gateway a step of its own."""
        if gateway not in self.keys:
            node = self.nodes[gateway]
            self.own[gateway] = None
            self._key(node)
            name = node.name or _("Chọn hướng")
            self.remarks.append(
                _("Nút rẽ “%(name)s” thành một bước riêng vì không có bước nào ngay trước nó.")
                % {"name": name}
            )
        return gateway

    def _ways(self, node: _Node) -> list[tuple[str, str]]:
        """Return the (label, key) pairs of a step."""
        if node.id in self.own and node.kind in _CHOICES:
            ways = self._choice(node, "", frozenset({node.id}))
        elif len(node.out) > 1 and node.kind not in _CHOICES and not self._boundary(node):
            ways = [
                ("", tuple(one for _label, to in node.out for one in self._single(to, frozenset({node.id}))))
            ]
        else:
            ways = [way for label, to in node.out for way in self._to_steps(label, to, frozenset({node.id}))]
        if not ways:
            ways = [("", (END,))]
        if len(ways) > _MOST_WAYS:
            raise Refusal(
                _("Tệp có một bước với quá nhiều hướng đi. Hãy vẽ lại đơn giản hơn."), code="too_many_ways"
            )
        return self._labelled(ways)

    def _boundary(self, node: _Node) -> bool:
        return any(
            one.kind == "boundaryEvent" and one.element.get("attachedToRef") == node.id
            for one in self.nodes.values()
        )

    def _labelled(self, ways: Ways) -> list[tuple[str, str]]:
        """Give every outcome of several a name of its own; the label of a single one says nothing."""
        if len({targets for _label, targets in ways}) == 1:
            return [("", self._target(to)) for to in ways[0][1]]
        pairs, used = list[tuple[str, str]](), Counter[str]()
        for label, targets in dict.fromkeys(ways):
            text = label or self._named(targets[0])
            used[text] += 1
            if used[text] > 1:
                text = f"{text[:110]} ({used[text]})"
            pairs += [(text, self._target(to)) for to in targets]
        return pairs

    def _named(self, target: str) -> str:
        return (
            _("Kết thúc")
            if target == END
            else (self.nodes[target].name or self.keys.get(target, target))[:120]
        )

    def _target(self, name: str) -> str:
        return END if name == END else self.keys[name]

    def _to_steps(self, label: str, to: str, seen: frozenset[str]) -> Ways:
        """Return the outcomes that an arrow stands for, gateways between followed through."""
        node = self.nodes[to]
        self.followed += 1
        if self.followed > _MOST_FOLLOWED:
            raise Refusal(
                _("Tệp có quá nhiều nút rẽ nối nhau. Hãy vẽ lại đơn giản hơn."), code="too_many_ways"
            )
        if to in self.joins and (worked := self._worked_on(node)) is not None:
            return [(label, (worked.id,))]
        if to in self.keys:
            return [(label, (to,))]
        if node.kind == "endEvent":
            return [(label, (END,))]
        if to in seen:
            self.remarks.append(_("Có vòng lặp chỉ gồm nút rẽ: đã bỏ."))
            return []
        seen |= {to}
        if node.kind == "parallelGateway" and len(node.out) > 1:
            return [(label, tuple(one for _label, onward in node.out for one in self._single(onward, seen)))]
        if len(node.out) > 1:
            return self._choice(node, label, seen)
        found = [way for name, onward in node.out for way in self._to_steps(name or label, onward, seen)]
        return found or [(label, (END,))]

    def _choice(self, node: _Node, label: str, seen: frozenset[str]) -> Ways:
        """Return the outcomes of a node where one of several ways is taken."""
        if node.kind in remarks.NOT_A_CHOICE:
            self.remarks.append(remarks.not_a_choice(node.kind, node.name or _("không tên")))
        found: Ways = []
        for name, onward in node.out:
            told = " – ".join(filter(None, (label, name))) if name else label
            found += self._to_steps(told[:120], onward, seen)
        return found

    def _single(self, to: str, seen: frozenset[str]) -> list[str]:
        """Return the one step a branch begins with; a gateway at its head becomes a step of its own."""
        ways = self._to_steps("", to, seen)
        if len(ways) == 1:
            return list(ways[0][1])
        return [self._own_step(to)] if ways else []

    # ── Steps

    def _step(self, node: _Node) -> Step:
        key = self.keys[node.id]
        kept = self.kept.definition.by_key.get(key) if self.kept else None
        kind = self._kind(node, kept)
        name = (node.name or (kept.name if kept else "") or remarks.nameless(node.kind))[:200]
        step = kept or Step(key, name, completed_by=acts.ENDED_BY.get(kind, "forward"), national_status=4)
        step = self._ours(node, self._doer(node, step) if kept is None else step)
        changed = replace(
            step, key=key, name=name, kind=kind, routes=kinds_of(self._ways(node)),
            may_send_back_to=self._back(node, step),
        )  # fmt: skip
        changed = acts.of_another_kind(kept, changed) if kept is not None else changed
        if kept is None and not node.element.get(ours("key")):
            self.note(remarks.of_step(node.element, name))
        return changed

    def _back(self, node: _Node, step: Step) -> tuple[str, ...]:
        """Return the steps that one may send back to: as drawn, where the file says that it draws them."""
        drawn = [self.keys[to] for to in self.returns.get(node.id, []) if to in self.keys and to != node.id]
        said = () if self.process.get(ours(names.RETURNS)) == names.DRAWN else step.may_send_back_to
        return tuple(dict.fromkeys([*said, *drawn]))[:40]

    def _kind(self, node: _Node, kept: Step | None) -> StepKind:
        if node.id in self.joins:
            return StepKind.JOIN
        said = node.element.get(ours("kind"), "")
        if said in set(StepKind) and names.ELEMENTS[StepKind(said)] == node.kind:
            return StepKind(said)
        if kept is not None and names.ELEMENTS[kept.kind] == node.kind:
            return kept.kind
        if self.kept is not None and node.kind in _DRAWN_BY_US:  # as the menu of our drawing calls them
            return _DRAWN_BY_US[node.kind]
        return _ACTIVITIES.get(node.kind, StepKind.USER)

    def _doer(self, node: _Node, step: Step) -> Step:
        """Read who does a new step from its lane."""
        if not node.lane or node.id in self.joins:
            return step
        found = reading.doer(node.lane)
        if found.role or found.unit:
            habit = acts.HABITS.get(found.role)
            act = habit.act if habit and step.completed_by == "forward" else step.completed_by
            return replace(step, role=found.role, unit=found.unit, completed_by=act)
        self.remarks.append(
            _("Làn “%(lane)s” không rõ là vai trò nào: ghi thành tên đơn vị, hãy chọn lại.")
            % {"lane": node.lane}
        )
        return replace(step, unit=(units.NAMED + node.lane)[:190])

    def _ours(self, node: _Node, step: Step) -> Step:
        """Take over what an earlier export of ours says in its own attributes; what is not ours is not trusted."""
        said = {name: node.element.get(ours(name), "") for name in _OWN}
        if not any(said.values()):
            return step
        role = said["role"] if said["role"] in {*acts.DOERS, ""} else step.role
        act = said["act"] if said["act"] in acts.NAMES else step.completed_by
        status = said["status"]
        return replace(
            step,
            role=role, unit=normalize(said["unit"])[:190], completed_by=act, hours=_time(said["time"]),
            time_group=normalize(said["group"])[:40], stops_clock=said["stops"] == "true",
            product=normalize(said["product"])[:2000], exception=normalize(said["exception"])[:300],
            national_status=int(status) if status.isdecimal() and 1 <= int(status[:3]) <= 10 else None,
            may_send_back_to=tuple(said["back"].split()[:40]),
        )  # fmt: skip

    def _ordered(self, done: dict[str, Step], start: str) -> list[Step]:
        """Return the steps in the order of the draft they come from, new ones after the step that leads to them."""
        by_key = {step.key: step for step in done.values()}
        kept = [step.key for step in self.kept.definition.steps if step.key in by_key] if self.kept else []
        order: list[str] = []
        queue = [self.keys[start], *(by_key)]
        while queue:
            key = queue.pop(0)
            if key in order or key == END:
                continue
            order.append(key)
            queue[:0] = [route.to for route in by_key[key].routes]
        for key in order:
            if key not in kept:
                before = [one for one in kept if any(route.to == key for route in by_key[one].routes)]
                kept.insert(kept.index(before[-1]) + 1 if before else len(kept), key)
        return [by_key[key] for key in kept]


_OWN = ("role", "unit", "time", "group", "stops", "product", "status", "act", "back", "exception")


def _time(text: str) -> Limit | None:
    value, _space, unit = text.partition(" ")
    try:
        return Limit(Decimal(value), Unit(unit)) if value else None
    except (InvalidOperation, ValueError, Refusal):
        return None


def _places(root: Element, reader: _Reader) -> dict[str, list[float]]:
    """Return where the boxes of steps stand, under the names that an export of ours gives them."""
    found: dict[str, list[float]] = {}
    for shape in root.iter(f"{{{names.DI}}}BPMNShape"):
        name, bounds = shape.get("bpmnElement", ""), shape.find(f"{{{names.DC}}}Bounds")
        if bounds is None or name not in reader.nodes:
            continue
        try:
            at = [round(float(bounds.get("x", "")), 1), round(float(bounds.get("y", "")), 1)]
        except ValueError:
            continue
        if all(abs(one) < 100_000 for one in at):
            found[STEP + reader.keys[name] if name in reader.keys else name] = at
    return found
