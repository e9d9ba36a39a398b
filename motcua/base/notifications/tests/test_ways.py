"""Chains, providers, tokens, browsers: real peers on sockets, real PostgreSQL, senders that race and die."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.base.notifications.channels import sms as texts
from motcua.base.notifications.models import (
    Attempt,
    Kind,
    Message,
    PushSubscription,
    Recipient,
    State,
    Token,
    Way,
)
from motcua.base.notifications.operations import choosing, sending, telling, tokens, ways
from motcua.base.notifications.operations.telling import Word
from motcua.base.notifications.tests.test_messages import committed, free_port, inbox
from motcua.clients import sms, zalo
from motcua.clients.tests import peers
from motcua.config import env, providers
from motcua.config.providers import Providers
from motcua.dossiers.tests import committed as own
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import Conflict, NotFound, Refusal

__all__ = ["committed", "free_port", "inbox"]
pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 7, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PHONE = "0912345678"


class Outside:
    """Every peer, and an installation that is set up to use them."""

    def __init__(self, stack: ExitStack, settings: Any) -> None:
        self.viettel = stack.enter_context(peers.running(peers.Viettel()))
        self.other = stack.enter_context(peers.running(peers.Json()))
        self.zalo = stack.enter_context(peers.running(peers.Zalo()))
        self.push = stack.enter_context(peers.running(peers.PushService()))
        self.client = zalo.Zalo("77", "s1", f"{self.zalo.url}/m", f"{self.zalo.url}/v4/oa/access_token", 1)
        settings.PROVIDERS = Providers(
            sms=(
                sms.Viettel(
                    name="viettel", url=self.viettel.url, user="motcua", password="bí mật", cp_code="MC",
                    brand="MOTCUA", seconds=1,
                ),
                sms.Json(
                    name="other", url=self.other.url, body={"to": "{phone}", "text": "{text}"},
                    headers={"X-Key": "k1"}, ok=("status.code", "0"), reference_at="id", seconds=1,
                ),
            ),
            zalo=self.client, push_contact="mailto:a@example.vn", push_hosts=("127.0.0.1",),
        )  # fmt: skip
        settings.MAIL = True

    def token(self, refresh: str = "r0") -> None:
        Token.objects.update_or_create(
            provider="zalo",
            defaults={"refresh": refresh, "given_at": NOON, "refused_at": None, "access": None},
        )


@pytest.fixture
def outside(settings: Any, inbox: Any) -> Iterator[Outside]:
    with ExitStack() as stack:
        yield Outside(stack, settings)


def chain(mark: str = "a", phone: str = PHONE, at: datetime = NOON, **more: Any) -> Message | None:
    said = json.dumps({"template": "100001", "data": {"ma": "H24.12-1"}})
    return telling.reach(
        words=[
            Word("zalo", phone, said, "Đã có kết quả"),
            Word("sms", phone, "Hồ sơ H24.12-1 đã có kết quả.\nMời đến nhận.", "Đã có kết quả"),
            Word("email", "lan@example.vn", "Hồ sơ đã có kết quả", "Đã có kết quả"),
        ],
        mark=mark, at=at, **more,
    )  # fmt: skip


def states(mark: str = "a") -> list[str]:
    return [one.state for one in Message.objects.filter(mark=mark).order_by("place")]


# ── One message, several ways


def test_the_first_way_that_works_carries_it_and_the_others_are_let_go(outside, inbox):
    outside.token()
    row = chain()
    assert chain() is None and states() == ["waiting", "reserve", "reserve"]  # the same fact again
    assert sending.send_waiting(at=NOON) == 1
    assert states() == ["sent", "dropped", "dropped"]
    assert [one["phone"] for one in outside.zalo.taken] == ["84912345678"]
    assert not outside.viettel.taken and not inbox.taken
    assert not Message.objects.filter(body__isnull=False).exists()
    assert not Message.objects.filter(address__isnull=False).exists()
    (attempt,) = Attempt.objects.all()
    assert (attempt.message_id, attempt.number, attempt.provider, attempt.error, attempt.reference) == (
        row.pk, 1, "zalo", "", "z1",
    )  # fmt: skip


def test_who_is_not_on_zalo_gets_a_text_message_at_once_and_failing_that_a_letter(outside, inbox):
    outside.token()
    outside.zalo.no_account = {"84912345678", "84987654321"}
    chain()
    assert sending.send_waiting(at=NOON) == 1  # Zalo refuses, the text message goes in the same round
    assert states() == ["passed", "sent", "dropped"]
    assert outside.viettel.taken[0]["Content"] == "Ho so H24.12-1 da co ket qua. Moi den nhan."
    outside.viettel.result, outside.viettel.message = "0", "Receiver invalid"
    chain("b", "0987654321")
    for _round in range(3):
        sending.send_waiting(at=NOON)
    assert states("b") == ["passed", "passed", "sent"] and len(inbox.taken) == 1
    assert [one.error for one in Attempt.objects.filter(message__mark="b").order_by("pk")] == [
        "zalo -118", "viettel 0", "",
    ]  # fmt: skip


def test_a_chain_whose_last_way_fails_is_one_dead_letter(outside, inbox):
    outside.zalo.error = -131
    outside.token()
    outside.viettel.result, outside.viettel.message = "0", "Receiver invalid"
    inbox.refused = {"lan@example.vn": "550 no"}
    chain()
    for _round in range(3):
        sending.send_waiting(at=NOON)
    assert states() == ["passed", "passed", "failed"]


def test_what_waits_ten_minutes_for_a_closed_way_takes_the_next(outside):
    chain()  # Zalo has no token: closed
    assert sending.send_waiting(at=NOON) == 0
    sending.send_waiting(at=NOON + timedelta(minutes=11))
    assert states()[0] == "passed" and len(outside.viettel.taken) == 1
    assert sending.advance(at=NOON) == 0


def test_a_killed_sender_leaves_a_chain_that_goes_on(outside):
    row = chain()
    Message.objects.filter(pk=row.pk).update(state=State.FAILED)  # died between the outcome and the next way
    sending.put_right(at=NOON)
    assert states() == ["passed", "waiting", "reserve"]
    Message.objects.filter(chain=row.pk, channel="sms").update(state=State.SENT, body=None, address=None)
    sending.put_right(at=NOON)
    assert states() == ["passed", "sent", "dropped"]
    with pytest.raises(ValueError):
        telling.reach(words=[Word("sms", PHONE, "a"), Word("sms", PHONE, "b")], mark="x", at=NOON)
    assert telling.reach(words=[], mark="x", at=NOON) is None


def test_quiet_hours_are_the_recipients(outside):
    night = NOON.replace(hour=22)
    chain("never", at=night, quiet=(21, 7))
    chain("any", "0911111111", at=night, quiet=(0, 0))
    chain("urgent", "0922222222", at=night, heeds_quiet=False)
    chain("noon", "0933333333", at=night, quiet=(11, 14))
    outside.token()
    assert sending.send_waiting(at=night) == 3
    assert states("never")[0] == "waiting"
    assert sending.send_waiting(at=night.replace(day=8, hour=6)) == 0
    assert sending.send_waiting(at=night.replace(day=8, hour=7)) == 1


# ── Providers


def text(mark: str, phone: str = PHONE) -> Message:
    return telling.tell(
        channel="sms", mark=mark, subject="x", body="Ho so 1", address=phone, at=NOON, heeds_quiet=False
    )


def test_the_next_provider_takes_over_and_the_closed_one_is_not_asked(outside):
    outside.viettel.mode = "hang_up"
    for number in range(3):  # each time unsure whether it was sent: it is not given to another provider
        text(str(number))
    assert sending.send_waiting(at=NOON) == 0 and not outside.other.taken
    assert Way.objects.get(name="viettel").closed_until > timezone.now()
    asked = outside.viettel.asked
    text("3")
    assert sending.send_waiting(at=NOON) == 1
    assert outside.viettel.asked == asked and len(outside.other.taken) == 1
    outside.other.code = 5
    text("4")
    assert sending.send_waiting(at=NOON) == 0
    assert Message.objects.get(mark="4").last_error == "other 5"
    outside.viettel.mode, outside.other.code = "fine", 0
    ways.opened_again("sms", "viettel")
    assert sending.send_waiting(at=NOON + timedelta(minutes=3)) == 3
    assert Way.objects.get(name="viettel").faults == 0


def test_a_wrong_password_closes_a_provider_at_once_and_no_message_is_lost(outside, settings):
    bad = sms.Viettel(
        name="viettel", url=outside.viettel.url, user="x", password="x", cp_code="MC", brand="B", seconds=1
    )
    settings.PROVIDERS = Providers(sms=(bad,))
    row = text("a")
    assert sending.send_waiting(at=NOON) == 0 and sending.send_waiting(at=NOON) == 0
    row.refresh_from_db()
    assert (row.state, row.tries, outside.viettel.asked) == (State.WAITING, 1, 1)
    assert not texts.mobile("02253888888") and texts.mobile(PHONE)
    assert texts.international("+8613800000000") == "8613800000000"


def test_a_provider_that_hangs_holds_up_no_mail(committed, outside, inbox, settings):
    """The provider answers only once every letter has gone: were mail behind it, neither would ever go."""
    from motcua.base.notifications import jobs

    slow = sms.Viettel(
        name="viettel", url=outside.viettel.url, user="motcua", password="bí mật", cp_code="MC", brand="B",
        seconds=60,
    )  # fmt: skip
    settings.PROVIDERS = Providers(sms=(slow,))
    outside.viettel.mode = "wait"
    text("t")
    for number in range(45):  # more than one connection's share
        telling.tell(
            channel="email", mark=f"m{number}", subject="x", body="x", address=f"n{number}@example.vn", at=NOON,
            heeds_quiet=False,
        )  # fmt: skip
    connections.close_all()

    def let_go() -> None:
        until = time.monotonic() + 50
        while len(inbox.taken) < 45 and time.monotonic() < until:
            time.sleep(0.05)
        outside.viettel.go.set()

    watching = threading.Thread(target=let_go)
    watching.start()
    began = time.monotonic()
    jobs.send.func()
    watching.join()
    assert len(inbox.taken) == len({one["To"] for one in inbox.taken}) == 45 and inbox.connections >= 3
    assert len(outside.viettel.taken) == 1 and time.monotonic() - began < 50
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


# ── Zalo's tokens


def test_two_senders_at_once_refresh_once(committed, outside):
    outside.token()
    connections.close_all()
    children = []
    for _sender in range(2):
        child = os.fork()
        if not child:
            own.forked()
            try:
                good = tokens.access_of(outside.client, at=NOON) == "a1"
                os._exit(0 if good else 2)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    row = Token.objects.get()
    assert (outside.zalo.made, row.access, row.refresh) == (1, "a1", "r1")
    # A program killed between Zalo's answer and the commit: the old token is used up, and the channel says so.
    connections.close_all()
    child = os.fork()
    if not child:
        own.forked()
        real = zalo.Zalo.refresh

        def dies(self: zalo.Zalo, token: str) -> zalo.Tokens:
            real(self, token)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        zalo.Zalo.refresh = dies  # type: ignore[method-assign]
        try:
            tokens.access_of(outside.client, at=NOON + timedelta(days=2))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert Token.objects.get().refresh == "r1" and outside.zalo.refresh == "r2"
    with pytest.raises(zalo.Failed):
        tokens.access_of(outside.client, at=NOON + timedelta(days=2))
    asked = outside.zalo.asked
    with pytest.raises(zalo.Failed):  # it does not go on asking
        tokens.access_of(outside.client, at=NOON + timedelta(days=2))
    assert outside.zalo.asked == asked and Token.objects.get().refused_at is not None


def test_a_refused_token_is_renewed_and_an_old_one_kept_alive(outside):
    outside.token()
    assert tokens.access_of(outside.client, at=NOON) == tokens.access_of(outside.client, at=NOON) == "a1"
    outside.zalo.access = "other"  # Zalo ended it early
    chain()
    assert sending.send_waiting(at=NOON) == 1 and outside.zalo.made == 2
    assert not tokens.keep(outside.client, at=timezone.now() + timedelta(days=2))
    assert tokens.keep(outside.client, at=timezone.now() + timedelta(days=30)) and outside.zalo.made == 3


# ── Browsers


def test_a_browser_is_told_until_it_has_gone(outside):
    row = choosing.recipient(kind=Kind.PHONE, address=PHONE, at=NOON)
    token, given = choosing.token_of(row), outside.push.subscribe("lan")
    for _twice in range(2):
        choosing.listen(**given, token=token, at=NOON)
    officer = choosing.listen(**given, account_id=7, at=NOON)
    assert PushSubscription.objects.count() == 2
    browser = PushSubscription.objects.get(recipient=row)
    for mark in "ab":
        telling.tell(
            channel="push", mark=mark, subject="Đã có kết quả", body="Hồ sơ 1", address=str(browser.pk),
            link="http://localhost/tra-cuu", at=NOON,
        )  # fmt: skip
        assert sending.send_waiting(at=NOON) == (mark == "a")
        outside.push.gone.add("/push/lan")
    assert outside.push.taken[0]["title"] == "Đã có kết quả" and outside.push.taken[0]["url"].endswith(
        "/tra-cuu"
    )
    assert list(PushSubscription.objects.values_list("pk", flat=True)) == [officer.pk]
    assert choosing.stop_listening(endpoint=given["endpoint"], account_id=8) == 0
    assert choosing.stop_listening(endpoint=given["endpoint"], account_id=7) == 1


def test_browsers_that_are_none_are_refused(outside, settings):
    row = choosing.recipient(kind=Kind.PHONE, address=PHONE, at=NOON)
    token, given = choosing.token_of(row), outside.push.subscribe("lan")
    bad = [
        {"endpoint": "http://169.254.169.254/latest"}, {"endpoint": "https://127.0.0.1.example.vn/x"},
        {"endpoint": "https://u@127.0.0.1/x"}, {"endpoint": "javascript:x"}, {"endpoint": ""}, {"public": "AAAA"},
        {"public": "ồ"}, {"auth": "AAAA"}, {"auth": "!"}, {"public": given["public"][:-4]},
    ]  # fmt: skip
    for one in bad:
        with pytest.raises(Refusal):
            choosing.listen(**{**given, **one}, token=token, at=NOON)
    settings.PROVIDERS = Providers(push_contact="mailto:a@example.vn")
    with pytest.raises(Refusal):  # this machine is no push service
        choosing.listen(**given, token=token, at=NOON)
    settings.PROVIDERS = Providers(push_contact="mailto:a@example.vn", push_hosts=("127.0.0.1",))
    with pytest.raises(NotFound):
        choosing.listen(**given, token="x", at=NOON)
    with pytest.raises(Conflict):
        for number in range(11):
            choosing.listen(**outside.push.subscribe(f"b{number}"), token=token, at=NOON)


# ── Choices


def test_the_link_opens_one_address_and_nothing_else():
    row = choosing.recipient(kind=Kind.PHONE, address=PHONE, at=NOON)
    assert choosing.recipient(kind=Kind.PHONE, address=PHONE, at=NOON).pk == row.pk
    token = choosing.token_of(row)
    assert choosing.by_token(token) == row and len(token) == 20
    other = choosing.recipient(kind=Kind.EMAIL, address="lan@example.vn", at=NOON)
    mixed = choosing.token_of(other)[:8] + token[8:]
    for bad in (
        "",
        "ồ",
        token[:-1],
        token + "A",
        mixed,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "A" * 20,
    ):
        with pytest.raises(NotFound):
            choosing.by_token(bad)
    for _twice in range(2):
        choosing.choose(token=token, refused=["zalo"], quiet=(22, 5), actor=PUBLIC, at=NOON, key="k")
    row.refresh_from_db()
    assert (row.refused, row.quiet_from, row.quiet_to) == (["zalo"], 22, 5)
    assert Entry.objects.filter(subject_kind="recipient").count() == 1
    for refused, quiet in ((["email"], (21, 7)), ([], (24, 7)), ([], (-1, 7))):
        with pytest.raises(Refusal):
            choosing.choose(token=token, refused=refused, quiet=quiet, actor=PUBLIC, at=NOON)
    Recipient.objects.all().delete()
    with pytest.raises(NotFound):
        choosing.by_token(token)


# ── Configuration


def test_the_file_of_providers_is_read_whole_or_refused_by_name(tmp_path, monkeypatch):
    secret, named = tmp_path / "secret", tmp_path / "providers.toml"
    secret.write_text("mật\n")
    monkeypatch.setenv("MOTCUA_PROVIDERS", str(named))
    fine = f"""
sms_marks = true
[[sms]]
driver = "viettel"
url = "https://sms.example.vn/bulkapi"
user = "u"
password_file = "{secret}"
cp_code = "c"
brand = "b"
[[sms]]
driver = "json"
name = "other"
url = "https://other.example.vn/send"
body = {{ to = "{{phone}}", text = "{{text}}" }}
secret_headers = {{ Authorization = "{secret}" }}
ok = ["code", "0"]
[zalo]
app_id = "1"
secret_file = "{secret}"
[push]
contact = "mailto:a@example.vn"
"""
    named.write_text(fine)
    found = providers.read()
    assert [one.name for one in found.sms] == ["viettel", "other"] and found.marks and found.zalo is not None
    assert "mật" not in repr(found)
    for old, new in (
        ("https://sms", "http://sms"), ('driver = "json"', 'driver = "x"'), ("user =", "usr ="), ("[zalo]", "[zal]"),
        ("{text}", "text"), ('name = "other"', 'name = "viettel"'),
        ("mailto:", "a:"), ("[push]", "[push"), (str(secret), str(tmp_path / "none")),
    ):  # fmt: skip
        named.write_text(fine.replace(old, new))
        with pytest.raises(env.BadSetting):
            providers.read()
    monkeypatch.setenv("MOTCUA_PROVIDERS", str(tmp_path / "none"))
    with pytest.raises(env.BadSetting):
        providers.read()
    monkeypatch.delenv("MOTCUA_PROVIDERS")
    assert providers.read() == Providers()
