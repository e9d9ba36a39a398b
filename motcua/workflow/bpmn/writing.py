"""A workflow written as BPMN 2.0 with its drawing. What only we know stands in attributes of our own namespace."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from motcua.lib.xml_documents import Element, SubElement, written
from motcua.workflow import checks
from motcua.workflow.bpmn import names
from motcua.workflow.bpmn.names import END_EVENT, FORK, JOIN, START, STEP, WAYS, model, ours
from motcua.workflow.diagram import layout, words
from motcua.workflow.engine import END, Definition, Route, Step, StepKind
from motcua.workflow.shape import Draft

Places = Mapping[str, Sequence[float]]
Point = tuple[float, float]
_COLUMN, _ROW, _LEFT, _TOP = 220, 130, 160, 80
_SIZES = {
    "startEvent": (36, 36),
    "endEvent": (36, 36),
    "exclusiveGateway": (50, 50),
    "parallelGateway": (50, 50),
}
_TASK = (120, 80)
_LABEL = (84, 28)
_PREFIXES = {
    "bpmn": names.MODEL, "bpmndi": names.DI, "dc": names.DC, "di": names.DD, "motcua": names.OURS
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the drawing."""

    id: str
    element: str
    name: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow."""

    id: str
    start: str
    to: str
    name: str = ""


@dataclass
class Net:
    """A definition as BPMN has it: gateways are elements of their own.

    `returns` lead from a step to an earlier one that an officer may send it back to. They are drawn as associations
    (dotted): a second flow out of a step would mean in BPMN that both are taken.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    returns: list[Flow] = field(default_factory=list)

    def flow(self, start: str, to: str, name: str = "") -> None:
        self.flows.append(Flow(f"flow_{len(self.flows) + 1}", start, to, name))


def export(draft: Draft, places: Places | None = None) -> bytes:
    """Return the draft as a BPMN file; `places` says where boxes were put by hand."""
    net = net_of(draft.definition)
    root = Element(
        model("definitions"), {"id": "motcua", "targetNamespace": names.OURS, "exporter": "Motcua"}
    )
    process = SubElement(
        root,
        model("process"),
        {"id": "workflow", "name": draft.name, "isExecutable": "false", ours(names.RETURNS): names.DRAWN},
    )
    for node in net.nodes.values():
        _write(process, net, node, draft.definition)
    for flow in net.flows:
        facts = {"id": flow.id, "sourceRef": flow.start, "targetRef": flow.to}
        SubElement(process, model("sequenceFlow"), facts | ({"name": flow.name} if flow.name else {}))
    for back in net.returns:  # artifacts come after everything that flows
        facts = {"id": back.id, "sourceRef": back.start, "targetRef": back.to, "associationDirection": "One"}
        SubElement(process, model("association"), facts)
    _draw(root, net, places or {})
    return written(root, _PREFIXES)


# ── What is connected with what


def net_of(definition: Definition) -> Net:
    """Return the elements and arrows of a definition."""
    net = Net()
    net.nodes[START] = Node(START, "startEvent")
    ids = {step.key: _id(step.key, number) for number, step in enumerate(definition.steps, start=1)}
    heads = {END: END_EVENT}
    for step in definition.steps:
        heads[step.key] = _add_step(net, step, ids[step.key])
    net.nodes[END_EVENT] = Node(END_EVENT, "endEvent", words.end())
    if definition.start in heads and definition.start != END:
        net.flow(START, heads[definition.start])
    for step in definition.steps:
        _add_ways(net, step, ids[step.key], heads)
    ways_back = [(step.key, to) for step in definition.steps for to in step.may_send_back_to if to in ids]
    net.returns = [
        Flow(f"return_{number}", ids[start], ids[to]) for number, (start, to) in enumerate(ways_back, start=1)
    ]
    return net


def _id(key: str, number: int) -> str:
    return STEP + (key if re.fullmatch(r"[A-Za-z0-9_.-]+", key) else str(number))


def _add_step(net: Net, step: Step, name: str) -> str:
    """Put a step in; return the element that arrows to it lead to."""
    if step.passes_by_itself:
        net.nodes[name] = Node(name, "parallelGateway", step.name, step)
        return name
    head = name
    if step.kind is StepKind.JOIN:
        head = JOIN + name
        net.nodes[head] = Node(head, "parallelGateway")
        net.flow(head, name)
    net.nodes[name] = Node(name, names.ELEMENTS[step.kind], step.name, step)
    return head


def _add_ways(net: Net, step: Step, name: str, heads: Mapping[str, str]) -> None:
    outcomes = step.outcomes()
    start = name
    if len(outcomes) > 1:
        start = WAYS + name
        net.nodes[start] = Node(start, "exclusiveGateway")
        net.flow(name, start)
    for number, (label, routes) in enumerate(outcomes.items(), start=1):
        if len(routes) == 1:
            net.flow(start, heads.get(routes[0].to, END_EVENT), label)
            continue
        fork = f"{FORK}{name}_{number}"
        net.nodes[fork] = Node(fork, "parallelGateway")
        net.flow(start, fork, label)
        for route in routes:
            net.flow(fork, heads.get(route.to, END_EVENT))


def _write(process: Element, net: Net, node: Node, definition: Definition) -> None:
    facts = {"id": node.id} | ({"name": node.name} if node.name else {})
    element = SubElement(process, model(node.element), facts | (_facts(node.step) if node.step else {}))
    if node.step is not None:
        said = _said(node.step, definition)
        if said:
            SubElement(element, model("documentation")).text = said
    for flow in net.flows:
        if flow.to == node.id:
            SubElement(element, model("incoming")).text = flow.id
    for flow in net.flows:
        if flow.start == node.id:
            SubElement(element, model("outgoing")).text = flow.id


def _facts(step: Step) -> dict[str, str]:
    """Return what BPMN has no word for, in attributes of our own; empty ones are left out."""
    hours = f"{step.hours.value.normalize():f} {step.hours.unit.value}" if step.hours else ""
    said = {
        "key": step.key, "kind": step.kind.value, "role": step.role, "unit": step.unit, "time": hours,
        "group": step.time_group, "stops": "true" if step.stops_clock else "", "product": step.product,
        "status": str(step.national_status or ""), "act": step.completed_by,
        "exception": step.exception,
    }  # fmt: skip
    return {ours(name): value for name, value in said.items() if value}


def _said(step: Step, definition: Definition) -> str:
    """Say for other programs who does it and in how long."""
    time = checks.words(step.hours) if step.hours else ""
    return "; ".join(filter(None, (words.who(step), time, step.product)))


# ── Where things stand


def _draw(root: Element, net: Net, places: Places) -> None:
    diagram = SubElement(root, f"{{{names.DI}}}BPMNDiagram", {"id": "diagram"})
    plane = SubElement(diagram, f"{{{names.DI}}}BPMNPlane", {"id": "plane", "bpmnElement": "workflow"})
    boxes, lanes = _boxes(net)
    for key, at in places.items():
        if key in boxes and len(at) == 2:
            _x, _y, wide, high = boxes[key]
            boxes[key] = (float(at[0]), float(at[1]), wide, high)
    for key, (x, y, wide, high) in boxes.items():
        shape = SubElement(plane, f"{{{names.DI}}}BPMNShape", {"id": f"{key}_di", "bpmnElement": key})
        sides = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{wide:g}", "height": f"{high:g}"}
        SubElement(shape, f"{{{names.DC}}}Bounds", sides)
    bottom = max((y + high for _x, y, _w, high in boxes.values()), default=0.0)
    for flow in net.flows:
        edge = SubElement(plane, f"{{{names.DI}}}BPMNEdge", {"id": f"{flow.id}_di", "bpmnElement": flow.id})
        moved = flow.start in places or flow.to in places
        lane = None if moved else lanes.get((flow.start, flow.to))
        points, bottom = _way(boxes[flow.start], boxes[flow.to], lane, bottom)
        for x, y in points:
            SubElement(edge, f"{{{names.DD}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
        if flow.name:
            x, y = _label(points)
            label = SubElement(edge, f"{{{names.DI}}}BPMNLabel", {})
            sides = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{_LABEL[0]}", "height": f"{_LABEL[1]}"}
            SubElement(label, f"{{{names.DC}}}Bounds", sides)
    for back in net.returns:
        edge = SubElement(plane, f"{{{names.DI}}}BPMNEdge", {"id": f"{back.id}_di", "bpmnElement": back.id})
        bottom += 24
        for x, y in _way_back(boxes[back.start], boxes[back.to], bottom):
            SubElement(edge, f"{{{names.DD}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


Box = tuple[float, float, float, float]


def _boxes(net: Net) -> tuple[dict[str, Box], dict[tuple[str, str], float]]:
    """Return each element's box and the height on which each forward arrow runs."""
    after: dict[str, list[Route]] = {key: [] for key in net.nodes}
    for flow in net.flows:
        after[flow.start].append(Route(END if flow.to == END_EVENT else flow.to))
    steps = tuple(
        Step(key, key, routes=tuple(dict.fromkeys(to))) for key, to in after.items() if key != END_EVENT
    )
    placed = layout.place(Definition(steps, START))
    boxes: dict[str, Box] = {}
    spare = placed.lane_count
    for number, node in enumerate(net.nodes.values()):
        cell = END if node.id == END_EVENT else node.id
        rank, lane = placed.ranks.get(cell, number), placed.lanes.get(cell, spare)
        wide, high = _SIZES.get(node.element, _TASK)
        boxes[node.id] = (_LEFT + rank * _COLUMN - wide / 2, _TOP + lane * _ROW + 40 - high / 2, wide, high)
    lanes = {
        (line.start, END_EVENT if line.to == END else line.to): float(_TOP + line.lane * _ROW + 40)
        for line in placed.lines
    }
    return boxes, lanes


def _way(start: Box, to: Box, height: float | None, bottom: float) -> tuple[list[Point], float]:
    """Return the corners of an arrow, and the lowest line used so far: ways back run below everything."""
    (x1, y1, w1, h1), (x2, y2, w2, h2) = start, to
    middle1, middle2 = y1 + h1 / 2, y2 + h2 / 2
    if x2 < x1 + w1:
        bottom += 24
        centre1, centre2 = x1 + w1 / 2, x2 + w2 / 2
        return [(centre1, y1 + h1), (centre1, bottom), (centre2, bottom), (centre2, y2 + h2)], bottom
    # Arrows turn between the columns only: a gateway is narrower than the boxes that share its column.
    near, far = x1 + w1 / 2 + _TASK[0] / 2 + 12, x2 + w2 / 2 - _TASK[0] / 2 - 12
    if abs(middle1 - middle2) < 1 and height in (None, middle1):
        return [(x1 + w1, middle1), (x2, middle2)], bottom
    if height is not None and abs(height - middle1) > 1 and abs(height - middle2) > 1:
        return [
            (x1 + w1, middle1),
            (near, middle1),
            (near, height),
            (far, height),
            (far, middle2),
            (x2, middle2),
        ], bottom
    bend = far if height is not None and abs(height - middle1) < 1 else near
    return [(x1 + w1, middle1), (bend, middle1), (bend, middle2), (x2, middle2)], bottom


def _way_back(start: Box, to: Box, bottom: float) -> list[Point]:
    """Return the corners of a return: down behind its step, below everything, up before the earlier step.

    It leaves and arrives below the middle, where arrows do, and turns between the columns only.
    """
    (x1, y1, w1, h1), (x2, y2, w2, h2) = start, to
    near, far = x1 + w1 / 2 + _TASK[0] / 2 + 20, x2 + w2 / 2 - _TASK[0] / 2 - 20
    out, into = y1 + h1 - 14, y2 + h2 - 14
    return [(x1 + w1, out), (near, out), (near, bottom), (far, bottom), (far, into), (x2, into)]


def _label(points: Sequence[Point]) -> Point:
    """Return where an arrow's name stands: over its level part, behind the turn, where no other arrow has its own."""
    x, y = points[2] if len(points) > 3 and points[1][0] == points[2][0] else points[0]
    high = _LABEL[1]
    return (
        (x + 4, y - high)
        if points[-1][0] > points[0][0]
        else (min(points[1][0], points[2][0]) + 8, points[2][1] - high)
    )
