"""Papers of the vault fill in the questions that name them: which paper, which facts, and never a guess."""

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from motcua.applicants import vault
from motcua.applicants.models import Applicant, VaultPaper, VaultSource
from motcua.applicants.operations import find_or_register_person
from motcua.applicants.operations import vault as keeping
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.files import operations as files
from motcua.base.files.tests import corpus
from motcua.eforms import describing, paper_kinds, source, vaulted
from motcua.eforms.engine import schema
from motcua.eforms.forms.choosing import source_choices
from motcua.eforms.paper_kinds import PaperFacts, kind_of
from motcua.eforms.prefill import Known, prefill
from motcua.eforms.tests.conftest import form
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

ON = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Giấy chứng nhận kết hôn", "marriage"), ("GIẤY CHỨNG NHẬN KẾT HÔN (bản chính)", "marriage"),
        ("Trích lục kết hôn (bản sao)", "marriage"), ("Giấy chứng sinh", "birth_notice"),
        ("Giấy khai sinh", "birth"), ("Giấy chứng nhận đăng ký hộ kinh doanh", "household_business"),
        ("Giấy chứng nhận đăng ký doanh nghiệp", "business"), ("Giấy chứng nhận", ""), ("Giấy", ""), ("", ""),
        ("Đơn xin Giấy khai sinh", ""), ("Giấy khai sinhx", ""),
    ],
)  # fmt: skip
def test_a_paper_is_known_by_how_its_name_begins(name: str, kind: str) -> None:
    assert kind_of(name) == kind


WEDDING = PaperFacts(
    name="Giấy chứng nhận kết hôn", number="31/2015", issuer="UBND xã X", issued_on=date(2015, 5, 1)
)


def test_a_group_takes_the_parts_it_has_and_a_question_takes_its_fact() -> None:
    known = Known("giấy chứng nhận kết hôn, trong kho giấy tờ", papers={"marriage": WEDDING})
    values, marks = prefill(form("HT-015"), [known], on=ON)
    assert values == {"before_act": {"number": "31/2015", "day": "2015-05-01"}}
    assert marks == {"before_act": "giấy chứng nhận kết hôn, trong kho giấy tờ"}
    licence = replace(WEDDING, name="Giấy phép kinh doanh vận tải", number="9/GP")
    values, _marks = prefill(
        form("VT-PH"), [Known("x", papers={"transport": licence, "marriage": WEDDING})], on=ON
    )
    assert values == {"licence": "9/GP"}
    assert prefill(form("HT-001"), [known], on=ON) == ({}, {})


def test_what_the_form_would_refuse_is_left_out() -> None:
    tomorrow = replace(WEDDING, issued_on=ON + timedelta(1))
    assert prefill(form("HT-015"), [Known("x", papers={"marriage": tomorrow})], on=ON) == ({}, {})
    numberless = replace(WEDDING, number="")
    assert prefill(form("HT-015"), [Known("x", papers={"marriage": numberless})], on=ON) == ({}, {})


def test_every_source_of_our_forms_is_known_and_offered_to_builders() -> None:
    offered = {value for _label, group in source_choices()[1:] for value, _words in group}
    assert offered == set(describing.SOURCES)
    asked = {one.source for it in source.shipped() for _section, one in it.form.fields() if one.source}
    assert asked <= offered and {"paper.marriage", "paper.transport.number"} <= asked
    for one in asked:
        kind, fact = paper_kinds.wanted(one)
        assert not kind or (kind in paper_kinds.KINDS and (not fact or fact in paper_kinds.FACTS))


def test_a_form_made_in_the_browser_is_filled_in_by_the_words_of_its_questions() -> None:
    made = source.form_of({
        "title": "Tờ khai", "section": [{"key": "a", "title": "A", "fields": [
            {"key": "giay", "kind": "group", "label": "Giấy kết hôn", "source": "paper.marriage", "parts": [
                {"key": "so", "kind": "text", "label": "Số"}, {"key": "ngay_cap", "kind": "date", "label": "Ngày cấp"},
                {"key": "noi_cap", "kind": "text", "label": "Nơi cấp"}, {"key": "khac", "kind": "text", "label": "Khác"},
            ]},
            {"key": "ngay", "kind": "date", "label": "Ngày kết hôn", "source": "paper.marriage"},
            {"key": "noi", "kind": "text", "label": "Nơi", "source": "paper.marriage.issuer"},
        ]}],
    })  # fmt: skip
    back = schema.form_of(schema.schema_of(made))
    values, _marks = prefill(back, [Known("x", papers={"marriage": WEDDING})], on=ON)
    assert values == {
        "giay": {"so": "31/2015", "ngay_cap": "2015-05-01", "noi_cap": "UBND xã X"}, "ngay": "2015-05-01",
        "noi": "UBND xã X",
    }  # fmt: skip


# ── From the vault itself


@pytest.fixture
def lan(db: None, settings: Any, tmp_path: Path) -> Applicant:
    settings.DATA = tmp_path
    set_database_actor(SYSTEM)
    facts = PersonFacts(full_name="Phạm Thị Lan", personal_id="031185000017")
    return find_or_register_person(facts=facts, actor=SYSTEM, at=timezone.now()).applicant


def kept(applicant: Applicant, day: date, number: str = "31/2015", **more: Any) -> VaultPaper:
    stored = files.store(
        stream=io.BytesIO(corpus.pdf(day.year - 2015)),
        filename="a.pdf",
        actor=SYSTEM,
        at=timezone.now(),
        purpose="paper",
    )
    facts = keeping.PaperFacts(
        applicant_id=applicant.pk, name="Giấy chứng nhận kết hôn", source=VaultSource.COUNTER, origin=stored.pk,
        origin_code="H24.12-1", agency_id=1, handed_in_on=day, files=[stored.pk], number=number,
    )  # fmt: skip
    paper = keeping.keep(facts=replace(facts, **more), actor=SYSTEM, at=timezone.now())
    assert paper is not None
    return paper


def test_the_newest_good_one_is_taken_and_words_hold_no_number(lan: Applicant) -> None:
    asked = form("HT-015")
    assert vaulted.known(asked, lan.pk, ON).sources == []
    old = kept(lan, date(2020, 1, 1), "1/2020", issued_on=date(2019, 12, 31))
    new = kept(lan, date(2021, 1, 1), "2/2021", issued_on=date(2020, 12, 31))
    kept(lan, date(2022, 1, 1), "")  # nothing is known of it: an older one says more
    kept(lan, date(2023, 1, 1), "3/2023", valid_to=date(2024, 1, 1))
    kept(lan, date(2024, 1, 1), "4/2024", name="Học bạ")
    found = vaulted.known(asked, lan.pk, ON)
    assert found.papers == [new.pk]
    (known,) = found.sources
    assert known.papers["marriage"].number == "2/2021"
    assert known.words == "giấy chứng nhận kết hôn cấp ngày 31/12/2020, trong kho giấy tờ"
    vault.open_vault(lan.pk)
    VaultPaper.objects.filter(pk=new.pk).update(replaced_by=old)
    assert vaulted.known(asked, lan.pk, ON).papers == [old.pk]


def test_a_form_that_names_no_paper_opens_no_vault(lan: Applicant) -> None:
    kept(lan, ON)
    vault.open_vault(None)
    assert vaulted.known(form("HT-001"), lan.pk, ON).papers == [] and not vaulted.asks(form("HT-001"))
