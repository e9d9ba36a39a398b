"""Received here, decided there: one owner, both see it, the other's calendar and rules, counted once, a register."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import agencies, people
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours
from motcua.dossiers import elsewhere, intake_choice, paper_data, permissions, queries, tracking
from motcua.dossiers.intake_choice import BadChoice
from motcua.dossiers.models import AccessLog, Dossier, HandlingUnit, Paper, Task
from motcua.dossiers.operations import custody, intake, processing
from motcua.dossiers.operations.intake import BadIntake
from motcua.dossiers.operations.register import note_copy_elsewhere
from motcua.dossiers.templatetags.dossiers import status_of
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.dossiers.tests.lives import LONG, MONDAY, common, later, plan, take_in, variant_of
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted
from motcua.lib.working_time import Session
from motcua.procedures.models import AgencyProcedure, Procedure, ProcedureVariant
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
DAY = MONDAY.date()


def staff(world: World) -> None:
    """Give the neighbour a division head, so that there is somebody to take the first step."""
    account = open_account(
        login_name="phuong",
        full_name="Lê Thị Phương",
        account_kind=AccountKind.STAFF,
        actor=SYSTEM,
        at=MONDAY,
    )
    unit = Unit.objects.get(agency=world.neighbour, kind=UnitKind.DIVISION)
    world.accounts["phuong"] = account
    world.positions["phuong"] = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Trưởng phòng", roles=(Role.SPECIALIST, Role.UNIT_HEAD),
        valid_from=OPENED, actor=SYSTEM, at=MONDAY,
    ).pk  # fmt: skip


@pytest.fixture
def staffed(world: World) -> Iterator[None]:
    staff(world)
    yield
    del world.positions["phuong"], world.accounts["phuong"]


@pytest.fixture
def there(world: World, staffed: None) -> Dossier:
    """A dossier that Minh receives for the neighbour."""
    return take_in(world, competent_agency_id=world.neighbour.pk)


def test_it_keeps_apart_who_receives_and_who_decides(world: World, there: Dossier) -> None:
    assert there.home_agency_id == world.home.pk and there.competent_agency_id == world.neighbour.pk
    assert there.code.startswith("H24.12-")
    owners = Task.objects.filter(dossier=there, is_owner=True, ended_at=None)
    assert [one.agency_id for one in owners] == [world.neighbour.pk]
    for name in ("minh", "mai", "binh", "phuong"):
        assert queries.get_for(world.actor(name), there.code).pk == there.pk


def test_the_other_agency_works_and_the_receiving_one_returns(world: World, there: Dossier) -> None:
    processing.assign(**common(world, "phuong", there, later(hours=1), to_position=world.positions["phuong"]))
    tasks = tuple(queries.open_tasks(there))

    def may(verb: str, name: str) -> bool:
        return permissions.may(verb, permissions.Case(world.actor(name), there, tasks))

    assert may("propose", "phuong") and not may("propose", "minh")
    assert may("return_result", "mai") and not may("return_result", "binh")
    assert may("withdraw", "minh") and not may("withdraw", "binh")


def test_the_date_is_reckoned_by_the_calendar_of_the_agency_that_decides(
    world: World, there: Dossier
) -> None:
    assert there.calendar_id == world.neighbour.calendar_id
    calendar = open_calendar(code="KHAC", name="Giờ khác", actor=SYSTEM, at=MONDAY)
    week = Week(
        sessions=(Session(time(8), time(12)), Session(time(13, 30), time(16, 30))), hours_a_day=Decimal(7)
    )
    set_hours(
        calendar_id=calendar.pk, valid_from=DAY - timedelta(days=900), weeks=[week], source="Kiểm thử", actor=SYSTEM,
        at=MONDAY,
    )  # fmt: skip
    before = world.neighbour.calendar_id
    type(world.neighbour).objects.filter(pk=world.neighbour.pk).update(calendar=calendar)
    again = take_in(world, competent_agency_id=world.neighbour.pk)
    assert again.calendar_id == calendar.pk
    assert timezone.localtime(again.due_at).time() != timezone.localtime(there.due_at).time()
    type(world.neighbour).objects.filter(pk=world.neighbour.pk).update(calendar_id=before)


def test_the_slip_and_the_citizens_page_name_both(world: World, there: Dossier) -> None:
    kept = Paper.objects.get(dossier=there)
    slip = paper_data.from_text(kept.form, kept.data or "")
    assert slip.decided_by == "UBND phường Hải An"
    assert "Bạch Long Vĩ" in slip.letterhead.office + slip.letterhead.parent
    seen = tracking.by_code(there.code, there.secret or "", address="10.1.1.1", now=later(hours=1))
    assert seen is not None and (seen.decides, seen.received_by) == (
        "UBND phường Hải An",
        "UBND đặc khu Bạch Long Vĩ",
    )
    page = Client(HTTP_HOST="localhost").post("/tra-cuu", {"code": there.code, "secret": there.secret})
    assert (
        "UBND phường Hải An" in page.content.decode() and "Nơi nhận và trả kết quả" in page.content.decode()
    )
    own = take_in(world)
    seen = tracking.by_code(own.code, own.secret or "", address="10.1.1.1", now=later(hours=1))
    assert seen is not None and seen.decides == ""


def test_only_an_agency_that_settles_the_procedure_can_be_chosen(world: World) -> None:
    offered = AgencyProcedure.objects.filter(agency=world.neighbour, procedure__code=LONG)
    offered.update(competent=False)
    minh = world.actor("minh")
    with pytest.raises(BadIntake, match="không giải quyết thủ tục"):
        intake.accept_at_counter(
            intake=plan(world, minh, competent_agency_id=world.neighbour.pk),
            actor=minh,
            at=MONDAY,
            key=uuid4().hex,
        )
    offered.update(competent=True)


def test_a_case_for_everywhere_is_received_where_it_is_not_offered(world: World, staffed: None) -> None:
    minh = world.actor("minh")
    AgencyProcedure.objects.filter(agency=world.home, procedure__code=LONG).delete()
    cases = ProcedureVariant.objects.filter(version=variant_of().version)
    cases.update(allows_boundary_free=False)
    with pytest.raises(BadChoice, match="không tiếp nhận thủ tục"):
        choose(LONG, minh)
    with pytest.raises(BadIntake, match="thay cơ quan khác"):
        take_in(world, competent_agency_id=world.neighbour.pk)
    assert not [one for one in intake_choice.options(LONG, actor=minh, day=DAY) if one["value"] == LONG]
    cases.update(allows_boundary_free=True)
    choice = choose(LONG, minh)
    assert choice.elsewhere and choice.agency == world.neighbour and not choice.agency_open
    assert [one["value"] for one in intake_choice.options(LONG, actor=minh, day=DAY)] == [LONG]
    assert take_in(world, competent_agency_id=world.neighbour.pk).competent_agency_id == world.neighbour.pk


def choose(code: str, actor: Actor, agency: str = "") -> intake_choice.Choice:
    return intake_choice.choose(code, variant="", agency=agency, actor=actor, day=DAY)


def test_ones_own_agency_is_the_default_and_others_are_found_by_name(world: World) -> None:
    minh = world.actor("minh")
    assert choose(LONG, minh).agency == world.home
    for typed in ("hai an", "Phường Hải An", "UBND phường Hải An", str(world.neighbour.pk)):
        assert choose(LONG, minh, typed).agency == world.neighbour, typed
    with pytest.raises(BadChoice, match="Không có cơ quan nào") as told:
        choose(LONG, minh, "Sở Du lịch")
    assert told.value.field == "agency"
    with pytest.raises(BadChoice, match="Có nhiều cơ quan khớp"):
        choose(LONG, minh, "UBND")


def test_nobody_guesses_which_of_several_agencies_decides(world: World) -> None:
    AgencyProcedure.objects.filter(agency=world.home, procedure__code=LONG).update(competent=False)
    third = world.neighbour
    minh = world.actor("minh")
    assert choose(LONG, minh).agency == third and not choose(LONG, minh).agency_open
    procedure = Procedure.objects.get(code=LONG)
    other = agencies.open_agency(
        name="UBND phường Ngô Quyền", short_name="phường Ngô Quyền", level=world.home.level, code="H24.15",
        opened_on=OPENED, actor=SYSTEM, at=MONDAY,
    )  # fmt: skip
    AgencyProcedure.objects.create(agency=other, procedure=procedure, valid_from=OPENED)
    assert choose(LONG, minh).agency_open
    assert not choose(LONG, minh, "ngo quyen").agency_open


def test_the_register_shows_both_sides_and_counts_once(world: World, there: Dossier) -> None:
    own = take_in(world)
    first, last = DAY - timedelta(days=1), DAY + timedelta(days=1)
    now = later(hours=3)
    ours = elsewhere.figures(world.actor("minh"), first, last, now=now)
    theirs = elsewhere.figures(world.actor("binh"), first, last, now=now)
    assert (ours.received_for_others.total, ours.received_by_others.total) == (1, 0)
    assert (theirs.received_for_others.total, theirs.received_by_others.total) == (0, 1)
    assert (
        ours.decided + theirs.decided == Dossier.objects.filter(parent=None, submitted_at__gte=MONDAY).count()
    )
    (line,) = elsewhere.page(elsewhere.OUT, world.actor("minh"), first, last, now=now).lines
    assert (line.dossier, line.receiver, line.sent_at) == (there, "Vũ Đức Minh", None)
    (line,) = elsewhere.page(elsewhere.IN, world.actor("binh"), first, last, now=now).lines
    assert line.dossier == there and own.pk != there.pk
    assert not elsewhere.page(elsewhere.IN, world.actor("binh"), last, last, now=now).lines


def test_the_papers_go_to_the_deciding_agency_by_a_hand_over_slip(world: World, there: Dossier) -> None:
    desk = Unit.objects.get(agency=world.neighbour, kind=UnitKind.ONE_STOP)
    holding = there.holdings.get(until=None)
    slip = custody.hand_over(
        holding_ids=[holding.pk],
        to_unit_id=desk.pk,
        actor=world.actor("minh"),
        at=later(hours=1),
        key=uuid4().hex,
    )
    custody.take(
        slip_id=slip.pk,
        taken_ids=[slip.lines.get().pk],
        actor=world.actor("binh"),
        at=later(days=1),
        key=uuid4().hex,
    )
    assert there.holdings.get(until=None).agency_id == world.neighbour.pk
    first, last = DAY, DAY
    (line,) = elsewhere.page(elsewhere.OUT, world.actor("minh"), first, last, now=later(days=2)).lines
    assert (line.sent_at, line.arrived_at) == (later(hours=1), later(days=1))


def test_the_pages_of_the_register_answer(world: World, there: Dossier) -> None:
    page = world.client("minh").get("/register/elsewhere/?first=01/07/2026&last=31/07/2026")
    assert page.status_code == 200 and there.code in page.content.decode()
    page = world.client("minh").get("/register/elsewhere/?first=31/07/2026&last=01/07/2026")
    assert page.status_code == 422 and "Ngày cuối không thể trước" in page.content.decode()
    assert HandlingUnit.objects.exists()


def test_a_copy_of_the_register_has_every_line_in_order_and_is_noted(world: World, there: Dossier) -> None:
    second = take_in(world, competent_agency_id=world.neighbour.pk, at=later(hours=1))
    take_in(world)  # decided where it was received: in another book
    asked = {"side": "out", "first": "06/07/2026", "last": "06/07/2026"}
    client = world.client("minh")
    assert "/register/elsewhere/xlsx" in client.get("/register/elsewhere/", asked).content.decode()
    made = client.post("/register/elsewhere/xlsx", asked)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(made.streaming_content))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(min_row=7, values_only=True))
    assert [line[1] for line in lines] == [there.code, second.code]
    assert [line[0] for line in lines] == [1, 2]
    assert lines[0][6:8] == ("Vũ Đức Minh", "UBND phường Hải An")
    assert lines[0][8] == MONDAY.replace(tzinfo=None)
    assert sheet["A3"].value == "Nhận hộ cơ quan khác · từ ngày 06/07/2026 đến ngày 06/07/2026"
    set_database_actor(SYSTEM)
    entry = Entry.objects.get(verb="copy_elsewhere")
    assert (entry.payload["dossiers"], entry.agency_id) == (2, world.home.pk)
    assert AccessLog.objects.filter(dossier__in=[there, second], reason__contains="phi địa giới").count() == 2
    theirs = world.client("binh").post("/register/elsewhere/xlsx", asked | {"side": "in"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(theirs.streaming_content))).active
    assert sheet is not None and sheet["B7"].value == there.code
    assert client.post("/register/elsewhere/xlsx", asked | {"last": "01/07/2026"}).status_code == 422


def test_only_who_keeps_the_register_takes_a_copy(world: World, there: Dossier) -> None:
    with pytest.raises(NotPermitted):
        note_copy_elsewhere(side="out", first=DAY, last=DAY, actor=_only(world, "hoa"), at=MONDAY)
    assert not Entry.objects.filter(verb="copy_elsewhere").exists()


def _only(world: World, name: str) -> Actor:
    return replace(world.actor(name), roles=frozenset({Role.SPECIALIST}))


def test_a_kind_of_status_is_said_in_words(world: World, there: Dossier) -> None:
    for status, sub, words in (
        (10, "granted", "Đã trả kết quả"),
        (10, "refused", "Đã trả kết quả · từ chối"),
    ):
        there.status, there.sub_status = status, sub
        drawn = str(status_of(there))
        assert words in drawn and sub not in drawn
