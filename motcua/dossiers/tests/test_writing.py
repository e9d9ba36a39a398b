"""Rows written with kept SQL (`lib.writing`) are those that Django would have written."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.base.numbering.models import Series
from motcua.base.numbering.operations import next_number
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in
from motcua.lib import writing
from motcua.lib.ids import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
AT = datetime(2026, 7, 6, 1, 2, 3, 4, tzinfo=UTC)


def copy(row: Any, **changes: Any) -> Any:
    """A new row with everything of `row` but its key and what the database fills in."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.has_db_default()
    }
    return type(row)(**kept | {"id": uuid7()} | changes)


def facts(row: Any) -> dict[str, Any]:
    read = type(row).objects.get(pk=row.pk)
    return {field.attname: getattr(read, field.attname) for field in row._meta.concrete_fields} | {"id": None}


def test_what_is_inserted_reads_as_what_django_saves(world: World) -> None:
    """Arrays, encrypted texts, hashes, instants, decimals and empty columns of the widest table."""
    given = take_in(world)
    ours = copy(given, code="X-1", token_hash=b"1" * 32, return_address="Số 1, đường Tôn Đức Thắng")
    theirs = copy(given, code="X-1", token_hash=b"1" * 32, return_address="Số 1, đường Tôn Đức Thắng")
    writing.insert([ours])
    assert (ours._state.adding, ours._state.db) == (False, "default")
    found = facts(ours)
    Dossier.objects.filter(pk=ours.pk).delete()
    theirs.save(force_insert=True)
    assert found == facts(theirs)


def test_many_rows_go_in_few_statements_and_defaults_stay_the_databases(world: World) -> None:
    given = take_in(world)
    task = Task.objects.filter(dossier=given).order_by("number").last()
    rows = [copy(task, number=number, is_owner=False, note=f"{number} ghi chú") for number in range(10, 15)]
    with CaptureQueriesContext(connection) as seen:
        writing.insert(rows)
    assert len(seen) == 3
    read = Task.objects.filter(number__gte=10).order_by("number")
    assert [row.note for row in read] == [row.note for row in rows]
    assert [row.rank for row in rows] == [given.due_at] * 5  # a trigger set it; read when asked for
    writing.insert([])


def test_what_the_database_makes_is_refused(world: World) -> None:
    with pytest.raises(TypeError):
        writing.insert([Series(agency_id=1, kind="paper", period="2026", last=1)])
    task = copy(Task.objects.filter(dossier=take_in(world)).first())
    task.rank = AT
    with pytest.raises(ValueError, match="rank"):
        writing.insert([task])


def test_what_is_changed_is_what_was_asked_for() -> None:
    for agency in (1, 2, 7_000_000_000):
        next_number(agency_id=agency, kind="paper", period="2026")
    assert writing.update(Series, {"agency_id": 7_000_000_000, "last": 1}, last=5, period="2027") == 1
    assert writing.update(Series, {"agency_id": 1, "last": 2}, last=9) == 0
    assert set(Series.objects.values_list("agency_id", "period", "last")) == {
        (1, "2026", 1), (2, "2026", 1), (7_000_000_000, "2027", 5),
    }  # fmt: skip


def test_nothing_is_asked_for_as_nothing(world: World) -> None:
    given = take_in(world)
    ended = {"ended_at": AT, "ended_by": "stop", "note": ""}
    assert writing.update(Task, {"dossier": given.pk, "ended_at": None}, **ended) == 1
    assert writing.update(Task, {"dossier": given.pk, "ended_at": None}, **ended) == 0
    assert writing.update(Dossier, {"pk": given.pk}, visible_to=[3, 2], contact_phone="0912345678") == 1
    given.refresh_from_db()
    assert (given.visible_to, given.contact_phone) == ([3, 2], "0912345678")


def test_an_unknown_field_is_refused_and_a_known_one_named() -> None:
    with pytest.raises(FieldDoesNotExist):
        writing.update(Series, {"agency_id": 1}, nothing_such=1)
    with CaptureQueriesContext(connection) as seen:
        assert writing.update(Series, {"agency_id": 1, "kind": None}, last=2) == 0
    wanted = 'UPDATE "numbering_series" SET "last" = 2 WHERE "agency_id" = 1 AND "kind" IS NULL'
    assert seen[0]["sql"] == wanted


def test_rows_worked_out_earlier_are_written_when_told(world: World) -> None:
    given = take_in(world)
    ours = copy(given, code="X-1", token_hash=b"1" * 32)
    write = writing.prepare([ours])
    assert not Dossier.objects.filter(code="X-1").exists()
    write()
    assert facts(ours)["code"] == "X-1"


def test_what_is_sent_together_stands_or_fails_together(world: World) -> None:
    given = take_in(world)
    with writing.together():
        writing.insert([copy(given, code="X-1", token_hash=b"1" * 32)])
        number = next_number(agency_id=1, kind="paper", period="2026")
    assert number == 1 and Dossier.objects.filter(code="X-1").exists()
    with pytest.raises(IntegrityError, match="dossier_code_once"), transaction.atomic(), writing.together():
        writing.insert([copy(given, token_hash=b"2" * 32)])
        writing.insert([copy(given, code="X-2", token_hash=b"3" * 32)])
    assert not Dossier.objects.filter(code="X-2").exists()
