"""The demo catalogue, and officers without the ceremony of a log-in."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from motcua.accounts.models import Account
from motcua.agencies import queries as agencies
from motcua.lib.actor import SYSTEM, Actor
from motcua.procedures.operations import demo

AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)


@pytest.fixture
def catalogue(db: None) -> list[str]:
    """The demo catalogue; returns its codes."""
    return demo.load_demo_catalogue(actor=SYSTEM, at=AT)


@pytest.fixture
def an_officer(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Actor]:
    """Make every request come from an officer with the given roles."""

    def become(*roles: str, agency: int | None = None) -> Actor:
        account, _made = Account.objects.get_or_create(
            login_name="an", defaults={"full_name": "Trần An", "account_kind": "staff", "created_at": AT}
        )
        actor = Actor(
            kind="officer",
            account_id=account.pk,
            position_id=1,
            agency_id=agency,
            roles=frozenset(roles),
            name="Trần An",
        )
        monkeypatch.setattr(agencies, "_actor_of_user", lambda request: actor)
        return actor

    return become


@pytest.fixture
def staff() -> Client:
    """A browser on the staff host."""
    return Client(HTTP_HOST="canbo.localhost")
