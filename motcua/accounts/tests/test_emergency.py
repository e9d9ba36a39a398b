"""Emergency accounts: sealed by a system administrator, loud when used, void after the next sealing."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account, AccountKind, EmergencySeal, Notice, NoticeKind
from motcua.accounts.operations import emergency, links, resets
from motcua.accounts.tests.conftest import STAFF
from motcua.agencies.operations import people as staff
from motcua.agencies.queries import actor_for
from motcua.base.audit.models import Entry
from motcua.base.outbox.models import Message
from motcua.base.outbox.operations import deliver
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotPermitted, Refusal

WHY = "Nguyễn Văn Đức, hai quản trị đều mất điện thoại"


@pytest.fixture
def people(people_who_stay: dict[str, Account]) -> dict[str, Account]:
    """Loaded once for all of these."""
    return people_who_stay


@pytest.fixture
def acting(people):
    return lambda name: actor_for(people[name].positions.get().pk, timezone.localdate())


@pytest.fixture
def sealed(people, acting, now):
    return staff.open_emergency(
        login_name="khan-cap-1", full_name="Khẩn cấp số 1", unit_id=acting("an").unit_id, place="két A, két B",
        actor=acting("an"), at=now,
    )  # fmt: skip


def _log_in(made, code=0):
    client = Client(headers={"host": STAFF}, REMOTE_ADDR="10.9.9.9")
    client.post("/dang-nhap/", {"login": "khan-cap-1", "password": made.password})
    return client, client.post("/dang-nhap/ma/", {"code": made.codes[code]})


def test_the_two_envelopes_log_in_without_a_phone_and_neither_alone(sealed):
    assert len(sealed.codes) == 10 and len(sealed.password) == 29
    client = Client(headers={"host": STAFF})
    assert client.post("/dang-nhap/", {"login": "khan-cap-1", "password": sealed.password})["Location"] == (
        "/dang-nhap/ma/"
    )
    assert client.get("/account/").status_code == 302, "the password opens nothing alone"
    client, answer = _log_in(sealed)
    assert answer["Location"] == "/account/emergency/"


def test_nothing_opens_before_the_person_says_why(sealed):
    client, _answer = _log_in(sealed)
    for path in ("/", "/people/", "/account/", "/account/password/"):
        assert client.get(path)["Location"] == "/account/emergency/", path
    assert "Ghi họ tên" in client.post("/account/emergency/", {"reason": "  "}).content.decode()
    assert client.post("/account/emergency/", {"reason": WHY})["Location"] == "/"
    assert client.get("/people/").status_code == 200
    assert EmergencySeal.objects.get(replaced_at=None).reason == WHY


def test_a_use_is_written_logged_and_told_to_every_system_administrator(sealed, now, caplog):
    with caplog.at_level(logging.CRITICAL):
        client, _answer = _log_in(sealed)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    client.post("/account/emergency/", {"reason": WHY})
    Message.objects.update(next_try_at=now - timedelta(days=1))  # before this test's one transaction
    deliver(subscriptions=SUBSCRIPTIONS)
    told = Notice.objects.filter(kind=NoticeKind.EMERGENCY_USED)
    assert set(told.values_list("account__login_name", flat=True)) == {"an", "son"}
    assert told.filter(detail=f"Khẩn cấp số 1: {WHY}", address="10.9.9.9").exists()
    subject = str(sealed.seal.account_id)
    verbs = Entry.objects.filter(subject_kind="account", subject_id=subject).values_list("verb", flat=True)
    assert {"account.seal", "account.emergency_log_in", "account.emergency_reason"} <= set(verbs)
    assert sealed.password not in str(list(Entry.objects.filter(subject_id=subject).values_list("payload")))


def test_an_administrator_is_warned_until_it_is_sealed_anew(sealed, browser_of, people):
    _log_in(sealed)
    client = browser_of("an")
    assert "Khẩn cấp số 1" in client.get("/people/").content.decode()
    page = client.post(
        f"/people/emergency/{sealed.seal.account_id}/seal/", {"place": "két C"}
    ).content.decode()
    password = re.search(r"<code>((?:[2-9A-Z]{5}-){4}[2-9A-Z]{5})</code>", page)
    assert password and password[1] != sealed.password
    assert "đã được mở" not in client.get("/people/").content.decode()
    assert "két C" in client.get("/people/emergency/").content.decode()


def test_sealing_anew_voids_the_old_envelopes_and_ends_the_session(sealed, acting, now):
    client, _answer = _log_in(sealed)
    fresh = emergency.seal(account_id=sealed.seal.account_id, place="két C", actor=acting("an"), at=now)
    assert client.get("/account/emergency/")["Location"].startswith("/dang-nhap/")
    _client, answer = _log_in(sealed)
    assert answer["Location"] == "/dang-nhap/", "the old password starts no log-in, so no code is asked"
    _client, answer = _log_in(fresh)
    assert answer["Location"] == "/account/emergency/"


def test_only_a_system_administrator_seals_and_nobody_seals_themselves(sealed, acting, people, now):
    account = sealed.seal.account
    own = actor_for(account.positions.get().pk, timezone.localdate())
    for actor in (acting("hoa"), acting("tuan"), own):
        with pytest.raises(NotPermitted):
            emergency.seal(account_id=account.pk, place="x", actor=actor, at=now)
    with pytest.raises(Refusal, match="không phải tài khoản khẩn cấp"):
        emergency.seal(account_id=people["hoa"].pk, place="x", actor=acting("an"), at=now)


def test_reset_and_invitation_are_no_way_around_the_seal(sealed, acting, now):
    account = sealed.seal.account
    with pytest.raises(Refusal, match="niêm phong lại"):
        resets.ask_reset(account_id=account.pk, reason="x", actor=acting("an"), at=now)
    Account.objects.filter(pk=account.pk).update(password="!")
    with pytest.raises(Refusal, match="niêm phong lại"):
        links.invite(account_id=account.pk, actor=SYSTEM, at=now)


def test_one_seal_holds_at_a_time(sealed, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencySeal.objects.create(account=sealed.seal.account, place="két", sealed_at=now)


def test_use_of_an_account_that_was_never_sealed_is_as_loud(people, now, entered):
    Account.objects.filter(pk=people["kim"].pk).update(account_kind=AccountKind.BREAK_GLASS)
    account = Account.objects.get(pk=people["kim"].pk)
    emergency.used(account=account, actor=SYSTEM, at=now, address="10.9.9.9")
    seal = EmergencySeal.objects.get(account=account)
    assert seal.broken_at == now
    client = entered(account)
    assert client.get("/")["Location"] == "/account/emergency/"
