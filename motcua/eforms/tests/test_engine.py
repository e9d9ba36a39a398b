"""The engine alone: conditions, dates, checks, definitions with faults, a thousand rows."""

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base.codelists import lists
from motcua.eforms import source
from motcua.eforms.engine import answers, checking, computing, conditions, dates, reading, schema, showing
from motcua.eforms.engine.model import Field, Form, Section, Values
from motcua.eforms.prefill import Known, carried, prefill
from motcua.eforms.tests.conftest import ON, birth, form, marriage, place, posted


def check(code: str, values: Values) -> dict[str, str]:
    return answers.check(form(code), values, on=ON)


def test_a_whole_birth_declaration_has_no_faults() -> None:
    assert check("HT-001", birth()) == {}
    assert check("HT-013", marriage()) == {}


@pytest.mark.parametrize(
    ("change", "at", "says"),
    [
        ({"requester_name": "Nguyễn 123"}, "requester_name", "chỉ gồm chữ"),
        ({"requester_personal_id": "03119000123"}, "requester_personal_id", "12 chữ số"),
        ({"requester_personal_id": None}, "requester_personal_id", "Chưa điền"),
        ({"child_born": "2026-11-30"}, "child_born", "không thể sau hôm nay"),
        ({"child_born": {"day": "31", "month": "2", "year": "2026"}}, "child_born", "ngày này không có"),
        ({"child_born": "2026"}, "child_born", "đủ ngày, tháng, năm"),
        ({"child_sex": "both"}, "child_sex", "chọn lại"),
        ({"child_ethnic_group": "77"}, "child_ethnic_group", "chọn lại"),
        ({"child_hometown": {"province": "99"}}, "child_hometown.province", "chọn tỉnh"),
        ({"child_hometown": {"province": "31", "commune_name": "Quận Lê Chân"}}, "child_hometown.commune", "Quận Lê Chân"),
        ({"child_hometown": {"province": "00"}}, "child_hometown.nation", "chọn nước"),
        ({"child_birthplace": {"at": "BV"}}, "child_birthplace.place", "Chưa điền"),
        ({"mother_born": "2026-11-22"}, "mother_born", "trước ngày sinh của con"),
        ({"copies_count": 51}, "copies_count", "lớn nhất là 50"),
        ({"copies_count": "ba"}, "copies_count", "chữ số"),
        ({"copies_count": True}, "copies_count", "chữ số"),
        ({"requester_name": ["x"]}, "requester_name", "Điền lại"),
        ({"child_birthplace": "Hải Phòng"}, "child_birthplace", "Điền lại"),
        ({"child_name": "A" * 121}, "child_name", "dài nhất 120"),
        ({"child_name": "NguyÔn ThÞ"}, "child_name", "chữ lạ"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(change: Values, at: str, says: str) -> None:
    found = check("HT-001", birth() | change)
    assert says in found[at], found


@pytest.mark.parametrize(
    "name", ["Lan", "Nguyễn Thị Thùy-Trang", "O’Connor", "H'Hen Niê", "Trần Đại Quang " * 2 + "Nguyễn Văn"]
)
def test_hard_names_are_names(name: str) -> None:
    assert "child_name" not in check("HT-001", birth() | {"child_name": name.strip()})


def test_who_has_no_number_names_a_paper_and_where_they_live() -> None:
    values = birth() | {
        "requester_personal_id": None,
        "requester_paper": {"kind": "ho_chieu", "number": "C1234567"},
    }
    assert list(check("HT-001", values)) == ["requester_residence"]
    values["requester_paper"] = {"kind": "ho_chieu"}
    assert "requester_paper.number" in check("HT-001", values)


def test_a_father_nobody_names_is_not_asked_for() -> None:
    assert "father_name" in check("HT-001", birth() | {"father_known": "yes"})
    hidden = birth() | {"father_name": "Ai Đó 1", "father_known": "no"}
    assert check("HT-001", hidden) == {} and "father_name" not in answers.clean(form("HT-001"), hidden, on=ON)


def test_people_too_young_are_told() -> None:
    found = check("HT-013", marriage() | {"wife_born": "2008-11-30", "husband_born": "2006-11-30"})
    assert set(found) == {"wife_born", "husband_born"}
    assert check("HT-013", marriage() | {"wife_born": "2008-11-29"}) == {}


def test_a_photo_is_asked_for_where_one_is_foreign() -> None:
    wanted = form("HT-013")
    asks = {
        nation: [
            one.key
            for section, one in wanted.fields()
            if one.kind == "file" and answers.visible(section, one, values, values, ON)
        ]
        for nation in ("VN", "FR")
        for values in [marriage() | {"husband_nation": nation}]
    }
    assert "wife_photo" in asks["FR"] and "wife_photo" not in asks["VN"]


def test_one_event_of_several_is_asked() -> None:
    for code, event, has, hasnt in (
        ("HT-031", "khai_sinh", "child_name", "dead_name"),
        ("HT-031", "khai_tu", "dead_name", "child_name"),
        ("HT-031-2", "giam_ho", "ward_name", "adopted_name"),
        ("HT-031-2", "thay_doi", "content", "ward_name"),
    ):
        found = check(code, {"event": event})
        assert has in found and hasnt not in found
    assert list(check("HT-031", {})) == ["event"]


# ── All shipped forms


@pytest.mark.parametrize("one", source.shipped(), ids=lambda one: one.code)
def test_every_shipped_form_is_sound_and_reads_back(one: source.Written) -> None:
    stored = json.loads(json.dumps(schema.schema_of(one.form)))
    assert checking.faults(stored) == []
    assert schema.form_of(stored) == one.form


def _all_conditions(whole: Form) -> list[tuple[str, list[Any]]]:
    found = [(section.key, section.show) for section in whole.sections]
    for _section, field in whole.fields():
        found += [(field.key, one) for part in (field, *field.parts) for one in (part.show, part.need)]
    return [(key, one) for key, one in found if one is not None]


def _answers_to(whole: Form, condition: list[Any]) -> list[Values]:
    """Return answers of which some meet a condition and some do not."""
    fields = {field.key: field for _section, field in whole.fields()}
    tried: list[Values] = [{}]
    for path in set(conditions.paths(condition)):
        field = fields[path.partition(".")[0]]
        values: list[Any] = [code for code, _words in field.options] or [
            "yes",
            "no",
            "VN",
            "FR",
            "2000-01-01",
            "2026-01-01",
        ]
        if field.kind == "several":
            values = [[one] for one in values]
        tried = [known | {field.key: value} for known in tried for value in [*values, None]]
    return tried


@pytest.mark.parametrize("one", source.shipped(), ids=lambda one: one.code)
def test_every_condition_can_be_met_and_missed(one: source.Written) -> None:
    for key, condition in _all_conditions(one.form):
        found = {conditions.true(condition, values, on=ON) for values in _answers_to(one.form, condition)}
        assert found == {True, False}, (one.code, key, condition)


# ── Conditions


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("copies = yes", True), ("copies != yes", False), ("copies = no | yes", True), ("not copies", False),
        ("missing", False), ("not missing", True), ("copies_count > 2 and child_sex = male", True),
        ("copies_count < 3 or copies_count >= 3", True), ("age(mother_born) < 18", False), ("age(missing) < 18", False),
        ("mother_born < child_born", True), ("child_born <= today", True), ("child_birthplace.at", True),
        ("not (copies = yes and child_sex = female)", True), ("count(missing) = 0", True),
    ],
)  # fmt: skip
def test_written_conditions(text: str, holds: bool) -> None:
    condition = conditions.parse(text)
    assert conditions.fault(condition) == ""
    assert conditions.true(condition, birth(), on=ON) is holds


@pytest.mark.parametrize(
    "text", ["", "and", "a =", "(a", "a b", "5", "a < ", "A = b", "a = b |", "age(a", "a; drop"]
)
def test_broken_conditions_are_refused(text: str) -> None:
    with pytest.raises(conditions.BadCondition):
        conditions.parse(text)


@given(
    st.recursive(
        st.one_of(st.text(max_size=8), st.integers(), st.none()), lambda inner: st.lists(inner, max_size=4)
    )
)
@settings(max_examples=150, deadline=None)
def test_nonsense_never_holds_and_never_breaks(nonsense: Any) -> None:
    conditions.fault(nonsense)
    if isinstance(nonsense, list):
        assert conditions.true(nonsense, birth(), on=ON) in {True, False}


# ── Dates


@pytest.mark.parametrize(
    ("parts", "partial", "value"),
    [
        (("29", "11", "2026"), False, "2026-11-29"), (("1", "2", "2026"), False, "2026-02-01"), (("", "", ""), False, ""),
        (("", "", "1950"), True, "1950"), (("", "5", "1950"), True, "1950-05"), (("", "", "1950"), False, None),
        (("29", "2", "2025"), False, None), (("29", "2", "2024"), False, "2024-02-29"), (("31", "4", "2026"), True, None),
        (("5", "", "1950"), True, None), (("١", "1", "2026"), False, None), (("1", "1", "26"), False, None),
        (("-1", "1", "2026"), False, None), (("1", "13", "2026"), False, None), (("1", "1", "9999"), False, None),
    ],
)  # fmt: skip
def test_three_fields_make_a_date_or_stay_as_typed(
    parts: tuple[str, str, str], partial: bool, value: str | None
) -> None:
    assert dates.joined(dict(zip(("day", "month", "year"), parts, strict=True)), partial=partial) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-29", "Ngày hai mươi chín, tháng mười một, năm hai nghìn không trăm hai mươi sáu"),
        ("1995-04-05", "Ngày mồng năm, tháng tư, năm một nghìn chín trăm chín mươi lăm"),
        ("2001-01-31", "Ngày ba mươi mốt, tháng một, năm hai nghìn không trăm linh một"),
        ("1950", "Năm một nghìn chín trăm năm mươi"), ("1950-10", "Tháng mười, năm một nghìn chín trăm năm mươi"),
        ("", ""), (None, ""), ("2026-13-01", ""),
    ],
)  # fmt: skip
def test_dates_in_words(value: str | None, words: str) -> None:
    assert dates.words(value) == words


def test_the_hour_of_death_may_be_unknown() -> None:
    parts = {"hour": "", "minute": "", "day": "3", "month": "9", "year": "2026"}
    assert dates.joined(parts, partial=False, moment=True) == "2026-09-03"
    assert dates.joined(parts | {"hour": "7"}, partial=False, moment=True) == "2026-09-03T07:00"
    assert dates.joined(parts | {"hour": "24"}, partial=False, moment=True) is None
    assert dates.said("2026-09-03T07:05") == "07 giờ 05 phút, ngày 03/09/2026"


def test_age_counts_a_birthday_and_a_leap_day() -> None:
    assert dates.age("2008-11-29", ON) == 18 and dates.age("2008-11-30", ON) == 17
    assert dates.age("2008-02-29", date(2026, 2, 28)) == 17 and dates.age("2008", ON) == 18
    assert dates.age("2030-01-01", ON) is None


# ── Numbers, texts, addresses as typed


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("1.250", 0, 1250), ("1 250", 0, 1250), ("12,5", 1, 12.5), ("12,5", 0, "12,5"), ("1.25", 0, "1.25"), ("-3", 0, -3),
        ("1e9", 0, "1e9"), ("", 0, ""), ("9" * 16, 0, "9" * 16), ("٣", 0, "٣"), ("1.000.000", 0, 1_000_000),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, decimals: int, value: object) -> None:
    assert reading.number(text, decimals=decimals) == value


def test_texts_keep_nothing_that_hides() -> None:
    assert reading.cleaned("Tra\u0302\u0300n\u202eng\u200b \x00 Lan\ud800") == "Trầnng Lan"
    assert reading.cleaned("a\r\n b \n\nc", lines=True) == "a\nb\n\nc"


def test_a_commune_is_found_as_people_type_it() -> None:
    for typed in ("Phường Hồng Bàng", "hong bang", "P. Hồng Bàng", "phường hồng bàng"):
        found = reading._address("x", {"x.province": ["31"], "x.commune": [typed]}, None, ON)
        assert found["commune_name"] == next(
            one.name for one in lists.rows("commune", on=ON) if one.name.endswith("Hồng Bàng")
        ), typed
    other = reading._address("x", {"x.province": ["01"], "x.commune": ["Phường Ba Đình"]}, None, ON)
    assert other["commune_name"] == "Phường Ba Đình"  # no list of Hà Nội here: as typed


def test_lists_are_dated() -> None:
    assert not lists.holds("commune", lists.rows("commune", on=ON)[0].code, on=date(2025, 6, 30))
    assert len(lists.rows("province", on=ON)) == 34 and lists.called("ethnic_group", "26") == "Cơ-tu"
    assert lists.called("nation", "ZZ") == "ZZ" and lists.rows("nothing", on=ON) == ()
    with pytest.raises(lists.BadList):
        lists.read("code;name;parent;since;until\nA;;;;\n")


# ── A thousand rows, and computed fields


def _list_form() -> Form:
    return Form(
        title="Bảng kê",
        sections=(
            Section(
                key="rows", title="Dòng", rows=(1, 1000), item="Dòng",
                fields=(
                    Field(key="name", kind="text", label="Tên", required=True),
                    Field(key="amount", kind="number", label="Số lượng", required=True, least=0),
                    Field(key="other", kind="text", label="Khác", show=["in", "name", ["khác"]], required=True),
                ),
            ),
            Section(key="sums", title="Cộng", fields=(
                Field(key="total", kind="computed", label="Tổng", compute=("sum", ("rows.amount",))),
                Field(key="many", kind="computed", label="Số dòng", compute=("count", ("rows",))),
            )),
        ),
    )  # fmt: skip


def test_a_thousand_rows_are_checked_summed_and_shown() -> None:
    whole = _list_form()
    assert checking.faults_of(whole) == []
    values: Values = {"rows": [{"name": f"Cây {n}", "amount": n} for n in range(1000)]}
    assert answers.check(whole, values, on=ON) == {}
    assert computing.all_computed(whole, values, on=ON) == {"total": 499_500, "many": 1000}
    table = showing.shown(whole, values, on=ON)[0]
    assert len(table.rows) == 1000 and table.rows[999][:3] == ("1000", "Cây 999", "999")
    values["rows"][7] = {"name": "khác"}
    assert set(answers.check(whole, values, on=ON)) == {"rows.7.amount", "rows.7.other"}
    values["rows"].append({"name": "x", "amount": 1})
    assert "nhiều nhất 1000" in answers.check(whole, values, on=ON)["rows"]
    assert "ít nhất 1" in answers.check(whole, {}, on=ON)["rows"]
    assert (
        len(reading.with_row(whole.sections[0], values)["rows"]) == 1001
    )  # no room: nothing is added, nothing lost


def _priced(*sources: str, way: str = "product") -> Form:
    return Form(
        title="Bản sao",
        sections=(
            Section(
                key="copies", title="Bản sao",
                fields=(
                    Field(key="count", kind="number", label="Số bản"),
                    Field(key="price", kind="money", label="Đơn giá"),
                    Field(key="rate", kind="number", label="Hệ số", decimals=2),
                    Field(key="who", kind="name", label="Tên"),
                    Field(key="born", kind="date", label="Ngày sinh"),
                    Field(key="kind", kind="choice", label="Loại", options=(("a", "Một"), ("b", "Hai"))),
                    Field(key="paid", kind="computed", label="Thành tiền", compute=(way, sources)),
                ),
            ),
            Section(
                key="rows", title="Dòng", rows=(0, 9), item="Dòng",
                fields=(Field(key="amount", kind="number", label="Số lượng"),),
            ),
        ),
    )  # fmt: skip


def test_numbers_are_multiplied_where_all_are_answered() -> None:
    whole = _priced("count", "price")
    assert checking.faults_of(whole) == []

    def paid(form: Form, **values: Any) -> Any:
        return computing.all_computed(form, values, on=ON).get("paid")

    assert paid(whole, count=3, price=2_000) == 6_000
    assert paid(whole, count=0, price=2_000) == 0
    assert paid(whole, count=3) is None and paid(whole, count="ba", price=1) is None
    thrice = _priced("count", "price", "rate")
    assert (
        paid(thrice, count=3, price=1_000, rate=0.1) == 300
        and paid(thrice, count=1, price=1, rate=0.25) == 0.25
    )
    assert showing.text_of(whole.sections[0].fields[-1], None, {"count": 3, "price": 2_000}, ON) == "6.000"
    assert schema.form_of(schema.schema_of(whole)) == whole


@pytest.mark.parametrize(
    ("way", "sources", "says"),
    [
        ("sum", (), "chưa nói tính từ câu nào"), ("age", (), "chưa nói tính từ câu nào"),
        ("product", (), "ít nhất hai câu"), ("product", ("count",), "ít nhất hai câu"),
        ("sum", ("who",), "Chỉ cộng được"), ("sum", ("count", "born"), "“Ngày sinh” không phải"),
        ("sum", ("kind",), "Chỉ cộng được"), ("sum", ("rows",), "Chỉ cộng được"),
        ("product", ("count", "rows.amount"), "mỗi câu một số"), ("age", ("count",), "Tuổi chỉ tính được"),
        ("age", ("born", "born"), "chỉ dùng một câu"), ("date_words", ("who",), "câu loại Ngày"),
        ("money_words", ("who",), "Số tiền hoặc Số"), ("money_words", ("rows.amount",), "Số tiền hoặc Số"),
        ("count", ("count",), "phần lặp"), ("join", ("kind",), "Chỉ ghép được"), ("sum", ("gone",), "không có trong"),
        ("sum", ("rows.gone",), "không có trong"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_a_fault(way: str, sources: tuple[str, ...], says: str) -> None:
    found = checking.faults_of(_priced(*sources, way=way))
    assert [one.at for one in found] == ["paid"] and says in found[0].say
    computing.all_computed(
        _priced(*sources, way=way), {"count": 1}, on=ON
    )  # a trial of such a form breaks nothing


@pytest.mark.parametrize(
    ("way", "sources"),
    [("sum", ("count", "rows.amount")), ("count", ("rows",)), ("age", ("born",)), ("join", ("who", "count")),
     ("money_words", ("price",)), ("date_words", ("born",))],
)  # fmt: skip
def test_what_can_be_worked_out_is_none(way: str, sources: tuple[str, ...]) -> None:
    assert checking.faults_of(_priced(*sources, way=way)) == []


# ── Definitions with faults


def _broken() -> list[tuple[str, Any]]:
    whole = form("HT-001")
    first = whole.sections[0]

    def with_field(**change: Any) -> Form:
        fields = (replace(first.fields[0], **change), *first.fields[1:])
        return replace(whole, sections=(replace(first, fields=fields), *whole.sections[1:]))

    return [
        ("chưa có tên", replace(whole, title=" ")),
        ("chưa có phần", replace(whole, sections=())),
        ("chưa có câu hỏi", replace(whole, sections=(replace(first, fields=()),))),
        ("dùng hai lần", with_field(key="child_name")),
        ("chữ thường không dấu", with_field(key="Tên")),
        ("Không có loại", with_field(kind="magic")),
        ("phải có lời", with_field(label="")),
        ("ít nhất hai lựa chọn", with_field(kind="choice")),
        ("Không có danh mục", with_field(kind="code", list="planets")),
        ("lớn hơn số lớn nhất", with_field(kind="number", least=5, most=1)),
        ("chưa nói tính thế nào", with_field(kind="computed")),
        ("không có trong biểu mẫu", with_field(show=["filled", "nobody"])),
        ("không đọc được", with_field(show=["xor", 1])),
        ("chính nó", with_field(show=["filled", "requester_name"])),
        ("Nhóm chưa có ô", with_field(kind="group")),
        ("Số dòng lặp", replace(whole, sections=(replace(first, rows=(5, 2)), *whole.sections[1:]))),
    ]


@pytest.mark.parametrize(("says", "broken"), _broken(), ids=lambda one: one if isinstance(one, str) else "")
def test_a_broken_definition_is_named_in_plain_words(says: str, broken: Form) -> None:
    assert any(says in one.say for one in checking.faults_of(broken))


@pytest.mark.parametrize(
    "stored", [{}, {"type": 5}, {"title": "x", "properties": {}, "x-sections": [{"key": "a"}]}, {"$ref": 3}]
)
def test_what_is_no_definition_is_told(stored: dict[str, Any]) -> None:
    assert checking.faults(stored)


# ── From outside


def test_an_answer_from_outside_is_checked_by_the_standard_alone() -> None:
    stored = schema.schema_of(form("HT-001"))
    assert schema.misshapen("a", stored, birth()) == []
    bad = birth() | {"nobody": 1, "copies_count": "3", "child_born": "21/11/2026"}
    assert {path for path, _why in schema.misshapen("a", stored, bad)} == {"", "copies_count", "child_born"}
    assert schema.misshapen("a", stored, [1])


def test_content_is_the_same_however_it_was_typed() -> None:
    whole = form("HT-001")
    typed: Values = {}
    for section in whole.sections:
        data = {name: [str(text)] for name, text in posted(birth()).items()}
        typed = reading.taken(whole, section, data, typed, on=ON)
    same = answers.clean(whole, typed, on=ON)
    assert same == answers.clean(whole, copy.deepcopy(birth()), on=ON)
    digest = answers.digest("d", same)
    assert digest == answers.digest("d", dict(reversed(list(same.items()))))
    assert digest != answers.digest("d", same | {"copies_count": 4}) != answers.digest("e", same)
    assert len(answers.mark(digest)) == 19


# ── Prefill


def test_what_is_known_is_filled_in_with_its_source() -> None:
    card = Known("thẻ căn cước", person="requester", facts={
        "identity.full_name": "Nguyễn Thị Lan", "identity.personal_id": "031190001234", "identity.phone": "123",
    })  # fmt: skip
    earlier = Known("tờ khai ngày 2/11/2026", values={
        "requester_name": "Nguyễn Lan", "mother_name": "Nguyễn Thị Lan", "mother_born": "1990", "child_sex": "gone",
        "child_hometown": place(commune="1", commune_name="Xã Cũ"), "attachments": [{"id": "x"}],
    })  # fmt: skip
    values, marks = prefill(form("HT-001"), [card, earlier], on=ON)
    assert values["requester_name"] == "Nguyễn Thị Lan" and marks["requester_name"] == "thẻ căn cước"
    assert values["mother_born"] == "1990" and marks["mother_born"] == "tờ khai ngày 2/11/2026"
    assert "mother_personal_id" not in values and not {"child_sex", "child_hometown", "attachments"} & set(
        values
    )


def test_rows_that_are_cut_are_told() -> None:
    whole = form("HKD")
    section = next(one for one in whole.sections if one.key == "trades")
    keys = [one.key for one in section.fields]
    values = {"trades": [{"name": "Bán lẻ", "main": "yes"}]}
    assert carried(whole, values, on=ON) == (values, set())
    shorter = replace(
        whole,
        sections=tuple(
            replace(one, fields=tuple(it for it in one.fields if it.key != "main")) if one is section else one
            for one in whole.sections
        ),
    )
    assert {"name", "main"} <= set(keys)
    assert carried(shorter, values, on=ON) == ({"trades": [{"name": "Bán lẻ"}]}, {"trades"})
