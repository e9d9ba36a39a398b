"""A citizen who signed in, beside the two communes of the intake's tests, with the shipped forms in force."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from motcua.accounts import citizen_session
from motcua.accounts.models import Account
from motcua.applicants import acting
from motcua.applicants.operations.citizens import arrive
from motcua.clients.oidc import Identity
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.eforms.operations import publishing
from motcua.lib.actor import SYSTEM, Actor
from motcua.ui.routing import set_database_actor

LAN, HUNG = "031190012345", "031078005555"


def citizen(number: str = LAN, name: str = "Phạm Thị Lan", **more: Any) -> Account:
    """Return the account of somebody who signed in for the first time."""
    known = {
        "issuer": "https://a.example", "subject": number, "personal_id": number, "name": name, "birth": "1990-03-08",
        "phone": "0912345678", "email": "", "address": "", "tax_code": "", "level": 2,
        "signed_in_at": int(time.time()), "id_token": "x",
    }  # fmt: skip
    set_database_actor(SYSTEM)
    return arrive(identity=Identity(**(known | more)), at=timezone.now())


def actor_of(account: Account, level: int = 2) -> Actor:
    """Return the actor of a citizen's request, acting for themself."""
    own = acting.who_may_act(account.pk, timezone.now())[0]
    return Actor(
        kind="applicant", account_id=account.pk, name=account.full_name, for_applicant=own.applicant_id, level=level
    )  # fmt: skip


def signed_in(account: Account, level: int = 2) -> Client:
    """Return a browser in which the account is signed in at a level."""
    client = Client(HTTP_HOST=django_settings.PUBLIC_HOST)
    client.force_login(account)
    session = client.session
    session[citizen_session.LEVEL] = [account.pk, level]
    session[citizen_session.SIGNED_IN] = int(time.time())
    session.save()
    return client


@pytest.fixture
def shipped(world: World) -> Callable[[], None]:
    """Put the shipped forms in force."""
    publishing.load_shipped(actor=SYSTEM, at=timezone.now())
    return lambda: None
