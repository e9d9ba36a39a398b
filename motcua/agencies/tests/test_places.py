"""Units, points, counters and agencies changed by operations: what stands in the way, and what comes twice."""

from datetime import date, timedelta

import pytest

from motcua.agencies import inside, queries
from motcua.agencies.demo import load_demo_agencies
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    CodeScheme,
    Succession,
    SuccessionKind,
    Unit,
    UnitKind,
    UnitName,
)
from motcua.agencies.operations import agencies, places
from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Calendar
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import ZONE

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
PAST = date(2026, 3, 1)


@pytest.fixture
def today(now):
    return now.astimezone(ZONE).date()


@pytest.fixture
def tree(db, now):
    return load_demo_agencies(at=now, actor=SYSTEM)


@pytest.fixture
def by(now):
    return {"actor": SYSTEM, "at": now}


def unit_of(agency, part):
    return agency.units.get(name__contains=part)


def refused(act, code, field=None):
    with pytest.raises(Refusal) as why:
        act()
    assert (why.value.code, why.value.field) == (code, field)
    return why.value


# ── Names with a date


def test_a_unit_is_renamed_from_a_day_and_old_papers_keep_the_old_name(tree, by, today):
    unit = unit_of(tree["H24.12"], "Văn hóa")
    said = {"unit_id": unit.pk, "name": "Phòng Văn hóa, Xã hội", "short_name": "VHXH", "legal_basis": "QĐ 3"}
    places.rename_unit(**said, on_day=today, **by)
    unit.refresh_from_db()
    assert (unit.name, unit.short_name) == ("Phòng Văn hóa, Xã hội", "VHXH")
    assert [row.name for row in UnitName.objects.filter(unit=unit).order_by("valid_from")] == [
        "Phòng Văn hóa - Xã hội", "Phòng Văn hóa, Xã hội",
    ]  # fmt: skip
    refused(lambda: places.rename_unit(**said, on_day=PAST, **by), "too_early", "on_day")


def test_a_name_of_a_day_to_come_is_adopted_on_that_day(tree, by, now, today):
    ward, unit = tree["H24.13"], unit_of(tree["H24.12"], "Văn hóa")
    then = today + timedelta(days=10)
    agencies.rename_agency(
        agency_id=ward.pk, name="UBND phường Mới", short_name="P. Mới", on_day=then, legal_basis="NQ 1", **by
    )
    places.rename_unit(
        unit_id=unit.pk, name="Phòng Mới", short_name="", on_day=then, legal_basis="QĐ 1", **by
    )
    agencies.adopt_names(**by)
    assert Agency.objects.get(pk=ward.pk).name == "UBND phường Hải An"
    assert Unit.objects.get(pk=unit.pk).name == "Phòng Văn hóa - Xã hội"
    for _night in range(2):
        agencies.adopt_names(actor=SYSTEM, at=now + timedelta(days=10))
    assert Agency.objects.get(pk=ward.pk).short_name == "P. Mới"
    assert Unit.objects.get(pk=unit.pk).name == "Phòng Mới"


def test_two_units_of_an_agency_never_have_one_name(tree, by, today):
    island = tree["H24.12"]
    name = unit_of(island, "Văn hóa").name
    other = unit_of(island, "Kinh tế")
    for act in (
        lambda: places.open_unit(
            agency_id=island.pk, name=f" {name} ", kind=UnitKind.DIVISION, opened_on=today, **by
        ),
        lambda: places.rename_unit(
            unit_id=other.pk, name=name, short_name="", on_day=today, legal_basis="QĐ", **by
        ),
    ):
        refused(act, "name_taken", "name")
    refused(
        lambda: places.rename_unit(
            unit_id=other.pk, name=" ", short_name="", on_day=today, legal_basis="", **by
        ),
        "no_name",
        "name",
    )


# ── Closing a unit


def test_a_unit_closes_only_when_nothing_stands_on_it(people, by, today, now, monkeypatch):
    island = queries.agency_by_code("H24.12")
    with_people = unit_of(island, "Kinh tế")
    assert (
        "người"
        in refused(
            lambda: places.close_unit(unit_id=with_people.pk, on_day=today, **by), "unit_has_people"
        ).message
    )
    empty = unit_of(island, "Văn hóa")
    below = places.open_unit(
        agency_id=island.pk, name="Tổ 1", kind=UnitKind.DIVISION, opened_on=today, parent_id=empty.pk, **by
    )
    refused(lambda: places.close_unit(unit_id=empty.pk, on_day=today, **by), "unit_has_parts")
    places.close_unit(unit_id=below.pk, on_day=today, **by)

    class Work:
        dossiers, sectors = 3, 0

        @classmethod
        def of_units(cls, _ids):
            return cls.dossiers

        @classmethod
        def sectors_of_units(cls, _ids, _on):
            return cls.sectors

    monkeypatch.setattr(inside, "open_work", lambda: Work)
    assert (
        "3 hồ sơ"
        in refused(
            lambda: places.close_unit(unit_id=empty.pk, on_day=today, **by), "unit_has_dossiers"
        ).message
    )
    Work.dossiers, Work.sectors = 0, 2
    refused(lambda: places.close_unit(unit_id=empty.pk, on_day=today, **by), "unit_is_sent_dossiers")
    Work.sectors = 0
    refused(lambda: places.close_unit(unit_id=empty.pk, on_day=date(2020, 1, 1), **by), "too_early", "on_day")
    places.close_unit(unit_id=empty.pk, on_day=today, **by)
    refused(lambda: places.close_unit(unit_id=empty.pk, on_day=today, **by), "already_closed")
    assert Unit.objects.filter(pk=empty.pk, valid_to=today).exists(), "nothing is deleted"
    places.open_unit(agency_id=island.pk, name=empty.name, kind=UnitKind.DIVISION, opened_on=today, **by)


# ── Places


def test_a_shop_closes_after_its_points_and_a_point_after_its_people(people, by, today):
    shop = queries.agency_by_code("H24.12").shops.get()
    point = shop.points.get()
    refused(lambda: places.close_shop(shop_id=shop.pk, on_day=today, **by), "shop_has_points")
    refused(lambda: places.close_point(point_id=point.pk, on_day=today, **by), "point_has_people")
    from motcua.agencies.models import Position

    Position.objects.filter(point=point).update(point=None)
    places.close_point(point_id=point.pk, on_day=today, **by)
    assert not point.counters.exclude(valid_to=today).exists()
    places.close_shop(shop_id=shop.pk, on_day=today, **by)
    for act in (
        lambda: places.close_shop(shop_id=shop.pk, on_day=today, **by),
        lambda: places.open_point(shop_id=shop.pk, name="x", address="y", opened_on=today, **by),
        lambda: places.open_counter(point_id=point.pk, number=9, opened_on=today, **by),
        lambda: places.close_counter(counter_id=point.counters.first().pk, on_day=today, **by),
    ):
        refused(act, "already_closed")


def test_a_point_is_corrected_with_what_was_before_in_the_history(tree, by):
    point = tree["H24.12"].shops.get().points.get()
    said = {"point_id": point.pk, "name": point.name, "phone": "0225 3 888 999"}
    refused(lambda: places.change_point(**said, address=" ", **by), "no_address", "address")
    places.change_point(**said, address="Số 1 đường Cảng", **by)
    facts = Entry.objects.get(verb="agency.change_point").payload
    assert facts["before"]["address"] == point.address and facts["after"]["address"] == "Số 1 đường Cảng"
    shop = point.shop
    places.open_point(shop_id=shop.pk, name="Điểm 2", address="Số 2", opened_on=PAST, **by)
    refused(
        lambda: places.change_point(**(said | {"name": "Điểm 2"}), address="x", **by), "name_taken", "name"
    )


def test_a_counters_number_is_free_again_after_it_closed(tree, by, today):
    point = tree["H24.12"].shops.get().points.get()
    three = point.counters.get(number=3)
    refused(
        lambda: places.open_counter(point_id=point.pk, number=3, opened_on=today, **by),
        "name_taken",
        "number",
    )
    refused(
        lambda: places.open_counter(point_id=point.pk, number=0, opened_on=today, **by),
        "bad_number",
        "number",
    )
    places.close_counter(counter_id=three.pk, on_day=today, **by)
    assert places.open_counter(point_id=point.pk, number=3, opened_on=today, **by).pk != three.pk


@pytest.mark.parametrize(
    ("number", "name", "label"),
    [
        (3, "", "Quầy 3"),
        (3, "Quầy 3", "Quầy 3"),
        (3, "Chứng thực", "Quầy 3, Chứng thực"),
        (3, "Bàn số 3", "Bàn số 3"),
    ],
)
def test_a_counter_says_its_number_once(number, name, label):
    from motcua.agencies.models import Counter

    assert Counter(number=number, name=name).label == label


# ── Codes


def test_an_old_code_ends_and_still_finds_its_agency(tree, by, today):
    row = AgencyCode.objects.get(code="000.00.12.H24")
    said = {"code_id": row.pk, "legal_basis": "QĐ 20/2020"}
    refused(lambda: agencies.end_code(**said, on_day=date(2020, 1, 1), **by), "too_early", "on_day")
    agencies.end_code(**said, on_day=today, **by)
    refused(lambda: agencies.end_code(**said, on_day=today, **by), "code_ended")
    assert queries.agency_by_code("000.00.12.H24") == tree["H24.12"]
    new = AgencyCode.objects.get(code="H24.12")
    refused(lambda: agencies.end_code(code_id=new.pk, legal_basis="x", on_day=today, **by), "last_code")
    with pytest.raises(NotFound):
        agencies.end_code(code_id=0, legal_basis="x", on_day=today, **by)


# ── Closing an agency


def closing(by, agency, successors, **values):
    said = {"kind": SuccessionKind.MERGED, "legal_basis": "NQ 1", **by} | values
    ids = [one.pk for one in successors]
    return agencies.close_agency(agency_id=agency.pk, successor_ids=ids, **said)


def test_an_agency_never_goes_into_itself(tree, by, today):
    ward, island = tree["H24.13"], tree["H24.12"]
    for heirs in ([ward], [ward, island]):
        refused(lambda heirs=heirs: closing(by, ward, heirs, on_day=today), "into_itself", "successors")
    refused(lambda: closing(by, ward, [island], on_day=date(2020, 1, 1)), "too_early", "on_day")
    assert not Succession.objects.exists()


def test_people_and_dossiers_must_be_known_before_an_agency_closes(people, by, today):
    island, ward = queries.agency_by_code("H24.12"), queries.agency_by_code("H24.13")
    said = refused(lambda: closing(by, island, [ward], on_day=today), "open_work", "with_open_work")
    assert "người giữ vị trí" in said.message
    closing(by, island, [ward], on_day=today, with_open_work=True)
    refused(
        lambda: closing(by, ward, [island], on_day=today, with_open_work=True), "no_successor", "successors"
    )


def test_agencies_below_go_to_the_one_successor(tree, by, today):
    farms, builders, office = tree["H24.08"], tree["H24.05"], tree["H24.08.1"]
    refused(
        lambda: closing(by, farms, [builders, tree["H24.04"]], on_day=today), "has_children", "successors"
    )
    closing(by, farms, [builders], on_day=today)
    assert queries.parent_of(office.pk, today) == builders
    assert queries.parent_of(office.pk, today - timedelta(days=1)) == farms


def test_a_child_that_goes_on_takes_its_parents_place(tree, by, today):
    farms, office = tree["H24.08"], tree["H24.08.1"]
    closing(by, farms, [office], on_day=today)
    assert queries.parent_of(office.pk, today) == tree["H24"]


def test_a_closed_agency_takes_nothing_new(tree, by, today):
    ward, island = tree["H24.13"], tree["H24.12"]
    closing(by, ward, [island], on_day=today)
    for act, code in (
        (
            lambda: agencies.rename_agency(
                agency_id=ward.pk, name="x", short_name="x", on_day=today, legal_basis="", **by
            ),
            "already_closed",
        ),
        (
            lambda: agencies.give_code(
                agency_id=ward.pk, code="H24.99", scheme=CodeScheme.NEW, valid_from=today, **by
            ),
            "already_closed",
        ),
        (
            lambda: agencies.place_under(agency_id=tree["H24.04"].pk, parent_id=ward.pk, on_day=today, **by),
            "already_closed",
        ),
    ):
        refused(act, code)
    refused(
        lambda: places.open_unit(agency_id=ward.pk, name="x", kind=UnitKind.DIVISION, opened_on=today, **by),
        "agency_not_open",
        "on_day",
    )


def test_an_agency_that_closes_later_works_until_then(tree, by, today):
    ward, island = tree["H24.13"], tree["H24.12"]
    then = today + timedelta(days=30)
    closing(by, ward, [island], on_day=then)
    assert ward.pk in {row.agency_id for row in queries.units_run_by(SYSTEM, today)}
    assert ward.pk not in {row.agency_id for row in queries.units_run_by(SYSTEM, then)}
    assert ward in inside.agencies_open_on(today) and ward not in inside.agencies_open_on(then)


# ── Calendars, keys, rights


def test_a_calendar_without_hours_is_not_given(tree, by):
    empty = Calendar.objects.create(code="rong", name="Rỗng")
    refused(
        lambda: agencies.set_calendar(agency_id=tree["H24.12"].pk, calendar_id=empty.pk, **by),
        "no_hours",
        "calendar",
    )
    refused(
        lambda: agencies.set_calendar(agency_id=tree["H24.12"].pk, calendar_id=0, **by),
        "no_hours",
        "calendar",
    )


def test_an_agency_opened_twice_by_one_click_is_one(tree, by, today):
    from motcua.agencies.models import AgencyLevel

    said = {
        "name": "UBND xã Thử", "short_name": "X. Thử", "level": AgencyLevel.objects.get(code="commune"), "code": "H24.77",
        "opened_on": today, "parent_id": tree["H24"].pk, "legal_basis": "NQ", "key": "once",
    }  # fmt: skip
    first = agencies.open_agency(**said, **by)
    assert agencies.open_agency(**said, **by) == first
    assert Agency.objects.filter(name="UBND xã Thử").count() == 1
    with pytest.raises(Conflict):
        agencies.open_agency(**(said | {"key": "other"}), **by)
    assert Agency.objects.filter(name="UBND xã Thử").count() == 1, "a refused one leaves nothing behind"


def test_a_units_administrator_keeps_to_the_own_agency(tree, now, today):
    island, ward = tree["H24.12"], tree["H24.13"]
    nam = Actor(
        kind="officer", account_id=5, position_id=5, agency_id=island.pk, roles=frozenset({"unit_admin"})
    )
    by = {"actor": nam, "at": now}
    assert places.open_unit(agency_id=island.pk, name="Tổ 9", kind=UnitKind.DIVISION, opened_on=today, **by)
    theirs, point = unit_of(ward, "Kinh tế"), ward.shops.get().points.get()
    for act in (
        lambda: places.open_unit(
            agency_id=ward.pk, name="Tổ 9", kind=UnitKind.DIVISION, opened_on=today, **by
        ),
        lambda: places.open_shop(agency_id=ward.pk, name="x", kind="section", opened_on=today, **by),
        lambda: places.open_counter(point_id=point.pk, number=9, opened_on=today, **by),
        lambda: agencies.set_calendar(agency_id=island.pk, calendar_id=1, **by),
        lambda: agencies.end_code(code_id=1, on_day=today, legal_basis="", **by),
    ):
        with pytest.raises(NotPermitted):
            act()
    for act in (
        lambda: places.rename_unit(
            unit_id=theirs.pk, name="x", short_name="", on_day=today, legal_basis="", **by
        ),
        lambda: places.close_unit(unit_id=theirs.pk, on_day=today, **by),
        lambda: places.change_point(point_id=point.pk, name="x", address="y", phone="", **by),
        lambda: places.close_counter(counter_id=point.counters.first().pk, on_day=today, **by),
    ):
        with pytest.raises(NotFound):
            act()


# ── The tree


@pytest.mark.parametrize(
    ("text", "level", "hits"),
    [
        ("bach long vi", "", {"H24.12"}),
        ("H24.08", "", {"H24.08", "H24.08.1"}),
        ("", "commune", {"H24.12", "H24.13"}),
        ("hải an", "department", set()),
        ("", "", None),
    ],
)
def test_the_tree_is_searched_by_name_code_and_level(tree, today, text, level, hits):
    rows = inside.matching(queries.agency_tree(today), text, level)
    found = {row["code"] for row in rows if row["hit"]}
    assert found == (hits if hits is not None else {row["code"] for row in queries.agency_tree(today)})
    shown = {row["agency"].pk for row in rows}
    assert all(row["parent_id"] is None or row["parent_id"] in shown for row in rows), (
        "the way to a hit is shown"
    )
