"""`motcua agency|unit|place|point|counter`, hours of a calendar, offers, workflows: what administrators type."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from motcua.agencies.models import ShopKind, SuccessionKind, UnitKind
from motcua.agencies.queries import agency_by_code
from motcua.base.calendars.queries import calendar_id_of, working_calendar
from motcua.cli.commands import agency, calendar, init, offering, place, procedures, unit, verify, workflow
from motcua.cli.hours import sessions_of, weekdays_of
from motcua.cli.office import read_division
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.working_time import ZONE
from motcua.procedures.models.words import Level
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.workflow.operations.loading import DEMO, load_default_workflows

pytestmark = pytest.mark.django_db

ANSWERS = {
    "province": "UBND tỉnh Thử", "province_code": "H24", "agency": "UBND xã Thử", "agency_code": "H24.12",
    "address": "Số 1", "calendar_code": "HC", "calendar_name": "Giờ hành chính", "hours": "07:30-11:30 13:30-17:00",
    "weekdays": "1-5", "saturday": "", "hours_source": "QĐ 1", "admin_login": "truong", "admin_name": "Hà Thị Trưởng",
}  # fmt: skip


@pytest.fixture
def office() -> dict[str, Any]:
    """An installation as `motcua init` leaves it, with the product's own procedures."""
    return init._make(dict(ANSWERS), ["Phòng Kinh tế"], "own")


def run(command: Any, *words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def told(command: Any, *words: object) -> Any:
    done = run(command, *words, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def refused(command: Any, *words: object) -> Refusal:
    done = run(command, *words)
    assert isinstance(done.exception, Refusal), done.output
    return done.exception


def test_the_words_of_options_are_those_of_the_rows() -> None:
    assert tuple(UnitKind.values) == unit.KINDS and tuple(ShopKind.values) == place.KINDS
    assert tuple(SuccessionKind.values) == agency._KINDS and tuple(Level.values) == offering.LEVELS


def test_an_agency_is_added_renamed_and_closed_into_another(office: dict[str, Any]) -> None:
    added = ("add", "H24.13", "UBND phường Hải An", "--under", "H24")
    made = told(
        agency.agency,
        *added,
        "--address",
        "Số 9",
        "--division",
        "Phòng Kinh tế: Hộ tịch",
        "--division",
        "Phòng Xã hội",
    )
    tree = {row["code"]: row for row in told(agency.agency, "list")}
    assert tree["H24.13"]["calendar"] == "HC" and tree["H24.13"]["depth"] == 1
    kinds = {row["kind"] for row in told(unit.unit, "list", "H24.13")}
    assert kinds == {"one_stop", "division", "leadership", "clerical"}
    assert isinstance(refused(agency.agency, *added), Conflict), "a code is given once for ever"
    assert (
        "motcua agency level"
        in refused(agency.agency, "add", "H24.14", "X", "--under", "H24", "--level", "y").message
    )
    told(agency.agency, "rename", "H24.13", "UBND phường Mới", "--basis", "NQ 1")
    closed = told(
        agency.agency, "close", "H24.13", "--into", "H24.12", "--basis", "NQ 2", "--from", "2027-01-01"
    )
    assert closed["closed_on"] == "2027-01-01" and made["id"] == agency_by_code("H24.13").pk
    assert (
        "motcua agency list"
        in refused(agency.agency, "close", "H99", "--into", "H24", "--basis", "x").message
    )
    assert {"code": "commune", "name": "Cấp xã", "rank": 40} in told(agency.agency, "level")
    told(agency.agency, "level", "department", "Sở", "--rank", "20")
    assert run(agency.agency, "level", "x").exit_code == 2


def test_units_and_their_work(office: dict[str, Any]) -> None:
    told(unit.unit, "add", "H24.12", "Phòng Văn hóa - Xã hội", "--short-name", "VHXH")
    given = told(unit.unit, "handles", "H24.12", "vhxh", "ho tich", "1.013225")
    assert given["changed"] == ["Hộ tịch", "1.013225"]
    rows = {row["name"]: row for row in told(unit.unit, "list", "H24.12")}
    assert rows["Phòng Văn hóa - Xã hội"]["sectors"] == ["Hộ tịch"]
    assert rows["Phòng Văn hóa - Xã hội"]["procedures"] == ["1.013225"]
    assert (
        "Hộ tịch" not in rows["Phòng Kinh tế"]["sectors"] and "Chứng thực" in rows["Phòng Kinh tế"]["sectors"]
    )
    assert told(unit.unit, "handles", "H24.12", "VHXH", "Hộ tịch")["changed"] == []
    assert told(unit.unit, "handles", "H24.12", "VHXH", "1.013225", "--stop")["changed"] == ["1.013225"]
    assert "Hộ tịch" in told(unit.unit, "handles", "H24.12", "Phòng Kinh tế", "--all")["changed"]
    assert run(unit.unit, "handles", "H24.12", "VHXH").exit_code == 2
    assert "Phòng Kinh tế" in refused(unit.unit, "handles", "H24.12", "Phòng Không", "Hộ tịch").message
    told(unit.unit, "rename", "H24.12", "VHXH", "Phòng Xã hội", "--basis", "QĐ 3")
    assert "lĩnh vực:" in run(unit.unit, "list", "H24.12").stdout
    told(unit.unit, "close", "H24.12", "Phòng Xã hội")
    assert len(told(unit.unit, "list", "H24.12")) == 4


def test_places_points_and_counters(office: dict[str, Any]) -> None:
    assert told(place.counter, "add", "H24.12", 3, "--name", "Hộ tịch")["point"] == "Trụ sở"
    assert isinstance(refused(place.counter, "add", "H24.12", 3), Conflict)
    told(place.point, "add", "H24.12", "Điểm số 2", "--address", "Thôn Đông")
    assert "“Trụ sở”" in refused(place.counter, "add", "H24.12", 4).message, "two points: which one?"
    told(place.counter, "add", "H24.12", 1, "--point", "diem so 2")
    told(place.place, "add", "H24.12", "Bộ phận lưu động", "--kind", "section")
    rows = {row["name"]: row for row in told(place.place, "list", "H24.12")}
    points = {one["name"]: one for one in rows["Trung tâm Phục vụ hành chính công"]["points"]}
    assert [desk["number"] for desk in points["Trụ sở"]["counters"]] == [3]
    told(place.counter, "close", "H24.12", 3, "--point", "Trụ sở")
    assert isinstance(refused(place.counter, "close", "H24.12", 3, "--point", "Trụ sở"), NotFound)
    told(place.point, "close", "H24.12", "Điểm số 2")
    told(place.place, "close", "H24.12", "Bộ phận lưu động")
    assert "Trụ sở: Số 1" in run(place.place, "list", "H24.12").stdout


def test_hours_of_a_calendar_from_a_day_on(office: dict[str, Any]) -> None:
    new = (
        "hours",
        "HC",
        "07:00-11:00",
        "--saturday",
        "07:00-10:00",
        "--source",
        "QĐ 5",
        "--from",
        "2027-01-04",
    )
    assert [row["weekdays"] for row in told(calendar.calendar, *new)["hours"]] == ["1-5", "6-6"]
    working = working_calendar(calendar_id_of("HC") or 0)
    assert working.closing(date(2027, 1, 5)).hour == 11 and working.is_working(date(2027, 1, 9))
    assert working.closing(date(2026, 12, 31)).hour == 17
    told(calendar.calendar, *new[:5], "--saturday-open-only", *new[5:])
    assert not working_calendar(calendar_id_of("HC") or 0).is_working(date(2027, 1, 9))
    assert isinstance(refused(calendar.calendar, "hours", "KHAC", "07:00-11:00", "--source", "x"), NotFound)
    told(calendar.calendar, "hours", "KHAC", "07:00-11:00", "--source", "x", "--name", "Lịch khác")
    assert {row["code"] for row in told(calendar.calendar, "list")} == {"HC", "KHAC"}
    told(agency.agency, "calendar", "H24.12", "KHAC")
    assert isinstance(refused(agency.agency, "calendar", "H24.12", "LẠ"), NotFound)
    assert "KHAC" in run(calendar.calendar, "list").stdout


@pytest.mark.parametrize(
    "text", ["", "7", "07:30-11:30 13:30", "11:30-07:30", "07-08 09-10 11-12", "07:30-25:00"]
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(calendar.click.BadParameter):
        sessions_of(text)


def test_weekdays_and_divisions() -> None:
    assert (weekdays_of("2-6"), weekdays_of("6")) == ((2, 6), (6, 6))
    for text in ("6-2", "0-5", "hai", "1-8"):
        with pytest.raises(calendar.click.BadParameter):
            weekdays_of(text)
    assert read_division(" Phòng  A : Hộ tịch; ;Chứng thực ").sectors == ("Hộ tịch", "Chứng thực")
    with pytest.raises(Refusal):
        read_division(" : Hộ tịch")


def test_offers_are_made_and_withdrawn_by_code_sector_level_and_all(office: dict[str, Any]) -> None:
    group = procedures.procedures
    assert len(told(group, "offered", "H24.12")) == office["offered"]
    land = told(group, "offer", "H24.12", "--sector", "Đất đai", "--receive-only")
    assert (land["new"], land["competent"], land["sectors_of_nobody"]) == (2, False, [])
    told(unit.unit, "add", "H24.12", "Phòng Hai")
    assert told(group, "offer", "H24.12", "2.002288")["sectors_of_nobody"] == ["Đất đai", "Đường bộ"]
    assert told(group, "withdraw-offer", "H24.12", "--sector", "dat dai")["ended"] == 2
    assert told(group, "withdraw-offer", "H24.12", "2.002288", "1.012783")["ended"] == 1
    everything = told(group, "offer", "H24.12", "--all")
    assert everything["chosen"] == len(told(group, "offered", "H24.12")) > office["offered"]
    assert told(group, "withdraw-offer", "H24.12", "--level", "commune")["ended"] == office["offered"]
    for words in ((), ("1.001193", "--all"), ("--all", "--level", "commune")):
        assert run(group, "offer", "H24.12", *words).exit_code == 2
    assert isinstance(refused(group, "offer", "H24.12", "--level", "other", "--sector", "Đất đai"), NotFound)
    assert isinstance(refused(group, "offer", "H24.12", "9.999999"), NotFound)
    assert "chỉ tiếp nhận" not in run(group, "offered", "H24.12").stdout


def test_a_workflow_is_applied_to_a_case_an_agency_and_taken_back(office: dict[str, Any]) -> None:
    group = workflow.workflow
    done = json.loads(run(group, "import", DEMO / "1.013225.toml", "--json").stdout)
    assert done["applied_to"] == []
    applied = told(
        group, "apply", "1.013225", "demo:1.013225", "--case", "nha o rieng le", "--agency", "H24.12"
    )
    assert (applied["workflow"], applied["case"]) == ("demo:1.013225", "nha o rieng le")
    rows = told(group, "applied")
    assert [(row["procedure"], row["case"]) for row in rows] == [("1.013225", "Nhà ở riêng lẻ")]
    assert "1.013225" in run(group, "applied").stdout
    back = ("apply", "1.013225", "--default", "--case", "Nhà ở riêng lẻ", "--agency", "H24.12")
    assert told(group, *back)["workflow"] == "default"
    assert isinstance(refused(group, *back), NotFound) and told(group, "applied") == []
    assert "Nhà ở riêng lẻ" in refused(group, "apply", "1.013225", "demo:1.013225", "--case", "x").message
    assert run(group, "apply", "1.013225").exit_code == 2
    assert json.loads(run(group, "import", DEMO / "1.013225.toml", "--apply", "--json").stdout)[
        "applied_to"
    ] == ["1.013225"]
    assert run(group, "import", DEMO / "1.013225.toml", "--apply", "--drafts").exit_code == 2


def test_what_was_only_a_sentence_can_be_read_by_programs(office: dict[str, Any]) -> None:
    assert told(workflow.workflow, "default")["published"][0]["key"] == "default"
    assert told(calendar.calendar, "approve", "2026-11-24", "--source", "NQ 80")["status"] == "approved"
    assert told(calendar.calendar, "switch", "2026-11-24", "off", "--reason", "thử")["enabled"] is False
    assert told(calendar.calendar, "confirm", "2027", "--source", "TB 1")["confirmed"] is True
    repealed = told(procedures.procedures, "repeal", "1.001193", "--from", "2027-01-01", "--decision", "QĐ 9")
    assert repealed["repealed_on"] == "2027-01-01"
    checked = json.loads(run(verify.verify, "--json").stdout)
    assert checked["entries"] > 40 and checked["faults"] == []


def test_the_fixture_really_is_what_init_leaves(office: dict[str, Any]) -> None:
    at = datetime.now(ZONE)
    assert load_demo_catalogue(actor=SYSTEM, at=at) and load_default_workflows(actor=SYSTEM, at=at)
    assert len(office["units"]) == 4 and office["link"].startswith("http")
