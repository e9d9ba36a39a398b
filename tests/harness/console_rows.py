"""The hall behind the console's pages: services, counters, a line, Minh serving a visitor and Nga calling one.

Takes a hall, services and Minh's shift as they are where other rows wrote them before.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Counter, Unit, UnitKind
from motcua.agencies.operations import people, places
from motcua.agencies.roles import Role
from motcua.counters.models import Device, DeviceKind, Hall, Shift, Ticket
from motcua.counters.operations import calling, halls, helping, staffing, tickets
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import hall_tickets
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.lib.actor import SYSTEM
from tests.harness.times import ago

SERVICES = (("A", "Hộ tịch, chứng thực", 10), ("B", "Đất đai, xây dựng", 20), ("C", "Việc khác", 8))


def build(world: World, *, point_id: int, dossier: Dossier, at: datetime) -> dict[str, Any]:
    """Write the hall at a point of Minh's agency; return the names that stand in addresses."""
    given: dict[str, Any] = {"actor": SYSTEM, "at": at}
    hall = Hall.objects.filter(point_id=point_id).first() or halls.open_hall(
        point_id=point_id, key="", **given
    )
    for number in (2, 3, 4):
        if not Counter.objects.filter(point_id=point_id, number=number).exists():
            places.open_counter(point_id=point_id, number=number, opened_on=OPENED, **given)
    kept = {
        prefix: hall.services.filter(prefix=prefix).first()
        or halls.add_service(hall_id=hall.pk, prefix=prefix, name=name, minutes=minutes, key="", **given)
        for prefix, name, minutes in SERVICES
    }
    seat(world, "nga", "Phan Thị Nga", at)
    desks = {one.number: one for one in Counter.objects.filter(point_id=point_id, valid_to=None)}
    for name, number, served in (("minh", 2, "AB"), ("nga", 3, "BC")):
        actor = world.actor(name)
        mine = Shift.objects.filter(account_id=actor.account_id or 0, ended_at=None).first()
        shift = mine or staffing.sign_on(counter_id=desks[number].pk, actor=actor, at=at, key="")
        chosen = [kept[one].pk for one in served]
        staffing.assign(counter_id=shift.counter_id, service_ids=chosen, actor=actor, at=at, key="")
    minh = world.actor("minh")
    taken: list[Ticket] = []
    for place, (prefix, priority) in enumerate(
        [
            ("A", ""),
            ("B", ""),
            ("A", ""),
            ("A", "elderly"),
            ("B", ""),
            ("C", ""),
            ("A", ""),
            ("A", "pregnant"),
        ]
    ):
        when = ago(at, minutes=40 - 4 * place)
        one = tickets.issue(
            service_id=kept[prefix].pk,
            channel="kiosk",
            priority=priority,
            actor=SYSTEM,
            at=when,
            key=uuid4().hex,
        )
        if place < 7:
            tickets.confirm(ticket_id=one.pk, actor=SYSTEM, at=when, key="")
        taken.append(one)
    frame: dict[str, Any] = {"actor": minh, "at": at, "key": ""}
    first = calling.call_next(**frame)
    assert first is not None
    for _call in range(hall.calls_before_absent - 1):
        calling.recall(ticket_id=first.pk, **frame)
    calling.no_show(ticket_id=first.pk, **frame)
    served_now = calling.call_next(**frame)
    assert served_now is not None
    calling.start(ticket_id=served_now.pk, **frame)
    hall_tickets.join(dossier=dossier, label=served_now.label, **frame)
    calling.call_next(actor=world.actor("nga"), at=at, key="")
    tickets.reserve(service_id=kept["A"].pk, count=20, actor=minh, at=at, key="")
    asking = Device.objects.create(
        hall=hall, kind=DeviceKind.KIOSK, name="Máy ở cửa", token_hash=b"k" * 32, paired_at=at, seen_at=at
    )
    helping.ring(device_id=asking.pk, actor=SYSTEM, at=at, key=uuid4().hex)
    return {"hall": hall.pk, "ticket": taken[2].label, "lost_ticket": taken[7].label}


def seat(world: World, login: str, full_name: str, at: datetime) -> None:
    """Write another officer of the counters."""
    account = open_account(
        login_name=login, full_name=full_name, account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
    )
    unit = Unit.objects.get(agency=world.home, kind=UnitKind.ONE_STOP)
    world.accounts[login] = account
    world.positions[login] = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.RECEIVER, Role.GUIDE),
        valid_from=OPENED, actor=SYSTEM, at=at,
    ).pk  # fmt: skip
