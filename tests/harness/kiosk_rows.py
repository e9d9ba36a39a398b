"""A hall with a kiosk at a point of its own: six services, people waiting, one served, ratings of the last days."""

from datetime import date
from typing import Any
from uuid import uuid4

from motcua.agencies.operations import places
from motcua.counters import machines
from motcua.counters.models import Ticket
from motcua.counters.operations import calling, devices, halls, staffing, tickets
from motcua.feedback import queries
from motcua.feedback.operations.ratings import rate
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from tests.harness.times import ago

_SERVICES = (
    ("K", "Hộ tịch", "Khai sinh, kết hôn, khai tử", 10, False),
    ("L", "Chứng thực", "Sao y, chữ ký", 6, False),
    ("M", "Đất đai, xây dựng", "Sổ đỏ, giấy phép xây nhà", 20, False),
    ("N", "Kinh doanh", "", 12, False),
    ("P", "Trợ cấp, người có công", "", 12, False),
    ("Q", "Nhận kết quả", "Đã có giấy hẹn", 4, False),
    ("S", "Việc khác", "", 8, True),
)


def build(*, shop_id: int, mai: Actor, at: Any) -> tuple[dict[str, Any], str]:
    """Write the hall; return the names that stand in addresses, and the kiosk's token."""
    given: dict[str, Any] = {"actor": SYSTEM, "at": at}
    opened = date(2025, 7, 1)
    point = places.open_point(
        shop_id=shop_id, name="Sảnh tầng một", address="Số 1, Bạch Long Vĩ", opened_on=opened, **given
    )
    counter = places.open_counter(point_id=point.pk, number=5, opened_on=opened, **given)
    hall = halls.open_hall(point_id=point.pk, key="", **given)
    services = [
        halls.add_service(
            hall_id=hall.pk,
            prefix=prefix,
            name=name,
            hint=hint,
            minutes=minutes,
            is_general=general,
            key="",
            **given,
        )
        for prefix, name, hint, minutes, general in _SERVICES
    ]
    token = machines.new_token()
    device = devices.pair(
        hall_id=hall.pk, kind="kiosk", name="Máy lấy số", code=devices.ask(token, at), key="", **given
    )
    staffing.sign_on(counter_id=counter.pk, actor=mai, at=ago(at, hours=1), key=uuid4().hex)
    staffing.assign(
        counter_id=counter.pk,
        service_ids=[one.pk for one in services],
        actor=mai,
        at=ago(at, hours=1),
        key="",
    )
    kiosk = devices.actor_of(device)
    taken = []
    for number in range(6):
        moment = ago(at, minutes=40 - number)
        ticket = tickets.issue(
            service_id=services[number % 2].pk, channel="kiosk", device_id=device.pk, actor=kiosk, at=moment,
            key=uuid4().hex,
        )  # fmt: skip
        tickets.confirm(ticket_id=ticket.pk, actor=kiosk, at=moment, key=uuid4().hex)
        taken.append(ticket)
    for minutes in (30, 20, 10, 5):
        calling.call_next(actor=mai, at=ago(at, minutes=minutes), key=uuid4().hex)
    for score, ticket, words in ((5, taken[0], "Cô ở quầy 5 hướng dẫn kỹ."), (2, taken[1], "")):
        visit = queries.visit_of_ticket(ticket.token, at)
        rate(
            visit=visit, score=score, reasons=["manner", "waiting"], words=words, channel="web", actor=PUBLIC, at=at,
            key=uuid4().hex,
        )  # fmt: skip
    pending = tickets.issue(
        service_id=services[0].pk, channel="kiosk", device_id=device.pk, actor=kiosk, at=at, key=uuid4().hex
    )
    served = Ticket.objects.get(pk=taken[2].pk)
    return {
        "printed_ticket": pending.pk,
        "served_token": served.token,
        "waiting_token": taken[5].token,
    }, token
