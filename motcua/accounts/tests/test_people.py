"""Invitations, passwords, two-person resets, leavers, idle accounts: what the operations refuse and write."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account, AccountKind, Invitation, ResetRequest
from motcua.accounts.operations import accounts, links, passwords, resets
from motcua.accounts.tests.conftest import STAFF
from motcua.agencies.operations import people as staff
from motcua.agencies.queries import actor_for
from motcua.base.audit.queries import entries_of, verify
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

GOOD = "con tau ra khoi som"


@pytest.fixture
def people(people_who_stay: dict[str, Account]) -> dict[str, Account]:
    """Loaded once for all of these."""
    return people_who_stay


@pytest.fixture
def acting(people):
    def actor(name):
        return actor_for(people[name].positions.get().pk, timezone.localdate())

    return actor


def _newcomer(acting, now, **values):
    unit = acting("hoa").unit_id
    asked = {
        "login_name": "quynh",
        "full_name": "Lý Ngọc  Quyên",
        "unit_id": unit,
        "title": "Chuyên viên",
        "roles": ["specialist"],
        "actor": acting("an"),
        "at": now,
    }
    return staff.invite_officer(**(asked | values))


# ── One-time links


def test_an_invited_person_sets_a_password_once(people, acting, now):
    position, link = _newcomer(acting, now)
    client = Client(headers={"host": STAFF})
    path = f"/loi-moi/{link.token}/"
    page = client.get(path).content.decode()
    assert "Lý Ngọc Quyên" in page
    assert client.post(path, {"password": GOOD, "again": "khac"}).status_code == 200
    assert client.post(path, {"password": GOOD, "again": GOOD})["Location"] == "/dang-nhap/"
    assert client.get(path).status_code == 404, "one use"
    assert client.post(path, {"password": GOOD, "again": GOOD}).status_code == 404
    answer = client.post("/dang-nhap/", {"login": "quynh", "password": GOOD})
    assert answer.status_code == 302
    assert client.get("/account/")["Location"] == "/account/second-factor/"
    assert position.account.positions.count() == 1


def test_only_the_hash_of_a_link_is_stored(people, acting, now):
    _position, link = _newcomer(acting, now)
    stored = Invitation.objects.get(pk=link.invitation.pk)
    assert link.token.encode() not in bytes(stored.token_hash)
    history = list(entries_of("account", stored.account_id, agency_id=0))
    assert all(link.token not in str(entry.payload) for entry in history)


def test_a_link_lasts_72_hours_and_a_new_one_withdraws_it(people, acting, now):
    position, link = _newcomer(acting, now)
    with pytest.raises(NotFound):
        links.accept(token=link.token, password=GOOD, at=now + timedelta(hours=72))
    second = staff.invite_again(account_id=position.account_id, actor=acting("an"), at=now)
    with pytest.raises(NotFound):
        links.accept(token=link.token, password=GOOD, at=now)
    links.accept(token=second.token, password=GOOD, at=now + timedelta(hours=71, minutes=59))
    with pytest.raises(Refusal, match="đã đặt mật khẩu"):
        staff.invite_again(account_id=position.account_id, actor=acting("an"), at=now)


@pytest.mark.parametrize("name", ["hoa", "HOA", " hoa ", "có dấu", "a b", "", "-x", "x" * 61])
def test_names_in_use_and_odd_names_are_refused(people, acting, now, name):
    before = Account.objects.count()
    with pytest.raises(Refusal):
        _newcomer(acting, now, login_name=name)
    assert Account.objects.count() == before, "all or nothing"


# ── Passwords


@pytest.mark.parametrize(
    "password", ["1234567", "password", "12345678", "motcua2026", "hoa12345", "Haiphong@123"]
)
def test_weak_passwords_are_refused(people, password):
    with pytest.raises(Refusal):
        passwords.check(account=people["hoa"], password=password)


def test_length_is_8_with_second_factor_and_14_without(people):
    passwords.check(account=people["hoa"], password="xk7 2pqz")
    with pytest.raises(Refusal, match="14"):
        passwords.check(account=people["lan"], password="xk7 2pqz 9wv1")
    passwords.check(account=people["lan"], password="xk7 2pqz 9wv1a")


def test_the_eleventh_password_may_be_the_first_again(people, now):
    words = [f"la thu so {number} gui di" for number in range(11)]
    hoa = people["hoa"]
    for word in words:
        passwords.set_password(account=hoa, password=word, actor=SYSTEM, at=now)
    with pytest.raises(Refusal, match="10 lần"):
        passwords.set_password(account=hoa, password=words[1], actor=SYSTEM, at=now)
    passwords.set_password(account=hoa, password=words[0], actor=SYSTEM, at=now)
    assert hoa.password_records.count() == 10


# ── Two-person reset


def test_a_reset_needs_two_administrators_and_neither_is_the_person(people, acting, now):
    hoa = people["hoa"]
    request = staff.ask_reset(account_id=hoa.pk, reason="mất điện thoại", actor=acting("an"), at=now)
    with pytest.raises(NotPermitted):
        staff.confirm_reset(request_id=request.pk, actor=acting("an"), at=now)
    with pytest.raises((NotPermitted, NotFound)):
        staff.confirm_reset(request_id=request.pk, actor=acting("tuan"), at=now)
    hoa.refresh_from_db()
    assert hoa.has_usable_password(), "nothing changed so far"
    link = staff.confirm_reset(request_id=request.pk, actor=acting("son"), at=now)
    hoa.refresh_from_db()
    assert not hoa.has_usable_password()
    from allauth.mfa.models import Authenticator

    assert not Authenticator.objects.filter(user_id=hoa.pk).exists()
    with pytest.raises(Conflict):
        staff.confirm_reset(request_id=request.pk, actor=acting("son"), at=now)
    links.accept(token=link.token, password=GOOD, at=now)


def test_nobody_asks_or_confirms_for_themselves(people, acting, now):
    with pytest.raises(NotPermitted):
        staff.ask_reset(account_id=people["an"].pk, reason="x", actor=acting("an"), at=now)
    request = staff.ask_reset(account_id=people["an"].pk, reason="x", actor=acting("son"), at=now)
    with pytest.raises(NotPermitted):
        staff.confirm_reset(request_id=request.pk, actor=acting("an"), at=now)


def test_the_program_is_not_a_second_person(people, now):
    with pytest.raises(NotPermitted):
        resets.ask_reset(account_id=people["hoa"].pk, reason="x", actor=SYSTEM, at=now)


def test_the_database_refuses_a_one_person_reset(people, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResetRequest.objects.create(
            account=people["hoa"],
            reason="x",
            asked_by=people["an"],
            asked_at=now,
            state="confirmed",
            answered_by=people["an"],
            answered_at=now,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ResetRequest.objects.create(account=people["an"], reason="x", asked_by=people["an"], asked_at=now)


# ── Leavers and idle accounts


def test_a_leaver_loses_everything_at_once(people, acting, browser_of, now):
    client = browser_of("hoa")
    staff.leave(account_id=people["hoa"].pk, reason="chuyển công tác", actor=acting("an"), at=now)
    assert client.get("/agencies/").status_code == 302
    assert not people["hoa"].positions.filter(valid_to=None).exists()
    people["hoa"].refresh_from_db()
    assert not people["hoa"].is_active
    answer = Client(headers={"host": STAFF}).post(
        "/dang-nhap/", {"login": "hoa", "password": "cau vong sau mua 7"}
    )
    assert answer.status_code == 200


def test_accounts_idle_45_days_are_disabled_and_break_glass_stays(people, now):
    def age(name, days):
        Account.objects.filter(login_name=name).update(
            created_at=now - timedelta(days=days), last_seen_at=now - timedelta(days=days)
        )

    age("hoa", 46)
    age("minh", 44)
    age("kim", 400)
    Account.objects.filter(login_name="kim").update(account_kind=AccountKind.BREAK_GLASS)
    closed = accounts.disable_idle(at=now, actor=SYSTEM)
    assert [account.login_name for account in closed] == ["hoa"]
    assert accounts.disable_idle(at=now, actor=SYSTEM) == []
    accounts.enable(account_id=people["hoa"].pk, actor=SYSTEM, at=now)
    assert accounts.disable_idle(at=now + timedelta(days=44), actor=SYSTEM) != []
    people["hoa"].refresh_from_db()
    assert people["hoa"].is_active, "counts anew from the day it was opened again"


def test_history_of_a_person_is_whole(people, acting, now):
    staff.leave(account_id=people["hoa"].pk, reason="nghỉ", actor=acting("an"), at=now)
    entries = entries_of("account", people["hoa"].pk, agency_id=0)
    verbs = [entry.verb for entry in entries]
    assert verbs[0] == "account.open"
    assert verbs[-2:] == ["account.end_position", "account.disable"]
    assert list(verify(entries)) == []
