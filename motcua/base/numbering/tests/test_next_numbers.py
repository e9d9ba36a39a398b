"""Several series in one statement count on like each alone."""

import pytest

from motcua.base.numbering.operations import next_number, next_numbers

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_each_series_counts_on_by_itself() -> None:
    next_number(agency_id=7, kind="register", period="2026")
    series = [("dossier", "2026-11-22"), ("register", "2026"), ("paper.slip", "2026")]

    assert next_numbers(agency_id=7, series=series) == [1, 2, 1]
    assert next_numbers(agency_id=7, series=series[::-1]) == [2, 3, 2]
    assert next_numbers(agency_id=8, series=series[:1]) == [1]
    assert next_number(agency_id=7, kind="dossier", period="2026-11-22") == 3
