"""A procedure is replaced while somebody prepares an application: nothing declared or sent is lost."""

import dataclasses
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from motcua.applicants import acting
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.eforms import queries as eforms
from motcua.eforms.engine import schema
from motcua.eforms.models import FormAnswer
from motcua.eforms.operations import publishing
from motcua.eforms.tests.conftest import birth, form
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.online import queries
from motcua.online.models import Application, ApplicationFile
from motcua.online.operations import drafting, handing_in, renewing
from motcua.online.tests.conftest import HUNG, actor_of, citizen, signed_in
from motcua.online.tests.test_applying import begun, filled, ready
from motcua.procedures.models import AgencyProcedure, Procedure, RequiredDocument
from motcua.procedures.operations import publishing as versions
from motcua.ui.routing import set_database_actor
from tests.harness.online_rows import replace

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_what_was_prepared_goes_on_under_the_new_version(world: World, shipped: Any) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = ready(world, account, client)
    files = set(ApplicationFile.objects.values_list("stored_id", flat=True))
    replace(BIRTH, day=timezone.localdate(at), at=at)
    page = f"/nop-ho-so/ban/{row.pk}/"
    assert f"{page}ban-moi/" in client.get(page).content.decode()
    with pytest.raises(Refusal, match="vừa có bản mới"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    shown = client.get(f"{page}ban-moi/").content.decode()
    assert "có quy định mới" in shown
    found = queries.offer(BIRTH, timezone.localdate(at))
    sent = {"variant": found.variants[0].pk, "agency": world.home.pk, "key": "r1"}
    assert client.post(f"{page}ban-moi/", sent).headers["Location"] == page
    assert client.post(f"{page}ban-moi/", sent).headers["Location"] == page  # twice is as good as once
    row = Application.objects.get(pk=row.pk)
    assert row.variant.version == found.version
    assert set(ApplicationFile.objects.values_list("stored_id", flat=True)) == files
    assert row.papers.filter(required__version=found.version).count() == row.papers.count()
    assert row.answer is not None and eforms.values_of(row.answer)["child_name"] == birth()["child_name"]
    row = handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    set_database_actor(SYSTEM)
    assert Dossier.objects.get(pk=row.became).procedure_version == found.version


def test_a_paper_asked_for_no_more_stays_and_a_new_form_keeps_its_answers(world: World, shipped: Any) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = begun(world, account)
    filled(row, client, birth())
    slot = next(one for one in queries.slots(row, actor=actor, on=timezone.localdate(at)) if one.needed)
    drafting.add_file(
        application_id=row.pk, number=slot.number, stream=io.BytesIO(pdf(pages=1)), filename="giay.pdf", actor=actor,
        at=at,
    )  # fmt: skip
    new = replace(BIRTH, day=timezone.localdate(at), at=at)
    RequiredDocument.objects.filter(version=new, name=slot.name).update(name="Giấy khác hẳn")
    whole = form("HT-001")
    shorter = dataclasses.replace(
        whole,
        sections=tuple(
            dataclasses.replace(one, fields=tuple(it for it in one.fields if it.key != "requester_relation"))
            for one in whole.sections
        ),
    )
    publishing.publish(
        procedure_id=Procedure.objects.get(code=BIRTH).pk, case="", schema=schema.schema_of(shorter), code="HT-001",
        source="office", in_force_from=timezone.localdate(at) + timedelta(days=1), actor=SYSTEM, at=at, key="",
    )  # fmt: skip
    later = at + timedelta(days=1)
    variant = queries.offer(BIRTH, timezone.localdate(later)).variants[0]
    old = row.answer
    assert old is not None
    with pytest.raises(Refusal, match="trường hợp"):
        renewing.renew(application_id=row.pk, variant_id=0, agency_id=world.home.pk, actor=actor, at=later)
    with pytest.raises(Refusal, match="cơ quan"):
        renewing.renew(application_id=row.pk, variant_id=variant.pk, agency_id=0, actor=actor, at=later)
    done = renewing.renew(
        application_id=row.pk, variant_id=variant.pk, agency_id=world.home.pk, actor=actor, at=later
    )
    assert len(done.left) == 1 and done.left[0].lower().endswith("mẹ"), done.left
    row = Application.objects.get(pk=row.pk)
    assert row.answer is not None and row.answer_id != old.pk
    assert not FormAnswer.objects.filter(pk=old.pk).exists()
    kept, before = eforms.values_of(row.answer), birth()
    assert {key: kept.get(key) for key in before if key != "requester_relation"} == {
        key: value for key, value in before.items() if key != "requester_relation"
    }
    own = row.papers.get(required=None)
    assert own.name == slot.name and own.files.count() == 1
    found = queries.slots(row, actor=actor, on=timezone.localdate(later))
    assert [one.name for one in found if one.paper] == [slot.name]
    assert any(one.name == "Giấy khác hẳn" and not one.there for one in found)


def test_a_repealed_procedure_says_so_and_another_ones_application_is_not_moved(
    world: World, shipped: Any
) -> None:
    account, other = citizen(), citizen(HUNG, "Trần Quốc Hùng")
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row, today = begun(world, account), timezone.localdate(at)
    assert client.get(f"/nop-ho-so/ban/{row.pk}/ban-moi/").status_code == 302  # nothing is newer
    assert signed_in(other).get(f"/nop-ho-so/ban/{row.pk}/ban-moi/").status_code == 404
    versions.repeal(
        code=BIRTH,
        repealed_on=today,
        decision_number="3509/QĐ-UBND",
        decision_date=today,
        actor=SYSTEM,
        at=at,
    )
    page = client.get(f"/nop-ho-so/ban/{row.pk}/").content.decode()
    assert "3509/QĐ-UBND" in page
    with pytest.raises(Refusal, match="3509"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    assert Application.objects.filter(pk=row.pk).exists(), "what was prepared is still there to be read"


def test_an_agency_that_no_longer_settles_it_is_exchanged_and_nothing_is_lost(
    world: World, shipped: Any
) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row, today = ready(world, account, client), timezone.localdate(at)
    AgencyProcedure.objects.filter(agency=world.home, procedure__code=BIRTH).update(valid_to=today)
    page = f"/nop-ho-so/ban/{row.pk}/"
    assert "không còn giải quyết thủ tục này" in client.get(page).content.decode()
    with pytest.raises(Refusal, match="không còn giải quyết"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    assert "Chọn cơ quan này" in client.get(f"{page}ban-moi/").content.decode()
    sent = {"variant": row.variant_id, "agency": world.neighbour.pk, "key": "a1"}
    assert client.post(f"{page}ban-moi/", sent).status_code == 302
    changed = Application.objects.get(pk=row.pk)
    assert (changed.agency, changed.answer_id) == (world.neighbour, row.answer_id)
    done = handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    set_database_actor(SYSTEM)
    assert Dossier.objects.get(pk=done.became).competent_agency == world.neighbour


def test_who_may_act_no_more_can_still_give_it_up(world: World, shipped: Any) -> None:
    account, other = citizen(), citizen(HUNG, "Trần Quốc Hùng")
    row = begun(world, account)
    Application.objects.filter(pk=row.pk).update(
        applicant=acting.who_may_act(other.pk, timezone.now())[0].applicant_id
    )
    client = signed_in(account)
    listed = client.get("/ho-so-cua-toi/").content.decode()
    assert "không còn làm thay" in listed and f"/nop-ho-so/ban/{row.pk}/bo/" in listed
    assert client.get(f"/nop-ho-so/ban/{row.pk}/").status_code in {403, 404}
    for _press in range(2):
        assert client.post(f"/nop-ho-so/ban/{row.pk}/bo/", {"key": "d1"}).status_code == 302
    assert not Application.objects.filter(pk=row.pk).exists()


def test_a_form_about_somebody_else_is_not_filled_in_with_the_writer(world: World, shipped: Any) -> None:
    account, other = citizen(), citizen(HUNG, "Trần Quốc Hùng")
    theirs = acting.who_may_act(other.pk, timezone.now())[0].applicant_id
    actor = actor_of(account)
    poor = drafting.known_of(form("TCXH"), theirs, actor)
    assert [one.facts["identity.full_name"] for one in poor] == ["Trần Quốc Hùng"]
    assert (
        drafting.known_of(form("TCXH"), actor.for_applicant, actor)[0].facts["identity.full_name"]
        == "Phạm Thị Lan"
    )
    asks = drafting.known_of(form("HT-001"), theirs, actor)  # it asks who writes
    assert asks[0].person == "requester" and asks[0].facts["identity.full_name"] == "Phạm Thị Lan"
