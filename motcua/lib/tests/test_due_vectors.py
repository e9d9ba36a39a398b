"""The case files: all pass, one changed value fails exactly once, and nothing is skipped in silence."""

import copy
import json
from datetime import date

import pytest

from motcua.lib.due_days import DAYS
from motcua.lib.due_holidays import read_holidays
from motcua.lib.due_vectors import run_due_vectors
from motcua.lib.refusal import Refusal

SMALL = {
    "calendars": {"X": {"sessions": [["07:30", "11:30"], ["13:30", "17:00"]], "hours_a_day": 7.5}},
    "due_vectors": [
        {
            "id": "1",
            "rule": "WD_END",
            "calendar": "X",
            "received": "2026-07-06T09:15",
            "limit": {"value": 3, "unit": "working_day"},
            "due": "2026-07-09T17:00",
        },
        {
            "id": "2",
            "rule": "WD_END",
            "calendar": "X",
            "received": "2026-11-20T14:00",
            "limit": {"value": 2, "unit": "working_day"},
            "due": "2026-11-25T17:00",
            "only_if": {"day_off": "2026-11-24"},
            "otherwise_due": "2026-11-24T17:00",
        },
    ],
    "status_vectors": [
        {
            "id": "3",
            "rule": "STATUS",
            "due": "2026-07-09T17:00",
            "finished": "2026-07-13T10:00",
            "status": "late",
            "working_days_late": 2,
        }
    ],
}
HOLIDAYS = {
    "years": [2026],
    "days_off": [
        {
            "date": "2026-08-31",
            "weekday": "Mon",
            "name": "Nghỉ hoán đổi",
            "kind": "swapped_off",
            "source": "S",
        }
    ],
    "swapped_working_saturdays": [{"date": "2026-08-22", "in_place_of": "2026-08-31", "source": "S"}],
    "sources": {"S": "Công văn S"},
}


def failures(data, holidays=None) -> list[str]:
    return [result.id for result in run_due_vectors(data, holidays) if not result.ok]


def changed(path: str, value) -> dict:
    data = copy.deepcopy(SMALL)
    *keys, last = path.split("/")
    target = data
    for key in keys:
        target = target[int(key)] if isinstance(target, list) else target[key]
    target[last] = value
    return data


def test_a_small_file_passes_with_and_without_holidays_beside_it():
    assert len(run_due_vectors(SMALL, None)) == 3
    assert failures(SMALL) == []
    assert failures(SMALL, HOLIDAYS) == []


@pytest.mark.parametrize(
    ("path", "value", "failing"),
    [
        ("due_vectors/0/due", "2026-07-09T16:00", ["1"]),
        ("due_vectors/1/due", "2026-11-24T17:00", ["2"]),
        ("due_vectors/1/otherwise_due", "2026-11-25T17:00", ["2"]),
        ("status_vectors/0/status", "on_time", ["3"]),
        ("status_vectors/0/working_days_late", 1, ["3"]),
        ("due_vectors/0/rule", "WD_MIDDLE", ["1"]),
        ("due_vectors/0/rule", "WH", ["1"]),
        ("due_vectors/0/half_days", True, ["1"]),
        ("due_vectors/0/calendar", "Y", ["1"]),
        ("due_vectors/0/received", "yesterday", ["1"]),
        ("due_vectors/0/limit", {"value": 3, "unit": "moon"}, ["1"]),
        ("due_vectors/0/limit", {"value": 3, "unit": "working_day", "cap": 2}, ["1"]),
        ("due_vectors/0/events", [{"type": "paused", "at": "2026-07-07T08:00"}], ["1"]),
        ("due_vectors/1/only_if", {"day_off": "2026-11-24", "moon": "full"}, ["2"]),
        ("status_vectors/0/mood", "good", ["3"]),
        ("due_vectors/0/channel", "moon", ["1"]),
        ("due_vectors/0/channel", {}, ["1"]),
        ("extra_rules", {}, ["extra_rules"]),
        ("rules", {"WD_END": "…", "WD_MIDDLE": "…"}, ["rules.WD_MIDDLE"]),
        ("rules", ["WD_END"], ["rules"]),
        ("timezone", "Europe/Paris", ["calendars", "1", "2", "3"]),
    ],
)
def test_one_fault_fails_and_nothing_is_skipped(path, value, failing):
    assert failures(changed(path, value)) == failing


def test_only_if_needs_its_counterpart():
    data = changed("due_vectors/1/otherwise_due", None)
    del data["due_vectors"][1]["otherwise_due"]
    assert failures(data) == ["2"]


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        ("days_off", "weekday", "Tue"),
        ("days_off", "half", True),
        ("days_off", "kind", "party"),
        ("days_off", "source", ""),
    ],
)
def test_holiday_rows_that_cannot_be_trusted_are_refused(row, key, value):
    holidays = copy.deepcopy(HOLIDAYS)
    holidays[row][0][key] = value
    with pytest.raises(Refusal):
        read_holidays(holidays)
    assert failures(SMALL, holidays)[0] == "calendars"


@pytest.mark.parametrize("channel", ["in_person", "online", "post"])
def test_known_channels_and_rules_hold(channel):
    content = changed("due_vectors/0/channel", channel)
    content["rules"] = {"WD_END": "…", "STEPS": "…", "STATUS": "…"}
    assert failures(content) == []


def test_a_make_up_day_without_its_day_off_is_refused():
    holidays = copy.deepcopy(HOLIDAYS)
    holidays["days_off"] = []
    with pytest.raises(Refusal):
        read_holidays(holidays)


def test_a_swap_keeps_both_days_together():
    days = {day.on: day for day in read_holidays(HOLIDAYS).days}
    assert days[date(2026, 8, 31)].in_place_of == date(2026, 8, 22)
    assert days[date(2026, 8, 22)].source == "Công văn S"


# ── Real data beside the project ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(shared_data):
    def read(name: str) -> dict:
        return json.loads((shared_data / "calendar" / name).read_text())

    return read


def test_real_cases_all_pass(real):
    cases = real("due_date_vectors.json")
    for holidays in (real("holidays_2023_2027.json"), None):
        results = run_due_vectors(cases, holidays)
        assert len(results) == 49
        assert [result for result in results if not result.ok] == []


def test_one_changed_expectation_gives_exactly_one_failure(real):
    cases = real("due_date_vectors.json")
    holidays = real("holidays_2023_2027.json")
    for number, case in enumerate(cases["due_vectors"]):
        spoiled = copy.deepcopy(cases)
        target = spoiled["due_vectors"][number]
        target["due"] = ["2026-07-06T09:01"] if isinstance(case["due"], list) else "2026-07-06T09:01"
        assert failures(spoiled, holidays) == [case["id"]]


def test_own_days_are_the_days_of_the_holiday_file(real):
    def facts(days):
        return {(day.on, day.kind, day.confidence, day.in_place_of) for day in days}

    assert facts(DAYS) == facts(read_holidays(real("holidays_2023_2027.json")).days)
    assert {day.on for day in DAYS if not day.enabled} == {date(2026, 11, 24), date(2027, 11, 24)}
