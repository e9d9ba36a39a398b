"""Messages through a real mail server on loopback: told once, sent once, tried again, never twice in silence."""

import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from motcua.base.notifications import operations
from motcua.base.notifications.channels import screen
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.handlers import message_written
from motcua.base.notifications.models import Message, State
from motcua.base.outbox.models import Message as Fact
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 7, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


class Inbox:
    """Keeps what it takes; refuses the addresses it is told, with the answer it is told."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refused: dict[str, str] = {}
        self.connections = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, host: str, answers: Any) -> Any:
        session.host_name = host
        self.connections += 1
        return answers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def free_port(settings) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "motcua@example.vn"
    return port


@pytest.fixture
def inbox(free_port) -> Iterator[Inbox]:
    found = Inbox()
    running = Controller(found, hostname="127.0.0.1", port=free_port)
    running.start()
    yield found
    running.stop()


def mail(mark: str, address: str = "lan@example.vn", at: datetime = NOON, **more: Any) -> Message:
    told = operations.tell(
        channel="email", mark=mark, subject="Hồ sơ đã tiếp nhận", body="Kính gửi <bà> Lan,\n\nĐã nhận.",
        address=address, at=at, **more,
    )  # fmt: skip
    assert told is not None
    return told


def test_a_letter_goes_out_once_and_is_emptied(inbox):
    row = mail("a", link="https://motcua.example.vn/tra-cuu/")
    assert mail("a").pk == row.pk  # pressed twice
    assert (operations.send_waiting(at=NOON), operations.send_waiting(at=NOON)) == (1, 0)
    (letter,) = inbox.taken
    assert letter["Subject"] == "Hồ sơ đã tiếp nhận"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://motcua.example.vn/tra-cuu/" in letter.get_body(("plain",)).get_content()
    assert "&lt;bà&gt; Lan" in letter.get_body(("html",)).get_content()
    row.refresh_from_db()
    assert (row.state, row.body, row.address) == (State.SENT, "", "")


def test_a_change_that_is_undone_tells_nobody(inbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail("undone")
        raise ZeroDivisionError
    assert operations.send_waiting(at=NOON) == 0
    assert not inbox.taken


def test_one_refused_address_keeps_nobody_waiting(inbox, caplog):
    inbox.refused = {"gone@example.vn": "550 no gone@example.vn", "full@example.vn": "452 full"}
    gone, full = mail("1", "gone@example.vn"), mail("2", "full@example.vn")
    mail("3")
    assert operations.send_waiting(at=NOON) == 1
    assert inbox.connections == 1
    gone.refresh_from_db()
    full.refresh_from_db()
    assert (gone.state, gone.last_error) == (State.FAILED, "SMTPRecipientsRefused 550")
    assert (full.state, full.next_try_at) == (State.WAITING, NOON + timedelta(minutes=2))
    assert "gone@" not in caplog.text
    inbox.refused = {}
    assert operations.send_waiting(at=NOON + timedelta(minutes=3)) == 1
    operations.send_again(message_id=gone.pk, actor=SYSTEM, at=NOON)
    assert operations.send_waiting(at=NOON) == 1
    with pytest.raises(Refusal):
        operations.send_again(message_id=gone.pk, actor=SYSTEM, at=NOON)


def test_a_server_that_is_down_costs_no_tries(free_port):
    row = mail("a")
    assert operations.send_waiting(at=NOON) == 0
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.WAITING, 0)
    inbox = Inbox()
    running = Controller(inbox, hostname="127.0.0.1", port=free_port)
    running.start()
    try:
        assert operations.send_waiting(at=NOON) == 1
    finally:
        running.stop()


def test_eight_refusals_make_a_dead_letter(inbox):
    inbox.refused = {"lan@example.vn": "451 later"}
    row, at = mail("a", heeds_quiet=False), NOON
    for _try in range(operations.MOST_TRIES):
        operations.send_waiting(at=at)
        at += timedelta(hours=5)
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.FAILED, operations.MOST_TRIES)


def test_what_a_killed_worker_held_is_not_sent_again_by_itself(inbox):
    row = mail("a")
    Message.objects.filter(pk=row.pk).update(state=State.SENDING, taken_at=NOON)
    assert operations.send_waiting(at=NOON + timedelta(minutes=59)) == 0
    assert operations.send_waiting(at=NOON + timedelta(minutes=61)) == 0
    row.refresh_from_db()
    assert (row.state, row.last_error) == (State.FAILED, operations.UNSURE)
    assert not inbox.taken


def test_at_night_only_what_cannot_wait_goes_out(inbox):
    night = NOON + timedelta(hours=10)
    mail("waits", at=night)
    mail("now", at=night, heeds_quiet=False)
    assert operations.send_waiting(at=night) == 1
    assert operations.after_quiet(night) == NOON + timedelta(hours=18)
    assert operations.send_waiting(at=NOON + timedelta(hours=18)) == 1


def test_the_screen_has_it_at_once_and_mine_is_not_yours():
    told = operations.tell(channel="screen", mark="s", subject="Đã trả lời", body="", at=NOON, account_id=7)
    assert told is not None
    assert (screen.unread(7), screen.unread(8)) == (1, 0)
    assert screen.read(8, [told.pk], NOON) == 0
    assert (screen.read(7, [told.pk], NOON), screen.read(7, [told.pk], NOON), screen.unread(7)) == (1, 0, 0)


def test_choices_bad_addresses_and_unknown_channels():
    operations.prefer(account_id=7, channel="email", wants=False)
    none = operations.tell(
        channel="email", mark="x", subject="a", body="b", address="a@example.vn", at=NOON, account_id=7
    )
    assert none is None
    for address in ("", "lan", "a@b.vn\nBcc: c@d.vn", "a@b.vn, c@d.vn"):
        with pytest.raises(Refusal):
            mail("bad", address)
    with pytest.raises(ValueError, match="no channel"):
        operations.tell(channel="pigeon", mark="x", subject="a", body="b", at=NOON)
    with pytest.raises(ValueError, match="chosen"):
        operations.prefer(account_id=7, channel="screen", wants=False)
    row = operations.tell(
        channel="screen", mark="y", subject="a\r\nBcc: x@y.vn", body="", at=NOON, account_id=7
    )
    assert row is not None
    assert "\n" not in row.subject


def test_old_texts_are_emptied_and_one_job_waits_for_many_messages(inbox):
    for number in range(3):
        mail(str(number))
    assert Fact.objects.filter(name=MessageWritten.name).count() == 3
    for _fact in range(3):
        message_written({})
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [operations.JOB])
        assert cursor.fetchone()[0] == 1
    assert operations.forget(before=NOON + timedelta(days=1)) == 3
    assert not Message.objects.exclude(subject="", body="", address="").exists()
    assert operations.send_waiting(at=NOON + timedelta(days=1)) == 0


@pytest.mark.long
def test_how_many_letters_a_second(inbox):
    for number in range(500):
        mail(str(number), f"n{number}@example.vn")
    began = time.monotonic()
    assert operations.send_waiting(at=NOON) == 500
    print(f"{500 / (time.monotonic() - began):.0f} letters a second")
