"""Administrators' pages: the trail of their acts, who read what, number series; and that no act escapes the trail."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.agencies.models import Unit
from motcua.agencies.operations import people, series
from motcua.agencies.roles import Role
from motcua.base.audit import administration
from motcua.base.audit.models import Entry
from motcua.base.audit.operations import record
from motcua.base.numbering.models import Series
from motcua.base.numbering.operations import next_number
from motcua.dossiers import readings
from motcua.dossiers.operations.access import note_reading, reveal
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import NUMBER, STAFF, World, logged_in
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.sites.desk import administration_words
from tests.house.source import Module, dotted, modules

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = timezone.now()


def officer(world: World, login: str, roles: list[str], agency: Any) -> Client:
    unit = Unit.objects.get(agency=agency, kind="clerical")
    position, _link = people.invite_officer(
        login_name=login, full_name=f"Cán Bộ {login.title()}", unit_id=unit.pk, title="Quản trị", roles=roles,
        actor=SYSTEM, at=NOW,
    )  # fmt: skip
    world.accounts[login], world.positions[login] = position.account, position.pk
    return logged_in(Client(HTTP_HOST=STAFF), position.account)


# ── Who read what


def test_readings_are_found_by_officer_dossier_and_person_within_ones_agencies(world: World) -> None:
    one = take_in(world, at=MONDAY)
    note_reading(dossier=one, actor=world.actor("hoa"), at=MONDAY + timedelta(hours=1))
    reveal(dossier=one, actor=world.actor("minh"), at=MONDAY + timedelta(hours=2), reason="Gọi cho người dân")
    officer(world, "giamsat", [Role.MONITOR], world.home)
    officer(world, "ngoai", [Role.UNIT_ADMIN], world.neighbour)
    inside, outside = world.actor("giamsat"), world.actor("ngoai")

    def found(actor: Any = inside, **wanted: Any) -> list[str]:
        return [row["officer"] for row in readings.page(actor, readings.Wanted(**wanted), after="")[0]]

    assert found() == ["Vũ Đức Minh", "Đỗ Thị Hoa"]
    assert found(officer="hoa") == ["Đỗ Thị Hoa"] and found(officer="đức minh") == ["Vũ Đức Minh"]
    assert found(dossier=one.code) == found(person=NUMBER) == found()
    assert found(person="031185000099") == found(dossier="H24.12-260101-0001") == []
    assert found(with_reason=True) == ["Vũ Đức Minh"]
    assert found(since=(MONDAY + timedelta(days=1)).date()) == [] and len(found(until=MONDAY.date())) == 2
    assert found(outside) == [] and found(outside, person=NUMBER) == []


def test_the_page_of_readings_is_for_inspectors_and_looking_is_written_down(world: World) -> None:
    one = take_in(world, at=MONDAY)
    note_reading(dossier=one, actor=world.actor("hoa"), at=MONDAY)
    client = officer(world, "giamsat", [Role.MONITOR], world.home)
    page = client.post("/administration/readings/", {"person": NUMBER})
    assert page.status_code == 200 and "Đỗ Thị Hoa" in page.content.decode()
    entry = Entry.objects.get(verb="readings.look")
    assert entry.payload == {"by": ["person"]} and NUMBER not in str(entry.payload)
    assert world.client("hoa").get("/administration/readings/").status_code == 403


# ── The trail


def test_the_trail_shows_acts_of_administrators_by_who_what_and_when(world: World) -> None:
    client = officer(world, "quantri", [Role.SYSTEM_ADMIN], world.home)
    people.end_position(
        position_id=world.positions["mai"], on_day=timezone.localdate(), actor=world.actor("quantri"), at=NOW
    )
    take_in(world)  # registers a person: daily work, not administration
    text = client.get("/administration/trail/?who=quantri&people=on").content.decode()
    assert "Kết thúc vị trí" in text and "Trịnh Thị Mai" in text
    assert client.get("/administration/trail/?kind=calendar&who=quantri").content.decode().count("<tr>") == 0
    everything = administration.page(administration.Wanted(), after="", size=500)[0]
    assert everything and not {one.subject_kind for one in everything} & {"person", "organization", "dossier"}
    first, older = administration.page(administration.Wanted(), after="", size=3)
    second, _more = administration.page(administration.Wanted(), after=older, size=3)
    assert [one.pk for one in first + second] == [one.pk for one in everything[:6]]
    assert world.client("tuan").get("/administration/trail/").status_code == 403


def test_the_trail_tells_of_an_agencys_own_settings_in_their_order(world: World) -> None:
    client = officer(world, "quantri", [Role.SYSTEM_ADMIN], world.home)
    facts: dict[str, Any] = {
        "subject_kind": "paper_text",
        "subject_id": f"{world.home.pk}:slip",
        "agency_id": world.home.pk,
    }
    record(actor=world.actor("quantri"), verb="publish_paper_text", at=NOW, **facts)
    people.end_position(
        position_id=world.positions["mai"], on_day=timezone.localdate(), actor=world.actor("quantri"), at=NOW
    )
    text = client.get("/administration/trail/?who=quantri").content.decode()
    assert "Ban hành lời của giấy tờ" in text and world.home.short_name in text
    everything = administration.page(administration.Wanted(), after="", size=500)[0]
    assert "paper_text" in {one.subject_kind for one in everything}
    moments = [(one.recorded_at, one.pk) for one in everything]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    "address", ["/administration/trail/", "/administration/readings/", "/administration/series/", "/roles/"]
)
def test_pages_ask_fewer_than_twelve(world: World, address: str) -> None:
    take_in(world)
    client = officer(world, "quantri", [Role.SYSTEM_ADMIN, Role.UNIT_ADMIN], world.home)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    asked = [
        one
        for one in seen.captured_queries
        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(asked) < 12, [one["sql"][:80] for one in asked]


def test_acts_have_words(world: World) -> None:
    unnamed = {
        (one.subject_kind, one.verb)
        for one in Entry.objects.filter(agency_id=0)
        if administration_words.what(one) == one.verb
    }
    assert not {one for one in unnamed if one[0] not in administration.DAILY}, unnamed


# ── Number series


def test_a_series_goes_on_from_a_number_never_back(world: World) -> None:
    year = str(timezone.localdate().year)
    given: dict[str, Any] = {
        "agency_id": world.home.pk,
        "kind": "result",
        "period": year,
        "actor": SYSTEM,
        "at": NOW,
    }
    assert series.start_from(first=500, reason="Sổ giấy đã dùng đến 499", **given)
    assert (
        not Entry.objects.filter(verb="series.raise")
        .exclude(payload__reason="Sổ giấy đã dùng đến 499")
        .exists()
    )
    assert next_number(agency_id=world.home.pk, kind="result", period=year) == 500
    for first, says in ((500, "đã dùng"), (20, "đã dùng"), (0, "từ 1")):
        with pytest.raises(Refusal, match=says):
            series.start_from(first=first, reason="x", **given)
    with pytest.raises(Refusal, match="Kỳ phải từ nay"):
        series.start_from(first=900, reason="x", **{**given, "period": "2020"})
    with pytest.raises(Refusal, match="lý do"):
        series.start_from(first=900, reason=" ", **given)
    with pytest.raises(NotPermitted):
        series.start_from(first=900, reason="x", **{**given, "actor": world.actor("hoa")})


def test_the_page_of_series_previews_before_it_changes(world: World) -> None:
    take_in(world, at=NOW - timedelta(hours=1))
    client = officer(world, "quantri", [Role.UNIT_ADMIN], world.home)
    page = client.get("/administration/series/").content.decode()
    assert "Mã hồ sơ" in page and "H24.12-" in page
    year = str(timezone.localdate().year)
    form = {"kind": "register", "period": year, "first": "700", "reason": "Sổ giấy", "key": uuid4().hex}
    address = f"/administration/series/{world.home.pk}/next/"
    looked = client.post(address, form)
    assert "698 số bị bỏ qua" in looked.content.decode()
    assert Series.objects.get(agency_id=world.home.pk, kind="register", period=year).last == 1
    for _click in range(2):
        client.post(address, form | {"step": "confirm"})
    assert Series.objects.get(agency_id=world.home.pk, kind="register", period=year).last == 699
    assert Entry.objects.filter(verb="series.raise").count() == 1
    assert "Sổ giấy" in client.get("/administration/series/").content.decode()
    assert client.get(f"/administration/series/?agency={world.neighbour.pk}").status_code == 404
    assert client.post(f"/administration/series/{world.neighbour.pk}/next/", form).status_code == 403


# ── Every operation of administrators leaves an entry

_HOMES = (
    "motcua/accounts/operations/", "motcua/agencies/operations/", "motcua/base/calendars/operations/",
    "motcua/procedures/operations/", "motcua/workflow/operations/", "motcua/moving/operations/",
    "motcua/dossiers/operations/handling.py",
)  # fmt: skip

# Writes that leave no entry of their own, with the reason.
_SILENT = {
    **dict.fromkeys(("begin_try", "password_right", "remember", "failed", "sweep", "tell", "mark_read", "name_hash"), "log-in"),
    "adopt_names": "the dated name was an act with an entry when it was given; the day only comes",
    "keep_late": "the row itself says whose text it is and when; the version does not change",
}  # fmt: skip


def _operations(found: tuple[Module, ...]) -> Iterator[tuple[str, str, ast.FunctionDef]]:
    """Yield every public function of the administrators' operations that is told who acts and when."""
    for module in found:
        if not module.path.startswith(_HOMES):
            continue
        for node in module.tree.body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and node.name not in _SILENT
            ):
                names = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                if {"actor", "at"} <= names:
                    yield module.path, node.name, node


def _leads_to_an_entry(found: tuple[Module, ...]) -> set[str]:
    """Return the names of functions from which `record` is reached, through whatever they call by name."""
    calls: dict[str, set[str]] = {}
    for module in found:
        known: dict[str, str] = {}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                known |= {one.asname or one.name: one.name for one in node.names}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                called = calls.setdefault(node.name, set())
                for one in ast.walk(node):
                    if isinstance(one, ast.Call):
                        name = dotted(one.func).rsplit(".", 1)[-1].removesuffix("()")
                        called.add(known.get(name, name))
    reached = {"record"}
    while True:
        more = {name for name, called in calls.items() if called & reached} - reached
        if not more:
            return reached
        reached |= more


def silent(found: tuple[Module, ...]) -> list[str]:
    reached = _leads_to_an_entry(
        tuple(one for one in found if "/operations" in one.path or "/audit/" in one.path)
    )
    return [f"{path}:{name}" for path, name, _node in _operations(found) if name not in reached]


def test_every_operation_of_administrators_leaves_an_entry() -> None:
    found = tuple(modules())
    assert len(list(_operations(found))) > 80
    assert silent(found) == []


def test_a_planted_silent_operation_is_found() -> None:
    planted = Module.of(
        "motcua/agencies/operations/x.py",
        "def change(*, actor, at):\n    save(actor)\ndef told(*, actor, at):\n    _say(actor)\ndef _say(actor):\n    record(actor)\n",
    )
    assert silent((planted,)) == ["motcua/agencies/operations/x.py:change"]


# ── Is there a Tesseract


def test_a_system_administrator_is_told_that_scans_are_not_read(world: World, settings: Any) -> None:
    settings.TESSERACT = "off"
    told = "Máy chủ chưa có Tesseract"
    assert (
        told
        in officer(world, "anh", [Role.SYSTEM_ADMIN], world.home).get("/administration/").content.decode()
    )
    assert (
        told
        not in officer(world, "nam", [Role.UNIT_ADMIN], world.home).get("/administration/").content.decode()
    )


def test_who_keeps_the_questions_of_ratings_finds_them(world: World) -> None:
    there = 'href="/rating-questions/"'
    system = officer(world, "anh", [Role.SYSTEM_ADMIN], world.home)
    assert there in system.get("/administration/").content.decode()
    business = officer(world, "kieu", [Role.BUSINESS_ADMIN], world.home)
    assert there in business.get("/message-texts/").content.decode()
    assert business.get("/rating-questions/").status_code == 200
    unit = officer(world, "nam", [Role.UNIT_ADMIN], world.home)
    assert there not in unit.get("/administration/").content.decode()
