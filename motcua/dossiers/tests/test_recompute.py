"""A day off that comes after dates were promised: found, chosen by two, moved one by one, told; never by itself."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Calendar, Day, DayKind, HoursChange
from motcua.base.calendars.operations import days, edits, offices
from motcua.base.calendars.operations.offices import Week
from motcua.base.calendars.queries import hours_again, working_calendar
from motcua.base.outbox.models import Message
from motcua.dossiers import due_facts, queries, tracking
from motcua.dossiers import recompute as reads
from motcua.dossiers.models import DueMove, Recompute
from motcua.dossiers.models.recompute import Choice, MoveState, RecomputeState, Skip
from motcua.dossiers.operations import pauses, recompute
from motcua.dossiers.tests.intake_world import VIETNAM, world
from motcua.dossiers.tests.lives import MONDAY, common, later, take_in
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import Session

pytestmark = pytest.mark.django_db
__all__ = ["world"]

NOW = MONDAY + timedelta(days=1)
#: Promised for: 15 calendar days on.
DUE = datetime(2026, 7, 21, 17, 0, tzinfo=VIETNAM)
TEXT = "Công điện 7/CĐ-TTg"
KIM = Actor(kind="officer", account_id=901, roles=frozenset({"business_admin"}), name="Kim")
AN = Actor(kind="officer", account_id=902, roles=frozenset({"system_admin"}), name="An")


def key() -> str:
    return uuid4().hex


def storm(on: date = date(2026, 7, 21)) -> Day:
    return days.add_day(
        on=on, kind=DayKind.DAY_OFF, name="Nghỉ tránh bão", source=TEXT, actor=KIM, at=NOW, key=key()
    )


def counted(day: Day, *, at: datetime = NOW, batch: int = 1000) -> Recompute:
    row = recompute.open_for_day(day_id=day.pk, actor=KIM, at=at, key=key())
    recompute.run(at=at, batch=batch)
    row.refresh_from_db()
    return row


def proposed(row: Recompute, choice: Choice = Choice.MOVE) -> Recompute:
    return recompute.propose(
        recompute_id=row.pk, choice=choice, reason="Cả tỉnh nghỉ", actor=KIM, at=NOW, key=key()
    )


def approved(row: Recompute) -> Recompute:
    return recompute.approve(recompute_id=row.pk, actor=AN, at=NOW, key=key())


def state_of(row: Recompute) -> str:
    row.refresh_from_db()
    return row.state


def test_a_day_off_moves_nothing_until_two_people_say_so(world):
    dossier = take_in(world)
    assert timezone.localtime(dossier.due_at).date() == DUE.date()
    row = counted(storm())
    assert row.state == RecomputeState.COUNTED
    [move] = row.moves.all()
    assert (move.due_before, move.state) == (dossier.due_at, MoveState.LATER)
    assert timezone.localtime(move.due_after).date() == date(2026, 7, 22)
    assert [one[2:] for one in row.groups] == [[1, 0]]

    proposed(row)
    with pytest.raises(Refusal, match="Nhờ một người giữ lịch khác"):
        recompute.approve(recompute_id=row.pk, actor=KIM, at=NOW, key=key())
    recompute.run(at=NOW)
    dossier.refresh_from_db()
    assert dossier.due_at == move.due_before, "nobody approved"

    approved(row)
    assert recompute.run(at=NOW) == 1
    before, version = dossier.due_at, dossier.version
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.original_due_at) == (move.due_after, before)
    assert dossier.version == version + 1 and state_of(row) == RecomputeState.DONE
    assert recompute.run(at=NOW) == 0, "a second run finds nothing"


def test_history_news_and_explanations_say_why(world):
    dossier = take_in(world)
    old = dossier.due_at
    row = counted(storm())
    approved(proposed(row))
    recompute.run(at=NOW)
    dossier.refresh_from_db()

    entry = queries.history(dossier).last()
    assert entry.verb == "recompute" and TEXT in entry.payload["reason"]
    assert entry.payload["approved_by"] == AN.account_id and entry.payload["recompute"] == row.pk
    news = Message.objects.filter(name="dossiers.moved").order_by("id").last()
    assert news is not None and news.payload["verb"] == "recompute"
    assert datetime.fromisoformat(news.payload["due_at"]) == dossier.due_at

    facts = due_facts.explain(dossier, [], now=NOW)
    assert facts.reckoned == dossier.due_at and not facts.calendar_changed
    said = [line.text for line in facts.lines if line.kind == "recomputed"]
    assert len(said) == 1 and said[0].startswith("hẹn lại theo lịch làm việc") and TEXT in said[0]
    assert facts.lines[-1].kind == "due"

    seen = tracking.by_token(dossier.token, address="192.0.2.1", now=NOW)
    assert seen is not None and seen.apology == ""
    assert [(one.before, one.after) for one in seen.moves] == [(old, dossier.due_at)]
    assert any("hẹn lại theo lịch làm việc" in line for line in seen.explanation)


def test_a_date_is_never_moved_earlier(world):
    day = storm()
    dossier = take_in(world)
    edits.withdraw_day(day_id=day.pk, reason="Bão tan", actor=KIM, at=NOW, key=key())
    row = counted(day)
    [move] = row.moves.all()
    assert move.state == MoveState.EARLIER and move.due_after < move.due_before
    with pytest.raises(Refusal, match="không có gì để dời"):
        proposed(row)
    approved(proposed(row, Choice.KEEP))
    recompute.run(at=NOW)
    before = dossier.due_at
    dossier.refresh_from_db()
    assert dossier.due_at == before and state_of(row) == RecomputeState.KEPT
    with transaction.atomic(), pytest.raises(Exception, match="due_move_only_later"):
        DueMove.objects.filter(pk=move.pk).update(state=MoveState.MOVED)


def test_what_was_kept_stays_and_is_on_record(world):
    dossier = take_in(world)
    row = counted(storm())
    approved(proposed(row, Choice.KEEP))
    recompute.run(at=NOW)
    before = dossier.due_at
    dossier.refresh_from_db()
    assert dossier.due_at == before
    assert reads.outcome(row) == {MoveState.LATER: 1}
    assert due_facts.explain(dossier, [], now=NOW).calendar_changed


def test_only_the_dossiers_whose_date_the_day_changes_are_found(world):
    soon = take_in(world)  # promised for the 21st
    far = take_in(world, at=later(days=11))
    row = counted(storm(date(2026, 7, 16)))  # a plain day in the middle of calendar days changes nothing
    assert row.moves.count() == 0 and row.looked == 2
    second = counted(storm(), at=NOW)
    assert [one.dossier_id for one in second.moves.all()] == [soon.pk]
    assert far.due_at > soon.due_at


def test_what_changed_meanwhile_is_skipped_with_the_reason(world):
    paused, apologised, passed = (take_in(world) for _n in range(3))
    row = counted(storm())
    assert row.moves.count() == 3
    approved(proposed(row))
    pauses.suspend(**common(world, "tuan", paused, NOW, reason="Chờ cơ quan khác"))
    pauses.extend(
        **common(world, "tuan", apologised, NOW, reason="Chờ thực địa", new_due_at=DUE + timedelta(days=6))
    )
    recompute.run(at=NOW)
    why = dict(row.moves.values_list("dossier_id", "why"))
    assert why == {paused.pk: Skip.PAUSED, apologised.pk: Skip.MOVED_ON, passed.pk: ""}
    assert state_of(row) == RecomputeState.DONE
    assert reads.outcome(row) == {MoveState.SKIPPED: 2, MoveState.MOVED: 1}


def test_a_date_that_passed_stays_late(world):
    dossier = take_in(world)
    row = counted(storm())
    approved(proposed(row))
    recompute.run(at=DUE + timedelta(days=2))
    move = row.moves.get()
    assert (move.state, move.why) == (MoveState.SKIPPED, Skip.PASSED)
    assert dossier.due_at == move.due_before


def test_a_day_that_changed_again_has_to_be_counted_again(world):
    take_in(world)
    day = storm()
    row = proposed(counted(day))
    edits.withdraw_day(day_id=day.pk, reason="Nhập nhầm", actor=KIM, at=NOW, key=key())
    with pytest.raises(Conflict, match="đã đổi tiếp"):
        approved(row)
    recompute.drop(recompute_id=row.pk, actor=AN, at=NOW, key=key())
    assert state_of(row) == RecomputeState.DROPPED
    assert recompute.open_for_day(day_id=day.pk, actor=KIM, at=NOW, key=key()).pk != row.pk


def test_one_is_open_for_a_day_and_a_second_click_is_the_first(world):
    day, same = storm(), key()
    first = recompute.open_for_day(day_id=day.pk, actor=KIM, at=NOW, key=same)
    assert recompute.open_for_day(day_id=day.pk, actor=KIM, at=NOW, key=same) == first
    assert recompute.open_for_day(day_id=day.pk, actor=AN, at=NOW, key=key()) == first
    with pytest.raises(NotPermitted):
        recompute.open_for_day(day_id=day.pk, actor=world.actor("hoa"), at=NOW, key=key())


def test_a_choice_can_be_sent_back(world):
    take_in(world)
    row = proposed(counted(storm()))
    with pytest.raises(Refusal, match="Ghi vì sao"):
        recompute.send_back(recompute_id=row.pk, reason=" ", actor=AN, at=NOW, key=key())
    recompute.send_back(recompute_id=row.pk, reason="Chưa có công điện", actor=AN, at=NOW, key=key())
    assert state_of(row) == RecomputeState.COUNTED and row.choice == ""
    with pytest.raises(Conflict, match="Chờ chọn"):
        approved(row)


def test_counting_and_moving_go_on_after_a_kill(world, monkeypatch):
    dossiers = [take_in(world) for _n in range(5)]
    row = recompute.open_for_day(day_id=storm().pk, actor=KIM, at=NOW, key=key())
    assert recompute.count_some(recompute_id=row.pk, at=NOW, most=2)
    recompute.run(at=NOW, batch=2)
    assert row.moves.count() == 5 and state_of(row) == RecomputeState.COUNTED

    approved(proposed(row))
    real, calls = recompute.move, []

    def dies(**values):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(**values)

    with monkeypatch.context() as broken:
        broken.setattr(recompute, "move", dies)
        with pytest.raises(KeyboardInterrupt):
            recompute.run(at=NOW)
    assert state_of(row) == RecomputeState.MOVING
    assert recompute.run(at=NOW) == 3
    assert state_of(row) == RecomputeState.DONE
    for dossier in dossiers:
        assert queries.history(dossier).filter(verb="recompute").count() == 1


def test_one_that_breaks_does_not_hold_up_the_rest(world, monkeypatch):
    broken_one, fine = take_in(world), take_in(world)
    row = counted(storm())
    approved(proposed(row))
    real = recompute.move
    bad = row.moves.get(dossier=broken_one).pk

    def breaks(*, move_id, at):
        if move_id == bad:
            raise RuntimeError("planted")
        return real(move_id=move_id, at=at)

    with monkeypatch.context() as patched:
        patched.setattr(recompute, "move", breaks)
        assert recompute.run(at=NOW) == 1
    assert state_of(row) == RecomputeState.MOVING and fine.due_at is not None
    assert recompute.run(at=NOW) == 1 and state_of(row) == RecomputeState.DONE


def test_every_act_stands_in_the_trail(world):
    take_in(world)
    row = counted(storm())
    approved(proposed(row))
    recompute.run(at=NOW)
    verbs = list(
        Entry.objects.filter(subject_kind="recompute", subject_id=str(row.pk))
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    assert verbs == [f"recompute.{name}" for name in ("open", "count", "propose", "approve", "finish")]


def test_a_batch_costs_the_same_queries_for_many(world, django_assert_num_queries):
    for _n in range(3):
        take_in(world)
    day, calendar = storm(), Calendar.objects.get(pk=world.home.calendar_id)
    reads.batch(day, calendar.pk, now=NOW)
    with django_assert_num_queries(3):  # dossiers, pauses, the calendar's version
        found = reads.batch(day, calendar.pk, now=NOW)
    assert len(found.found) == 3


def test_a_survey_changes_nothing(world):
    dossier = take_in(world)
    found = [one for part in reads.survey(storm(), now=NOW) for one in part.found]
    assert [one.dossier_id for one in found] == [dossier.pk]
    assert not Recompute.objects.exists() and not DueMove.objects.exists()


def test_the_database_refuses_one_person_for_both(world):
    row = proposed(counted(storm()), Choice.KEEP)
    with transaction.atomic(), pytest.raises(Exception, match="recompute_second_person"):
        Recompute.objects.filter(pk=row.pk).update(decided_by=row.proposed_by)


# ── Office hours

LAW = "Quyết định 5/QĐ-UBND"


def new_hours(world, *, closes: time, since: date = date(2026, 7, 10), first: int = 1) -> HoursChange:
    sessions = (Session(time(7, 30), time(11, 30)), Session(time(13, 0), closes))
    offices.set_hours(
        calendar_id=world.home.calendar_id, valid_from=since, weeks=[Week(sessions, Decimal("7.5"), first)],
        source=LAW, actor=KIM, at=NOW, key=key(),
    )  # fmt: skip
    return HoursChange.objects.order_by("-pk")[0]


def recounted(change: HoursChange) -> Recompute:
    row = recompute.open_for_hours(change_id=change.pk, actor=KIM, at=NOW, key=key())
    recompute.run(at=NOW)
    row.refresh_from_db()
    return row


def test_an_office_that_closes_a_weekday_later_moves_by_two_people_and_says_why(world):
    dossier = take_in(world)  # promised for Tuesday the 21st
    old = dossier.due_at
    before = working_calendar(world.home.calendar_id)
    change = new_hours(world, closes=time(17), first=3)  # closed on Mondays and Tuesdays
    assert hours_again(change.before) == before.hours, "what stood before is kept whole"
    dossier.refresh_from_db()
    assert dossier.due_at == old
    row = recounted(change)
    [move] = row.moves.all()
    assert move.state == MoveState.LATER and timezone.localtime(move.due_after).date() == date(2026, 7, 22)
    with pytest.raises(Refusal, match="Nhờ một người giữ lịch khác"):
        recompute.approve(recompute_id=proposed(row).pk, actor=KIM, at=NOW, key=key())
    approved(row)
    assert recompute.run(at=NOW) == 1
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.original_due_at) == (move.due_after, old)
    facts = due_facts.explain(dossier, [], now=NOW)
    assert facts.reckoned == dossier.due_at and not facts.calendar_changed
    [said] = [line.text for line in facts.lines if line.kind == "recomputed"]
    assert LAW in said and "giờ làm việc mới từ 10/07/2026" in said
    assert LAW in queries.history(dossier).last().payload["reason"]


def test_an_office_that_closes_earlier_keeps_the_hour_on_the_slip(world):
    dossier = take_in(world)
    row = recounted(new_hours(world, closes=time(16)))
    [move] = row.moves.all()
    assert move.state == MoveState.EARLIER
    with pytest.raises(Refusal, match="không có gì để dời"):
        proposed(row)
    approved(proposed(row, Choice.KEEP))
    recompute.run(at=NOW)
    before = dossier.due_at
    dossier.refresh_from_db()
    assert dossier.due_at == before and due_facts.explain(dossier, [], now=NOW).calendar_changed


def test_hours_that_begin_after_the_date_or_change_nothing_concern_nobody(world):
    take_in(world)
    assert recounted(new_hours(world, closes=time(18), since=date(2026, 8, 3))).looked == 0
    assert recounted(new_hours(world, closes=time(17))).moves.count() == 0


def test_hours_changed_again_have_to_be_counted_again(world):
    take_in(world)
    row = proposed(recounted(new_hours(world, closes=time(17, 30))))
    again = new_hours(world, closes=time(18))
    with pytest.raises(Conflict, match="đã đổi tiếp"):
        approved(row)
    assert recompute.open_for_hours(change_id=again.pk, actor=AN, at=NOW, key=key()).pk != row.pk
    with pytest.raises(NotFound):
        recompute.open_for_hours(change_id=0, actor=AN, at=NOW, key=key())
    with pytest.raises(NotPermitted):
        recompute.open_for_hours(change_id=again.pk, actor=world.actor("hoa"), at=NOW, key=key())


def test_a_recompute_is_of_a_day_or_of_hours(world):
    row = counted(storm())
    with transaction.atomic(), pytest.raises(Exception, match="recompute_day_or_hours"):
        Recompute.objects.filter(pk=row.pk).update(day=None)
