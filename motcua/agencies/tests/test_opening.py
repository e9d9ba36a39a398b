"""When an office is open: now, next, and which holiday is near. By the product's own calendar of 2026."""

from datetime import date, datetime

import pytest

from motcua.agencies import opening
from motcua.lib import due_days
from motcua.lib.working_time import ZONE


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    found = due_days.own_calendar(due_days.DEFAULT_CODE)
    monkeypatch.setattr(opening, "working_calendar", lambda _number: found)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_an_office_says_its_hours_and_when_it_opens_next() -> None:
    now = opening.today(1, at("2026-11-27T09:00"))
    assert now is not None and now.opens is None and now.hours.count("–") == len(now.sessions) == 2
    noon = opening.today(1, at("2026-11-27T12:15"))
    assert noon is not None and noon.opens is not None and noon.opens.hour == 13
    evening = opening.today(1, at("2026-11-27T20:00"))  # a Friday
    assert evening is not None and evening.opens is not None and evening.opens.date() == date(2026, 11, 30)
    sunday = opening.today(1, at("2026-11-29T09:00"))
    assert sunday is not None and sunday.sessions == () and sunday.hours == ""
    assert opening.today(None, at("2026-11-29T09:00")) is None


def test_a_holiday_is_told_with_the_weekend_that_touches_it() -> None:
    assert opening.holiday(1, date(2026, 11, 2)) is None
    found = opening.holiday(1, date(2026, 4, 28))
    assert found is not None
    assert (found.first, found.last, found.back) == (date(2026, 4, 30), date(2026, 5, 3), date(2026, 5, 4))
    before = opening.holiday(
        1, date(2026, 4, 20)
    )  # a Sunday and the Monday in lieu of it, with the Saturday before
    assert before is not None and (before.first, before.last) == (date(2026, 4, 25), date(2026, 4, 27))
    during = opening.holiday(1, date(2026, 5, 1))
    assert during is not None and during.first <= date(2026, 5, 1)
