"""Making forms: tables that read back, changes, two people at once, trials, the second person."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.eforms import building, describing, queries, source, tables, trials
from motcua.eforms.engine import conditions, schema
from motcua.eforms.forms import choosing
from motcua.eforms.models import FormDefinition, FormDraft
from motcua.eforms.operations import approving, drafting, publishing
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import Procedure

Made = Callable[..., FormDraft]


def a_procedure(code: str, name: str) -> Procedure:
    return Procedure.objects.create(
        code=code, key=code, name=name, lowered=name.lower(), folded="", search_text="", sort_key=""
    )


def an_actor(name: str, *roles: str, agency: int | None = None) -> Actor:
    account, _new = Account.objects.get_or_create(
        login_name=building.key_from(name, set()),
        defaults={"full_name": name, "account_kind": "staff", "created_at": timezone.now()},
    )
    return Actor(
        kind="officer", account_id=account.pk, position_id=1, agency_id=agency,
        roles=frozenset(roles or ("business_admin",)), name=name,
    )  # fmt: skip


@pytest.fixture
def chi(db: None) -> Actor:
    return an_actor("Chi")


@pytest.fixture
def dung(db: None) -> Actor:
    return an_actor("Dũng")


def by(actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "at": timezone.now(), "key": ""}


@pytest.fixture
def draft(chi: Actor) -> FormDraft:
    """A draft with two sections: who asks, and the children they name."""
    procedure = a_procedure("9.990078", "Hỗ trợ tiền ăn")
    made = drafting.begin(procedure_id=procedure.pk, title="Đơn xin hỗ trợ", case="", copy_of=None, **by(chi))
    table = made.content
    table, _p = building.added(table, "", {"title": "Người đề nghị", "key": "who", "fields": []})
    table, _p = building.added(table, "who", {"kind": "name", "label": "Họ và tên", "required": True})
    table, _p = building.added(table, "who", {"kind": "yes_no", "label": "Có con nhỏ", "required": True})
    table, _p = building.added(
        table, "", {"title": "Con", "key": "kids", "rows": [1, 5], "show": "co_con_nho = yes", "fields": []}
    )  # fmt: skip
    table, _p = building.added(table, "kids", {"kind": "money", "label": "Tiền ăn", "required": True})
    table, _p = building.added(
        table, "who", {"kind": "computed", "label": "Tổng tiền", "compute": ["sum", "kids.tien_an"]}
    )  # fmt: skip
    made.content = table
    made.save()
    return made


def expectation(draft: FormDraft, values: dict[str, Any], name: str = "Có con") -> dict[str, Any]:
    today = timezone.localdate()
    found = trials.outcome(tables.read(draft.content).form, values, on=today)
    return {"name": name, "on": today.isoformat(), "values": values, "expect": found.expect()}


FED = {"ho_va_ten": "Nguyễn Thị Lan", "co_con_nho": "yes", "kids": [{"tien_an": 500000}, {"tien_an": 250000}]}


# ── Tables


@pytest.mark.parametrize("one", source.shipped(), ids=lambda one: one.code)
def test_every_shipped_form_goes_through_a_table_unharmed(one: source.Written) -> None:
    found = tables.read(json.loads(json.dumps(tables.table_of(one.form))))
    assert found.form == one.form and found.faults == {}


@pytest.mark.parametrize(
    "line",
    ["a", "not a", "a = x | y", "a != x", "age(born) < 14", "count(kids) >= 2", "a and (b or not c)",
     "not (a = x and b)", "born <= today"],
)  # fmt: skip
def test_a_written_condition_reads_back(line: str) -> None:
    tree = conditions.parse(line)
    assert conditions.parse(conditions.written(tree)) == tree
    assert conditions.written(tree) == line


def test_a_condition_no_line_says_keeps_its_tree() -> None:
    odd = ["in", "a", ["hai chữ", "x"]]
    assert conditions.parse(conditions.written(odd)) == odd
    for text in ('["in", "a"]', "[1", '{"a": 1}', "[]"):
        with pytest.raises(conditions.BadCondition):
            conditions.parse(text)


@pytest.mark.parametrize(
    ("change", "at", "says"),
    [
        ({"show": "khong_co = x"}, "who.ho_va_ten", "không có trong biểu mẫu"),
        ({"show": "(a"}, "who.ho_va_ten", "không đọc được"),
        ({"show": "co_con_nho = maybe"}, "who.ho_va_ten", "mà câu “co_con_nho” không có"),
        ({"kind": "choice", "options": ["a: Một", "a: Hai"]}, "who.ho_va_ten", "mã riêng"),
        ({"kind": "choice", "options": ["a: Một", "b: Một"]}, "who.ho_va_ten", "ghi hai lần"),
        ({"kind": "computed", "compute": ["sum", "tong_tien"]}, "who.ho_va_ten", "tự tính khác"),
        ({"kind": "computed", "compute": ["sum"]}, "who.ho_va_ten", "chưa nói tính từ câu nào"),
        ({"kind": "computed", "compute": ["sum", "co_con_nho"]}, "who.ho_va_ten", "“Có con nhỏ” không phải"),
        ({"kind": "computed", "compute": ["sum", "mat"]}, "who.ho_va_ten", "Tính từ ô “mat”"),
        ({"kind": "number", "least": 9, "most": 1}, "who.ho_va_ten", "lớn hơn số lớn nhất"),
        ({"kind": "group", "parts": []}, "who.ho_va_ten", "chưa có ô nào"),
        ({"kind": "code", "list": "x"}, "who.ho_va_ten", "Không có danh mục"),
    ],
)
def test_a_fault_stands_where_it_is(draft: FormDraft, change: dict[str, Any], at: str, says: str) -> None:
    element = building.find(draft.content, at)
    assert element is not None
    element.update(change)
    found = tables.read(draft.content).faults
    assert says in " ".join(found[at])


def test_questions_that_wait_for_each_other_are_told(draft: FormDraft) -> None:
    table = building.changed(
        draft.content, "who.ho_va_ten", {"kind": "name", "label": "A", "show": "co_con_nho = yes"}
    )
    table = building.changed(table, "who.co_con_nho", {"kind": "yes_no", "label": "B", "show": "ho_va_ten"})
    assert set(tables.read(table).faults) == {"who.ho_va_ten", "who.co_con_nho"}
    either = building.changed(
        table, "who.co_con_nho", {"kind": "yes_no", "label": "B", "show": "not ho_va_ten"}
    )
    assert tables.read(either).faults == {}


def test_no_condition_is_offered_that_cannot_work(draft: FormDraft) -> None:
    table, paper = building.added(draft.content, "who", {"kind": "group", "label": "Giấy tờ", "parts": []})
    table, _part = building.added(table, paper, {"kind": "text", "label": "Số"})

    def lines(path: str) -> dict[str, str]:
        return {line: words for _group, rows in choosing.picks(table, path) for line, words in rows}

    assert not lines("who"), "all its questions stand in itself or in rows"
    assert "giay_to.so" in lines("who.ho_va_ten") and not [line for line in lines(paper) if "giay_to" in line]
    assert "co_con_nho = yes" in lines("kids") and "tien_an" not in lines("kids")
    assert lines("kids")["giay_to.so"] == "Giấy tờ: Số: đã trả lời"
    assert "tien_an" not in lines("who.ho_va_ten") and "ho_va_ten" not in lines("who.ho_va_ten")
    for path in ("kids", "who.ho_va_ten", "kids.tien_an", "who.co_con_nho"):
        for line in lines(path):
            tried = building.copy(table)
            building.find(tried, path)["show"] = line  # type: ignore[index]
            assert "không có trong biểu mẫu" not in str(tables.read(tried).faults), (path, line)
    itself = building.changed(table, "who", {"title": "Ai", "show": "co_con_nho = yes"})
    assert "chính nó" in str(tables.read(itself).faults["who.co_con_nho"])


def test_keys_come_from_words(draft: FormDraft) -> None:
    assert building.key_from("Họ, chữ đệm, tên", set()) == "ho_chu_dem_ten"
    assert building.key_from("Họ, chữ đệm, tên", {"ho_chu_dem_ten"}) == "ho_chu_dem_ten_2"
    assert building.key_from("1. Số nhà?", set()) == "c_1_so_nha" and building.key_from("???", set()) == "cau"
    assert len(building.key_from("Đề nghị " * 30, set())) < 40
    table, path = building.added(draft.content, "who", {"kind": "text", "label": "Họ và tên"})
    assert path == "who.ho_va_ten_2" and tables.read(table).faults == {}


def test_a_block_brings_its_questions_twice_without_a_clash(draft: FormDraft) -> None:
    table, first = building.with_block(draft.content, "who", "requester")
    table, again = building.with_block(table, "who", "requester")
    assert "who.requester_name" in first and not set(first) & set(again)
    for block in building.BLOCKS:
        table, _paths = building.with_block(table, "who", block)
        table, _paths = building.with_block(table, "who", block)
    assert tables.read(table).faults == {}


# ── Saving, two people


def test_a_renamed_key_is_renamed_everywhere(draft: FormDraft, chi: Actor) -> None:
    drafting.save_trial(draft_id=draft.pk, number=None, trial=expectation(draft, FED), seen=1, **by(chi))
    draft.refresh_from_db()
    facts = {"kind": "yes_no", "label": "Có con nhỏ", "required": True}
    drafting.change(draft_id=draft.pk, path="who.co_con_nho", facts=facts, element_key="has_kids", section="",
                  seen=draft.revision, **by(chi))  # fmt: skip
    draft.refresh_from_db()
    money = {"kind": "money", "label": "Tiền ăn", "required": True}
    drafting.change(draft_id=draft.pk, path="kids.tien_an", facts=money, element_key="food", section="",
                  seen=draft.revision, **by(chi))  # fmt: skip
    draft.refresh_from_db()
    found = building.find(draft.content, "kids")
    assert found is not None and found["show"] == "has_kids = yes"
    assert building.find(draft.content, "who.tong_tien")["compute"] == ["sum", "kids.food"]  # type: ignore[index]
    assert draft.trials[0]["values"]["kids"] == [{"food": 500000}, {"food": 250000}]
    assert trials.run(tables.read(draft.content).form, draft.trials)[0].wrong == []
    with pytest.raises(Refusal, match="đã có ở câu khác"):
        drafting.change(draft_id=draft.pk, path="kids.food", facts=money, element_key="who", section="",
                      seen=draft.revision, **by(chi))  # fmt: skip


def test_the_second_of_two_is_told_and_nothing_is_lost(
    draft: FormDraft, chi: Actor, dung: Actor, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {"kind": "name", "label": "Họ tên người đề nghị", "required": True}
    drafting.change(
        draft_id=draft.pk, path="who.ho_va_ten", facts=mine, element_key="", section="", seen=1, **by(chi)
    )
    other = {"kind": "yes_no", "label": "Có con dưới 6 tuổi", "required": True}
    drafting.change(
        draft_id=draft.pk, path="who.co_con_nho", facts=other, element_key="", section="", seen=1, **by(dung)
    )
    draft.refresh_from_db()
    assert "Họ tên người đề nghị" in json.dumps(draft.content, ensure_ascii=False)
    become(monkeypatch, dung)
    at = f"/procedures/{draft.procedure_id}/form/drafts/{draft.pk}/edit/who.ho_va_ten/"
    typed = {"label": "Tên người xin", "kind": "name", "seen": "1", "key": "k1", "required": "on"}
    late = staff.post(at, typed)
    text = late.content.decode()
    assert late.status_code == 409 and "Chi đã lưu chỗ này" in text
    assert "Họ tên người đề nghị" in text and text.count("Tên người xin") >= 2
    draft.refresh_from_db()
    assert staff.post(at, typed | {"seen": str(draft.revision), "key": "k2"}).status_code == 302
    draft.refresh_from_db()
    assert building.find(draft.content, "who.ho_va_ten")["label"] == "Tên người xin"  # type: ignore[index]
    with pytest.raises(drafting.EditedMeanwhile):
        drafting.remove(draft_id=draft.pk, path="who", seen=1, **by(chi))


def test_what_was_taken_out_meanwhile_comes_back_with_the_second_save(
    draft: FormDraft, chi: Actor, dung: Actor
) -> None:
    drafting.remove(draft_id=draft.pk, path="who.ho_va_ten", seen=1, **by(chi))
    facts = {"kind": "name", "label": "Họ tên", "required": True}
    words: dict[str, Any] = {
        "path": "who.ho_va_ten",
        "facts": facts,
        "element_key": "ho_va_ten",
        "section": "who",
    }
    with pytest.raises(drafting.EditedMeanwhile):
        drafting.change(draft_id=draft.pk, seen=1, **words, **by(dung))
    drafting.change(draft_id=draft.pk, seen=2, **words, **by(dung))
    draft.refresh_from_db()
    assert building.find(draft.content, "who.ho_va_ten") is not None


def become(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    from motcua.agencies import queries as agencies

    monkeypatch.setattr(agencies, "_actor_of_user", lambda request: actor)


def test_only_administrators_make_forms(draft: FormDraft, chi: Actor) -> None:
    for actor in (an_actor("Minh", "counter"), an_actor("Tuấn", "leader"), SYSTEM):
        with pytest.raises(NotPermitted):
            drafting.move(draft_id=draft.pk, path="who", by=1, **by(actor))
    with pytest.raises(Conflict, match="đã có bản nháp"):
        drafting.begin(procedure_id=draft.procedure_id, title="Hai", case="", copy_of=None, **by(chi))
    for path in ("", "x", "who.x", "who.ho_va_ten.x.y"):
        with pytest.raises(NotFound):
            drafting.remove(draft_id=draft.pk, path=path, seen=1, **by(chi))


# ── Trials


def test_a_trial_says_what_came_out_otherwise(draft: FormDraft) -> None:
    trial = expectation(draft, FED)
    form = tables.read(draft.content).form
    assert trial["expect"]["computed"] == {"tong_tien": "750.000"}
    assert trials.run(form, [trial])[0].wrong == []
    wrong = json.loads(json.dumps(trial))
    wrong["expect"] |= {
        "asked": ["ho_va_ten", "mat"],
        "faults": ["ho_va_ten"],
        "computed": {"tong_tien": "1"},
    }
    said = " ".join(trials.run(form, [wrong])[0].wrong)
    for words in ("Không còn câu “mat”", "mà lại hỏi", "mà không báo", "phải là “1”, tính ra “750.000”"):
        assert words in said
    table, _path = building.added(draft.content, "who", {"kind": "text", "label": "Ghi thêm"})
    assert trials.run(tables.read(table).form, [trial])[0].wrong == []
    table, _path = building.added(table, "who", {"kind": "text", "label": "Bắt buộc", "required": True})
    assert "ngoài dự kiến" in trials.run(tables.read(table).form, [trial])[0].wrong[0]


# ── The second person


def test_a_second_person_publishes_and_it_never_changes(draft: FormDraft, chi: Actor, dung: Actor) -> None:
    today = timezone.localdate()
    failing = expectation(draft, FED)
    failing["expect"]["faults"] = ["ho_va_ten"]
    drafting.save_trial(draft_id=draft.pk, number=None, trial=failing, seen=1, **by(chi))
    asking = {"draft_id": draft.pk, "day": today, "note": ""}
    with pytest.raises(Refusal, match="Ca thử chưa đạt: Có con"):
        approving.ask(**asking, seen=2, **by(chi))
    drafting.save_trial(draft_id=draft.pk, number=0, trial=expectation(draft, FED), seen=2, **by(chi))
    with pytest.raises(Conflict, match="vừa được sửa"):
        approving.ask(**asking, seen=2, **by(chi))
    for day in (today - timedelta(days=1), today + timedelta(days=9999)):
        with pytest.raises(Refusal):
            approving.ask(**asking | {"day": day}, seen=3, **by(chi))
    request = approving.ask(**asking, seen=3, **by(chi))
    with pytest.raises(Conflict, match="đang chờ duyệt"):
        drafting.move(draft_id=draft.pk, path="who", by=1, **by(chi))
    with pytest.raises(NotPermitted, match="người thứ hai"):
        approving.approve(approval_id=request.pk, **by(chi))
    with pytest.raises(NotPermitted):
        approving.approve(approval_id=request.pk, **by(an_actor("Tuấn", "leader", agency=77)))
    approving.send_back(approval_id=request.pk, reason="Thiếu căn cứ", **by(dung))
    again = approving.ask(**asking, seen=3, **by(chi))
    approving.approve(approval_id=again.pk, **by(dung))
    found = queries.definition_on("9.990078", today)
    assert found is not None and found.source == "office" and found.number == 1
    draft.refresh_from_db()
    assert draft.definition_id == found.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        FormDraft.objects.filter(pk=draft.pk).update(revision=9)
    with pytest.raises(Conflict, match="đã được công bố"):
        drafting.move(draft_id=draft.pk, path="who", by=1, **by(chi))
    with pytest.raises(Conflict, match="đã xong"):
        approving.approve(approval_id=again.pk, **by(dung))
    copy = drafting.begin(procedure_id=draft.procedure_id, title="", case="", copy_of=found.pk, **by(chi))
    assert [one["name"] for one in copy.trials] == ["Có con"] and copy.content["title"] == "Đơn xin hỗ trợ"
    with pytest.raises(Refusal, match="sau ngày đó"):
        approving.ask(draft_id=copy.pk, day=today, note="", seen=1, **by(chi))


def test_differences_are_named(draft: FormDraft) -> None:
    table = building.changed(
        draft.content, "who.ho_va_ten", {"kind": "name", "label": "Tên", "required": True}
    )
    table = building.moved(building.removed(table, "kids"), "who.co_con_nho", -1)
    table = building.added(table, "who", {"kind": "text", "label": "Mới"})[0] | {"title": "Đơn khác"}
    found = describing.between(draft.content, table)
    said = [(line.label, line.kind) for unit in found for line in unit.lines]
    assert ("Tên · Câu hỏi", "changed") in said and ("Mới", "added") in said and ("Con", "removed") in said
    assert ("Thứ tự câu hỏi", "changed") in said and ("Tờ khai · Tên", "changed") in said
    assert describing.between(table, table) == []
    rule = {"holds": "a", "say": "Sai.", "at": "a"}
    turned = dict(reversed(rule.items()))
    assert describing.between(table | {"rule": [rule]}, table | {"rule": [turned]}) == []


# ── Pages


def test_the_pages_answer_and_refuse(
    draft: FormDraft, chi: Actor, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, chi)
    home = f"/procedures/{draft.procedure_id}/form/drafts/{draft.pk}/"
    for path in ("", "edit/", "edit/who/", "edit/who.ho_va_ten/", "edit/who.tong_tien/", "edit/kids/", "checks/", "preview/",
                 "preview/?phan=tat-ca", "preview/?phan=99", "trials/", "trials/new/", "send/"):  # fmt: skip
        assert staff.get(home + path).status_code == 200, path
    for path in ("edit/no/", "edit/who.no/", "edit/a.b.c.d/", "trials/7/"):
        assert staff.get(home + path).status_code == 404, path
    assert staff.get(f"/procedures/{draft.procedure_id + 9}/form/drafts/{draft.pk}/").status_code == 404
    posts: list[tuple[str, dict[str, Any], int]] = [
        ("", {"act": "field:who", "label": "  ", "kind": "text", "key": "1"}, 409),
        ("", {"act": "field:gone", "label": "X", "kind": "text", "key": "2"}, 404),
        ("", {"act": "field:who", "label": "X", "kind": "nonsense", "key": "3"}, 302),
        ("", {"act": "block:who", "block": "nonsense", "key": "4"}, 404),
        ("", {"act": "nonsense", "key": "5"}, 404),
        ("edit/who.ho_va_ten/", {"label": "", "kind": "name", "seen": "99", "key": "6"}, 422),
        ("edit/who.ho_va_ten/", {"label": "A", "kind": "name", "seen": "99", "show_pick": "~", "show": "((", "key": "7"}, 422),
        ("edit/who.ho_va_ten/", {"label": "A", "kind": "name", "seen": "99", "key_name": "Chữ Hoa", "key": "8"}, 422),
        ("edit/kids/", {"title": "Con", "repeats": "on", "least": "9", "most": "2", "seen": "99", "key": "9"}, 422),
        ("preview/", {"phan": "1", "lam": "tiep", "values": "[" * 50000}, 422),
        ("preview/", {"phan": "tat-ca", "lam": "them-kids", "values": '{"kids": 7}'}, 200),
        ("trials/new/", {"lam": "giu", "name": "", "on": "31/02/2026", "key": "10"}, 422),
    ]  # fmt: skip
    for path, data, status in posts:
        assert staff.post(home + path, data).status_code == status, (path, data)
    made = staff.post(home, {"act": "field:who", "label": "Lý do", "kind": "choice", "key": "11"})
    options = {"label": "Lý do", "kind": "choice", "seen": "99", "options": "Ốm đau\nỐm đau", "key": "12"}
    twice = staff.post(made["Location"], options)
    assert twice.status_code == 422 and "ghi hai lần" in twice.content.decode()
    assert staff.post(made["Location"], options | {"options": "Ốm đau\nx: Khác"}).status_code == 302
    draft.refresh_from_db()
    assert building.find(draft.content, "who.ly_do")["options"] == ["om_dau: Ốm đau", "x: Khác"]  # type: ignore[index]
    assert not FormDefinition.objects.exists()


def hidden_key(page: str) -> str:
    """Return the key of the request that a page's form carries."""
    found = re.search(r'name="key" value="([^"]+)"', page.partition('id="edit"')[2])
    assert found is not None
    return found[1]


def test_an_element_is_saved_as_often_as_somebody_changes_it(
    draft: FormDraft, chi: Actor, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, chi)
    other = a_procedure("9.990079", "Hỗ trợ khác")
    twin = drafting.begin(procedure_id=other.pk, title="Đơn khác", case="", copy_of=None, **by(chi))
    twin.content = draft.content
    twin.save()
    for row in (draft, twin):
        for path, facts in (
            ("who", {"title": "Người xin"}), ("kids", {"title": "Con", "repeats": "on"}),
            ("who.ho_va_ten", {"label": "Họ tên", "kind": "name"}), ("kids.tien_an", {"label": "Tiền", "kind": "money"}),
        ):  # fmt: skip
            at = f"/procedures/{row.procedure_id}/form/drafts/{row.pk}/edit/{path}/"
            for words in ("Lần một", "Lần hai"):
                name = "label" if "label" in facts else "title"
                page = staff.get(at)
                row.refresh_from_db()
                posted = facts | {name: words, "seen": row.revision, "key": hidden_key(page.content.decode())}
                assert staff.post(at, posted).status_code == 302, (path, words)
                row.refresh_from_db()
                assert building.find(row.content, path)[name] == words  # type: ignore[index]


def test_a_taken_key_is_told_at_the_box_of_keys(
    draft: FormDraft, chi: Actor, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, chi)
    at = f"/procedures/{draft.procedure_id}/form/drafts/{draft.pk}/edit/who.ho_va_ten/"
    typed = {"label": "Họ tên", "kind": "name", "seen": "9", "key_name": "co_con_nho", "key": "taken"}
    answer = staff.post(at, typed)
    assert answer.status_code == 422 and "đã có ở câu khác" in answer.content.decode()
    assert 'id="id_key_name-error"' in answer.content.decode() or "#id_key_name" in answer.content.decode()


def test_a_section_with_questions_goes_after_a_second_press(
    draft: FormDraft, chi: Actor, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, chi)
    home = f"/procedures/{draft.procedure_id}/form/drafts/{draft.pk}/"
    asked = staff.post(home, {"act": "remove:who", "seen": "1", "key": "r1"})
    page = asked.content.decode()
    assert asked.status_code == 200 and "Bỏ “Người đề nghị”?" in page and "3 câu hỏi mất theo" in page
    draft.refresh_from_db()
    assert building.find(draft.content, "who") is not None
    form = page.partition('name="sure"')[0].rpartition("<form")[2]
    sent = dict(re.findall(r'name="(key|seen)" value="([^"]+)"', form)) | {"sure": "yes", "act": "remove:who"}
    assert staff.post(home, sent).status_code == 302
    draft.refresh_from_db()
    assert building.find(draft.content, "who") is None
    assert staff.post(home, {"act": "remove:kids.tien_an", "seen": "9", "key": "r2"}).status_code == 302
    assert staff.post(home, {"act": "remove:kids", "seen": "9", "key": "r3"}).status_code == 302, (
        "it is empty"
    )


def test_what_is_shown_of_a_question_is_words() -> None:
    said = dict(
        describing.facts(
            {"key": "born", "kind": "date", "label": "Sinh", "latest": "today", "earliest": "today-18y"}
        )
    )
    assert (said["Muộn nhất"], said["Sớm nhất"]) == ("hôm nay", "hôm nay - 18 năm") and "Khóa" not in said
    assert describing.bound("2026-11-29") == "29/11/2026"


def test_a_form_the_office_published_is_not_replaced_by_ours(chi: Actor, dung: Actor) -> None:
    ours = source.shipped()[0]
    procedure = a_procedure(ours.procedure, ours.form.title)
    yesterday = timezone.now() - timedelta(days=2)
    (first,) = publishing.load_shipped(actor=SYSTEM, at=yesterday)
    later = schema.schema_of(replace(ours.form, title="Tờ khai khác"))
    publishing.publish(
        procedure_id=procedure.pk, case=first.case, schema=later, source="office", code=first.code, actor=SYSTEM,
        in_force_from=timezone.localdate() - timedelta(days=1), at=yesterday, key="",
    )  # fmt: skip
    assert publishing.load_shipped(actor=SYSTEM, at=timezone.now()) == []
    assert queries.definitions_of(procedure)[0].title == "Tờ khai khác"
