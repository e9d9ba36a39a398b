"""Registering organizations: one tax code, one row."""

import pytest
from django.db import IntegrityError, transaction

from motcua.applicants import queries
from motcua.applicants.models import ApplicantKind, Organization
from motcua.applicants.operations import OrganizationFacts, Registered, register_organization
from motcua.applicants.tests.factories import AT, MINH
from motcua.base.audit.models import Entry
from motcua.lib.refusal import Conflict, Refusal

pytestmark = pytest.mark.django_db


def registered(**changes: object) -> Registered:
    given = {
        "name": "Công ty TNHH Biển Xanh",
        "tax_code": "0100109106",
        "legal_representative": "Đỗ Thị Mai",
        "phone": "0225 382 1234",
    }
    facts = OrganizationFacts(**(given | changes))  # type: ignore[arg-type]
    return register_organization(facts=facts, actor=MINH, at=AT)


def test_the_same_tax_code_is_the_same_row() -> None:
    first = registered()
    again = registered(name="CÔNG TY TNHH BIỂN XANH", tax_code=" 0100 109106 ")
    assert first.created and not again.created and again.applicant == first.applicant and again.changed == ()
    assert first.applicant.kind == ApplicantKind.ORGANIZATION
    assert registered(email="vp@bienxanh.vn").changed == ("email",)
    assert [entry.verb for entry in Entry.objects.order_by("seq")] == [
        "organization.register",
        "organization.update",
    ]
    assert queries.by_tax_code("0100109106") == first.applicant.organization
    assert queries.by_phone("02253821234") == [first.applicant]
    assert queries.search_organizations("bien xanh") == queries.search_organizations("0100109106")


def test_another_name_needs_the_paper_of_the_change() -> None:
    registered()
    with pytest.raises(Conflict) as refused:
        registered(name="Công ty TNHH Biển Đỏ")
    assert "Biển Xanh" in refused.value.message
    assert registered(name="Công ty TNHH Biển Đỏ", renamed=True).changed == ("name",)
    assert Organization.objects.get().search_text == "cong ty tnhh bien do"


def test_a_wrong_check_digit_only_warns() -> None:
    assert registered().warnings == ()
    assert [found.code for found in registered(tax_code="0100109107").warnings] == ["tax_code"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"name": "<script>"}, "bad_name"),
        ({"tax_code": "123"}, "bad_tax_code"),
        ({"tax_code": ""}, "no_tax_code"),
        ({"phone": "abc"}, "bad_phone"),
    ],
)
def test_what_no_paper_says_is_refused(changes: dict, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        registered(**changes)
    assert refused.value.code == code and not Organization.objects.exists()


def test_a_body_without_a_tax_code_says_why() -> None:
    made = registered(tax_code="", no_tax_code_reason="Tổ hợp tác, chưa đăng ký thuế")
    assert made.created and Organization.objects.get().tax_code is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.update(no_tax_code_reason="")
