"""Components as markup: what they say, and that nothing from outside becomes markup."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from motcua.ui import dates, fields, render
from motcua.ui.components import Pager, Row, Station, Steps, Table, time_bar
from motcua.ui.statuses import NATIONAL

HOSTILE = '<script>alert("1")</script>'


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@dataclass(frozen=True)
class _Left:
    minutes: int
    late: bool = False

    def words(self, translate: object = str) -> str:
        return "quá hạn 2 giờ" if self.late else "còn 1 giờ làm việc"


def test_a_route_is_an_ordered_list_that_says_its_states() -> None:
    drawn = render.route([Station("Tiếp nhận", "done"), Station("Ký", "current"), Station("Trả", door=True)])
    assert drawn.count("<li") == 3
    assert "đã xong" in drawn
    assert drawn.count('aria-current="step"') == 1
    assert "<ol" in drawn


def test_a_long_route_stands_upright() -> None:
    assert "mc-route--vertical" not in render.route([Station("a")] * 6)
    assert "mc-route--vertical" in render.route([Station("a")] * 7)


@pytest.mark.parametrize("part", ["name", "unit", "time", "note"])
def test_a_station_escapes_what_it_is_given(part: str) -> None:
    values = {"name": "x", part: HOSTILE}
    assert "<script" not in render.route([Station(**values)])


def test_a_station_is_plain_data_for_papers() -> None:
    assert Station("Ký", "late", "UBND").as_data()["state"] == "late"


def test_every_national_status_has_word_and_shape() -> None:
    assert sorted(NATIONAL) == list(range(1, 11))
    for code in NATIONAL:
        drawn = render.status(code)
        assert "<svg" in drawn
        assert render.words_of_status(code)[0] in drawn
    assert "lần 2" in render.status(5, "lần 2")


def test_a_bar_shows_used_time_pauses_and_words() -> None:
    bar = time_bar(allowed_minutes=1000, left=_Left(250), pauses=[(100, 200)])
    assert (bar.used, bar.state, bar.pauses) == (75, "good", ((10, 20),))
    drawn = render.time_left(bar)
    assert 'width="75%"' in drawn
    assert "còn 1 giờ làm việc" in drawn
    assert "style=" not in drawn


def test_a_bar_warns_before_the_end_and_is_full_when_late() -> None:
    assert time_bar(allowed_minutes=1000, left=_Left(100)).state == "wait"
    late = time_bar(allowed_minutes=1000, left=_Left(120, late=True))
    assert (late.used, late.state) == (100, "late")
    assert time_bar(allowed_minutes=0, left=_Left(0)).used == 100


def test_a_code_is_copied_without_spaces() -> None:
    drawn = render.dossier_code("H24.12-261121-0001")
    text = "".join(part.split(">")[-1] for part in drawn.split("<"))
    assert text == "H24.12-261121-0001"


def test_steps_end_at_the_door() -> None:
    stations = Steps(["a", "b", "c"], 2).stations()
    assert [one.state for one in stations] == ["done", "current", "next"]
    assert [one.door for one in stations] == [False, False, True]


class _Form(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên thẻ")
    kind = forms.ChoiceField(label="Loại", choices=[("a", "A")], widget=forms.RadioSelect)
    age = forms.IntegerField(label="Tuổi", required=False)


def test_a_field_wires_label_hint_and_error() -> None:
    form = _Form(data={})
    drawn = draw("{% field form.name %}", form=form)
    assert '<label class="govuk-label mc-label" for="id_name">' in drawn
    assert 'aria-describedby="id_name-hint id_name-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "Chưa điền: Họ và tên" in drawn
    assert "Chưa chọn: Loại" in draw("{% field form.kind %}", form=form)


def test_an_optional_field_says_so() -> None:
    assert "không bắt buộc" in draw("{% field form.age %}", form=_Form())
    assert "không bắt buộc" not in draw("{% field form.age optional=False %}", form=_Form())


def test_the_summary_links_to_the_first_choice_of_a_group() -> None:
    drawn = draw("{% error_summary form %}", form=_Form(data={}))
    assert "Có lỗi cần sửa" in drawn
    assert 'href="#id_name"' in drawn
    assert 'href="#id_kind_0"' in drawn
    assert draw("{% error_summary form %}", form=_Form()).strip() == ""


def test_a_refusal_stands_in_the_summary_and_is_escaped() -> None:
    drawn = draw("{% error_summary None refusal=words %}", words=HOSTILE)
    assert "Có lỗi cần sửa" in drawn
    assert "<script" not in drawn


def test_a_form_keeps_its_own_words() -> None:
    form = _Form(data={"name": "x", "kind": "a"})
    form.add_error("name", "Tên này không có trong thẻ.")
    assert fields.errors(form["name"]) == ["Tên này không có trong thẻ."]
    wrong = _Form(data={"name": "x", "kind": "z", "age": "hai"})
    assert fields.errors(wrong["kind"]) == ["Xin chọn lại: Loại"]
    assert fields.errors(wrong["age"])


@pytest.mark.parametrize(
    "source",
    [
        "{% notice 'late' title=x %}{{ x }}{% endnotice %}",
        "{% details x %}{{ x }}{% enddetails %}",
        "{% panel x count=x %}{{ x }}{% endpanel %}",
        "{% button x %}",
        "{% empty x x %}",
        "{% keyhint x %}",
        "{% badge x %}",
        "{% dossier_code x %}",
        "{{ x|clip }}",
    ],
)
def test_blocks_and_tags_escape(source: str) -> None:
    assert "<script" not in draw(source, x=HOSTILE)


def test_lists_escape_and_count() -> None:
    drawn = draw("{% summary_list rows %}", rows=[Row("Tên", HOSTILE, source=HOSTILE), ("Trống", "")])
    assert "<script" not in drawn
    assert "chưa có" in drawn
    drawn = draw("{% table t %}", t=Table("Việc", [], []))
    assert "Không có dòng nào." in drawn
    assert draw("{% pager p %}", p=Pager()).strip() == ""


def test_dates_and_money_read_vietnamese() -> None:
    at = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
    assert dates.moment(at) == "14:00 thứ Năm 26/11/2026"
    assert dates.weekday(date(2026, 11, 22)) == "Chủ nhật 22/11/2026"
    assert dates.day(datetime(2026, 11, 25, 23, 30, tzinfo=UTC)) == "26/11/2026"
    assert (dates.dong(8000), dates.dong(0), dates.thousands(1234567)) == ("8.000 đ", "miễn phí", "1.234.567")
    assert (dates.size(843_221), dates.size(2_512_000)) == ("823 KB", "2,4 MB")
    with override("en"):
        assert dates.thousands(1234567) == "1,234,567"
