"""The demo's people in the test database, and browsers of the staff host without a browser."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from motcua.accounts import sessions
from motcua.accounts.models import Account
from motcua.agencies.demo import load_demo_people
from motcua.lib.actor import SYSTEM

STAFF = "canbo.localhost"
QUICK = "motcua.accounts.tests.hashers.QuickArgon2"
PASSWORD = "cau vong sau mua 7"


def code_now(account: Account, shift: int = 0) -> str:
    """Six digits as any authenticator app would show them; written here again, from RFC 6238."""
    stored = Authenticator.objects.get(user_id=account.pk, type=Authenticator.Type.TOTP).data["secret"]
    key = base64.b32decode(get_adapter().decrypt(stored))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + shift), hashlib.sha1).digest()
    at = digest[19] & 15
    return str((struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6).zfill(6)


@pytest.fixture(autouse=True)
def quick_hashes(settings: object) -> None:
    settings.PASSWORD_HASHERS = [QUICK]  # type: ignore[attr-defined]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def people(db: None, now: datetime) -> dict[str, Account]:
    """The demo's people, loaded for one test."""
    cache.clear()
    return load_demo_people(at=now, actor=SYSTEM, password_for=lambda _name: PASSWORD)


@pytest.fixture(scope="module")
def people_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Load the demo's people once for the module, never committed; return their keys by login name."""
    quick = override_settings(PASSWORD_HASHERS=[QUICK])
    with django_db_blocker.unblock(), transaction.atomic():
        with quick:
            made = load_demo_people(at=timezone.now(), actor=SYSTEM, password_for=lambda _name: PASSWORD)
        yield {name: account.pk for name, account in made.items()}
        transaction.set_rollback(True)


@pytest.fixture
def people_who_stay(people_of_module: dict[str, int], db: None) -> dict[str, Account]:
    """The demo's people, loaded once a module, as they stand in the test's own transaction.

    For modules of many quick tests that say `people` is this; not where the office must stand as it was built.
    """
    cache.clear()
    found = Account.objects.in_bulk(people_of_module.values())
    return {name: found[number] for name, number in people_of_module.items()}


@pytest.fixture
def committed_people(fresh_database: str, now: datetime, django_db_blocker: object) -> dict[str, Account]:
    """The same people in a database of the test's own, for what happens at COMMIT."""
    cache.clear()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return load_demo_people(at=now, actor=SYSTEM, password_for=lambda _name: PASSWORD)


@pytest.fixture
def browser_of(people: dict[str, Account]) -> Callable[..., Client]:
    """Return a client that logged in through both steps."""

    def log_in(name: str, shift: int = 0) -> Client:
        client = Client(headers={"host": STAFF})
        answer = client.post("/dang-nhap/", {"login": name, "password": PASSWORD})
        assert answer.status_code == 302 and answer["Location"] == "/dang-nhap/ma/", answer.content
        answer = client.post("/dang-nhap/ma/", {"code": code_now(people[name], shift)})
        assert answer.status_code == 302, answer.content
        return client

    return log_in


@pytest.fixture
def entered() -> Callable[[Account], Client]:
    """Return a client in a session with a proven second factor, however the account would log in."""

    def enter(account: Account) -> Client:
        client = Client(headers={"host": STAFF})
        client.force_login(account)
        session = client.session
        session[sessions.SECOND_FACTOR] = account.pk
        session.save()
        return client

    return enter
