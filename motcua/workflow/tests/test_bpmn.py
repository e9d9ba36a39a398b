"""BPMN 2.0: out and back without loss, read by bpmn-moddle, and what others send never crashes us."""

import itertools
import json
import re
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.lib.refusal import Refusal
from motcua.workflow import checks
from motcua.workflow.bpmn import reading, writing
from motcua.workflow.engine import Definition
from motcua.workflow.operations import loading
from motcua.workflow.shape import Draft
from motcua.workflow.tests.shapes import definitions

ROOT = Path(__file__).resolve().parents[3]
HEAD = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
MODDLE = """
import { BpmnModdle } from "bpmn-moddle";
import { readFileSync } from "node:fs";
const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(0, "utf-8"));
const [process] = rootElement.rootElements;
const [diagram] = rootElement.diagrams;
console.log(JSON.stringify({
  warnings: warnings.map((one) => one.message),
  elements: process.flowElements.map((one) => [one.$type, one.id]),
  drawn: diagram.plane.planeElement.length,
  returns: (process.artifacts ?? []).filter((one) => one.$type === "bpmn:Association").map((one) => [one.sourceRef.id, one.targetRef.id]),
  attached: process.flowElements.filter((one) => one.$type === "bpmn:SequenceFlow").every((one) => one.sourceRef && one.targetRef),
}));
"""


def moddle(xml: bytes) -> dict:
    """Read a file with bpmn-moddle, as bpmn-js and Camunda Modeler do."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "bpmn-moddle").is_dir():
        pytest.skip("node or bpmn-moddle is not there: run scripts/setup.sh dev on a machine with node")
    done = subprocess.run(
        [node, "--input-type=module", "-e", MODDLE], input=xml, capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-800:]
    return json.loads(done.stdout)


def drafts() -> list[Draft]:
    return [*loading.demo_drafts(), *loading._drafts(loading.DEFAULTS)]


def plain(definition: Definition) -> Definition:
    """Return what a drawing can carry: the office's own words stay with the draft."""
    return replace(definition, steps=tuple(replace(step, source="") for step in definition.steps))


@pytest.mark.parametrize("draft", drafts(), ids=lambda draft: draft.key)
def test_moddle_reads_what_we_write(draft):
    found = moddle(writing.export(draft))
    assert found["warnings"] == []
    assert found["attached"]
    returns = sum(len(step.may_send_back_to) for step in draft.definition.steps)
    assert len(found["returns"]) == returns
    assert found["drawn"] == len(found["elements"]) + returns
    kinds = [kind for kind, _id in found["elements"]]
    assert kinds.count("bpmn:StartEvent") == kinds.count("bpmn:EndEvent") == 1


@pytest.mark.parametrize("draft", drafts(), ids=lambda draft: draft.key)
def test_out_and_back_is_the_same_workflow(draft):
    back = reading.read(writing.export(draft))
    assert back.remarks == ()
    assert back.draft.definition.start == draft.definition.start
    assert back.draft.definition.by_key == plain(draft.definition).by_key
    known = reading.read(writing.export(draft), draft)
    assert known.draft.definition == draft.definition


def test_a_return_is_drawn_and_one_taken_out_of_the_drawing_is_gone():
    draft = next(one for one in drafts() if any(step.may_send_back_to for step in one.definition.steps))
    xml = writing.export(draft)
    step = next(step for step in draft.definition.steps if step.may_send_back_to)
    arrow = re.search(
        rf'<bpmn:association id="(return_\d+)" sourceRef="step_{step.key}"[^>]*/>'.encode(), xml
    )
    assert arrow is not None and b'bpmnElement="' + arrow[1] + b'"' in xml
    without = reading.read(xml.replace(arrow[0], b""), draft).draft.definition
    assert without.by_key[step.key].may_send_back_to == step.may_send_back_to[1:]
    assert {**without.by_key, step.key: None} == {**draft.definition.by_key, step.key: None}


def test_an_older_file_keeps_its_returns_and_another_program_may_draw_them():
    draft = next(one for one in drafts() if any(step.may_send_back_to for step in one.definition.steps))
    step = next(step for step in draft.definition.steps if step.may_send_back_to)
    xml = re.sub(rb"<bpmn:association [^>]*/>", b"", writing.export(draft)).replace(
        b' motcua:returns="drawn"', b""
    )
    said = f'motcua:key="{step.key}" motcua:back="{" ".join(step.may_send_back_to)}"'.encode()
    older = xml.replace(f'motcua:key="{step.key}"'.encode(), said)
    assert reading.read(older).draft.definition.by_key[step.key].may_send_back_to == step.may_send_back_to
    foreign = re.sub(rb' motcua:[a-z]+="[^"]*"', b"", writing.export(draft))
    named = {one.name: one for one in reading.read(foreign).draft.definition.steps}
    assert len(named[step.name].may_send_back_to) == len(step.may_send_back_to)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(definitions)
def test_no_return_of_any_workflow_runs_through_a_box(definition):
    net = writing.net_of(definition)
    boxes = writing._boxes(net)[0]
    bottom = max(y + high for _x, y, _w, high in boxes.values()) + 24
    for back in net.returns:
        points = writing._way_back(boxes[back.start], boxes[back.to], bottom)
        for (x1, y1), (x2, y2) in itertools.pairwise(points[1:-1]):
            left, right, top, low = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            assert not [
                key
                for key, (x, y, wide, high) in boxes.items()
                if left < x + wide and x < right + 0.1 and top < y + high and y < low + 0.1
            ]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(definitions)
def test_any_workflow_that_passes_comes_back_passing(definition):
    draft = Draft(key="x", name="x", definition=definition)
    back = reading.read(writing.export(draft), draft).draft.definition
    assert checks.check(back).passes == checks.check(definition).passes
    assert {step.key: set(step.routes) for step in back.steps} == {
        step.key: set(step.routes) for step in definition.steps
    }


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(definitions)
def test_no_two_boxes_of_a_drawing_lie_on_one_another(definition):
    boxes = list(writing._boxes(writing.net_of(definition))[0].values())
    for number, (x, y, wide, high) in enumerate(boxes):
        for a, b, c, d in boxes[number + 1 :]:
            assert x + wide <= a or a + c <= x or y + high <= b or b + d <= y


def crossed(definition) -> list[tuple[str, str]]:
    """Return (arrow, box) wherever an arrow forward runs through a box that is neither its start nor its end."""
    net = writing.net_of(definition)
    boxes, lanes = writing._boxes(net)
    found = []
    for flow in net.flows:
        points, _low = writing._way(boxes[flow.start], boxes[flow.to], lanes.get((flow.start, flow.to)), 1e6)
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            left, right, top, low = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            for key, (x, y, wide, high) in boxes.items():
                inside = (
                    left < x + wide - 1 and x + 1 < right + 0.1 and top < y + high - 1 and y + 1 < low + 0.1
                )
                if inside and key not in (flow.start, flow.to) and points[0][0] < points[-1][0]:
                    found.append((f"{flow.start}>{flow.to}", key))
    return found


@pytest.mark.parametrize("draft", drafts(), ids=lambda draft: draft.key)
def test_no_arrow_runs_through_a_box(draft):
    assert crossed(draft.definition) == []


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(definitions)
def test_no_arrow_of_any_workflow_runs_through_a_box(definition):
    assert crossed(definition) == []


@pytest.mark.parametrize(
    ("element", "kind", "act", "stops"),
    [("manualTask", "post", "forward", False), ("task", "consult", "answer", False), ("receiveTask", "wait", "resume", True),
     ("callActivity", "child", "resume", True)],
)  # fmt: skip
def test_a_step_changed_in_the_drawing_is_of_that_kind(element, kind, act, stops):
    draft = next(one for one in drafts() if one.key == "demo:1.001193")
    key = next(
        step.key for step in draft.definition.steps if step.kind == "user" and step.role == "specialist"
    )
    text = writing.export(draft).decode()
    start = text.index(f'<bpmn:userTask id="step_{key}"')
    end = text.index("</bpmn:userTask>", start)
    text = (
        text[:start]
        + f"<bpmn:{element}"
        + text[start + len("<bpmn:userTask") : end]
        + f"</bpmn:{element}>"
        + text[end + len("</bpmn:userTask>") :]
    )
    step = reading.read(text.encode(), draft).draft.definition.by_key[key]
    assert (step.kind, step.completed_by, step.stops_clock) == (kind, act, stops)


def miwg(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "bpmn").glob("*.bpmn"))


def test_the_files_of_the_interchange_group_are_all_read(shared_data):
    files = miwg(shared_data)
    assert len(files) == 20
    for path in files:
        found = reading.read(path.read_bytes())
        steps = found.draft.definition.steps
        assert steps, path.name
        assert found.draft.definition.start in found.draft.definition.by_key
        assert all(step.name and len(step.name) <= 200 for step in steps)
        assert all(str(text).endswith(".") for text in found.remarks)
        again = reading.read(writing.export(replace(found.draft, name="x")), found.draft)
        assert again.draft.definition == found.draft.definition, path.name


def test_what_cannot_be_said_is_listed_in_plain_words(shared_data):
    said = {path.name: reading.read(path.read_bytes()).remarks for path in miwg(shared_data)}
    assert any("chỉ đọc “Team-Assistant”" in text for text in said["Reference_C.1.0.bpmn"])
    assert any("chờ xem sự kiện nào đến trước" in text for text in said["Reference_C.1.0.bpmn"])
    assert any("lặp nhiều lần" in text for text in said["Reference_C.7.0.bpmn"])
    assert any("gắn vào bước" in text for text in said["Reference_A.3.0.bpmn"])
    assert said["Reference_A.1.0.bpmn"] == ()


def test_a_choice_of_others_becomes_named_outcomes(shared_data):
    found = reading.read((shared_data / "bpmn" / "Reference_A.2.0.bpmn").read_bytes()).draft.definition
    first = found.by_key[found.start]
    assert [found.by_key[route.to].name for route in first.routes] == ["Task 2", "Task 3", "Task 4"]
    assert checks.check(found).passes


BAD = {
    "bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + HEAD + b'<process id="&c;"/></definitions>',
    "outside": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD + b"<process>&a;</process></definitions>",
    "dtd": b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1/x.dtd">' + HEAD + b"</definitions>",
    "empty": b"",
    "text": "Quy trình của tôi".encode(),
    "half": HEAD + b"<process><task",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "nothing": HEAD + b"</definitions>",
    "no steps": HEAD + b'<process id="p"/></definitions>',
    "encoding": b'<?xml version="1.0" encoding="klingon"?>' + HEAD + b"</definitions>",
    "binary": bytes(range(256)) * 100,
    "deep": HEAD + b"<process>" + b"<subProcess>" * 5000 + b"</subProcess>" * 5000 + b"</process></definitions>",
    "large": HEAD + b" " * 10_000_000 + b"</definitions>",
    "wide": HEAD + b"<process>" + b"<task/>" * 200_000 + b"</process></definitions>",
    "diamonds in a row": HEAD + b'<process><startEvent id="s"/><task id="t"/><sequenceFlow sourceRef="s" targetRef="g0"/>'
    + b"".join(
        b'<exclusiveGateway id="g%d"/><sequenceFlow sourceRef="g%d" targetRef="g%d" name="a"/>'
        b'<sequenceFlow sourceRef="g%d" targetRef="g%d" name="b"/>' % (n, n, n + 1, n, n + 1)
        for n in range(40)
    ) + b'<exclusiveGateway id="g40"/><sequenceFlow sourceRef="g40" targetRef="t"/></process></definitions>',
    "many steps": HEAD
    + b"<process>" + b"".join(b'<task id="t%d"/>' % number for number in range(500)) + b"</process></definitions>",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_words_and_soon(name):
    started = time.monotonic()
    with pytest.raises(Refusal) as refused:
        reading.read(BAD[name])
    assert refused.value.message.endswith(".")
    assert time.monotonic() - started < 5


def process(inner: str) -> bytes:
    return HEAD + f'<process id="p">{inner}</process></definitions>'.encode()


def flow(*pairs: tuple[str, str]) -> str:
    return "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairs)
    )


STRANGE = {
    "gateways alone in a circle": '<startEvent id="s"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/><task id="t"/>'
    + flow(("s", "t"), ("t", "g"), ("g", "h"), ("h", "g")),
    "no start, in a circle": '<task id="a"/><task id="b"/>' + flow(("a", "b"), ("b", "a")),
    "start leads to a choice": '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>'
    + flow(("s", "g"), ("g", "a"), ("g", "b")),
    "start leads to the end": '<startEvent id="s"/><endEvent id="e"/><task id="a"/>' + flow(("s", "e")),
    "only gateways": '<exclusiveGateway id="g"/><parallelGateway id="h"/>' + flow(("g", "h"), ("h", "g")),
    "only a start": '<startEvent id="s"/>',
    "doubled ids": '<task id="a" name="1"/><task id="a" name="2"/>',
    "a step called end": '<task id="end" name="x"/><task id="step_end" name="y"/>'
    + flow(("end", "step_end")),
    "arrows to nowhere": '<task id="a"/>' + flow(("a", "zzz"), ("q", "a")),
    "a fork into a choice": '<startEvent id="s"/><task id="t"/><parallelGateway id="f"/><exclusiveGateway id="x"/><task id="a"/>'
    '<task id="b"/><task id="c"/>'
    + flow(("s", "t"), ("t", "f"), ("f", "x"), ("f", "c"), ("x", "a"), ("x", "b")),
    "a fork that runs in a circle": '<parallelGateway id="a"/><exclusiveGateway id="b"/><inclusiveGateway id="c"/>'
    + flow(("b", "c"), ("c", "a"), ("a", "c"), ("b", "a"), ("c", "b"), ("c", "c")),
    "a step to itself": '<task id="a"/>' + flow(("a", "a")),
    "names as long as a book": f'<task id="a" name="{"dài " * 5000}"/>',
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_but_whole_files_are_read_or_refused(name):
    try:
        found = reading.read(process(STRANGE[name]))
    except Refusal as refused:
        assert refused.message
        return
    definition = found.draft.definition
    assert definition.start in definition.by_key
    checks.check(definition)
    writing.export(replace(found.draft, name="x"))


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_nets_never_crash(data):
    kinds = ["task", "userTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "startEvent", "endEvent",
             "intermediateCatchEvent", "subProcess", "callActivity", "eventBasedGateway"]  # fmt: skip
    nodes = data.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=9))
    arrows = data.draw(
        st.lists(st.tuples(st.integers(0, len(nodes)), st.integers(0, len(nodes))), max_size=16)
    )
    xml = "".join(f'<{kind} id="n{number}"/>' for number, kind in enumerate(nodes))
    try:
        found = reading.read(process(xml + flow(*((f"n{a}", f"n{b}") for a, b in arrows))))
    except Refusal:
        return
    checks.check(found.draft.definition)
    reading.read(writing.export(replace(found.draft, name="x")), found.draft)
