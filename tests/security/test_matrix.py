"""Every route of the three hosts × GET and POST × everybody, against the table in `matrix.py`; default deny."""

import re
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import AgencyCode, Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.base.calendars.models import Day
from motcua.base.retention.models import SpanChange
from motcua.certification.tests import desk_world
from motcua.config import checks, errors
from motcua.dossiers.intake_choice import choose
from motcua.dossiers.models import Dossier, Paper, PeopleList
from motcua.dossiers.operations import drafts, people_lists
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World, logged_in
from motcua.dossiers.tests.lives import take_in
from motcua.dossiers.tests.test_people_lists import pupil, sheet
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import KeepingPeriod, Procedure, ProcedureVersion
from motcua.procedures.operations.legal_texts import TextFacts, enter
from motcua.ui.routing import everyone, route, set_database_actor
from motcua.workflow.models import Workflow, WorkflowVersion
from tests.security.matrix import DOSSIER, DRAFT, NOT_MINE, STRANGERS, TABLE

pytestmark = pytest.mark.django_db
NAMES = {
    "m": "minh",
    "h": "hoa",
    "t": "tuan",
    "c": "thu",
    "r": "mai",
    "a": "an",
    "b": "binh",
    "l": "lan",
    "f": "minh",
}
HOSTS = {"public": "PUBLIC_HOST", "staff": "STAFF_HOST", "files": "FILES_HOST"}
METHODS = ("get", "post")
CANARY = "Phạm Thị Hương Giang"


def list_of_people(world: World) -> PeopleList:
    """A list that Minh sent: of Minh's agency, for its own people only."""
    minh, now = world.actor("minh"), timezone.now()
    choice = choose(intake_world.BIRTH, variant="", agency="", actor=minh, day=timezone.localdate(now))
    stream = BytesIO(sheet([pupil(1), pupil(2, birth="31/02/2015")]))
    return people_lists.upload(stream=stream, filename="lop.xlsx", choice=choice, actor=minh, at=now)[0]


def keeping_arguments() -> dict[str, int]:
    """A procedure with its sector, and a period that waits for a second person."""
    birth = Procedure.objects.get(code=intake_world.BIRTH)
    wanted = {
        "how": "forever", "source": "Thử", "valid_from": timezone.localdate(), "proposed_by": 0,
        "proposed_at": timezone.now(),
    }  # fmt: skip
    row, _made = KeepingPeriod.objects.get_or_create(sector=birth.sector, decided_at=None, defaults=wanted)
    return {"sector_id": birth.sector_id or 0, "procedure_id": birth.pk, "period_id": row.pk}


class Site:
    """The world, one dossier and one draft of Minh's, and a browser of everybody."""

    def __init__(self, world: World) -> None:
        self.hosts = {name: getattr(settings, key) for name, key in HOSTS.items()}
        self.world = world
        self.dossier: Dossier = take_in(world)
        self.draft = drafts.open_draft(
            actor=world.actor("minh"), at=timezone.now(), content={"full_name": CANARY}
        )
        desk_world.open_lane()
        visit = desk_world.Desk(world).take()
        paper = Paper.objects.filter(dossier=self.dossier).first()
        assert paper is not None
        unit_id = Unit.objects.filter(agency=world.home).values_list("pk", flat=True).first()
        self.text = enter(facts=TextFacts("60/2014/QH13", "Luật Hộ tịch"), actor=SYSTEM, at=timezone.now())
        self.arguments: dict[str, Any] = {
            "name": "home", "slug": "sinh-con", "code": self.dossier.code, "draft_id": self.draft.pk, "paper_id": paper.pk, "verb": "correct",
            "line_id": uuid4(), "holding_id": self.dossier.holdings.get().pk,
            "account_id": world.accounts["hoa"].pk, "position_id": world.positions["hoa"], "number": 1, "row": "x1",
            "note_id": uuid4(), "joined_id": uuid4(), "relation_id": uuid4(), "message_id": 1, "delegation_id": 1, "template_id": 1,
            "session_id": 1, "request_id": 1, "theme": "x", "pk": 1, "token": "khong-co", "file_id": uuid4(),
            "agency_id": world.home.pk, "unit_id": unit_id, "shop_id": 1, "point_id": 1, "counter_id": 1, "year": 2030,
            "code_id": AgencyCode.objects.filter(agency=world.home).values_list("pk", flat=True).first(),
            "calendar_id": world.home.calendar_id, "day_id": Day.objects.values_list("pk", flat=True).first(),
            "procedure_id": 1, "definition_id": 1, "form_id": 1, "path": "x", "change_id": 1, "approval_id": 1, "edit_id": 1, "before_id": 1, "after_id": 1, "fee_id": 1,
            "exemption_id": 1, "part": "record", "text_id": self.text.pk, "form": "apology", "kind": "pdf",
            "visit_id": visit.pk, "copied_id": visit.papers.get().pk, "batch_id": uuid4(),
            "set_id": 1, "list_id": list_of_people(world).pk, "recompute_id": 1, "review_id": 1, "item_id": 1,
            "move_id": uuid4(), "upload_id": uuid4(), "client_id": 1, "hook_id": uuid4(), "rest": "khong-co", "mandate_id": uuid4(), "place": 1,
            "hall": 1, "hall_id": 1, "text": "1-KHONGCO222", "service_id": 1, "device_id": 1, "call": 1, "voice_id": 1, "word": "nam",
            "event": "received", "application_id": uuid4(), "answer_id": uuid4(), "item": 1, "job_id": uuid4(), "ticket_id": uuid4(), "booking_id": uuid4(), "rule_id": 1, "closed_id": 1,
            "workflow_id": Workflow.objects.order_by("pk").values_list("pk", flat=True).first() or 1,
            "version_id": WorkflowVersion.objects.order_by("pk").values_list("pk", flat=True).first() or 1,
        }  # fmt: skip

        self.sessions = {who: self._log_in(who) for who in "lfmhtcrab"}

    def _log_in(self, who: str) -> str:
        client, account = Client(HTTP_HOST=self.hosts["staff"]), self.world.accounts[NAMES[who]]
        if who == "f":
            client.force_login(account)
        else:
            logged_in(client, account)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, who: str, host: str) -> Client:
        client = Client(HTTP_HOST=self.hosts[host], raise_request_exception=False)
        if who != "0":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def address(self, entry: URLPattern, name: str) -> str:
        """Return an address of the route: Minh's dossier, Minh's draft, or the first of its kind."""
        values = dict(self.arguments)
        if name == "agencies_level":
            values["code"] = "commune"
        if name.startswith("procedure_"):
            values["code"] = intake_world.BIRTH
            values["version_id"] = ProcedureVersion.objects.get(procedure__code=intake_world.BIRTH).pk
        if name in {"portal-posted", "portal-postings-of", "figures-of"}:
            values["code"] = "H24.12"
        if name == "language":
            values["code"] = "en"
        if name.startswith("retention_"):
            wanted = {"days": 60, "reason": "Thử", "proposed_by": 0, "proposed_at": timezone.now()}
            row, _made = SpanChange.objects.get_or_create(kind="drafts", decided_at=None, defaults=wanted)
            values |= {"key": "drafts", "change_id": row.pk}
        if name.startswith("keeping"):
            values |= keeping_arguments()
        text = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), str(entry.pattern))
        assert "<" not in text, text
        return "/" + text


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = intake_world.build()
        at = timezone.now()
        unit = Unit.objects.get(agency=world.home, kind=UnitKind.CLERICAL)
        world.accounts["an"] = open_account(
            login_name="an", full_name="Quản trị An", account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
        )
        world.positions["an"] = people.appoint(
            account_id=world.accounts["an"].pk, unit_id=unit.pk, title="Quản trị", roles=(Role.SYSTEM_ADMIN,),
            valid_from=date(2025, 7, 1), actor=SYSTEM, at=at,
        ).pk  # fmt: skip
        world.accounts["lan"] = open_account(
            login_name="lan", full_name="Người dân Lan", account_kind=AccountKind.CITIZEN, actor=SYSTEM, at=at
        )
        for account in world.accounts.values():  # somebody who logged in has a password
            account.set_password("cau vong sau mua 7")
            account.save(update_fields=["password"])
        yield Site(world)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _savepoint(db: None) -> None:
    """Each test in a savepoint of the module's transaction."""


@pytest.fixture(autouse=True)
def _the_page_of_a_shut_door_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third request ends there; its looks are the harness's (`test_an_error_page_passes`)."""
    framed = errors._framed

    def bare(request: Any, page: str, facts: dict[str, Any], status: int) -> HttpResponse | None:
        return HttpResponse(status=403) if status == 403 else framed(request, page, facts, status)

    monkeypatch.setattr(errors, "_framed", bare)


def routes() -> dict[tuple[str, str], URLPattern]:
    found: dict[tuple[str, str], URLPattern] = {}
    for host, key in HOSTS.items():
        for _text, entry in checks.patterns(settings.HOST_URLCONFS[getattr(settings, key)]):
            found[host, str(entry.name)] = entry
    return found


ROUTES = routes()


def ask(site: Site, who: str, host: str, address: str, method: str) -> tuple[int, str, bytes]:
    """Send one request in a savepoint that is rolled back; return status, where it leads, and the body."""
    with transaction.atomic():
        response = getattr(site.client(who, host), method)(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    set_database_actor(SYSTEM)
    return response.status_code, response.headers.get("Location", ""), body


def kept_out(status: int, location: str, address: str) -> bool:
    """Tell whether the answer turns the visitor away at the door."""
    away = (
        location.startswith(("/dang-nhap/?next=", "/dang-nhap-cong-dan/?next=", "/account/second-factor/"))
        and location != address
    )
    return status in {401, 403} or (status == 302 and away)


def faults(site: Site, host: str, name: str, entry: URLPattern) -> list[str]:
    """Try one route with both methods as everybody; return where the site differs from the table."""
    address, allowed, found = site.address(entry, name), TABLE[host, name], []
    # A log-in of the staff host is none on the public one: there all officers are one stranger.
    for method in METHODS:
        for who in "0lm" if host == "public" else "0lfmhtcrab":
            status, location, body = ask(site, who, host, address, method)
            out = kept_out(status, location, address)
            said = f"{who} {method.upper()} {host}{address} → {status} {location}"
            if status >= 500:
                found.append(said)
            elif who not in allowed and not out:
                found.append(f"{said}: the table keeps them out")
            elif who in allowed and out and not _by_the_act(name, method, status, who):
                found.append(f"{said}: the table lets them in")
            elif who in allowed and _is_a_stranger(host, name, who):
                badly_put = (host, name) in DRAFT and method == "post" and status in {400, 422}
                if status not in {404, 405} and not badly_put:
                    found.append(f"{said}: somebody else's")
                if CANARY.encode() in body or (
                    status == 404 and site.dossier.applicant_name.encode() in body
                ):
                    found.append(f"{said}: the answer tells whose it is")
    return found


def _by_the_act(name: str, method: str, status: int, who: str) -> bool:
    """The door is open, the act itself is not theirs, and says so: what `permissions.ACTIONS` forbids."""
    guarded = {
        "dossier-act", "dossier-upload", "dossier-reveal", "dossier-reprint", "dossier-extend-check",
        "dossier-paper-correct", "dossier-joint-slip", "paper-end", "dossier-compose",
        "dossier-ticket", "dossier-ticket-off", "dossier-vault",
    }  # fmt: skip
    if name.startswith("exchange-"):  # the token of a registered program is the right
        return status in {401, 403}
    if name.startswith("station-"):  # the token of a paired station is the right
        return method == "post" and status == 401
    return status == 403 and (name in guarded or name.startswith("mfa_"))  # allauth's own: no such factor


def _is_a_stranger(host: str, name: str, who: str) -> bool:
    if (host, name) in DOSSIER:
        return who in STRANGERS
    return (host, name) in DRAFT and who in NOT_MINE


def test_every_route_stands_in_the_table() -> None:
    assert set(ROUTES) == set(TABLE)


def test_a_new_route_without_a_line_is_noticed() -> None:
    assert {("staff", "planted"), *ROUTES} != set(TABLE)


@pytest.mark.parametrize("where", TABLE, ids=lambda where: "-".join(where))
def test_the_route_is_open_to_whom_the_table_says(site: Site, where: tuple[str, str]) -> None:
    found = faults(site, *where, ROUTES[where])
    if found:
        pytest.fail("\n".join(found), pytrace=False)


# ── Controls


def _with(site: Site, monkeypatch: pytest.MonkeyPatch, where: tuple[str, str], permission: Any) -> list[str]:
    """Return the faults of one route after its permission was replaced."""
    host, name = where
    entry = ROUTES[where]
    pattern = str(entry.pattern)
    called = f"planted_{uuid4().hex}"  # resolvers are kept by the name of their table
    planted = ModuleType(called)
    hole = route(pattern, entry.callback.__wrapped__, permission=permission, name=name)
    hole.callback.__wrapped__.wants_actor = True
    others = [
        one for (where_host, where_name), one in ROUTES.items() if where_host == host and where_name != name
    ]
    planted.urlpatterns = [hole, *others]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, called, planted)
    tables = {site.hosts[one]: called if one == host else f"motcua.config.urls_{one}" for one in HOSTS}
    with override_settings(HOST_URLCONFS=tables):
        return faults(site, host, name, hole)


@pytest.mark.parametrize("name", ["agencies_people", "agencies_tree", "intake-drafts", "dossier"])
def test_a_door_left_open_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    entry = ROUTES["staff", name]
    marked = getattr(entry.callback.__wrapped__, "wants_actor", None)
    try:
        assert any(
            "keeps them out" in fault or " → 5" in fault
            for fault in _with(site, monkeypatch, ("staff", name), everyone)
        )
    finally:
        if marked is None:
            del entry.callback.__wrapped__.wants_actor


def test_a_door_locked_by_mistake_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = ROUTES["staff", "search"]
    try:
        found = _with(site, monkeypatch, ("staff", "search"), lambda _actor: False)
        assert any("lets them in" in fault for fault in found)
    finally:
        del entry.callback.__wrapped__.wants_actor


def test_a_dossier_shown_to_another_commune_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.dossiers import queries

    monkeypatch.setattr(queries, "visible_to", lambda _actor: Dossier.objects.all())
    # The second wall still stands.
    assert faults(site, "staff", "dossier", ROUTES["staff", "dossier"]) == []
    monkeypatch.undo()
    homes = sorted({*site.dossier.visible_to, site.world.neighbour.pk})
    Dossier.objects.filter(pk=site.dossier.pk).update(visible_to=homes)
    assert any(
        "somebody else's" in one for one in faults(site, "staff", "dossier", ROUTES["staff", "dossier"])
    )


# ── What lists and searches tell


@pytest.mark.parametrize(
    "address", ["/search?q={code}", "/search?q=Hương+Giang", "/", "/lists/counts", "/?list=all"]
)
def test_lists_and_searches_tell_another_commune_nothing(site: Site, address: str) -> None:
    status, _location, body = ask(site, "b", "staff", address.format(code=site.dossier.code), "get")
    text = (
        body.decode(errors="replace")
        .replace(f'value="{site.dossier.code}"', "")
        .replace('value="Hương Giang"', "")
    )
    assert status in {200, 404}
    assert site.dossier.applicant_name not in text
    assert f"/dossiers/{site.dossier.code}" not in text


def test_the_same_search_finds_it_at_home(site: Site) -> None:
    """Control of the one above."""
    status, location, body = ask(site, "m", "staff", "/search?q=Hương+Giang", "get")
    assert site.dossier.code.encode() in body or site.dossier.code in location, status


def test_a_strangers_answer_is_that_of_a_code_never_given(site: Site) -> None:
    other = site.dossier.code[:-4] + "9876"
    theirs = ask(site, "b", "staff", f"/dossiers/{site.dossier.code}/", "get")
    never = ask(site, "b", "staff", f"/dossiers/{other}/", "get")
    assert theirs[0] == never[0] == 404
    assert b"mc-left" in theirs[2], "an officer keeps the frame"
    assert _alike(theirs[2], site.dossier.code) == _alike(never[2], other)


def _alike(body: bytes, code: str) -> bytes:
    """Take out what differs on every request by design: the form's token, and the address that was asked for."""
    return re.sub(
        rb'(name="csrfmiddlewaretoken" value=|name="csrf-token" content=)"\w{64}"', rb"\1", body
    ).replace(code.encode(), b"")
