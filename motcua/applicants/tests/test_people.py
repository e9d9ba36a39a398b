"""Registering persons: one paper, one row."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.applicants import queries
from motcua.applicants.models import Applicant, ApplicantKind, Person
from motcua.applicants.operations import PersonFacts, find_or_register_person
from motcua.applicants.tests.factories import AT, MINH, facts, lan
from motcua.base.audit.models import Entry
from motcua.lib import citizen_card
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = pytest.mark.django_db
CARD = "031190000012||Nguyễn Thị Lan|08031990|Nữ|Phường Hồng Bàng, Thành phố Hải Phòng|13032021"


def test_a_scanned_card_makes_a_person_and_an_applicant() -> None:
    card = citizen_card.parse(CARD).card
    assert card
    made = find_or_register_person(facts=PersonFacts.from_card(card, phone="+84912345678"), actor=MINH, at=AT)
    person = Person.objects.get()
    assert made.created and made.applicant.kind == ApplicantKind.PERSON and not made.warnings
    assert (person.personal_id, person.phone, person.birth_date) == (
        "031190000012",
        "0912345678",
        date(1990, 3, 8),
    )
    assert queries.get(made.applicant.pk).name == "Nguyễn Thị Lan"
    assert queries.get(made.applicant.pk).address == "Phường Hồng Bàng, Thành phố Hải Phòng"


def test_the_database_holds_no_number_in_plain_text() -> None:
    lan(email="lan@example.vn")
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(p)::text from applicants_person p")
        (row,) = cursor.fetchone()
        cursor.execute("select string_agg(to_jsonb(e)::text, '') from audit_entry e")
        (history,) = cursor.fetchone()
    for secret in ("031190000012", "0912345678", "lan@example.vn", "Lê Lợi"):
        assert secret not in row + history
        assert secret.encode().hex() not in row + history
    assert "Nguyễn Thị Lan" in row and "Nguyễn" not in history


def test_the_same_number_is_the_same_row_and_only_news_is_written() -> None:
    first = lan()
    again = lan(personal_id="031 190 000 012", full_name="NGUYỄN THỊ LAN")
    assert not again.created and again.changed == () and again.applicant == first.applicant
    assert Entry.objects.filter(subject_kind="person").count() == 1
    moved = lan(phone="0987654321", address="Số 6")
    assert set(moved.changed) == {"phone", "address"} and Person.objects.get().phone == "0987654321"
    entry = Entry.objects.filter(subject_kind="person").latest("seq")
    assert entry.verb == "person.update" and set(entry.payload["changed"]) == {"phone", "address"}
    assert queries.by_phone("0912345678") == [] and queries.by_phone("0987654321") == [first.applicant]


def test_what_was_not_said_changes_nothing() -> None:
    lan()
    lan(phone="", address="", birth_date=None, sex=None)
    person = Person.objects.get()
    assert person.phone == "0912345678" and person.birth_date == date(1990, 3, 8) and person.sex == "female"


def test_a_typed_number_of_somebody_else_is_refused() -> None:
    lan()
    with pytest.raises(Conflict) as refused:
        lan(full_name="Trần Văn Hùng", sex="male")
    assert refused.value.code == "other_name" and "Nguyễn Thị Lan" in refused.value.message
    assert Person.objects.get().full_name == "Nguyễn Thị Lan"


def test_a_scanned_card_corrects_name_and_birth() -> None:
    lan(full_name="Nguyen Thi Lan", birth_date=date(1990, 8, 3))
    changed = lan(full_name="Nguyễn Thị Ngọc Lan", scanned=True).changed
    person = Person.objects.get()
    assert set(changed) == {"full_name", "birth_date"}
    assert person.full_name == "Nguyễn Thị Ngọc Lan" and person.search_text == "nguyen thi ngoc lan"


def test_typed_facts_correct_nothing_but_fill_gaps() -> None:
    lan(birth_date=None, birth_year=None, sex=None)
    assert set(lan().changed) == {"birth_date", "birth_year", "sex"}
    assert lan(birth_date=date(1991, 1, 1)).changed == ()


def test_a_number_that_contradicts_the_paper_only_warns() -> None:
    made = lan(birth_date=date(1991, 3, 8), sex="male")
    assert {found.code for found in made.warnings} == {"birth_year", "sex"}


def test_foreigners_come_with_a_passport_and_keep_their_row_when_they_get_a_number() -> None:
    passport = {"passport_number": "x 123-4567", "passport_country": "fr", "nationality": "FR"}
    first = lan(full_name="Jean-Luc d'Arc", personal_id="", **passport)
    assert lan(full_name="Jean-Luc D'Arc", personal_id="", **passport).applicant == first.applicant
    assert queries.by_passport("X1234567", "FR") == first.applicant.person
    assert queries.by_passport("X1234567", "DE") is None
    naturalised = lan(full_name="Jean-Luc D'Arc", **passport)
    assert naturalised.applicant == first.applicant and naturalised.changed == ("personal_id",)
    with pytest.raises(Conflict) as refused:
        lan(full_name="Jean-Luc D'Arc", personal_id="031090000999", **passport)
    assert refused.value.code == "other_passport"


def test_a_passport_of_another_person_is_refused() -> None:
    passport = {"passport_number": "C1234567", "passport_country": "VN"}
    lan(full_name="Trần Văn Hùng", personal_id="031090000999", **passport)
    lan()
    with pytest.raises(Conflict) as refused:
        lan(**passport)
    assert refused.value.code == "other_passport"


def test_without_a_paper_each_visit_is_a_row_and_needs_a_reason() -> None:
    first = lan(personal_id="", no_paper_reason="Mất giấy tờ, có xác nhận của công an xã")
    second = lan(personal_id="", no_paper_reason="Mất giấy tờ, có xác nhận của công an xã")
    assert first.applicant != second.applicant
    with pytest.raises(Refusal) as refused:
        lan(personal_id="", no_paper_reason="  ")
    assert refused.value.field == "personal_id"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"full_name": ""}, "bad_name"),
        ({"full_name": "Nguy?n Th? Lan"}, "bad_name"),
        ({"full_name": "Lan 2"}, "bad_name"),
        ({"full_name": "<b>Lan</b>"}, "bad_name"),
        ({"full_name": "a" * 121}, "bad_name"),
        ({"personal_id": "03119000001"}, "bad_personal_id"),
        ({"personal_id": "03119000001A"}, "bad_personal_id"),
        ({"phone": "12345"}, "bad_phone"),
        ({"email": "lan@"}, "bad_email"),
        ({"address": "a" * 401}, "long_address"),
        ({"birth_date": date(2027, 1, 1)}, "bad_birth"),
        ({"birth_date": None, "birth_year": 1600}, "bad_birth"),
        ({"passport_number": "???", "passport_country": "VN"}, "bad_passport"),
        ({"passport_number": "C1234567"}, "no_country"),
    ],
)
def test_what_no_paper_says_is_refused_and_nothing_is_written(changes: dict, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        lan(**changes)
    assert refused.value.code == code and refused.value.field
    assert not Person.objects.exists() and not Entry.objects.exists()


def test_visitors_and_cashiers_register_nobody() -> None:
    from dataclasses import replace

    for actor in (PUBLIC, replace(MINH, roles=frozenset({"cashier"}))):
        with pytest.raises(NotPermitted):
            find_or_register_person(facts=facts(), actor=actor, at=AT)


def test_names_are_found_by_words_with_and_without_marks() -> None:
    for place, name in enumerate(
        ["Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Nguyễn Văn Hoà", "Đặng Thị Hoa", "Hoàng An"]
    ):
        lan(full_name=name, personal_id=f"03119000010{place}")
    names = [person.full_name for person in queries.search_people("hoa nguyen")]
    assert names == ["Nguyễn Thị Hoa", "Nguyễn Văn Hoà", "Nguyễn Thị Hòa"]  # as ICU has it: hoà before hòa
    assert queries.search_people("Thị Hòa")[0].full_name == "Nguyễn Thị Hòa"
    assert [person.full_name for person in queries.search_people("dang")] == ["Đặng Thị Hoa"]
    assert queries.search_people("' & !!") == [] and queries.search_people("") == []


def test_an_unknown_applicant_is_not_found() -> None:
    from motcua.lib.ids import uuid7

    with pytest.raises(NotFound):
        queries.get(uuid7())
    assert queries.by_personal_id("031190000012") is None and queries.by_phone("no phone") == []


def test_lists_cost_one_query(django_assert_num_queries) -> None:
    made = [lan(personal_id=f"0311900001{place:02}").applicant.pk for place in range(12)]
    with django_assert_num_queries(1):
        assert {applicant.name for applicant in queries.get_many(made).values()} == {"Nguyễn Thị Lan"}


def test_the_database_refuses_what_operations_would() -> None:
    person = lan().applicant.person
    assert person
    rows = [
        lambda: Applicant.objects.create(kind="person"),
        lambda: Applicant.objects.create(kind="organization", person=person),
        lambda: Applicant.objects.create(kind="person", person=person),
        lambda: Person.objects.create(full_name="A", registered_at=AT, updated_at=AT),
        lambda: Person.objects.filter(pk=person.pk).update(personal_id=None),
        lambda: Person.objects.filter(pk=person.pk).update(full_name=""),
    ]
    for write in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
