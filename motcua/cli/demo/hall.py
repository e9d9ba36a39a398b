"""The demo's hall: services of its sectors, who serves what, four weeks behind it, people who wait today, bookings.

Today is made by the operations of the product. The weeks before are rows: a thousand visitors by five operations each
would take a minute; their numbers, places and calls follow the rules all the same, but they have no history of their
own. Every draw comes from one seed.
"""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import AgencyCode, Counter, Point, Position
from motcua.agencies.queries import actor_for
from motcua.base.numbering.operations import raise_to
from motcua.cli.demo import ratings
from motcua.counters.models import Call, Hall, HallLine, Service, Shift, SlotRule, Ticket
from motcua.counters.operations import bookings, calling, halls, staffing, tickets
from motcua.counters.permissions import agency_of
from motcua.counters.states import Channel, Priority, State
from motcua.feedback.models import QuestionSet, Rating, Reason, Source
from motcua.feedback.operations.ratings import rate
from motcua.feedback.queries import mark_of, visit_of_ticket
from motcua.lib import lookup
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import Sector
from motcua.ui.routing import set_database_actor

COMMUNE = "H24.12"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = date(2025, 7, 1)
KIOSK = Actor(kind="integration", account_id=-1, name="Máy lấy số cửa chính")
_DAYS = 28
_A_DAY = 46
_HOURS = {7: 10, 8: 20, 9: 15, 10: 11, 13: 10, 14: 16, 15: 12, 16: 6}
#: Letters, name, hint, minutes as the office stated them, minutes as they are, sectors.
_SERVICES: tuple[tuple[str, str, str, int, float, tuple[str, ...]], ...] = (
    ("A", "Hộ tịch, chứng thực", "Khai sinh, kết hôn, khai tử; sao y, chữ ký", 10, 9, ("Hộ tịch", "Chứng thực")),
    ("B", "Đất đai, xây dựng", "Giấy chứng nhận, biến động, giấy phép xây dựng", 20, 17,
     ("Đất đai", "Hoạt động xây dựng")),
    ("C", "Bảo trợ xã hội", "Trợ cấp, hộ nghèo", 12, 11, ("Bảo trợ xã hội", "Giảm nghèo")),
    ("D", "Nhận kết quả", "Mang theo giấy hẹn", 5, 4, ()),
    ("E", "Kinh doanh, nghề cá, giao thông", "Hộ kinh doanh, tàu cá, phù hiệu xe", 12, 13,
     ("Thành lập và hoạt động của hộ kinh doanh", "Kiểm lâm", "Thủy sản", "Đường bộ")),
    ("F", "Việc khác, chưa rõ", "Cán bộ sẽ hướng dẫn", 8, 6, ()),
)  # fmt: skip
_SHARES = {"A": 30, "B": 18, "C": 10, "D": 24, "E": 8, "F": 10}
#: Who sits where, and what is served there.
_SEATS = (("minh", 1, "ABF"), ("mai", 2, "ADC"), ("kim", 3, "BDE"))
#: When each of them sits there on a day of the weeks behind: the cashier comes later and goes earlier.
_TIMES = ((7.45, 17.4), (7.5, 17.2), (8.25, 16.5))


def load(*, now: datetime) -> None:
    """Make the hall once."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        commune = AgencyCode.objects.select_related("agency").get(code=COMMUNE).agency
        point = Point.objects.filter(shop__agency=commune, valid_to=None).order_by("pk").first()
        rng = random.Random(4)  # noqa: S311  (the same demo for everybody)
        there = Hall.objects.filter(point=point).first()
        if point is None or there is not None:
            if there is not None and not Rating.objects.filter(hall=there).exists():
                _ratings(there, rng)  # a hall that an earlier version made
            return
        at = now - timedelta(days=_DAYS + 2)
        hall = halls.open_hall(point_id=point.pk, actor=SYSTEM, at=at, key="")
        services = {one.prefix: one for one in _services(hall, at)}
        counters = {one.number: one for one in Counter.objects.filter(point=point, valid_to=None)}
        seats = {login: _actor(login, now) for login, _number, _letters in _SEATS}
        _weeks(hall, services, counters, seats, rng, timezone.localdate(now))
        _ratings(hall, rng)
        _today(services, counters, seats, rng, now)
        _rate_today(hall, now)
        _bookings(services, now)


def begin_the_day(*, now: datetime) -> bool:
    """Let visitors come today, where the demo was loaded on an earlier day; return whether any had to."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        hall = Hall.objects.filter(point__shop__agency__codes__code=COMMUNE).order_by("pk").first()
        day = timezone.localdate(now)
        if hall is None or Ticket.objects.filter(hall=hall, day=day).exists():
            return False
        staffing.end_forgotten(hall_id=hall.pk, actor=SYSTEM, at=now)
        calling.close_day(hall_id=hall.pk, actor=SYSTEM, at=now)
        if Shift.objects.filter(counter__point=hall.point, ended_at=None).exists():
            return False  # somebody works over midnight
        services = {one.prefix: one for one in Service.objects.filter(hall=hall, valid_to=None)}
        counters = {one.number: one for one in Counter.objects.filter(point=hall.point, valid_to=None)}
        if not services.keys() >= _SHARES.keys() or not counters.keys() >= {
            number for _who, number, _what in _SEATS
        }:
            return False  # whoever plays with the demo changed it
        seats = {login: _actor(login, now) for login, _number, _letters in _SEATS}
        _today(services, counters, seats, random.Random(day.toordinal()), now)  # noqa: S311
        _rate_today(hall, now)
        return True


def _services(hall: Hall, at: datetime) -> list[Service]:
    sectors: dict[str, list[int]] = {}
    for pk, name in Sector.objects.values_list("pk", "name"):
        sectors.setdefault(name, []).append(pk)
    return [
        halls.add_service(
            hall_id=hall.pk, prefix=prefix, name=name, hint=hint, minutes=minutes, is_general=prefix == "F",
            sector_ids=[pk for one in known for pk in sectors.get(one, [])], actor=SYSTEM, at=at, key="",
        )
        for prefix, name, hint, minutes, _true, known in _SERVICES
    ]  # fmt: skip


def _actor(login: str, now: datetime) -> Actor:
    return actor_for(Position.objects.get(account__login_name=login).pk, timezone.localdate(now))


# ── The weeks before


def _weeks(
    hall: Hall, services: dict[str, Service], counters: dict[int, Counter], seats: dict[str, Actor], rng: random.Random,
    today: date,
) -> None:  # fmt: skip
    """Write the visitors of the working days before today."""
    made: list[Ticket] = []
    calls: list[Call] = []
    shifts: list[Shift] = []
    for back in range(_DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() < 5:
            mine = [
                Shift(
                    home_agency_id=agency_of(hall), counter=counters[number], position_id=seats[login].position_id or 0,
                    account_id=seats[login].account_id or 0, started_at=_at(day, begin + rng.random() * 0.1),
                    ended_at=_at(day, end - rng.random() * 0.2),
                )
                for (login, number, _letters), (begin, end) in zip(_SEATS, _TIMES, strict=True)
            ]  # fmt: skip
            shifts += mine
            _one_day(
                hall,
                services,
                dict(zip((letters for *_who, letters in _SEATS), mine, strict=True)),
                rng,
                day,
                made,
                calls,
            )
    for place, ticket in enumerate(made, 1):
        ticket.line = place * tickets.STEP
    calls.sort(key=lambda one: one.at)
    for number, call in enumerate(calls, 1):
        call.number = number
    Shift.objects.bulk_create(shifts)
    Ticket.objects.bulk_create(made)
    Call.objects.bulk_create(calls)
    HallLine.objects.filter(hall=hall).update(calls=len(calls))
    raise_to(agency_id=agency_of(hall), kind=f"line-{hall.pk}", period="", last=len(made))


def _one_day(
    hall: Hall, services: dict[str, Service], seats: dict[str, Shift], rng: random.Random, day: date,
    made: list[Ticket], calls: list[Call],
) -> None:  # fmt: skip
    """Let a day's visitors come and be served in turn; append what would have been written."""
    free = {letters: shift.started_at for letters, shift in seats.items()}
    true = {prefix: minutes for prefix, _name, _hint, _stated, minutes, _sectors in _SERVICES}
    drawn: dict[str, int] = {}
    for moment in _moments(day, rng):
        prefix = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
        drawn[prefix] = drawn.get(prefix, 0) + 1
        ticket = _number(hall, services[prefix], drawn[prefix], moment, rng)
        ticket.staffed = sum(
            one.started_at <= moment and (one.ended_at or moment) > moment for one in seats.values()
        )
        made.append(ticket)
        if rng.random() < 0.015:
            ticket.state, ticket.reason, ticket.real_at = State.VOID, "Phiếu không in ra", None
            ticket.ended_at = moment + timedelta(seconds=20)
            continue
        letters = min((one for one in seats if prefix in one), key=lambda one: free[one])
        begin = max(moment + timedelta(seconds=rng.uniform(20, 60)), free[letters])
        wait = (begin - moment).total_seconds() / 60
        about = max(0.0, wait * rng.gauss(1, 0.25) + rng.gauss(0, 1))
        ticket.told_low, ticket.told_high = int(about * 0.7), int(about * 1.35) + 3
        ticket.counter_id, ticket.called_at, ticket.calls = seats[letters].counter_id, begin, 1
        calls.append(Call(home_agency_id=ticket.home_agency_id, hall=hall, ticket=ticket, counter_id=ticket.counter_id,
                          why="priority" if ticket.priority else "line", at=begin))  # fmt: skip
        if rng.random() < 0.04:
            ticket.state, ticket.counter_id, ticket.calls = State.ABSENT, None, 3
            ticket.ended_at = begin + timedelta(minutes=17)
            free[letters] = begin + timedelta(seconds=90)
            continue
        took = timedelta(minutes=max(1.0, rng.lognormvariate(0, 0.45) * true[prefix]))
        ticket.state, ticket.shift, ticket.started_at = (
            State.SERVED,
            seats[letters],
            begin + timedelta(seconds=25),
        )
        ticket.ended_at = free[letters] = begin + took
    for letters, shift in seats.items():
        shift.ended_at = max(
            shift.ended_at or free[letters], free[letters]
        )  # nobody goes before who was called


def _moments(day: date, rng: random.Random) -> list[datetime]:
    """Return when a day's visitors come, in order."""
    hours = rng.choices(list(_HOURS), list(_HOURS.values()), k=_A_DAY + rng.randrange(-6, 7))
    return sorted(
        _at(day, hour + (0.5 if hour == 7 else 0) + rng.random() * (0.5 if hour == 7 else 1))
        for hour in hours
    )


def _number(hall: Hall, service: Service, number: int, moment: datetime, rng: random.Random) -> Ticket:
    """Return the number that a visitor takes, not written yet."""
    return Ticket(
        home_agency_id=agency_of(hall), hall=hall, day=timezone.localdate(moment),
        label=tickets.label(service.prefix, number), token=lookup.new_token(), service=service, first_service=service,
        priority=Priority.ELDERLY if rng.random() < 0.06 else "",
        channel=rng.choices((Channel.KIOSK, Channel.PHONE, Channel.COUNTER), (80, 12, 8))[0],
        issued_at=moment, real_at=moment + timedelta(seconds=4),
    )  # fmt: skip


#: What visitors of the demo wrote, with the score they gave.
_WORDS = (
    (5, "Cán bộ hướng dẫn rất tận tình, cảm ơn."),
    (5, "Nhanh hơn lần trước nhiều."),
    (5, "Có người chỉ cho cách bấm máy, tốt quá."),
    (4, "Tốt, nhưng nên có thêm ghế ngồi."),
    (4, "Được, chỗ gửi xe hơi xa."),
    (3, "Phải về lấy thêm giấy tờ một lần."),
    (3, "Quạt chỗ ngồi chờ không chạy."),
    (2, "Chờ hơi lâu vào đầu giờ chiều."),
    (2, "Gọi số loa rè, tôi bị lỡ một lượt."),
    (1, "Hẹn thứ Ba mà thứ Năm mới có kết quả."),
)
#: What the first of today's visitors say.
_TODAY: tuple[tuple[int, tuple[str, ...]], ...] = (
    (5, (Reason.MANNER,)), (4, ()), (5, ()), (3, (Reason.WAITING,)), (5, (Reason.MANNER,)),
)  # fmt: skip


def _ratings(hall: Hall, rng: random.Random) -> None:
    """Let a third of those who were served rate their visit: the longer they waited, the worse."""
    served = Ticket.objects.filter(hall=hall, state=State.SERVED).select_related("service").order_by("line")
    made: list[Rating] = []
    asked = QuestionSet.objects.filter(title=ratings.AT_THE_HALL).first()
    chance = random.Random(61)  # noqa: S311  (as above)
    for ticket in served:
        if rng.random() > 0.33 or ticket.called_at is None:
            continue
        waited = (ticket.called_at - ticket.issued_at).total_seconds() / 60
        score = max(1, min(5, round(rng.gauss(4.7 - waited / 25, 0.6))))
        if chance.random() < 0.04:  # whatever the wait, some are not content
            score = chance.choice((1, 2, 2))
        reasons = (
            [Reason.WAITING] if score < 4 and waited > 15 else rng.sample(list(Reason), rng.randrange(3))
        )
        words = [text for given, text in _WORDS if given == score] if rng.random() < 0.12 else []
        channel = "kiosk" if rng.random() < 0.7 else "web"
        kiosk_asked = asked if channel == "kiosk" else None
        made.append(
            Rating(
                home_agency_id=ticket.home_agency_id, source=Source.TICKET, visit=mark_of(f"ticket|{ticket.pk}"),
                hall=hall, service=ticket.service, counter_id=ticket.counter_id, about=ticket.service.name, score=score,
                reasons=reasons, words=rng.choice(words) if words else "", day=ticket.day,
                channel=channel, question_set=kiosk_asked,
                answers=ratings.answers_of(kiosk_asked, score, chance) if kiosk_asked else {},
            )
        )  # fmt: skip
    Rating.objects.bulk_create(made)


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), HERE) + timedelta(hours=hour)


# ── Today


def _today(
    services: dict[str, Service],
    counters: dict[int, Counter],
    seats: dict[str, Actor],
    rng: random.Random,
    now: datetime,
) -> None:
    """Let officers sign on, visitors come and some of them be served: by the operations of the product."""
    began = max(now - timedelta(minutes=75), _at(timezone.localdate(now), 0))
    part = (now - began) / 100
    for login, number, letters in _SEATS:
        common: dict[str, Any] = {"counter_id": counters[number].pk, "actor": seats[login], "at": began}
        staffing.sign_on(**common, key=uuid4().hex)
        staffing.assign(service_ids=[services[one].pk for one in letters], **common, key=uuid4().hex)
    acts: list[tuple[int, str]] = [(3 + number * 96 // 22, "take") for number in range(22)]
    acts += [
        (12 + number * 13, login) for number in range(7) for login in seats if login != "kim" or number < 4
    ]
    for moment, act in sorted(acts):
        at = began + part * moment
        if act == "take":
            prefix = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
            ticket = tickets.issue(
                service_id=services[prefix].pk, channel=Channel.KIOSK, actor=KIOSK, at=at, key=uuid4().hex,
                priority=Priority.ELDERLY if moment in {37, 81} else "",
            )  # fmt: skip
            tickets.confirm(ticket_id=ticket.pk, actor=KIOSK, at=at, key=uuid4().hex)
        else:
            called = calling.call_next(actor=seats[act], at=at, key=uuid4().hex)
            if called is not None and moment < 80:
                calling.start(ticket_id=called.pk, actor=seats[act], at=at + part, key=uuid4().hex)
    current = Ticket.objects.filter(
        shift__account_id=seats["kim"].account_id or 0, state=State.CALLED
    ).first()
    if current is not None:
        calling.start(ticket_id=current.pk, actor=seats["kim"], at=now - part, key=uuid4().hex)
    staffing.pause(reason="Nộp tiền kho bạc", actor=seats["kim"], at=now - part, key=uuid4().hex)


def _rate_today(hall: Hall, now: datetime) -> None:
    """Let some of those who were served today rate it at the kiosk."""
    today = timezone.localdate(now)
    asked = QuestionSet.objects.filter(title=ratings.AT_THE_HALL, valid_to=None).first()
    chance = random.Random(today.toordinal())  # noqa: S311  (as above)
    served = Ticket.objects.filter(hall=hall, day=today, state=State.SERVED).order_by("line")
    for ticket, (score, reasons) in zip(served, _TODAY, strict=False):
        rate(
            visit=visit_of_ticket(ticket.token, now), score=score, reasons=reasons, channel="kiosk", actor=KIOSK,
            at=now, key=uuid4().hex, question_set=asked,
            answers=ratings.answers_of(asked, score, chance) if asked else {},
        )  # fmt: skip


def _bookings(services: dict[str, Service], now: datetime) -> None:
    """Let two services be booked on working days, and some visitors book."""
    for prefix in "AB":
        SlotRule.objects.bulk_create(
            SlotRule(
                service=services[prefix], weekday=weekday, from_time=begin, to_time=end, minutes=30, capacity=2,
                valid_from=timezone.localdate(now),
            )
            for weekday in range(5)
            for begin, end in ((time(8), time(11)), (time(13, 30), time(16)))
        )  # fmt: skip
    public = Actor(kind="public", name="Người dân")
    for days, hour, prefix, channel in (
        (0, timezone.localtime(now).hour + 1, "A", "web"),
        (0, timezone.localtime(now).hour + 1, "B", "phone"),
        (1, 8, "A", "web"),
        (1, 9, "B", "phone"),
        (2, 14, "A", "web"),
        (3, 8, "B", "web"),
    ):
        day = timezone.localdate(now) + timedelta(days=days)
        while days and day.weekday() > 4:
            day += timedelta(days=1)
        try:
            bookings.book(
                service_id=services[prefix].pk,
                starts_at=_at(day, hour),
                channel=channel,
                actor=public,
                at=now,
                key="",
            )
        except Refusal:  # the office is closed then, or two fell on one Monday: the demo has one less
            continue
