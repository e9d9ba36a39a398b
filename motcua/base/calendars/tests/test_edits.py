"""Days changed by hand: swaps, corrections, withdrawals, hours of the past, and requests that come twice."""

from datetime import date, time
from decimal import Decimal

import pytest

from motcua.base.audit.keys import KeyReused
from motcua.base.audit.models import Entry
from motcua.base.calendars import queries
from motcua.base.calendars.models import Calendar, Day, DayKind, DayStatus
from motcua.base.calendars.operations import days, edits, offices
from motcua.base.calendars.tests.test_calendars import BY, CULTURE_DAY, NOW, SESSIONS, due, office
from motcua.lib.actor import Actor
from motcua.lib.due_days import DAYS
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import Session

__all__ = ["office"]
pytestmark = pytest.mark.sql

KEEPER = Actor(kind="officer", account_id=7, position_id=7, roles=frozenset({"business_admin"}), name="Kim")
FRIDAY, SATURDAY = date(2026, 6, 5), date(2026, 6, 13)
TEXT = "Công văn 9/VPCP"


def swap(**values):
    return edits.add_swap(**({"off": FRIDAY, "worked": SATURDAY, "source": TEXT, **BY} | values))


# ── Swaps


def test_a_swap_moves_due_dates_on_both_days(office):
    assert due(office, "2026-06-04T09:00", 1).date() == FRIDAY
    off, worked = swap()
    assert (off.kind, worked.kind) == (DayKind.SWAPPED_OFF, DayKind.WORKING_SATURDAY)
    assert (off.in_place_of, worked.in_place_of) == (SATURDAY, FRIDAY)
    assert due(office, "2026-06-04T09:00", 1).date() == date(2026, 6, 8)
    assert due(office, "2026-06-12T09:00", 1).date() == SATURDAY


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"off": SATURDAY}, "on"),
        ({"worked": date(2026, 6, 12)}, "other"),
        ({"worked": FRIDAY}, "other"),
        ({"source": " "}, "source"),
    ],
)
def test_a_swap_that_is_none_is_refused_whole(office, values, field):
    with pytest.raises(Refusal) as refused:
        swap(**values)
    assert refused.value.field == field
    assert not Day.objects.exists()


@pytest.mark.parametrize(("taken", "field"), [(FRIDAY, "on"), (SATURDAY, "other")])
def test_a_swap_over_a_day_that_is_there_leaves_nothing_behind(office, taken, field):
    days.add_day(on=taken, kind=DayKind.DAY_OFF, name="Đã có", source=TEXT, **BY)
    with pytest.raises(Conflict) as refused:
        swap()
    assert (refused.value.code, refused.value.field) == ("day_exists", field)
    assert Day.objects.count() == 1


# ── Corrections


def test_a_correction_keeps_the_date_and_leaves_a_reason(office):
    row = days.add_day(on=FRIDAY, kind=DayKind.DAY_OFF, name="Nghi", source=TEXT, **BY)
    edits.change_day(
        day_id=row.pk, name="Nghỉ bão", kind=DayKind.IN_LIEU, source="CV 10", reason="Sai chữ", **BY
    )
    row.refresh_from_db()
    assert (row.on, row.name, row.kind, row.source, row.confidence) == (
        FRIDAY,
        "Nghỉ bão",
        "in_lieu",
        "CV 10",
        "high",
    )
    assert Entry.objects.get(verb="calendar.change_day").payload["reason"] == "Sai chữ"


@pytest.mark.parametrize(
    ("values", "field"), [({"name": " "}, "name"), ({"source": ""}, "source"), ({"reason": " "}, "reason")]
)
def test_a_correction_needs_name_source_and_reason(office, values, field):
    row = days.add_day(on=FRIDAY, kind=DayKind.DAY_OFF, name="Nghỉ", source=TEXT, **BY)
    with pytest.raises(Refusal) as refused:
        said = {"name": "Nghỉ", "kind": DayKind.DAY_OFF, "source": TEXT, "reason": "Vì"} | values
        edits.change_day(day_id=row.pk, **said, **BY)
    assert refused.value.field == field


def test_half_a_swap_cannot_become_something_else(office):
    off, _worked = swap()
    with pytest.raises(Refusal) as refused:
        edits.change_day(day_id=off.pk, name="x", kind=DayKind.DAY_OFF, source=TEXT, reason="x", **BY)
    assert refused.value.code == "half_a_swap"


# ── Withdrawing


def test_a_withdrawn_day_counts_as_if_it_had_never_been_and_stays_on_record(office):
    row = days.add_day(on=FRIDAY, kind=DayKind.DAY_OFF, name="Nhầm", source=TEXT, **BY)
    assert due(office, "2026-06-04T09:00", 1).day == 8
    edits.withdraw_day(day_id=row.pk, reason="Nhập nhầm năm", **BY)
    assert due(office, "2026-06-04T09:00", 1).date() == FRIDAY
    assert Day.objects.get(pk=row.pk).status == DayStatus.WITHDRAWN
    assert FRIDAY not in {day.on for day in queries.working_calendar(office.pk).days}
    with pytest.raises(Conflict):
        edits.withdraw_day(day_id=row.pk, reason="lần nữa", **BY)
    with pytest.raises(Conflict):
        edits.change_day(day_id=row.pk, name="x", kind=DayKind.DAY_OFF, source=TEXT, reason="x", **BY)


def test_a_withdrawn_day_can_come_back_with_its_history(office):
    row = days.add_day(on=FRIDAY, kind=DayKind.DAY_OFF, name="Nhầm", source=TEXT, **BY)
    edits.withdraw_day(day_id=row.pk, reason="Nhầm", **BY)
    again = days.add_day(on=FRIDAY, kind=DayKind.IN_LIEU, name="Nghỉ bù", source="CV 11", **BY)
    assert again.pk == row.pk and again.enabled
    verbs = list(Entry.objects.filter(subject_id=str(row.pk)).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["calendar.add_day", "calendar.withdraw_day", "calendar.add_day"]


def test_a_swap_goes_as_it_came_both_days_together(office):
    _off, worked = swap()
    assert len(edits.withdraw_day(day_id=worked.pk, reason="Thông báo đã thay", **BY)) == 2
    assert due(office, "2026-06-04T09:00", 1).date() == FRIDAY
    assert due(office, "2026-06-12T09:00", 1).date() == date(2026, 6, 15)


def test_loading_and_importing_leave_a_withdrawn_day_withdrawn(office):
    days.load_official_days(**BY)
    row = Day.objects.get(on=CULTURE_DAY)
    edits.withdraw_day(day_id=row.pk, reason="Không áp dụng", **BY)
    assert days.load_official_days(**BY).unchanged == len(DAYS)
    file = {
        "years": [2026],
        "days_off": [{"date": "2026-11-24", "name": "Ngày mới", "kind": "holiday", "source": "L"}],
        "sources": {"L": "Luật"},
    }
    days.import_days(data=file, name="f", **BY)
    row.refresh_from_db()
    assert row.status == DayStatus.WITHDRAWN


def test_withdrawing_needs_a_reason_a_day_and_the_right(office):
    row = days.add_day(on=FRIDAY, kind=DayKind.DAY_OFF, name="x", source=TEXT, **BY)
    with pytest.raises(Refusal, match="lý do"):
        edits.withdraw_day(day_id=row.pk, reason="  ", **BY)
    with pytest.raises(NotFound):
        edits.withdraw_day(day_id=0, reason="x", **BY)
    unit_admin = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"unit_admin"}))
    for act in (
        lambda: edits.withdraw_day(day_id=row.pk, reason="x", actor=unit_admin, at=NOW),
        lambda: swap(actor=unit_admin),
    ):
        with pytest.raises(NotPermitted):
            act()


# ── Hours


def hours(office, since, **values):
    week = offices.Week((Session(time(8), time(12)),), Decimal(4))
    said = {
        "calendar_id": office.pk,
        "valid_from": since,
        "weeks": [week],
        "source": TEXT,
        "actor": KEEPER,
        "at": NOW,
    }
    return offices.set_hours(**(said | values))


def test_a_person_changes_hours_from_today_on_and_not_before(office):
    with pytest.raises(Refusal) as refused:
        hours(office, date(2026, 11, 20))
    assert (refused.value.code, refused.value.field) == ("past_hours", "valid_from")
    hours(office, NOW.date())
    assert due(office, "2026-11-20T09:00", 1).hour == 12
    assert due(office, "2026-11-18T09:00", 1).hour == 17


def test_a_new_calendar_may_begin_in_the_past(db):
    new = offices.open_calendar(code="mo", name="Mới", actor=KEEPER, at=NOW)
    assert hours(new, date(2025, 7, 1))


def test_hours_that_overlap_are_refused_and_the_old_ones_stay(office):
    week = offices.Week(SESSIONS, Decimal("7.5"))
    with pytest.raises(Refusal, match="chồng"):
        hours(office, NOW.date(), weeks=[week, offices.Week(SESSIONS, Decimal("7.5"), 5, 6)])
    assert office.hours.count() == 1


# ── The same request twice


def test_the_same_request_twice_is_done_once(office):
    said = {"on": FRIDAY, "kind": DayKind.DAY_OFF, "name": "Nghỉ", "source": TEXT, "actor": KEEPER, "at": NOW}
    first = days.add_day(**said, key="k1")
    assert days.add_day(**said, key="k1") == first
    assert Entry.objects.filter(verb="calendar.add_day").count() == 1
    with pytest.raises(KeyReused):
        days.add_day(**said | {"name": "Khác"}, key="k1")
    with pytest.raises(Conflict):
        days.add_day(**said, key="k2")


def test_a_refused_request_may_be_sent_again_with_its_key(office):
    with pytest.raises(Refusal):
        swap(source="", key="k3")
    assert len(swap(key="k3")) == 2
    assert [row.on for row in swap(key="k3")] == [FRIDAY, SATURDAY]
    assert Day.objects.count() == 2


def test_an_answer_without_rows_and_one_of_rows_come_back(office):
    days.confirm_year(year=2031, source=TEXT, key="y", **BY)
    assert days.confirm_year(year=2031, source=TEXT, key="y", **BY) is None
    made = hours(office, NOW.date(), key="h")
    assert hours(office, NOW.date(), key="h") == made
    assert Calendar.objects.get(pk=office.pk).hours.count() == 2


def test_doubtful_days_are_those_without_a_text_in_force(office):
    days.load_official_days(**BY)
    found = queries.doubtful_days(date(2026, 1, 1))
    assert [row.on for row in found] == [CULTURE_DAY, date(2027, 11, 24)]
    days.approve(day_id=found[0].pk, source="Luật số 1", **BY)
    assert [row.on.year for row in queries.doubtful_days(date(2026, 1, 1))] == [2027]
