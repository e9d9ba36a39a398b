"""Calendars in the database: loading, proposing, switching, hours; and that every process sees a change."""

import copy
import json
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base.audit.models import Entry
from motcua.base.calendars import queries
from motcua.base.calendars.models import Calendar, Day, DayKind, OfficeHours
from motcua.base.calendars.operations import days, offices
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.due import Limit, Unit, reckon
from motcua.lib.due_days import DAYS, own_calendar
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import ZONE, Session

pytestmark = pytest.mark.sql
NOW = datetime(2026, 11, 21, 9, tzinfo=ZONE)
BY = {"actor": SYSTEM, "at": NOW}
SESSIONS = (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17)))
CULTURE_DAY = date(2026, 11, 24)
SMALL = {
    "years": [2028],
    "days_off": [
        {"date": "2028-01-01", "weekday": "Sat", "name": "Tết Dương lịch", "kind": "holiday", "source": "L"},
        {"date": "2028-01-07", "name": "Hoán đổi", "kind": "swapped_off", "source": "L", "confidence": "low"},
        {"date": "2028-11-24", "name": "Ngày mới", "kind": "holiday", "source": "L", "confidence": "medium"},
    ],
    "swapped_working_saturdays": [{"date": "2028-01-15", "in_place_of": "2028-01-07", "source": "L"}],
    "sources": {"L": "Bộ luật Lao động 2019, Điều 112"},
}


@pytest.fixture
def office(db) -> Calendar:
    calendar = offices.open_calendar(code="van-phong", name="Giờ hành chính", **BY)
    week = offices.Week(SESSIONS, Decimal("7.5"))
    offices.set_hours(calendar_id=calendar.pk, valid_from=date(2020, 1, 1), weeks=[week], source="QĐ 1", **BY)
    return calendar


def due(calendar: Calendar, received: str, count: int = 2) -> datetime:
    moment = datetime.fromisoformat(received).replace(tzinfo=ZONE)
    return reckon(queries.working_calendar(calendar.pk), moment, Limit(Decimal(count), Unit.WORKING_DAY)).due


def test_official_days_arrive_once_and_give_the_same_due_dates(office):
    first = days.load_official_days(**BY)
    assert (first.added, first.unchanged) == (len(DAYS), 0)
    entries = Entry.objects.count()
    again = days.load_official_days(**BY)
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(DAYS))
    assert Entry.objects.count() == entries
    loaded, own = queries.working_calendar(office.pk), own_calendar("CAL_A")
    assert (loaded.days, loaded.years) == (own.days, own.years)
    assert loaded.hours[0].sessions == own.hours[0].sessions


def test_a_switch_reaches_due_dates_and_survives_another_load(office):
    days.load_official_days(**BY)
    assert due(office, "2026-11-20T14:00").day == 24
    row = Day.objects.get(on=CULTURE_DAY)
    days.switch(day_id=row.pk, enabled=True, reason="Luật số … có hiệu lực", **BY)
    assert due(office, "2026-11-20T14:00").day == 25
    days.load_official_days(**BY)
    assert due(office, "2026-11-20T14:00").day == 25
    entry = Entry.objects.filter(subject_kind="calendar_day", subject_id=str(row.pk)).latest("seq")
    assert (entry.verb, entry.payload["enabled"]) == ("calendar.switch_day", True)
    assert entry.payload["reason"] == "Luật số … có hiệu lực"


def test_an_unchanged_calendar_costs_one_query(office, django_assert_num_queries):
    days.load_official_days(**BY)
    calendar = queries.working_calendar(office.pk)
    with django_assert_num_queries(1):
        assert queries.working_calendar(office.pk) is calendar


def test_importing_twice_changes_nothing(office):
    first = days.import_days(data=SMALL, name="tệp thử", **BY)
    assert (first.added, first.changed) == (4, 0)
    version, entries = Calendar.objects.get().version, Entry.objects.count()
    before = list(Day.objects.order_by("pk").values())
    again = days.import_days(data=SMALL, name="tệp thử", **BY)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    assert (Calendar.objects.get().version, Entry.objects.count()) == (version, entries)
    assert list(Day.objects.order_by("pk").values()) == before
    rows = {row.on.isoformat(): row for row in Day.objects.all()}
    assert rows["2028-01-15"].in_place_of == date(2028, 1, 7)
    assert rows["2028-01-01"].source == "Bộ luật Lao động 2019, Điều 112"
    assert {on: row.enabled for on, row in rows.items()} == {
        "2028-01-01": True,
        "2028-01-07": True,  # the holiday is sure, only its date is not
        "2028-01-15": True,
        "2028-11-24": False,  # the act was not found in force
    }
    assert 2028 in queries.confirmed_years()


def test_a_corrected_file_updates_rows_and_names_what_it_no_longer_knows(office):
    days.import_days(data=SMALL, name="tệp thử", **BY)
    days.switch(day_id=Day.objects.get(on=date(2028, 11, 24)).pk, enabled=True, reason="thử", **BY)
    corrected = copy.deepcopy(SMALL)
    corrected["days_off"][0]["name"] = "Tết Dương lịch 2028"
    del corrected["days_off"][1], corrected["swapped_working_saturdays"][0]
    result = days.import_days(data=corrected, name="tệp sửa", **BY)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 1)
    assert result.beyond == (date(2028, 1, 7), date(2028, 1, 15))
    assert Day.objects.get(on=date(2028, 11, 24)).enabled


def test_a_bad_file_is_refused_as_a_whole(office):
    bad = copy.deepcopy(SMALL)
    bad["days_off"][2]["weekday"] = "Sun"
    with pytest.raises(Refusal):
        days.import_days(data=bad, name="tệp thử", **BY)
    assert not Day.objects.exists()


def test_proposals_count_for_nothing_until_approved(office):
    result = days.propose(year=2028, **BY)
    assert result.added > 10
    assert days.propose(year=2028, **BY).added == 0
    assert set(Day.objects.values_list("status", flat=True)) == {"proposed"}
    received = "2028-04-03T09:00"  # Giỗ Tổ falls on Tuesday 4/4/2028
    assert due(office, received, 1).day == 4
    row = Day.objects.get(on=date(2028, 4, 4))
    with pytest.raises(Refusal):
        days.approve(day_id=row.pk, source="  ", **BY)
    with pytest.raises(Conflict):
        days.switch(day_id=row.pk, enabled=False, reason="thử", **BY)
    days.approve(day_id=row.pk, source="Bộ luật Lao động 2019, Điều 112", **BY)
    assert due(office, received, 1).day == 5


def test_proposals_know_both_days_of_a_swap(office):
    days.propose(year=2026, **BY)
    assert Day.objects.get(on=date(2026, 8, 22)).kind == "working_saturday"
    assert Day.objects.get(on=date(2026, 8, 31)).in_place_of == date(2026, 8, 22)
    days.load_official_days(**BY)
    assert Day.objects.get(on=date(2026, 8, 31)).status == "approved"


def test_a_day_of_one_calendar_wins_there_only(office):
    other = offices.open_calendar(code="dao", name="Đảo", **BY)
    week = offices.Week(SESSIONS, Decimal("7.5"))
    offices.set_hours(calendar_id=other.pk, valid_from=date(2020, 1, 1), weeks=[week], source="QĐ 2", **BY)
    day = {"on": date(2026, 7, 7), "kind": DayKind.DAY_OFF, "name": "Bão", "source": "Công điện 5"}
    days.add_day(calendar_id=other.pk, **day, **BY)
    assert (due(other, "2026-07-06T09:00", 1).day, due(office, "2026-07-06T09:00", 1).day) == (8, 7)
    with pytest.raises(Conflict):
        days.add_day(calendar_id=other.pk, **day, **BY)
    with pytest.raises(Refusal):  # a make-up day in the middle of the week
        days.add_day(on=date(2026, 7, 8), kind=DayKind.WORKING_SATURDAY, name="x", source="y", **BY)


def test_new_hours_end_the_old_ones(office):
    summer = (Session(time(7), time(11)), Session(time(13, 30), time(17, 30)))
    weeks = [
        offices.Week(summer, Decimal(8)),
        offices.Week((Session(time(7, 30), time(11, 30)),), Decimal(4), 6, 6, counts=False),
    ]
    offices.set_hours(calendar_id=office.pk, valid_from=date(2026, 7, 8), weeks=weeks, source="QĐ 3", **BY)
    assert due(office, "2026-07-06T09:00", 1).time() == time(17)
    assert due(office, "2026-07-06T09:00", 2).time() == time(17, 30)
    assert due(office, "2026-07-10T09:00", 1) == datetime(
        2026, 7, 13, 17, 30, tzinfo=ZONE
    )  # the desk on Saturday
    offices.set_hours(
        calendar_id=office.pk, valid_from=date(2026, 7, 8), weeks=weeks[:1], source="QĐ 4", **BY
    )
    assert OfficeHours.objects.count() == 2


def test_the_database_holds_the_rules_too(office):
    def refused(**fields) -> bool:
        try:
            with transaction.atomic():
                OfficeHours.objects.create(calendar=office, hours_a_day=8, source="x", **fields)
        except IntegrityError:
            return True
        return False

    morning = {"morning_start": time(8), "morning_end": time(12)}
    assert refused(valid_from=date(2025, 1, 1), **morning)  # a second row for the same days
    early = {"valid_from": date(2019, 1, 1), "valid_to": date(2020, 1, 1)}
    assert refused(**early)  # no session at all
    assert refused(**early, morning_start=time(8))
    assert refused(**early, morning_start=time(12), morning_end=time(8))
    assert refused(**early, **morning, afternoon_start=time(11), afternoon_end=time(17))
    assert refused(**early, **morning, first_weekday=5, last_weekday=2)
    assert not refused(**early, **morning)
    with pytest.raises(IntegrityError), transaction.atomic():
        Day.objects.create(
            on=date(2026, 1, 1), kind="day_off", name="x", source="", confidence="high", status="proposed"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Day.objects.create(
            on=date(2026, 1, 1), kind="day_off", name="x", source="y", confidence="high", status="approved"
        )


def test_only_keepers_of_the_calendar_may_write(office):
    clerk = Actor(kind="officer", account_id=1, roles=frozenset({"clerk"}), name="Thu")
    keeper = Actor(kind="officer", account_id=2, roles=frozenset({"business_admin"}), name="An")
    with pytest.raises(NotPermitted):
        days.load_official_days(actor=clerk, at=NOW)
    with pytest.raises(NotPermitted):
        offices.open_calendar(code="x", name="y", actor=clerk, at=NOW)
    days.load_official_days(actor=keeper, at=NOW)
    assert set(Day.objects.values_list("approved_by", flat=True)) == {2}


def test_what_is_not_there_is_refused(office):
    with pytest.raises(NotFound):
        queries.working_calendar(office.pk + 1000)
    empty = offices.open_calendar(code="rong", name="Rỗng", **BY)
    with pytest.raises(Refusal):
        queries.working_calendar(empty.pk)
    with pytest.raises(Conflict):
        offices.open_calendar(code="rong", name="Rỗng", **BY)
    with pytest.raises(NotFound):
        days.approve(day_id=10**9, source="x", **BY)


def test_the_real_file_imports_twice(office, shared_data):
    data = json.loads((shared_data / "calendar" / "holidays_2023_2027.json").read_text())
    days.load_official_days(**BY)
    first = days.import_days(data=data, name="holidays_2023_2027.json", **BY)
    assert first.added == 0
    assert first.beyond == ()
    again = days.import_days(data=data, name="holidays_2023_2027.json", **BY)
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(data["days_off"]) + 4)
    assert not Day.objects.get(on=CULTURE_DAY).enabled
    for row in data["days_off"]:
        stored = Day.objects.get(on=date.fromisoformat(row["date"]))
        assert (stored.name, stored.source) == (row["name"], data["sources"][row["source"]])


def test_another_process_sees_the_change(office):
    days.load_official_days(**BY)
    queries.working_calendar(office.pk)
    with connection.cursor() as cursor:  # as another process would: rows and version in one transaction
        cursor.execute("update calendars_day set enabled = true where on_date = %s", [CULTURE_DAY])
        cursor.execute("update calendars_calendar set version = gen_random_uuid()")
    assert CULTURE_DAY in queries.working_calendar(office.pk).days_off
