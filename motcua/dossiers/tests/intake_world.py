"""A small world for the tests of the intake page: two communes, their people, the demo catalogue.

Built once a module in a transaction that is rolled back at its end; each test has its own savepoint inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts import sessions
from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Agency, UnitKind
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.queries import actor_for
from motcua.agencies.roles import Role
from motcua.base.calendars.operations.days import load_official_days
from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours
from motcua.dossiers.models import HandlingUnit
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.working_time import Session
from motcua.procedures.models import AgencyProcedure, Procedure
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.ui.routing import set_database_actor
from motcua.workflow.operations.loading import load_default_workflows

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = date(2025, 7, 1)
STAFF = "canbo.localhost"
BIRTH, COPY, REPEALED = "1.001193", "2.000815", "1.000894"
CARD = (
    "031185000017|123456789|Phạm Thị Hương Giang|14021985|Nữ|Tổ 4, đặc khu Bạch Long Vĩ, Hải Phòng|10052021"
)
NUMBER = "031185000017"

_UNITS = (
    ("centre", "Trung tâm Phục vụ hành chính công", UnitKind.ONE_STOP),
    ("division", "Phòng Văn hóa - Xã hội", UnitKind.DIVISION),
    ("leaders", "Lãnh đạo", UnitKind.LEADERSHIP),
    ("office", "Văn phòng", UnitKind.CLERICAL),
)
_STAFF = (
    ("minh", "Vũ Đức Minh", "centre", (Role.RECEIVER,)),
    ("mai", "Trịnh Thị Mai", "centre", (Role.RETURNER,)),
    ("hoa", "Đỗ Thị Hoa", "division", (Role.SPECIALIST, Role.UNIT_HEAD)),
    ("tuan", "Ngô Quang Tuấn", "leaders", (Role.LEADER,)),
    ("thu", "Hoàng Minh Thu", "office", (Role.CLERK,)),
)


@dataclass(frozen=True)
class World:
    """The accounts by log-in name and the two communes."""

    accounts: dict[str, Account]
    positions: dict[str, int]
    home: Agency
    neighbour: Agency

    def actor(self, name: str) -> Actor:
        return actor_for(self.positions[name], timezone.localdate())

    def client(self, name: str) -> Client:
        return logged_in(Client(HTTP_HOST=STAFF), self.accounts[name])


def logged_in(client: Client, account: Account) -> Client:
    """Log in with a proven second factor, as the log-in pages do."""
    client.force_login(account)
    session = client.session
    session[sessions.SECOND_FACTOR] = account.pk
    session.save()
    return client


def build() -> World:
    """Write the world through the operations that the product itself uses."""
    at = timezone.now() - timedelta(days=1)
    set_database_actor(SYSTEM)
    load_official_days(actor=SYSTEM, at=at)
    load_demo_catalogue(actor=SYSTEM, at=at)
    load_default_workflows(actor=SYSTEM, at=at)
    calendar = open_calendar(code="THU", name="Giờ hành chính", actor=SYSTEM, at=at)
    week = Week(
        sessions=(Session(time(7, 30), time(11, 30)), Session(time(13), time(17))), hours_a_day=Decimal(8)
    )
    set_hours(
        calendar_id=calendar.pk, valid_from=date(2023, 1, 1), weeks=[week], source="Kiểm thử", actor=SYSTEM, at=at
    )  # fmt: skip
    level = agencies.open_level(code="commune", name="Cấp xã", rank=40, actor=SYSTEM, at=at)
    accounts: dict[str, Account] = {}
    positions: dict[str, int] = {}
    home = _commune(
        "H24.12", "UBND đặc khu Bạch Long Vĩ", level, calendar.pk, _STAFF, accounts, positions, at
    )
    staff = (("binh", "Mai Thanh Bình", "centre", (Role.RECEIVER,)),)
    neighbour = _commune("H24.13", "UBND phường Hải An", level, calendar.pk, staff, accounts, positions, at)
    return World(accounts, positions, home, neighbour)


def _commune(
    code: str, name: str, level: Any, calendar: int, staff: Any, accounts: Any, positions: Any, at: datetime
) -> Agency:
    agency = agencies.open_agency(
        name=name, short_name=name.removeprefix("UBND "), level=level, code=code, opened_on=OPENED, parent_id=None,
        legal_basis="Kiểm thử", actor=SYSTEM, at=at,
    )  # fmt: skip
    agencies.set_calendar(agency_id=agency.pk, calendar_id=calendar, actor=SYSTEM, at=at)
    units = {
        key: places.open_unit(
            agency_id=agency.pk, name=unit, kind=kind, opened_on=OPENED, actor=SYSTEM, at=at
        )
        for key, unit, kind in _UNITS
    }
    for login, full_name, unit, roles in staff:
        account = open_account(
            login_name=login, full_name=full_name, account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
        )
        accounts[login] = account
        positions[login] = people.appoint(
            account_id=account.pk, unit_id=units[unit].pk, title="Công chức", roles=roles, valid_from=OPENED,
            actor=SYSTEM, at=at,
        ).pk  # fmt: skip
    for procedure in Procedure.objects.all():
        AgencyProcedure.objects.create(agency=agency, procedure=procedure, valid_from=OPENED)
        if procedure.sector_id:
            HandlingUnit.objects.get_or_create(
                agency=agency, sector_id=procedure.sector_id, valid_from=OPENED, defaults={"unit": units["division"]}
            )  # fmt: skip
    agency.refresh_from_db()
    return agency


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def minh(world: World, db: None) -> Client:
    """The officer at the counter of the special zone."""
    return world.client("minh")
