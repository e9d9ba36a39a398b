"""Legal texts: entered, corrected by two, found by words, and what a procedure rests on and whether it still holds."""

from datetime import date, datetime
from typing import Any

import pytest

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.procedures.models import LegalText, Procedure
from motcua.procedures.operations.legal_texts import TextFacts, correct, enter
from motcua.procedures.queries import legal_texts
from motcua.procedures.tests.office import Office, office, posted

__all__ = ["office"]
BODY = """LUẬT HỘ TỊCH
Điều 15. Trách nhiệm đăng ký khai sinh
Trong thời hạn 60 ngày kể từ ngày sinh con, cha hoặc mẹ có trách nhiệm đăng ký khai sinh cho con.
Điều 16. Thủ tục đăng ký khai sinh
Người đi đăng ký khai sinh nộp tờ khai <b>theo mẫu</b> và giấy chứng sinh."""
LAW = TextFacts("60/2014/QH13", "Luật Hộ tịch", issuer="Quốc hội", in_force_from=date(2016, 1, 1), body=BODY)
BIRTH = "1.001193"


def test_a_text_is_entered_once_and_found_by_words_with_or_without_marks(db: None, monday: datetime) -> None:
    row = enter(facts=LAW, actor=SYSTEM, at=monday)
    assert [one.heading for one in row.passages.all()] == [
        "", "Điều 15. Trách nhiệm đăng ký khai sinh", "Điều 16. Thủ tục đăng ký khai sinh",
    ]  # fmt: skip
    assert [one.heading[:8] for one in legal_texts.passages("GIAY chung sinh")] == ["Điều 16."]
    assert legal_texts.passages("kết hôn") == []
    assert legal_texts.passages("& | ! :* (") == []
    with pytest.raises(Refusal, match="đã có trong kho"):
        enter(
            facts=TextFacts("Luật số 60/2014/QH13", "Luật Hộ tịch lần nữa"), actor=SYSTEM, at=monday, key="k2"
        )
    entry = Entry.objects.get(subject_kind="legal_text")
    assert entry.payload["number"] == "60/2014/QH13"
    assert len(entry.payload["body"]) == 64, "a hash stands for the text"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "Luật Hộ tịch"}, "number"),
        ({"name": "  "}, "name"),
        ({"in_force_to": date(2015, 1, 1)}, "in_force_to"),
        ({"replaced_by": "60/2014/QH13"}, "replaced_by"),
        ({"replaced_by": "luật mới"}, "replaced_by"),
        ({"body": "a" * 2_000_001}, "body"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(
    db: None, monday: datetime, changes: dict[str, Any], field: str
) -> None:
    from dataclasses import replace

    with pytest.raises(Refusal) as refused:
        enter(facts=replace(LAW, **changes), actor=SYSTEM, at=monday)
    assert refused.value.field == field
    assert not LegalText.objects.exists()


def test_the_second_of_two_overwrites_nothing(db: None, monday: datetime) -> None:
    from dataclasses import replace

    row = enter(facts=LAW, actor=SYSTEM, at=monday)
    correct(text_id=row.pk, edition=1, facts=replace(LAW, issuer="QH"), actor=SYSTEM, at=monday, key="a")
    with pytest.raises(Conflict, match="Chưa ghi đè gì"):
        correct(text_id=row.pk, edition=1, facts=replace(LAW, name="Khác"), actor=SYSTEM, at=monday, key="b")
    row.refresh_from_db()
    assert (row.issuer, row.name, row.edition, row.passages.count()) == ("QH", "Luật Hộ tịch", 2, 3)


def test_only_the_keeper_of_the_catalogue_enters(office: Office, monday: datetime) -> None:
    with pytest.raises(NotPermitted):
        enter(facts=LAW, actor=office.actor("hoa"), at=monday)
    assert office.client("hoa").get("/legal/new/").status_code == 403
    assert office.client("hoa").get("/legal/").status_code == 200


def test_a_procedure_shows_what_it_rests_on_and_what_of_it_ended(
    office: Office, catalogue: list[str], monday: datetime
) -> None:
    version = Procedure.objects.get(code=BIRTH).versions.get()
    page = office.client("hoa").get(f"/procedures/versions/{version.pk}/basis/").content.decode()
    assert "60/2014/QH13" in page
    assert "chưa có trong kho" in page
    missing = [number for number, _name, _count in legal_texts.not_entered(date(2026, 7, 6))]
    assert "60/2014/QH13" in missing
    row = enter(facts=LAW, actor=SYSTEM, at=monday)
    page = (
        office.client("hoa")
        .get(f"/procedures/versions/{version.pk}/basis/?q=giấy chứng sinh")
        .content.decode()
    )
    assert "Còn hiệu lực" in page
    assert "<mark>giấy</mark> <mark>chứng</mark> <mark>sinh</mark>" in page
    assert "<b>theo mẫu</b>" not in page, "a text is text"
    from dataclasses import replace

    ended = replace(LAW, in_force_to=date(2026, 7, 1), replaced_by="99/2026/QH16")
    correct(text_id=row.pk, edition=1, facts=ended, actor=SYSTEM, at=monday)
    found = legal_texts.resting_on_ended(date(2026, 7, 6))
    resting = {
        one.code
        for one in Procedure.objects.filter(versions__legal_references__number="60/2014/QH13").distinct()
    }
    assert {version.procedure.code for version, _reference, _text in found} == resting
    assert "thay bằng 99/2026/QH16" in office.client("chi").get("/legal/").content.decode()


def test_a_draft_is_shown_to_nobody_who_may_not_read_it(office: Office, catalogue: list[str]) -> None:
    birth = Procedure.objects.get(code=BIRTH)
    office.client("chi").post(f"/procedures/{birth.pk}/draft/", {"version": birth.versions.get().pk})
    draft = birth.versions.get(state="draft")
    for name in ("basis/", "guide"):
        assert office.client("hoa").get(f"/procedures/versions/{draft.pk}/{name}").status_code == 404
        assert office.client("chi").get(f"/procedures/versions/{draft.pk}/{name}").status_code == 200


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(office: Office) -> None:
    chi = office.client("chi")
    sent = posted(chi.get("/legal/new/?number=60/2014/QH13&name=Luật Hộ tịch")) | {
        "url": "javascript:alert(1)",
        "body": BODY,
    }
    answer = chi.post("/legal/new/", sent)
    assert answer.status_code == 422
    assert "Điều 15. Trách nhiệm" in answer.content.decode()
    answer = chi.post("/legal/new/", sent | {"url": "https://vbpl.vn/x"})
    assert answer.status_code == 302
    assert chi.post("/legal/new/", sent | {"url": "https://vbpl.vn/x"}).status_code == 302, (
        "sent twice, done once"
    )
    row = LegalText.objects.get()
    page = chi.get(answer["Location"]).content.decode()
    assert "Điều 16. Thủ tục đăng ký khai sinh" in page
    assert 'name="q" value="" data-search' in page, "the search box of the frame stays empty"
    position = row.passages.get(heading__startswith="Điều 16").position
    assert "giấy chứng sinh" in chi.get(f"/legal/{row.pk}/?article={position}").content.decode()
    again = posted(chi.get(f"/legal/{row.pk}/edit/"))
    assert again["body"] == BODY
