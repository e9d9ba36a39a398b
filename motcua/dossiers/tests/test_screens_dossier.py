"""One dossier's page: only what may be done now, refusals in place, reading noted, numbers hidden."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import offers, reading
from motcua.dossiers.forms.actions import FORMS
from motcua.dossiers.models import AccessLog, Consultation, Dossier, Paper, Result, Task
from motcua.dossiers.operations import consultation, ending, processing, supplement
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, take_in
from motcua.lib.actor import Actor

pytestmark = pytest.mark.sql


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    """Each test in a transaction of its own."""


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def dossier(world: World, now: datetime) -> Dossier:
    return take_in(world, at=now - timedelta(hours=2))


def url(dossier: Dossier, rest: str = "") -> str:
    return f"/dossiers/{dossier.code}/{rest}"


def offered(world: World, name: str, dossier: Dossier) -> list[str]:
    page = world.client(name).get(url(dossier)).content.decode()
    return re.findall(r'data-act="(\w+)"', page)


def hidden(client: Client, dossier: Dossier, verb: str) -> dict[str, str]:
    """The version seen and the key, as the form carries them."""
    page = client.get(url(dossier, f"do/{verb}/")).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("seen", "key")}  # type: ignore[index]


def post(world: World, who: str, dossier: Dossier, verb: str, **data: Any) -> Any:
    client = world.client(who)
    return client.post(url(dossier, f"do/{verb}/"), {**hidden(client, dossier, verb), **data})


def to_appraisal(world: World, dossier: Dossier, now: datetime) -> None:
    processing.assign(**common(world, "hoa", dossier, now), to_position=world.positions["hoa"])


# ── What is offered


def test_each_officer_is_offered_only_what_is_theirs_now(
    world: World, dossier: Dossier, now: datetime
) -> None:
    assert offered(world, "hoa", dossier)[0] == "assign"
    assert offered(world, "mai", dossier) == []
    assert offered(world, "thu", dossier) == []
    assert "withdraw" in offered(world, "minh", dossier)
    assert {"extend", "stop"} <= set(offered(world, "tuan", dossier))
    to_appraisal(world, dossier, now)
    mine = offered(world, "hoa", dossier)
    assert mine[0] == "propose"
    assert {"request_supplement", "consult", "send_back", "suspend"} <= set(mine)
    assert not {"approve", "issue", "return_result", "accept"} & set(mine)


def test_every_verb_with_a_form_has_a_key_and_no_two_share_one() -> None:
    assert set(FORMS) == set(offers.KEYS)
    assert len(set(offers.KEYS.values())) == len(offers.KEYS)
    assert not {"J", "K"} & set(offers.KEYS.values())  # these move along lists


def test_what_is_offered_can_be_opened(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    for name in ("minh", "hoa", "tuan"):
        for verb in offered(world, name, dossier):
            answer = world.client(name).get(url(dossier, f"do/{verb}/"))
            assert answer.status_code == 200, (name, verb)
            partial = world.client(name).get(url(dossier, f"do/{verb}/"), headers={"HX-Request": "true"})
            assert partial.content.lstrip().startswith(b"<form"), (name, verb)


def test_what_is_not_offered_leads_back_with_the_reason(world: World, dossier: Dossier) -> None:
    answer = world.client("hoa").get(url(dossier, "do/approve/"), follow=True)
    assert "không làm được lúc này" in answer.content.decode()
    assert world.client("hoa").get(url(dossier, "do/nonsense/")).status_code == 404


def test_two_opinions_asked_of_one_desk_are_two_buttons_each_with_its_question(
    world: World, dossier: Dossier, now: datetime
) -> None:
    to_appraisal(world, dossier, now)
    unit = Task.objects.filter(dossier=dossier, role="receiver")[0].unit_id
    questions = ("Có hồ sơ trước của người này không?", "Bản sao khai sinh có đúng sổ gốc không?")
    for question in questions:
        consultation.consult(**common(world, "hoa", dossier, unit_id=unit, question=question))
    client = world.client("minh")
    page = client.get(url(dossier)).content.decode()
    buttons = re.findall(r'href="([^"]+answer/\?step=\d+)" data-act="(answer-\d+)"[^>]*>([^<]+)', page)
    assert [text.strip() for _href, _name, text in buttons] == [f"Trả lời ý kiến: {one}" for one in questions]
    assert page.count('data-key="Y"') == 1
    second = buttons[1][0]
    form = client.get(second).content.decode().split('id="act"')[1].split("</form>")[0]
    assert questions[1] in form and questions[0] not in form
    typed = {**hidden(client, dossier, "answer"), "agrees": "yes", "opinion": "Đúng sổ gốc."}
    assert client.post(second, typed).status_code == 302
    asked = Consultation.objects.filter(dossier=dossier).order_by("pk")
    assert [(one.question, one.opinion) for one in asked] == [
        (questions[0], ""),
        (questions[1], "Đúng sổ gốc."),
    ]
    late = client.post(second, {**typed, "key": "again", "opinion": "Gửi lần nữa."})
    assert late.status_code == 409 and "Gửi lần nữa." in late.content.decode()
    assert offered(world, "minh", dossier)[0] == "answer"  # one is left: it needs no more than its verb


def test_an_opinion_beside_a_step_of_ones_own_has_its_button_and_ends_alone(
    world: World, dossier: Dossier, now: datetime
) -> None:
    """Hoa drafts the result and is asked, too: the question's button names its step, the other ends nothing of it."""
    to_appraisal(world, dossier, now)
    unit = Task.objects.filter(dossier=dossier, role="receiver")[0].unit_id
    consultation.consult(**common(world, "hoa", dossier, unit_id=unit, question="Đã đủ chưa?"))
    asked = Task.objects.get(dossier=dossier, completed_by="answer", ended_at=None)
    own = Task.objects.get(dossier=dossier, is_owner=True, ended_at=None)
    Task.objects.filter(pk=asked.pk).update(unit_id=own.unit_id, position_id=world.positions["hoa"])
    client = world.client("hoa")
    page = client.get(url(dossier)).content.decode()
    assert f'do/answer/?step={asked.number}" data-act="answer-{asked.number}" data-key="Y"' in page
    assert "propose" in offered(world, "hoa", dossier)
    typed = {**hidden(client, dossier, "answer"), "agrees": "yes", "opinion": "Đủ."}
    assert client.post(url(dossier, f"do/answer/?step={asked.number}"), typed).status_code == 302
    asked.refresh_from_db()
    own.refresh_from_db()
    assert asked.ended_at is not None and own.ended_at is None


def test_what_is_done_in_anothers_place_beside_ones_own_has_an_address_of_its_own() -> None:
    actors = [Actor(kind="officer", account_id=1, position_id=place) for place in (1, 2)]
    mine, theirs = (
        offers.Offer("forward", "Chuyển bước", "C", "primary", Task(number=place, step_name=f"Bước {place}"))
        for place in (4, 7)
    )
    first, second = offers.with_others([mine], [[theirs]], (actors[1],))
    assert (first.name, first.key, first.actor) == ("forward", "C", None)
    assert (second.name, second.key, second.kind, second.actor) == ("forward-7", "", "secondary", actors[1])
    assert "Bước 7" in second.label


# ── Doing it


def test_the_whole_way_through_the_forms(world: World, dossier: Dossier) -> None:
    assert post(world, "hoa", dossier, "assign", to_position=world.positions["hoa"]).status_code == 302
    way = {"choice": "Trình kết quả", "kind": "granted", "content": "Đủ điều kiện."}
    assert post(world, "hoa", dossier, "propose", **way).status_code == 302
    assert post(world, "hoa", dossier, "propose", kind="granted", content="Đồng ý.").status_code == 302
    assert post(world, "tuan", dossier, "approve", note="").status_code == 302
    assert post(world, "thu", dossier, "issue", number="12/GP").status_code == 302
    done = post(
        world,
        "mai",
        dossier,
        "return_result",
        returned_to="Phạm Thị Lan",
        paper="Căn cước",
        channel="counter",
    )
    assert done.status_code == 302
    dossier.refresh_from_db()
    assert (dossier.status, dossier.sub_status) == (10, "granted")
    assert Result.objects.get(dossier=dossier).number == "12/GP"
    page = world.client("mai").get(url(dossier)).content.decode()
    assert "Trả kết quả: tại quầy" in page
    assert "Phát hành số 12/GP" in page


def test_the_same_form_twice_is_saved_once(world: World, dossier: Dossier) -> None:
    client = world.client("hoa")
    data = {**hidden(client, dossier, "assign"), "to_position": world.positions["hoa"]}
    first = client.post(url(dossier, "do/assign/"), data)
    again = client.post(url(dossier, "do/assign/"), data, follow=True)
    assert first.status_code == 302
    assert "đã được lưu từ lần bấm trước" in again.content.decode()
    assert Task.objects.filter(dossier=dossier, ended_by="assign").count() == 1


def test_a_refusal_comes_back_in_place_with_the_text(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    answer = post(
        world, "hoa", dossier, "propose", choice="Trình kết quả", kind="refused", name="Công văn", content=""
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Từ chối giải quyết phải nêu rõ lý do" in page
    assert 'value="Công văn"' in page
    assert not Result.objects.filter(dossier=dossier).exists()


def test_an_older_screen_is_refused_and_may_send_again(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    client = world.client("hoa")
    old = hidden(client, dossier, "suspend")
    Dossier.objects.filter(pk=dossier.pk).update(version=dossier.version + 5)
    answer = client.post(url(dossier, "do/suspend/"), {**old, "reason": "Chờ giám định"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "chưa có gì bị ghi đè" in page
    assert "Chờ giám định" in page
    fresh = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("seen", "key")}  # type: ignore[index]
    assert fresh["key"] != old["key"]
    assert client.post(url(dossier, "do/suspend/"), {**fresh, "reason": "Chờ giám định"}).status_code == 302


def test_text_of_a_form_that_is_gone_is_shown_to_be_copied(
    world: World, dossier: Dossier, now: datetime
) -> None:
    client = world.client("hoa")
    data = {**hidden(client, dossier, "assign"), "to_position": world.positions["hoa"], "note": "Ghi chú dài"}
    Task.objects.filter(dossier=dossier, ended_at=None).update(unit_id=_unit(world, "tuan"))
    answer = client.post(url(dossier, "do/assign/"), data)
    assert answer.status_code == 409
    said = answer.content.decode().partition("để chép lại:")[2].partition("</dl>")[0]
    assert "<dt>Ghi chú cho người nhận</dt><dd>Ghi chú dài</dd>" in said
    assert "<dt>Giao cho</dt>" in said and "to_position" not in said


def test_who_comes_second_reads_who_was_first_and_every_tick(
    world: World, dossier: Dossier, now: datetime
) -> None:
    to_appraisal(world, dossier, now)
    client = world.client("hoa")
    shown = client.get(url(dossier, "do/request_supplement/")).content.decode()
    name = re.search(r'name="paper0"[^>]*>\s*<label[^>]*>([^<]+)', shown)
    assert name is not None
    mine = {
        **hidden(client, dossier, "request_supplement"), "paper0": "on", "paper0_reason": "Mờ",
        "name1": "Sổ", "reason1": "Thiếu",
    }  # fmt: skip
    ending.withdraw(**common(world, "minh", dossier, now, reason="Người nộp xin rút"))
    answer = client.post(url(dossier, "do/request_supplement/"), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    first = world.accounts["minh"].full_name
    assert re.search(rf"{first}[^<]* đã làm lúc \d\d:\d\d [^<]*: Rút hồ sơ", page)
    said = page.partition("để chép lại:")[2].partition("</dl>")[0]
    assert f"<dt>{name[1].strip()}</dt><dd>đã đánh dấu</dd>" in said
    for text in ("<dd>Mờ</dd>", "<dt>Giấy tờ khác 1</dt><dd>Sổ</dd>", "<dt>Lý do 1</dt><dd>Thiếu</dd>"):
        assert text in said
    assert "paper0" not in said and "name1" not in said


@pytest.mark.parametrize("verb", sorted(FORMS))
def test_every_act_that_comes_too_late_is_told_in_words(
    world: World, dossier: Dossier, now: datetime, verb: str
) -> None:
    ending.withdraw(**common(world, "minh", dossier, now, reason="Người nộp xin rút"))
    for who in ("minh", "hoa", "tuan"):
        sent = {"key": f"late-{who}", "seen": "1", "reason": "Lời đã viết", "note": "Lời đã viết"}
        answer = world.client(who).post(url(dossier, f"do/{verb}/"), sent)
        assert answer.status_code in {403, 409, 422}, (verb, who)
    asked = set(FORMS[verb].base_fields) & {"reason", "note"}
    if asked and answer.status_code == 409:
        assert "Lời đã viết" in answer.content.decode()


def _unit(world: World, name: str) -> int:
    unit = world.actor(name).unit_id
    assert unit is not None
    return unit


def test_missing_papers_are_asked_for_all_at_once(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    refused = post(world, "hoa", dossier, "request_supplement", paper0="on")
    assert refused.status_code == 422
    assert "Ghi rõ thiếu hoặc sai gì" in refused.content.decode()
    rows = {"paper0": "on", "paper0_reason": "Mờ, không đọc được", "name1": "Bản vẽ", "reason1": "Chưa có"}
    assert post(world, "hoa", dossier, "request_supplement", **rows).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == 5
    names = [item["name"] for item in dossier.supplements.get().items]
    assert names == ["Đơn đề nghị", "Bản vẽ"]
    assert "request_supplement" not in offered(world, "hoa", dossier)
    got = post(world, "minh", dossier, "receive_supplement", item0="original", item1="copy")
    assert got.status_code == 302
    dossier.refresh_from_db()
    assert dossier.paused_at is None


@pytest.mark.parametrize("number", ["031088000123", "031123456", "0912 345 678", "+84912345678"])
def test_a_number_of_a_person_is_refused_in_what_the_citizen_reads(
    world: World, dossier: Dossier, number: str
) -> None:
    reason = f"Chờ xác minh của ông Bình ({number})"
    answer = post(world, "tuan", dossier, "extend", new_day="04/01/2027", reason=reason)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Bỏ “{number}” rồi gửi lại." in page and "Người dân đọc nguyên văn ở trang tra cứu" in page
    dossier.refresh_from_db()
    assert dossier.extended_at is None and not Paper.objects.filter(dossier=dossier, form="apology").exists()


def test_a_day_off_is_refused_as_a_new_date(world: World, dossier: Dossier) -> None:
    answer = post(world, "tuan", dossier, "extend", new_day="3/1/2027", reason="Cần thẩm tra thêm")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ngày làm việc gần nhất: 04/01/2027" in page
    assert (
        post(world, "tuan", dossier, "extend", new_day="04/01/2027", reason="Cần thẩm tra").status_code == 302
    )
    dossier.refresh_from_db()
    assert timezone.localtime(dossier.due_at).strftime("%H:%M %d/%m/%Y") == "17:00 04/01/2027"
    assert Paper.objects.filter(dossier=dossier, form="apology").exists()
    assert "extend" not in offered(world, "tuan", dossier)


# ── Who sees what


def test_another_agency_gets_the_same_answer_as_a_wrong_code(world: World, dossier: Dossier) -> None:
    client = world.client("binh")
    paper = Paper.objects.filter(dossier=dossier).first()
    assert paper is not None
    paths = [
        "",
        "due/",
        "peek/",
        "workflow/",
        "do/assign/",
        f"papers/{paper.pk}.pdf",
        "control-sheet.pdf",
        "reveal/",
    ]
    assert {client.get(url(dossier, path)).status_code for path in paths} == {404}
    strange = Dossier(code="H24.12-260706-7777")
    hidden_one, no_one = (
        # Form tokens differ on every request by design.
        re.sub(
            r'(csrf-?token|csrfmiddlewaretoken)(" \w+=)"\w{64}"',
            r"\1\2",
            client.get(url(one)).content.decode(),
        ).replace(one.code, "")
        for one in (dossier, strange)
    )
    assert hidden_one == no_one
    assert not AccessLog.objects.filter(account_id=world.accounts["binh"].pk).exists()


def test_reading_is_noted_once_in_ten_minutes(world: World, dossier: Dossier) -> None:
    client = world.client("thu")
    for _time in range(3):
        client.get(url(dossier))
    mine = AccessLog.objects.filter(dossier=dossier, account_id=world.accounts["thu"].pk)
    assert mine.count() == 1
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("delete from dossiers_accesslog")


def test_numbers_are_hidden_until_a_reason_is_given(world: World, dossier: Dossier) -> None:
    client = world.client("hoa")
    page = client.get(url(dossier)).content.decode()
    assert "031185000017" not in page
    assert "0912345678" not in page
    assert "031••••••017" in page
    assert client.post(url(dossier, "reveal/"), {"reason": " "}).status_code == 200
    assert not AccessLog.objects.exclude(reason="").exists()
    shown = client.post(url(dossier, "reveal/"), {"reason": "Gọi xác minh địa chỉ"}).content.decode()
    assert "031185000017" in shown
    assert (
        AccessLog.objects.get(dossier=dossier, reason="Gọi xác minh địa chỉ").account_id
        == world.accounts["hoa"].pk
    )
    assert "031185000017" not in client.get(url(dossier)).content.decode()


def test_a_page_costs_the_same_however_much_has_happened(
    world: World, dossier: Dossier, now: datetime
) -> None:
    client = world.client("hoa")
    client.get(url(dossier))
    with CaptureQueriesContext(connection) as few:
        client.get(url(dossier))
    to_appraisal(world, dossier, now)
    for number in range(8):
        minute = now + timedelta(minutes=number)
        processing.send_back(**common(world, "hoa", dossier, minute), to_step="assign", reason="Xem lại")
        to_appraisal(world, dossier, minute)
    client.get(url(dossier))
    with CaptureQueriesContext(connection) as lots:
        client.get(url(dossier))
    assert len(lots) <= len(few) + 1  # the names of those it was given to: one query for all


# ── Papers


def test_a_reprint_is_counted_and_says_so(world: World, dossier: Dossier) -> None:
    client = world.client("minh")
    paper = Paper.objects.get(dossier=dossier, form="appointment_slip")
    first = client.get(url(dossier, f"papers/{paper.pk}.pdf"))
    assert first.headers["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in first.headers["Content-Security-Policy"]
    assert client.get(url(dossier, f"papers/{paper.pk}/reprint/")).status_code == 405
    page = client.post(url(dossier, f"papers/{paper.pk}/reprint/"), follow=True).content.decode()
    assert 'data-print="now"' in page
    assert 'data-print="now"' not in client.get(url(dossier)).content.decode()
    paper.refresh_from_db()
    assert paper.reprints == 1
    again = client.get(url(dossier, f"papers/{paper.pk}.pdf"))
    assert again.content != first.content
    assert "In lại Giấy tiếp nhận" in page


def test_a_paper_of_another_dossier_is_not_found(world: World, dossier: Dossier, now: datetime) -> None:
    other = take_in(world, at=now - timedelta(hours=1))
    paper = Paper.objects.filter(dossier=other).first()
    assert paper is not None
    assert world.client("minh").get(url(dossier, f"papers/{paper.pk}.pdf")).status_code == 404


def test_the_control_sheet_is_a_pdf(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    answer = world.client("hoa").get(url(dossier, "control-sheet.pdf"))
    assert answer.content.startswith(b"%PDF")


# ── History in words


def test_history_reads_as_sentences(world: World, dossier: Dossier, now: datetime) -> None:
    to_appraisal(world, dossier, now)
    supplement.request_supplement(
        **common(world, "hoa", dossier, now), items=[Missing("Bản đồ", "thiếu tọa độ")]
    )
    sheet = reading.sheet_for(world.actor("hoa"), dossier.code, now=now)
    said = [(item.what, item.note) for item in sheet.history]
    assert said[0] == ("Yêu cầu bổ sung", "Bản đồ: thiếu tọa độ")
    assert said[1][0] == "Phân công cho Đỗ Thị Hoa"
    assert said[-1][0].startswith("Tiếp nhận, thời hạn")


def test_the_due_page_names_each_source(world: World, dossier: Dossier) -> None:
    page = world.client("hoa").get(url(dossier, "due/")).content.decode()
    assert "Bộ luật Dân sự 2015" in page
    assert "ngày nhận" in page
