"""Requests about data: bound to a slip or a card, in time, copied whole, erased only as far as the law lets them."""

import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from motcua.applicants import queries as applicants
from motcua.applicants.models import Person, VaultFile, VaultLook, VaultPaper, VaultSource
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.applicants.operations.vault import PaperFacts, keep
from motcua.applicants.vault import looks_of, open_vault, opened
from motcua.base.audit.models import Entry
from motcua.base.files import operations as files
from motcua.base.files.models import StoredFile
from motcua.base.files.tests import corpus
from motcua.base.notifications.models import Message
from motcua.dossiers import history_words
from motcua.dossiers.models import Dossier, KnownName
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import NUMBER, World
from motcua.dossiers.tests.lives import take_in
from motcua.dossiers.words import ACTIONS
from motcua.eforms.models import FormAnswer
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import ZONE
from motcua.online.models import Application, ApplicationPaper
from motcua.online.tests.conftest import actor_of, citizen, shipped, signed_in
from motcua.online.tests.test_applying import begun
from motcua.privacy import copy_words, held, queries, sealed, words
from motcua.privacy.models import DataRequest
from motcua.privacy.operations import answering, erasing, reminding, requests
from motcua.privacy.states import CLOCKS, Kind
from motcua.privacy.telling import fields_of
from motcua.ui.routing import set_database_actor

__all__ = ["shipped", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
ASK, FOLLOW, COPY = "/quyen-du-lieu/gui", "/quyen-du-lieu/theo-doi", "/quyen-du-lieu/ban-sao"
HOSTILE = '<script>alert(1)</script> #let x = [*] $ \\ "'


@pytest.fixture
def dossier(world: World) -> Dossier:
    return take_in(world, at=timezone.now(), contact_phone="0912345678")


def visitor() -> Client:
    return Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.5")


def at_counter(world: World, kind: str = "see", **more: Any) -> DataRequest:
    person = applicants.by_personal_id(NUMBER)
    given: dict[str, Any] = {
        "applicant_id": person.applicant.pk if person else None, "kind": kind, "wants": "Sửa số điện thoại", "card_seen": True,
        "actor": world.actor("minh"), "at": timezone.now(), "key": uuid4().hex, **more,
    }  # fmt: skip
    return requests.ask_at_counter(**given)


def confirmed(row: DataRequest) -> str:
    """Return the mark of what goes and stays, as whoever confirms an erasure has seen it."""
    return erasing.digest(erasing.plan(row, answering.subject_of(row)))


def frame(world: World, row: DataRequest, name: str = "tuan", at: datetime | None = None) -> dict[str, Any]:
    return {"request_id": row.pk, "actor": world.actor(name), "at": at or timezone.now(), "key": uuid4().hex}


# ── Nothing is forgotten


def test_every_table_with_personal_data_is_reached_or_left_out_with_a_reason() -> None:
    assert held.forgotten() == []
    assert len([one for one in held.tables() if held.is_reached(one)]) > 20


def test_a_planted_table_that_nothing_reaches_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(held.FINDERS, "applicants.LookUp")
    assert held.forgotten() == ["applicants.LookUp"]
    monkeypatch.delitem(held.OUTSIDE, "ratings")
    assert "feedback.Rating" in held.forgotten()


def test_every_table_has_a_name_and_a_reason_to_stay() -> None:
    reached = [one for one in held.tables() if held.is_reached(one)]
    assert [one for one in reached if not words.is_named(one)] == []
    assert [one for one in reached if not erasing.why_kept(one)] == []


def test_every_field_of_a_copy_has_a_name_and_every_act_has_words(world: World, dossier: Dossier) -> None:
    told = {
        name for label in held.tables() if held.is_reached(label) for name in fields_of(apps.get_model(label))
    }
    assert {one for one in told if copy_words.field(one) == one} == set()
    of_dossiers = set(history_words._WHAT) | set(ACTIONS)
    of_people = {
        "person.restrict",
        "person.unrestrict",
        "person.update",
        "person.forget_contact",
        "person.erase",
    }
    for verb in of_dossiers | of_people:
        assert copy_words.value("audit.Entry", "verb", verb) not in {"Việc khác", verb}, verb
    assert copy_words.value("audit.Entry", "verb", "x.y") == "Việc khác"
    assert copy_words.value("eforms.FormAnswer", "values", '{"a": 1}') == "đầy đủ trong du-lieu.json"
    in_vault(world, dossier, 1, valid_to=timezone.localdate() + timedelta(days=400))
    asked = at_counter(world)
    requests.finish(answer="", **frame(world, asked))
    asked.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(sealed.as_pdf(asked.copy, at=timezone.now()))).pages
    read = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words_of_the_row in ("Tiếp nhận", "Trực tiếp", "Bản quét tại quầy", "Giấy tiếp nhận", "đầy đủ trong du-lieu.json",
 "Ghi thông tin người nộp", world.home.name):  # fmt: skip
        assert words_of_the_row.lower() in read.lower(), words_of_the_row
    for of_programs in (
        "in_person",
        "appointment_slip",
        "person.register",
        "counter",
        "{",
        "2027-",
        "kind_key",
    ):
        assert of_programs not in read, of_programs


def test_only_what_is_about_the_person_is_told(world: World, dossier: Dossier) -> None:
    other = find_or_register_person(
        facts=PersonFacts(full_name="Chim Hoàng Yến", personal_id="031185000025"), actor=world.actor("minh"),
        at=timezone.now(),
    ).applicant  # fmt: skip
    theirs = take_in(world, at=timezone.now(), key="other", applicant_id=other.pk)
    told = json.dumps([(one.label, one.rows) for one in held.everything(held.Subject(dossier.applicant_id))])
    assert dossier.code in told and NUMBER in told and theirs.code not in told and "031185000025" not in told
    part = held.part_in_others(theirs.submitter_id)
    assert [one["code"] for one in part] == ([theirs.code] if theirs.submitter_id != other.pk else [])


# ── By slip, from the public page to the sealed file


def asked(dossier: Dossier, **more: str) -> Any:
    data = {
        "kind": "see",
        "code": dossier.code,
        "secret": dossier.secret,
        "wants": "",
        "key": uuid4().hex,
        **more,
    }
    return visitor().post(ASK, data)


def test_the_holder_of_a_slip_asks_follows_and_fetches_a_sealed_copy(world: World, dossier: Dossier) -> None:
    page = asked(dossier, email="a@example.vn", wants=HOSTILE)
    assert page.status_code == 200
    row = DataRequest.objects.get()
    assert row.code in page.content.decode() and (row.secret or "") in page.content.decode()
    follow = {"code": row.code, "secret": row.secret}
    waiting = visitor().post(FOLLOW, follow).content.decode()
    assert "Chờ trả lời lần đầu" in waiting and visitor().post(COPY, follow).status_code == 404
    requests.finish(answer="Bản sao kèm đây.", **frame(world, row))
    ready = visitor().post(FOLLOW, follow).content.decode()
    assert "Tải bản sao dữ liệu" in ready and (row.secret or "") not in ready
    (mine,) = re.findall(r'name="pass" value="([^"]+)"', ready)
    assert visitor().post(COPY, {"pass": mine}).status_code == 200
    assert visitor().post(COPY, {"pass": mine[:-1]}).status_code == 422
    sealed = visitor().post(COPY, follow)
    assert sealed.content == visitor().post(COPY, follow).content, "the same file each time"
    with zipfile.ZipFile(io.BytesIO(sealed.content)) as archive:
        text = archive.read("du-lieu.json").decode()
        pdf = pypdf.PdfReader(io.BytesIO(archive.read("du-lieu.pdf")))
        note = archive.read("DOC-TRUOC.txt").decode()
    row.refresh_from_db()
    copy = json.loads(text)
    assert copy["covers"] == "dossier" and row.copy_sha256 in note
    assert Entry.objects.get(verb="data_request.finish").payload["sha256"] == row.copy_sha256
    assert dossier.code in text and NUMBER not in text and "0912345678" not in text, "a slip shows no numbers"
    printed = "".join(one.extract_text() for one in pdf.pages)
    assert (
        row.copy_sha256[:12] in printed.replace("\n", "")
        and "Bản sao dữ liệu cá nhân".upper() in printed.upper()
    )
    assert {one.mark.rpartition(":")[2] for one in Message.objects.filter(channel="email")} == {"done"}


def test_a_wrong_slip_opens_nothing_and_a_second_click_is_the_same_request(
    world: World, dossier: Dossier
) -> None:
    for bad in (
        {"secret": "AAAAAA"},
        {"code": "khong phai ma"},
        {"kind": "steal"},
        {"kind": "correct", "wants": " "},
    ):
        assert asked(dossier, **bad).status_code == 422
    assert not DataRequest.objects.exists()
    key = uuid4().hex
    first, second = asked(dossier, key=key), asked(dossier, key=key)
    assert first.status_code == second.status_code == 200 and DataRequest.objects.count() == 1
    row = DataRequest.objects.get()
    for _time in range(10):
        assert visitor().post(FOLLOW, {"code": row.code, "secret": "AAAAAA"}).status_code == 422
    blocked = visitor().post(FOLLOW, {"code": row.code, "secret": row.secret}).content.decode()
    assert "quá nhiều lần" in blocked


def test_a_slip_changes_and_erases_nothing_until_a_card_is_seen(world: World, dossier: Dossier) -> None:
    asked(dossier, kind="erase")
    row = DataRequest.objects.get()
    with pytest.raises(Refusal, match="thẻ căn cước"):
        requests.finish(answer="", **frame(world, row))
    requests.confirm_identity(**frame(world, row, "minh"))
    row.refresh_from_db()
    requests.finish(answer="", seen=confirmed(row), **frame(world, row))
    row.refresh_from_db()
    assert row.state == "done" and row.identity == "card"


# ── Clocks


def test_clocks_are_those_of_the_decree(world: World, dossier: Dossier) -> None:
    monday = datetime(2026, 11, 30, 9, tzinfo=ZONE)
    row = at_counter(world, "erase", at=monday)
    local = [timezone.localtime(one) for one in (row.answer_due_at, row.due_at)]
    assert [f"{one:%d/%m}" for one in local] == ["02/12", "21/12"]  # the 20th is a Sunday
    assert CLOCKS[-1].days == {
        Kind.SEE: 10,
        Kind.CORRECT: 10,
        Kind.RESTRICT: 15,
        Kind.WITHDRAW: 15,
        Kind.ERASE: 20,
    }
    requests.extend(reason="Phải hỏi cơ quan lưu trữ", **frame(world, row, at=monday + timedelta(days=1)))
    row.refresh_from_db()
    assert f"{timezone.localtime(row.due_at):%d/%m/%Y}" == "11/01/2027" and row.original_due_at < row.due_at
    with pytest.raises(Conflict, match="một lần"):
        requests.extend(reason="Phải hỏi cơ quan lưu trữ", **frame(world, row, at=monday + timedelta(days=2)))
    late = at_counter(world, "see", at=monday)
    with pytest.raises(Conflict, match="quá hạn"):
        requests.extend(
            reason="Phải hỏi cơ quan lưu trữ", **frame(world, late, at=monday + timedelta(days=30))
        )


def test_who_answers_is_told_before_and_after_a_clock_runs_out(world: World, dossier: Dossier) -> None:
    monday = datetime(2026, 11, 30, 9, tzinfo=ZONE)
    row = at_counter(world, at=monday)
    assert reminding.remind(at=monday) == 0
    near = row.answer_due_at - timedelta(hours=2)
    assert reminding.remind(at=near) > 0 and reminding.remind(
        at=near + timedelta(minutes=10)
    ) == reminding.remind(at=near)
    before = Message.objects.count()
    reminding.remind(at=near + timedelta(hours=1))
    assert Message.objects.count() == before, "once each"
    reminding.remind(at=row.answer_due_at + timedelta(minutes=1))
    assert Message.objects.count() > before


# ── At the counter: who may, what happens


def test_only_with_the_card_and_only_by_who_handles_it(world: World, dossier: Dossier) -> None:
    with pytest.raises(Refusal, match="thẻ"):
        at_counter(world, card_seen=False)
    with pytest.raises(NotPermitted):
        at_counter(world, actor=world.actor("hoa"))
    row = at_counter(world)
    with pytest.raises(NotPermitted):
        requests.finish(answer="x", **frame(world, row, "hoa"))
    with pytest.raises(NotFound):
        queries.request(world.actor("binh"), row.code)
    requests.assign(position_id=world.positions["hoa"], **frame(world, row))
    requests.accept(**frame(world, row, "hoa"))
    with pytest.raises(Conflict):
        requests.accept(**frame(world, row, "hoa"))
    requests.finish(answer="Đây", **frame(world, row, "hoa"))
    row.refresh_from_db()
    assert json.loads(row.copy or "")["covers"] == "person" and NUMBER in (row.copy or "")
    with pytest.raises(Conflict, match="khép"):
        requests.refuse(ground="archive", answer="Đã trả lời rồi nhé", **frame(world, row))
    assert requests.forget_copies(at=timezone.now() + timedelta(days=31)) == 1
    row.refresh_from_db()
    assert row.copy is None and row.copy_sha256


def test_a_refusal_names_its_ground(world: World, dossier: Dossier) -> None:
    row = at_counter(world, "erase")
    for bad in (
        {"ground": "whim", "answer": "Không thích thì thôi"},
        {"ground": "archive", "answer": "Không"},
    ):
        with pytest.raises(Refusal):
            requests.refuse(**bad, **frame(world, row))
    requests.refuse(ground="archive", answer="Khiếu nại ở UBND phường.", **frame(world, row))
    text = visitor().post(FOLLOW, {"code": row.code, "secret": row.secret}).content.decode()
    assert "Luật Lưu trữ" in text and "Khiếu nại ở UBND phường." in text


def test_erasing_keeps_what_the_archive_law_keeps_and_says_so(world: World, dossier: Dossier) -> None:
    row = at_counter(world, "erase")
    with pytest.raises(NotPermitted):
        requests.finish(answer="", seen=confirmed(row), **frame(world, row, "minh"))
    with pytest.raises(Conflict, match="Xem sẽ xóa gì"):
        requests.finish(answer="", **frame(world, row))
    requests.finish(answer="", seen=confirmed(row), **frame(world, row))
    row.refresh_from_db()
    lines = {one["table"]: one for one in row.certificate["lines"]}
    assert lines["dossiers.Dossier"]["what"] == "kept" and "Lưu trữ" in lines["dossiers.Dossier"]["why"]
    assert (
        lines["applicants.Person"]["what"] == "kept"
        and "đang giải quyết" in lines["applicants.Person"]["why"]
    )
    assert not KnownName.objects.filter(applicant=dossier.applicant_id).exists()
    paper = world.client("tuan").get(f"/privacy/{row.code}/certificate.pdf")
    assert "Lưu trữ" in pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()


def test_an_erasure_is_seen_before_it_is_done(world: World, dossier: Dossier) -> None:
    row = at_counter(world, "erase")
    leader = world.client("tuan")
    page = leader.get(f"/privacy/{row.code}/").content.decode()
    assert f"/privacy/{row.code}/erase/" in page and 'value="finish"' not in page
    act, first = f"/privacy/{row.code}/act/", leader.get(f"/privacy/{row.code}/erase/").content.decode()
    assert "Sẽ xóa" in first and "Giữ lại" in first and "còn 1 hồ sơ đang giải quyết" in first
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', first)
    take_in(world, at=timezone.now(), key="meanwhile")
    again = leader.post(act, {"act": "finish", "answer": "", "seen": seen, "key": "k"})
    assert again.status_code == 422 and "vừa thay đổi" in again.content.decode()
    assert DataRequest.objects.get(pk=row.pk).state == "new"
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', again.content.decode())
    assert leader.post(act, {"act": "finish", "answer": "", "seen": seen, "key": "l"}).status_code == 302
    told = leader.get(f"/privacy/{row.code}/").content.decode()
    assert "Đã xóa một phần" in told and "còn 2 hồ sơ đang giải quyết" in told
    theirs = visitor().post(FOLLOW, {"code": row.code, "secret": row.secret}).content.decode()
    assert "Đã xóa một phần" in theirs and "gửi lại yêu cầu" in theirs


def test_what_was_never_handed_in_goes_and_the_account_stays(world: World, shipped: Any) -> None:
    account = citizen()
    lan = actor_of(account)
    applicant = lan.for_applicant
    assert applicant is not None
    set_database_actor(SYSTEM)
    shipped()
    prepared = begun(world, account)
    assert prepared.answer is not None
    set_database_actor(SYSTEM)
    ApplicationPaper.objects.create(application=prepared, name="Ảnh")
    row = at_counter(world, "erase", applicant_id=applicant)
    before = {
        (one["table"], one["what"]): one for one in erasing.plan(row, answering.subject_of(row))["lines"]
    }
    assert before["online.Application", "erased"]["why"] == "Chưa nộp"
    assert before["online.ApplicationPaper", "erased"]["count"] == 1
    assert before["eforms.FormAnswer", "erased"]["count"] == 1 and ("eforms.FormAnswer", "kept") not in before
    assert before["applicants.CitizenAccount", "kept"]["why"]
    requests.finish(answer="", seen=confirmed(row), **frame(world, row))
    assert not Application.objects.exists() and not ApplicationPaper.objects.exists()
    assert not FormAnswer.objects.exists()


def in_vault(world: World, dossier: Dossier, pages: int, **more: Any) -> VaultPaper:
    """A paper of the dossier's applicant in their vault, its file a use of its own."""
    now = timezone.now()
    stored = files.store(
        stream=io.BytesIO(corpus.pdf(pages)), filename="giay.pdf", purpose="paper", agency_id=world.home.pk,
        actor=world.actor("minh"), at=now,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "applicant_id": dossier.applicant_id, "name": "Giấy chứng sinh", "source": VaultSource.COUNTER, "origin": uuid4(),
        "origin_code": dossier.code, "agency_id": world.home.pk, "handed_in_on": timezone.localdate(now),
        "files": [stored.pk], **more,
    }  # fmt: skip
    made = keep(facts=PaperFacts(**facts), actor=world.actor("minh"), at=now)
    assert made is not None
    return made


def test_the_vault_is_in_the_copy_for_its_owner_and_goes_when_erased(world: World, dossier: Dossier) -> None:
    set_database_actor(world.actor("tuan"))  # behind the wall, not past it
    in_vault(world, dossier, 1)
    old = in_vault(world, dossier, 2, name="Trích lục", source=VaultSource.RESULT, number="7")
    new = in_vault(world, dossier, 3, name="Trích lục", source=VaultSource.RESULT, number="7")
    with opened(dossier.applicant_id):
        assert VaultPaper.objects.get(pk=old.pk).replaced_by_id == new.pk
        stored = list(VaultFile.objects.values_list("stored", flat=True))
    assert len(stored) == 3 and not VaultPaper.objects.exists()  # shut again
    of_slip = json.dumps(
        [one.label for one in held.everything(held.Subject(dossier.applicant_id, dossier.pk))]
    )
    assert "Vault" not in of_slip
    asked = at_counter(world)
    requests.finish(answer="", **frame(world, asked))
    asked.refresh_from_db()
    (table,) = [one for one in json.loads(asked.copy)["tables"] if one["table"] == "applicants.VaultPaper"]
    assert {one["name"] for one in table["rows"]} == {"Giấy chứng sinh", "Trích lục"} and table["count"] == 3
    assert not VaultPaper.objects.exists()
    (look,) = looks_of(dossier.applicant_id)
    assert look.used_in == asked.code and len(look.papers) == 3 and look.agency_id == world.home.pk
    open_vault(None)

    row = at_counter(world, "erase")
    requests.finish(answer="", seen=confirmed(row), **frame(world, row))
    row.refresh_from_db()
    gone = {one["table"]: one for one in row.certificate["lines"] if one["what"] == "erased"}
    assert gone["applicants.VaultPaper"]["count"] == 3 and "cùng hồ sơ" in gone["applicants.VaultFile"]["why"]
    assert "3 giấy tờ trong kho" in words.erasure(row.certificate, done=True)
    with opened(dossier.applicant_id):
        assert not VaultPaper.objects.exists() and not VaultFile.objects.exists()
        assert VaultLook.objects.exists()
    assert not StoredFile.objects.filter(pk__in=stored).exists()
    assert Entry.objects.get(verb="vault.erase").payload == {"papers": 3, "files": 3}


# ── Signed in with a proven identity


def test_who_signed_in_surely_asks_as_themselves_and_follows_without_codes(
    world: World, dossier: Dossier
) -> None:
    account = citizen(NUMBER, "Nguyễn Thị Lan")
    assert actor_of(account).for_applicant == dossier.applicant_id
    browser = signed_in(account)
    page = browser.get(ASK).content.decode()
    assert 'name="code"' not in page and 'name="secret"' not in page
    sent = browser.post(
        ASK, {"kind": "correct", "agency": world.home.pk, "wants": "Sửa số điện thoại", "key": "k"}
    )
    row = DataRequest.objects.get()
    assert sent.status_code == 302 and sent["Location"].endswith(row.code)
    assert row.identity == "eid" and row.home_agency_id == world.home.pk and row.received_by is None
    told = browser.get(sent["Location"]).content.decode()
    assert "Chờ trả lời lần đầu" in told and "thẻ căn cước đến quầy" not in told
    assert row.code in browser.get("/quyen-du-lieu/").content.decode()
    requests.finish(answer="Đã sửa số", contact={"phone": "0987654321"}, **frame(world, row))
    assert "Đã thực hiện" in browser.get(sent["Location"]).content.decode()
    other = signed_in(citizen("031078005555", "Trần Văn Hùng"))
    assert other.get(sent["Location"]).status_code == 404
    weak = signed_in(account, level=1)
    assert weak.get(sent["Location"]).status_code == 403 and 'name="secret"' in weak.get(ASK).content.decode()


def test_a_person_no_dossier_names_is_erased_whole(world: World) -> None:
    minh, now = world.actor("minh"), timezone.now()
    facts = PersonFacts(
        full_name="Chim Hoàng Yến", personal_id="031185000025", phone="0912777333", address="Số 1"
    )
    person = find_or_register_person(facts=facts, actor=minh, at=now).applicant
    row = at_counter(world, "erase", applicant_id=person.pk)
    requests.finish(answer="", seen=confirmed(row), **frame(world, row))
    kept = Person.objects.get(applicant=person.pk)
    said = (kept.personal_id, kept.personal_id_index, kept.phone, kept.email, kept.address, kept.birth_date)
    assert said == (None,) * 6 and "Yến" not in kept.full_name + kept.search_text
    assert applicants.by_personal_id("031185000025") is None and applicants.by_phone("0912777333") == []


def test_restricting_takes_a_person_out_of_searches_but_not_out_of_their_number(
    world: World, dossier: Dossier
) -> None:
    person = dossier.applicant.person
    assert person is not None and person in applicants.search_people(person.full_name)
    row = at_counter(world, "restrict")
    requests.finish(answer="", **frame(world, row))
    assert person not in applicants.search_people(person.full_name)
    assert applicants.by_personal_id(NUMBER) == person
    take_in(world, at=timezone.now(), key="again")
    assert not KnownName.objects.filter(applicant=dossier.applicant_id).exists()


def test_contact_is_corrected_and_rubbish_refused(world: World, dossier: Dossier) -> None:
    row = at_counter(world, "correct")
    for bad in ({"phone": "không có"}, {"email": "@"}, {"address": "x" * 500}):
        with pytest.raises(Refusal):
            requests.finish(answer="Đã sửa số", contact=bad, **frame(world, row))
    with pytest.raises(Refusal):
        requests.finish(answer="Đã sửa theo thẻ", card=HOSTILE, **frame(world, row))
    requests.finish(answer="Đã sửa số điện thoại", contact={"phone": "0987 654 321"}, **frame(world, row))
    assert Person.objects.get(applicant=dossier.applicant_id).phone == "0987654321"


def test_pages_of_officers(world: World, dossier: Dossier) -> None:
    row = at_counter(world)
    leader = world.client("tuan")
    assert row.code in leader.get("/privacy/").content.decode()
    assert row.code not in world.client("hoa").get("/privacy/").content.decode()
    page = leader.get(f"/privacy/{row.code}/").content.decode()
    assert "Đã nhận, đang làm" in page and NUMBER not in page
    assert world.client("binh").get(f"/privacy/{row.code}/").status_code == 404
    act = f"/privacy/{row.code}/act/"
    assert leader.post(act, {"act": "refuse", "key": "k"}).status_code == 422
    assert leader.post(act, {"act": "drop tables"}).status_code == 404
    assert leader.post(act, {"act": "finish", "answer": HOSTILE, "key": "k"}).status_code == 302
    assert leader.get(f"/privacy/{row.code}/copy.zip").status_code == 200
    assert "alert(1)" not in leader.get(f"/privacy/{row.code}/").content.decode().replace(
        "&lt;script&gt;alert(1)", ""
    )
    counter = world.client("minh")
    assert counter.get("/privacy/given/").status_code == 302
    written = counter.post(
        "/privacy/new/", {"kind": "see", "number": NUMBER, "card_seen": "on", "key": uuid4().hex}
    )
    assert written.status_code == 302 and written["Location"] == "/privacy/given/"
    for _time in range(2):  # going back or loading again sends nothing
        assert "Đưa hai mã này" in counter.get("/privacy/given/").content.decode()
    nobody = world.client("minh").post(
        "/privacy/new/", {"kind": "see", "number": "031185000099", "card_seen": "on"}
    )
    assert nobody.status_code == 422


def test_another_agency_sees_no_request_through_the_wall(world: World, dossier: Dossier) -> None:
    row = at_counter(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('motcua.scope', 'agencies', true), set_config('motcua.agencies', %s, true)",
            [f"{{{world.neighbour.pk}}}"],
        )
    assert not DataRequest.objects.filter(pk=row.pk).exists()
