"""Agencies merge, split, hand over a unit: open dossiers, people, lists and numbers follow, and nothing is lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from motcua.agencies import queries as agency_queries
from motcua.agencies.models import Agency, ChangeKind, ChangeState, PlannedChange, Position, Unit, UnitKind
from motcua.agencies.operations import agencies, changes, places
from motcua.base.audit.queries import entries_of, verify
from motcua.dossiers import listing, open_work, queries, tracking, worklists
from motcua.dossiers.models import Dossier, HandlingUnit, Task
from motcua.dossiers.operations import custody, drafts, intake
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as made
from motcua.dossiers.tests.lives import MONDAY, common, later, owner_task, plan, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, Refusal
from motcua.procedures.models import AgencyProcedure

__all__ = ["made"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BASIS = "Nghị quyết 1669/NQ-UBTVQH15 ngày 16/6/2025"


@pytest.fixture
def world(made: World, db: None) -> World:
    """The module's world; a test may move its people and agencies as it likes."""
    home, neighbour = (Agency.objects.get(pk=one.pk) for one in (made.home, made.neighbour))
    return World(dict(made.accounts), dict(made.positions), home, neighbour)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def planned(
    kind: ChangeKind, content: dict[str, Any], day: date, now: datetime, **values: Any
) -> PlannedChange:
    return changes.plan(
        kind=kind, content=content, on_day=day, legal_basis=BASIS, actor=SYSTEM, at=now, **values
    )


def carried_out(kind: ChangeKind, content: dict[str, Any], day: date, now: datetime) -> PlannedChange:
    change = planned(kind, content, day, now)
    return changes.carry_out(change_id=change.pk, actor=SYSTEM, at=now)


def merged(world: World, day: date, now: datetime, **content: Any) -> PlannedChange:
    """The special zone goes over into the ward."""
    what = {"sources": [world.home.pk], "target": world.neighbour.pk, **content}
    return carried_out(ChangeKind.MERGE, what, day, now)


def lost_or_doubled() -> list[str]:
    """Return what is wrong with owners: a step at a closed agency or unit, of another agency than its unit's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select d.code from dossiers_task t join dossiers_dossier d on d.id = t.dossier_id"
            " join agencies_unit u on u.id = t.unit_id join agencies_agency a on a.id = t.agency_id"
            " where t.ended_at is null and (u.agency_id <> t.agency_id or a.closed_on is not null"
            "   or u.valid_to is not null or d.owner_unit_id <> t.unit_id and t.is_owner)"
            " union select code from dossiers_dossier d where finished_at is null and accepted_at is not null"
            "   and 1 <> (select count(*) from dossiers_task t where t.dossier_id = d.id and t.is_owner"
            "             and t.ended_at is null)"
        )
        return [row[0] for row in cursor.fetchall()]


# ── A merger


def test_a_dossier_follows_a_merger_and_is_finished_by_the_successor(
    world: World, now: datetime, today: date
) -> None:
    dossier = take_in(world)
    code, due, calendar = dossier.code, dossier.due_at, dossier.calendar_id
    attempt(world, "assign", "hoa", dossier, later(hours=1), to_position=world.positions["hoa"])
    change = merged(world, today, now)
    assert change.state == ChangeState.APPLIED
    assert change.outcome["counts"]["dossiers"] == 1
    assert lost_or_doubled() == []
    dossier.refresh_from_db()
    assert (dossier.code, dossier.due_at, dossier.calendar_id) == (code, due, calendar)
    assert dossier.home_agency == world.home, "the agency that issued the code never changes"
    assert dossier.competent_agency == world.neighbour
    hoa = Position.objects.get(account=world.accounts["hoa"], valid_to=None)
    task = owner_task(dossier)
    assert (task.position_id, task.unit_id, task.agency_id) == (hoa.pk, hoa.unit_id, world.neighbour.pk)
    world.positions.update({name: _position(world, name) for name in world.accounts})
    _to_the_end(world, dossier, now + timedelta(minutes=1))
    assert list(verify(queries.history(dossier))) == []


def test_paper_and_slips_follow_a_merger(world: World, now: datetime, today: date) -> None:
    """What lies in a unit goes with it, also what is on its way: nothing is held by a closed agency."""
    lying, going = take_in(world), take_in(world)
    division = Unit.objects.get(agency=world.home, kind=UnitKind.DIVISION)
    slip = custody.hand_over(
        holding_ids=[going.holdings.get().pk], to_unit_id=division.pk, actor=world.actor("minh"), at=later(hours=1),
        key=uuid4().hex,
    )  # fmt: skip
    change = merged(world, today, now)
    assert change.outcome["counts"]["papers"] == 2
    for dossier in (lying, going):
        held = dossier.holdings.get(until=None)
        assert (held.agency, held.unit.agency) == (world.neighbour, world.neighbour)
        assert dossier.holdings.get(until=now).ended == "moved"
    world.positions.update({name: _position(world, name) for name in world.accounts})
    hoa = replace(world.actor("hoa"))
    slip.refresh_from_db()
    assert (slip.to_unit_id, slip.to_agency_id) == (hoa.unit_id, world.neighbour.pk)
    custody.take(
        slip_id=slip.pk,
        taken_ids=[slip.lines.get().pk],
        actor=hoa,
        at=now + timedelta(minutes=1),
        key=uuid4().hex,
    )
    assert going.holdings.get(until=None).unit_id == hoa.unit_id


def _position(world: World, name: str) -> int:
    return Position.objects.get(account=world.accounts[name], valid_to=None).pk


def _to_the_end(world: World, dossier: Dossier, at: datetime) -> None:
    for verb, name in (
        ("propose", "hoa"), ("propose", "hoa"), ("approve", "tuan"), ("issue", "thu"), ("return_result", "mai"),
    ):  # fmt: skip
        dossier.refresh_from_db()
        attempt(world, verb, name, dossier, at)
    dossier.refresh_from_db()
    assert dossier.returned_at is not None


def test_the_lists_of_the_successors_counter_hold_what_waited_at_the_closed_one(
    world: World, now: datetime, today: date
) -> None:
    minh = world.actor("minh")
    submitted = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key=uuid4().hex)
    before = worklists.counts(minh, _moment(now))["new"]
    assert (before, worklists.counts(world.actor("binh"), _moment(now))["new"]) == (1, 0)
    merged(world, today, now)
    world.positions["minh"] = _position(world, "minh")
    for name in ("minh", "binh"):
        actor = world.actor(name)
        assert worklists.counts(actor, _moment(now))["new"] == 1
        new = next(one for one in worklists.lists_of(actor) if one.key == "new")
        assert [item.code for item in listing.page(new, actor, _moment(now)).items] == [submitted.code]
    accepted = intake.accept(**common(world, "binh", submitted, now + timedelta(minutes=1)))
    assert accepted.home_agency == world.home
    assert lost_or_doubled() == []


def _moment(now: datetime) -> worklists.Moment:
    return worklists.Moment(now, now + timedelta(days=1))


def test_a_slip_of_the_closed_agency_is_found_for_ever(world: World, now: datetime, today: date) -> None:
    dossier = take_in(world)
    merged(world, today, now)
    found = tracking.by_code(dossier.code, dossier.secret, address="192.0.2.1", now=now)
    assert found is not None and found.code == dossier.code
    binh = world.actor("binh")
    assert queries.get_for(binh, dossier.code) == dossier
    assert agency_queries.agency_by_code("H24.12") == world.home


def test_new_dossiers_are_numbered_by_the_successor_old_ones_keep_their_codes(
    world: World, now: datetime, today: date
) -> None:
    old = take_in(world)
    merged(world, today, now)
    world.positions["minh"] = _position(world, "minh")
    minh = world.actor("minh")
    begun = replace(
        minh, agency_id=world.home.pk
    )  # an intake that began before the merger and ends behind it
    late = plan(world, begun, competent_agency_id=world.neighbour.pk)
    with pytest.raises(Conflict) as refused, transaction.atomic():
        intake.accept_at_counter(intake=late, actor=begun, at=now, key=uuid4().hex)
    assert refused.value.code == "agency_moved"
    with pytest.raises(Refusal, match="kết thúc hoạt động"), transaction.atomic():
        intake.accept_at_counter(intake=plan(world, minh), actor=minh, at=now, key=uuid4().hex)
    new = intake.accept_at_counter(
        intake=plan(world, minh, competent_agency_id=world.neighbour.pk), actor=minh, at=now, key=uuid4().hex
    )
    assert old.code.startswith("H24.12-") and new.code.startswith("H24.13-")
    handler = HandlingUnit.objects.filter(agency=world.home, valid_to=None)
    assert not handler.exists(), "nothing new is sent to the closed agency"
    assert not AgencyProcedure.objects.filter(agency=world.home, valid_to=None).exists()


def test_counts_are_equal_and_figures_add_up(world: World, now: datetime, today: date) -> None:
    for _number in range(3):
        take_in(world)
    both = [world.home.pk, world.neighbour.pk]
    before = open_work.of_each_agency(both)
    merged(world, today, now)
    after = open_work.of_each_agency(both)
    assert sum(before.values()) == sum(after.values()) == 3
    assert after == {world.home.pk: 0, world.neighbour.pk: 3}
    counted = agency_queries.stands_for(world.neighbour.pk, today)
    assert counted == set(both), "figures of the successor count its predecessor from the day on"
    assert agency_queries.stands_for(world.neighbour.pk, today - timedelta(days=1)) == {world.neighbour.pk}
    assert Dossier.objects.filter(home_agency_id__in=counted).count() == 3


def test_drafts_go_with_their_officer(world: World, now: datetime, today: date) -> None:
    draft = drafts.open_draft(actor=world.actor("minh"), at=now, content={"applicant_name": "Phạm"})
    merged(world, today, now)
    draft.refresh_from_db()
    assert draft.agency == world.neighbour


def test_places_and_signs_follow(world: World, now: datetime, today: date) -> None:
    from motcua.agencies.models import ShopKind

    by = {"actor": SYSTEM, "at": now}
    shops = [
        places.open_shop(
            agency_id=one.pk, name="Bộ phận Một cửa", kind=ShopKind.SECTION, opened_on=date(2025, 7, 1), **by
        )
        for one in (world.home, world.neighbour)
    ]
    point = places.open_point(
        shop_id=shops[0].pk, name="Trụ sở cũ", address="Khu 1", opened_on=date(2025, 7, 1), **by
    )
    merged(world, today, now)
    shops[0].refresh_from_db()
    assert shops[0].agency == world.neighbour
    assert shops[0].name == "Bộ phận Một cửa (đặc khu Bạch Long Vĩ)"
    point.refresh_from_db()
    assert point.valid_to is None


def test_an_agency_that_opens_takes_over_workflow_calendar_and_procedures(
    world: World, now: datetime, today: date
) -> None:
    from motcua.procedures.models import Procedure
    from motcua.workflow.models import WorkflowAssignment, WorkflowVersion

    version = WorkflowVersion.objects.exclude(published_at=None).order_by("pk").last()
    procedure = Procedure.objects.get(code="1.013225")
    WorkflowAssignment.objects.create(
        procedure=procedure, agency=world.home, workflow_version=version, valid_from=date(2025, 7, 1)
    )
    opening = {"name": "UBND phường Mới", "short_name": "phường Mới", "level": "commune", "code": "H24.99"}
    opened = carried_out(ChangeKind.OPEN, opening, today, now)
    new = opened.outcome["agency"]
    done = merged(world, today, now, target={"change": opened.pk})
    row = WorkflowAssignment.objects.get(agency_id=new)
    assert (row.procedure, row.workflow_version, row.valid_from) == (procedure, version, today)
    assert WorkflowAssignment.objects.get(agency=world.home).valid_to == today
    assert Agency.objects.get(pk=new).calendar_id == world.home.calendar_id
    offered = AgencyProcedure.objects.filter(agency_id=new, valid_to=None).count()
    assert offered == done.outcome["counts"]["offerings"] > 0
    assert new in done.concerns, "an agency that an earlier change opened is named once it is there"


# ── A split, a unit, a rename


def _third(now: datetime) -> Agency:
    from motcua.agencies.models import AgencyLevel

    return agencies.open_agency(
        name="UBND phường Đông Hải", short_name="phường Đông Hải", level=AgencyLevel.objects.get(code="commune"),
        code="H24.14", opened_on=date(2025, 7, 1), actor=SYSTEM, at=now,
    )  # fmt: skip


def _units(world: World) -> dict[str, Unit]:
    return {unit.kind: unit for unit in Unit.objects.filter(agency=world.home)}


def test_a_split_sends_each_dossier_with_its_unit(world: World, now: datetime, today: date) -> None:
    third = _third(now)
    moving, staying = take_in(world), take_in(world)
    attempt(world, "assign", "hoa", moving, later(hours=1), to_position=world.positions["hoa"])
    minh = world.actor("minh")
    waiting = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key=uuid4().hex)
    units = _units(world)
    where = {str(unit.pk): 1 if kind == UnitKind.DIVISION else 0 for kind, unit in units.items()}
    content = {
        "source": world.home.pk,
        "heirs": [world.neighbour.pk, third.pk],
        "units": where,
        "join": False,
    }
    carried_out(ChangeKind.SPLIT, content, today, now)
    assert lost_or_doubled() == []
    for dossier, competent in ((moving, third), (staying, third), (waiting, world.neighbour)):
        dossier.refresh_from_db()
        assert dossier.competent_agency == competent
    assert agency_queries.stands_for(world.neighbour.pk, today) == {world.home.pk, world.neighbour.pk}
    assert agency_queries.stands_for(third.pk, today) == {third.pk}, "no figure counts in two agencies"
    assert third.pk in world.actor("hoa").agencies
    assert world.home.pk in world.actor("hoa").agencies, "both successors see what was before"


def test_a_split_that_leaves_a_unit_without_a_home_is_refused(
    world: World, now: datetime, today: date
) -> None:
    third, units = _third(now), _units(world)
    content = {"source": world.home.pk, "heirs": [world.neighbour.pk, third.pk],
               "units": {str(units[UnitKind.DIVISION].pk): 1}}  # fmt: skip
    with pytest.raises(Refusal) as refused:
        planned(ChangeKind.SPLIT, content, today, now)
    assert refused.value.code == "homeless"
    assert "Văn phòng" in refused.value.message
    content["units"] = {str(unit.pk): 2 for unit in units.values()}
    with pytest.raises(Refusal):
        planned(ChangeKind.SPLIT, content, today, now)


def test_a_unit_takes_its_dossiers_and_people_along(world: World, now: datetime, today: date) -> None:
    dossier, other = take_in(world), take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1), to_position=world.positions["hoa"])
    attempt(world, "withdraw", "minh", other, later(hours=2))
    division = _units(world)[UnitKind.DIVISION]
    content = {"unit": division.pk, "target": world.neighbour.pk, "from": world.home.pk}
    carried_out(ChangeKind.MOVE_UNIT, content, today, now)
    assert lost_or_doubled() == []
    division.refresh_from_db()
    dossier.refresh_from_db()
    assert division.agency == dossier.competent_agency == world.neighbour
    assert division.name == "Phòng Văn hóa - Xã hội (đặc khu Bạch Long Vĩ)", "one of the name was there"
    assert owner_task(dossier).position_id == world.positions["hoa"], "the same post, the same desk"
    assert world.actor("hoa").agency_id == world.neighbour.pk
    homes = list(division.homes.order_by("valid_from").values_list("agency_id", "valid_to"))
    assert homes == [(world.home.pk, today), (world.neighbour.pk, None)]
    other.refresh_from_db()
    assert other.competent_agency == world.home, "what has ended stays as it was"
    joined = {"unit": division.pk, "target": world.home.pk, "from": world.neighbour.pk}
    with pytest.raises(Refusal):
        planned(ChangeKind.MOVE_UNIT, {**joined, "target": world.neighbour.pk}, today, now)


def test_a_rename_waits_for_its_day_and_can_be_taken_back(world: World, now: datetime, today: date) -> None:
    content = {"agency": world.home.pk, "name": "UBND đặc khu Mới", "short_name": "ĐK Mới", "code": "H24.92"}
    tomorrow = today + timedelta(days=1)
    change = planned(ChangeKind.RENAME, content, tomorrow, now)
    with pytest.raises(Conflict):
        changes.carry_out(change_id=change.pk, actor=SYSTEM, at=now)
    cancelled = changes.cancel(change_id=change.pk, reason="Hoãn", actor=SYSTEM, at=now)
    assert cancelled.state == ChangeState.CANCELLED
    assert changes.due_now(at=now + timedelta(days=2)) == []
    again = planned(ChangeKind.RENAME, content, tomorrow, now)
    assert changes.due_now(at=now + timedelta(days=1)) == [again.pk]
    changes.carry_out(change_id=again.pk, actor=SYSTEM, at=now + timedelta(days=1))
    world.home.refresh_from_db()
    assert world.home.name == "UBND đặc khu Mới"
    assert agency_queries.code_of(world.home.pk, today) == "H24.12"
    assert agency_queries.code_of(world.home.pk, tomorrow) == "H24.92"
    with pytest.raises(Conflict):
        changes.cancel(change_id=again.pk, reason="", actor=SYSTEM, at=now)
    world.home.refresh_from_db()


# ── What is refused


def test_what_cannot_be_planned(world: World, now: datetime, today: date) -> None:
    home, there = world.home.pk, world.neighbour.pk
    third = _third(now).pk
    tomorrow = today + timedelta(days=1)

    def refused(kind: ChangeKind, content: dict[str, Any], day: date) -> str:
        with pytest.raises(Refusal) as caught:
            planned(kind, content, day, now)
        return caught.value.code

    assert refused(ChangeKind.MERGE, {"sources": [home], "target": home}, tomorrow) == "into_itself"
    assert refused(ChangeKind.MERGE, {"sources": [], "target": home}, tomorrow) == "no_source"
    first = planned(ChangeKind.MERGE, {"sources": [home], "target": there}, tomorrow, now)
    assert refused(ChangeKind.MERGE, {"sources": [home], "target": third}, tomorrow) == "closed_twice"
    # A circle, whichever day: the one that closes takes nobody in afterwards.
    assert refused(ChangeKind.MERGE, {"sources": [there], "target": home}, tomorrow) == "closing"
    assert (
        refused(ChangeKind.MERGE, {"sources": [there], "target": home}, tomorrow + timedelta(days=9))
        == "closing"
    )
    assert refused(ChangeKind.MERGE, {"sources": [there], "target": third}, today) == "planned_later"
    # A chain forwards is one: home into there tomorrow, there into the third a day later.
    chain = planned(
        ChangeKind.MERGE, {"sources": [there], "target": third}, tomorrow + timedelta(days=1), now
    )
    changes.carry_out(change_id=first.pk, actor=SYSTEM, at=now + timedelta(days=1))
    changes.carry_out(change_id=chain.pk, actor=SYSTEM, at=now + timedelta(days=2))
    assert agency_queries.stands_for(third, tomorrow + timedelta(days=1)) == {home, there, third}
    assert agency_queries.front_of(home, tomorrow + timedelta(days=1)) == third
    assert refused(ChangeKind.MERGE, {"sources": [home], "target": third}, tomorrow) == "already_closed"


def test_a_day_with_dossiers_after_it_is_refused(world: World, now: datetime, today: date) -> None:
    take_in(world)
    content = {"sources": [world.home.pk], "target": world.neighbour.pk}
    with pytest.raises(Refusal) as refused:
        planned(ChangeKind.MERGE, content, MONDAY.date(), now)
    assert refused.value.code == "dossiers_since"
    assert "1 hồ sơ" in refused.value.message
    assert planned(ChangeKind.MERGE, content, MONDAY.date() + timedelta(days=1), now).pk


def test_the_same_line_twice_is_one_change(world: World, now: datetime, today: date) -> None:
    content = {"sources": [world.home.pk], "target": world.neighbour.pk}
    first = planned(ChangeKind.MERGE, content, today, now, origin="2026:1")
    assert planned(ChangeKind.MERGE, content, today, now, origin="2026:1") == first
    changes.carry_out(change_id=first.pk, actor=SYSTEM, at=now)
    entries = PlannedChange.objects.count()
    changes.carry_out(change_id=first.pk, actor=SYSTEM, at=now)
    assert planned(ChangeKind.MERGE, content, today, now, origin="2026:1") == first
    assert PlannedChange.objects.count() == entries
    assert list(verify(entries_of("agency", world.home.pk, agency_id=world.home.pk))) == []


def test_two_posts_of_one_person_become_one(world: World, now: datetime, today: date) -> None:
    from motcua.agencies.operations import people

    unit = Unit.objects.get(agency=world.neighbour, kind=UnitKind.DIVISION)
    people.appoint(
        account_id=world.accounts["hoa"].pk, unit_id=unit.pk, title="Kiêm nhiệm", roles=["clerk"],
        valid_from=date(2025, 7, 1), is_primary=False, actor=SYSTEM, at=now,
    )  # fmt: skip
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1), to_position=world.positions["hoa"])
    merged(world, today, now)
    held = Position.objects.get(account=world.accounts["hoa"], valid_to=None)
    assert (sorted(held.roles), held.is_primary, held.unit) == (
        ["clerk", "specialist", "unit_head"],
        True,
        unit,
    )
    assert owner_task(dossier).position_id == held.pk
    assert Task.objects.filter(dossier=dossier).exists()
