"""Whose phone and e-mail stand on a paper: each person's own, the contact's only with whoever handed it in."""

from uuid import UUID

import pytest

from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.printing import operations
from motcua.base.printing.tests.test_papers import text_of
from motcua.dossiers import custody, paper_data
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, take_in

pytestmark = pytest.mark.django_db

CONTACT, MAIL = "0911222333", "quyet@thu.example"


def person(world: World, name: str, number: str, **values: str) -> UUID:
    facts = PersonFacts(full_name=name, personal_id=number, **values)  # type: ignore[arg-type]
    return find_or_register_person(facts=facts, actor=world.actor("minh"), at=MONDAY).applicant.pk


@pytest.fixture
def sent(world: World) -> Dossier:
    """Giang applies, Quyết hands in and leaves his own number and e-mail as contact."""
    giang = person(
        world, "Phạm Thị Hương Giang", "031185000017", phone="0912345678", email="giang@thu.example"
    )
    quyet = person(world, "Đặng Văn Quyết", "031085000123")
    return take_in(
        world, applicant_id=giang, submitter_id=quyet, contact_phone=CONTACT, contact_email=MAIL
    )  # fmt: skip


def test_the_contact_is_printed_under_whoever_handed_it_in(sent: Dossier) -> None:
    submitter, applicant = (paper_data.party(one, sent) for one in (sent.submitter, sent.applicant))
    assert (submitter.name, submitter.phone, submitter.email) == ("Đặng Văn Quyết", CONTACT, MAIL)
    assert (applicant.phone, applicant.email) == ("0912345678", "giang@thu.example")


def test_the_slip_shows_each_number_beside_its_person(sent: Dossier) -> None:
    stored = Paper.objects.get(dossier=sent)
    slip = paper_data.from_text(stored.form, stored.data or "")
    text = " ".join(text_of(operations.render(slip, copies=(1,))).split())
    handed_in, _mark, applies = text.partition("Chủ hồ sơ:")
    applies = applies.partition("Thành phần hồ sơ")[0]
    assert CONTACT in handed_in and MAIL in handed_in
    assert "0912345678" in applies and "giang@thu.example" in applies
    assert CONTACT not in applies and "0912345678" not in handed_in


def test_the_control_sheet_names_the_applicant_with_their_own_number(sent: Dossier) -> None:
    assert custody.control_sheet(sent, at=MONDAY).applicant.phone == "0912345678"


def test_who_applies_alone_leaves_the_contact_as_their_own(world: World) -> None:
    dossier = take_in(world, contact_phone=CONTACT, contact_email=MAIL)
    party = paper_data.party(dossier.applicant, dossier)
    assert (party.phone, party.email) == (CONTACT, MAIL)
