"""Messages through a real mail server on loopback: told once, sent at least once, tried again, looked after."""

import os
import signal
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections, transaction

from motcua.base.audit.models import Entry
from motcua.base.jobs.operations import MOST_ATTEMPTS, give_back_stalled
from motcua.base.notifications import queries, words
from motcua.base.notifications.channels import email
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.handlers import message_written
from motcua.base.notifications.models import Message, State
from motcua.base.notifications.operations import dead_letters, sending, telling
from motcua.base.outbox.models import Message as Fact
from motcua.dossiers.tests import committed as own
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = pytest.mark.django_db
AN = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"system_admin"}))
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
    return telling.tell(
        channel="email", mark=mark, subject="Hồ sơ đã tiếp nhận", body="Kính gửi <bà> Lan,\n\nĐã nhận.",
        address=address, at=at, **more,
    )  # fmt: skip


def stands(row: Message) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.state, row.tries, row.last_error


def test_a_letter_goes_out_once_and_is_emptied(inbox):
    row = mail("a", link="https://motcua.example.vn/tra-cuu/")
    assert mail("a").pk == row.pk  # pressed twice
    with connection.cursor() as cursor:
        cursor.execute("select address, body from notifications_message")
        assert b"example.vn" not in bytes(cursor.fetchone()[0])
    assert (sending.send_waiting(at=NOON), sending.send_waiting(at=NOON)) == (1, 0)
    (letter,) = inbox.taken
    assert letter["Subject"] == "Hồ sơ đã tiếp nhận"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://motcua.example.vn/tra-cuu/" in letter.get_body(("plain",)).get_content()
    assert "&lt;bà&gt; Lan" in letter.get_body(("html",)).get_content()
    row.refresh_from_db()
    assert (row.state, row.body, row.address, row.held_until) == (State.SENT, None, None, None)


def test_a_change_that_is_undone_tells_nobody(inbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail("undone")
        raise ZeroDivisionError
    assert sending.send_waiting(at=NOON) == 0
    assert not inbox.taken


def test_what_is_no_longer_true_or_was_taken_back_is_not_sent(inbox):
    row = mail("late", until=NOON + timedelta(minutes=30))
    back, true = mail("back"), mail("true", until=NOON + timedelta(hours=2))
    assert (
        telling.take_back(channel="email", mark="back"),
        telling.take_back(channel="email", mark="x"),
    ) == (1, 0)
    assert sending.send_waiting(at=NOON + timedelta(minutes=30)) == 1
    assert [stands(one)[0] for one in (row, back, true)] == [State.EXPIRED, State.DROPPED, State.SENT]
    row.refresh_from_db()
    assert row.body is None and row.subject
    assert queries.standing(NOON).expired == 1


def test_what_waits_for_the_morning_is_not_stuck(inbox):
    night, seven = NOON.replace(hour=23), NOON.replace(hour=7) + timedelta(days=1)
    quiet = {"at": night, "next_try_at": night, "quiet_from": 21, "quiet_to": 7}
    Message.objects.filter(pk=mail("sms").pk).update(channel="sms", **quiet)
    Message.objects.filter(pk=mail("mail").pk).update(**quiet)
    Message.objects.filter(pk=mail("now").pk).update(**quiet, heeds_quiet=False)
    by_channel = {one.channel: one for one in queries.standing(night + timedelta(minutes=5)).waiting}
    assert (by_channel["sms"].due, by_channel["sms"].resting, by_channel["sms"].rests_until) == (0, 1, seven)
    assert (by_channel["email"].due, by_channel["email"].resting, by_channel["email"].oldest) == (1, 1, night)
    Message.objects.filter(heeds_quiet=False).delete()
    assert queries.standing(night).due == 0 and queries.standing(night).oldest is None
    late = queries.standing(seven + timedelta(minutes=5))
    assert (late.due, late.oldest) == (2, seven)


@pytest.mark.parametrize(
    ("hour", "hours", "until"),
    [(21, (21, 6), 30), (5, (21, 6), 6), (6, (21, 6), None), (20, (21, 6), None), (12, (12, 13), 13),
     (13, (12, 13), None), (9, (8, 8), None), (23, (20, 24), 24), (0, (24, 6), 6)],
)  # fmt: skip
def test_quiet_hours_end_where_senders_begin(inbox, hour, hours, until):
    at, midnight = NOON.replace(hour=hour), NOON.replace(hour=0)
    assert queries.quiet_until(at, *hours) == (None if until is None else midnight + timedelta(hours=until))
    row = mail("x")
    Message.objects.filter(pk=row.pk).update(at=at, next_try_at=at, quiet_from=hours[0], quiet_to=hours[1])
    assert sending.send_waiting(at=at) == (1 if until is None else 0)


def test_one_refused_address_keeps_nobody_waiting(inbox, caplog):
    inbox.refused = {"gone@example.vn": "550 no gone@example.vn", "full@example.vn": "452 full"}
    gone, full = mail("1", "gone@example.vn"), mail("2", "full@example.vn")
    mail("3")
    assert sending.send_waiting(at=NOON) == 1
    assert inbox.connections == 1
    full.refresh_from_db()
    assert stands(gone) == (State.FAILED, 1, "SMTPRecipientsRefused 550")
    assert (full.state, full.next_try_at) == (State.WAITING, NOON + timedelta(minutes=2))
    assert "gone@" not in caplog.text
    assert "Không có hộp thư này" in words.reason(gone)
    inbox.refused = {}
    assert sending.send_waiting(at=NOON + timedelta(minutes=3)) == 1


def test_a_server_that_is_down_costs_no_tries_and_one_that_hangs_up_holds_nobody(
    free_port, inbox, monkeypatch
):
    row, other = mail("a"), mail("b")

    async def hang_up(server: Any, session: Any, envelope: Any) -> str:
        server.transport.close()
        return "421 bye"

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "handle_DATA", hang_up)
        assert sending.send_waiting(at=NOON) == 0
    assert stands(row)[:2] == (State.WAITING, 1) and stands(other)[:2] == (State.WAITING, 0)
    assert sending.send_waiting(at=NOON) == 1  # the other one, at once
    with monkeypatch.context() as away:
        away.setattr("django.conf.settings.EMAIL_PORT", 9)
        assert sending.send_waiting(at=NOON + timedelta(minutes=5)) == 0
    assert stands(row)[:2] == (State.WAITING, 1)
    assert sending.send_waiting(at=NOON + timedelta(minutes=5)) == 1


def test_eight_refusals_make_a_dead_letter(inbox):
    inbox.refused = {"lan@example.vn": "451 later"}
    row, at = mail("a", heeds_quiet=False), NOON
    for _try in range(sending.MOST_TRIES):
        sending.send_waiting(at=at)
        at += timedelta(hours=5)
    assert stands(row)[:2] == (State.FAILED, sending.MOST_TRIES)
    assert "451" in words.reason(row)


def test_dead_letters_are_tried_again_or_given_up_by_an_administrator_alone(inbox):
    inbox.refused = {"old@example.vn": "550 no"}
    rows = [mail(str(number), "old@example.vn") for number in range(4)]
    over = mail("over", "old@example.vn", until=NOON + timedelta(hours=1))
    sending.send_waiting(at=NOON)
    found, older = queries.dead_letters(size=3)
    assert [one.pk for one in found] == [over.pk, rows[3].pk, rows[2].pk]
    assert [one.pk for one in queries.dead_letters(before=older, size=3)[0]] == [rows[1].pk, rows[0].pk]
    for act in (dead_letters.send_again, dead_letters.give_up):
        with pytest.raises(NotPermitted):
            act(message_id=rows[0].pk, actor=Actor(kind="officer", account_id=2), at=NOON)
        with pytest.raises(NotFound):
            act(message_id=0, actor=AN, at=NOON)
    with pytest.raises(Refusal):
        dead_letters.send_again(message_id=rows[0].pk, actor=AN, at=NOON, address="x, y@z.vn")
    for _twice in range(2):
        dead_letters.send_again(message_id=rows[0].pk, actor=AN, at=NOON, key="k", address="new@example.vn")
        dead_letters.give_up(message_id=rows[1].pk, actor=AN, at=NOON, key="l")
    with pytest.raises(Conflict):
        dead_letters.give_up(message_id=rows[1].pk, actor=AN, at=NOON, key="m")
    with pytest.raises(Conflict):
        dead_letters.send_again(message_id=over.pk, actor=AN, at=NOON + timedelta(hours=1))
    assert sending.send_waiting(at=NOON) == 1
    assert inbox.taken[0]["To"] == "new@example.vn"
    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].body, rows[1].last_error) == (
        State.DROPPED,
        None,
        "SMTPRecipientsRefused 550",
    )
    inbox.refused = {}
    later = NOON + timedelta(hours=2)
    assert len(dead_letters.send_all_again(actor=AN, at=later, key="n")) == 2  # the one that is over stays
    assert sending.send_waiting(at=later) == 2 and stands(over)[0] == State.EXPIRED
    told = Entry.objects.filter(subject_kind="message").values_list("verb", flat=True)
    assert sorted(told) == ["notifications.again"] * 3 + ["notifications.drop"]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own.database(django_db_blocker):
        yield


def test_a_sender_that_is_killed_loses_one_outcome_and_that_letter_goes_again(committed, inbox):
    rows = [mail(str(number), f"n{number}@example.vn") for number in range(4)]
    connections.close_all()
    sender = os.fork()
    if not sender:
        own.forked()
        real = email.Mail.carry

        def dies(self: email.Mail, message: Message) -> None:
            real(self, message)
            if message.mark == "2":
                os.kill(os.getpid(), signal.SIGKILL)

        email.Mail.carry = dies  # type: ignore[method-assign]
        try:
            sending.send_waiting(at=NOON)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(sender, 0)[1]) == -signal.SIGKILL
    assert [stands(row)[0] for row in rows] == [State.SENT, State.SENT, State.SENDING, State.WAITING]
    assert sending.send_waiting(at=NOON + timedelta(minutes=4)) == 0  # still held
    assert sending.send_waiting(at=NOON + timedelta(minutes=6)) == 2
    ids = [letter["Message-ID"] for letter in inbox.taken]
    assert len(ids) == 5 and ids.count(ids[2]) == 2, "the same letter by its Message-ID"
    assert {stands(row)[0] for row in rows} == {State.SENT}
    poison = mail("poison")
    Message.objects.filter(pk=poison.pk).update(
        state=State.SENDING, tries=sending.MOST_TRIES, held_until=NOON
    )
    assert sending.send_waiting(at=NOON) == 0
    assert stands(poison)[::2] == (State.FAILED, sending.UNSURE) and "có thể đã tới" in words.reason(poison)


def test_two_senders_at_once_send_each_letter_once(committed, inbox):
    for number in range(24):
        mail(str(number), f"n{number}@example.vn")
    connections.close_all()
    children = []
    for _sender in range(2):
        child = os.fork()
        if not child:
            own.forked()
            try:
                while sending.send_waiting(at=NOON, most=5):
                    pass
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    to = [letter["To"] for letter in inbox.taken]
    assert len(to) == len(set(to)) == 24


def test_at_night_only_what_cannot_wait_goes_out(inbox):
    night = NOON + timedelta(hours=10)
    mail("waits", at=night)
    mail("now", at=night, heeds_quiet=False)
    assert sending.send_waiting(at=night) == 1
    assert sending.after_quiet(night) == NOON + timedelta(hours=18)
    assert sending.send_waiting(at=NOON + timedelta(hours=18)) == 1


def test_the_screen_has_it_at_once_and_mine_is_not_yours():
    told = telling.tell(channel="screen", mark="s", subject="Đã trả lời", body="", at=NOON, account_id=7)
    assert (queries.unread(7), queries.unread(8)) == (1, 0)
    assert queries.own(7, told.pk) == told
    with pytest.raises(NotFound):
        queries.own(8, told.pk)
    assert (
        telling.read(account_id=8, at=NOON, message_ids=[told.pk]) == telling.read(account_id=8, at=NOON) == 0
    )
    assert (telling.read(account_id=7, at=NOON), telling.read(account_id=7, at=NOON), queries.unread(7)) == (
        1,
        0,
        0,
    )


def test_choices_bad_addresses_and_unknown_channels():
    assert queries.wanting("email", [7, 8]) == set()  # nobody chose
    telling.prefer(account_id=7, channel="email", wants=True)
    telling.prefer(account_id=8, channel="email", wants=False)
    assert queries.wanting("email", [7, 8]) == {7}
    for address in ("", "lan", "a@b.vn\nBcc: c@d.vn", "a@b.vn, c@d.vn"):
        with pytest.raises(Refusal):
            mail("bad", address)
    with pytest.raises(ValueError, match="no channel"):
        telling.tell(channel="pigeon", mark="x", subject="a", body="b", at=NOON)
    with pytest.raises(ValueError, match="chosen"):
        telling.prefer(account_id=7, channel="screen", wants=False)
    row = telling.tell(channel="screen", mark="y", subject="a\r\nBcc: x@y.vn", body="", at=NOON, account_id=7)
    assert "\n" not in row.subject
    assert (words.masked("lan@example.vn"), words.masked(None)) == ("l…@example.vn", "")


def test_old_texts_are_emptied_and_one_job_waits_for_many_messages(inbox):
    for number in range(3):
        mail(str(number))
    assert Fact.objects.filter(name=MessageWritten.name).count() == 3
    for _fact in range(3):
        message_written({})
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [sending.JOB])
        assert cursor.fetchone()[0] == 1
    assert telling.forget(before=NOON + timedelta(days=1)) == 3
    assert set(Message.objects.values_list("subject", "body", "address", "state")) == {
        ("", None, None, "expired")
    }
    assert sending.send_waiting(at=NOON + timedelta(days=1)) == 0


def test_jobs_of_a_killed_worker_are_given_back_and_hold_no_lock_for_ever():
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '2 minutes'), (now())"
            " returning id"
        )
        (dead,), (alive,) = cursor.fetchall()
        for name, worker, attempts, waits in (
            ("left", dead, 0, "a"), ("runs", alive, 0, "b"), ("kills", dead, MOST_ATTEMPTS, "c"), ("twice", dead, 0, "d"),
        ):  # fmt: skip
            cursor.execute(
                "insert into procrastinate_jobs (queue_name, task_name, status, worker_id, attempts, queueing_lock, lock)"
                " values ('default', %s, 'doing', %s, %s, %s, %s)",
                [name, worker, attempts, waits, name],
            )
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, queueing_lock) values ('default', 'twice', 'd')"
        )
        assert (give_back_stalled(), give_back_stalled()) == (3, 0)
        cursor.execute("select task_name, status from procrastinate_jobs order by id")
        found = [tuple(row) for row in cursor.fetchall()]
    assert found == [
        ("left", "todo"), ("runs", "doing"), ("kills", "failed"), ("twice", "failed"), ("twice", "todo"),
    ]  # fmt: skip
