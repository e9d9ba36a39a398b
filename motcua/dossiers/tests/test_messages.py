"""Applicants are told: from the act to the provider, once, without personal data, in words an agency may choose."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.notifications import queries
from motcua.base.notifications.models import Message, Recipient
from motcua.base.notifications.operations import choosing, sending
from motcua.base.notifications.tests.test_ways import committed, free_port, inbox, outside
from motcua.base.outbox.models import Message as Fact
from motcua.base.outbox.operations import deliver
from motcua.clients.sms import Json
from motcua.config.providers import Providers
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers import message_words, paper_texts, wordings
from motcua.dossiers.message_defaults import EVENTS
from motcua.dossiers.message_words import EXAMPLE, PERSONAL
from motcua.dossiers.models import Dossier, PaperText
from motcua.dossiers.operations import intake, messages
from motcua.dossiers.tests import committed as committed_world
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, later, plan, take_in
from motcua.lib import sms_text
from motcua.lib.actor import SYSTEM
from motcua.lib.personal_traces import number_in
from motcua.lib.placeholders import named
from motcua.lib.refusal import Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.ui.routing import set_database_actor

__all__ = ["committed", "free_port", "inbox", "outside"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def news_is_new() -> Any:
    with time_machine.travel(MONDAY + timedelta(hours=8), tick=False):
        yield


@pytest.fixture
def texts(settings: Any) -> None:
    """An installation with a provider of text messages; what waits is looked at, not sent."""
    settings.PROVIDERS = Providers(
        sms=(Json("x", "https://sms.example.vn/", {"to": "{phone}", "t": "{text}"}),)
    )


def told(channel: str = "sms") -> list[tuple[str, str]]:
    set_database_actor(SYSTEM)
    Fact.objects.filter(delivered_at=None).update(
        next_try_at=MONDAY
    )  # a statement's time is after its transaction's
    while deliver(subscriptions=SUBSCRIPTIONS):
        pass
    rows = Message.objects.filter(channel=channel, account_id=None).order_by("pk")
    return [(one.mark.split(":")[1], one.body or "") for one in rows]


def test_each_change_is_told_once_by_code_and_what_to_do(world: World, texts: Any) -> None:
    dossier = take_in(world)
    ProcedureVariant.objects.filter(pk=dossier.variant_id).update(
        answer_within_value=5, answer_within_unit="working_day"
    )
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "request_supplement", "hoa", dossier, later(hours=2))
    attempt(world, "receive_supplement", "minh", dossier, later(hours=3))
    attempt(world, "suspend", "hoa", dossier, later(hours=4))
    attempt(world, "resume", "hoa", dossier, later(hours=5))
    attempt(world, "suspend_for_money", "hoa", dossier, later(hours=6))
    attempt(world, "withdraw", "minh", dossier, later(hours=7))
    found = told()
    assert [event for event, _body in found] == [
        "received", "supplement", "resumed", "paused", "resumed", "fee", "ended",
    ]  # fmt: skip
    for _event, body in found:
        assert dossier.code in body and number_in(body) == "" and "{" not in body
        assert dossier.applicant_name not in body and "Giang" not in body and "Bản vẽ" not in body
    assert "/bao-tin/" in found[0][1] and "/bao-tin/" not in found[1][1], (
        "the link to choose comes with the first one"
    )
    assert "Hạn" in found[1][1] and f"{conf.PUBLIC_URL.partition('://')[2]}/tra-cuu" in found[1][1]
    Fact.objects.update(delivered_at=None)  # the news comes twice
    assert told() == found
    assert queries.told_about(f"dossier:{dossier.pk}").count() == 7


def test_from_the_counter_to_the_provider_and_from_the_link_to_silence(
    world: World, outside: Any, inbox: Any
) -> None:
    dossier = take_in(world, contact_email="Giang@Example.vn")
    told()
    assert sending.send_waiting(at=MONDAY) == 1
    (sent,) = outside.viettel.taken
    assert (
        sent["UserID"] == "84912345678"
        and sent["Content"].isascii()
        and "da duoc tiep nhan" in sent["Content"]
    )
    assert sms_text.size(sent["Content"]).parts <= 2
    token = re.search(r"/bao-tin/([\w-]{20})/", sent["Content"])[1]
    page, client = f"/bao-tin/{token}/", Client(HTTP_HOST=conf.PUBLIC_HOST)
    shown = client.get(page).content.decode()
    assert "091••••678" in shown and "912345678" not in shown
    key = re.search(r'name="key" value="(\w+)"', shown)[1]
    said = {"key": key, "quiet_from": "20", "quiet_to": "8"}
    assert client.post(page, {**said, "ways": ["email"]}).status_code == 422
    assert client.post(page, {**said, "quiet_to": "24"}).status_code == 422
    assert client.post(page, said).status_code == 302
    assert client.get(f"/bao-tin/{'A' * 20}/").status_code == 404
    row = Recipient.objects.get(kind="phone")
    assert (row.refused, row.quiet_from, row.quiet_to) == (["sms", "zalo"], 20, 8)
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "suspend", "hoa", dossier, later(hours=2))
    told()
    assert sending.send_waiting(at=later(hours=2)) == 1, "the mailbox has refused nothing"
    (letter,) = inbox.taken
    assert letter["To"] == "giang@example.vn" and "/bao-tin/" in letter["List-Unsubscribe"]
    mailbox = Recipient.objects.get(kind="email")
    choosing.choose(
        token=choosing.token_of(mailbox), refused=["email"], quiet=(21, 7), actor=SYSTEM, at=MONDAY
    )
    attempt(world, "resume", "hoa", dossier, later(hours=3))
    attempt(world, "request_supplement", "hoa", dossier, later(hours=4))
    told()
    assert sending.send_waiting(at=later(hours=4)) == 1, (
        "what the law has us tell goes out; the rest does not"
    )
    assert "bo sung" in outside.viettel.taken[-1]["Content"] and len(outside.viettel.taken) == 2


def test_a_browser_of_the_page_hears_too(world: World, outside: Any) -> None:
    dossier = take_in(world)
    told()
    token = choosing.token_of(Recipient.objects.get())
    client, given = Client(HTTP_HOST=conf.PUBLIC_HOST), outside.push.subscribe("giang")
    assert "data-push" in client.get(f"/bao-tin/{token}/").content.decode()
    assert client.post(f"/bao-tin/{token}/may", given).status_code == 204
    bad = client.post(f"/bao-tin/{token}/may", {**given, "endpoint": "https://10.0.0.1/x"})
    assert bad.status_code == 422 and bad["Content-Type"].startswith("text/plain")
    assert client.post(f"/bao-tin/{'B' * 20}/may", given).status_code == 404
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "suspend", "hoa", dossier, later(hours=2))
    told()
    sending.send_waiting(at=later(hours=2))
    assert outside.push.taken[0]["title"] == "Tạm dừng" and dossier.code in outside.push.taken[0]["body"]
    staff = world.client("hoa")
    assert staff.post("/account/browser", given).status_code == 204
    assert staff.post("/account/browser", {**given, "act": "stop"}).status_code == 204
    assert "showNotification" in staff.get("/account/push.js").content.decode()


def test_who_gave_no_address_and_what_is_old_is_not_told(world: World, texts: Any, settings: Any) -> None:
    take_in(world, at=MONDAY - timedelta(days=7))
    assert told() == []
    dossier = take_in(world)
    settings.PROVIDERS = Providers()
    assert told() == []
    assert messages.tell(dossier_id=dossier.pk, event="done", mark="x", at=MONDAY) is None
    with pytest.raises(KeyError):
        messages.tell(dossier_id=dossier.pk, event="x", mark="x", at=MONDAY)


def test_an_address_that_leads_nowhere_gives_way_to_the_applicants(world: World, texts: Any) -> None:
    minh = world.actor("minh")
    intake.submit(
        intake=plan(world, minh, contact_phone="abc", contact_email="a@b.vn\r\nBcc: c@d.vn", channel="online"),
        actor=minh, at=MONDAY, key="k",
    )  # fmt: skip
    assert [event for event, _body in told()] == ["submitted"]


def test_what_comes_from_home_and_how_a_result_is_sent(world: World, texts: Any) -> None:
    minh = world.actor("minh")
    dossier = intake.submit(
        intake=plan(world, minh, channel="post", post_sender="Phạm Thị Hương Giang", posted_on=MONDAY.date()),
        actor=minh, at=MONDAY, key="k",
    )  # fmt: skip
    assert told()[0][0] == "submitted" and "một ngày làm việc" in told()[0][1]
    Dossier.objects.filter(pk=dossier.pk).update(result_channel="post")
    row = messages.tell(dossier_id=dossier.pk, event="done", mark="done", at=MONDAY)
    assert "Kết quả gửi qua bưu chính" in row.body and "Đến nhận" not in row.body
    asked = messages.ask_rating(dossier_id=dossier.pk, url="https://x.vn/danh-gia/abc/", at=MONDAY)
    assert "x.vn/danh-gia/abc/" in asked.body
    assert messages.ask_rating(dossier_id=dossier.pk, url="https://x.vn/danh-gia/abc/", at=MONDAY) is None


# ── Words


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda one: one.key)
def test_the_words_the_program_brings_pass_every_check(event: Any) -> None:
    for place in wordings.PLACES[event.form]:
        wordings.check(event.form, place.key, place.default)
    assert not {name.lower() for name in named(event.sms)} & PERSONAL
    said = message_words.filled(event.sms, EXAMPLE)
    assert EXAMPLE.code in said and sms_text.size(sms_text.without_marks(said)).parts <= 2
    assert EXAMPLE.code in message_words.filled(event.mail, EXAMPLE)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *((key, f"Gửi {{{name}}}.") for key in ("sms", "zalo") for name in sorted(PERSONAL)),
        ("sms", "Gửi {Tên người nộp}."), ("sms", "Gọi 0912 345 678."), ("sms", "CCCD 031185000017."),
        ("sms", "ồ" * 481), ("sms", "a" * 470), ("sms", "{x}"), ("sms", "{{ x }}"), ("sms", "{mã hồ sơ"), ("mail", "{%x%}"),
        ("zalo", "100001; ma"), ("zalo", "abc; ma=1"), ("zalo", "1; m a=1"), ("zalo", "1; =x"), ("subject", "a" * 121),
    ],
)  # fmt: skip
def test_words_that_a_channel_must_not_carry_are_refused(key: str, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        message_words.check(key, text)
    assert refused.value.field == key


def test_values_are_put_in_as_text_once(world: World) -> None:
    hostile = message_words.Facts("1;x={lý do}", "{mã hồ sơ}", "<b>", "", "p", name="{{7*7}}\r\nBcc: x@y.vn")
    assert (
        message_words.filled("{tên thủ tục} {tên người nộp}", hostile) == "{mã hồ sơ} {{7*7}}\r\nBcc: x@y.vn"
    )
    assert message_words.zalo_of("1; a={mã hồ sơ}; b={tên cơ quan}", hostile) == (
        "1",
        {"a": "1;x={lý do}", "b": "<b>"},
    )
    assert message_words.filled("Gọi {điện thoại cơ quan}. Xong.", hostile) == "Xong."


def test_an_agency_words_a_message_for_one_procedure_and_sees_what_it_costs(
    world: World,
    texts: Any,
) -> None:
    committed_world.one_more(world, "kim", "Trần Kim", UnitKind.CLERICAL, (Role.BUSINESS_ADMIN,), MONDAY)
    client = world.client("kim")
    dossier = take_in(world)
    procedure = dossier.procedure_version.procedure
    page = f"/message-texts/received/?for=p{procedure.pk}"
    assert client.get("/message-texts/?event=received&about=x").status_code == 422
    assert client.get(f"/message-texts/?event=received&about={procedure.code}")["Location"] == page
    assert client.get("/message-texts/nothing/").status_code == 404
    words = {
        "sms": "Giấy {mã hồ sơ} đã nhận.",
        "zalo": "",
        "subject": "Đã nhận {mã hồ sơ}",
        "mail": "Chào {tên người nộp}.",
    }
    bad = client.post(page, {**words, "sms": "Chào {tên người nộp}.", "key": "a"})
    assert bad.status_code == 422 and "không chở dữ liệu cá nhân" in bad.content.decode()
    assert client.post(page, {**words, "key": "b"}).status_code == 302
    check = f"/message-texts/received/check/?for=p{procedure.pk}"
    shown = client.get(check).content.decode()
    assert "Giay H24.12-261130-0123 da nhan." in shown and "tính tiền 1 tin" in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    day = timezone.localdate() + timedelta(days=1)
    assert client.post(check, {"key": "c", "seen": seen, "valid_from": f"{day:%d/%m/%Y}"}).status_code == 302
    assert "Giấy" not in told()[0][1], "today the old words hold"
    with time_machine.travel(datetime.combine(day, MONDAY.timetz()), tick=False):
        row = messages.tell(dossier_id=dossier.pk, event="received", mark="tomorrow", at=timezone.now())
        assert row.body == f"Giấy {dossier.code} đã nhận."
        client.post("/message-texts/received/discard/?for=p1", {"act": "follow", "key": "d"})
    assert client.get("/message-texts/").content.decode().count("có bản nháp") == 0
    assert world.client("minh").get("/message-texts/").status_code == 403


def test_a_name_that_is_none_is_answered_with_what_that_channel_takes() -> None:
    with pytest.raises(Refusal) as refused:
        message_words.check("sms", "Hồ sơ {ma ho so} đã nhận.")
    said = str(refused.value.message)
    assert "Ý anh/chị là {mã hồ sơ}?" in said
    assert not [name for name in PERSONAL if f"{{{name}}}" in said.partition("Dùng được:")[2]]
    with pytest.raises(Refusal) as refused:
        message_words.check("mail", "Hồ sơ {ten thu tục}.")
    assert "Ý anh/chị là {tên thủ tục}?" in str(refused.value.message)
    with pytest.raises(Refusal, match="Không có ô “{xyz}”. Dùng được"):
        message_words.check("sms", "{xyz}")


def test_nobody_silences_what_the_law_has_us_tell(world: World, texts: Any) -> None:
    committed_world.one_more(world, "kim", "Trần Kim", UnitKind.CLERICAL, (Role.BUSINESS_ADMIN,), MONDAY)
    client, page = world.client("kim"), "/message-texts/supplement/"
    empty = {"sms": "", "zalo": "", "subject": "", "mail": ""}
    for number, (more, ways) in enumerate(
        [
            ({}, "SMS, thư điện tử"),
            ({"sms": "Xem {mã hồ sơ}."}, "thư điện tử"),
            ({"mail": "Xem {mã hồ sơ}."}, "SMS"),
        ]
    ):
        answer = client.post(page, {**empty, **more, "key": f"k{number}"})
        assert answer.status_code == 422 and f"Viết lời cho {ways}:" in answer.content.decode()
    assert client.post("/message-texts/received/", {**empty, "key": "free"}).status_code == 302
    # Rows of before this was refused: a draft shows and says what goes out, and what is in force sends it.
    dossier = take_in(world)
    agency, day = dossier.home_agency_id, timezone.localdate()
    row = PaperText.objects.create(
        agency_id=agency, form=EVENTS["supplement"].form, texts=empty, drafted_at=MONDAY, drafted_by=1
    )
    shown = client.get(f"{page}check/").content.decode()
    assert shown.count("Luật buộc báo tin này nên tin đi bằng lời của phần mềm") == 2
    assert "can bo sung giay to" in shown and "Không gửi theo cách này." in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    posted = {"key": "c", "seen": seen, "valid_from": f"{day + timedelta(days=1):%d/%m/%Y}"}
    refused = client.post(f"{page}check/", posted)
    assert refused.status_code == 422 and "Viết lời cho SMS, thư điện tử" in refused.content.decode()
    row.valid_from, row.published_at, row.published_by = day, MONDAY, 1
    row.save()
    paper_texts.forget()
    sent = messages.tell(dossier_id=dossier.pk, event="supplement", mark="law", at=MONDAY)
    assert sent is not None and f"{dossier.code} cần bổ sung giấy tờ" in sent.body
