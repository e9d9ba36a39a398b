"""A hall at the commune's point: two services, a device, an officer at the counter, tickets in several states."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from motcua.agencies.models import Counter
from motcua.counters.operations import calling, devices, halls, staffing, tickets
from motcua.lib.actor import SYSTEM, Actor
from tests.harness.times import ago

KIOSK = Actor(kind="integration", account_id=-1, name="Máy lấy số")


def build(*, point_id: int, minh: Actor, at: datetime) -> dict[str, Any]:
    """Write the hall; return the names that stand in addresses."""
    hall = halls.open_hall(point_id=point_id, actor=SYSTEM, at=at, key="")
    common: dict[str, Any] = {"hall_id": hall.pk, "actor": SYSTEM, "at": at, "key": ""}
    first = halls.add_service(
        prefix="A", name="Hộ tịch, chứng thực", hint="Khai sinh, kết hôn", minutes=10, **common
    )
    second = halls.add_service(prefix="B", name="Đất đai, xây dựng", minutes=20, is_general=True, **common)
    counter = Counter.objects.get(point_id=point_id)
    staffing.sign_on(counter_id=counter.pk, actor=minh, at=ago(at, hours=1), key=uuid4().hex)
    staffing.assign(counter_id=counter.pk, service_ids=[first.pk], actor=minh, at=ago(at, hours=1), key="")
    for number in range(5):
        moment = ago(at, minutes=30 - number)
        ticket = tickets.issue(
            service_id=(first, second)[number % 2].pk, channel="kiosk", priority="elderly" if number == 4 else "",
            actor=KIOSK, at=moment, key=uuid4().hex,
        )  # fmt: skip
        tickets.confirm(ticket_id=ticket.pk, actor=KIOSK, at=moment, key=uuid4().hex)
    for minutes in (20, 8):
        calling.call_next(actor=minh, at=ago(at, minutes=minutes), key=uuid4().hex)
    tickets.reserve(service_id=second.pk, count=20, actor=minh, at=at, key=uuid4().hex)
    letters = devices.ask(uuid4().hex, at)
    device = devices.pair(kind="kiosk", name="Máy lấy số cửa chính", code=letters, **common)
    return {"hall": hall.pk, "hall_service": second.pk, "hall_device": device.pk}
