"""What people at counters get wrong: a visit ended too early, a shift nobody signed off, a printer without paper."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.counters import station_queries
from motcua.counters.models import Call, Device, DeviceKind, HallLine, Pause, Shift, StationJob, Ticket
from motcua.counters.models.station import JobState
from motcua.counters.operations import calling, staffing
from motcua.counters.operations.calling import REOPENS
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld
from motcua.lib.refusal import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def key() -> str:
    return uuid4().hex


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def frame(hall: HallWorld, name: str = "an", **later: Any) -> dict[str, Any]:
    return {"actor": hall.officers[name], "at": hall.later(**later), "key": key()}


def served(hall: HallWorld, name: str = "an") -> Ticket:
    ticket = hall.next(name)
    assert ticket is not None
    calling.start(ticket_id=ticket.pk, **frame(hall, name, seconds=10))
    return calling.finish(ticket_id=ticket.pk, **frame(hall, name, minutes=4))


# ── Ended by mistake


def test_a_visit_ended_by_mistake_goes_on_and_its_wait_counts_as_before(hall: HallWorld) -> None:
    hall.take("A")
    before = served(hall)
    calling.reopen(ticket_id=before.pk, **frame(hall, minutes=2))
    open_ = now(before)
    assert (open_.state, open_.called_at, open_.started_at, open_.ended_at, open_.calls) == (
        State.SERVING, before.called_at, before.started_at, None, 1,
    )  # fmt: skip
    ended = calling.finish(ticket_id=before.pk, **frame(hall, minutes=3))
    assert ended.ended_at == hall.now and Call.objects.count() == 1
    entry = Entry.objects.get(verb="ticket.reopen")
    assert entry.payload["label"] == before.label and entry.payload["ended_at"]


def test_who_was_called_too_early_is_back_at_their_place_with_the_rule_of_turns(hall: HallWorld) -> None:
    hall.take("A")
    hall.take("A")
    first = served(hall)
    streaks = HallLine.objects.get().streaks
    second = hall.next()
    assert second is not None
    calling.reopen(ticket_id=first.pk, **frame(hall))
    assert (now(first).state, now(second).state) == (State.SERVING, State.WAITING)
    assert HallLine.objects.get().streaks == streaks
    again = hall.next()
    assert again is not None and again.pk == second.pk


def test_what_may_not_be_opened_again(hall: HallWorld) -> None:
    for _number in range(4):
        hall.take("A")
    first = served(hall)
    with pytest.raises(Refusal, match="do người khác"):
        calling.reopen(ticket_id=first.pk, **frame(hall, "be"))
    second = served(hall)
    with pytest.raises(Refusal, match="phục vụ xong số khác"):
        calling.reopen(ticket_id=first.pk, **frame(hall))
    third = hall.next()
    assert third is not None
    with pytest.raises(Refusal, match="chưa kết thúc"):
        calling.reopen(ticket_id=third.pk, **frame(hall))
    calling.start(ticket_id=third.pk, **frame(hall))
    with pytest.raises(Refusal, match="đang phục vụ"):
        calling.reopen(ticket_id=second.pk, **frame(hall))
    calling.finish(ticket_id=third.pk, **frame(hall))
    with pytest.raises(Refusal, match="quá 10 phút"):
        calling.reopen(ticket_id=third.pk, **frame(hall, seconds=REOPENS.seconds + 1))
    staffing.sign_off(**frame(hall))
    with pytest.raises(Refusal, match="chưa vào quầy"):
        calling.reopen(ticket_id=third.pk, **frame(hall))
    assert set(Ticket.objects.values_list("state", flat=True)) == {State.SERVED, State.WAITING}


def test_a_counter_left_by_mistake_and_sat_down_at_again(hall: HallWorld) -> None:
    hall.take("A")
    ticket = hall.next()
    assert ticket is not None
    calling.start(ticket_id=ticket.pk, **frame(hall))
    staffing.sign_off(**frame(hall))
    shift = staffing.sign_on(counter_id=hall.counters[0].pk, **frame(hall))
    same = key()
    for _twice in range(2):
        calling.reopen(ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.now, key=same)
    assert now(ticket).shift_id == shift.pk and Entry.objects.filter(verb="ticket.reopen").count() == 1


# ── A shift nobody signed off


def test_a_forgotten_counter_is_taken_over_and_the_old_shift_ends_with_its_last_act(hall: HallWorld) -> None:
    hall.take("A")
    ticket = hall.next()
    assert ticket is not None
    calling.start(ticket_id=ticket.pk, **frame(hall, seconds=20))
    last = hall.now
    old = Shift.objects.get(counter=hall.counters[0], ended_at=None)
    with pytest.raises(Refusal, match="chưa đến 10 phút"):
        staffing.take_over(shift_id=old.pk, **frame(hall, "cu", minutes=9))
    new = staffing.take_over(shift_id=old.pk, **frame(hall, "cu", minutes=40))
    old.refresh_from_db()
    assert (old.ended_at, new.started_at) == (last, hall.now)
    done = now(ticket)
    assert (done.state, done.ended_at) == (State.SERVED, last)  # not forty minutes of service
    entry = Entry.objects.get(verb="counter.take_over")
    assert entry.account_id == hall.officers["cu"].account_id
    assert (entry.payload["shift"], entry.payload["from"]) == (str(old.pk), old.account_id)
    with pytest.raises(Refusal, match="chưa vào quầy"):
        hall.next("an")
    hall.take("A")
    assert hall.label("cu") == "A002"  # what the counter serves stays


def test_who_was_only_called_goes_back_and_a_break_ends_with_the_shift(hall: HallWorld) -> None:
    hall.take("A")
    called = hall.next()
    assert called is not None
    old = Shift.objects.get(counter=hall.counters[0], ended_at=None)
    staffing.take_over(shift_id=old.pk, **frame(hall, "cu", minutes=11))
    assert now(called).state == State.WAITING and hall.label("cu") == called.label
    resting = Shift.objects.get(counter=hall.counters[1], ended_at=None)
    staffing.pause(**frame(hall, "be"))
    with pytest.raises(Refusal, match="Bạn đang ở"):
        staffing.take_over(shift_id=resting.pk, **frame(hall, "cu", minutes=30))
    staffing.take_over(shift_id=resting.pk, **frame(hall, "an"))
    pause = Pause.objects.get()
    assert pause.until is not None and pause.until >= pause.since
    with pytest.raises(Refusal, match="Không tìm thấy"):
        staffing.take_over(shift_id=uuid4(), **frame(hall, "be"))


# ── Printers and scanners


def test_a_printer_without_paper_is_told_until_it_prints_again_and_a_silent_one_at_once(
    hall: HallWorld,
) -> None:
    at = timezone.now()
    ghost = hall.take("A", real=False)
    station = Device.objects.create(
        hall=hall.hall, kind=DeviceKind.STATION, name="Trạm 1", counter=hall.counters[0], token_hash=b"1" * 32,
        paired_at=at, seen_at=at, settings={"can": ["print"]},
    )  # fmt: skip
    assert station_queries.trouble(hall.hall.pk, at) == []
    given = {
        "home_agency_id": ghost.home_agency_id,
        "station": station,
        "kind": "print",
        "subject_kind": "ticket",
    }
    StationJob.objects.create(
        **given, subject_id=str(ghost.pk), asked_at=at - timedelta(minutes=3), expires_at=at,
        state=JobState.FAILED, ended_at=at, problem="no_paper",
    )  # fmt: skip
    (told,) = station_queries.trouble(hall.hall.pk, at)
    assert "hết giấy" in told.words and told.labels == (ghost.label,)
    assert station_queries.trouble(hall.hall.pk, at, counter_id=hall.counters[1].pk) == []
    StationJob.objects.create(
        **given, subject_id=str(ghost.pk), asked_at=at, expires_at=at, state=JobState.DONE, ended_at=at
    )
    assert station_queries.trouble(hall.hall.pk, at) == []
    (silent,) = station_queries.trouble(hall.hall.pk, at + timedelta(minutes=4))
    assert "Không trả lời" in silent.words
    staffing.sign_off(**frame(hall, "an"))
    assert station_queries.trouble(hall.hall.pk, at + timedelta(hours=9)) == [], "at night machines are off"
    Device.objects.filter(pk=station.pk).update(revoked_at=at)
    assert station_queries.trouble(hall.hall.pk, at + timedelta(minutes=4)) == []
