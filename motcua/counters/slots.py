"""The times that can be booked: rules by weekday, less days that are closed or do not count in the working calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Point, holds_on
from motcua.base.calendars.queries import working_calendar
from motcua.counters.models import Booking, ClosedDay, Hall, Service, Slot, SlotRule
from motcua.counters.models.booking import BookingState
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import words_match

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
#: How far ahead a time can be booked, in days.
FARTHEST = 30
#: From so many halls on the lists of them can be searched.
MANY = 6
Times = dict[date, dict[datetime, int]]


@dataclass(frozen=True)
class Free:
    """A bookable time and how many places are left in it."""

    starts_at: datetime
    left: int


def times_of(services: Iterable[Service], hall: Hall, first: date, last: date) -> dict[int, Times]:
    """Return for each service the bookable times of its days, `first` to `last`, with their capacity.

    A day on which nothing can be booked is left out.
    """
    closed = set(ClosedDay.objects.filter(hall=hall, day__range=(first, last)).values_list("day", flat=True))
    calendar_id = hall.point.shop.agency.calendar_id
    calendar = working_calendar(calendar_id) if calendar_id else None
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    open_days = [day for day in days if day not in closed and (calendar is None or calendar.is_working(day))]
    found: dict[int, Times] = {service.pk: {} for service in services}
    ended = Q(valid_to=None) | Q(valid_to__gt=first)
    for rule in SlotRule.objects.filter(ended, service_id__in=found, valid_from__lte=last).order_by(
        "from_time"
    ):
        for day in open_days:
            if day.weekday() == rule.weekday and _holds(rule, day):
                found[rule.service_id].setdefault(day, {}).update(_times(rule, day))
    return found


def times_on(service: Service, day: date) -> dict[datetime, int]:
    """Return the bookable times of a service on a day with their capacity, by the rules that hold then."""
    hall = Hall.objects.select_related("point__shop__agency").get(pk=service.hall_id)
    return times_of([service], hall, day, day)[service.pk].get(day, {})


def free_days(service: Service, hall: Hall, at: datetime) -> dict[date, list[Free]]:
    """Return the days of the next month on which a service takes bookings, each with its times still to come.

    A day whose times are all full stands there too, so that people see that it is full.
    """
    today = timezone.localdate(at)
    known = times_of([service], hall, today, today + timedelta(days=FARTHEST))[service.pk]
    taken = dict(Slot.objects.filter(service=service, starts_at__gt=at).values_list("starts_at", "taken"))
    found: dict[date, list[Free]] = {}
    for day, times in sorted(known.items()):
        ahead = [
            Free(moment, max(0, capacity - taken.get(moment, 0)))
            for moment, capacity in sorted(times.items())
            if at < moment <= at + timedelta(days=FARTHEST)
        ]
        if ahead:
            found[day] = ahead
    return found


def bookable_halls(day: date) -> list[Hall]:
    """Return the halls that take bookings, by name of their shop."""
    rules = SlotRule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), service__valid_to=None)
    known = set(rules.values_list("service__hall_id", flat=True))
    return [hall for hall in halls(day) if hall.pk in known]


def halls(day: date) -> list[Hall]:
    """Return the halls of points that are open on a day, by name of their shop."""
    points = Point.objects.filter(holds_on(day), holds_on(day, "shop__"))
    rows = Hall.objects.filter(point__in=points).select_related("point__shop__agency")
    return list(rows.order_by("point__shop__name", "point__name"))


def named(rows: list[Hall], text: str) -> list[Hall]:
    """Return the halls whose place or address has the words of `text`, with or without tone marks; all for none."""
    if not text:
        return rows
    return [
        one
        for one in rows
        if words_match(
            text, f"{one.point.shop.name} {one.point.name} {one.point.address} {one.point.shop.agency.name}"
        )
    ]


def one_hall(hall_id: int) -> Hall:
    """Return a hall with its place and agency; NotFound when there is none."""
    hall = Hall.objects.select_related("point__shop__agency").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound(_("Không tìm thấy sảnh này."))
    return hall


def bookable_services(hall: Hall, day: date) -> list[Service]:
    """Return the services of a hall for which there are rules that hold or will hold."""
    rules = SlotRule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), service__hall=hall)
    return list(
        Service.objects.filter(holds_on(day), hall=hall, pk__in=rules.values_list("service_id", flat=True))
    )


def services_of(hall: Hall, day: date) -> QuerySet[Service]:
    """Return the services a hall offers on a day."""
    return Service.objects.filter(holds_on(day), hall=hall)


def rules_of(hall: Hall, day: date) -> QuerySet[SlotRule]:
    """Return the rules of a hall that hold on a day or will."""
    rows = SlotRule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), service__hall=hall)
    return rows.select_related("service").order_by("service__position", "weekday", "from_time", "pk")


def closed_days(hall: Hall, day: date) -> QuerySet[ClosedDay]:
    """Return the days from `day` on that a hall has closed."""
    return ClosedDay.objects.filter(hall=hall, day__gte=day).order_by("day")


def of_token(token: str) -> Booking:
    """Return the booking of a secret page; NotFound for a token that nobody was given."""
    rows = Booking.objects.filter(token=token).select_related("slot__service__hall__point__shop__agency")
    found = rows.first() if 20 <= len(token) <= 32 else None
    if found is None:
        raise NotFound(_("Không tìm thấy lịch hẹn này."))
    return found


def bookings_on(hall: Hall, day: date) -> list[Booking]:
    """Return the bookings of a hall's day by time, cancelled ones last."""
    start = datetime.combine(day, datetime.min.time(), HERE)
    rows = Booking.objects.filter(
        slot__service__hall=hall, slot__starts_at__gte=start, slot__starts_at__lt=start + timedelta(days=1)
    )
    found = rows.select_related("slot__service").order_by("slot__starts_at", "booked_at")
    return sorted(found, key=lambda one: one.state == BookingState.CANCELLED)


def next_booked(hall: Hall, after: date) -> date | None:
    """Return the first day later than `after` for which somebody has booked; None where there is none."""
    start = datetime.combine(after + timedelta(days=1), datetime.min.time(), HERE)
    rows = Booking.objects.filter(
        state=BookingState.BOOKED, slot__service__hall=hall, slot__starts_at__gte=start
    )
    first = rows.order_by("slot__starts_at").values_list("slot__starts_at", flat=True).first()
    return timezone.localdate(first) if first else None


def stranded(hall: Hall, at: datetime) -> list[Booking]:
    """Return the bookings to come whose time is offered no more: rule ended, day closed, calendar changed."""
    rows = Booking.objects.filter(state=BookingState.BOOKED, slot__service__hall=hall, slot__starts_at__gt=at)
    found = list(rows.select_related("slot__service").order_by("slot__starts_at"))
    if not found:
        return []
    days = [timezone.localdate(one.slot.starts_at) for one in found]
    known = times_of({one.slot.service for one in found}, hall, min(days), max(days))
    return [
        one
        for one, day in zip(found, days, strict=True)
        if one.slot.service.valid_to is not None
        or one.slot.starts_at not in known[one.slot.service_id].get(day, {})
    ]


def is_stranded(booking: Booking) -> bool:
    """Tell whether the time of a booking is offered no more."""
    service = booking.slot.service
    gone = service.valid_to is not None
    return gone or booking.slot.starts_at not in times_on(service, timezone.localdate(booking.slot.starts_at))


def _holds(row: Any, on: date) -> bool:
    return bool(row.valid_from <= on and (row.valid_to is None or on < row.valid_to))


def _times(rule: SlotRule, day: date) -> dict[datetime, int]:
    moment = datetime.combine(day, rule.from_time, HERE)
    end = datetime.combine(day, rule.to_time, HERE)
    step, found = timedelta(minutes=rule.minutes), {}
    while moment + step <= end:
        found[moment] = rule.capacity
        moment += step
    return found
