"""The world of the tests in a database of its own, committed: for walls, races and whatever needs threads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connections, transaction

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.cli.run import pytest_plugin
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM, Actor
from motcua.ui.routing import set_database_actor
from motcua.workflow import queries


@contextmanager
def database(blocker: Any) -> Iterator[str]:
    """Point Django's connection at a fresh copy of the migrated template; yields its name."""
    name = f"own_{uuid4().hex[:12]}"
    pytest_plugin._sql(f"create database {name} template {pytest_plugin.TEMPLATE}")
    # A connection of its own: one that another fixture holds in a transaction stays what it is. The settings are
    # shared with the connections that threads open.
    held = connections["default"]
    settings = held.settings_dict
    before = settings["NAME"]
    # A process reads a published definition once and keeps it by its number; numbers begin anew in this database.
    queries._kept.clear()
    with blocker.unblock():
        settings["NAME"] = name
        del connections["default"]
        try:
            yield name
        finally:
            connections["default"].close()
            settings["NAME"] = before
            connections["default"] = held
            queries._kept.clear()
    pytest_plugin._sql(f"drop database {name} with (force)")


def forked() -> None:
    """Begin a forked child: leave the parent's connections to the parent.

    Where a browser was started the parent keeps its connections with the browser's event loop. The child has no loop
    and would find one from before, still open to another database.
    """
    with suppress(AttributeError):
        del connections["default"]


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """One transaction of `actor`, as a request opens it."""
    with transaction.atomic():
        set_database_actor(actor)
        yield


def build() -> World:
    """Write the world for good."""
    with transaction.atomic():
        return intake_world.build()


def one_more(
    world: World, login: str, name: str, kind: UnitKind, roles: tuple[Role, ...], at: datetime
) -> None:
    """Appoint another officer at the first commune, so that two can want the same dossier."""
    unit = Unit.objects.get(agency=world.home, kind=kind)
    account = open_account(
        login_name=login, full_name=name, account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
    )
    world.accounts[login] = account
    world.positions[login] = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=roles, valid_from=date(2025, 7, 1),
        actor=SYSTEM, at=at,
    ).pk  # fmt: skip


def quietly(work: Callable[[], Any]) -> Any:
    """Run `work` in a thread of its own and close the connection that it opened."""
    try:
        return work()
    finally:
        connections.close_all()
