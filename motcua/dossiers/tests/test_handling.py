"""Who works on what: given, moved, taken back, one unit at a time; and that a dossier follows it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.models import UnitKind
from motcua.agencies.operations import places
from motcua.base.audit.queries import entries_of
from motcua.dossiers.handled import work_of_units
from motcua.dossiers.models import HandlingUnit
from motcua.dossiers.operations import handling
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import Procedure

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

TODAY = timezone.localdate


@pytest.fixture
def by() -> dict:
    return {"actor": SYSTEM, "at": timezone.now()}


@pytest.fixture
def land(world: World, by: dict) -> int:
    return places.open_unit(
        agency_id=world.home.pk, name="Phòng Đất đai", kind=UnitKind.DIVISION, opened_on=TODAY(), **by
    ).pk


def _holders(world: World, day, **what) -> list[int]:
    rows = work_of_units(world.home.pk, day)
    key, value = next(iter(what.items()))
    return [unit for unit, held in rows.items() if any(getattr(row, key) == value for row in held)]


def test_work_moves_from_a_day_on_and_only_one_unit_has_it(world: World, land: int, by: dict) -> None:
    sector = Procedure.objects.get(code="1.001193").sector_id
    before = _holders(world, TODAY(), sector_id=sector)
    assert before and before != [land]
    start = TODAY() + timedelta(days=3)
    assert handling.give_work(unit_id=land, sector_id=sector, valid_from=start, **by)
    assert _holders(world, start - timedelta(days=1), sector_id=sector) == before
    assert _holders(world, start, sector_id=sector) == [land]
    assert not handling.give_work(unit_id=land, sector_id=sector, valid_from=start, **by), "nothing new"
    with pytest.raises(Refusal) as early:
        handling.give_work(unit_id=before[0], sector_id=sector, valid_from=TODAY(), **by)
    assert early.value.code == "too_early"
    assert entries_of("agency", world.home.pk, agency_id=world.home.pk).last().verb == "dossiers.give_work"


def test_moved_twice_on_one_day_leaves_one_row(world: World, land: int, by: dict) -> None:
    procedure = Procedure.objects.get(code="1.001193").pk
    other = places.open_unit(
        agency_id=world.home.pk, name="Phòng Khác", kind=UnitKind.DIVISION, opened_on=TODAY(), **by
    ).pk
    for unit in (land, other, land):
        assert handling.give_work(unit_id=unit, procedure_id=procedure, valid_from=TODAY(), **by)
    assert _holders(world, TODAY(), procedure_id=procedure) == [land]
    assert HandlingUnit.objects.filter(agency=world.home, procedure=procedure).count() == 1


def test_taken_back_and_given_again(world: World, land: int, by: dict) -> None:
    procedure = Procedure.objects.get(code="1.001193").pk
    handling.give_work(unit_id=land, procedure_id=procedure, valid_from=TODAY(), **by)
    handling.take_work(unit_id=land, procedure_id=procedure, on_day=TODAY(), **by)
    assert _holders(world, TODAY(), procedure_id=procedure) == []
    with pytest.raises(NotFound):
        handling.take_work(unit_id=land, procedure_id=procedure, on_day=TODAY(), **by)
    assert handling.give_work(unit_id=land, procedure_id=procedure, valid_from=TODAY(), **by)
    assert _holders(world, TODAY(), procedure_id=procedure) == [land]


def test_only_who_runs_the_agency_and_only_open_units(world: World, land: int, by: dict) -> None:
    procedure = Procedure.objects.get(code="1.001193").pk
    stranger = Actor(
        kind="officer", account_id=9, agency_id=world.neighbour.pk, roles=frozenset({"unit_admin"})
    )
    with pytest.raises(NotFound):
        handling.give_work(
            unit_id=land, procedure_id=procedure, valid_from=TODAY(), actor=stranger, at=by["at"]
        )
    with pytest.raises(Refusal) as closed:
        handling.give_work(unit_id=land, procedure_id=procedure, valid_from=TODAY() - timedelta(days=1), **by)
    assert closed.value.code == "unit_closed"
    with pytest.raises(ValueError, match="one of"):
        handling.give_work(unit_id=land, valid_from=TODAY(), **by)
