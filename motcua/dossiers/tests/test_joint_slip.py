"""One slip for many dossiers: every code decodes, and only what belongs together stands on it."""

from typing import Any

import pytest

from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.audit.models import Entry
from motcua.base.printing.operations import render
from motcua.dossiers import paper_words
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import intake
from motcua.dossiers.operations.joint_slip import print_joint_slip
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, later, plan, take_in
from motcua.dossiers.tests.test_paper_correction import codes_in, text_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def printed(world: World, *dossiers: Dossier, who: str = "minh") -> Any:
    ids = [one.pk for one in dossiers]
    return print_joint_slip(dossier_ids=ids, actor=world.actor(who), at=later(hours=1))


def test_every_code_of_twelve_decodes(world: World) -> None:
    dossiers = [take_in(world, at=later(minutes=number)) for number in range(12)]
    made = render(printed(world, *dossiers))
    found = codes_in(made)
    for one in dossiers:
        number = Paper.objects.get(dossier=one).number
        assert one.code in found  # Code 128
        address = f"/tra-cuu#{one.token}.{paper_words.mark_of('appointment_slip', number)}"
        assert any(text.endswith(address) for text in found)
    assert len(found) == 24
    text = text_of(made)
    assert "Gồm 12 hồ sơ" in text and "Phạm Thị Hương Giang" in text
    for one in dossiers:
        assert text.count(one.code) == 1
    assert Entry.objects.filter(verb="joint_slip").count() == 12


def test_what_is_refused(world: World) -> None:
    one, two = take_in(world), take_in(world, at=later(minutes=3))
    with pytest.raises(Refusal, match="từ 2 đến"):
        printed(world, one, one)
    minh = world.actor("minh")
    facts = PersonFacts(full_name="Trần Văn Bình", personal_id="031090000020", phone="0987654321")
    other = find_or_register_person(facts=facts, actor=minh, at=MONDAY).applicant
    theirs = take_in(world, applicant_id=other.pk, submitter_id=other.pk)
    with pytest.raises(Refusal, match="một người nộp"):
        printed(world, one, theirs)
    sent = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key="s")
    with pytest.raises(Refusal, match="đã tiếp nhận"):
        printed(world, one, sent)
    for nobody, kind in (("hoa", NotPermitted), ("mai", NotPermitted), ("binh", NotFound)):
        with pytest.raises(kind):
            printed(world, one, two, who=nobody)
    assert not Entry.objects.filter(verb="joint_slip").exists()


def test_the_page_ticks_those_of_the_day_and_prints(world: World) -> None:
    early = take_in(world, at=later(days=-3))
    one, two = take_in(world), take_in(world, at=later(minutes=3))
    client, address = world.client("minh"), f"/dossiers/{one.code}/joint-slip/"
    page = client.get(address).content.decode()
    assert page.count(" checked") == 2
    assert all(each.code in page for each in (early, one, two))
    answer = client.post(address, {"dossier": [one.pk, two.pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert {one.code, two.code} <= codes_in(answer.content)
    assert client.post(address, {"dossier": [one.pk]}).status_code == 422
    assert client.post(address, {"dossier": ["x", "y"]}).status_code == 422
    set_database_actor(world.actor("minh"))
    history = client.get(f"/dossiers/{one.code}/").content.decode()
    assert "In phiếu chung nhiều hồ sơ" in history
    assert world.client("hoa").get(address).status_code == 403
