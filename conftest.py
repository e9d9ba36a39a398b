"""Fixtures that every test may use; the database itself comes from motcua.cli.run.pytest_plugin."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings

from motcua.cli.run import pytest_plugin
from tests.harness.live import LiveSite, running

pytest_plugins = ["tests.harness.fixtures"]  # the browser and its checkers
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SHARED = Path(__file__).resolve().parent.parent / "shared" / "data"
CI = os.environ.get("CI") == "true"

# How fast a shared machine makes up examples says nothing about the program.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is ready: the plugin migrated it as the migrating role."""


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Every test client builds the middleware anew; the list of static files, a third of that, is the same for all."""
    from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

    listed = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[str, Any] = {}

    def list_once(self: WhiteNoiseMiddleware) -> None:
        if not known:
            listed(self)
            known.update(self.files)
        self.files.update(known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", list_once)
        yield


@pytest.fixture
def not_just_past_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the first hour of a day the clock is an hour ahead: a test may look half an hour back and find today."""
    clock = timezone.now
    if timezone.localtime().hour == 0:
        monkeypatch.setattr(timezone, "now", lambda: clock() + timedelta(hours=1))


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; absent on an ordinary machine."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not beside this checkout: no real procedures to test with")
    return SHARED


@pytest.fixture
def as_admin() -> Iterator[psycopg.Connection]:
    """A connection of the migrating role, outside the test's transaction."""
    with psycopg.connect(pytest_plugin.cluster.admin().url(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own, for tests that commit: copied from the migrated template.

    Yields its name; Django's `default` connection points at it meanwhile.
    """
    from django.db import connections

    if "db" in request.fixturenames:
        pytest.fail("fresh_database replaces the db fixture: a test uses one of the two")
    name = f"fresh_{uuid4().hex[:12]}"
    pytest_plugin._sql(f"create database {name} template {pytest_plugin.TEMPLATE}")
    connection = connections["default"]
    blocker = request.getfixturevalue("django_db_blocker")
    before = connection.settings_dict["NAME"]
    # A process reads a published definition once and keeps it by its number; numbers begin anew in this database.
    from motcua.workflow import queries

    queries._kept.clear()
    with blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            queries._kept.clear()
    pytest_plugin._sql(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def live_site() -> Iterator[LiveSite]:
    """The product itself, running with the demo's people and dossiers: for journeys through a real browser."""
    with running(dossiers=20) as site:
        yield site


@pytest.fixture
def monday() -> datetime:
    """A plain working Monday morning: 09:15 on 6 July 2026."""
    return datetime(2026, 7, 6, 9, 15, tzinfo=VIETNAM)


def need(program: str, package: str) -> str:
    """Return the path of `program` or skip naming Debian's package; with CI=true a missing one fails."""
    found = shutil.which(program)
    if found:
        return found
    if CI:
        pytest.fail(f"{program} is missing: install Debian's package {package}")
    pytest.skip(f"{program} is missing: install Debian's package {package}")
