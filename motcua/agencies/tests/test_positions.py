"""Positions: who may give them, when they hold, and that rights follow them at once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.accounts.models import Account, EmergencySeal
from motcua.accounts.tests.conftest import PASSWORD
from motcua.agencies import queries
from motcua.agencies.models import Position, Unit
from motcua.agencies.operations import people as staff
from motcua.agencies.roles import Role
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

TODAY = timezone.localdate


@pytest.fixture
def people(people_who_stay: dict[str, Account]) -> dict[str, Account]:
    """Loaded once for all of these."""
    return people_who_stay


@pytest.fixture
def acting(people):
    def actor(name):
        return queries.actor_for(people[name].positions.get().pk, TODAY())

    return actor


@pytest.fixture
def unit_admin(people, now):
    """An administrator of the island alone."""
    position, _link = staff.invite_officer(
        login_name="quantri",
        full_name="Hà Văn Quản",
        unit_id=people["thu"].positions.get().unit_id,
        title="Quản trị đơn vị",
        roles=[Role.UNIT_ADMIN],
        actor=SYSTEM,
        at=now,
    )
    return queries.actor_for(position.pk, TODAY())


def _unit(code, kind="division"):
    return Unit.objects.filter(agency__codes__code=code, kind=kind).first()


def test_actors_see_their_agency_and_monitors_everything_below(acting):
    hoa, nga = acting("hoa"), acting("nga")
    island = queries.agency_by_code("H24.12").pk
    assert hoa.agencies == {island} and hoa.agency_id == island
    assert hoa.roles == {"specialist"} and hoa.name == "Đỗ Thị Hoa" and hoa.title == "Chuyên viên"
    assert nga.agencies == queries.agencies_below(queries.agency_by_code("H24").pk, TODAY())
    assert acting("tuan").agencies == {island}, "a leader is no monitor"


def test_a_position_that_ended_acts_no_more(people, now):
    position = people["hoa"].positions.get()
    staff.end_position(position_id=position.pk, on_day=TODAY(), actor=SYSTEM, at=now)
    with pytest.raises(NotFound):
        queries.actor_for(position.pk, TODAY())
    assert queries.actor_for(position.pk, TODAY() - timedelta(days=1)).account_id == people["hoa"].pk


def test_rights_change_in_an_open_session_at_once(people, browser_of, now):
    client = browser_of("an")
    assert client.get("/people/").status_code == 200
    position = people["an"].positions.get()
    changed = staff.change_roles(position_id=position.pk, roles=["clerk"], actor=SYSTEM, at=now)
    assert client.get("/people/").status_code == 403
    staff.end_position(position_id=changed.pk, on_day=TODAY(), actor=SYSTEM, at=now)
    assert client.get("/agencies/").status_code == 403


def test_nobody_raises_themselves(people, acting, now):
    an = acting("an")
    with pytest.raises(NotPermitted):
        staff.appoint(
            account_id=people["an"].pk,
            unit_id=_unit("H24.13").pk,
            title="Chủ tịch",
            roles=["leader"],
            valid_from=TODAY(),
            is_primary=False,
            actor=an,
            at=now,
        )
    with pytest.raises(NotPermitted):
        staff.change_roles(position_id=an.position_id, roles=["leader"], actor=an, at=now)


@pytest.mark.parametrize("role", ["system_admin", "unit_admin", "monitor"])
def test_a_unit_administrator_gives_no_administration(people, unit_admin, now, role):
    with pytest.raises(NotPermitted):
        staff.invite_officer(
            login_name="moi",
            full_name="Người Mới",
            unit_id=_unit("H24.12").pk,
            title="X",
            roles=[role],
            actor=unit_admin,
            at=now,
        )


def test_a_unit_administrator_stays_in_the_own_agency(people, unit_admin, now):
    with pytest.raises(NotFound):
        staff.invite_officer(
            login_name="moi",
            full_name="Người Mới",
            unit_id=_unit("H24.13").pk,
            title="X",
            roles=["specialist"],
            actor=unit_admin,
            at=now,
        )
    binh, an = people["binh"], people["an"]
    for attempt in (
        lambda who: staff.leave(account_id=who.pk, reason="x", actor=unit_admin, at=now),
        lambda who: staff.ask_reset(account_id=who.pk, reason="x", actor=unit_admin, at=now),
        lambda who: staff.end_sessions(account_id=who.pk, actor=unit_admin, at=now),
        lambda who: staff.end_position(
            position_id=who.positions.get().pk, on_day=TODAY(), actor=unit_admin, at=now
        ),
    ):
        for stranger in (binh, an):  # another agency's officer; an administrator of everything
            with pytest.raises(NotFound):
                attempt(stranger)
    lan = people["lan"]  # a citizen; nobody's officer
    for stranger in (binh, an, lan):
        with pytest.raises(NotFound):
            staff.appoint(
                account_id=stranger.pk,
                unit_id=_unit("H24.12").pk,
                title="Kiêm nhiệm",
                roles=["specialist"],
                valid_from=TODAY(),
                is_primary=False,
                actor=unit_admin,
                at=now,
            )


def test_a_unit_administrator_is_not_shown_people_of_other_agencies(people, unit_admin, entered):
    """The page that gives a position told the name and the places of whoever's number stood in the address."""
    client = entered(Account.objects.get(pk=unit_admin.account_id))
    for stranger in ("binh", "an", "lan"):
        for path in ("", "appoint/"):
            answer = client.get(f"/people/{people[stranger].pk}/{path}")
            assert answer.status_code == 404, (stranger, path)
            assert people[stranger].full_name not in answer.content.decode()
    assert client.get(f"/people/{people['hoa'].pk}/appoint/").status_code == 200


def test_a_citizens_account_gets_no_position_from_anybody(people, now):
    with pytest.raises(NotFound):
        staff.appoint(
            account_id=people["lan"].pk,
            unit_id=_unit("H24.12").pk,
            title="X",
            roles=["specialist"],
            valid_from=TODAY(),
            actor=SYSTEM,
            at=now,
        )


def test_two_primary_positions_or_two_in_one_unit_at_once_are_refused(people, acting, now):
    asked = {"account_id": people["hoa"].pk, "title": "X", "roles": ["clerk"], "valid_from": TODAY()}
    with pytest.raises(Conflict):
        staff.appoint(unit_id=_unit("H24.12", "clerical").pk, actor=acting("an"), at=now, **asked)
    with pytest.raises(Conflict):
        staff.appoint(
            unit_id=people["hoa"].positions.get().unit_id,
            is_primary=False,
            actor=acting("an"),
            at=now,
            **asked,
        )
    staff.appoint(
        unit_id=_unit("H24.12", "clerical").pk, is_primary=False, actor=acting("an"), at=now, **asked
    )
    assert queries.positions_of(people["hoa"].pk, TODAY()).count() == 2


@pytest.mark.parametrize("roles", [[], ["king"], ["clerk", "king"]])
def test_unknown_roles_are_refused_by_operation_and_database(people, acting, now, roles):
    unit = _unit("H24.12", "clerical")
    with pytest.raises(Refusal):
        staff.appoint(
            account_id=people["hoa"].pk,
            unit_id=unit.pk,
            title="X",
            roles=roles,
            valid_from=TODAY(),
            is_primary=False,
            actor=acting("an"),
            at=now,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(
            account=people["hoa"], unit=unit, title="X", roles=roles, valid_from=TODAY(), is_primary=False
        )


def test_an_officer_with_two_positions_works_in_the_chosen_one(people, browser_of, acting, now):
    second = staff.appoint(
        account_id=people["hoa"].pk,
        unit_id=_unit("H24.12", "clerical").pk,
        title="Văn thư kiêm nhiệm",
        roles=["clerk"],
        valid_from=TODAY(),
        is_primary=False,
        actor=acting("an"),
        at=now,
    )
    client = browser_of("hoa")
    assert "Chuyên viên" in client.get("/agencies/").content.decode()
    client.post("/account/positions/", {"position": str(second.pk)})
    assert "Văn thư kiêm nhiệm" in client.get("/agencies/").content.decode()
    client.post("/account/positions/", {"position": str(people["tuan"].positions.get().pk)})
    assert "Văn thư kiêm nhiệm" in client.get("/agencies/").content.decode(), "not somebody else's"


def test_officers_of_a_unit_by_role(people):
    unit = people["hoa"].positions.get().unit_id
    names = [position.account.login_name for position in queries.officers_of(unit, TODAY(), "specialist")]
    assert sorted(names) == ["duc", "hoa"]
    assert [one.account.login_name for one in queries.officers_of(unit, TODAY(), "unit_head")] == ["duc"]


# ── The pages


def test_only_administrators_reach_the_pages_about_people(people, browser_of):
    for name in ("hoa", "tuan", "nga"):
        assert browser_of(name).get("/people/").status_code == 403
    assert browser_of("an").get("/people/").status_code == 200


def test_the_list_costs_the_same_at_any_size(people, browser_of, now):
    client = browser_of("an")
    client.get("/people/")
    few = _queries(client)
    unit = _unit("H24.12").pk
    for number in range(120):
        staff.invite_officer(
            login_name=f"canbo{number}",
            full_name=f"Nguyễn Thử {number:03}",
            unit_id=unit,
            title="Chuyên viên",
            roles=["specialist"],
            actor=SYSTEM,
            at=now,
        )
    assert _queries(client) == few
    assert few < 12
    page = client.get("/people/").content.decode()
    assert "after=" in page
    found = client.get("/people/", {"q": "thu 077"}).content.decode()
    assert "Nguyễn Thử 077" in found and "Nguyễn Thử 078" not in found


def _queries(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/people/")
    return len([one for one in asked if "SAVEPOINT" not in one["sql"]])


def test_invite_by_the_page_shows_the_link_once(people, browser_of):
    client = browser_of("an")
    data = {
        "full_name": "Lý Ngọc Quyên",
        "login_name": "quynh",
        "unit": _unit("H24.12").pk,
        "title": "Chuyên viên",
        "roles": ["specialist"],
    }
    answer = client.post("/people/new/", data)
    assert answer.status_code == 200 and "/loi-moi/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    again = client.post("/people/new/", data)
    assert "đã có người dùng" in again.content.decode()


def test_the_two_person_reset_through_the_pages(people, browser_of):
    an, son = browser_of("an"), browser_of("son")
    hoa = people["hoa"]
    assert an.post(f"/people/{hoa.pk}/reset/", {"reason": "mất điện thoại"}).status_code == 302
    request = hoa.reset_requests.get()
    assert an.post(f"/people/resets/{request.pk}/confirm/").status_code == 403
    answer = son.post(f"/people/resets/{request.pk}/confirm/")
    assert "/loi-moi/" in answer.content.decode()


def test_a_reset_is_confirmed_by_somebody_who_just_proved_to_be_there(people, browser_of):
    """Six minutes after the log-in the second administrator is asked again; nothing is done meanwhile."""
    an, son, hoa = browser_of("an"), browser_of("son"), people["hoa"]
    an.post(f"/people/{hoa.pk}/reset/", {"reason": "mất điện thoại"})
    request = hoa.reset_requests.get()
    address = f"/people/resets/{request.pk}/confirm/"
    start = timezone.now()
    with time_machine.travel(start + timedelta(minutes=3), tick=False):
        son.get("/people/resets/")
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        answer = son.post(address)
        assert answer["Location"].startswith("/xac-nhan-lai/") and answer["Location"].endswith(
            "?next=%2Fpeople%2Fresets%2F"
        )
        request.refresh_from_db()
        assert request.state == "asked"
        assert "Chưa làm gì" in son.get(answer["Location"]).content.decode()
        assert son.post(answer["Location"], {"password": PASSWORD})["Location"] == "/people/resets/"
        request.refresh_from_db()
        assert request.state == "asked", "the button is pressed again, by the person"
        assert "/loi-moi/" in son.post(address).content.decode()


def test_envelopes_are_made_by_somebody_who_just_proved_to_be_there(people, browser_of):
    an = browser_of("an")
    start = timezone.now()
    with time_machine.travel(start + timedelta(minutes=3), tick=False):
        assert an.get("/people/emergency/new/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        for address in ("/people/emergency/new/", f"/people/emergency/{people['hoa'].pk}/seal/"):
            answer = an.post(address, {"place": "két", "login_name": "khan-cap-9"})
            assert answer["Location"].startswith("/xac-nhan-lai/"), address
    assert not EmergencySeal.objects.exists()


def test_get_changes_nothing(people, browser_of):
    client, hoa = browser_of("an"), people["hoa"]
    for path in ("leave", "reset", "invite", "sessions/end", "reopen"):
        assert client.get(f"/people/{hoa.pk}/{path}/").status_code == 302
    hoa.refresh_from_db()
    assert hoa.is_active and hoa.positions.filter(valid_to=None).count() == 1
