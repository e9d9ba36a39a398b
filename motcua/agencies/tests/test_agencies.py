"""Agencies through the years: codes for ever, names and parents dated, mergers with history that compares."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from motcua.agencies import queries
from motcua.agencies.demo import load_demo_agencies
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    AgencyParent,
    CodeScheme,
    Position,
    SuccessionKind,
)
from motcua.agencies.operations import agencies, places
from motcua.base.audit.queries import entries_of, verify
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BEFORE, CHANGE, AFTER = date(2026, 3, 1), date(2027, 1, 1), date(2027, 6, 1)


@pytest.fixture
def tree(db, now):
    return load_demo_agencies(at=now, actor=SYSTEM)


def _open(code, now, **values):
    level = AgencyLevel.objects.get(code="commune")
    asked = {
        "name": "UBND xã Thử",
        "short_name": "X. Thử",
        "level": level,
        "code": code,
        "opened_on": date(2026, 1, 1),
        "actor": SYSTEM,
        "at": now,
    }
    return agencies.open_agency(**(asked | values))


# ── Codes


def test_a_code_finds_its_agency_in_both_schemes(tree):
    island = tree["H24.12"]
    assert queries.agency_by_code("H24.12") == island
    assert queries.agency_by_code(" 000.00.12.h24 ") == island
    assert queries.code_of(island.pk, BEFORE) == "H24.12"
    assert queries.code_of(island.pk, BEFORE, CodeScheme.OLD) == "000.00.12.H24"
    with pytest.raises(NotFound):
        queries.agency_by_code("H99")


def test_two_agencies_never_share_a_code_not_even_one_after_the_other(tree, now):
    with pytest.raises(Conflict):
        _open("H24.12", now)
    agencies.give_code(
        agency_id=tree["H24.13"].pk,
        code="H24.93",
        scheme=CodeScheme.NEW,
        valid_from=CHANGE,
        actor=SYSTEM,
        at=now,
    )
    with pytest.raises(Conflict):
        _open("H24.13", now, opened_on=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyCode.objects.create(agency=tree["H24.12"], code="H24.13", scheme="new", valid_from=AFTER)


def test_a_new_code_holds_from_its_day_and_the_old_one_still_finds(tree, now):
    ward = tree["H24.13"]
    agencies.give_code(
        agency_id=ward.pk, code="H24.93", scheme=CodeScheme.NEW, valid_from=CHANGE, actor=SYSTEM, at=now
    )
    assert queries.code_of(ward.pk, CHANGE - timedelta(days=1)) == "H24.13"
    assert queries.code_of(ward.pk, CHANGE) == "H24.93"
    assert queries.agency_by_code("H24.13") == queries.agency_by_code("H24.93") == ward


@pytest.mark.parametrize(
    "code", ["", "H2", "24.12", "H24.", "H24.12.3.4.5", "H24-12", "H24.1234", "000.00.12.H24"]
)
def test_odd_codes_are_refused(tree, now, code):
    with pytest.raises(Refusal) as refused:
        _open(code, now)
    assert refused.value.code in {"bad_code", "code_taken"}


@pytest.mark.parametrize(
    "statement",
    [
        "delete from agencies_agencycode where code = 'H24.12'",
        "update agencies_agencycode set code = 'H24.99' where code = 'H24.12'",
        "update agencies_agencycode set agency_id = (select min(id) from agencies_agency) where code = 'H24.12'",
        "truncate agencies_agencycode",
        "alter table agencies_agencycode disable trigger all",
    ],
)
def test_the_database_keeps_codes_for_ever(tree, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.agency_by_code("H24.12") == tree["H24.12"]


# ── The tree


def test_the_tree_has_any_depth_and_is_dated(tree, now):
    top, department, office = tree["H24"], tree["H24.08"], tree["H24.08.1"]
    below = queries.agencies_below(top.pk, BEFORE)
    assert {department.pk, office.pk, tree["H24.12"].pk} <= below
    assert tree["G12.24.6"].pk not in below, "the tax office hangs elsewhere"
    agencies.place_under(
        agency_id=office.pk, parent_id=tree["H24.05"].pk, on_day=CHANGE, actor=SYSTEM, at=now
    )
    assert queries.parent_of(office.pk, CHANGE - timedelta(days=1)) == department
    assert queries.parent_of(office.pk, CHANGE) == tree["H24.05"]
    rows = queries.agency_tree(BEFORE)
    depth = {row["code"]: row["depth"] for row in rows}
    assert (depth["H24"], depth["H24.08"], depth["H24.08.1"], depth["G12.24.6"]) == (0, 1, 2, 0)


def test_a_district_level_of_the_past_is_only_data(tree, now):
    district = agencies.open_level(code="district", name="Cấp huyện", rank=35, actor=SYSTEM, at=now)
    old = _open("H24.70", now, level=district, opened_on=date(2020, 1, 1), parent_id=tree["H24"].pk)
    assert [row["depth"] for row in queries.agency_tree(BEFORE) if row["agency"] == old] == [1]


def test_a_circle_is_refused(tree, now):
    with pytest.raises(Refusal, match="cấp trên"):
        agencies.place_under(
            agency_id=tree["H24"].pk, parent_id=tree["H24.08.1"].pk, on_day=CHANGE, actor=SYSTEM, at=now
        )


def test_the_database_refuses_two_parents_at_once(tree):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyParent.objects.create(agency=tree["H24.12"], parent=tree["H24.05"], valid_from=CHANGE)


# ── Names, mergers, splits


def test_a_renamed_agency_keeps_its_name_on_old_papers(tree, now):
    ward = tree["H24.13"]
    agencies.rename_agency(
        agency_id=ward.pk,
        name="UBND phường Hải  An Mới",
        short_name="",
        on_day=CHANGE,
        legal_basis="NQ thử",
        actor=SYSTEM,
        at=now,
    )
    assert queries.name_of(ward.pk, BEFORE) == "UBND phường Hải An"
    assert queries.name_of(ward.pk, AFTER) == "UBND phường Hải An Mới"
    with pytest.raises(Refusal, match="ngày muộn hơn"):
        agencies.rename_agency(
            agency_id=ward.pk, name="X", short_name="X", on_day=BEFORE, legal_basis="", actor=SYSTEM, at=now
        )


def test_a_merger_keeps_everything_and_lets_the_successor_see_it(people, now):
    island, ward = queries.agency_by_code("H24.12"), queries.agency_by_code("H24.13")
    binh = people["binh"].positions.get()
    assert queries.actor_for(binh.pk, BEFORE).agencies == {ward.pk}
    agencies.close_agency(
        agency_id=island.pk,
        on_day=CHANGE,
        successor_ids=[ward.pk],
        kind=SuccessionKind.MERGED,
        legal_basis="NQ thử",
        with_open_work=True,
        actor=SYSTEM,
        at=now,
    )
    assert queries.actor_for(binh.pk, CHANGE).agencies == {ward.pk, island.pk}
    assert queries.actor_for(binh.pk, BEFORE).agencies == {ward.pk}, "not before the day"
    assert queries.successors_of(island.pk) == [ward]
    assert queries.agency_by_code("H24.12") == island, "its codes still lead to it"
    assert queries.code_of(island.pk, BEFORE) == "H24.12"
    with pytest.raises(NotFound):
        queries.code_of(island.pk, AFTER)
    assert island.pk not in {row["agency"].pk for row in queries.agency_tree(AFTER)}
    assert Position.objects.filter(unit__agency=island).exists(), "people hand their dossiers over first"
    with pytest.raises(Conflict):
        agencies.close_agency(
            agency_id=island.pk,
            on_day=AFTER,
            successor_ids=[ward.pk],
            kind=SuccessionKind.MERGED,
            legal_basis="",
            actor=SYSTEM,
            at=now,
        )


def test_a_split_has_several_successors_and_chains_are_followed(tree, now):
    ward = tree["H24.13"]
    north, south = _open("H24.61", now), _open("H24.62", now)
    agencies.close_agency(
        agency_id=ward.pk,
        on_day=CHANGE,
        successor_ids=[north.pk, south.pk],
        kind=SuccessionKind.SPLIT,
        legal_basis="NQ thử",
        actor=SYSTEM,
        at=now,
    )
    agencies.close_agency(
        agency_id=north.pk,
        on_day=AFTER,
        successor_ids=[tree["H24.12"].pk],
        kind=SuccessionKind.MERGED,
        legal_basis="NQ thử",
        actor=SYSTEM,
        at=now,
    )
    assert set(queries.successors_of(ward.pk)) == {south, tree["H24.12"]}


def test_closing_needs_an_open_successor(tree, now):
    for ids in ([], [tree["H24.13"].pk], [0]):
        with pytest.raises(Refusal):
            agencies.close_agency(
                agency_id=tree["H24.13"].pk,
                on_day=CHANGE,
                successor_ids=ids,
                kind=SuccessionKind.MERGED,
                legal_basis="",
                actor=SYSTEM,
                at=now,
            )


def test_only_a_system_administrator_changes_the_tree(tree, now):
    other = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"unit_admin"}))
    with pytest.raises(NotPermitted):
        _open("H24.77", now, actor=other)


def test_history_of_an_agency_is_whole(tree):
    island = tree["H24.12"]
    entries = entries_of("agency", island.pk, agency_id=island.pk)
    assert [entry.verb for entry in entries][:3] == ["agency.open", "agency.give_code", "agency.give_code"]
    assert list(verify(entries)) == []


# ── Places


def test_points_need_an_address_and_counters_a_free_number(tree, now):
    shop = tree["H24.12"].shops.get()
    point = shop.points.get()
    with pytest.raises(Refusal, match="địa chỉ"):
        places.open_point(shop_id=shop.pk, name="Điểm 2", address=" ", opened_on=BEFORE, actor=SYSTEM, at=now)
    with pytest.raises(Conflict):
        places.open_counter(point_id=point.pk, number=3, opened_on=BEFORE, actor=SYSTEM, at=now)
    places.open_counter(point_id=point.pk, number=7, opened_on=BEFORE, actor=SYSTEM, at=now)
    assert point.counters.count() == 7


def test_loading_twice_changes_nothing(people, now):
    from motcua.accounts.tests.conftest import PASSWORD
    from motcua.agencies.demo import load_demo_people
    from motcua.base.audit.models import Entry

    before = (Entry.objects.count(), Agency.objects.count(), Position.objects.count())
    load_demo_people(at=now, actor=SYSTEM, password_for=lambda _name: PASSWORD)
    assert (Entry.objects.count(), Agency.objects.count(), Position.objects.count()) == before


# ── What stands inside, closed and renamed


def test_points_and_counters_close_from_inside_out(tree, now):
    island = tree["H24.12"]
    by = {"actor": SYSTEM, "at": now}
    shop = places.open_shop(agency_id=island.pk, name="Bộ phận thử", kind="section", opened_on=BEFORE, **by)
    point = places.open_point(shop_id=shop.pk, name="Điểm thử", address="Số 1", opened_on=BEFORE, **by)
    counter = places.open_counter(point_id=point.pk, number=7, opened_on=BEFORE, **by)
    with pytest.raises(Refusal) as open_point:
        places.close_shop(shop_id=shop.pk, on_day=CHANGE, **by)
    assert open_point.value.code == "shop_has_points"
    with pytest.raises(Refusal):
        places.close_point(point_id=point.pk, on_day=BEFORE - timedelta(days=1), **by)
    places.close_point(point_id=point.pk, on_day=CHANGE, **by)
    counter.refresh_from_db()
    assert counter.valid_to == CHANGE
    with pytest.raises(Conflict):
        places.close_counter(counter_id=counter.pk, on_day=AFTER, **by)
    assert places.close_shop(shop_id=shop.pk, on_day=CHANGE, **by).valid_to == CHANGE


def test_a_point_with_people_stays_open(tree, now):
    seat = Position.objects.filter(point__isnull=False).first()
    if seat is None:
        point = places.Point.objects.first()
        unit = places.Unit.objects.filter(agency=point.shop.agency).first()
        account = open_account_of(now)
        seat = Position.objects.create(
            account=account, unit=unit, title="x", roles=["receiver"], valid_from=BEFORE, point=point
        )
    with pytest.raises(Refusal) as refused:
        places.close_point(point_id=seat.point_id, on_day=CHANGE, actor=SYSTEM, at=now)
    assert refused.value.code == "point_has_people"


def open_account_of(now):
    from motcua.accounts.operations.accounts import open_account

    return open_account(login_name="ai", full_name="Ai Đó", account_kind="staff", actor=SYSTEM, at=now)


def test_a_unit_is_renamed_once_a_name(tree, now):
    unit, other = places.Unit.objects.filter(agency=tree["H24.12"]).order_by("pk")[:2]
    asked = {"short_name": "", "on_day": now.date(), "legal_basis": "QĐ 1", "actor": SYSTEM, "at": now}
    assert places.rename_unit(unit_id=unit.pk, name=" Phòng  Mới ", **asked).name == "Phòng Mới"
    with pytest.raises(Conflict):
        places.rename_unit(unit_id=unit.pk, name=other.name, **asked)
    with pytest.raises(Refusal):
        places.rename_unit(unit_id=unit.pk, name=" ", **asked)
    last = entries_of("agency", unit.agency_id, agency_id=unit.agency_id).last()
    assert (last.verb, last.payload["to"]) == ("agency.rename_unit", "Phòng Mới")
