"""The editor in a browser: it saves as one types, follows the keyboard and the mouse, and looks right at every width."""

import pytest
from playwright.sync_api import expect

from motcua.lib.actor import SYSTEM
from motcua.workflow import queries
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import editing, loading
from motcua.workflow.tests.test_pages import log_in, unit  # noqa: F401 -- fixtures
from tests.harness import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STAFF = "http://canbo.localhost/workflows/"


@pytest.fixture
def admin(site, log_in):  # noqa: F811
    return log_in("business_admin", site)


@pytest.fixture
def draft(monday):
    return editing.begin_workflow(name="Cấp phép thử", actor=SYSTEM, at=monday)


def saved(page):
    expect(page.locator("#wf-saved")).to_have_text("đã lưu")


def steps_of(draft):
    return queries.definition_of(draft.pk).steps


@pytest.mark.long
def test_the_page_of_a_draft_passes(page, admin, draft, vnu):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/?step=s2")
    check.screen(page, vnu, "workflow-edit")


def test_hours_against_the_limit_stand_there_while_one_types(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/")
    page.fill("#limit", "1 ngày làm việc")
    page.locator("#limit").blur()
    saved(page)
    page.locator("[id='time.s2']").press_sequentially("12")
    expect(page.locator("#wf-limits")).to_contain_text("12 giờ / 8 giờ (1 ngày làm việc): vượt 4 giờ")
    assert steps_of(draft)[1].hours is None, "only looked at so far"
    page.locator("[id='time.s2']").press("Backspace")
    expect(page.locator("#wf-limits")).to_contain_text("1 giờ / 8 giờ (1 ngày làm việc): còn 7 giờ")
    page.keyboard.press("Enter")
    saved(page)
    assert steps_of(draft)[1].hours.words() == "1 giờ làm việc"
    assert page.evaluate("document.activeElement.id") == "time_unit.s2"


def test_a_draft_is_edited_by_keyboard_alone(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/")
    page.locator("[id='name.s2']").focus()
    page.keyboard.press("Alt+n")
    expect(page.locator("tr[data-step]")).to_have_count(6)
    expect(page.locator("#panel-title")).to_be_focused()
    page.locator("[id='name.s6']").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Đo đạc hiện trường")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("tr[data-step]").nth(3)).to_have_attribute("data-step", "s6")
    expect(page.locator("[id='name.s6']")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("tr[data-step]").nth(2)).to_have_attribute("data-step", "s6")
    assert [step.name for step in steps_of(draft)][2] == "Đo đạc hiện trường"
    page.keyboard.press("Alt+Delete")
    expect(page.locator("tr[data-step]")).to_have_count(5)
    expect(page.locator("[id='name.s3']")).to_be_focused()


def test_a_row_is_dragged_by_its_number(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/")
    start = page.locator("[id='show.s3']").bounding_box()
    over = page.locator("[id='row.s2']").bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(over["x"] + 40, over["y"] + 20, steps=4)
    page.mouse.move(over["x"] + 40, over["y"] + 4, steps=4)
    page.mouse.up()
    expect(page.locator("tr[data-step]").nth(1)).to_have_attribute("data-step", "s3")
    expect(page.locator("#wf-saved")).to_have_text("đã lưu")
    assert [step.key for step in steps_of(draft)] == ["s1", "s3", "s2", "s4", "s5"]
    assert steps_of(draft)[0].routes[0].to == "s3"
    page.locator("[id='show.s4']").click()
    expect(page.locator("#panel-title")).to_contain_text("Bước 4")


def test_ways_are_named_in_the_panel_and_grow_as_needed(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/?step=s2")
    page.fill("[id='label.s2.1']", "Đồng ý")
    page.fill("[id='label.s2.2']", "Không giải quyết")
    page.select_option("[id='to.s2.2']", "s4")
    saved(page)
    expect(page.locator("[id='follows.s2']")).to_contain_text("Không giải quyết → Vào số")
    expect(page.locator("[id='to.s2.3']")).to_be_visible()
    assert [route.label for route in steps_of(draft)[1].routes] == ["Đồng ý", "Không giải quyết"]


def test_a_bad_value_is_marked_and_what_was_typed_stays(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/")
    page.fill("[id='time.s2']", "-5")
    page.locator("[id='time.s2']").blur()
    expect(page.locator("#wf-faults")).to_contain_text("phải lớn hơn 0")
    expect(page.locator("[id='time.s2']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[id='time.s2']")).to_have_value("-5")
    page.fill("[id='time.s2']", "5")
    page.locator("[id='time.s2']").blur()
    saved(page)
    expect(page.locator("[id='time.s2']")).not_to_have_attribute("aria-invalid", "true")


def test_two_editors_meet_and_the_second_chooses(page, admin, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/edit/")
    version = queries.version_by_id(draft.pk)
    other = queries.draft_of(version)
    from dataclasses import replace

    steps = (
        other.definition.steps[0],
        replace(other.definition.steps[1], name="Người khác đặt"),
        *other.definition.steps[2:],
    )
    editing.save_edit(
        version_id=draft.pk,
        base=version.content_hash,
        draft=replace(other, definition=replace(other.definition, steps=steps)),
        actor=SYSTEM,
        at=draft.created_at,
    )
    page.fill("[id='name.s3']", "Tôi đặt")
    page.locator("[id='name.s3']").blur()
    expect(page.locator("#wf-live")).to_contain_text("Người khác đặt")
    expect(page.locator("[id='name.s3']")).to_have_value("Tôi đặt")
    page.get_by_role("button", name="Giữ bản trên màn hình của tôi").click()
    saved(page)
    assert [step.name for step in steps_of(draft)][2] == "Tôi đặt"


def test_without_a_script_the_table_does_all_of_it(page, admin, draft, browser):
    plain = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page.motcua_routes[0](plain)
    bare = plain.new_page()
    bare.goto(f"{STAFF}versions/{draft.pk}/edit/")
    bare.fill("[id='name.s2']", "Không cần mã lệnh")
    bare.fill("[id='time.s2']", "3")
    bare.click("[id='show.s2']")
    expect(bare.locator("#panel-title")).to_contain_text("Không cần mã lệnh")
    bare.select_option("#pattern", "review")
    bare.click("#wf-add")
    expect(bare.locator("tr[data-step]")).to_have_count(6)
    bare.fill("[id='time.s2']", "-3")
    bare.click("#wf-save")
    expect(bare.locator("#wf-faults")).to_contain_text("phải lớn hơn 0")
    expect(bare.locator("[id='time.s2']")).to_have_value("-3")
    assert [step.name for step in steps_of(draft)][1:3] == ["Không cần mã lệnh", "Lãnh đạo phòng duyệt"]
    bare.goto(f"{STAFF}versions/{draft.pk}/drawing/")
    expect(bare.get_by_text("Sơ đồ cần JavaScript")).to_be_visible()
    plain.close()


def drawing(page, draft):
    page.goto(f"{STAFF}versions/{draft.pk}/drawing/")
    page.wait_for_selector("#canvas[data-ready='1']")


def test_the_drawing_runs_under_our_policy_and_the_mark_stays(page, admin, draft, vnu):
    drawing(page, draft)
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    expect(page.locator("#canvas [data-element-id='step_s2']")).to_be_visible()
    assert check.complaints(page) == []
    check.screen(page, vnu, "workflow-drawing")


def test_all_of_a_long_drawing_can_be_seen_at_once(page, admin, monday):
    loading.load_demo_workflows(actor=SYSTEM, at=monday)
    published = WorkflowVersion.objects.get(workflow__key="demo:1.013225")
    drawing(page, editing.new_version(version_id=published.pk, actor=SYSTEM, at=monday))

    def outside() -> int:
        return page.evaluate("""() => { const frame = document.getElementById("canvas").getBoundingClientRect();
            return [...document.querySelectorAll("#canvas .djs-shape")].map((one) => one.getBoundingClientRect())
                .filter((one) => one.left < frame.left - 1 || one.right > frame.right + 1).length; }""")

    assert outside() > 0, "it begins at a readable size"
    page.get_by_role("button", name="Thấy cả sơ đồ").click()
    assert outside() == 0
    page.get_by_role("button", name="Phóng to").click(click_count=3)
    assert outside() > 0


def test_what_is_drawn_is_saved_as_the_same_steps(page, admin, draft):
    drawing(page, draft)
    page.locator("#canvas [data-element-id='step_s2']").click()
    page.fill("#p-name", "Thẩm định trên sơ đồ")
    page.fill("#p-time", "2,5")
    page.locator("#p-time").blur()
    saved(page)
    step = steps_of(draft)[1]
    assert (step.name, step.hours.words()) == ("Thẩm định trên sơ đồ", "2,5 giờ làm việc")
    assert (step.completed_by, step.product, step.role) == ("propose", "", "specialist"), "the rest is kept"
    box = page.locator("#canvas [data-element-id='step_s3'] .djs-hit").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 120, steps=6)
    page.mouse.up()
    expect(page.locator("#canvas[data-changed='']")).to_be_visible()
    saved(page)
    places = WorkflowVersion.objects.get(pk=draft.pk).places
    assert places["step_s3"][1] > places["step_s2"][1] + 40
    page.keyboard.press("Delete")
    page.wait_for_timeout(900)
    saved(page)
    assert [one.key for one in steps_of(draft)] == ["s1", "s2", "s4", "s5"]


def test_a_step_is_appended_and_turned_into_another_kind_on_the_drawing(page, admin, draft):
    drawing(page, draft)
    page.get_by_role("button", name="Thấy cả sơ đồ").click()
    page.locator("#canvas [data-element-id='step_s5']").click()
    page.locator(".djs-context-pad .entry[data-action='append.append-task']").click()
    page.keyboard.press("Escape")
    page.locator("#p-name").fill("Niêm yết danh sách")
    page.locator("#p-name").blur()
    expect(page.locator("#canvas[data-changed='']")).to_be_visible()
    saved(page)
    new = next(step for step in steps_of(draft) if step.name == "Niêm yết danh sách")
    assert (new.kind, new.role) == ("user", "")
    page.locator(".djs-context-pad .entry[data-action='replace']").click()
    page.locator(".djs-popup").get_by_text("Niêm yết công khai", exact=True).click()
    page.wait_for_timeout(1000)
    saved(page)
    assert next(step for step in steps_of(draft) if step.name == "Niêm yết danh sách").kind == "post"
    expect(page.locator("#wf-live")).to_contain_text("chưa có thời gian niêm yết riêng")


@pytest.mark.long
def test_a_demo_workflow_passes_in_table_drawing_trial_and_comparison(page, admin, monday, vnu):
    loading.load_demo_workflows(actor=SYSTEM, at=monday)
    published = WorkflowVersion.objects.get(workflow__key="demo:1.013831")
    draft = editing.new_version(version_id=published.pk, actor=SYSTEM, at=monday)
    for name in ("edit/?step=appraise", "compare/", "try/?do=accept%3E", "publish/"):
        page.goto(f"{STAFF}versions/{draft.pk}/{name}")
        check.screen(page, vnu, f"workflow-{name.partition('/')[0]}-land")
    drawing(page, draft)
    check.screen(page, vnu, "workflow-drawing-land")


@pytest.mark.long
def test_begin_and_read_pass(page, admin, vnu):
    for name in ("new", "read"):
        page.goto(f"{STAFF}{name}/")
        check.screen(page, vnu, f"workflow-{name}")
