"""Months counted from dossiers of the intake: each ends in one figure, a second count changes nothing, old months stay."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.feedback.models import Rating
from motcua.lib.actor import SYSTEM
from motcua.reports import queries
from motcua.reports.models import MonthFigure
from motcua.reports.operations.counting import count_months
from motcua.reports.queries import ALL, NOW
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
END_OF_JULY = datetime.combine(date(2026, 7, 31), datetime.min.time(), MONDAY.tzinfo)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    queries._year.cache_clear()
    yield
    queries._year.cache_clear()


def ends(dossier: Dossier, **facts: Any) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(**facts)


def test_each_dossier_stands_in_one_figure_and_a_second_count_changes_nothing(world: World) -> None:
    set_database_actor(SYSTEM)
    early, on_day, late, withdrawn, running, overdue, waiting = (take_in(world) for _number in range(7))
    due = early.due_at
    assert due is not None and due < END_OF_JULY
    done = {"status": 9, "sub_status": "granted"}
    ends(early, finished_at=due - timedelta(days=1), **done)
    ends(on_day, finished_at=due, channel="online", **done)
    ends(late, finished_at=due + timedelta(minutes=1), **done)
    ends(withdrawn, finished_at=due + timedelta(days=2), status=7)
    ends(running, due_at=END_OF_JULY + timedelta(days=3))
    ends(waiting, status=5, sub_status="", paused_at=due - timedelta(days=1))
    for number, score in enumerate((5, 4, 2)):
        Rating.objects.create(home_agency=world.home, source="ticket", visit=str(number), about="x", score=score,
                              channel="web", day=JULY)  # fmt: skip
    set_database_actor(SYSTEM)
    for _time in range(2):
        count_months(at=END_OF_JULY)
        row = MonthFigure.objects.get(agency=world.home, month=JULY)
        assert (row.received, row.online) == (7, 1)
        assert (row.early, row.on_time, row.late) == (1, 2, 1)
        assert (row.standing, row.standing_late, row.standing_paused) == (3, 1, 1)
        assert (row.rated, row.happy) == (3, 2)
    assert overdue.pk


def test_a_month_that_is_over_stays_when_its_dossiers_are_gone(world: World) -> None:
    set_database_actor(SYSTEM)
    first = take_in(world)
    set_database_actor(SYSTEM)
    count_months(at=END_OF_JULY)
    ends(first, accepted_at=None, submitted_at=MONDAY)  # as if it was no longer there
    count_months(at=END_OF_JULY + timedelta(days=20))  # August: July is counted anew
    assert MonthFigure.objects.get(month=JULY).received == 0
    MonthFigure.objects.filter(month=JULY).update(received=9)
    count_months(at=END_OF_JULY + timedelta(days=50))  # September: July is over
    assert MonthFigure.objects.get(month=JULY).received == 9
    assert MonthFigure.objects.get(month=JULY).standing == 1  # as it was counted in July


def test_small_counts_are_hidden_and_shares_do_not_tell_them(world: World) -> None:
    given: dict[str, Any] = {"month": JULY, "counted_at": END_OF_JULY}
    MonthFigure.objects.create(
        agency=world.home, received=600, online=300, early=550, on_time=40, late=3, rated=40, happy=36,
        standing=50, standing_late=2, standing_paused=20, **given,
    )  # fmt: skip
    MonthFigure.objects.create(agency=world.neighbour, received=3, online=1, **given)
    year = queries.year(2026)
    assert year is not None and queries.years() == [2026] and queries.year(2020) is None
    home, other, whole = year.line(world.home.pk, 7), year.line(world.neighbour.pk, 7), year.line(ALL)
    assert home is not None and other is not None and whole is not None
    assert home["late"] is None and home["on_time"] is None and home["early"] == 550
    assert home.on_time_share == 99  # of 593: a whole percent is six dossiers
    assert home["rated"] is None or home["happy"] is None or home["unhappy"] is None
    assert other["received"] is None and other["finished"] == 0 and other.online_share is None
    # What the neighbour has is not the difference between all and the first.
    assert home["received"] is None or year.line(ALL, 7)["received"] is None  # type: ignore[index]
    now = year.line(world.home.pk, NOW)
    assert now is not None and now["standing_late"] is None
    assert [month for month, _line in year.months(world.home.pk)] == [7]
