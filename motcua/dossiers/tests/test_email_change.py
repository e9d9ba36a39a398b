"""Changing the address of letters: by a code that came to the new mailbox, by an administrator; nothing else does it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.accounts.models import Account, EmailChange, Notice
from motcua.accounts.operations import emails
from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit import administration
from motcua.base.audit.models import Entry
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import sending
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import World, world
from motcua.dossiers.tests.test_reminders import Inbox, server
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

__all__ = ["world"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
OLD, NEW = "hoa@example.vn", "hoa.moi@example.vn"


@pytest.fixture
def inbox(settings) -> Iterator[Inbox]:
    found = Inbox()
    with server(settings, found):
        yield found


@pytest.fixture
def hoa(world: World) -> Account:
    Account.objects.filter(pk=world.accounts["hoa"].pk).update(email=OLD)
    return Account.objects.get(pk=world.accounts["hoa"].pk)


def ask(world: World, email: str = NEW, **changes: Any) -> EmailChange:
    facts: dict[str, Any] = {"email": email, "actor": world.actor("hoa"), "at": NOW, "key": uuid4().hex}
    return emails.ask(**facts | changes)


def send(at: datetime) -> int:
    return sending.send_waiting(at=at)


def code_in(inbox: Inbox) -> str:
    found = re.search(r"Mã xác nhận: (\w{6})", inbox.texts()[-1])
    assert found
    return found[1]


def test_the_code_in_the_new_mailbox_changes_the_address_and_the_old_one_is_told(
    world: World, hoa: Account, inbox: Inbox
) -> None:
    client = world.client("hoa")
    page = client.get("/account/email/").content.decode()
    assert OLD in page
    assert client.post("/account/email/", {"act": "ask", "email": NEW, "key": "k"}).status_code == 302
    set_database_actor(world.actor("hoa"))
    assert [one.mark for one in Message.objects.all()] == [f"address:{EmailChange.objects.get().pk}:code"]
    inbox.refuse = "451 later"
    soon = timezone.now()
    assert send(soon) == 0
    inbox.refuse = ""
    assert send(soon + timedelta(seconds=30)) == 0  # it waits two minutes
    assert send(soon + timedelta(minutes=2)) == 1 and send(soon + timedelta(minutes=9)) == 0
    assert inbox.taken[0].rcpt_tos == [NEW] and hoa.full_name not in inbox.texts()[0]
    wrong = client.post("/account/email/", {"act": "confirm", "code": "AAAAAA"})
    assert wrong.status_code == 422 and "Mã không đúng" in wrong.content.decode()
    code = code_in(inbox)
    assert (
        client.post(
            "/account/email/", {"act": "confirm", "code": f" {code.lower()[:3]} {code[3:]}"}
        ).status_code
        == 302
    )
    hoa.refresh_from_db()
    assert hoa.email == NEW
    change = EmailChange.objects.get()
    assert (change.code, change.wrong, change.before) == ("", 1, OLD)
    assert send(timezone.now() + timedelta(seconds=5)) == 1
    assert inbox.taken[1].rcpt_tos == [OLD] and "gửi tới một địa chỉ khác" in inbox.texts()[1]
    assert Notice.objects.filter(account=hoa, kind="email_changed").count() == 1
    told = Entry.objects.filter(subject_kind="account", verb__contains="email")
    assert [one.verb for one in told.order_by("seq")] == ["account.ask_email", "account.confirm_email"]
    assert not any(NEW in str(one.payload) or OLD in str(one.payload) for one in told)


def test_wrong_codes_are_counted_and_the_fifth_ends_it(world: World, hoa: Account, inbox: Inbox) -> None:
    change, actor = ask(world), world.actor("hoa")
    good = EmailChange.objects.get(pk=change.pk).code or ""
    for bad in ("AAAAAA", "", "😀", "0" * 300, "A'--"):
        assert emails.confirm(code=bad, actor=actor, at=NOW) is False
    with pytest.raises(Conflict, match="không còn dùng được"):
        emails.confirm(code=good, actor=actor, at=NOW)
    hoa.refresh_from_db()
    assert hoa.email == OLD and EmailChange.objects.get(pk=change.pk).code == ""


def test_an_hour_another_request_and_another_person_end_or_miss_it(
    world: World, hoa: Account, inbox: Inbox
) -> None:
    first = ask(world).code or ""
    second = ask(world, "hoa.ba@example.vn")
    actor = world.actor("hoa")
    assert emails.confirm(code=first, actor=actor, at=NOW) is False  # the first request's code
    with pytest.raises(Conflict):
        emails.confirm(code=second.code or "", actor=world.actor("minh"), at=NOW)
    with pytest.raises(Conflict):
        emails.confirm(code=second.code or "", actor=actor, at=NOW + timedelta(hours=1))
    assert send(NOW + timedelta(hours=1)) == 0, "a code that is no longer good is not sent"
    assert sorted(Message.objects.values_list("state", flat=True)) == ["dropped", "expired"]
    assert emails.sweep(at=NOW + timedelta(hours=1)) == 1
    assert not EmailChange.objects.filter(dropped_at=None).exists()


def test_what_is_refused_so_many_an_hour_and_without_mail(
    world: World, hoa: Account, inbox: Inbox, settings: Any
) -> None:
    bad = [
        "",
        " ",
        "x",
        "a@b",
        "a b@c.vn",
        "a@c.vn\r\nBcc: x@y.vn",
        "a@c.vn, b@c.vn",
        f"{'a' * 250}@c.vn",
        OLD,
        OLD.upper(),
    ]
    for address in bad:
        with pytest.raises(Refusal):
            ask(world, address)
    assert not EmailChange.objects.exists()
    for number in range(5):
        ask(world, f"hoa{number}@example.vn")
    with pytest.raises(Refusal, match="quá nhiều lần"):
        ask(world)
    ask(world, at=NOW + timedelta(hours=1))
    settings.MAIL = False
    with pytest.raises(Conflict, match="máy chủ thư"):
        ask(world, "x@example.vn")


def test_a_system_administrator_writes_others_and_not_the_own(
    world: World, hoa: Account, inbox: Inbox
) -> None:
    committed.one_more(world, "an", "Trần Văn An", UnitKind.CLERICAL, (Role.SYSTEM_ADMIN,), NOW)
    client = world.client("an")
    here = f"/people/{hoa.pk}/email/"
    assert client.post(here, {"email": "x y", "key": "a"}).status_code == 422
    for _twice in range(2):
        assert client.post(here, {"email": NEW, "key": "b"}).status_code == 302
    set_database_actor(world.actor("an"))
    hoa.refresh_from_db()
    assert hoa.email == NEW
    assert send(timezone.now() + timedelta(seconds=1)) == 1 and inbox.taken[0].rcpt_tos == [OLD]
    verbs = [one.verb for one in administration.page(administration.Wanted(), after="", size=20)[0]]
    assert verbs.count("account.set_email") == 1
    facts: dict[str, Any] = {"email": "q@example.vn", "at": NOW, "key": ""}
    with pytest.raises(NotPermitted):
        emails.set_for(account_id=world.accounts["an"].pk, actor=world.actor("an"), **facts)
    with pytest.raises(NotPermitted):
        emails.set_for(account_id=hoa.pk, actor=world.actor("tuan"), **facts)
    emails.set_for(account_id=hoa.pk, actor=world.actor("an"), **facts | {"email": ""})
    hoa.refresh_from_db()
    assert hoa.email == ""
