"""The world of the intake tests, with an administrator of each kind and dossiers that stand on a day."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.dossiers.tests.intake_world import STAFF, World, logged_in, world
from motcua.lib.actor import SYSTEM

__all__ = ["world"]

ADMINISTRATORS = {
    "an": ("Quản trị An", Role.SYSTEM_ADMIN, "home"),
    "kim": ("Quản trị nghiệp vụ Kim", Role.BUSINESS_ADMIN, "home"),
    "nam": ("Quản trị đơn vị Nam", Role.UNIT_ADMIN, "home"),
    "yen": ("Quản trị đơn vị Yến", Role.UNIT_ADMIN, "neighbour"),
}


@pytest.fixture
def log_in(world: World, db: None) -> Callable[..., Client]:
    """Return a client, or the given one, logged in as somebody of the world or one of the administrators."""

    def enter(name: str, client: Client | None = None) -> Client:
        if name in ADMINISTRATORS and name not in world.accounts:
            full_name, role, where = ADMINISTRATORS[name]
            unit = Unit.objects.get(agency=getattr(world, where), kind=UnitKind.CLERICAL)
            account = open_account(
                login_name=name, full_name=full_name, account_kind=AccountKind.STAFF, actor=SYSTEM, at=timezone.now()
            )  # fmt: skip
            people.appoint(
                account_id=account.pk, unit_id=unit.pk, title="Quản trị", roles=(role,), valid_from=date(2025, 7, 1),
                actor=SYSTEM, at=timezone.now(),
            )  # fmt: skip
        else:
            account = world.accounts[name]
        return logged_in(client or Client(HTTP_HOST=STAFF), account)

    return enter
