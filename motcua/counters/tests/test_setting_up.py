"""A hall is set up while it works: services, counters by two administrators at once, devices, nights."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.counters import hall_now, hall_words, rule_words, setting
from motcua.counters.models import Serving, Shift
from motcua.counters.operations import calling, devices, halls, staffing
from motcua.counters.operations.common import NotNow
from motcua.counters.operations.devices import Fitted
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

pytestmark = pytest.mark.django_db


def _said(hall: HallWorld, actor=SYSTEM) -> dict:
    return {"actor": actor, "at": hall.now, "key": uuid4().hex if actor.account_id else ""}


def test_a_service_changes_but_its_letters_stay(hall: HallWorld) -> None:
    row = hall.services["A"]
    halls.change_service(
        service_id=row.pk, name=" Hộ tịch  mới ", minutes=7, hint="x", position=3, **_said(hall)
    )
    row.refresh_from_db()
    assert (row.prefix, row.name, row.minutes, row.position) == ("A", "Hộ tịch mới", 7, 3)
    note = hall_words.history(setting.acts(hall.hall, last=1), setting.names(hall.hall))[0]
    assert "phút một lượt: 10 → 7" in note.note
    for wrong in (
        {"name": " ", "minutes": 5},
        {"name": "x", "minutes": 0},
        {"name": "x", "minutes": 5, "is_general": True},
    ):
        with pytest.raises(Refusal):
            halls.change_service(service_id=row.pk, **wrong, **_said(hall))
    with pytest.raises(NotPermitted):
        halls.change_service(service_id=row.pk, name="x", minutes=5, **_said(hall, hall.officers["an"]))


def test_a_service_ends_only_when_nobody_waits_and_its_letters_are_free_again(hall: HallWorld) -> None:
    hall.take("A")
    with pytest.raises(Refusal) as refused:
        halls.end_service(service_id=hall.services["A"].pk, **_said(hall))
    assert refused.value.code == "still_waiting"
    assert hall.label("be") == "A001"
    with pytest.raises(Refusal):  # it is at the counter
        halls.end_service(service_id=hall.services["A"].pk, **_said(hall))
    assert hall.label("be") == ""
    before = hall.now
    hall.now = hall.now - timedelta(days=3)  # the clock was set back
    halls.end_service(service_id=hall.services["A"].pk, **_said(hall))
    hall.now = before
    assert not Serving.objects.filter(service=hall.services["A"], until=None).exists()
    with pytest.raises(NotFound):
        halls.change_service(service_id=hall.services["A"].pk, name="x", minutes=5, **_said(hall))
    again = halls.add_service(hall_id=hall.hall.pk, prefix="a", name="Khác", minutes=5, **_said(hall))
    with pytest.raises(Refusal) as refused:
        halls.add_service(hall_id=hall.hall.pk, prefix="A", name="Nữa", minutes=5, **_said(hall))
    assert (again.prefix, refused.value.code) == ("A", "prefix_taken")
    hall.services["A"] = again
    assert hall.take("A").label == "A002", "a number is never used again, not by another service either"


def test_two_administrators_change_the_grid_at_once(hall: HallWorld) -> None:
    one, two = hall.counters[0].pk, hall.counters[1].pk
    a, b, c = (hall.services[name].pk for name in "ABC")
    wanted = {one: ([a, b], [a, b, c]), two: ([a], [a])}
    assert len(staffing.assign_many(hall_id=hall.hall.pk, wanted=wanted, **_said(hall))) == 1
    stale = {one: ([a, b], [a]), two: ([a], [b])}  # made before that
    with pytest.raises(NotNow):
        staffing.assign_many(hall_id=hall.hall.pk, wanted=stale, **_said(hall))
    assert {row.counter.number: row.serves for row in setting.grid(hall.hall, timezone.localdate(hall.now))} == {
        1: frozenset({a, b, c}), 2: frozenset({a}), 3: frozenset(),
    }  # fmt: skip
    same = {one: ([a, b], [a, b, c])}  # both wanted the same: nothing is lost, nobody is refused
    assert staffing.assign_many(hall_id=hall.hall.pk, wanted=same, **_said(hall)) == []
    with pytest.raises(Refusal):
        staffing.assign_many(hall_id=hall.hall.pk, wanted={two: ([a], [a, 10**6])}, **_said(hall))


def test_stopping_twice_is_noted_once(hall: HallWorld) -> None:
    for _twice in range(2):
        halls.set_open(hall_id=hall.hall.pk, is_open=False, **_said(hall))
    assert Entry.objects.filter(verb="hall.set_open").count() == 1
    with pytest.raises(Refusal):
        hall.take("A")


def test_a_device_is_fitted_and_revoked(hall: HallWorld) -> None:
    letters = devices.ask("t" * 32, hall.now)
    common = {
        "hall_id": hall.hall.pk,
        "kind": "counter",
        "name": "Bảng 1",
        "code": f"{letters[:3]} {letters[3:].lower()}",
    }
    with pytest.raises(Refusal) as refused:
        devices.pair(**common, **_said(hall))
    assert refused.value.field == "counter"
    row = devices.pair(**common, counter_id=hall.counters[0].pk, **_said(hall))
    with pytest.raises(Refusal):
        devices.change(device_id=row.pk, name="x", counter_id=None, fitted=Fitted(), **_said(hall))
    changed = {"name": "Bảng lớn", "counter_id": hall.counters[1].pk, "fitted": Fitted(inches=55, seat_m=12)}
    devices.change(device_id=row.pk, **changed, **_said(hall))
    row.refresh_from_db()
    assert (row.name, row.counter_id, row.settings["inches"], row.settings["printer"]) == (
        "Bảng lớn", hall.counters[1].pk, 55, "browser",
    )  # fmt: skip
    assert setting.silent_since(row, hall.now) is None
    devices.seen(row, hall.now)
    row.refresh_from_db()
    assert setting.silent_since(row, hall.now + timedelta(hours=1)) == hall.now
    devices.revoke(device_id=row.pk, **_said(hall))
    with pytest.raises(NotFound):
        devices.change(device_id=row.pk, **changed, **_said(hall))


def test_who_forgot_to_sign_off_does_not_keep_the_day_open(hall: HallWorld) -> None:
    hall.take("A"), hall.take("A"), hall.take("B")
    assert hall.label("an") == "A001"
    night = hall.now.replace(hour=23, minute=30)
    hall.now = night
    assert hall.label("be") == "A002"  # somebody works late
    hall.now = night + timedelta(hours=1)
    assert staffing.end_forgotten(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 1, "an, not be"
    first, shift = hall.taken[0], Shift.objects.get(counter=hall.counters[0])
    first.refresh_from_db()
    assert shift.ended_at == first.called_at == first.ended_at, "with the last act, not at the job's hour"
    assert calling.close_day(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 0
    hall.now = night + timedelta(hours=5)
    assert staffing.end_forgotten(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 1
    assert calling.close_day(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.now) == 1
    assert not Shift.objects.filter(ended_at=None).exists()
    day, left = setting.left_over_midnight(hall.hall, timezone.localdate(hall.now))
    assert (day, left) == (timezone.localdate(night), ["B001"])
    for ticket in hall.taken:
        ticket.refresh_from_db()
        assert ticket.state in {State.DAY_OVER, State.SERVED}


def test_the_hall_now(hall: HallWorld) -> None:
    first = hall.take("A")
    hall.later(minutes=12)
    hall.take("A"), hall.take("A", priority="elderly"), hall.take("C"), hall.take("B", real=False)
    hall.label("an")
    calling.start(ticket_id=first.pk, actor=hall.officers["an"], at=hall.later(minutes=1), key=uuid4().hex)
    staffing.pause(reason="Họp", actor=hall.officers["be"], at=hall.now, key=uuid4().hex)
    seen = hall_now.now(hall.hall, at=hall.later(minutes=4))
    by_letter = {one.prefix: one for one in seen.services}
    assert (by_letter["A"].waiting, by_letter["A"].at_counters, by_letter["B"].unconfirmed) == (2, 1, 1)
    assert by_letter["A"].longest == 5 and by_letter["A"].last is not None
    assert by_letter["C"].waiting == 1 and by_letter["C"].last is None, "no counter serves it"
    states = {one.number: (one.state, one.ticket, one.minutes) for one in seen.counters}
    assert states[1] == ("serving", "A001", 5) and states[2][0] == "pause" and states[3][0] == "closed"
    assert (seen.staffed, seen.sums["issued"], seen.sums["waiting"]) == (1, 5, 3)
    assert seen.ends is not None and seen.ends.high >= by_letter["A"].last.high


def test_the_rule_in_words(hall: HallWorld) -> None:
    assert "sau 2 số thường" in rule_words.order_sentence(hall.hall)
    hall.hall.normals = 0
    assert "luôn được gọi trước" in rule_words.order_sentence(hall.hall)
    assert len(rule_words.sentences(hall.hall)) == 4
