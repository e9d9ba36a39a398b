"""The morning letter: who gets it, when, what it never says; through a real mail server, once a day."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test import Client

from motcua.accounts.models import Account
from motcua.accounts.operations.informing import choose_mail
from motcua.agencies.roles import Role
from motcua.base.calendars.models import DayKind
from motcua.base.calendars.operations import days
from motcua.base.notifications.models import Message, State
from motcua.base.notifications.operations import sending
from motcua.base.outbox.models import Message as Fact
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers.models import AgencyReminder, Letter
from motcua.dossiers.models.reminder import LetterState
from motcua.dossiers.operations import processing, reminders
from motcua.dossiers.tests.intake_world import STAFF, VIETNAM, logged_in, world
from motcua.dossiers.tests.lives import common, later, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

pytestmark = pytest.mark.django_db
__all__ = ["world"]

#: A plain Tuesday, a quarter of an hour after opening; a Saturday; the afternoon.
MORNING = datetime(2026, 7, 7, 7, 45, tzinfo=VIETNAM)
SATURDAY = datetime(2026, 7, 11, 7, 45, tzinfo=VIETNAM)
AFTERNOON = datetime(2026, 7, 7, 14, 0, tzinfo=VIETNAM)


class Inbox:
    """A mail server on this machine: keeps what it takes, or refuses as told."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        self.taken.append(envelope)
        return "250 OK"

    def texts(self) -> list[str]:
        return [body_of(one) for one in self.taken]


def body_of(envelope: Any) -> str:
    from email import message_from_bytes, policy

    message: Any = message_from_bytes(envelope.content, policy=policy.default)
    return f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}"


@contextmanager
def server(settings: Any, inbox: Inbox) -> Iterator[None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Controller(inbox, hostname="127.0.0.1", port=port)
    running.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL, settings.MAIL = "motcua@example.vn", True
        yield
    finally:
        running.stop()


@pytest.fixture
def inbox(settings) -> Iterator[Inbox]:
    found = Inbox()
    with server(settings, found):
        yield found


@pytest.fixture
def office(world):
    """Hoa and Tuấn have addresses; the agency's default is on; Hoa holds a dossier."""
    for name in ("hoa", "tuan", "thu"):
        Account.objects.filter(pk=world.accounts[name].pk).update(email=f"{name}@example.vn")
    AgencyReminder.objects.create(agency=world.home, on=True)
    dossier = take_in(world)
    processing.assign(**common(world, "hoa", dossier, later(hours=1), to_position=world.positions["hoa"]))
    return world, dossier


def key() -> str:
    return uuid4().hex


def rung(job: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [job])
        return int(cursor.fetchone()[0])


def morning(at: datetime = MORNING) -> int:
    reminders.write_due(at=at)
    return sending.send_waiting(at=at)


def test_a_letter_says_counts_codes_and_lists_and_nothing_of_people(office, inbox):
    world, dossier = office
    assert morning() >= 1
    [mine] = [one for one in inbox.taken if one.rcpt_tos == ["hoa@example.vn"]]
    text = body_of(mine)
    assert dossier.code in text and "/?list=" in text and "/account/reminders/" in text
    for personal in (
        "Hương",
        "Giang",
        dossier.applicant_name,
        "0912345678",
        "031185000017",
        world.accounts["hoa"].full_name,
    ):
        assert personal not in text, personal
    assert Letter.objects.get(account=world.accounts["hoa"]).state == LetterState.TOLD
    assert message_of(world, "hoa").body is None


def test_one_a_day_however_often_the_job_runs(office, inbox):
    morning()
    sent = len(inbox.taken)
    assert sent and morning() == 0 and morning(MORNING + timedelta(minutes=30)) == 0
    assert len(inbox.taken) == sent
    assert morning(MORNING + timedelta(days=1)) == sent


def test_nobody_gets_a_letter_when_nothing_waits(office, inbox):
    world, _dossier = office
    morning()
    quiet = Letter.objects.get(account=world.accounts["thu"])
    assert quiet.state == LetterState.NOTHING
    assert not Message.objects.filter(account_id=world.accounts["thu"].pk).exists()
    assert not [one for one in inbox.taken if one.rcpt_tos == ["thu@example.vn"]]


@pytest.mark.parametrize("at", [SATURDAY, AFTERNOON, MORNING - timedelta(hours=1)])
def test_letters_come_when_the_office_opens_only(office, inbox, at):
    assert morning(at) == 0 and not Letter.objects.exists()


def test_no_letter_on_a_day_off(office, inbox):
    days.add_day(
        on=MORNING.date(),
        kind=DayKind.DAY_OFF,
        name="Nghỉ",
        source="QĐ 1",
        actor=SYSTEM,
        at=MORNING,
        key=key(),
    )
    assert morning() == 0 and not Letter.objects.exists()


def test_ones_own_choice_wins_over_the_default(office, inbox):
    world, _dossier = office
    reminders.choose(wants=False, actor=world.actor("hoa"), at=MORNING, key=key())
    morning()
    assert not Letter.objects.filter(account=world.accounts["hoa"]).exists()
    AgencyReminder.objects.update(on=False)
    reminders.choose(wants=True, actor=world.actor("hoa"), at=MORNING, key=key())
    assert morning() == 1 and inbox.taken[-1].rcpt_tos == ["hoa@example.vn"]


def message_of(world: Any, name: str) -> Message:
    return Message.objects.get(mark=f"letter:{world.accounts[name].pk}:2026-07-07")


def test_yesterdays_letter_is_not_sent_any_more(office, inbox):
    world, _dossier = office
    inbox.refuse = "451 hoa@example.vn: try later"
    assert morning() == 0
    row = message_of(world, "hoa")
    assert row.state == State.WAITING and row.last_error.endswith("451")
    assert "@" not in row.last_error, "answers of mail servers repeat addresses"
    inbox.refuse = ""
    assert sending.send_waiting(at=MORNING) == 0, "not at once"
    assert sending.send_waiting(at=datetime(2026, 7, 8, 0, 0, tzinfo=VIETNAM)) == 0
    row.refresh_from_db()
    assert (row.state, row.body) == (State.EXPIRED, None)
    assert not [one for one in inbox.taken if one.rcpt_tos == ["hoa@example.vn"]]


def test_an_address_that_is_none_holds_nobody_up(office, inbox):
    world, _dossier = office
    Account.objects.filter(pk=world.accounts["hoa"].pk).update(email="hoa")
    assert morning() >= 0
    assert Letter.objects.get(account=world.accounts["hoa"]).state == LetterState.NOTHING


def test_a_letter_goes_through_the_outbox(office, inbox):
    written = reminders.write_due(at=MORNING)
    waiting = Fact.objects.filter(name="notifications.message_written", delivered_at=None)
    assert written == waiting.count() == Message.objects.filter(state=State.WAITING).count()
    for news in waiting:
        for handler in SUBSCRIPTIONS[news.name]:
            handler(news.payload)  # it rings the worker's bell, once however many letters there are
    assert rung(sending.JOB) == 1


def test_a_leader_hears_what_the_agency_is_late_with(office, inbox):
    world, dossier = office
    assert world.actor("tuan").has(Role.LEADER) and dossier.due_at is not None
    late = datetime(2026, 7, 28, 7, 45, tzinfo=VIETNAM)
    assert morning(late) >= 2
    [text] = [body_of(one) for one in inbox.taken if one.rcpt_tos == ["tuan@example.vn"]]
    assert "của cơ quan" in text and dossier.code in text


def test_who_has_no_address_cannot_switch_it_on_and_nobody_without_a_mail_server(world, settings):
    settings.MAIL = True
    for choice in (reminders.choose, choose_mail):
        with pytest.raises(Refusal, match="chưa có địa chỉ"):
            choice(wants=True, actor=world.actor("minh"), at=MORNING, key=key())
    settings.MAIL = False
    for choice in (reminders.choose, choose_mail):
        with pytest.raises(Conflict, match="MOTCUA_SMTP_HOST"):
            choice(wants=True, actor=world.actor("minh"), at=MORNING, key=key())
        choice(wants=False, actor=world.actor("minh"), at=MORNING, key=key())
    client = logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"])
    page = client.get("/account/reminders/").content.decode()
    assert "MOTCUA_SMTP_HOST" in page and "MOTCUA_SMTP_FROM" in page
    said = client.post("/account/reminders/", {"act": "news", "news": "on", "key": key()})
    assert said.status_code == 422 and "chưa nối với máy chủ thư" in said.content.decode()
    with pytest.raises(NotPermitted):
        reminders.set_default(on=True, actor=world.actor("minh"), at=MORNING, key=key())


def test_the_page_says_what_holds_and_keeps_a_choice(office):
    world, _dossier = office
    client = logged_in(Client(HTTP_HOST=STAFF), world.accounts["hoa"])
    page = client.get("/account/reminders/").content.decode()
    assert "hoa@example.vn" in page and "theo mặc định của cơ quan" in page and 'value="default"' not in page
    assert client.post("/account/reminders/", {"act": "own", "own": "x"}).status_code == 422
    assert client.post("/account/reminders/", {"act": "own", "own": "off", "key": key()}).status_code == 302
    assert "theo mặc định" not in client.get("/account/reminders/").content.decode()
    assert client.post("/account/reminders/", {"act": "default", "default": "off"}).status_code == 403
