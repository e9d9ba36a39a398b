"""The drawing: nothing on top of anything else, nothing outside, everything said in words as well."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from motcua.workflow.diagram import drawing, metrics, words
from motcua.workflow.diagram.layout import place
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import RouteKind
from motcua.workflow.operations import loading
from motcua.workflow.source import files
from motcua.workflow.tests.shapes import definitions
from motcua.workflow.tests.test_engine import PERMIT

LAYOUTS = ("wide", "tall")
AIR = 0.5
CLEAR = 5  # between a line that passes and the words beside it: less reads as one thing


def faults(drawn) -> list[str]:
    """Return what lies on something else or outside."""
    wide, high = drawn.size
    found = [
        f"outside: {box}"
        for box in drawn.boxes
        if box.left < 0 or box.top < 0 or box.right > wide + AIR or box.bottom > high + AIR
    ]
    for number, box in enumerate(drawn.boxes):
        found += [
            f"{box.text!r} on {other.text!r}" for other in drawn.boxes[number + 1 :] if box.meets(other)
        ]
    for stroke in drawn.strokes:
        for (x1, y1), (x2, y2) in pairwise(stroke):
            found += [
                f"a line through {box.text!r} at {(x1, y1, x2, y2)}"
                for box in drawn.boxes
                if max(x1, x2) > box.left - (CLEAR if x1 == x2 else 0)
                and min(x1, x2) < box.right + (CLEAR if x1 == x2 else 0)
                and max(y1, y2) > box.top + AIR
                and min(y1, y2) < box.bottom - AIR
            ]
        found += [
            f"a line outside: {point}"
            for point in stroke
            if not (0 <= point[0] <= wide and 0 <= point[1] <= high)
        ]
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_overlaps_in_the_real_processes(shared_data, layout):
    drafts = files.read(shared_data / "procedures" / "commune_workflows_cantho.json")
    assert len(drafts) == 56
    found = {draft.key: faults(drawing.draw(draft.definition, layout=layout)) for draft in drafts}
    assert {key: what for key, what in found.items() if what} == {}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("draft", loading.demo_drafts(), ids=lambda draft: f"{draft.key} {draft.variant}")
def test_nothing_overlaps_in_the_demo(draft, layout):
    keys = [step.key for step in draft.definition.steps]
    busy = {key: Place("done", "xong 09:10 thứ Ba 24/11/2026") for key in keys}
    assert faults(drawing.draw(draft.definition, layout=layout)) == []
    assert faults(drawing.draw(draft.definition, layout=layout, places=busy)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@given(definition=definitions)
@settings(max_examples=60, deadline=None)
def test_no_words_overlap_in_any_workflow(layout, definition):
    drawn = drawing.draw(definition, layout=layout)
    assert [fault for fault in faults(drawn) if not fault.startswith("a line through")] == []


def test_the_test_can_fail():
    drawn = drawing.draw(PERMIT)
    assert faults(drawn) == []
    box = drawn.boxes[0]
    moved = replace(box, left=box.left + 3, right=box.right + 3)
    assert len(faults(replace(drawn, boxes=(*drawn.boxes, moved)))) == 1
    assert (
        faults(replace(drawn, strokes=(((box.left - 9, box.top + 4), (box.right + 9, box.top + 4)),))) != []
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_picture_is_named_and_keeps_the_policy(layout):
    drawn = drawing.draw(PERMIT, layout=layout, name="p1")
    tree = ElementTree.fromstring(drawn.svg)
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert tree.get("aria-labelledby").split() == ids == [f"p1-{layout}-t", f"p1-{layout}-d"]
    assert " style=" not in drawn.svg
    assert "<style" not in drawn.svg
    assert "8 bước" in drawn.svg


def test_words_are_escaped():
    steps = tuple(replace(s, name="<b>&\"'") if s.key == "sign" else s for s in PERMIT.steps)
    svg = drawing.draw(replace(PERMIT, steps=steps, name="<script>")).svg
    assert "<b>" not in svg
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


def test_the_dossier_s_place_is_drawn():
    places = {"accept": Place("done", "xong 08:00"), "appraise": Place("late", "quá hạn 2 giờ")}
    svg = drawing.draw(PERMIT, places=places).svg
    classes = re.findall(r'class="(wf-station|wf-line) (is-\w+)"', svg)
    assert classes.count(("wf-station", "is-done")) == 1
    assert classes.count(("wf-station", "is-late")) == 1
    assert classes.count(("wf-line", "is-done")) == 1
    assert "quá hạn 2 giờ" in svg


def test_the_list_says_what_the_drawing_shows():
    items = {item.step.key: item for item in words.as_list(PERMIT, {"accept": Place("done")})}
    assert items["accept"].state == "đã xong"
    assert items["appraise"].follows == (
        "Không cần lấy ý kiến → Dự thảo",
        "Lấy ý kiến → cùng lúc: Ý kiến PCCC; Ý kiến giao thông",
        "Yêu cầu bổ sung → Chờ bổ sung",
    )
    assert items["sign"].follows == ("kết thúc",)
    assert items["draft"].back == "Ý kiến PCCC, Thẩm định"
    assert items["fire"].kind == "Lấy ý kiến"


@pytest.mark.parametrize("one_a_row", [True, False])
@given(definition=definitions)
@settings(max_examples=80, deadline=None)
def test_every_cell_and_every_line_is_placed_once(one_a_row, definition):
    placed = place(definition, one_a_row=one_a_row)
    assert set(placed.lanes) == set(placed.graph.cells)
    lines = [(line.start, line.to) for line in placed.lines]
    assert len(lines) == len(set(lines))
    assert set(lines) == {(key, to) for key, following in placed.graph.after.items() for to in following}
    spots = [(placed.ranks[key], placed.lanes[key]) for key in placed.lanes]
    assert len(spots) == len(set(spots))
    forks = {(step.key, r.to) for step in definition.steps for r in step.routes if r.kind is RouteKind.FORK}
    assert {(line.start, line.to) for line in placed.lines if line.fork} == forks


def test_text_is_never_wider_than_measured():
    """Against the font itself where it was fetched."""
    from PIL import ImageFont

    font = next(Path("motcua/ui/static/vendor/fonts").glob("vietnamese-600.woff2"), None)
    if font is None:
        pytest.skip("fonts are collected by set-up: motcua/ui/static/vendor/fonts is empty")
    drawn = ImageFont.truetype(str(font.with_name("latin-600.woff2")), 100)
    for text in ("Tham tra ho so", "WMO mm", "Ghi vao So dang ky"):
        assert metrics.width(text, 100, bold=True) >= drawn.getlength(text)


def test_wrapping_keeps_every_word_and_the_width():
    text = "Ghi vào Sổ đăng ký nhận cha, mẹ, con; hoàn trả kết quả giải quyết thủ tục hành chính"
    lines = metrics.wrap(text, 130, 13.5, bold=True)
    assert " ".join(lines) == text
    assert all(metrics.width(line, 13.5, bold=True) <= 130 for line in lines)
    assert metrics.wrap("a" * 80, 100, 12)[0].startswith("aaaa")
    cut = metrics.wrap(text, 130, 13.5, bold=True, lines=2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")
