"""A prepared query answers what its QuerySet answers, and refuses what it could not keep."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.base.numbering.models import Series
from motcua.base.numbering.operations import next_number
from motcua.lib.prepared import Prepared, Unpreparable

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

SERIES: Prepared[Series] = Prepared(
    lambda agency, kind: Series.objects.filter(agency_id=agency, kind=kind).order_by("period"),
    agency=int,
    kind=str,
)


def rows() -> None:
    for agency in (1, 2, 7_000_000_000):
        for period in ("2026", "2025", "2024"):
            next_number(agency_id=agency, kind="paper", period=period)


def test_the_answer_is_the_query_sets() -> None:
    rows()
    for agency in (1, 2, 7_000_000_000, 99):
        plain = list(Series.objects.filter(agency_id=agency, kind="paper").order_by("period"))
        kept = SERIES(agency=agency, kind="paper")
        assert kept == plain
        assert [row.__dict__.keys() for row in kept] == [row.__dict__.keys() for row in plain]
    assert SERIES(agency=1, kind="other") == []
    assert SERIES.first(agency=1, kind="other") is None


def test_tuples_come_where_values_were_asked_for() -> None:
    rows()
    periods: Prepared[Any] = Prepared(
        lambda agency: (
            Series.objects.filter(agency_id=agency).values_list("period", "last").order_by("-period")[:2]
        ),
        agency=int,
    )
    assert periods(agency=2) == [("2026", 1), ("2025", 1)]


def test_the_sql_is_that_of_the_query_set() -> None:
    SERIES(agency=1, kind="paper")
    with CaptureQueriesContext(connection) as kept:
        SERIES(agency=5, kind="x")
    with CaptureQueriesContext(connection) as plain:
        list(Series.objects.filter(agency_id=5, kind="x").order_by("period"))
    assert [one["sql"] for one in kept] == [one["sql"] for one in plain]


@pytest.mark.parametrize(
    "query",
    [
        Prepared(lambda kind: Series.objects.filter(kind__contains=kind), kind=str),
        Prepared(lambda kind: Series.objects.all(), kind=str),
        Prepared(lambda kind: Series.objects.filter(kind=kind).values("period"), kind=str),
    ],
)
def test_what_cannot_be_kept_is_refused(query: Prepared[Any]) -> None:
    with pytest.raises(Unpreparable):
        query(kind="paper")
