"""What became of messages: true reports of carriers, letters that came back, one press that ends letters."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from django.conf import settings as conf
from django.db import connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.audit.models import Entry
from motcua.base.notifications import queries, words
from motcua.base.notifications.channels import email
from motcua.base.notifications.models import Kind, Message, Recipient
from motcua.base.notifications.operations import arriving, choosing, people, sending, telling
from motcua.base.notifications.operations.telling import Word
from motcua.base.notifications.tests.test_messages import NOON, committed, free_port, inbox
from motcua.cli.commands import mail_bounce
from motcua.clients import delivery, sms, zalo
from motcua.clients.delivery import Report, SmsReports
from motcua.clients.tests import peers
from motcua.config import env, providers
from motcua.config.providers import Providers
from motcua.dossiers.tests import committed as own
from motcua.lib import bounces
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import NotFound

__all__ = ["committed", "free_port", "inbox"]
pytestmark = pytest.mark.django_db
SECRET = "khoa-bao-tin-ve-012345"
REPORTS = SmsReports(
    secret=SECRET, reference_at="SMSID", delivered=("SendSuccess", "1"), undelivered=("SendFailed", "1"),
    reason_at="error_info",
)  # fmt: skip
SMS = "/bao-tin/ve/sms/other"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def outside(settings: Any, inbox: Any) -> Iterator[Any]:
    """A provider of text messages that reports, Zalo, a mail server."""
    with ExitStack() as stack:
        other, notices = stack.enter_context(peers.running(peers.Json())), peers.Zalo()
        settings.PROVIDERS = Providers(
            sms=(
                sms.Json(
                    name="other", url=other.url, body={"to": "{phone}", "text": "{text}"}, headers={"X-Key": "k1"},
                    ok=("status.code", "0"), reference_at="id", reports=REPORTS,
                ),
            ),
            zalo=zalo.Zalo("77", "s1", oa_secret="oa1"),
        )  # fmt: skip
        settings.MAIL = True
        yield SimpleNamespace(sms=other, zalo=notices, web=Client(HTTP_HOST=conf.PUBLIC_HOST))


def mailbox() -> Recipient:
    return choosing.recipient(kind=Kind.EMAIL, address="lan@example.vn", at=NOON)


def chain(mark: str = "a", until: datetime | None = None) -> None:
    telling.reach(
        words=[
            Word("sms", "0912345678", "Ho so da co ket qua.", "Đã có kết quả"),
            Word("email", "lan@example.vn", "Hồ sơ đã có kết quả.", "Đã có kết quả", recipient_id=mailbox().pk),
        ],
        mark=mark, at=NOON, about="dossier:1", until=until,
    )  # fmt: skip


def stands(mark: str = "a") -> list[tuple[str, str]]:
    return [(one.state, one.fate) for one in Message.objects.filter(mark=mark).order_by("place")]


def call(outside: Any, fields: dict[str, str], **more: str) -> int:
    return outside.web.get(SMS, {**fields, "khoa": SECRET, **more}).status_code


def test_what_did_not_arrive_goes_by_the_next_way_once(outside, inbox):
    chain()
    assert sending.send_waiting(at=NOON) == 1
    assert stands() == [("sent", ""), ("reserve", "")], "the letter stays until the telephone has it"
    (line,) = queries.news_about("dossier:1")[0].ways[:1]
    assert words.outcome(line).why == "chưa có tin là đã tới"
    assert call(outside, {"SMSID": "j1", "SendStatus": "7", "SendFailed": "0", "SendSuccess": "0"}) == 200
    assert stands() == [("sent", ""), ("reserve", "")], "on its way says nothing yet"
    for _again in range(2):  # a provider calls until it is answered
        assert call(outside, outside.sms.report(1, arrived=False)) == 200
    assert stands() == [("sent", "undelivered"), ("waiting", "")]
    assert call(outside, outside.sms.report(1)) == 200  # late, and against the first
    assert stands()[0] == ("sent", "undelivered")
    assert sending.send_waiting(at=NOON) == 1 and len(inbox.taken) == len(outside.sms.taken) == 1
    assert stands() == [("sent", "undelivered"), ("sent", "")]
    said = words.outcome(Message.objects.get(channel="sms"))
    assert said.look == "late" and "ABSENT 27" in said.why and "0912345678" not in said.why
    assert (
        not Message.objects.filter(address__isnull=False).exists()
        and not Message.objects.filter(body__isnull=False).exists()
    )


def test_what_arrived_needs_no_other_way_nor_does_what_nobody_reports(outside, inbox):
    for mark in "abc":
        chain(mark, until=NOON + timedelta(days=2) if mark != "c" else NOON + timedelta(hours=3))
    assert sending.send_waiting(at=NOON) == 3
    assert outside.web.post(f"{SMS}?khoa={SECRET}", outside.sms.report(1)).status_code == 200
    assert stands("a") == [("sent", "delivered"), ("dropped", "")]
    assert words.outcome(Message.objects.get(channel="sms", mark="a")).said == "đã tới"
    sending.put_right(at=NOON + timedelta(hours=4))
    assert stands("b")[1] == ("reserve", "") and stands("c")[1] == ("expired", ""), "no news any more"
    outside.web.post(
        f"{SMS}?khoa={SECRET}", [outside.sms.report(3, arrived=False)], content_type="application/json"
    )
    assert stands("c") == [("sent", "undelivered"), ("expired", "")]
    sending.put_right(at=NOON + timedelta(hours=25))
    assert stands("b") == [("sent", ""), ("dropped", "")] and not inbox.taken
    assert {one.unknown for one in queries.arrived(NOON)} <= {1}


def test_zalo_proves_itself_and_says_that_a_message_is_there(outside):
    telling.reach(words=[Word("zalo", "0912345678", "{}")], mark="z", at=NOON)
    row = Message.objects.get(channel="zalo")
    outside.zalo.taken.append({"tracking_id": f"m{row.pk}"})
    Message.objects.filter(pk=row.pk).update(state="sent", body=None, address=None)
    row.attempts.create(number=1, channel="zalo", provider="zalo", at=NOON, milliseconds=1, reference="z1")
    body, mac = outside.zalo.event(1)

    def post(said: bytes, mac: str) -> int:
        return outside.web.post(
            "/bao-tin/ve/zalo", said, content_type="application/json", headers={"X-ZEvent-Signature": mac}
        ).status_code

    for said, wrong in (
        (body, ""),
        (body, "mac=" + "0" * 64),
        (body + b" ", mac),
        (b"\xff", mac),
        (b"[" * 9999, mac),
    ):
        assert post(said, wrong) == 403
    assert stands("z") == [("sent", "")]
    assert post(*outside.zalo.event(1, "user_send_text")) == 200 and stands("z") == [("sent", "")]
    assert [post(body, mac), post(body, mac.removeprefix("mac="))] == [200, 200]
    assert stands("z") == [("sent", "delivered")]
    outside.zalo.taken.append({"tracking_id": "m999999"})
    assert post(*outside.zalo.event(2)) == 200, "what is not known is answered as fine"
    assert post(b"x" * 70_000, mac) == 413


def test_strangers_are_told_nothing_and_counted(outside, settings):
    chain()
    sending.send_waiting(at=NOON)
    bad = outside.sms.report(1, arrived=False)
    assert outside.web.get(SMS, bad).status_code == 403
    assert outside.web.get("/bao-tin/ve/sms/khong-co", {**bad, "khoa": SECRET}).status_code == 404
    for _knock in range(60):
        last = call(outside, bad, khoa="x" * 600).real
    assert last == 429 and stands()[0] == ("sent", "")
    for hostile in (
        {"SMSID": "\u0661"},
        {"SMSID": "j1' or 1=1", "SendFailed": "1"},
        {"SMSID": "j9", "SendFailed": "1"},
    ):
        assert call(outside, hostile) == 200
    for body in (b"", b"null", b"[[]]", b'{"SMSID":{"a":1},"SendFailed":[1]}', b"\x00\xff"):
        said = outside.web.post(f"{SMS}?khoa={SECRET}", body, content_type="application/json")
        assert said.status_code == 200
    assert stands()[0] == ("sent", "")
    # One provider speaks of its own messages alone, whatever number it names.
    row = Message.objects.get(channel="sms")
    assert not arriving.reported(
        channel="sms", provider="else", report=Report(False, ours=f"m{row.pk}"), at=NOON
    )
    headed = replace(settings.PROVIDERS.sms[0], reports=replace(REPORTS, header="X-Token"))
    settings.PROVIDERS = replace(settings.PROVIDERS, sms=(headed,))
    assert call(outside, bad) in (403, 429)
    assert outside.web.get(SMS, bad, headers={"X-Token": SECRET}).status_code == 200
    assert stands()[0] == ("sent", "undelivered")


def test_a_report_settles_what_nobody_knew_and_may_be_faster_than_the_note(outside):
    chain()
    row = Message.objects.get(channel="sms")
    Message.objects.filter(pk=row.pk).update(state="sending", tries=1, held_until=NOON + timedelta(minutes=5))
    fast = Report(True, ours=f"m{row.pk}")
    assert arriving.reported(channel="sms", provider="other", report=fast, at=NOON)
    assert stands()[0] == ("sending", "delivered")
    Message.objects.filter(pk=row.pk).update(state="waiting", held_until=None)  # its sender got no answer
    assert sending.send_waiting(at=NOON) == 0 and stands()[0] == ("sent", "delivered")
    chain("b")
    lost = Message.objects.get(channel="sms", mark="b")
    lost.attempts.create(number=1, channel="sms", provider="other", at=NOON, milliseconds=1, error="NoAnswer")
    late = Report(True, ours=f"m{lost.pk}")
    assert arriving.reported(channel="sms", provider="other", report=late, at=NOON)
    assert stands("b") == [("sent", "delivered"), ("dropped", "")]
    assert sending.send_waiting(at=NOON) == 0 and not outside.sms.taken, "it is not sent twice"
    chain("c")  # a sender took it again, in a batch, before the report came
    held = Message.objects.get(channel="sms", mark="c")
    held.attempts.create(number=1, channel="sms", provider="other", at=NOON, milliseconds=1, error="NoAnswer")
    Message.objects.filter(pk=held.pk).update(held_until=NOON + timedelta(minutes=5))
    assert arriving.reported(
        channel="sms", provider="other", report=Report(True, ours=f"m{held.pk}"), at=NOON
    )
    assert stands("c") == [("sent", "delivered"), ("dropped", "")]


def test_a_try_that_was_lost_begins_without_the_fate_of_the_one_before(outside):
    chain()
    row = Message.objects.get(channel="sms")
    Message.objects.filter(pk=row.pk).update(state="sending", tries=1, held_until=NOON - timedelta(minutes=1))
    row.attempts.create(number=1, channel="sms", provider="other", at=NOON, milliseconds=1, error="NoAnswer")
    assert arriving.reported(
        channel="sms", provider="other", report=Report(False, ours=f"m{row.pk}"), at=NOON
    )
    Message.objects.filter(pk=row.pk).update(state="sending", held_until=NOON - timedelta(minutes=1))
    sending.settle_lost(at=NOON)
    assert stands()[0] == ("waiting", "")


def test_two_reports_at_once_settle_one_message_once(committed, outside):
    chain()
    sending.send_waiting(at=NOON)
    connections.close_all()
    children = []
    for arrived in (True, False):
        child = os.fork()
        if not child:
            own.forked()
            try:
                news = arriving.reported(
                    channel="sms", provider="other", report=Report(arrived, reference="j1"), at=NOON
                )
                os._exit(int(news))
            finally:
                os._exit(9)
        children.append(child)
    assert sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == [0, 1]
    first, second = stands()
    assert second[0] == {"delivered": "dropped", "undelivered": "waiting"}[first[1]]


# ── Letters that came back


def report(message_id: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True) -> bytes:
    """Return a report as Postfix writes it."""
    original = (
        f"From: motcua@example.vn\r\nTo: lan@example.vn\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n"
    )
    given = (
        f"Content-Type: message/rfc822\r\n\r\n{original}x\r\n" if whole
        else f"Content-Type: text/rfc822-headers\r\n\r\n{original}"
    )  # fmt: skip
    return (
        "From: MAILER-DAEMON@mx.example.vn\r\nTo: motcua@example.vn\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.vn\r\n\r\n"
        f"Final-Recipient: rfc822; lan@example.vn\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n--b\r\n{given}\r\n--b--\r\n"
    ).encode()


def bounce(raw: bytes, monkeypatch: Any) -> Any:
    monkeypatch.setattr("motcua.cli.acting.ready", lambda: None)
    return CliRunner().invoke(mail_bounce.mail_bounce, input=raw)


def letter(inbox: Any) -> tuple[Message, str]:
    telling.reach(
        words=[Word("email", "lan@example.vn", "x", "Đã có kết quả", recipient_id=mailbox().pk)],
        mark=f"l{len(inbox.taken)}", at=NOON, about="dossier:1",
    )  # fmt: skip
    assert sending.send_waiting(at=NOON) == 1
    return Message.objects.order_by("-pk")[0], inbox.taken[-1]["Message-ID"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_letter_that_came_back_marks_its_mailbox_and_the_page_asks_for_another(
    inbox, settings, monkeypatch, whole
):
    settings.MAIL = True
    row, name = letter(inbox)
    for _again in range(2):
        assert bounce(report(name, whole=whole), monkeypatch).exit_code == 0
    row.refresh_from_db()
    assert (row.fate, row.fate_reason, row.state) == ("undelivered", "5.1.1", "sent")
    assert words.outcome(row).why == "không có hộp thư này (5.1.1)"
    (failing,) = queries.failing("dossier:1")
    assert words.masked(failing.address) == "l…@example.vn"
    assert Entry.objects.filter(verb="notifications.bounced").count() == 1
    assert not arriving.trust_again(at=NOON + timedelta(days=30)), "nothing was sent to it since"
    later = Message.objects.create(
        channel="email", mark="later", at=NOON, next_try_at=NOON, state="sent", recipient=mailbox(),
        sent_at=failing.failing_since + timedelta(days=1),
    )  # fmt: skip
    assert not arriving.trust_again(at=later.sent_at + timedelta(days=2))
    assert arriving.trust_again(at=later.sent_at + timedelta(days=3)) == 1 and not queries.failing(
        "dossier:1"
    )


def test_full_mailboxes_delays_and_forgeries_mark_no_mailbox(inbox, settings, monkeypatch):
    settings.MAIL = True
    row, name = letter(inbox)
    forged = re.sub(r"\.[0-9a-f]{20}@", "." + "0" * 20 + "@", name)
    for raw in (
        report(forged), report("<message-1@x>"), report(""), report(name, action="delayed", status="4.2.0"),
        report(name, action="relayed", status="2.0.0"), b"", b"Subject: Nghi phep\r\n\r\nToi nghi.", report(name)[:400],
    ):  # fmt: skip
        assert bounce(raw, monkeypatch).exit_code == 0
        row.refresh_from_db()
        assert row.fate == ""
    assert bounce(report(name, status="5.2.2"), monkeypatch).exit_code == 0
    row.refresh_from_db()
    assert row.fate == "undelivered" and not queries.failing("dossier:1"), "full, but there"
    again, other = letter(inbox)
    bounce(report(other, action="delivered", status="2.0.0"), monkeypatch)
    again.refresh_from_db()
    assert again.fate == "delivered"


def test_a_letter_is_not_lost_while_the_database_is_away(monkeypatch):
    def away() -> None:
        raise SystemExit("MOTCUA_X: sai")

    monkeypatch.setattr("motcua.cli.acting.ready", away)
    assert (
        CliRunner().invoke(mail_bounce.mail_bounce, input=report("<x@y>")).exit_code == mail_bounce.TRY_LATER
    )


@given(st.binary(max_size=400), st.integers(0, 700), st.binary(max_size=8))
def test_broken_reports_raise_nothing(junk, cut, planted):
    whole = report(f"<{email.name_of(1)}@x>")
    bounces.read(junk)
    bounces.read(whole[:cut] + planted + whole[cut:])
    bounces.read(whole.replace(b"message/delivery-status", b"message/delivery-status; charset=" + planted))
    bounces.read(b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n"
                 b"Content-Transfer-Encoding: base64\r\n\r\n" + junk)  # fmt: skip


@given(
    st.text(max_size=60),
    st.recursive(st.none() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)),
)
def test_whatever_a_provider_sends_is_read(text, found):
    assert not re.search(r"\d{6}", delivery.code(text), re.ASCII)
    if isinstance(found, dict):
        REPORTS.read(
            [
                found,
                {"SMSID": found, "SendFailed": "1"},
                {"SMSID": text, "SendFailed": "1", "error_info": text},
            ]
        )


# ── One press


def test_one_press_ends_letters_and_looking_does_not(inbox, settings):
    settings.MAIL, settings.PUBLIC_URL = True, "https://dichvucong.example.vn"
    facts: dict[str, Any] = {
        "phone": None, "text": "x", "subject": "Đã có kết quả", "body": "x", "link": "", "at": NOON, "email": "lan@example.vn",
    }  # fmt: skip
    people.tell(mark="a", **facts)
    sending.send_waiting(at=NOON)
    sent: EmailMessage = inbox.taken[0]
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(
        r"<https://dichvucong\.example\.vn(/bao-tin/[\w-]{20}/thoi-thu)>", sent["List-Unsubscribe"].strip()
    )
    assert address is not None, sent["List-Unsubscribe"]
    web, one_click = (
        Client(HTTP_HOST=conf.PUBLIC_HOST, enforce_csrf_checks=True),
        {"List-Unsubscribe": "One-Click"},
    )
    for scan in (web.get, web.head):
        assert scan(address[1]).headers["Location"] == address[1].removesuffix("thoi-thu")
    assert web.post(address[1]).status_code == 400 and mailbox().refused == []
    waits = people.tell(mark="waits", **facts)
    for _again in range(2):
        assert web.post(address[1], one_click).status_code == 200
    waits.refresh_from_db()
    assert (waits.state, waits.body) == ("dropped", None) and sending.send_waiting(at=NOON) == 0
    assert web.post(address[1], BytesIO(b"List-Unsubscribe=One-Click").read().decode(),
                    content_type="application/x-www-form-urlencoded").status_code == 200  # fmt: skip
    assert mailbox().refused == ["email"]
    assert Entry.objects.filter(verb="notifications.leave").count() == 1
    assert people.tell(mark="b", **facts) is people.tell(mark="c", required=True, **facts) is None
    phone = choosing.recipient(kind=Kind.PHONE, address="0912345678", at=NOON)
    for wrong in (choosing.token_of(phone), "A" * 20, "khong-co"):
        assert web.post(f"/bao-tin/{wrong}/thoi-thu", one_click).status_code == 404
    with pytest.raises(NotFound):
        choosing.leave(token=choosing.token_of(phone), actor=PUBLIC, at=NOON)
    settings.PUBLIC_URL = "http://localhost:8080"
    choosing.choose(token=choosing.token_of(mailbox()), refused=[], quiet=(21, 7), actor=PUBLIC, at=NOON)
    people.tell(mark="d", **facts)
    sending.send_waiting(at=NOON)
    assert "List-Unsubscribe-Post" not in inbox.taken[-1], "RFC 8058 asks for https"


# ── Settings


def test_a_provider_says_how_it_reports_or_the_start_stops(tmp_path, monkeypatch):
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / "short").write_text("x")
    start = (
        f'[zalo]\napp_id = "77"\nsecret_file = "{tmp_path}/key"\noa_secret_file = "{tmp_path}/key"\n'
        '[[sms]]\ndriver = "json"\nname = "other"\nurl = "https://sms.example.vn/"\n'
        'body = { to = "{phone}", text = "{text}" }\n[sms.reports]\n'
    )
    good = {
        "secret_file": f'"{tmp_path}/key"', "reference": '"SMSID"', "delivered": '["SendSuccess", "1"]',
        "undelivered": '["SendFailed", "1"]',
    }  # fmt: skip
    monkeypatch.setenv("MOTCUA_PROVIDERS", str(tmp_path / "p.toml"))

    def read(**changed: str) -> Providers:
        rows = {**good, **changed}
        (tmp_path / "p.toml").write_text(
            start + "".join(f"{name} = {value}\n" for name, value in rows.items() if value)
        )
        return providers.read()

    found = read()
    assert (
        found.sms[0].reports is not None
        and found.sms[0].reports.proved(SECRET)
        and found.zalo.oa_secret == SECRET
    )
    assert SECRET not in repr(found)
    for changed in (
        {"delivered": '["SendSuccess"]'}, {"reference": ""}, {"secret_file": f'"{tmp_path}/short"'}, {"x": '"y"'},
        {"undelivered": ""},
    ):  # fmt: skip
        with pytest.raises(env.BadSetting, match="sms 1"):
            read(**changed)
