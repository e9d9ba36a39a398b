"""The world of a land dossier: two communes that take it in, the land office that settles it, two tax offices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Agency, Unit, UnitKind
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.roles import Role
from motcua.base.outbox.models import Message
from motcua.base.outbox.operations import deliver
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers import linked
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import children, decision, pauses, processing
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.dossiers.tests.lives import MONDAY, common, take_in, variant_of
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure
from motcua.procedures.operations.offering import offer
from motcua.workflow.operations.loading import load_demo_workflows

LAND, TAX = "1.013831", "9.990001"
OWING = "Có nghĩa vụ tài chính"

_LAND_OFFICE = (
    ("intake", "Bộ phận tiếp nhận", UnitKind.ONE_STOP, ()),
    ("division", "Phòng Đăng ký", UnitKind.DIVISION, (("khanh", (Role.SPECIALIST, Role.UNIT_HEAD)),)),
    ("leaders", "Ban Giám đốc", UnitKind.LEADERSHIP, (("vinh", (Role.LEADER,)),)),
    ("office", "Phòng Hành chính", UnitKind.CLERICAL, (("tam", (Role.CLERK,)),)),
)


def _tax_office(officer: str, leader: str) -> Any:
    return (
        ("division", "Tổ thuế đất", UnitKind.DIVISION, ((officer, (Role.RECEIVER, Role.SPECIALIST)),)),
        ("leaders", "Lãnh đạo", UnitKind.LEADERSHIP, ((leader, (Role.LEADER,)),)),
    )


@dataclass(frozen=True)
class LandWorld(World):
    """The world with the agencies that share a land dossier, and a tax office that has no part in it."""

    land: Agency
    tax: Agency
    other_tax: Agency


def build() -> LandWorld:
    """Write the land office and the tax offices into the usual world."""
    world = intake_world.build()
    at = timezone.now() - timedelta(days=1)
    load_demo_workflows(actor=SYSTEM, at=at)
    AgencyProcedure.objects.filter(procedure__code=LAND).update(competent=False)  # communes only receive it
    AgencyProcedure.objects.filter(procedure__code=TAX).delete()
    cashier = (("kim", (Role.CASHIER,)),)
    _staff(Unit.objects.get(agency=world.home, kind=UnitKind.ONE_STOP), cashier, world, at)
    level = agencies.open_level(code="province", name="Cấp tỉnh", rank=10, actor=SYSTEM, at=at)

    def agency(code: str, name: str, units: Any, procedure: str) -> Agency:
        made = agencies.open_agency(
            name=name, short_name=name[:40], level=level, code=code, opened_on=OPENED, parent_id=None,
            legal_basis="Kiểm thử", actor=SYSTEM, at=at,
        )  # fmt: skip
        calendar = world.home.calendar_id
        assert calendar is not None
        agencies.set_calendar(agency_id=made.pk, calendar_id=calendar, actor=SYSTEM, at=at)
        for _key, unit_name, kind, staff in units:
            unit = places.open_unit(
                agency_id=made.pk, name=unit_name, kind=kind, opened_on=OPENED, actor=SYSTEM, at=at
            )
            _staff(unit, staff, world, at)
        offer(agency_id=made.pk, codes=[procedure], valid_from=OPENED, actor=SYSTEM, at=at)
        made.refresh_from_db()
        return made

    return LandWorld(
        world.accounts,
        world.positions,
        world.home,
        world.neighbour,
        agency("H24.08.1", "Văn phòng Đăng ký đất đai thành phố", _LAND_OFFICE, LAND),
        agency("G12.24.6", "Thuế cơ sở 6 thành phố Hải Phòng", _tax_office("loc", "phuc"), TAX),
        agency("G12.24.7", "Thuế cơ sở 7 thành phố Hải Phòng", _tax_office("yen", "quy"), TAX),
    )


def _staff(unit: Unit, staff: Any, world: World, at: datetime) -> None:
    for login, roles in staff:
        account = open_account(
            login_name=login, full_name=login.title(), account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
        )
        world.accounts[login] = account
        world.positions[login] = people.appoint(
            account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=roles, valid_from=OPENED,
            actor=SYSTEM, at=at,
        ).pk  # fmt: skip


@pytest.fixture(scope="module")
def land(django_db_setup: None, django_db_blocker: Any) -> Iterator[LandWorld]:
    """The world of a land dossier, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


# ── A land dossier on its way


def hours(count: float) -> datetime:
    """A moment so many hours after the Monday on which everything begins."""
    return MONDAY + timedelta(hours=count)


def receive(land: LandWorld) -> Dossier:
    """Minh takes a land dossier in for the land office."""
    return take_in(land, code=LAND, competent_agency_id=land.land.pk)


def to_tax(land: LandWorld, dossier: Dossier, at: datetime) -> Dossier:
    """The land office finds that tax is due, and opens the tax office's part; returns the child."""
    processing.forward(**common(land, "khanh", dossier, at, choice=OWING))
    return ask_tax(land, dossier, at)


def ask_tax(land: LandWorld, dossier: Dossier, at: datetime, agency: Agency | None = None) -> Dossier:
    target = {"agency_id": (agency or land.tax).pk, "variant_id": variant_of(TAX).pk}
    child = children.open_child(**common(land, "khanh", dossier, at, **target))
    dossier.refresh_from_db()
    return child


def assess(land: LandWorld, child: Dossier, at: datetime, kind: str = "granted") -> None:
    """The tax office draws up its notice, or refuses to."""
    decision.propose(**common(land, "loc", child, at, kind=kind, content="Lệ phí trước bạ 0,5%"))
    decision.approve(**common(land, "phuc", child, at))
    decision.issue(**common(land, "loc", child, at))


def news(*dossiers: Dossier) -> None:
    """Deliver what was published, and what that publishes; bring the dossiers up to date."""
    waiting = Message.objects.filter(delivered_at=None, parked=False)
    while waiting.update(next_try_at=MONDAY):  # the test's transaction began before the news
        assert deliver(subscriptions=SUBSCRIPTIONS)
        assert not Message.objects.exclude(last_error="").exists()
    for dossier in dossiers:
        dossier.refresh_from_db()


def paid(land: LandWorld, dossier: Dossier, at: datetime) -> None:
    """The applicant has paid and Kim has seen the receipt."""
    pauses.resume(**common(land, "kim", dossier, at, note="Đã xem giấy nộp tiền"))
    dossier.refresh_from_db()


def step_of(dossier: Dossier) -> str:
    return Task.objects.get(dossier=dossier, is_owner=True, ended_at=None).step_key


def children_of(dossier: Dossier) -> list[Dossier]:
    return list(linked.children_of(dossier))
