"""A portal's way with a dossier: from the first token to the answer, with everything that may go wrong on it."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.base.files.tests import corpus
from motcua.dossiers import slips, who_read
from motcua.dossiers.models import AccessLog, Dossier, DossierFile
from motcua.dossiers.operations import decision, intake, processing, supplement
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import owner_task, take_in
from motcua.exchange.models import ClientDay, Incoming, Upload
from motcua.exchange.operations import clients, incoming
from motcua.exchange.tests.client_world import API, Caller, browser, register, submission
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql


def submitted(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("dossiers", submission(**values))
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def as_system() -> None:
    set_database_actor(SYSTEM)


def test_a_dossier_from_submission_to_the_answer(world: World, caller: Caller) -> None:
    """Files, submission, what the officer sees, a supplement asked for and answered, papers fetched, changes listed."""
    file = caller.upload()
    assert file.status_code == 201, file.content
    papers = [{"name": "Tờ khai", "uploads": [file.json()["id"]]}]
    sent = submitted(
        caller, papers=papers, external_code="G22.99-1",
        pressed_by={"kind": "officer", "name": "Trần Văn Hộ", "at": timezone.now().isoformat()},
    )  # fmt: skip
    assert (sent["status"], sent["channel"]) == (1, "online")
    assert sent["receipt"]["secret"] and sent["receipt"]["url"].startswith("http://localhost")
    as_system()
    dossier = Dossier.objects.get(code=sent["code"])
    assert dossier.home_agency == world.home
    assert dossier.answer_due_at is not None
    row = Incoming.objects.get(dossier=dossier)
    assert (row.pressed_by, row.pressed_name) == ("officer", "Trần Văn Hộ")
    assert DossierFile.objects.get(dossier=dossier).document is not None
    entry = Entry.objects.get(subject_id=str(dossier.pk), verb="came_in")
    assert (entry.actor_kind, entry.actor_name) == ("integration", caller.client.name)
    page = world.client("minh").get(f"/dossiers/{dossier.code}/").content.decode()
    assert "Trần Văn Hộ" in page and caller.client.name in page and "G22.99-1" in page

    as_system()
    at = timezone.now()
    items = [Missing("Giấy chứng sinh", "Chưa có")]
    minh = world.actor("minh")
    supplement.request_supplement(dossier_id=dossier.pk, actor=minh, at=at, key=uuid4().hex, items=items)
    asked = caller.get(f"dossiers/{dossier.code}").json()
    assert asked["status"] == 5 and asked["supplement"]["items"][0]["name"] == "Giấy chứng sinh"
    second = caller.upload(name="chung-sinh.pdf").json()["id"]
    body = {"papers": [{"name": "Giấy chứng sinh", "uploads": [second]}]}
    answered = caller.post(f"dossiers/{dossier.code}/supplement", body, key="supplement-1")
    assert answered.status_code == 200, answered.content.decode()
    assert answered.json()["status"] == 1 and answered.json()["supplement"] is None
    again = caller.post(f"dossiers/{dossier.code}/supplement", body, key="supplement-1")
    assert again.status_code == 200
    as_system()
    assert dossier.documents.count() == 2
    intake.accept(dossier_id=dossier.pk, actor=minh, at=timezone.now(), key=uuid4().hex)

    told = caller.get(f"dossiers/{dossier.code}/timeline").json()["items"]
    assert [one["verb"] for one in told] == ["submit", "request_supplement", "receive_supplement", "accept"]
    due = caller.get(f"dossiers/{dossier.code}/due").json()
    assert due["due_at"] and due["lines"][-1]["kind"] == "due"
    issued = caller.get(f"dossiers/{dossier.code}/papers").json()["items"]
    assert {one["form"] for one in issued} == {"supplement_request", "appointment_slip"}
    paper = browser().get(issued[-1]["url"], headers=caller.headers())
    assert paper.content.startswith(b"%PDF")
    files = caller.get(f"dossiers/{dossier.code}/files").json()["items"]
    assert [one["purpose"] for one in files] == ["document", "supplement"]
    content = browser().get(files[0]["url"], headers=caller.headers())
    assert b"".join(content.streaming_content).startswith(b"%PDF")
    assert "attachment" in content.headers["Content-Disposition"]
    as_system()
    readings = AccessLog.objects.filter(dossier=dossier, account_id=caller.client.account_id)
    assert readings.exclude(reason="").exists()

    late = caller.post(f"dossiers/{dossier.code}/supplement", body)
    assert (late.status_code, late.json()["code"]) == (422, "unknown_upload")
    done = caller.post(f"dossiers/{dossier.code}/withdraw", {"reason": "Đơn xin rút ngày 1/12"})
    assert done.json()["status"] == 7
    twice = caller.post(f"dossiers/{dossier.code}/withdraw", {"reason": "Đơn xin rút ngày 1/12"})
    assert (twice.status_code, twice.json()["code"]) == (409, "not_allowed_now")


def asked_for(world: World, code: str, *names: str) -> None:
    """Have the counter ask for papers."""
    as_system()
    dossier = Dossier.objects.get(code=code)
    supplement.request_supplement(
        dossier_id=dossier.pk, actor=world.actor("minh"), at=timezone.now(), key=uuid4().hex,
        items=[Missing(name, "Chưa có") for name in names],
    )  # fmt: skip


def test_a_supplement_answers_every_line(world: World, caller: Caller) -> None:
    """As the page for citizens: a file, a paper by post or a word for each line, by its number or its name."""
    code = submitted(caller)["code"]
    asked_for(world, code, "Giấy chứng sinh", "Sổ hộ khẩu", "Ảnh")
    lines = caller.get(f"dossiers/{code}").json()["supplement"]["items"]
    assert [(one["item"], one["name"]) for one in lines] == [
        (1, "Giấy chứng sinh"),
        (2, "Sổ hộ khẩu"),
        (3, "Ảnh"),
    ]
    file = caller.upload().json()["id"]
    whole = [
        {"name": "GIAY CHUNG SINH", "uploads": [file]}, {"item": 2, "note": "Đã bỏ sổ"}, {"item": 3, "originals": 2}
    ]  # fmt: skip
    for papers, said, pointer in (
        ([{"name": "abc", "required": 999999}], "bad_submission", "/papers/0/required"),
        ([{"name": "abc"}], "not_answered", "/papers/0"),
        ([{"item": 1}], "not_answered", "/papers/0"),
        ([{"item": 4, "note": "x"}], "unknown_item", "/papers/0/item"),
        (whole[:2], "not_answered", "/papers"),
        ([{"name": "Giấy khác", "note": "x"}, *whole[1:]], "not_answered", "/papers"),
    ):
        answer = caller.post(f"dossiers/{code}/supplement", {"papers": papers})
        assert (answer.status_code, answer.json()["code"]) == (422, said), (papers, answer.content.decode())
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert caller.get(f"dossiers/{code}").json()["status"] == 5
    answer = caller.post(
        f"dossiers/{code}/supplement", {"papers": [*whole, {"name": "Giấy khác", "note": "Gửi thêm"}]}
    )
    assert answer.status_code == 200, answer.content.decode()
    as_system()
    rows = Dossier.objects.get(code=code).documents.exclude(supplement_number=None).order_by("position")
    assert [(one.name, one.originals) for one in rows if one.supplement_number] == [
        ("GIAY CHUNG SINH", 0), ("Sổ hộ khẩu", 0), ("Ảnh", 2), ("Giấy khác", 0)
    ]  # fmt: skip


def test_two_lines_of_one_name_take_two_papers(world: World, caller: Caller) -> None:
    code = submitted(caller)["code"]
    asked_for(world, code, "Ảnh", "Ảnh")
    one = {"name": "Ảnh", "note": "Gửi sau"}
    assert caller.post(f"dossiers/{code}/supplement", {"papers": [one]}).json()["code"] == "not_answered"
    assert caller.post(f"dossiers/{code}/supplement", {"papers": [one, one]}).status_code == 200


def test_pages_uploaded_in_the_same_moment_go_into_one_dossier(caller: Caller) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        pages = [caller.upload().json()["id"] for _n in range(3)]
    submitted(caller, papers=[{"name": "Tờ khai", "uploads": pages}])


def test_the_same_request_twice_is_one_dossier(caller: Caller) -> None:
    body = submission(external_code="A1")
    first = caller.post("dossiers", body, key="lan-gui-0001")
    again = caller.post("dossiers", body, key='"lan-gui-0001"')
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["code"] == again.json()["code"]
    other = caller.post("dossiers", submission(external_code="A2"), key="lan-gui-0001")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    taken = caller.post("dossiers", body, key="lan-gui-0002")
    assert (taken.status_code, taken.json()["code"]) == (409, "external_code_taken")
    for key in ("", "ngắn", "x" * 61, "co dau cach 1"):
        bad = caller.post("dossiers", body, key=key.encode().decode("latin-1"))
        assert bad.status_code == 400, key


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"unknown": 1}, 422, "invalid", "/unknown"),
        ({"copies": "2"}, 422, "invalid", "/copies"),
        ({"posted_on": 20261129}, 422, "invalid", "/posted_on"),
        ({"posted_on": "1899-12-31"}, 422, "invalid", "/posted_on"),
        ({"pressed_by": {"kind": "applicant", "at": "0001-01-01T00:00:00+14:00"}}, 422, "invalid", "/pressed_by/at"),
        ({"applicant": {"kind": "person", "full_name": "An", "birth_date": "2026-02-30"}}, 422, "invalid",
         "/applicant/birth_date"),
        ({"contact_phone": "abc"}, 422, "bad_phone", "/contact_phone"),
        ({"contact_email": "a@b.vn\r\nBcc: c@d.vn"}, 422, "bad_email", "/contact_email"),
        ({"pressed_by": {"kind": "post", "name": "\u202e\u200b"}}, 422, "bad_submission", "/pressed_by/name"),
        ({"channel": "in_person"}, 422, "invalid", "/channel"),
        ({"procedure": "9.999999"}, 404, "not_found", None),
        ({"case": 2**31 - 1}, 422, "bad_submission", "/case"),
        ({"agency": "H24.13"}, 403, "not_your_agency", None),
        ({"agency": "H99.99"}, 404, "not_found", None),
        ({"pressed_by": {"kind": "post"}}, 422, "bad_submission", "/pressed_by/name"),
        ({"papers": [{"name": "x", "uploads": [str(uuid4())]}]}, 422, "unknown_upload", "/papers/0/uploads"),
        ({"papers": [{"name": " "}]}, 422, "bad_submission", "/papers/0/name"),
        ({"applicant": {"kind": "person", "full_name": "123"}}, 422, None, "/applicant/full_name"),
        ({"applicant": {"kind": "person", "full_name": "An", "personal_id": "12"}}, 422, None, "/applicant/personal_id"),
        ({"summary": "a\x00b"}, 400, "bad_text", None),
        ({"summary": "\ud800"}, 400, "bad_text", None),
        ({"represents": True}, 422, "bad_submission", "/submitter"),
        ({"result_channel": "post"}, 422, "bad_intake", "/return_address"),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_where(
    caller: Caller, change: dict[str, Any], status: int, code: str | None, pointer: str | None
) -> None:
    answer = caller.post("dossiers", json.dumps(submission(**change)))
    said = answer.json()
    assert answer.status_code == status, said
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert code is None or said["code"] == code, said
    assert pointer is None or pointer in [one["pointer"] for one in said["errors"]], said
    as_system()
    assert not Incoming.objects.exists()


def test_faults_speak_to_programs_in_words_of_their_own(caller: Caller) -> None:
    body = submission()
    body["papers"] = [{"required": "x"}] * 61
    del body["agency"]
    said = {
        one["pointer"]: one["detail"]
        for one in caller.post("dossiers", body | {"copies": 0, "la": 1}).json()["errors"]
    }
    assert said["/agency"] == "Thiếu mục này." and said["/la"] == "Không có mục tên này."
    assert said["/copies"] == "Nhỏ nhất là 1." and said["/papers"] == "Nhiều hơn 60 phần tử."
    assert caller.post("dossiers", []).json()["errors"][0]["pointer"] == ""
    assert caller.post("dossiers", submission(), key="lan-gui-0003").status_code == 201
    reused = caller.post("dossiers", submission(summary="Khác"), key="lan-gui-0003").json()
    assert reused["code"] == "key_reused" and "tải lại trang" not in reused["detail"].lower()
    wrong = caller.get("dossiers?cursor=x").json()["errors"][0]
    assert (wrong["parameter"], "pointer" in wrong) == ("cursor", False)


def test_what_people_read_holds_no_letters_that_hide_or_turn(caller: Caller) -> None:
    sent = submitted(
        caller, summary="Khai\u202e sinh\u200b", contact_phone="+84 912 345 678", contact_email="An@Vi-Du.vn",
        pressed_by={"kind": "officer", "name": "\u2066Trần\u2069 Văn\u200d Hộ"},
    )  # fmt: skip
    as_system()
    dossier = Dossier.objects.get(code=sent["code"])
    assert (dossier.summary, dossier.incoming.pressed_name) == ("Khai sinh", "Trần Văn Hộ")
    assert (dossier.contact_phone, dossier.contact_email) == ("0912345678", "an@vi-du.vn")


def test_what_is_kept_is_in_vietnamese_whoever_calls(caller: Caller) -> None:
    """History and the list of readings are read by officers and the applicant, not by the caller."""
    english = {"Accept-Language": "en"}
    file = caller.upload().json()["id"]
    body = submission(papers=[{"name": "Tờ khai", "uploads": [file]}])
    code = caller.post("dossiers", body, **english).json()["code"]
    assert caller.get(f"dossiers/{code}", **english).json()["status_words"]
    (one,) = caller.get(f"dossiers/{code}/files").json()["items"]
    browser().get(one["url"], headers=caller.headers(**english))
    as_system()
    dossier = Dossier.objects.get(code=code)
    assert set(Entry.objects.filter(subject_id=str(dossier.pk)).values_list("actor_title", flat=True)) == {
        "hệ thống kết nối"
    }
    reasons = set(AccessLog.objects.filter(dossier=dossier).values_list("reason", flat=True))
    whose = "Cổng dịch vụ công (thử) (Văn phòng)"
    assert reasons == {f"Xem hồ sơ cho {whose}", f"Lấy tệp cho {whose}"}
    read = who_read.of_slip(slips.of_token(dossier.token or ""))
    assert {row.why for row in read} == reasons and not any(row.unexplained for row in read)


def finished(world: World, code: str, channel: str = "electronic") -> None:
    """Have the office grant what was asked."""
    as_system()
    dossier = Dossier.objects.get(code=code)

    def act(verb: Any, name: str, **values: Any) -> None:
        verb(dossier_id=dossier.pk, actor=world.actor(name), at=timezone.now(), key=uuid4().hex, **values)

    act(intake.accept, "minh")
    act(processing.assign, "hoa", to_position=world.positions["hoa"])
    act(decision.propose, "hoa", kind="granted", content="Đủ điều kiện")
    if owner_task(dossier).role == "unit_head":
        act(decision.propose, "hoa", kind="granted")
    act(decision.approve, "tuan")
    act(decision.issue, "thu")
    Dossier.objects.filter(pk=dossier.pk).update(result_channel=channel)


def test_a_portal_says_that_the_result_was_handed_over(world: World, caller: Caller) -> None:
    code = submitted(caller)["code"]
    address, body = f"dossiers/{code}/result/received", {"received_by": "Phạm Thị Hương Giang"}
    early = caller.post(address, body)
    assert (early.status_code, early.json()["code"]) == (409, "not_allowed_now")
    finished(world, code)
    stranger = register(world, "he-thong-khac")
    assert stranger.post(address, body).status_code == 404
    ahead = {**body, "received_at": (timezone.now() + timedelta(hours=1)).isoformat()}
    assert caller.post(address, ahead).json()["code"] == "clock_ahead"
    before = {**body, "received_at": (timezone.now() - timedelta(days=1)).isoformat()}
    assert caller.post(address, before).json()["errors"][0]["pointer"] == "/received_at"
    assert caller.post(address, {"received_by": "\u200b"}).json()["errors"][0]["pointer"] == "/received_by"
    for _time in range(2):
        done = caller.post(address, body, key="da-trao-01")
        assert done.status_code == 200, done.content.decode()
        assert done.json()["status"] == 10 and done.json()["result"]["returned_at"]
    as_system()
    dossier = Dossier.objects.get(code=code)
    assert dossier.result.returned_to == "Phạm Thị Hương Giang"
    entry = Entry.objects.get(subject_id=str(dossier.pk), verb="result_received")
    assert entry.account_id == caller.client.account_id
    page = world.client("minh").get(f"/dossiers/{code}/").content.decode()
    assert "Báo đã trao kết quả cho Phạm Thị Hương Giang" in page
    assert caller.post(address, body).json()["code"] == "not_allowed_now"


def test_a_result_that_is_fetched_is_not_handed_over_by_a_portal(world: World, caller: Caller) -> None:
    code = submitted(caller)["code"]
    finished(world, code, "counter")
    answer = caller.post(f"dossiers/{code}/result/received", {"received_by": "Ai đó"})
    assert answer.json()["code"] == "not_allowed_now"


def test_parts_of_other_agencies_are_not_in_the_list(world: World, caller: Caller) -> None:
    whole, part = submitted(caller)["code"], submitted(caller)["code"]
    as_system()
    Dossier.objects.filter(code=part).update(parent=Dossier.objects.get(code=whole))
    assert [one["code"] for one in caller.get("dossiers").json()["items"]] == [whole]
    assert caller.get(f"dossiers/{part}").status_code == 200


def test_a_clock_that_is_ahead_is_told(caller: Caller) -> None:
    ahead = {"kind": "applicant", "at": (timezone.now() + timedelta(minutes=9)).isoformat()}
    answer = caller.post("dossiers", submission(pressed_by=ahead))
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_ahead")
    near = {"kind": "applicant", "at": (timezone.now() + timedelta(minutes=4)).isoformat()}
    assert caller.post("dossiers", submission(pressed_by=near)).status_code == 201
    local = {"kind": "applicant", "at": "2026-11-29T09:00:00"}  # whose time?
    assert caller.post("dossiers", submission(pressed_by=local)).status_code == 422


def test_a_number_under_another_name_does_not_tell_whose_it_is(caller: Caller) -> None:
    submitted(caller)
    other = submission()["applicant"] | {"full_name": "Lê Văn Khác"}
    answer = caller.post("dossiers", submission(applicant=other))
    assert (answer.status_code, answer.json()["code"]) == (409, "other_name")
    assert "Hương Giang" not in answer.content.decode()


def test_another_agencys_dossier_is_as_none(world: World, caller: Caller) -> None:
    stranger = register(world, "he-thong-khac", agencies=(world.neighbour.pk,))
    mine = submitted(caller)["code"]
    nothing = mine[:-4] + "9999"
    for path in ("", "/timeline", "/due", "/papers", "/files", f"/files/{uuid4()}"):
        hidden, missing = stranger.get(f"dossiers/{mine}{path}"), stranger.get(f"dossiers/{nothing}{path}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
    refused = stranger.post(f"dossiers/{mine}/withdraw", {"reason": "x"})
    assert refused.status_code == 404
    assert stranger.get("dossiers").json()["items"] == []


def test_what_others_sent_is_read_but_not_moved(world: World, caller: Caller) -> None:
    """A dossier of the counter: seen by whom may see all, moved by none but the counter."""
    as_system()
    at_counter = take_in(world, at=timezone.now())
    narrow = register(world, "chi-cua-minh", only_own=True)
    assert caller.get(f"dossiers/{at_counter.code}").json()["status"] >= 2
    assert caller.post(f"dossiers/{at_counter.code}/withdraw", {"reason": "x"}).status_code == 404
    assert narrow.get(f"dossiers/{at_counter.code}").status_code == 404
    own = submitted(narrow)["code"]
    assert narrow.get(f"dossiers/{own}").status_code == 200
    assert [one["code"] for one in narrow.get("dossiers").json()["items"]] == [own]


def test_a_list_goes_on_where_it_stopped(caller: Caller) -> None:
    codes = [submitted(caller)["code"] for _n in range(3)]
    first = caller.get("dossiers?limit=2").json()
    rest = caller.get(f"dossiers?limit=2&cursor={first['next']}").json()
    assert [one["code"] for one in [*first["items"], *rest["items"]]] == codes
    assert rest["next"] is None
    for cursor in ("nonsense", "AAAA", "%FF", "MjAyNnwx"):
        assert caller.get(f"dossiers?cursor={cursor}").status_code == 422


def test_an_upload_is_used_once_by_its_own_client(world: World, caller: Caller) -> None:
    number = caller.upload().json()["id"]
    papers = [{"name": "Tờ khai", "uploads": [number]}]
    other = register(world, "he-thong-khac")
    assert other.post("dossiers", submission(papers=papers)).json()["code"] == "unknown_upload"
    twice = [{"name": "Tờ khai", "uploads": [number, number]}]
    assert caller.post("dossiers", submission(papers=twice)).json()["code"] == "unknown_upload"
    submitted(caller, papers=papers)
    assert caller.post("dossiers", submission(papers=papers)).json()["code"] == "unknown_upload"
    for content, name in ((b"MZ\x90\x00", "x.exe"), (b"", "rong.pdf"), (corpus.jpeg(), "anh.pdf")):
        assert caller.upload(content, name).status_code == 422
    waits = caller.upload().json()["id"]
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert incoming.sweep_uploads(at=timezone.now()) == 1
    assert not Upload.objects.filter(pk=waits).exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ('{"a": NaN}', "application/json", 400),
        ('{"a": 1, "a": 2}', "application/json", 400),
        ("[" * 500, "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("[]", "application/json", 422),
        ("{}", "text/plain", 415),
        ("a=1", "application/x-www-form-urlencoded", 415),
        ("x" * 1_100_000, "application/json", 413),
    ],
)
def test_bodies_that_are_none(caller: Caller, body: str, kind: str, status: int) -> None:
    answer = browser().post(f"{API}dossiers", body, content_type=kind, headers=caller.headers("khoa-thu-1"))
    assert answer.status_code == status, answer.content[:300]
    assert answer.json()["status"] == status


def test_wrong_doors_answer_as_errors(caller: Caller) -> None:
    wrong = browser().put(f"{API}dossiers", "{}", content_type="application/json", headers=caller.headers())
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in wrong.headers["Allow"]
    nothing = browser().get(f"{API}khong-co")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "no_such_path")
    english = browser().get(f"{API}khong-co", headers={"Accept-Language": "en-GB, vi;q=0.5"}).json()
    assert english["title"] == "Not found" and nothing.json()["title"] == "Không tìm thấy"
    assert browser().get(f"{API}procedures/%00", headers=caller.headers()).status_code == 400
    for path in ("/api/", "/api/v2/dossiers"):
        other = browser().get(path)
        assert (other.status_code, other.headers["Content-Type"]) == (404, "application/problem+json"), path


def test_what_an_address_does_not_know_is_refused(caller: Caller) -> None:
    for query, name in (("state=5", "state"), ("status=5&status=6", "status"), ("limit=1&x=", "x")):
        answer = caller.get(f"dossiers?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, name)
    wrong = caller.get("procedures?cursor=xx")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_cursor")
    page = caller.get("procedures?limit=1").json()
    assert caller.get(f"procedures?limit=1&cursor={page['next']}").json()["items"] != page["items"]
    for query, side in (
        ("since=1999-01-01&until=2026-01-01", "since"), ("since=2026-02-01&until=2026-01-01", "until"),
        ("since=2024-01-01&until=2026-01-01", "until"),
    ):  # fmt: skip
        assert caller.get(f"statistics?{query}").json()["errors"][0]["parameter"] == side


def test_the_head_of_an_answer_comes_alone(caller: Caller) -> None:
    whole = caller.get("procedures?limit=1")
    head = browser().head(f"{API}procedures?limit=1", headers=caller.headers())
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert browser().head(f"{API}procedures").status_code == 401
    wrong = browser().head(f"{API}uploads", headers=caller.headers())
    assert wrong.status_code == 405
    wrong = browser().put(f"{API}procedures", headers=caller.headers())
    assert wrong.headers["Allow"] == "GET, HEAD"


def test_the_catalogue_is_found_and_read(caller: Caller) -> None:
    found = caller.get("procedures?q=khai sinh&limit=2").json()
    assert found["items"] and len(found["items"]) <= 2
    one = caller.get("procedures/1.001193").json()
    assert one["agencies"] == ["H24.12"]
    assert one["cases"][0]["papers"] and one["cases"][0]["channels"]
    asked = one["cases"][0]["papers"][0]
    case = one["cases"][0]["id"]
    sent = caller.post("dossiers", submission(case=case, papers=[{"required": asked["id"]}]))
    assert sent.status_code == 201, sent.content.decode()
    as_system()
    paper = Dossier.objects.get(code=sent.json()["code"]).documents.get()
    assert paper.name == asked["name"] and paper.required_id == asked["id"]
    figures = caller.get("statistics?since=2026-01-01&until=2026-12-31").json()["items"]
    assert figures == [] or figures[0]["online"] >= 0
    assert caller.get("statistics?since=2026-12-31&until=2026-01-01").status_code == 422


def test_an_organization_applies_through_somebody(caller: Caller) -> None:
    company = {"kind": "organization", "name": "Công ty TNHH Mẫu", "tax_code": "0100112437"}
    somebody = {"kind": "person", "full_name": "Trần Thị Đại", "no_paper_reason": "Thử"}
    sent = submitted(
        caller, applicant=company, submitter=somebody, represents=True, authority="Giấy ủy quyền 01/2026"
    )
    assert sent["applicant_name"] == "Công ty TNHH Mẫu"
    as_system()
    row = Dossier.objects.get(code=sent["code"])
    assert row.representative_id == row.submitter_id != row.applicant_id


# ── The door


def test_tokens_hold_for_a_quarter_of_an_hour_and_end_with_their_client(world: World, caller: Caller) -> None:
    given = caller.get_token(scope="catalogue:read").json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 900, "catalogue:read")
    caller.token = given["access_token"]
    assert caller.get("procedures").status_code == 200
    narrow = caller.get("dossiers")
    assert (narrow.status_code, narrow.json()["code"]) == (403, "no_scope")
    assert 'error="insufficient_scope"' in narrow.headers["WWW-Authenticate"]
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        late = caller.get("procedures")
        assert (late.status_code, late.json()["code"]) == (401, "invalid_token")
    clients.revoke(client_id=caller.client.pk, reason="Lộ khóa", actor=SYSTEM, at=timezone.now())
    assert caller.get("procedures").status_code == 401
    assert caller.get_token().json()["error"] == "invalid_client"


def test_a_secret_is_changed_with_an_overlap(caller: Caller) -> None:
    now = timezone.now()
    values = {"client_id": caller.client.pk, "actor": SYSTEM, "at": now}
    _row, fresh = clients.new_secret(keep_hours=24, key="k1", **values)
    assert clients.new_secret(keep_hours=24, key="k1", **values)[1] == ""  # it was shown
    assert caller.get_token().status_code == 200
    assert Caller(caller.client, fresh).get_token().status_code == 200
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        assert caller.get_token().status_code == 401
        assert Caller(caller.client, fresh).get_token().status_code == 200
    caller.headers()
    clients.end_old_secrets(client_id=caller.client.pk, actor=SYSTEM, at=timezone.now())
    assert caller.get("procedures").status_code == 401
    assert Caller(caller.client, fresh).get("procedures").status_code == 200


def test_a_client_ends_after_its_day_and_comes_only_from_its_network(world: World) -> None:
    there = register(world, "tu-mot-noi", addresses=("203.0.113.0/24", "2001:db8::/48"))
    assert there.get_token().status_code == 401
    near = Browser(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9")
    form = f"grant_type=client_credentials&client_id=tu-mot-noi&client_secret={there.secret}"
    kind = "application/x-www-form-urlencoded"
    given = near.post(f"{API}token", form, content_type=kind)
    assert given.status_code == 200
    there.token = given.json()["access_token"]
    far = there.get("procedures")
    assert (far.status_code, far.json()["code"]) == (403, "address_not_allowed")
    six = Browser(HTTP_HOST="localhost", REMOTE_ADDR="2001:db8::77")
    assert six.get(f"{API}procedures", headers=there.headers()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=101), tick=False):
        assert near.post(f"{API}token", form, content_type=kind).status_code == 401


def test_too_many_calls_wait_for_the_next_minute(world: World) -> None:
    slow = register(world, "cham", per_minute=3)
    with time_machine.travel(timezone.now().replace(second=30, microsecond=0), tick=False):
        answers = [slow.get("procedures?limit=1") for _n in range(4)]  # and one for the token
        assert [one.status_code for one in answers] == [200, 200, 429, 429]
        assert (
            answers[0].headers["RateLimit-Limit"] == "3" and answers[0].headers["RateLimit-Remaining"] == "1"
        )
        assert answers[2].headers["Retry-After"] == "30"
        start = timezone.now()
    with time_machine.travel(start + timedelta(seconds=31), tick=False):
        assert slow.get("procedures?limit=1").status_code == 200
    day = ClientDay.objects.get(client=slow.client)
    assert (day.calls, day.refused) == (6, 2)


def test_tokens_are_given_no_faster_than_calls_are_taken(world: World, db: None) -> None:
    slow = register(world, "cham", per_minute=2)
    with time_machine.travel(timezone.now().replace(second=30, microsecond=0), tick=False):
        answers = [slow.get_token() for _n in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert (answers[2].json()["error"], answers[2].headers["Retry-After"]) == ("too_many_requests", "30")


def asked_from(address: str, client: str, secret: str) -> int:
    form = f"grant_type=client_credentials&client_id={client}&client_secret={secret}"
    kind = "application/x-www-form-urlencoded"
    return (
        Browser(HTTP_HOST="localhost", REMOTE_ADDR=address)
        .post(f"{API}token", form, content_type=kind)
        .status_code
    )


def test_a_stranger_shuts_nobody_out(world: World, caller: Caller) -> None:
    """Wrong secrets from elsewhere slow down new addresses alone; none of where the client may not come from counts."""
    assert asked_from("203.0.113.9", caller.client.system, caller.secret) == 200
    fixed = register(world, "tu-mot-noi", addresses=("203.0.113.0/24",))
    for name in (caller.client.system, "tu-mot-noi"):
        wrong = [asked_from(f"198.51.100.{n}", name, "mcs_x") for n in range(30)]
        assert wrong[0] == 401 and wrong[-1] == 429
    assert asked_from("203.0.113.9", caller.client.system, caller.secret) == 200
    assert asked_from("203.0.113.77", "tu-mot-noi", fixed.secret) == 200


def test_guessing_secrets_is_slowed_down_and_told_alike(caller: Caller) -> None:
    wrong = [Caller(caller.client, f"mcs_{n}").get_token() for n in range(7)]
    assert [one.status_code for one in wrong][:5] == [401] * 5
    assert wrong[-1].status_code == 429 and int(wrong[-1].headers["Retry-After"]) > 0
    assert caller.get_token().status_code == 429  # this pair of name and address waits
    caller.client.system = "khong-co"
    assert caller.get_token().json() == wrong[0].json()


def test_token_requests_that_are_none(caller: Caller) -> None:
    assert caller.get_token(grant_type="password").json()["error"] == "unsupported_grant_type"
    strange = caller.get_token(scope="catalogue:read everything").json()
    assert strange["error"] == "invalid_scope" and strange["detail"].endswith(": everything.")
    assert re.fullmatch(r"[ !#-\[\]-~]+", strange["error_description"])  # RFC 6749 §5.2
    nothing = caller.get_token(client_id="a%00b")
    assert (nothing.status_code, nothing.json()["error"]) == (400, "invalid_request")
    post = browser().post
    assert post(f"{API}token", "{}", content_type="application/json").json()["error"] == "invalid_request"
    kind = "application/x-www-form-urlencoded"
    twice = post(f"{API}token", "grant_type=client_credentials&grant_type=x", content_type=kind)
    assert twice.json()["error"] == "invalid_request"
    for basic in ("Basic !!!", "Basic ", "Basic //79"):
        bad = post(
            f"{API}token",
            "grant_type=client_credentials",
            content_type=kind,
            headers={"Authorization": basic},
        )
        assert bad.status_code == 401
    for header in ("Bearer", "Bearer x", "Basic eDp5", f"Bearer {'x' * 5000}", "Bearer é"):
        assert browser().get(f"{API}procedures", headers={"Authorization": header}).status_code == 401
