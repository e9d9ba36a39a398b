"""Which agency receives which procedures: offered, changed, withdrawn, offered again, by code, sector and level."""

from datetime import date, datetime, timedelta

import pytest

from motcua.agencies.models import Agency, AgencyLevel
from motcua.base.audit.queries import entries_of
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.models import AgencyProcedure, Procedure, Sector
from motcua.procedures.operations import offering, publishing
from motcua.procedures.queries import catalogue, selection

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DAY = date(2026, 7, 6)
BIRTH, DEATH, LAND = "1.001193", "1.000656", "1.012783"


@pytest.fixture
def by(monday: datetime) -> dict:
    return {"actor": SYSTEM, "at": monday}


@pytest.fixture
def agency(catalogue: list[str]) -> Agency:
    level = AgencyLevel.objects.create(code="commune", name="Cấp xã", rank=40)
    return Agency.objects.create(name="UBND xã A", short_name="A", level=level, opened_on=date(2025, 7, 1))


def _offer(agency: Agency, codes: list[str], by: dict, day: date = DAY, **more: object) -> int:
    return offering.offer(agency_id=agency.pk, codes=codes, valid_from=day, **more, **by)


def _received(agency: Agency, day: date) -> set[str]:
    return {str(row.procedure.code) for row in catalogue_rows(agency, day)}


def catalogue_rows(agency: Agency, day: date) -> list[AgencyProcedure]:
    return list(catalogue.offered_on(agency.pk, day).select_related("procedure"))


def test_offered_from_a_day_on_and_repeating_changes_nothing(agency: Agency, by: dict) -> None:
    assert _offer(agency, [BIRTH, DEATH], by) == 2
    assert _received(agency, DAY - timedelta(days=1)) == set()
    assert _received(agency, DAY) == {BIRTH, DEATH}
    entries = entries_of("agency_procedures", agency.pk, agency_id=agency.pk).count()
    assert _offer(agency, [BIRTH, DEATH], by) == 0
    assert _offer(agency, [BIRTH], by, DAY + timedelta(days=30)) == 0
    assert entries_of("agency_procedures", agency.pk, agency_id=agency.pk).count() == entries == 1


def test_withdrawn_and_offered_again_on_one_day(agency: Agency, by: dict) -> None:
    _offer(agency, [BIRTH, DEATH], by)
    assert offering.stop_offering(agency_id=agency.pk, codes=[BIRTH, LAND], valid_to=DAY, **by) == 1
    assert _received(agency, DAY) == {DEATH}
    assert _offer(agency, [BIRTH], by) == 1
    assert _received(agency, DAY) == {BIRTH, DEATH}
    assert AgencyProcedure.objects.filter(procedure__code=BIRTH).count() == 1


def test_what_never_began_leaves_no_day(agency: Agency, by: dict) -> None:
    _offer(agency, [BIRTH], by, DAY + timedelta(days=9))
    assert offering.stop_offering(agency_id=agency.pk, codes=[BIRTH], valid_to=DAY, **by) == 1
    assert all(_received(agency, DAY + timedelta(days=n)) == set() for n in range(20))


def test_receiving_for_another_becomes_settling_and_never_both_at_once(agency: Agency, by: dict) -> None:
    _offer(agency, [LAND], by, competent=False)
    later = DAY + timedelta(days=10)
    assert _offer(agency, [LAND], by, later) == 1
    for day, competent in ((DAY, False), (later - timedelta(days=1), False), (later, True)):
        assert [row.competent for row in catalogue_rows(agency, day)] == [competent]
    assert _offer(agency, [LAND], by, later, competent=False) == 1
    assert [row.competent for row in catalogue_rows(agency, later)] == [False]


def test_refusals(agency: Agency, by: dict) -> None:
    with pytest.raises(NotFound, match=r"9\.999999"):
        _offer(agency, [BIRTH, "9.999999"], by)
    with pytest.raises(NotFound):
        offering.stop_offering(agency_id=agency.pk, codes=[BIRTH], valid_to=DAY, **by)
    _offer(agency, [BIRTH], by, DAY + timedelta(days=30))
    with pytest.raises(Refusal) as early:
        _offer(agency, [BIRTH], by)
    assert early.value.code == "too_early"
    stranger = Actor(kind="officer", account_id=1, roles=frozenset({"receiver"}))
    for work in (
        lambda: offering.offer(
            agency_id=agency.pk, codes=[BIRTH], valid_from=DAY, actor=stranger, at=by["at"]
        ),
        lambda: offering.stop_offering(
            agency_id=agency.pk, codes=[BIRTH], valid_to=DAY, actor=stranger, at=by["at"]
        ),
    ):
        with pytest.raises(NotPermitted):
            work()


def test_published_ones_by_level_and_sector(agency: Agency, by: dict) -> None:
    everything = set(selection.published_codes(DAY))
    commune = set(selection.published_codes(DAY, level="commune"))
    assert LAND in everything - commune and {BIRTH, DEATH} <= commune
    civil = selection.sectors_named("ho tich")
    assert {BIRTH, DEATH} <= set(selection.published_codes(DAY, sectors=civil, level="commune"))
    assert selection.published_codes(DAY, sectors=civil, level="central") == []
    publishing.repeal(code=BIRTH, repealed_on=DAY, decision_number="QĐ 1", decision_date=None, **by)
    assert set(selection.published_codes(DAY)) == everything - {BIRTH}


def test_a_sector_is_known_by_code_name_and_clear_beginning(agency: Agency) -> None:
    Sector.objects.create(
        name="Hộ tịch", issuing_agency="Bộ khác", code="G15", folded="ho tich", sort_key="x"
    )
    assert len(selection.sectors_named("HỘ TỊCH")) == 2, "two ministries may use one name"
    assert [row.code for row in selection.sectors_named("G15")] == ["G15"]
    assert selection.sectors_named("hoat dong")[0].name == "Hoạt động xây dựng"
    for text in ("ho", "không có", ""):
        with pytest.raises(NotFound) as refused:
            selection.sectors_named(text)
        assert "Hộ tịch" in refused.value.message or "Đang có" in refused.value.message or text
    with pytest.raises(NotFound):
        selection.procedure_of("9.999999")
    assert selection.procedure_of(f" {BIRTH} ") == Procedure.objects.get(code=BIRTH)
