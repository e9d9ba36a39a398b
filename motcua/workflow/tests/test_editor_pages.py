"""The editor without a script: every button a form, nothing lost, nothing guessed, two people at once."""

import re

import pytest

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM
from motcua.workflow import checks, queries
from motcua.workflow.models import VersionState, Workflow, WorkflowVersion
from motcua.workflow.operations import editing, loading, publishing
from motcua.workflow.tests.test_pages import STAFF, log_in, unit  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" (?:form="edit" )?name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def admin(log_in):  # noqa: F811
    return log_in("business_admin")


@pytest.fixture
def draft(monday):
    return editing.begin_workflow(name="Cấp phép thử", actor=SYSTEM, at=monday)


def fields_of(page: str) -> dict[str, list[str]]:
    """Return what a browser would send back unchanged: hidden fields, inputs, chosen options."""
    form = page[page.index('<form id="edit"') :]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>|<select.*?</select>|<textarea.*?</textarea>", form, flags=re.S):
        name = re.search(r'name="([^"]+)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken" or name[1] in ("q",):
            continue
        if tag.startswith("<select"):
            chosen = re.search(r'<option value="([^"]*)" selected', tag)
            first = re.search(r'<option value="([^"]*)"', tag)
            value = chosen[1] if chosen else first[1]
        elif tag.startswith("<textarea"):
            value = tag[tag.index(">") + 1 : -len("</textarea>")]
        elif 'type="checkbox"' in tag:
            if " checked" not in tag:
                continue
            value = "1"
        else:
            value = re.search(r'value="([^"]*)"', tag)[1]
        sent.setdefault(name[1], []).append(value)
    return sent


def press(client, draft, act, step="", **changes):
    address = f"/workflows/versions/{draft.pk}/edit/"
    sent = fields_of(client.get(address + (f"?step={step}" if step else ""), **STAFF).content.decode())
    sent.update({name: value if isinstance(value, list) else [value] for name, value in changes.items()})
    return client.post(address, {**sent, "act": act}, **STAFF)


def steps_of(draft):
    return queries.definition_of(draft.pk).steps


def test_a_new_workflow_has_the_shortest_way_and_can_be_published(draft):
    definition = queries.definition_of(draft.pk)
    assert [step.role for step in definition.steps] == [
        "receiver",
        "specialist",
        "leader",
        "clerk",
        "returner",
    ]
    assert checks.check(definition).passes


def test_sending_the_page_back_unchanged_writes_nothing(admin, draft):
    before = WorkflowVersion.objects.get(pk=draft.pk).content_hash
    entries = Entry.objects.count()
    answer = press(admin, draft, "save", step="s2")
    assert answer.status_code == 302
    assert WorkflowVersion.objects.get(pk=draft.pk).content_hash == before
    assert Entry.objects.count() == entries


def test_names_hours_and_limit_are_saved(admin, draft):
    press(
        admin,
        draft,
        "save",
        **{
            "name.s2": "Thẩm định kỹ",
            "time.s2": "0,5",
            "time_unit.s2": "working_day",
            "limit": "3 ngày làm việc",
        },
    )
    version = queries.version_by_id(draft.pk)
    step = queries.build(version).by_key["s2"]
    assert (step.name, step.hours.words(), version.limit.words()) == (
        "Thẩm định kỹ",
        "nửa ngày làm việc",
        "3 ngày làm việc",
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("time.s2", "-4", "phải lớn hơn 0"),
        ("time.s2", "0", "phải lớn hơn 0"),
        ("time.s2", "99999999999999999999", "quá lớn"),
        ("time.s2", "1e999", "quá lớn"),
        ("time.s2", "NaN", "phải lớn hơn 0"),
        ("time.s2", "bốn", "Không đọc được thời gian"),
        ("time.s2", "0,123", "hai chữ số"),
        ("name.s2", "   ", "chưa có tên"),
        ("name.s2", "x" * 201, "dài hơn 200"),
        ("role.s2", "emperor", "không có trong danh sách"),
        ("limit", "sớm nhất có thể", "Không đọc được thời hạn"),
        ("limit", "-3 ngày", "Không đọc được thời hạn"),
        ("to.s2", "nowhere", "không còn trong quy trình"),
        ("status.s2", "11", "từ 1 đến 10"),
    ],
)
def test_a_bad_value_is_said_and_nothing_is_written(admin, draft, field, value, says):
    before = WorkflowVersion.objects.get(pk=draft.pk).content_hash
    answer = press(admin, draft, "save", step="s2", **{field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert WorkflowVersion.objects.get(pk=draft.pk).content_hash == before


def test_rows_are_put_in_taken_out_and_moved(admin, draft):
    press(admin, draft, "add:s2", pattern="review")
    assert [step.key for step in steps_of(draft)] == ["s1", "s2", "s6", "s3", "s4", "s5"]
    assert [route.to for route in steps_of(draft)[1].routes] == ["s6"]
    press(admin, draft, "up:s3")
    assert [step.key for step in steps_of(draft)] == ["s1", "s2", "s3", "s6", "s4", "s5"]
    way, key = [], "s1"
    while key != "end":
        way.append(key)
        key = queries.definition_of(draft.pk).by_key[key].routes[0].to
    assert way == ["s1", "s2", "s3", "s6", "s4", "s5"]
    press(admin, draft, "place:s6@4")
    press(admin, draft, "remove:s6")
    assert [step.key for step in steps_of(draft)] == ["s1", "s2", "s3", "s4", "s5"]
    assert checks.check(queries.definition_of(draft.pk)).passes


@pytest.mark.parametrize("code", ["supplement", "consult", "money", "post", "review", "assign"])
def test_every_usual_step_leaves_a_workflow_that_passes(admin, draft, code):
    press(admin, draft, "add:s2", pattern=code)
    report = checks.check(queries.definition_of(draft.pk))
    assert report.passes, report.errors


def test_another_agencys_step_asks_for_the_name_of_the_agency(admin, draft):
    press(admin, draft, "add:s2", pattern="child")
    assert [one.code for one in checks.check(queries.definition_of(draft.pk)).errors] == ["unit_unnamed"]
    press(admin, draft, "save", **{"unit_name.s6": "Thuế thành phố"})
    assert checks.check(queries.definition_of(draft.pk)).passes
    assert steps_of(draft)[2].unit == "outside:Thuế thành phố"


def test_ways_with_one_name_are_branches_and_with_several_a_choice(admin, draft):
    press(admin, draft, "save", step="s2", **{"to.s2": ["s3", "s4"], "label.s2": ["", ""]})
    assert [route.kind for route in steps_of(draft)[1].routes] == ["fork", "fork"]
    press(admin, draft, "save", step="s2", **{"to.s2": ["s3", "s4"], "label.s2": ["Đồng ý", "Đi tắt"]})
    assert [(route.kind, route.label) for route in steps_of(draft)[1].routes] == [
        ("choice", "Đồng ý"),
        ("choice", "Đi tắt"),
    ]


def test_a_circle_is_saved_but_not_published(admin, draft):
    press(admin, draft, "save", step="s5", **{"to.s5": ["s1"], "label.s5": [""]})
    page = admin.get(f"/workflows/versions/{draft.pk}/edit/", **STAFF).content.decode()
    assert "không có đường nào tới kết thúc" in page
    answer = admin.get(f"/workflows/versions/{draft.pk}/publish/", **STAFF).content.decode()
    assert "Chưa công bố được" in answer
    sent = {
        "base": WorkflowVersion.objects.get(pk=draft.pk).content_hash,
        "valid_from": "06/07/2026",
        "codes": "",
        "key": "k",
    }
    assert admin.post(f"/workflows/versions/{draft.pk}/publish/", sent, **STAFF).status_code == 422
    assert WorkflowVersion.objects.get(pk=draft.pk).state == VersionState.DRAFT


def test_doubled_names_are_pointed_out(admin, draft):
    press(admin, draft, "save", **{"name.s2": "Lãnh đạo ký", "name.s3": "lãnh  đạo KÝ"})
    page = admin.get(f"/workflows/versions/{draft.pk}/edit/", **STAFF).content.decode()
    assert "Có hai bước cùng tên" in page


def test_the_second_of_two_editors_sees_what_the_first_did_and_chooses(admin, draft):
    address = f"/workflows/versions/{draft.pk}/edit/"
    mine = fields_of(admin.get(address, **STAFF).content.decode())
    press(admin, draft, "save", **{"name.s3": "Giám đốc ký"})
    mine["name.s2"] = ["Thẩm định của tôi"]
    answer = admin.post(address, {**mine, "act": "save"}, **STAFF)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Giám đốc ký" in page and "Thẩm định của tôi" in page and "đã lưu bản nháp này" in page
    assert [step.name for step in steps_of(draft)][1:3] == ["Thẩm định, trình dự thảo", "Giám đốc ký"]
    answer = admin.post(address, {**mine, "key": "another", "act": "keep"}, **STAFF)
    assert answer.status_code == 302
    assert [step.name for step in steps_of(draft)][1:3] == ["Thẩm định của tôi", "Lãnh đạo ký"]


def test_the_same_press_twice_adds_one_step(admin, draft):
    address = f"/workflows/versions/{draft.pk}/edit/"
    sent = fields_of(admin.get(address, **STAFF).content.decode())
    for _time in range(2):
        admin.post(address, {**sent, "act": "add"}, **STAFF)
    assert len(steps_of(draft)) == 6


def test_looking_writes_nothing(admin, draft):
    answer = press(admin, draft, "look", **{"time.s2": "800", "limit": "3 ngày làm việc"})
    assert answer.status_code == 200
    assert "vượt 776 giờ" in answer.content.decode()
    assert steps_of(draft)[1].hours is None


def test_a_published_version_cannot_be_edited_and_a_new_one_begins_from_it(admin, draft, monday):
    publishing.publish(version_id=draft.pk, actor=SYSTEM, at=monday)
    assert admin.get(f"/workflows/versions/{draft.pk}/edit/", **STAFF).status_code == 404
    made = admin.post(f"/workflows/versions/{draft.pk}/new/", {"key": "one"}, **STAFF)
    again = admin.post(f"/workflows/versions/{draft.pk}/new/", {"key": "two"}, **STAFF)
    assert made.url == again.url
    new = WorkflowVersion.objects.get(workflow=draft.workflow, number=2)
    press(admin, new, "save", **{"name.s2": "Đổi ở bản hai"})
    page = admin.get(f"/workflows/versions/{new.pk}/compare/", **STAFF).content.decode()
    assert "<del>Thẩm định, trình dự thảo</del>" in page and "<ins>Đổi ở bản hai</ins>" in page
    assert steps_of(draft)[1].name == "Thẩm định, trình dự thảo"


def test_publishing_what_somebody_changed_after_the_look_is_refused(admin, draft):
    base = WorkflowVersion.objects.get(pk=draft.pk).content_hash
    press(admin, draft, "save", **{"name.s2": "Vừa đổi"})
    sent = {"base": base, "valid_from": "06/07/2026", "codes": "", "key": "k"}
    answer = admin.post(f"/workflows/versions/{draft.pk}/publish/", sent, **STAFF)
    assert answer.status_code == 422 and "vừa được sửa" in answer.content.decode()


def test_a_draft_is_thrown_away_with_its_workflow(admin, draft):
    answer = admin.post(f"/workflows/versions/{draft.pk}/edit/", {"act": "discard", "key": "d"}, **STAFF)
    assert answer.status_code == 302
    assert not Workflow.objects.filter(pk=draft.workflow_id).exists()
    assert Entry.objects.filter(verb="discard").exists()


@pytest.mark.parametrize("role", ["leader", "monitor", "receiver"])
def test_only_the_keeper_of_workflows_edits(log_in, draft, role):  # noqa: F811
    client = log_in(role)
    for page in ("edit", "publish", "drawing"):
        assert client.get(f"/workflows/versions/{draft.pk}/{page}/", **STAFF).status_code == 403
    assert client.post(f"/workflows/versions/{draft.pk}/edit/", {"act": "save"}, **STAFF).status_code == 403


def test_an_import_does_not_write_over_what_was_changed_by_hand(admin, monday):
    loaded = loading.demo_drafts()[0]
    from motcua.workflow.operations import drafting

    version = drafting.save_draft(draft=loaded, actor=SYSTEM, at=monday).version
    key = loaded.definition.steps[0].key
    press(admin, version, "save", **{f"name.{key}": "Sửa tay"})
    assert not drafting.save_draft(draft=loaded, actor=SYSTEM, at=monday).changed
    assert steps_of(version)[0].name == "Sửa tay"


def test_the_trial_walks_to_the_end_and_writes_nothing(admin, draft):
    press(admin, draft, "save", **{"time.s2": "4"})
    entries = Entry.objects.count()
    address = f"/workflows/versions/{draft.pk}/try/"
    page = admin.get(address, **STAFF).content.decode()
    for _act in range(5):
        link = re.search(r'<a class="mc-button" href="(\?do=[^"]+)"', page)[1].replace("&amp;", "&")
        page = admin.get(address + link, **STAFF).content.decode()
    assert "Hồ sơ đã đi đến kết thúc" in page and "4 giờ làm việc (bằng nửa ngày làm việc)" in page
    assert Entry.objects.count() == entries
    wrong = admin.get(address + "?do=s4%3E&do=s1%3E", **STAFF).content.decode()
    assert "Việc cuối không làm được ở đây" in wrong
