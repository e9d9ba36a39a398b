"""Lateness by the book, with the clock moved: prepared, proposed, approved, waved off, noted; never silent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from motcua.base.audit.models import Entry
from motcua.base.audit.queries import verify
from motcua.base.printing import data
from motcua.dossiers import clock, lateness, queries, states
from motcua.dossiers.models import Apology, Dossier, Paper, SupplementRequest
from motcua.dossiers.models.apology import ApologyState
from motcua.dossiers.operations import apology, ending, expiry, intake, pauses, supplement, watching
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.dossiers.tests.lives import MONDAY, common, plan, take_in, variant_of
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.procedures.models import ProcedureVariant

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
# LONG has 15 calendar days: taken in on Monday 6/7/2026 at 9:15, promised for Tuesday 21/7 at 17:00.
DUE = datetime(2026, 7, 21, 17, 0, tzinfo=VIETNAM)
NEAR = datetime(2026, 7, 17, 8, 0, tzinfo=VIETNAM)  # Friday, two working days before
LATE = datetime(2026, 7, 22, 8, 0, tzinfo=VIETNAM)


def verbs(dossier: Dossier) -> list[str]:
    return [entry.verb for entry in queries.history(dossier)]


def last(dossier: Dossier) -> Entry:
    found = queries.history(dossier).last()
    assert found is not None
    return found


def running(world: World) -> Dossier:
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, MONDAY + timedelta(hours=1))
    dossier.refresh_from_db()
    assert dossier.due_at == DUE
    return dossier


def row_of(dossier: Dossier) -> Apology:
    return Apology.objects.get(dossier=dossier)


def propose(world: World, dossier: Dossier, at: datetime, **values: Any) -> Dossier:
    given = {"new_due_at": DUE + timedelta(days=3), "reason": "Chờ kết quả đo đạc", **values}
    return apology.propose(**common(world, "hoa", dossier, at), **given)


# ── Prepared by the system


def test_an_apology_is_prepared_two_working_days_before_the_date_and_once(world: World) -> None:
    dossier = running(world)
    day_before = datetime(2026, 7, 16, 16, 59, tzinfo=VIETNAM)
    assert watching.look_after(at=day_before).prepared == 0
    done = watching.look_after(at=NEAR)
    assert (done.prepared, done.late, done.failed) == (1, 0, 0)
    row = row_of(dossier)
    assert row.state == ApologyState.PREPARED
    assert row.say_by == datetime(2026, 7, 20, 17, 0, tzinfo=VIETNAM)
    assert row.new_due_at == datetime(2026, 7, 28, 17, 0, tzinfo=VIETNAM)
    entry = last(dossier)
    assert (entry.verb, entry.actor_kind) == ("prepare_apology", "system")
    version = dossier.version
    assert watching.look_after(at=NEAR + timedelta(minutes=15)).said() == "nothing"
    dossier.refresh_from_db()
    assert dossier.version == version, "an officer's open page stays good"
    assert verbs(dossier).count("prepare_apology") == 1
    assert list(verify(queries.history(dossier))) == []


def test_a_short_limit_does_not_begin_with_an_apology(world: World) -> None:
    calendar = clock.calendar_of(running(world))
    start = MONDAY
    due = calendar.closing(calendar.add_days(start.date(), 2))
    assert not lateness.is_near(calendar, start=start, until=due, now=start + timedelta(hours=1))
    assert lateness.is_near(calendar, start=start, until=due, now=start + timedelta(days=1, hours=5))
    assert lateness.say_by(calendar, start=start, due=due) == calendar.closing(
        calendar.add_days(start.date(), 1)
    )
    same_day = start.replace(hour=17, minute=0)
    assert lateness.say_by(calendar, start=start, due=same_day) == same_day


def test_over_tet_the_last_moment_lies_before_the_holidays(world: World) -> None:
    """Tết 2026: 14/2 to 22/2 are off. What is due on Monday 23/2 is apologised for by Friday 13/2."""
    calendar = clock.calendar_of(running(world))
    start, due = datetime(2026, 1, 26, 9, 0, tzinfo=VIETNAM), datetime(2026, 2, 23, 17, 0, tzinfo=VIETNAM)
    assert lateness.say_by(calendar, start=start, due=due) == datetime(2026, 2, 13, 17, 0, tzinfo=VIETNAM)
    assert lateness.is_near(calendar, start=start, until=due, now=datetime(2026, 2, 12, 8, 0, tzinfo=VIETNAM))
    assert lateness.window_end(calendar, datetime(2026, 2, 12, 8, 0, tzinfo=VIETNAM)) > due


def test_what_is_paused_finished_or_extended_gets_none(world: World) -> None:
    paused, extended, ended = running(world), running(world), running(world)
    attempt(world, "suspend", "hoa", paused, MONDAY + timedelta(hours=2))
    attempt(world, "extend", "tuan", extended, MONDAY + timedelta(hours=2))
    attempt(world, "stop", "tuan", ended, MONDAY + timedelta(hours=2))
    Dossier.objects.filter(pk=extended.pk).update(due_at=DUE, extended_due_at=DUE)
    assert watching.look_after(at=NEAR).prepared == 0


# ── The holder


def test_the_holder_waves_it_off_with_one_act_and_the_date_holds(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    for name in ("minh", "tuan", "binh"):
        with pytest.raises(Refusal):
            apology.wave_off(**common(world, name, dossier, NEAR))
    key = uuid4().hex
    for _twice in range(2):
        apology.wave_off(**{**common(world, "hoa", dossier, NEAR), "key": key})
    assert row_of(dossier).state == ApologyState.WAVED_OFF
    assert verbs(dossier).count("wave_off") == 1
    assert watching.look_after(at=NEAR + timedelta(hours=1)).said() == "nothing"
    with pytest.raises(Conflict):
        apology.wave_off(**common(world, "hoa", dossier, NEAR))


def test_a_leader_gives_a_proposal_back_with_a_reason_and_it_is_proposed_anew(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    with pytest.raises(Conflict):  # nothing proposed yet
        apology.send_back(**common(world, "tuan", dossier, NEAR), reason="Rõ hơn")
    said = {"new_due_at": DUE + timedelta(days=7), "reason": "Chờ"}
    apology.propose(**common(world, "hoa", dossier, NEAR), **said)
    for name in ("minh", "hoa", "binh"):
        with pytest.raises(Refusal):
            apology.send_back(**common(world, name, dossier, NEAR), reason="Rõ hơn")
    with pytest.raises(Refusal, match="cần sửa gì"):
        apology.send_back(**common(world, "tuan", dossier, NEAR), reason=" ")
    key = uuid4().hex
    for _twice in range(2):
        apology.send_back(**{**common(world, "tuan", dossier, NEAR), "key": key}, reason="Ghi rõ chờ ai")
    row = row_of(dossier)
    assert (row.state, row.reason) == (ApologyState.PREPARED, "Chờ"), "what was typed stays"
    assert verbs(dossier).count("return_apology") == 1
    with pytest.raises(Conflict):
        apology.send_back(**common(world, "tuan", dossier, NEAR), reason="Lần nữa")
    apology.propose(**common(world, "hoa", dossier, NEAR), **said | {"reason": "Chờ kết quả đo đạc"})
    assert row_of(dossier).state == ApologyState.PROPOSED


def test_what_was_waved_off_and_is_late_all_the_same_waits_for_its_reason(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    apology.wave_off(**common(world, "hoa", dossier, NEAR))
    assert watching.look_after(at=LATE).late == 1
    row = row_of(dossier)
    assert (row.state, row.missed_at) == (ApologyState.PREPARED, LATE)
    with pytest.raises(Refusal, match="Đã quá ngày hẹn"):
        apology.wave_off(**common(world, "hoa", dossier, LATE))


def test_the_holder_proposes_a_leader_approves_and_the_paper_is_issued(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    with pytest.raises(Refusal, match="lý do chậm"):
        propose(world, dossier, NEAR, reason=" ")
    with pytest.raises(Refusal, match="ngày nghỉ"):
        propose(world, dossier, NEAR, new_due_at=DUE + timedelta(days=4))
    propose(world, dossier, NEAR)
    row = row_of(dossier)
    assert (row.state, row.reason, row.proposed_by_id) == (
        "proposed",
        "Chờ kết quả đo đạc",
        world.positions["hoa"],
    )
    assert not Paper.objects.filter(dossier=dossier, form=data.Apology.form).exists()
    with pytest.raises(NotPermitted):
        pauses.extend(**common(world, "hoa", dossier, NEAR), new_due_at=row.new_due_at, reason=row.reason)
    pauses.extend(**common(world, "tuan", dossier, NEAR), new_due_at=row.new_due_at, reason=row.reason)
    row.refresh_from_db()
    dossier.refresh_from_db()
    assert (row.state, row.decided_by_id) == (ApologyState.APPROVED, world.positions["tuan"])
    assert dossier.due_at == row.new_due_at and dossier.original_due_at == DUE
    assert last(dossier).payload["late"] is False
    assert watching.look_after(at=NEAR + timedelta(hours=1)).said() == "nothing"
    with pytest.raises(Refusal, match="lần hai"):
        propose(world, dossier, NEAR, new_due_at=DUE + timedelta(days=10))


def test_who_holds_the_dossier_now_takes_the_apology_over(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    attempt(world, "propose", "hoa", dossier, NEAR, choice="Trình kết quả")
    attempt(world, "propose", "hoa", dossier, NEAR)  # now on the leader's desk
    with pytest.raises(NotPermitted):
        propose(world, dossier, NEAR)
    apology.propose(
        **common(world, "tuan", dossier, NEAR), new_due_at=DUE + timedelta(days=3), reason="Chờ ký"
    )
    assert row_of(dossier).proposed_by_id == world.positions["tuan"]


# ── The date moves, the dossier ends


def test_a_date_that_moves_by_a_pause_makes_the_apology_lapse(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    propose(world, dossier, NEAR)
    attempt(world, "suspend", "hoa", dossier, NEAR + timedelta(hours=1))
    assert watching.look_after(at=LATE).said() == "nothing", "a clock that stands is never late"
    attempt(world, "resume", "hoa", dossier, NEAR + timedelta(days=7))
    dossier.refresh_from_db()
    assert dossier.due_at is not None and dossier.due_at > DUE
    done = watching.look_after(at=NEAR + timedelta(days=7, hours=1))
    assert done.lapsed == 1
    rows = {row.due_at: row.state for row in Apology.objects.filter(dossier=dossier)}
    assert rows.pop(DUE) == ApologyState.LAPSED
    done = watching.look_after(at=dossier.due_at - timedelta(hours=8))
    rows = {row.due_at: row.state for row in Apology.objects.filter(dossier=dossier)}
    assert rows[dossier.due_at] == ApologyState.PREPARED


def test_between_looking_and_acting_the_date_moved(world: World) -> None:
    dossier = running(world)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=DUE + timedelta(days=1))
    with pytest.raises(Conflict):
        apology.prepare(dossier_id=dossier.pk, due_at=DUE, actor=SYSTEM, at=NEAR)
    with pytest.raises(Conflict):
        apology.note_late(dossier_id=dossier.pk, due_at=DUE, actor=SYSTEM, at=LATE)
    assert not Apology.objects.filter(dossier=dossier).exists()


def test_an_approval_after_the_end_is_refused_and_what_was_open_lapses(world: World) -> None:
    dossier = running(world)
    watching.look_after(at=NEAR)
    propose(world, dossier, NEAR)
    attempt(world, "withdraw", "minh", dossier, NEAR + timedelta(hours=1))
    with pytest.raises(Conflict):
        attempt(world, "extend", "tuan", dossier, NEAR + timedelta(hours=2))
    assert watching.look_after(at=LATE).lapsed == 1
    assert row_of(dossier).state == ApologyState.LAPSED


# ── Never silently late


def test_a_date_that_passes_is_noted_once_by_the_system(world: World) -> None:
    dossier = running(world)
    assert watching.look_after(at=DUE).late == 0
    for moment in (LATE, LATE + timedelta(minutes=15), LATE + timedelta(days=30)):
        watching.look_after(at=moment)
    assert verbs(dossier).count("note_late") == 1
    entry = queries.history(dossier).filter(verb="note_late").get()
    assert entry.actor_kind == "system" and entry.payload["again"] is False
    assert row_of(dossier).missed_at == LATE
    attempt(
        world, "extend", "tuan", dossier, LATE + timedelta(days=30), new_due_at=LATE.replace(month=8, day=25)
    )
    assert row_of(dossier).state == ApologyState.APPROVED
    assert last(dossier).payload["late"] is True


def test_the_new_date_passing_too_is_noted_and_cannot_be_apologised_for(world: World) -> None:
    dossier = running(world)
    attempt(world, "extend", "tuan", dossier, NEAR)
    dossier.refresh_from_db()
    assert dossier.due_at is not None
    assert watching.look_after(at=dossier.due_at + timedelta(hours=1)).late == 1
    row = Apology.objects.get(dossier=dossier, due_at=dossier.due_at)
    assert row.state == ApologyState.SPENT
    assert last(dossier).payload["again"] is True


def test_a_killed_round_is_taken_up_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers = [running(world) for _number in range(3)]
    real, calls = apology.note_late, []

    def dies(**values: Any) -> Dossier:
        calls.append(values)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**values)

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(apology, "note_late", dies)
        watching.look_after(at=LATE)
    assert watching.look_after(at=LATE).late == 2
    assert [verbs(one).count("note_late") for one in dossiers] == [1, 1, 1]


def test_one_broken_dossier_does_not_stop_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers = [running(world) for _number in range(3)]
    real = apology.note_late

    def breaks(**values: Any) -> Dossier:
        if values["dossier_id"] == dossiers[1].pk:
            raise ZeroDivisionError
        return real(**values)

    with monkeypatch.context() as broken:
        broken.setattr(apology, "note_late", breaks)
        done = watching.look_after(at=LATE)
    assert (done.late, done.failed) == (2, 1)
    assert watching.look_after(at=LATE).late == 1


# ── Completeness within one working day


def submitted(world: World, channel: str = "post", at: datetime = MONDAY) -> Dossier:
    minh = world.actor("minh")
    return intake.submit(intake=plan(world, minh, channel=channel), actor=minh, at=at, key=uuid4().hex)


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        ((2026, 7, 6, 9, 15), (2026, 7, 7, 9, 15)),
        ((2026, 7, 10, 16, 30), (2026, 7, 13, 16, 30)),  # Friday afternoon to Monday afternoon
        ((2026, 7, 11, 20, 0), (2026, 7, 13, 17, 0)),  # Saturday evening: all of Monday
        ((2026, 2, 13, 14, 0), (2026, 2, 23, 14, 0)),  # the day before Tết
    ],
)
def test_an_answer_on_completeness_is_due_after_eight_working_hours(
    world: World, came: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    calendar = clock.calendar_of(running(world))
    moment = datetime(*came, tzinfo=VIETNAM)  # type: ignore[arg-type,misc]
    assert lateness.answer_due(calendar, moment) == datetime(*answer, tzinfo=VIETNAM)  # type: ignore[arg-type,misc]


def test_who_is_asked_before_acceptance_begins_a_new_working_day_by_answering(world: World) -> None:
    dossier = submitted(world)
    assert dossier.answer_due_at == MONDAY + timedelta(days=1)
    assert submitted(world, "in_person").answer_due_at is None
    attempt(world, "request_supplement", "minh", dossier, MONDAY + timedelta(hours=1))
    dossier.refresh_from_db()
    assert dossier.answer_due_at is None, "the procedure sets the applicant no deadline"
    brought = MONDAY + timedelta(days=2)
    attempt(world, "receive_supplement", "minh", dossier, brought)
    dossier.refresh_from_db()
    assert dossier.answer_due_at == brought + timedelta(days=1)
    attempt(world, "accept", "minh", dossier, brought)
    dossier.refresh_from_db()
    assert dossier.answer_due_at is None and dossier.accepted_at == brought


def test_dossiers_of_the_version_before_get_their_moment(world: World) -> None:
    dossier = submitted(world)
    Dossier.objects.filter(pk=dossier.pk).update(answer_due_at=None)
    assert watching.look_after(at=MONDAY).moments == 1
    dossier.refresh_from_db()
    assert dossier.answer_due_at == MONDAY + timedelta(days=1)


# ── Asked in time, once, or by a leader


def test_after_the_procedures_own_day_only_a_leader_asks_with_a_reason(world: World) -> None:
    """A building permit: within 7 working days of acceptance, once, in writing. Monday 6/7, so by Wednesday 15/7."""
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        ask_within_value=7, ask_within_unit="working_day"
    )
    last = datetime(2026, 7, 15, 17, 0, tzinfo=VIETNAM)
    in_time, late = running(world), running(world)
    assert lateness.ask_by(late) == last
    attempt(world, "request_supplement", "hoa", in_time, last)
    items, after = [Missing("Bản vẽ", "Thiếu mặt cắt")], last + timedelta(minutes=1)
    for more in ({}, {"second_reason": "Phát sinh"}):
        with pytest.raises(supplement.LateSupplement, match="15/07/2026"):
            supplement.request_supplement(**common(world, "hoa", late, after), items=items, **more)
    attempt(world, "propose", "hoa", late, after, choice="Trình kết quả")
    attempt(world, "propose", "hoa", late, after)  # now on the leader's desk
    with pytest.raises(supplement.LateSupplement):
        supplement.request_supplement(**common(world, "tuan", late, after), items=items)
    supplement.request_supplement(
        **common(world, "tuan", late, after), items=items, second_reason="Bản vẽ mới có sau thẩm định"
    )
    assert SupplementRequest.objects.get(dossier=late).second_reason == "Bản vẽ mới có sau thẩm định"
    assert Paper.objects.filter(dossier=late, form="supplement_request").count() == 1


def test_before_acceptance_the_procedures_own_day_does_not_count(world: World) -> None:
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        ask_within_value=1, ask_within_unit="working_day"
    )
    dossier = submitted(world)
    assert lateness.ask_by(dossier) is None
    attempt(world, "request_supplement", "minh", dossier, MONDAY + timedelta(days=4))


# ── The applicant's own deadline


def asked(world: World, on_expiry: str, *, before: bool = False) -> Dossier:
    """Asked on Monday, to be answered within 5 working days: by Monday 13/7 at 17:00."""
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        answer_within_value=5, answer_within_unit="working_day", on_expiry=on_expiry
    )
    dossier = submitted(world) if before else running(world)
    who = "minh" if before else "hoa"
    supplement.request_supplement(
        **common(world, who, dossier, MONDAY + timedelta(hours=2)), items=[Missing("Bản vẽ", "Thiếu mặt cắt")]
    )
    dossier.refresh_from_db()
    return dossier


ANSWER_BY = datetime(2026, 7, 13, 17, 0, tzinfo=VIETNAM)
GONE = datetime(2026, 7, 15, 8, 0, tzinfo=VIETNAM)


def request_of(dossier: Dossier) -> SupplementRequest:
    return SupplementRequest.objects.get(dossier=dossier)


def test_the_applicant_is_reminded_once_before_the_deadline(world: World) -> None:
    dossier = asked(world, "close")
    assert request_of(dossier).answer_by == ANSWER_BY == dossier.answer_due_at
    assert watching.look_after(at=MONDAY + timedelta(days=2)).reminded == 0
    soon = datetime(2026, 7, 10, 8, 0, tzinfo=VIETNAM)
    assert [watching.look_after(at=soon).reminded for _twice in range(2)] == [1, 0]
    assert request_of(dossier).reminded_at == soon
    assert last(dossier).verb == "remind_supplement"


def test_go_on_is_done_by_the_system_and_counts_from_the_deadline(world: World) -> None:
    dossier = asked(world, "continue")
    assert watching.look_after(at=ANSWER_BY).expired == 0
    assert watching.look_after(at=GONE).expired == 1
    dossier.refresh_from_db()
    assert dossier.state == states.PROCESSING and dossier.paused_at is None
    (pause,) = clock.pauses_of(dossier)
    assert pause.ended_at == ANSWER_BY, "the office does not lose the days until the system came by"
    assert dossier.due_at == clock.due_after_pauses(dossier, [pause])
    entry = last(dossier)
    assert (entry.verb, entry.actor_kind) == ("go_on_without", "system")
    assert watching.look_after(at=GONE).said() == "nothing"
    attempt(world, "propose", "hoa", dossier, GONE, choice="Trình kết quả")
    assert list(verify(queries.history(dossier))) == []


@pytest.mark.parametrize("on_expiry", ["close", "refuse", ""])
def test_an_end_is_only_prepared_by_the_system(world: World, on_expiry: str) -> None:
    dossier = asked(world, on_expiry)
    assert watching.look_after(at=GONE).expired == 1
    dossier.refresh_from_db()
    assert dossier.state == states.ASKED
    assert last(dossier).verb == "expire_supplement" and last(dossier).payload["on_expiry"] == on_expiry
    assert watching.look_after(at=GONE + timedelta(days=1)).said() == "nothing"


def test_a_leader_confirms_the_close_with_the_stop_notice(world: World) -> None:
    dossier = asked(world, "close")
    watching.look_after(at=GONE)
    with pytest.raises(NotPermitted):
        ending.stop(**common(world, "hoa", dossier, GONE), reason="Hết hạn bổ sung")
    ending.stop(**common(world, "tuan", dossier, GONE), reason="Hết hạn bổ sung")
    dossier.refresh_from_db()
    assert dossier.state == states.STOPPED
    assert Paper.objects.filter(dossier=dossier, form=data.StopNotice.form).exists()


def test_a_leader_confirms_the_refusal_and_the_return_desk_hands_it_over(world: World) -> None:
    dossier = asked(world, "refuse")
    early = common(world, "tuan", dossier, ANSWER_BY)
    with pytest.raises(Conflict, match="còn hạn"):
        expiry.refuse_unanswered(**early, reason="Không bổ sung")
    watching.look_after(at=GONE)
    for name in ("hoa", "minh", "binh"):
        with pytest.raises(Refusal):
            expiry.refuse_unanswered(**common(world, name, dossier, GONE), reason="Không bổ sung")
    expiry.refuse_unanswered(**common(world, "tuan", dossier, GONE), reason="Không bổ sung")
    dossier.refresh_from_db()
    assert dossier.state == states.REFUSED and dossier.finished_at == GONE
    assert Paper.objects.filter(dossier=dossier, form=data.Refusal.form).exists()
    attempt(world, "return_result", "mai", dossier, GONE + timedelta(hours=1))
    dossier.refresh_from_db()
    assert dossier.state == states.RETURNED_REFUSED


def test_papers_that_come_after_the_deadline_but_before_the_decision_are_taken(world: World) -> None:
    dossier = asked(world, "close")
    watching.look_after(at=GONE)
    attempt(world, "receive_supplement", "minh", dossier, GONE)
    dossier.refresh_from_db()
    assert dossier.state == states.PROCESSING
    with pytest.raises(Conflict):
        attempt(world, "go_on_without", "tuan", dossier, GONE)


def test_before_acceptance_the_counter_decides_and_go_on_means_check_again(world: World) -> None:
    dossier = asked(world, "continue", before=True)
    assert watching.look_after(at=GONE).expired == 1
    dossier.refresh_from_db()
    assert dossier.state == states.NEW
    assert dossier.answer_due_at == lateness.answer_due(clock.calendar_of(dossier), GONE)
    other = asked(world, "close", before=True)
    watching.look_after(at=GONE)
    intake.refuse(**common(world, "minh", other, GONE), reason="Hết hạn bổ sung")
    other.refresh_from_db()
    assert other.state == states.NOT_ACCEPTED and other.answer_due_at is None


def test_a_request_of_a_withdrawn_dossier_is_let_go_of(world: World) -> None:
    dossier = asked(world, "close")
    attempt(world, "withdraw", "minh", dossier, GONE - timedelta(days=1))
    done = watching.look_after(at=GONE)
    assert (done.lapsed, done.expired) == (1, 0)
    assert watching.look_after(at=GONE).said() == "nothing"
