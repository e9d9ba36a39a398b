"""A hall with three services, three counters and four officers, written by the operations of the product."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Counter, ShopKind, UnitKind
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.queries import actor_for
from motcua.agencies.roles import Role
from motcua.counters.models import Hall, Service, Ticket
from motcua.counters.operations import calling, halls, staffing, tickets
from motcua.lib.actor import SYSTEM, Actor
from motcua.ui.routing import set_database_actor

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = date(2025, 7, 1)
MORNING = datetime.combine(date(2026, 11, 23), time(7, 30), HERE)  # a Monday
KIOSK = Actor(kind="integration", account_id=-1, name="Máy lấy số")


@dataclass
class HallWorld:
    """The hall, who works in it, and a clock that tests turn."""

    hall: Hall
    services: dict[str, Service]
    counters: list[Counter]
    officers: dict[str, Actor]
    now: datetime = MORNING
    taken: list[Ticket] = field(default_factory=list)

    def later(self, **time: Any) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def take(self, prefix: str = "A", *, priority: str = "", real: bool = True, **more: Any) -> Ticket:
        """Take a number at the kiosk; with `real`, it was printed."""
        at = self.later(seconds=1)
        ticket = tickets.issue(
            service_id=self.services[prefix].pk, channel="kiosk", priority=priority, actor=KIOSK, at=at,
            key=uuid4().hex, **more,
        )  # fmt: skip
        if real:
            tickets.confirm(ticket_id=ticket.pk, actor=KIOSK, at=at, key=uuid4().hex)
        self.taken.append(ticket)
        return ticket

    def next(self, name: str = "an") -> Ticket | None:
        """Let an officer call the next one."""
        return calling.call_next(actor=self.officers[name], at=self.later(seconds=30), key=uuid4().hex)

    def label(self, name: str = "an") -> str:
        """Let an officer call the next one; return the number, "" when nobody waits."""
        ticket = self.next(name)
        return ticket.label if ticket else ""

    def sit(self, name: str, counter: int, *prefixes: str) -> None:
        """Sit an officer down at a counter that serves these services."""
        actor = self.officers[name]
        staffing.sign_on(counter_id=self.counters[counter].pk, actor=actor, at=self.now, key=uuid4().hex)
        self.serve(counter, *prefixes, by=name)

    def serve(self, counter: int, *prefixes: str, by: str = "an") -> None:
        """Say what a counter serves from now on."""
        staffing.assign(
            counter_id=self.counters[counter].pk, service_ids=[self.services[one].pk for one in prefixes],
            actor=self.officers[by], at=self.now, key=uuid4().hex,
        )  # fmt: skip


def build(counters: int = 3, officers: tuple[str, ...] = ("an", "be", "cu", "du")) -> HallWorld:
    """Write the hall; the caller is in a transaction."""
    at = MORNING - timedelta(days=1)
    set_database_actor(SYSTEM)
    level = agencies.open_level(code="commune", name="Cấp xã", rank=40, actor=SYSTEM, at=at)
    agency = agencies.open_agency(
        name="UBND xã Thử",
        short_name="xã Thử",
        level=level,
        code="H99.1",
        opened_on=OPENED,
        actor=SYSTEM,
        at=at,
    )
    common: dict[str, Any] = {"opened_on": OPENED, "actor": SYSTEM, "at": at}
    unit = places.open_unit(agency_id=agency.pk, name="Trung tâm", kind=UnitKind.ONE_STOP, **common)
    shop = places.open_shop(agency_id=agency.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, **common)
    point = places.open_point(shop_id=shop.pk, name="Sảnh chính", address="Số 1", **common)
    desks = [
        places.open_counter(point_id=point.pk, number=number, **common) for number in range(1, counters + 1)
    ]
    known = {}
    for name in officers:
        account = open_account(
            login_name=name, full_name=f"Cán bộ {name}", account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
        )
        position = people.appoint(
            account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.RECEIVER,), valid_from=OPENED,
            actor=SYSTEM, at=at,
        )  # fmt: skip
        known[name] = actor_for(position.pk, MORNING.date())
    hall = halls.open_hall(point_id=point.pk, actor=SYSTEM, at=at, key="")
    services = {
        prefix: halls.add_service(
            hall_id=hall.pk,
            prefix=prefix,
            name=name,
            minutes=minutes,
            is_general=prefix == "C",
            actor=SYSTEM,
            at=at,
            key="",
        )
        for prefix, name, minutes in (("A", "Hộ tịch", 10), ("B", "Đất đai", 20), ("C", "Việc khác", 8))
    }
    return HallWorld(hall, services, desks, known)


def begin() -> HallWorld:
    """Write the hall for good, for tests with threads."""
    with transaction.atomic():
        return build()
