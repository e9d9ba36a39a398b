"""A dossier's life through the operations: what each does, and what each refuses."""

from datetime import timedelta

import pytest

from motcua.base.audit.models import Entry
from motcua.base.audit.queries import verify_all
from motcua.base.outbox.models import Message
from motcua.dossiers import queries, states
from motcua.dossiers.models import Dossier, DossierDocument, Paper, Pause, Result, SupplementRequest, Task
from motcua.dossiers.operations import (
    acts,
    consultation,
    correction,
    decision,
    ending,
    handover,
    intake,
    pauses,
    processing,
    supplement,
)
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, owner_task, plan, take_in
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def _at_specialist(world: World) -> Dossier:
    dossier = take_in(world)
    processing.assign(**common(world, "hoa", dossier, later(hours=1), to_position=world.positions["hoa"]))
    dossier.refresh_from_db()
    return dossier


def _reviewed(world: World, dossier: Dossier, kind: str) -> None:
    """The head of division passes the draft on without typing it again."""
    if owner_task(dossier).role == "unit_head":
        decision.propose(**common(world, "hoa", dossier, later(hours=3), kind=kind))


def _proposed(world: World) -> Dossier:
    dossier = _at_specialist(world)
    decision.propose(**common(world, "hoa", dossier, later(hours=2), kind="granted", content="Đủ điều kiện"))
    _reviewed(world, dossier, "granted")
    dossier.refresh_from_db()
    return dossier


def test_accepting_numbers_dates_opens_and_records(world: World) -> None:
    dossier = take_in(world)
    assert dossier.code == "H24.12-260706-0001"
    assert dossier.state == states.ACCEPTED
    assert dossier.due_at == dossier.original_due_at
    assert dossier.due_at is not None and dossier.due_at > MONDAY
    assert [t.ended_by for t in Task.objects.filter(dossier=dossier).order_by("number")] == ["accept", ""]
    assert Paper.objects.filter(dossier=dossier, form="appointment_slip").count() == 1
    assert [e.verb for e in queries.history(dossier)] == ["accept"]
    assert Message.objects.filter(name="dossiers.accepted", subject_id=str(dossier.pk)).count() == 1
    shown = DossierDocument.objects.get(dossier=dossier, name="Thẻ căn cước")
    assert (shown.shown_only, shown.originals) == (True, 0)


def test_numbers_of_a_day_follow_each_other_and_start_again(world: World) -> None:
    codes = [take_in(world).code, take_in(world).code, take_in(world, at=MONDAY + timedelta(days=1)).code]
    assert codes == ["H24.12-260706-0001", "H24.12-260706-0002", "H24.12-260707-0001"]


def test_the_same_request_twice_makes_one_dossier(world: World) -> None:
    first, second = take_in(world, key="k1"), take_in(world, key="k1")
    assert first.pk == second.pk
    assert Dossier.objects.filter(home_agency=world.home).count() == 1


def test_the_same_key_for_another_intake_is_refused(world: World) -> None:
    take_in(world, key="k1")
    with pytest.raises(Conflict):
        take_in(world, key="k1", summary="Việc khác")


def test_a_number_of_a_rolled_back_intake_is_given_again(world: World) -> None:
    from django.db import transaction

    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        take_in(world)
        raise Stop
    assert take_in(world).code == "H24.12-260706-0001"


def test_an_officer_of_another_commune_finds_nothing(world: World) -> None:
    dossier = take_in(world)
    with pytest.raises(NotFound):
        queries.get_for(world.actor("binh"), dossier.code)
    with pytest.raises(NotFound):
        processing.forward(**common(world, "binh", dossier))


@pytest.mark.parametrize("name", ["minh", "mai", "tuan", "thu"])
def test_only_who_holds_the_step_may_forward_it(world: World, name: str) -> None:
    dossier = _at_specialist(world)
    with pytest.raises(NotPermitted):
        processing.forward(**common(world, name, dossier))


def test_the_whole_way_to_the_return_desk(world: World) -> None:
    dossier = _proposed(world)
    decision.approve(**common(world, "tuan", dossier, later(hours=4)))
    decision.issue(**common(world, "thu", dossier, later(hours=5)))
    dossier.refresh_from_db()
    assert dossier.state == states.GRANTED
    assert dossier.finished_at == later(hours=5)
    handover.return_result(
        **common(world, "mai", dossier, later(hours=6), returned_to="Phạm Thị Hương Giang")
    )
    dossier.refresh_from_db()
    assert dossier.state == states.RETURNED_GRANTED
    assert not Task.objects.filter(dossier=dossier, ended_at=None).exists()
    verbs = [entry.verb for entry in queries.history(dossier)]
    assert verbs[0] == "accept" and verbs[-1] == "return_result"
    assert list(verify_all()) == []


def test_what_nobody_approved_cannot_be_issued(world: World) -> None:
    dossier = _proposed(world)
    with pytest.raises((Conflict, NotPermitted)):
        decision.issue(**common(world, "thu", dossier))


def test_a_refusal_is_a_result_with_reasons(world: World) -> None:
    dossier = _at_specialist(world)
    with pytest.raises(Refusal, match="lý do"):
        decision.propose(**common(world, "hoa", dossier, kind="refused"))
    decision.propose(**common(world, "hoa", dossier, kind="refused", content="Không đúng quy hoạch"))
    _reviewed(world, dossier, "refused")
    decision.approve(**common(world, "tuan", dossier))
    decision.issue(**common(world, "thu", dossier))
    dossier.refresh_from_db()
    assert dossier.state == states.REFUSED


def test_sending_back_reopens_the_officers_step_with_the_reason(world: World) -> None:
    dossier = _proposed(world)
    target = Task.objects.get(dossier=dossier, ended_by="propose", role="specialist")
    with pytest.raises(Refusal, match="lý do"):
        processing.send_back(**common(world, "tuan", dossier, to_step=target.step_key, reason=" "))
    processing.send_back(**common(world, "tuan", dossier, to_step=target.step_key, reason="Thiếu bản vẽ"))
    task = owner_task(dossier)
    assert (task.step_key, task.position_id) == (target.step_key, world.positions["hoa"])


def test_consultation_leaves_the_owner_and_is_answered_once(world: World) -> None:
    dossier = _at_specialist(world)
    unit = Task.objects.filter(dossier=dossier, role="receiver").first().unit_id
    consultation.consult(**common(world, "hoa", dossier, unit_id=unit, question="Có hồ sơ trước không?"))
    dossier.refresh_from_db()
    assert owner_task(dossier).position_id == world.positions["hoa"]
    consultation.answer(**common(world, "minh", dossier, opinion="Không có.", agrees=True))
    with pytest.raises((Conflict, NotPermitted)):
        consultation.answer(**common(world, "minh", dossier, opinion="Lần hai"))


def test_supplement_stops_the_clock_and_the_due_date_moves_with_a_reason(world: World) -> None:
    dossier = _at_specialist(world)
    before = dossier.due_at
    supplement.request_supplement(
        **common(world, "hoa", dossier, later(days=1), items=[Missing("Bản vẽ", "Thiếu mặt cắt")])
    )
    dossier.refresh_from_db()
    assert dossier.state == states.ASKED
    assert dossier.paused_at == later(days=1)
    supplement.receive_supplement(**common(world, "minh", dossier, later(days=4), papers_in=[]))
    dossier.refresh_from_db()
    assert dossier.state == states.PROCESSING
    assert dossier.due_at > before
    assert dossier.original_due_at == before
    last = queries.history(dossier).last()
    assert last.payload["due_before"] != last.payload["due_after"]
    assert Pause.objects.get(dossier=dossier).ended_at == later(days=4)
    assert Paper.objects.filter(dossier=dossier, form="supplement_request").count() == 1


def test_a_second_supplement_needs_a_leader_and_a_reason(world: World) -> None:
    dossier = _at_specialist(world)
    ask = {"items": [Missing("Bản vẽ", "Thiếu mặt cắt")]}
    supplement.request_supplement(**common(world, "hoa", dossier, later(days=1), **ask))
    supplement.receive_supplement(**common(world, "minh", dossier, later(days=2), papers_in=[]))
    with pytest.raises(supplement.SecondSupplement):
        supplement.request_supplement(**common(world, "hoa", dossier, later(days=3), **ask))
    assert SupplementRequest.objects.filter(dossier=dossier).count() == 1


def test_an_empty_supplement_request_is_refused(world: World) -> None:
    dossier = _at_specialist(world)
    with pytest.raises(Refusal):
        supplement.request_supplement(**common(world, "hoa", dossier, items=[]))
    with pytest.raises(Refusal, match="lý do"):
        supplement.request_supplement(**common(world, "hoa", dossier, items=[Missing("Bản vẽ", "")]))


def test_suspending_and_resuming_moves_the_due_date_by_the_pause(world: World) -> None:
    dossier = _at_specialist(world)
    before = dossier.due_at
    pauses.suspend(**common(world, "hoa", dossier, later(days=1), reason="Chờ cơ quan thuế", for_money=True))
    dossier.refresh_from_db()
    assert dossier.state == states.MONEY
    pauses.resume(**common(world, "hoa", dossier, later(days=3)))
    dossier.refresh_from_db()
    assert dossier.state == states.PROCESSING
    assert dossier.due_at > before


def test_extending_keeps_the_first_date_and_happens_once(world: World) -> None:
    dossier = _at_specialist(world)
    first = dossier.due_at
    new = first + timedelta(days=7)
    pauses.extend(**common(world, "tuan", dossier, later(days=2), new_due_at=new, reason="Chờ thực địa"))
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.original_due_at) == (new, first)
    with pytest.raises(Refusal, match="một lần"):
        pauses.extend(
            **common(world, "tuan", dossier, later(days=3), new_due_at=new + timedelta(days=7), reason="Nữa")
        )


def test_an_extension_ends_in_office_hours_and_later(world: World) -> None:
    dossier = _at_specialist(world)
    for wrong in (dossier.due_at, dossier.due_at - timedelta(days=1), dossier.due_at + timedelta(hours=9)):
        with pytest.raises(Refusal):
            pauses.extend(**common(world, "tuan", dossier, new_due_at=wrong, reason="Chờ"))


def test_a_pause_after_an_extension_pushes_the_extended_date(world: World) -> None:
    dossier = _at_specialist(world)
    new = dossier.due_at + timedelta(days=7)
    pauses.extend(**common(world, "tuan", dossier, later(days=1), new_due_at=new, reason="Chờ thực địa"))
    pauses.suspend(**common(world, "hoa", dossier, later(days=2), reason="Chờ"))
    pauses.resume(**common(world, "hoa", dossier, later(days=3)))
    dossier.refresh_from_db()
    assert dossier.due_at > new


def test_withdrawing_ends_everything(world: World) -> None:
    dossier = _at_specialist(world)
    pauses.suspend(**common(world, "hoa", dossier, later(days=1), reason="Chờ"))
    ending.withdraw(**common(world, "minh", dossier, later(days=2), reason="Đơn ngày 8/7/2026"))
    dossier.refresh_from_db()
    assert dossier.state == states.WITHDRAWN
    assert not Task.objects.filter(dossier=dossier, ended_at=None).exists()
    assert not Pause.objects.filter(dossier=dossier, ended_at=None).exists()


def test_refusing_before_acceptance_gives_a_paper(world: World) -> None:
    minh = world.actor("minh")
    dossier = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key="s")
    assert dossier.state == states.NEW
    intake.refuse(**common(world, "minh", dossier, reason="Không thuộc thẩm quyền"))
    dossier.refresh_from_db()
    assert dossier.state == states.NOT_ACCEPTED
    assert Paper.objects.filter(dossier=dossier, form="refusal").exists()


def test_accepting_what_was_submitted_starts_the_clock_then(world: World) -> None:
    minh = world.actor("minh")
    dossier = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key="s")
    intake.accept(**common(world, "minh", dossier, later(days=1)))
    dossier.refresh_from_db()
    assert dossier.accepted_at == later(days=1)
    assert dossier.due_at is not None


def test_a_correction_keeps_the_old_value_in_history(world: World) -> None:
    dossier = take_in(world)
    correction.correct(
        **common(world, "minh", dossier, changes={"summary": "Nhà ở riêng lẻ"}, reason="Gõ nhầm")
    )
    entry = queries.history(dossier).last()
    assert entry.payload["changes"]["summary"][1] == "Nhà ở riêng lẻ"
    with pytest.raises(Refusal):
        correction.correct(**common(world, "minh", dossier, changes={"code": "X"}, reason="Sai"))


def test_a_phone_number_never_enters_history(world: World) -> None:
    dossier = take_in(world)
    correction.correct(
        **common(world, "minh", dossier, changes={"contact_phone": "0987654321"}, reason="Đổi số")
    )
    texts = [str(entry.payload) for entry in Entry.objects.filter(subject_id=str(dossier.pk))]
    assert not any("0987654321" in text or "031185000017" in text for text in texts)


def test_acting_on_what_one_did_not_see_is_refused(world: World) -> None:
    dossier = _at_specialist(world)
    with pytest.raises(acts.SomeoneWasFirst):
        decision.propose(**common(world, "hoa", dossier, kind="granted", seen=dossier.version - 1))
    assert not Result.objects.filter(dossier=dossier).exists()


def test_a_clock_set_back_shows_and_hurts_nothing(world: World) -> None:
    dossier = _at_specialist(world)
    pauses.suspend(**common(world, "hoa", dossier, later(days=3), reason="Chờ"))
    pauses.resume(**common(world, "hoa", dossier, later(days=1)))
    dossier.refresh_from_db()
    assert dossier.state == states.PROCESSING
    assert [e.seq for e in queries.history(dossier)] == list(range(1, queries.history(dossier).count() + 1))
    assert list(verify_all()) == []


def test_a_procedure_not_in_force_takes_no_new_dossier(world: World) -> None:
    from motcua.procedures.models import ProcedureVersion

    minh = world.actor("minh")
    wanted = plan(world, minh)
    ProcedureVersion.objects.filter(procedure__code="1.013225").update(in_force_to=MONDAY.date())
    with pytest.raises(intake.BadIntake, match="không tiếp nhận hồ sơ mới"):
        intake.accept_at_counter(intake=wanted, actor=minh, at=MONDAY, key="k")
