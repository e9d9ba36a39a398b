"""One rating a visit, without a name: who may rate what, what the database refuses, what heads read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.counters.operations import calling
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.dossiers import tracking
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.dossiers.tests.lives import take_in
from motcua.feedback import queries
from motcua.feedback.models import Rating
from motcua.feedback.operations import ratings as operations
from motcua.feedback.operations.ratings import RatedBefore, rate
from motcua.feedback.queries import Wanted, visit_of_ticket
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def key() -> str:
    return uuid4().hex


@pytest.fixture
def hall(db: None) -> Iterator[HallWorld]:
    """A hall whose first visitor was served at counter 1, the second waits."""
    made = build()
    made.sit("an", 0, "A", "B")
    made.take("A")
    made.take("A")
    made.next()
    calling.finish(ticket_id=made.taken[0].pk, actor=made.officers["an"], at=made.later(minutes=5), key=key())
    yield made


def given(hall: HallWorld, score: int = 5, **more: object) -> None:
    visit = visit_of_ticket(hall.taken[0].token, hall.now)
    rate(
        **{
            "visit": visit,
            "score": score,
            "channel": "web",
            "actor": PUBLIC,
            "at": hall.now,
            "key": key(),
            **more,
        }
    )


def test_a_visit_is_rated_once(hall: HallWorld) -> None:
    given(hall, 4, reasons=["manner"], words="  Cô  hướng dẫn kỹ ")
    one = Rating.objects.get()
    assert (one.score, one.reasons, one.words, one.counter.number) == (4, ["manner"], "Cô hướng dẫn kỹ", 1)
    with pytest.raises(RatedBefore):
        given(hall, 1)
    assert Rating.objects.get().score == 4


def test_the_same_press_sent_twice_is_one_rating_and_no_refusal(hall: HallWorld) -> None:
    same = key()
    given(hall, 4, key=same)
    given(hall, 4, key=same)
    assert Rating.objects.count() == 1


def test_a_rating_does_not_say_whose_it_is(hall: HallWorld) -> None:
    given(hall)
    ticket, one = hall.taken[0], Rating.objects.get()
    values = " ".join(str(getattr(one, field.attname)) for field in Rating._meta.concrete_fields)
    for secret in (ticket.token, str(ticket.pk), ticket.label):
        assert secret not in values
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_entry where verb like 'rat%%' or subject_kind = 'rating'")
        assert cursor.fetchone() == (0,)


def test_only_a_visit_that_was_one_is_rated(hall: HallWorld) -> None:
    with pytest.raises(NotFound):
        visit_of_ticket("khong-co", hall.now)
    with pytest.raises(NotFound):
        visit_of_ticket("", hall.now)
    with pytest.raises(Refusal, match="chưa làm việc"):
        visit_of_ticket(hall.taken[1].token, hall.now)
    with pytest.raises(Refusal, match="quá 7 ngày"):
        visit_of_ticket(hall.taken[0].token, hall.now + timedelta(days=8))


@pytest.mark.parametrize("wrong", [{"score": 0}, {"score": 6}, {"reasons": ["planted"]}])
def test_nonsense_is_refused(hall: HallWorld, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        given(hall, **wrong)  # type: ignore[arg-type]
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "update feedback_rating set score = 1",
        "update feedback_rating set words = 'khác'",
        "truncate feedback_rating",
    ],
)
def test_the_database_keeps_a_rating_as_it_was_given(hall: HallWorld, sql: str) -> None:
    given(hall)
    with (
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_database_deletes_none(hall: HallWorld) -> None:
    given(hall)
    with connection.cursor() as cursor:
        cursor.execute("delete from feedback_rating")
        assert cursor.rowcount == 0
    assert Rating.objects.count() == 1


def test_words_go_after_their_time_and_the_score_stays(hall: HallWorld) -> None:
    given(hall, 2, words="Chờ lâu")
    assert operations.sweep(at=hall.now + timedelta(days=364)) == 0
    assert operations.untouched_since(hall.now + timedelta(days=1)) == 1
    assert operations.sweep(at=hall.now + timedelta(days=366)) == 1
    assert (Rating.objects.get().words, Rating.objects.get().score) == ("", 2)


def test_an_agency_reads_its_own_and_the_public_none(hall: HallWorld) -> None:
    given(hall)
    agency = Rating.objects.get().home_agency_id
    try:
        for actor, seen in (
            (PUBLIC, 0),
            (Actor(kind="officer", account_id=1, agencies=frozenset({agency})), 1),
            (Actor(kind="officer", account_id=1, agencies=frozenset({agency + 1})), 0),
        ):
            set_database_actor(actor)
            assert Rating.objects.count() == seen
    finally:
        set_database_actor(SYSTEM)


def test_figures_lead_to_the_list_behind_them(hall: HallWorld) -> None:
    given(hall, 5, reasons=["manner"])
    hall.next()
    calling.finish(ticket_id=hall.taken[1].pk, actor=hall.officers["an"], at=hall.later(minutes=5), key=key())
    rate(
        visit=visit_of_ticket(hall.taken[1].token, hall.now), score=1, reasons=["manner", "waiting"], channel="kiosk",
        actor=PUBLIC, at=hall.now, key=key(),
    )  # fmt: skip
    an, day = hall.officers["an"], timezone.localdate(hall.now)
    rows = queries.ratings(an, Wanted(day, day))
    assert queries.totals(rows) == {"count": 2, "mean": 3.0, "happy": 1, "unhappy": 1}
    assert queries.scores(rows) == {5: 1, 4: 0, 3: 0, 2: 0, 1: 1}
    assert queries.reasons(rows, ["manner", "waiting"]) == {"manner": 2, "waiting": 1}
    (line,) = queries.by(rows, "service", "about")
    assert (line["about"], line["count"]) == ("Hộ tịch", 2)
    first, after = queries.page(rows, after="", size=1)
    second, end = queries.page(rows, after=after, size=1)
    assert {first[0].score, second[0].score} == {1, 5} and end == ""
    assert queries.page(rows, after="nonsense|x", size=5)[0]
    assert list(queries.ratings(an, Wanted(day, day, counter=hall.counters[1].pk))) == []
    stranger = Actor(kind="officer", account_id=1, agency_id=(an.agency_id or 0) + 1)
    assert list(queries.ratings(stranger, Wanted(day, day))) == []
    assert not Wanted(day, day - timedelta(days=1)).whole and not Wanted(day, day + timedelta(days=400)).whole


def test_the_page_on_the_phone(hall: HallWorld) -> None:
    client = Client(HTTP_HOST="localhost")
    with time_machine.travel(hall.now, tick=False):
        address = f"/danh-gia/{hall.taken[0].token}/"
        assert client.post(address, {"key": key()}).status_code == 422
        sent = client.post(address, {"score": "4", "reasons": ["papers"], "words": "Tốt", "key": key()})
        assert "Cảm ơn" in sent.content.decode()
        assert "ít nhất một lý do" in client.post(address, {"score": "1", "key": key()}).content.decode()
        again = client.post(address, {"score": "1", "words": "Chờ lâu", "key": key()})
        assert again.status_code == 422 and "đã được đánh giá" in again.content.decode()
        assert client.get("/danh-gia/khong-co/").status_code == 404
    set_database_actor(SYSTEM)
    assert Rating.objects.get().score == 4


def test_a_dossier_is_rated_once_by_whoever_holds_its_slip(world: World) -> None:
    dossier = take_in(world)
    now = timezone.now()
    found = tracking.by_token(dossier.token, address="192.0.2.7", now=now)
    assert found is not None
    visit = queries.visit_of_dossier(found)
    assert visit.agency_id == world.home.pk and visit.hall_id is None
    rate(visit=visit, score=3, channel="kiosk", actor=PUBLIC, at=now, key=key())
    with pytest.raises(RatedBefore):
        rate(visit=visit, score=5, channel="kiosk", actor=PUBLIC, at=now, key=key())


def test_a_rating_is_changed_on_its_day_alone_and_stays_one(hall: HallWorld) -> None:
    given(hall, 2, words="Chờ lâu")
    visit = visit_of_ticket(hall.taken[0].token, hall.now)
    set_database_actor(PUBLIC)
    try:
        assert queries.rated_on(visit) == timezone.localdate(hall.now)
        given(hall, 5, reasons=["manner"], again=True)
    finally:
        set_database_actor(SYSTEM)
    one = Rating.objects.get()
    assert (one.score, one.reasons, one.words) == (5, ["manner"], "")
    with pytest.raises(RatedBefore):
        given(hall, 1, again=True, at=hall.now + timedelta(days=1))
    assert Rating.objects.get().score == 5


def test_who_rated_is_thanked_and_may_say_it_anew(hall: HallWorld) -> None:
    client, address = Client(HTTP_HOST="localhost"), f"/danh-gia/{hall.taken[0].token}/"
    with time_machine.travel(hall.now, tick=False):
        client.post(address, {"score": "4", "key": key()})
        page = client.get(address).content.decode()
        assert "Cảm ơn" in page and "Sửa đánh giá" in page and 'name="score"' not in page
        assert 'name="score"' in client.get(f"{address}?sua=1").content.decode()
        client.post(f"{address}?sua=1", {"score": "1", "reasons": ["waiting"], "key": key()})
    with time_machine.travel(hall.now + timedelta(days=1), tick=False):
        assert "Sửa đánh giá" not in client.get(address).content.decode()
    set_database_actor(SYSTEM)
    assert Rating.objects.get().score == 1


def test_each_figure_opens_its_own_ratings_and_few_make_no_share(world: World) -> None:
    committed.one_more(world, "bich", "Trần Bích", UnitKind.CLERICAL, (Role.MONITOR,), timezone.now())
    today = timezone.localdate()
    Rating.objects.bulk_create(
        Rating(
            home_agency=world.home, source="dossier", visit=f"{about}{number}", about=about, score=score, day=today,
            channel="web", reasons=["manner"] if number else [], words=f"{about} {number}",
        )
        for about, scores in (("Khai sinh", (5, 1, 1)), ("Kết hôn & khác", (5, 5, 5, 4, 1)))
        for number, score in enumerate(scores)
    )  # fmt: skip
    client = world.client("bich")
    page = client.get("/ratings/").content.decode()
    links = dict(re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)', page))
    counted = {"Khai sinh": 3, "Kết hôn &amp; khác": 5, "Không qua quầy": 8, "Thái độ của cán bộ": 6,
               "Rất không hài lòng": 3}  # fmt: skip
    for address, name in links.items():
        shown = client.get(f"/ratings/{unescape(address)}").content.decode()
        if name in counted:
            assert shown.count("“") == counted.pop(name), name
    assert not counted
    few = page.partition(">Khai sinh<")[2].partition("</tr>")[0]
    assert (
        "chưa đủ để tính" in few
        and "%" not in few
        and "80%" in page.partition(">Kết hôn")[2].partition("</tr>")[0]
    )
    (only,) = [address for address, name in links.items() if name == "Khai sinh"]
    alone = client.get(f"/ratings/{unescape(only)}").content.decode()
    assert "3 đánh giá, chưa đủ để tính" in alone and "% hài lòng" not in alone
    world.positions.pop("bich")
