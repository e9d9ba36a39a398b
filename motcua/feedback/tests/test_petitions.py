"""A petition from the public form to the published answer: clocks, rights, both doors, what the database holds."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motcua.base.audit.queries import entries_of, verify
from motcua.base.files.tests.corpus import pdf
from motcua.base.notifications.models import Message
from motcua.base.outbox.models import Message as OutboxMessage
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.dossiers.tests.lives import take_in
from motcua.feedback import handlers
from motcua.feedback.models import Petition, PetitionMessage, Publication
from motcua.feedback.operations import filing, forgetting, petitions, publishing, sender
from motcua.feedback.operations.filing import Facts
from motcua.feedback.queries import petitions as queries
from motcua.feedback.queries.figures import petition_figures
from motcua.feedback.states import ENDED, MOVES, State, Verb
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

MONDAY = datetime.fromisoformat("2026-11-02T08:00:00+07:00")
TEXT = "Quầy 2 đóng cửa lúc 16:00 dù bảng ghi 17:00, tôi phải về và đến lại hôm sau."
ANSWER = "Trung tâm đã nhắc quầy 2 làm việc đến 17:00 và xin lỗi anh/chị."


def key() -> str:
    return uuid4().hex


@pytest.fixture
def public() -> Iterator[Client]:
    yield Client(HTTP_HOST="localhost")
    set_database_actor(SYSTEM)


def sent(world: World, at: datetime = MONDAY, **more: Any) -> Petition:
    facts = {"agency_id": world.home.pk, "about": "place", "text": f"{TEXT} {uuid4()}", **more}
    return filing.file_petition(facts=Facts(**facts), address="192.0.2.9", actor=PUBLIC, at=at, key=key())


def given(world: World, petition: Petition, at: datetime = MONDAY, who: str = "hoa") -> Petition:
    return petitions.assign(
        petition_id=petition.pk, position_id=world.positions[who], actor=world.actor("tuan"), at=at, key=key()
    )


def answered(world: World, petition: Petition, at: datetime = MONDAY) -> Petition:
    given(world, petition, at)
    common: dict[str, Any] = {"petition_id": petition.pk, "answer": ANSWER, "at": at}
    petitions.propose(**common, actor=world.actor("hoa"), key=key())
    return petitions.approve(**common, actor=world.actor("tuan"), key=key())


def day(petition_moment: datetime | None) -> str:
    assert petition_moment is not None
    return f"{timezone.localtime(petition_moment):%d/%m %H:%M}"


def test_officers_are_led_to_the_petition(world: World) -> None:
    one = given(world, sent(world))
    page = reverse("petition", args=[one.code], urlconf="motcua.config.urls_staff")
    assert Message.objects.get(channel="screen").link == page


def test_an_agency_where_nobody_would_see_it_takes_none(world: World, public: Client) -> None:
    assert world.neighbour.pk not in {one.pk for one in queries.takers(MONDAY.date())}  # it has no leader
    with pytest.raises(Refusal) as refused:
        sent(world, agency_id=world.neighbour.pk)
    assert refused.value.code == "takes_none" and not Petition.objects.exists()
    page = public.get("/phan-anh/gui/").content.decode()
    assert world.home.name in page and world.neighbour.name not in page


# ── Clocks


def test_the_clocks_count_working_days_of_the_agency(world: World) -> None:
    one = sent(world)
    assert (day(one.refuse_by), day(one.ask_by), day(one.due_at)) == (
        "04/11 17:00",
        "09/11 17:00",
        "23/11 17:00",
    )
    assert day(answered(world, one).publish_by) == "04/11 17:00"


def test_asked_in_time_the_clock_stands_still_asked_late_it_does_not(world: World) -> None:
    first, second = given(world, sent(world)), given(world, sent(world))
    common: dict[str, Any] = {"question": "Hôm nào ạ?", "actor": world.actor("hoa")}
    one = petitions.ask(petition_id=first.pk, at=MONDAY + timedelta(days=1), key=key(), **common)
    two = petitions.ask(petition_id=second.pk, at=MONDAY + timedelta(days=9), key=key(), **common)
    assert one.paused_at is not None and two.paused_at is None
    for petition in (one, two):
        sender.reply(
            petition_id=petition.pk,
            text="Thứ Ba tuần trước.",
            actor=PUBLIC,
            at=MONDAY + timedelta(days=10),
            key=key(),
        )
    one.refresh_from_db()
    two.refresh_from_db()
    assert day(two.due_at) == "23/11 17:00"
    # Tuesday the 3rd to Thursday the 12th: eight working days of the fifteen are not counted.
    assert day(one.due_at) == "03/12 17:00"


# ── Coming in


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"text": "   "}, "no_words"), ({"text": "ngắn quá"}, "too_short"), ({"text": "a" * 5001}, "too_long"),
        ({"about": "weather"}, "bad_about"), ({"dossier_code": "12345"}, "bad_code"), ({"phone": "0123"}, "bad_phone"),
        ({"email": "ten@@vn"}, "bad_address"), ({"about": "result", "dossier_code": "H24.12-261121-0001"}, "no_proof"),
        ({"agency_id": 999_999}, "not_found"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_nothing_written(world: World, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sent(world, **wrong)
    assert refused.value.code == code and not Petition.objects.exists()


def test_the_same_press_is_one_petition_the_same_words_are_refused(world: World) -> None:
    facts = Facts(world.home.pk, "place", TEXT)
    same = key()
    common: dict[str, Any] = {"facts": facts, "address": "192.0.2.9", "actor": PUBLIC, "at": MONDAY}
    first = filing.file_petition(**common, key=same)
    assert filing.file_petition(**common, key=same) == first
    with pytest.raises(Conflict, match="vừa được gửi"):
        filing.file_petition(**common, key=key())
    assert Petition.objects.count() == 1


def test_one_address_sends_ten_an_hour(world: World) -> None:
    for _number in range(10):
        sent(world)
    with pytest.raises(Refusal, match="quá nhiều lần"):
        sent(world)
    assert sent(world, MONDAY + timedelta(minutes=61))


def test_lines_stay_and_what_nobody_sees_goes(world: World) -> None:
    assert sent(world, text=f"Dòng một\u200b  \r\n\r\n\r\n\r\n<script>alert(1)</script>{'x' * 20}").text == (
        f"Dòng một\n\n<script>alert(1)</script>{'x' * 20}"
    )


# ── Who may


def test_conduct_is_for_leaders_and_never_for_whom_it_is_about(world: World) -> None:
    one = sent(world, about="conduct", whom="cán bộ quầy 2")
    seen = {name: queries.visible_to(world.actor(name)).exists() for name in ("tuan", "hoa", "minh", "binh")}
    assert seen == {"tuan": True, "hoa": False, "minh": False, "binh": False}
    with pytest.raises(NotPermitted):
        given(world, one) and petitions.refuse(
            petition_id=one.pk, ground="other", reason="Không", actor=world.actor("hoa"), at=MONDAY, key=key()
        )
    with pytest.raises(Refusal, match="không phải người bị phản ánh"):
        petitions.assign(
            petition_id=one.pk, position_id=world.positions["minh"], concerns_position=world.positions["minh"],
            actor=world.actor("tuan"), at=MONDAY, key=key(),
        )  # fmt: skip
    petitions.assign(
        petition_id=one.pk, position_id=world.positions["hoa"], concerns_position=world.positions["minh"],
        actor=world.actor("tuan"), at=MONDAY, key=key(),
    )  # fmt: skip
    assert queries.get_for(world.actor("hoa"), one.code) == one
    with pytest.raises(Refusal, match="không phải người bị phản ánh"):
        given(world, one, who="minh")
    with pytest.raises(NotFound):
        queries.get_for(world.actor("minh"), one.code)


def test_two_officers_at_once_the_second_is_told(world: World) -> None:
    one = given(world, sent(world))
    petitions.propose(petition_id=one.pk, answer=ANSWER, actor=world.actor("hoa"), at=MONDAY, key=key())
    with pytest.raises(Conflict, match="Chờ lãnh đạo duyệt"):
        petitions.refuse(
            petition_id=one.pk,
            ground="other",
            reason="Không",
            actor=world.actor("tuan"),
            at=MONDAY,
            key=key(),
        )
    with pytest.raises(Refusal, match="khác bản anh/chị vừa đọc"):
        petitions.approve(
            petition_id=one.pk, answer="Câu cũ", actor=world.actor("tuan"), at=MONDAY, key=key()
        )
    with pytest.raises(NotPermitted):
        petitions.approve(petition_id=one.pk, answer=ANSWER, actor=world.actor("hoa"), at=MONDAY, key=key())
    same = key()
    for _press in range(2):
        petitions.approve(petition_id=one.pk, answer=ANSWER, actor=world.actor("tuan"), at=MONDAY, key=same)
    assert PetitionMessage.objects.filter(petition=one, kind="answer").count() == 1


def test_every_verb_starts_only_where_the_table_says(world: World) -> None:
    one, leader = sent(world), world.actor("tuan")
    acts: dict[Verb, Any] = {
        Verb.REFUSE: lambda: petitions.refuse(
            petition_id=one.pk, ground="other", reason="Không", actor=leader, at=MONDAY, key=key()
        ),
        Verb.ASK: lambda: petitions.ask(petition_id=one.pk, question="Gì?", actor=leader, at=MONDAY, key=key()),
        Verb.GO_ON: lambda: petitions.go_on(petition_id=one.pk, actor=leader, at=MONDAY, key=key()),
        Verb.PROPOSE: lambda: petitions.propose(petition_id=one.pk, answer=ANSWER, actor=leader, at=MONDAY, key=key()),
        Verb.SEND_BACK: lambda: petitions.send_back(petition_id=one.pk, reason="Sửa", actor=leader, at=MONDAY, key=key()),
        Verb.WITHDRAW: lambda: sender.withdraw(petition_id=one.pk, actor=PUBLIC, at=MONDAY, key=key()),
        Verb.SCORE: lambda: sender.score(petition_id=one.pk, value=4, actor=PUBLIC, at=MONDAY, key=key()),
    }  # fmt: skip
    for state in State:
        ended = MONDAY if state in ENDED else None
        for verb, act in acts.items():
            with transaction.atomic():
                Petition.objects.filter(pk=one.pk).update(
                    state=state, ended_at=ended, answer=ANSWER, ground="other", paused_at=None
                )
                try:
                    act()
                    done = True
                except Conflict:
                    done = False
                transaction.set_rollback(True)
            assert done == (state in MOVES[verb][0]), (state, verb)


def test_an_objection_stands_in_the_history_of_its_dossier_once(world: World) -> None:
    dossier = take_in(world)
    one = sent(world, about="result", dossier_code=dossier.code, holder=True)
    facts = {"dossier": dossier.code, "petition": one.code, "at": MONDAY.isoformat()}
    assert OutboxMessage.objects.filter(name="feedback.result_objected", subject_id=str(one.pk)).count() == 1
    for _time in range(2):
        handlers.result_objected(facts)
    entries = entries_of("dossier", dossier.pk, agency_id=world.home.pk)
    assert [entry.payload for entry in entries.filter(verb="objected")] == [{"petition": one.code}]
    assert list(verify(entries)) == []
    handlers.result_objected({**facts, "dossier": "H24.12-200101-0001"})


# ── Publication


@pytest.mark.parametrize(
    "left", ["Tôi là Nguyễn Văn Bình", "gọi 0912 345 678", "CCCD 001203001234", "thu@example.vn"]
)
def test_nothing_of_the_sender_is_published(world: World, left: str) -> None:
    one = answered(world, sent(world, name="Nguyễn Văn Bình", email="thu@example.vn"))
    with pytest.raises(Refusal):
        publishing.publish(
            petition_id=one.pk, title="Giờ làm việc", text=f"Quầy đóng sớm. {left}", answer=ANSWER,
            actor=world.actor("tuan"), at=MONDAY, key=key(),
        )  # fmt: skip
    assert not Publication.objects.exists()


def test_the_sender_says_no_and_what_was_published_goes_at_once(world: World) -> None:
    one = answered(world, sent(world))
    words: dict[str, Any] = {"title": "Giờ làm việc quầy 2", "text": TEXT, "answer": ANSWER}
    common: dict[str, Any] = {"petition_id": one.pk, "at": MONDAY}
    row = publishing.publish(**common, **words, actor=world.actor("tuan"), key=key())
    assert list(queries.published(words="GIO lam viec")) == [row] and not queries.published(words="không có")
    with pytest.raises(Conflict, match="đã được đăng"):
        publishing.publish(**common, **words, actor=world.actor("tuan"), key=key())
    sender.keep_private(**common, actor=PUBLIC, key=key())
    assert not queries.published()
    with pytest.raises(Conflict, match="không cho đăng"):
        publishing.publish(**common, **words, actor=world.actor("tuan"), key=key())


# ── Figures


def test_the_figures_are_those_of_counting_by_hand(world: World) -> None:
    at = MONDAY + timedelta(days=60)
    late = MONDAY + timedelta(days=40)
    answered(world, sent(world))
    answered(world, sent(world), late)
    for moment, ground in ((MONDAY, "not_ours"), (MONDAY + timedelta(days=3), "other")):
        petitions.refuse(
            petition_id=sent(world).pk, ground=ground, reason="Gửi cơ quan thuế.", actor=world.actor("tuan"), at=moment,
            key=key(),
        )  # fmt: skip
    sender.withdraw(petition_id=sent(world).pk, actor=PUBLIC, at=MONDAY, key=key())
    sent(world)  # open past its date
    petitions.ask(petition_id=sent(world).pk, question="Gì?", actor=world.actor("tuan"), at=MONDAY, key=key())
    sent(world, at)
    for number, petition in enumerate(
        Petition.objects.filter(state__in=["answered", "refused"]).order_by("pk")
    ):
        sender.score(petition_id=petition.pk, value=(5, 4, 3, 1)[number], actor=PUBLIC, at=at, key=key())
    found = petition_figures([world.home.pk], since=MONDAY.date(), until=at.date(), at=at)[world.home.pk]
    on_time = late_ones = running = withdrawn = 0
    for one in Petition.objects.all():
        limit = one.refuse_by if one.state == "refused" else one.due_at
        if one.state == "withdrawn":
            withdrawn += 1
        elif one.ended_at:
            on_time += one.ended_at <= limit
            late_ones += one.ended_at > limit
        elif one.paused_at is None and limit < at:
            late_ones += 1
        else:
            running += 1
    assert (found.received, found.on_time, found.late, found.running, found.withdrawn) == (
        8, on_time, late_ones, running, withdrawn,
    )  # fmt: skip
    assert (on_time, late_ones, running, withdrawn) == (2, 3, 2, 1)
    assert (found.rated, found.happy) == (4, 2)
    assert found.share_on_time == 2 / 5 and found.share_happy == 1 / 2
    assert petition_figures([world.neighbour.pk], since=MONDAY.date(), until=at.date(), at=at) == {}


# ── The wall


def test_a_sender_sees_theirs_an_agency_its_own_a_stranger_none(world: World) -> None:
    one, other = sent(world), sent(world)
    try:
        set_database_actor(PUBLIC)
        with connection.cursor() as cursor:
            cursor.execute("select set_config('motcua.petition', '', true)")
        assert not Petition.objects.exists() and not PetitionMessage.objects.exists()
        assert queries.by_token(one.token or "") == one
        assert [row.pk for row in Petition.objects.all()] == [one.pk]
        assert queries.by_secret(other.code.lower(), (other.secret or "").lower()).pk == other.pk
        for code, secret in ((one.code, other.secret), (one.code, ""), ("", ""), ("x", one.secret)):
            with pytest.raises(NotFound):
                queries.by_secret(code, secret or "")
        set_database_actor(world.actor("binh"))
        assert not Petition.objects.filter(pk=one.pk).exists()
    finally:
        set_database_actor(SYSTEM)


@pytest.mark.parametrize(
    "sql",
    [
        "update feedback_petition set text = 'khác'",
        "update feedback_petition set received_at = now()",
        "update feedback_petition set sender_name = 'Ai đó'",
        "delete from feedback_petition",
        "truncate feedback_petition cascade",
        "update feedback_petitionmessage set text = 'khác'",
        "delete from feedback_petitionmessage",
    ],
)
def test_the_database_keeps_what_was_written(world: World, sql: str) -> None:
    one = answered(world, sent(world))
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql)
                assert cursor.rowcount == 0, sql
        except (InternalError, ProgrammingError):
            pass
    one.refresh_from_db()
    assert one.text.startswith(TEXT) and PetitionMessage.objects.filter(petition=one, text=ANSWER).exists()


def test_who_sent_it_goes_after_a_year_and_the_words_stay(world: World) -> None:
    one = answered(world, sent(world, name="Lan", phone="0912345678", email="lan@example.vn"))
    assert forgetting.forget_contacts(at=MONDAY + timedelta(days=364)) == 0
    assert forgetting.forget_contacts(at=MONDAY + timedelta(days=366)) == 1
    one.refresh_from_db()
    assert (one.sender_name, one.phone, one.email) == ("", None, None) and one.text.startswith(TEXT)


# ── Both doors


def test_nobody_is_published_without_having_said_so_and_objections_are_told_the_lawful_way(
    world: World, public: Client
) -> None:
    form = public.get("/phan-anh/gui/").content.decode()
    assert not re.search(r'name="may_publish"[^>]*checked', form) and "90 ngày" not in form
    facts = {"agency": world.home.pk, "about": "place", "text": TEXT, "key": key()}
    unsaid = public.post("/phan-anh/gui/", facts)
    assert unsaid.status_code == 422 and "Chọn có cho đăng hay không" in unsaid.content.decode()
    about = public.get("/phan-anh/gui/?ve=result").content.decode()
    assert "phải khiếu nại theo luật, trong 90 ngày" in about and "90 ngày vẫn chạy" in about


def test_whoever_does_not_know_sends_it_to_the_one_at_the_top(
    world: World, public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.localdate()
    both = [world.home, world.neighbour]
    tops = [
        {"agency": world.home, "parent_id": None},
        {"agency": world.neighbour, "parent_id": world.home.pk},
    ]
    monkeypatch.setattr(queries, "takers", lambda on: both)
    monkeypatch.setattr(queries, "agency_tree", lambda on: tops)
    assert queries.common_taker(day) == world.home
    assert f"Không biết: gửi {world.home.name}" in public.get("/phan-anh/gui/").content.decode()
    facts = {"agency": "0", "about": "place", "text": TEXT, "may_publish": "no", "key": key()}
    assert public.post("/phan-anh/gui/", facts).status_code == 302
    set_database_actor(SYSTEM)
    assert Petition.objects.get().at_agency_id == world.home.pk
    monkeypatch.setattr(
        queries, "agency_tree", lambda on: [{"agency": one, "parent_id": None} for one in both]
    )
    assert queries.common_taker(day) is None  # two at the top: none is common
    assert public.post("/phan-anh/gui/", {**facts, "key": key()}).status_code == 422


def test_from_the_form_to_the_published_answer(world: World, public: Client) -> None:
    with time_machine.travel(MONDAY):
        form = public.get("/phan-anh/gui/").content.decode()
        assert "khiếu nại, tố cáo" in form and 'name="text"' in form
        facts = {"agency": world.home.pk, "about": "place", "text": TEXT, "name": "Lan", "email": "lan@example.vn",
                 "may_publish": "yes", "key": key()}  # fmt: skip
        bad = io.BytesIO(b"MZ\x90")
        bad.name = "anh.pdf"
        refused = public.post("/phan-anh/gui/", {**facts, "papers": bad})
        assert refused.status_code == 422 and TEXT in refused.content.decode()
        good = io.BytesIO(pdf(pages=1))
        good.name = "bang gio.pdf"
        done = public.post("/phan-anh/gui/", {**facts, "papers": good})
        assert done.status_code == 302, re.findall(r"govuk-error-message.*", done.content.decode())
        mine = done["Location"].partition("?")[0]
        page = public.get(done["Location"]).content.decode()
        code, secret = re.findall(r'<strong class="mc-code" translate="no">([^<]+)<', page)
        assert code == "PA.H24.12-261102-0001" and "23/11/2026" in page
        assert public.post("/phan-anh/tim/", {"code": code, "secret": "222222"}).status_code == 422
        found = public.post("/phan-anh/tim/", {"code": code.lower(), "secret": secret.lower()})
        assert found["Location"] == mine
        assert public.get("/phan-anh/cua-toi/khong-co/").status_code == 404

        leader, hoa, binh = (world.client(name) for name in ("tuan", "hoa", "binh"))
        assert code in leader.get("/petitions/").content.decode()
        assert code not in binh.get("/petitions/").content.decode()
        assert binh.get(f"/petitions/{code}/").status_code == 404
        shown = leader.get(f"/petitions/{code}/").content.decode()
        assert TEXT in shown and "bang gio.pdf" in shown
        act = f"/petitions/{code}/act/"
        assert leader.post(f"{act}assign/", {"position": "", "key": key()}).status_code == 422
        leader.post(f"{act}assign/", {"position": world.positions["hoa"], "key": key()})
        hoa.post(f"{act}ask/", {"question": "Hôm nào anh/chị đến?", "key": key()})
        assert "Hôm nào anh/chị đến?" in public.get(mine).content.decode()
        public.post(mine, {"act": "reply", "text": "Thứ Sáu tuần trước.", "key": key()})
        hoa.post(f"{act}propose/", {"answer": ANSWER, "key": key()})
        assert ANSWER not in public.get(mine).content.decode()
        leader.post(f"{act}approve/", {"answer": ANSWER, "key": key()})
        assert ANSWER in public.get(mine).content.decode()
        assert public.post(mine, {"act": "score", "score": "4", "key": key()}).status_code == 302
        assert public.post(mine, {"act": "delete", "key": key()}).status_code == 422
        words = {"title": "Giờ làm việc của quầy 2", "text": TEXT, "answer": ANSWER, "key": key()}
        preview = leader.post(f"/petitions/{code}/publish/", words).content.decode()
        assert "Mọi người sẽ đọc như sau" in preview and not Publication.objects.exists()
        assert leader.post(f"/petitions/{code}/publish/", {**words, "publish": "1"}).status_code == 302
        everybody = public.get("/phan-anh/da-tra-loi/?tim=gio+lam+viec").content.decode()
        assert "Giờ làm việc của quầy 2" in everybody
    set_database_actor(SYSTEM)
    row = Petition.objects.get()
    assert (row.state, row.score) == ("answered", 4) and row.published_at is not None
    verbs = [entry.verb.removeprefix("petition.") for entry in queries.history_of(row)]
    assert verbs == ["file", "assign", "ask", "reply", "propose", "approve", "score", "publish"]
    assert list(verify(entries_of("petition", row.pk, agency_id=world.home.pk))) == []
    told = Message.objects.filter(channel="email").order_by("pk")
    assert [one.address for one in told] == ["lan@example.vn"] * 3
    assert all(TEXT not in (one.body or "") and ANSWER not in (one.body or "") for one in told)
    assert settings.PUBLIC_URL in (told[0].body or "")


def test_the_senders_own_buttons_come_with_their_origin(world: World, public: Client) -> None:
    """With "no-referrer" a browser sends a form's Origin as "null", and the form token is refused."""
    assert public.get(f"/phan-anh/cua-toi/{sent(world).token}/")["Referrer-Policy"] == "same-origin"
