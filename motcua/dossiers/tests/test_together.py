"""Notes, names in them, the star, kept texts, what to do first."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import Position
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers import queries, today, worklists
from motcua.dossiers.models import Consultation, Dossier, Mention, Note, OpinionTemplate, Watch
from motcua.dossiers.operations import templates, together
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import later, take_in
from motcua.dossiers.views.lists import moment_now
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql


@pytest.fixture
def dossier(world: World, db: None) -> Dossier:
    return take_in(world)


@pytest.fixture
def hoa(world: World, db: None) -> Client:
    return world.client("hoa")


def note(world: World, dossier: Dossier, text: str, who: str = "hoa", key: str = "") -> Note:
    return together.add_note(dossier=dossier, text=text, actor=world.actor(who), at=timezone.now(), key=key)


def count(world: World, who: str, key: str) -> int:
    return worklists.counts(world.actor(who), moment_now())[key]


# ── Notes


def test_a_note_is_for_colleagues_and_no_part_of_the_history(
    world: World, dossier: Dossier, hoa: Client
) -> None:
    before = queries.history(dossier).count()
    sent = hoa.post(f"/dossiers/{dossier.code}/notes/", {"text": "Chờ bản vẽ của bên đo đạc", "key": "n1"})
    assert sent.status_code == 302
    hoa.post(f"/dossiers/{dossier.code}/notes/", {"text": "Chờ bản vẽ của bên đo đạc", "key": "n1"})
    set_database_actor(SYSTEM)
    assert Note.objects.count() == 1
    assert queries.history(dossier).count() == before
    entry = Entry.objects.get(subject_kind="dossier_aside", verb="note.add")
    assert "bản vẽ" not in str(entry.payload)
    assert "Chờ bản vẽ" in world.client("minh").get(f"/dossiers/{dossier.code}/").content.decode()
    public = Client(HTTP_HOST="localhost").post(
        "/tra-cuu", {"code": dossier.code, "secret": dossier.secret or ""}
    )
    assert "bản vẽ" not in public.content.decode()


def test_a_note_is_written_and_taken_back_in_place(world: World, dossier: Dossier, hoa: Client) -> None:
    """With script only the notes come back, so that a form half filled in beside them stays."""
    address, part = f"/dossiers/{dossier.code}/notes/", {"HX-Request": "true"}
    saved = hoa.post(address, {"text": "Chờ bản vẽ", "key": "p1"}, headers=part)
    text = saved.content.decode()
    assert saved.status_code == 200 and "<html" not in text and "Chờ bản vẽ" in text and "Đã lưu" in text
    faulty = hoa.post(address, {"text": "Nhờ @Không Có Ai", "key": "p2"}, headers=part)
    assert faulty.status_code == 422 and "Nhờ @Không Có Ai</textarea>" in faulty.content.decode()
    set_database_actor(SYSTEM)
    gone = hoa.post(f"{address}{Note.objects.get().pk}/remove/", headers=part)
    assert gone.status_code == 200 and "Chờ bản vẽ" not in gone.content.decode()


def test_a_strangers_note_is_refused_as_a_dossier_that_is_not_there(world: World, dossier: Dossier) -> None:
    binh = world.client("binh")
    for path in ("notes/", "watch/"):
        assert binh.post(f"/dossiers/{dossier.code}/{path}", {"text": "x", "on": "1"}).status_code == 404
    assert binh.get(f"/dossiers/{dossier.code}/colleagues").status_code == 404
    with pytest.raises(NotPermitted):
        note(world, dossier, "x", "binh")


def test_a_name_after_the_at_lands_in_that_colleagues_list_until_they_look(
    world: World, dossier: Dossier
) -> None:
    assert count(world, "tuan", "mentioned") == 0
    note(world, dossier, "Xin ý kiến @Ngô Quang Tuấn và @mai về thời hạn; thư gửi a@b.vn")
    assert {row.account_id for row in Mention.objects.all()} == {
        world.accounts["tuan"].pk, world.accounts["mai"].pk
    }  # fmt: skip
    assert count(world, "tuan", "mentioned") == count(world, "mai", "mentioned") == 1
    assert count(world, "hoa", "mentioned") == 0
    client = world.client("tuan")
    assert [line.code for line in client.get("/?list=mentioned").context["lines"]] == [dossier.code]
    assert "nhắc tên anh/chị" in client.get("/").content.decode()
    client.get(f"/dossiers/{dossier.code}/")
    set_database_actor(SYSTEM)
    assert count(world, "tuan", "mentioned") == 0
    assert count(world, "mai", "mentioned") == 1


def test_marks_and_capitals_do_not_matter_and_nobody_is_told_by_mistake(
    world: World, dossier: Dossier
) -> None:
    note(world, dossier, "@ngo quang tuan xem giúp")
    assert Mention.objects.get().account_id == world.accounts["tuan"].pk
    for text in ("@Người Không Có xem giúp", "@Mai Thanh Bình ở phường khác", "@tua"):
        with pytest.raises(Refusal) as caught:
            note(world, dossier, text)
        assert caught.value.code == "nobody"
    assert Note.objects.count() == 1


def test_what_was_refused_comes_back_with_everything_typed(dossier: Dossier, hoa: Client) -> None:
    page = hoa.post(f"/dossiers/{dossier.code}/notes/", {"text": "Nhờ @Không Ai xem", "key": "n"})
    assert page.status_code == 422
    assert "Nhờ @Không Ai xem" in page.content.decode() and "Gõ @ rồi chọn" in page.content.decode()
    assert hoa.post(f"/dossiers/{dossier.code}/notes/", {"text": "  "}).status_code == 422


def test_one_takes_back_ones_own_note_only(world: World, dossier: Dossier) -> None:
    row = note(world, dossier, "Nhầm @mai")
    with pytest.raises(NotFound):
        together.remove_note(dossier=dossier, note_id=row.pk, actor=world.actor("minh"), at=timezone.now())
    assert note(world, dossier, "Một\r\nHai").text == "Một\nHai"
    for _twice in range(2):
        together.remove_note(dossier=dossier, note_id=row.pk, actor=world.actor("hoa"), at=timezone.now())
    assert Entry.objects.filter(verb="note.remove").count() == 1
    assert count(world, "mai", "mentioned") == 0
    assert "Nhầm" not in world.client("mai").get(f"/dossiers/{dossier.code}/").content.decode()


# ── The star


def test_the_star_fills_ones_own_list(world: World, dossier: Dossier, hoa: Client) -> None:
    for _twice in range(2):
        assert hoa.post(f"/dossiers/{dossier.code}/watch/", {"on": "1"}).status_code == 302
    set_database_actor(SYSTEM)
    assert Watch.objects.count() == 1
    assert count(world, "hoa", "watched") == 1
    assert count(world, "minh", "watched") == 0
    assert "Đang theo dõi: bỏ" in hoa.get(f"/dossiers/{dossier.code}/").content.decode()
    assert [line.code for line in hoa.get("/?list=watched").context["lines"]] == [dossier.code]
    hoa.post(f"/dossiers/{dossier.code}/watch/", {"on": "0"})
    set_database_actor(SYSTEM)
    assert not Watch.objects.exists()


# ── Asked for an opinion


def test_an_opinion_asked_for_is_a_list_of_its_own(world: World, dossier: Dossier) -> None:
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    assert count(world, "mai", "asked") == 0
    attempt(world, "consult", "hoa", dossier, later(hours=2))
    assert count(world, "mai", "asked") == 1
    page = world.client("mai").get("/?list=asked")
    assert [line.code for line in page.context["lines"]] == [dossier.code]
    attempt(world, "answer", "mai", dossier, later(hours=3))
    assert count(world, "mai", "asked") == 0


# ── Texts


def keep(
    world: World, who: str, key: str, text: str = "Hồ sơ đủ điều kiện.", **more: object
) -> OpinionTemplate:
    return templates.save_template(
        key=key, text=text, actor=world.actor(who), at=timezone.now(), **{"of_unit": False, **more}  # type: ignore[arg-type]
    )  # fmt: skip


def test_texts_are_ones_own_or_the_units(world: World, db: None) -> None:
    keep(world, "hoa", "Đủ ĐK")
    assert keep(world, "hoa", "chung", "Một.\r\n\r\n Hai. ", of_unit=True).text == "Một.\n\nHai."
    keep(world, "minh", "dudk")
    assert [one["key"] for one in world.client("hoa").get("/opinions/texts").json()["items"]] == [
        "dudk",
        "chung",
    ]
    assert [one["key"] for one in world.client("minh").get("/opinions/texts").json()["items"]] == ["dudk"]
    with pytest.raises(NotPermitted):
        keep(world, "minh", "x", of_unit=True)
    for key, text, code in (
        ("dudk", "x", "taken"),
        ("", "x", "bad_key"),
        ("a-b", "x", "bad_key"),
        ("y", " ", "empty"),
    ):
        with pytest.raises(Refusal) as caught:
            keep(world, "hoa", key, text)
        assert caught.value.code == code


def test_somebody_elses_text_is_neither_changed_nor_thrown_away(world: World, hoa: Client) -> None:
    mine, theirs = keep(world, "hoa", "a"), keep(world, "minh", "b")
    assert hoa.post(f"/opinions/{theirs.pk}/drop/").status_code == 404
    assert hoa.post("/opinions/", {"template": theirs.pk, "key": "c", "text": "Của tôi"}).status_code == 302
    set_database_actor(SYSTEM)
    assert OpinionTemplate.objects.get(pk=theirs.pk).key == "b"
    assert hoa.post("/opinions/", {"template": mine.pk, "key": "a", "text": "Sửa rồi"}).status_code == 302
    assert hoa.post("/opinions/", {"key": "a b", "text": ""}).status_code == 422
    assert hoa.post(f"/opinions/{mine.pk}/drop/").status_code == 302
    set_database_actor(SYSTEM)
    assert not OpinionTemplate.objects.filter(pk=mine.pk).exists()


# ── Asking another unit


def test_a_question_has_a_date_of_its_own_and_both_sides_see_its_clock(
    world: World, dossier: Dossier, hoa: Client
) -> None:
    now = timezone.now()
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    Dossier.objects.update(due_at=now + timedelta(days=30))
    form = hoa.get(f"/dossiers/{dossier.code}/do/consult/").content.decode()
    first = re.search(r'name="answer_on" value="(\d\d/\d\d/\d{4})"', form)
    assert first is not None, "a question begins with a date"
    day = datetime.strptime(first[1], "%d/%m/%Y").date()  # noqa: DTZ007  (a day has no zone)
    assert timezone.localdate() < day <= timezone.localdate() + timedelta(days=14)
    attempt(world, "consult", "hoa", dossier, later(hours=2), answer_by=now + timedelta(days=5))
    for client in (hoa, world.client("mai")):
        page = " ".join(client.get(f"/dossiers/{dossier.code}/").content.decode().split())
        assert re.search(r"trước .{5,30}, còn .{3,40} làm việc", page)
    Consultation.objects.update(answer_by=now - timedelta(days=5))
    assert "quá hạn" in hoa.get(f"/dossiers/{dossier.code}/").content.decode().split('id="part-opinions"')[1]


# ── What to do first


def test_the_first_page_says_what_to_do_and_why(world: World, dossier: Dossier, hoa: Client) -> None:
    Dossier.objects.update(due_at=timezone.now())
    page = hoa.get("/").content.decode()
    assert "Việc nên làm ngay" in page and "1 hồ sơ trên bàn anh/chị đã quá hạn" in page
    assert "Việc nên làm ngay" not in hoa.get("/?list=unit").content.decode()


def test_nothing_is_urged_that_is_not_there(world: World, db: None) -> None:
    actor = world.actor("tuan")
    assert today.first_things(actor, dict.fromkeys(("late", "approve"), 0)) == []
    lots = dict.fromkeys((one.key for one in worklists.LISTS), 3)
    said = today.first_things(actor, lots)
    by_law = [one.key for one in worklists.lists_of(actor) if one.rare]
    assert len(said) == len(by_law) == 5, "what the law counts by the hour is always said"
    lots |= dict.fromkeys(by_law, 0)
    assert len(today.first_things(actor, lots)) == today.MOST
    assert said[0].late
    assert all(one.url.startswith("/") for one in said)


def test_what_is_late_and_unsaid_is_said_once(world: World, db: None) -> None:
    actor = world.actor("tuan")
    said = [
        one.url for one in today.first_things(actor, {"agency-late": 2, "agency-unsaid": 2, "approve": 1})
    ]
    assert said == ["/?list=agency-unsaid", "/?list=approve"]
    said = [one.url for one in today.first_things(actor, {"agency-late": 3, "agency-unsaid": 2})]
    assert said == ["/?list=agency-unsaid", "/?list=agency-late"], "one of them has its apology"


def test_an_empty_desk_says_where_to_go_on(world: World, db: None) -> None:
    assert 'href="/intake/"' in world.client("minh").get("/").content.decode().split("<main")[1]
    Position.objects.filter(account=world.accounts["binh"]).update(roles=[Role.UNIT_ADMIN])
    assert "Việc quản trị" in world.client("binh").get("/").content.decode()


def test_the_reminders_say_what_waits_and_who_named_me(world: World, dossier: Dossier) -> None:
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "consult", "hoa", dossier, later(hours=2))
    note(world, dossier, "Gấp lắm @mai")
    client = world.client("mai")
    page = client.get("/reminders/").content.decode()
    assert "1 đơn vị chờ ý kiến" in page and "Gấp lắm" in page and "Chưa xem" in page
    assert client.get("/lists/counts").json()["reminders"] == 2
    set_database_actor(SYSTEM)
    assert "Gấp lắm" not in world.client("binh").get("/reminders/").content.decode()


def test_a_leader_is_not_told_to_hand_an_apology_to_the_leader(world: World, db: None) -> None:
    for role, words in (
        (Role.LEADER, "xin lỗi và hẹn lại ngay"),
        (Role.SPECIALIST, "trình lãnh đạo xin lỗi ngay"),
    ):
        actor = Actor(
            kind="officer", account_id=1, position_id=1, unit_id=1, agency_id=1, roles=frozenset({role})
        )
        (one,) = today.first_things(actor, {"unsaid": 1})
        assert words in one.why
