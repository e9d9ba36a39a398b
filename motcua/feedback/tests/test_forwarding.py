"""A petition goes on to whoever is competent, back where they are not, out of the installation: clocks, rights, words."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import InternalError, connection, connections, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Agency, Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.base.audit.queries import entries_of, verify
from motcua.base.files.models import StoredFile
from motcua.base.notifications.models import Message
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.feedback.models import Forwarding, Petition, PetitionFile, PetitionMessage
from motcua.feedback.operations import filing, forwarding, petitions, publishing
from motcua.feedback.operations.filing import Facts
from motcua.feedback.queries import petitions as queries
from motcua.feedback.queries.figures import petition_figures
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

MONDAY = datetime.fromisoformat("2026-11-02T08:00:00+07:00")
TEXT = "Đèn đường trước nhà văn hóa phường Hải An tắt đã hai tuần, buổi tối trẻ con đi học về rất tối."
WHY = "Đèn đường này do phường Hải An quản lý."
ANSWER = "Phường đã thay bóng đèn ngày 20/11 và xin lỗi bà con."


def key() -> str:
    return uuid4().hex


@pytest.fixture(autouse=True)
def lien(request: pytest.FixtureRequest) -> None:
    """A leader at the neighbour, who has none in the common world."""
    if "world" in request.fixturenames:
        set_database_actor(SYSTEM)
        leader_at(request.getfixturevalue("world"), "lien", "Hà Thị Liên")


def leader_at(world: World, login: str, name: str) -> None:
    unit = Unit.objects.get(agency=world.neighbour, kind=UnitKind.LEADERSHIP)
    account = open_account(
        login_name=login, full_name=name, account_kind=AccountKind.STAFF, actor=SYSTEM, at=MONDAY
    )
    world.accounts[login] = account
    world.positions[login] = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Chủ tịch", roles=(Role.LEADER,), valid_from=date(2025, 7, 1),
        actor=SYSTEM, at=MONDAY,
    ).pk  # fmt: skip


@pytest.fixture
def public() -> Iterator[Client]:
    yield Client(HTTP_HOST="localhost")
    set_database_actor(SYSTEM)


def sent(world: World, at: datetime = MONDAY, **more: Any) -> Petition:
    facts = {"agency_id": world.home.pk, "about": "place", "text": f"{TEXT} {uuid4()}", **more}
    return filing.file_petition(facts=Facts(**facts), address=key(), actor=PUBLIC, at=at, key=key())


def as_(actor: Any) -> None:
    """Let row-level security see this actor, and nothing of what the sender's own secret opened before."""
    set_database_actor(actor)
    queries.let_through(b"")


def passed(world: World, petition: Petition, at: datetime = MONDAY, **more: Any) -> Petition:
    given = {
        "agency_id": world.neighbour.pk,
        "reason": WHY,
        "actor": world.actor("tuan"),
        "key": key(),
        **more,
    }
    return forwarding.forward(petition_id=petition.pk, at=at, **given)


def back(world: World, petition: Petition, at: datetime = MONDAY, who: str = "lien") -> Petition:
    return forwarding.give_back(
        petition_id=petition.pk, reason="Đường này của đặc khu.", actor=world.actor(who), at=at, key=key()
    )


def out(world: World, petition: Petition, at: datetime = MONDAY, **more: Any) -> Petition:
    given = {"name": "Công ty Điện lực", "gone_on": at.date(), "reason": "Lưới điện.", **more}
    return forwarding.send_out(petition_id=petition.pk, actor=world.actor("tuan"), at=at, key=key(), **given)


def answered(petition: Petition, leader: Any, at: datetime) -> None:
    common: dict[str, Any] = {"petition_id": petition.pk, "answer": ANSWER, "actor": leader, "at": at}
    petitions.propose(**common, key=key())
    petitions.approve(**common, key=key())


def days(petition: Petition) -> tuple[str, ...]:
    clocks = (petition.refuse_by, petition.ask_by, petition.due_at)
    return tuple(f"{timezone.localtime(one):%d/%m}" for one in clocks)


# ── Clocks


def test_who_gets_it_has_clocks_of_its_own_who_gets_it_back_has_not(world: World) -> None:
    one = sent(world)
    assert days(one) == ("04/11", "09/11", "23/11")
    assert days(passed(world, one, MONDAY + timedelta(days=1))) == ("05/11", "10/11", "24/11")
    returned = back(world, one, MONDAY + timedelta(days=8))
    assert days(returned) == ("12/11", "09/11", "23/11"), "only the two days to say whose it is begin anew"
    assert [(row.way, row.late) for row in queries.way_of(returned)] == [("inside", False), ("back", True)]


def test_a_pause_stays_with_the_stay_it_was_in(world: World) -> None:
    one, later = sent(world), MONDAY + timedelta(days=7)
    tuan = world.actor("tuan")
    petitions.ask(petition_id=one.pk, question="Đèn nào ạ?", actor=tuan, at=MONDAY, key=key())
    petitions.go_on(petition_id=one.pk, actor=tuan, at=later, key=key())
    one.refresh_from_db()
    extended = days(one)[2]
    assert extended == "30/11"
    there = passed(world, one, later)
    assert there.pauses == [] and days(there)[2] == "30/11", "fifteen days of the neighbour's own"
    assert len(back(world, one, later + timedelta(days=1)).pauses) == 1 and days(there)[2] == extended


# ── What is refused


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"agency_id": "home"}, "own"), ({"agency_id": "closed"}, "closed"), ({"agency_id": 999_999}, "not_found"),
        ({"reason": "  "}, "no_words"), ({"reason": "x" * 2001}, "too_long"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_it_stays(world: World, wrong: dict[str, Any], code: str) -> None:
    agency = wrong.get("agency_id")
    if agency == "home":
        wrong = {"agency_id": world.home.pk}
    elif agency == "closed":
        Agency.objects.filter(pk=world.neighbour.pk).update(closed_on=date(2026, 10, 1))
        wrong = {"agency_id": world.neighbour.pk}
    one = sent(world)
    with pytest.raises(Refusal) as refused:
        passed(world, one, **wrong)
    one.refresh_from_db()
    assert (
        refused.value.code == code and one.at_agency_id == world.home.pk and not Forwarding.objects.exists()
    )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " \u200b "}, "no_name"), ({"name": "x" * 201}, "no_name"), ({"name": "ubnd PHUONG hai an"}, "works_here"),
        ({"gone_on": date(2026, 11, 1)}, "bad_day"), ({"gone_on": date(2026, 11, 3)}, "bad_day"), ({"reason": ""}, "no_words"),
    ],
)  # fmt: skip
def test_outside_needs_a_name_that_is_not_here_and_a_true_day(
    world: World, wrong: dict[str, Any], code: str
) -> None:
    one = sent(world)
    with pytest.raises(Refusal) as refused:
        out(world, one, **wrong)
    assert refused.value.code == code and not Forwarding.objects.exists()


def test_nobody_plays_ball_with_it(world: World) -> None:
    one = sent(world)
    with pytest.raises(Conflict, match="gửi thẳng"):
        back(world, one, who="tuan")
    passed(world, one)
    back(world, one)
    with pytest.raises(Refusal, match="đã chuyển đi hoặc trả lại"):
        passed(world, one)
    with pytest.raises(Conflict, match="gửi thẳng"):
        back(world, one, who="tuan")
    other = sent(world)
    passed(world, other)
    with pytest.raises(Refusal, match="đã chuyển đi hoặc trả lại"):
        passed(world, other, agency_id=world.home.pk, actor=world.actor("lien"))


def test_twice_pressed_is_once_and_whoever_is_second_reads_where_it_is(world: World) -> None:
    one, same = sent(world), key()
    for _press in range(2):
        assert passed(world, one, key=same).pk == one.pk
    assert Forwarding.objects.count() == 1
    acts: list[Callable[[], object]] = [
        lambda: passed(world, one),
        lambda: out(world, one),
        lambda: petitions.ask(
            petition_id=one.pk, question="Gì?", actor=world.actor("tuan"), at=MONDAY, key=key()
        ),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="đã ở UBND phường Hải An"):
            act()
    with pytest.raises(NotPermitted):
        back(world, one, who="binh")


def test_what_is_answered_or_waits_stays(world: World) -> None:
    done, waits = sent(world), sent(world)
    answered(done, world.actor("tuan"), MONDAY)
    petitions.ask(petition_id=waits.pk, question="Gì?", actor=world.actor("tuan"), at=MONDAY, key=key())
    for one, state in ((done, "Đã trả lời"), (waits, "Chờ người gửi")):
        with pytest.raises(Conflict, match=state):
            passed(world, one)
        with pytest.raises(Conflict, match=state):
            out(world, one)
    assert not Forwarding.objects.exists()


# ── Who reads what


def test_who_passed_it_on_reads_it_and_its_answer_but_no_note_and_no_draft_of_the_other(world: World) -> None:
    one = sent(world, name="Lan", phone="0912345678")
    petitions.assign(
        petition_id=one.pk, position_id=world.positions["hoa"], note="Của ai?", actor=world.actor("tuan"), at=MONDAY,
        key=key(),
    )  # fmt: skip
    petitions.propose(
        petition_id=one.pk, answer="Bản nháp của đặc khu", actor=world.actor("hoa"), at=MONDAY, key=key()
    )
    petitions.send_back(
        petition_id=one.pk, reason="Không phải của ta", actor=world.actor("tuan"), at=MONDAY, key=key()
    )
    tuan, lien = world.actor("tuan"), world.actor("lien")
    as_(tuan)
    passed(world, one)
    assert [row.pk for row in queries.passed_on(tuan)] == [one.pk] and not queries.open_of(tuan)
    with connection.cursor() as cursor:
        cursor.execute("update feedback_petition set score = 5 where id = %s", [one.pk])
        assert cursor.rowcount == 0, "who passed it on reads it, no more"
    with pytest.raises(Conflict, match="chỉ xem được"):
        passed(world, one)
    as_(lien)
    there = queries.get_for(lien, one.code)
    assert [row.pk for row in queries.open_of(lien)] == [one.pk]
    assert (there.state, there.assigned_to, there.answer) == ("new", None, "")
    assert {row.kind for row in queries.messages_of(there, reader=lien)} == {"forward"}
    petitions.propose(petition_id=one.pk, answer=ANSWER, actor=lien, at=MONDAY, key=key())
    client = world.client("tuan")
    page = client.get(f"/petitions/{one.code}/").content.decode()
    assert "Đang ở UBND phường Hải An" in page and ANSWER not in page and "0912345678" not in page
    assert "Bản nháp của đặc khu" in page, "what its own people wrote stays with them"
    assert "/act/" not in page and client.get("/petitions/").content.decode().count(one.code) == 0
    assert one.code in client.get("/petitions/?list=passed").content.decode()
    as_(lien)
    petitions.approve(petition_id=one.pk, answer=ANSWER, actor=lien, at=MONDAY, key=key())
    row = publishing.publish(
        petition_id=one.pk, title="Đèn đường", text=TEXT, answer=ANSWER, actor=lien, at=MONDAY, key=key()
    )
    assert row.home_agency_id == world.neighbour.pk
    assert ANSWER in client.get(f"/petitions/{one.code}/").content.decode()
    as_(world.actor("hoa"))
    assert queries.visible_to(world.actor("hoa")).exists(), "a head of division"
    set_database_actor(SYSTEM)
    assert list(verify(entries_of("petition", one.pk, agency_id=world.home.pk))) == []


def test_an_agency_that_never_had_it_sees_nothing(world: World) -> None:
    one = out(world, sent(world))
    as_(world.actor("lien"))
    assert not Petition.objects.filter(pk=one.pk).exists() and not Forwarding.objects.exists()
    assert not PetitionMessage.objects.exists()
    set_database_actor(SYSTEM)


@pytest.mark.parametrize(
    "sql",
    [
        "update feedback_forwarding set to_name = 'khác'",
        "update feedback_forwarding set undone_at = null",
        "delete from feedback_forwarding",
        "update feedback_petition set passed_by = '{}'",
        "update feedback_petition set home_agency_id = at_agency_id",
    ],
)
def test_the_database_keeps_the_way(world: World, sql: str) -> None:
    one = sent(world)
    passed(world, one)
    back(world, one)
    passed(world, sent(world))
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql)
                assert cursor.rowcount == 0, sql
        except (InternalError, ProgrammingError) as refused:
            assert "stays" in str(refused)
    assert Forwarding.objects.count() == 3 and Forwarding.objects.exclude(undone_at=None).count() == 1
    one.refresh_from_db()
    assert one.passed_by == [world.home.pk, world.neighbour.pk]


@pytest.mark.parametrize("model", [PetitionFile, PetitionMessage])
def test_who_let_it_go_adds_nothing_more(world: World, model: Any) -> None:
    one = sent(world)
    passed(world, one)
    stored = StoredFile.objects.create(
        agency_id=world.home.pk, sha256="b" * 64, size=1, kind="pdf", original_name="a.pdf", pages=1,
        purpose="petition", created_at=MONDAY,
    )  # fmt: skip
    facts = {"stored": stored} if model is PetitionFile else {"kind": "note", "text": "Thêm", "at": MONDAY}
    with connection.cursor() as cursor:  # an officer's request is not its sender's
        cursor.execute("select set_config('motcua.petition', '', true)")
    set_database_actor(world.actor("tuan"))
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        model.objects.create(home_agency_id=world.home.pk, petition=one, **facts)
    set_database_actor(world.actor("lien"))
    model.objects.create(home_agency_id=world.neighbour.pk, petition=one, **facts)


# ── Figures


def test_each_agency_is_counted_for_what_it_did(world: World) -> None:
    late = MONDAY + timedelta(days=3)
    passed(world, sent(world))
    passed(world, sent(world), late)
    out(world, sent(world))
    out(world, sent(world), late)
    returned = sent(world)
    passed(world, returned)
    back(world, returned, late)
    done = sent(world)
    passed(world, done)
    answered(done, world.actor("lien"), late)
    found = petition_figures(
        [world.home.pk, world.neighbour.pk], since=MONDAY.date(), until=late.date(), at=late + timedelta(hours=1)
    )  # fmt: skip
    home, there = found[world.home.pk], found[world.neighbour.pk]
    assert (home.received, home.on_time, home.late, home.running) == (6, 3, 2, 1)
    assert (there.received, there.on_time, there.late, there.running) == (4, 1, 1, 2)


# ── Both doors


def test_from_the_officers_page_to_the_senders(world: World, public: Client) -> None:
    with time_machine.travel(MONDAY):
        one = sent(world, name="Lan", email="lan@example.vn")
        mine, act = f"/phan-anh/cua-toi/{one.token}/", f"/petitions/{one.code}/act/"
        tuan, lien = world.client("tuan"), world.client("lien")
        page = tuan.get(f"/petitions/{one.code}/").content.decode()
        assert "Chuyển cơ quan khác" in page and "Trả lại cơ quan đã chuyển" not in page
        assert f'value="{world.neighbour.pk}">UBND' in page and f'value="{world.home.pk}">UBND' not in page
        for nonsense in ("", "x", "0", str(world.home.pk), "999999"):
            wrong = tuan.post(f"{act}forward/", {"agency": nonsense, "reason": WHY, "key": key()})
            assert wrong.status_code == 422 and WHY in wrong.content.decode(), "what was typed stays"
        given = {"agency": world.neighbour.pk, "reason": f"{WHY} <script>alert(1)</script>", "key": key()}
        assert tuan.post(f"{act}forward/", given)["Location"] == f"/petitions/{one.code}/"
        late = tuan.post(f"{act}ask/", {"question": "Gì?", "key": key()})
        assert late.status_code == 422 and "đã ở UBND phường Hải An" in late.content.decode()
        shown = public.get(mine).content.decode()
        assert "Đang ở UBND phường Hải An" in shown and WHY in shown and "<script>alert" not in shown
        assert "Trả lại cơ quan đã chuyển" in lien.get(f"/petitions/{one.code}/").content.decode()
        lien.post(f"{act}give_back/", {"reason": "Đường này của đặc khu.", "key": key()})
        assert "Đang ở UBND đặc khu Bạch Long Vĩ" in public.get(mine).content.decode()
        facts = {"name": "Công ty Điện lực", "gone_on": "02/11/2026", "reason": "Lưới điện.", "key": key()}
        assert tuan.post(f"{act}send_out/", {**facts, "gone_on": "31/02/2026"}).status_code == 422
        assert tuan.post(f"{act}send_out/", facts).status_code == 302
        shown = public.get(mine).content.decode()
        assert "Đã chuyển đến Công ty Điện lực" in shown and "Không cho đăng" not in shown
        assert public.post(mine, {"act": "score", "score": "4", "key": key()}).status_code == 302
    set_database_actor(SYSTEM)
    verbs = [entry.verb.removeprefix("petition.") for entry in queries.history_of(one)]
    assert verbs == ["file", "forward", "give_back", "send_out", "score"]
    told = [row.body or "" for row in Message.objects.filter(channel="email").order_by("pk")]
    assert len(told) == 4 and all("Hải An" not in body and "Điện lực" not in body for body in told)


# ── Two at once


def test_two_who_pass_it_on_at_once_pass_it_on_once(django_db_setup: None, django_db_blocker: Any) -> None:
    gate = threading.Barrier(2)

    def run(world: World, petition: Petition, way: Callable[..., Petition], given: dict[str, Any]) -> str:
        tuan = world.actor("tuan")
        gate.wait(30)
        try:
            with committed.acting(tuan):
                way(petition_id=petition.pk, actor=tuan, at=MONDAY, key=key(), reason=WHY, **given)
        except Conflict:
            return "conflict"
        finally:
            connections.close_all()
        return "won"

    with committed.database(django_db_blocker):
        world = committed.build()
        with committed.acting(SYSTEM):
            leader_at(world, "lien", "Hà Thị Liên")
        for _time in range(4):
            with committed.acting(SYSTEM):
                one = sent(world)
            inside = (forwarding.forward, {"agency_id": world.neighbour.pk})
            outside = (forwarding.send_out, {"name": "Công ty Điện lực", "gone_on": MONDAY.date()})
            with ThreadPoolExecutor(2) as pool:
                running = [pool.submit(run, world, one, way, given) for way, given in (inside, outside)]
            assert sorted(each.result() for each in running) == ["conflict", "won"]
            with committed.acting(SYSTEM):
                assert Forwarding.objects.filter(petition=one).count() == 1
