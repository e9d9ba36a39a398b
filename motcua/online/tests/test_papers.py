"""What is printed of an online dossier: the office's words in Vietnamese, signed by officers and nobody else."""

import io
import re
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from motcua.base.files.tests.corpus import pdf
from motcua.base.printing.operations import render
from motcua.base.printing.tests.test_papers import text_of
from motcua.dossiers import paper_data
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import intake
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.lib.actor import SYSTEM, Actor
from motcua.online.operations import handing_in
from motcua.online.tests.conftest import actor_of, citizen, signed_in
from motcua.online.tests.test_applying import handed_in
from motcua.procedures.models import ProcedureVariant
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


def last(dossier: Dossier, form: str) -> Any:
    set_database_actor(SYSTEM)
    row = Paper.objects.filter(dossier=dossier, form=form).latest("issued_at")
    return paper_data.from_text(row.form, row.data or "")


def supplement(dossier: Dossier, actor: Actor) -> None:
    at = timezone.now()
    handing_in.add_answer(
        code=dossier.code,
        item=1,
        stream=io.BytesIO(pdf(pages=1)),
        filename="a.pdf",
        note=None,
        actor=actor,
        at=at,
    )
    handing_in.answer_supplement(code=dossier.code, actor=actor, at=at, key="s")


def test_the_slip_of_a_new_date_is_vietnamese_and_signed_by_who_received(world: World, shipped: Any) -> None:
    account = citizen()
    dossier = handed_in(world, account, signed_in(account))
    with override("en"):
        attempt(world, "accept", "minh", dossier, timezone.now())
        first = last(dossier, "appointment_slip")
        attempt(world, "request_supplement", "hoa", dossier, timezone.now())
        supplement(dossier, actor_of(account))
    again = last(dossier, "appointment_slip")
    assert again.number != first.number
    assert "Dừng lúc" in again.due_explanation and "Hẹn trả" not in again.due_explanation
    for slip in (first, again):
        assert slip.receiver == paper_data.signer(world.actor("minh")), (
            "not the applicant who sent what was missing"
        )
        assert "Handling unit" not in str(slip) and "Bộ phận" in str(slip.stations[0])


def test_a_notice_of_stopping_is_not_signed_by_the_applicant(world: World, shipped: Any) -> None:
    account = citizen()
    dossier = handed_in(world, account, signed_in(account))
    handing_in.withdraw(
        code=dossier.code, reason="Khai nhầm", actor=actor_of(account), at=timezone.now(), key="w"
    )
    notice = last(dossier, "stop_notice")
    assert notice.signer.name == "" and not notice.accepted
    told = text_of(render(notice, on=timezone.localdate()))
    assert "nhận được hồ sơ" in told and "tiếp nhận hồ sơ mã" not in told


def test_a_result_that_is_read_online_is_called_so(world: World, shipped: Any) -> None:
    account = citizen()
    dossier = handed_in(world, account, signed_in(account))
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=dossier.pk).update(result_channel="electronic")
    dossier.refresh_from_db()
    slip = paper_data.appointment_slip(dossier, actor=world.actor("minh"), at=timezone.now(), number="1/2026")
    told = text_of(render(slip, on=timezone.localdate()))
    assert "Hồ sơ của tôi" in told and "Khi đến nhận" not in told


def test_a_case_only_officers_know_is_not_asked_and_chosen_when_it_is_accepted(
    world: World, shipped: Any
) -> None:
    usual, verify = ProcedureVariant.objects.filter(version__procedure__code=BIRTH).order_by("position")[:2]
    ProcedureVariant.objects.filter(pk=verify.pk).update(office_decides=True)
    account = citizen()
    client = signed_in(account)
    assert verify.name not in client.get(f"/nop-ho-so/{BIRTH}/").content.decode()
    dossier = handed_in(world, account, client)
    assert dossier.variant_id == usual.pk
    minh = world.client("minh")
    page = f"/dossiers/{dossier.code}/do/accept/"
    assert verify.name in minh.get(page).content.decode()
    other = ProcedureVariant.objects.exclude(version=dossier.procedure_version).first()
    assert other is not None
    set_database_actor(SYSTEM)
    with pytest.raises(intake.BadIntake, match="không thuộc thủ tục"):
        intake.accept(
            dossier_id=dossier.pk, actor=world.actor("minh"), at=timezone.now(), key="x", variant_id=other.pk
        )
    token = re.findall(r'name="(key|seen)" value="([^"]*)"', minh.get(page).content.decode())
    assert minh.post(page, {**dict(token), "variant": str(verify.pk)}).status_code == 302
    set_database_actor(SYSTEM)
    dossier.refresh_from_db()
    assert (dossier.variant_id, dossier.limit_value, dossier.limit_unit) == (verify.pk, 3, "working_day")
    assert "lúc nộp là" in minh.get(f"/dossiers/{dossier.code}/").content.decode()
    assert "3 ngày làm việc" in last(dossier, "appointment_slip").time_limit
