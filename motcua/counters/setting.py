"""What the pages that set a hall up read: halls of an actor, services with their sectors, who serves what, devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import Counter, Point, holds_on
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import entries_of
from motcua.counters import permissions
from motcua.counters.models import Device, Hall, HandRange, Service, Serving, Shift, Ticket
from motcua.counters.states import Channel, State
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.procedures.models import Sector

#: A device that has not asked for so long is said to be silent.
SILENT = timedelta(minutes=3)


def halls(actor: Actor) -> list[Hall]:
    """Return the halls an actor may look at: those of the own agencies, all for an administrator of the system."""
    rows = Hall.objects.select_related("point__shop__agency")
    if not actor.has(Role.SYSTEM_ADMIN):
        rows = rows.filter(
            point__shop__agency_id__in={actor.agency_id or 0, *actor.stands_for, *actor.agencies}
        )
    return list(rows.order_by("point__shop__agency__name", "point__name", "pk"))


def hall_for(hall_id: int, verb: str, actor: Actor) -> Hall:
    """Return a hall if the actor may do `verb` there; refuses otherwise, as if it were not there for strangers."""
    hall = Hall.objects.select_related("point__shop__agency").filter(pk=hall_id).first()
    if hall is None or not permissions.may("watch", actor, hall):
        raise NotFound(_("Không tìm thấy sảnh này."))
    permissions.require(verb, actor, hall)
    return hall


def points_without(actor: Actor, on: date) -> list[Point]:
    """Return the open reception points that could become halls, of the agencies the actor administers."""
    rows = Point.objects.filter(holds_on(on), holds_on(on, "shop__"), hall=None).select_related(
        "shop__agency"
    )
    if not actor.has(Role.SYSTEM_ADMIN):
        rows = rows.filter(shop__agency_id__in={actor.agency_id or 0, *actor.stands_for})
    return list(rows.order_by("shop__agency__name", "name"))


def service_for(service_id: int, actor: Actor) -> Service:
    """Return a service of a hall that the actor sets up."""
    service = Service.objects.filter(pk=service_id).first()
    if service is None:
        raise NotFound(_("Không tìm thấy nhóm việc này."))
    service.hall = hall_for(service.hall_id, "set_up", actor)
    return service


def device_for(device_id: int, actor: Actor) -> Device:
    """Return a device of a hall that the actor sets up."""
    device = Device.objects.select_related("counter").filter(pk=device_id).first()
    if device is None:
        raise NotFound(_("Không tìm thấy thiết bị này."))
    device.hall = hall_for(device.hall_id, "pair", actor)
    return device


def services(hall: Hall, *, ended: bool = False) -> list[Service]:
    """Return the services of a hall that are offered; with `ended`, also those that are no more, last."""
    rows = Service.objects.filter(hall=hall).prefetch_related("sectors__sector")
    rows = rows if ended else rows.filter(valid_to=None)
    return sorted(rows, key=lambda one: (one.valid_to is not None, one.position, one.pk))


def open_count(service: Service) -> int:
    """Return how many still expect something of a service."""
    return Ticket.objects.filter(service=service, ended_at=None).count()


def sectors() -> QuerySet[Sector]:
    """Return the sectors of the catalogue that have procedures, by name."""
    return Sector.objects.filter(procedures__isnull=False).distinct()


def counters(hall: Hall, on: date) -> list[Counter]:
    """Return the counters of a hall that are open, and those somebody still sits at or that still serve something."""
    kept = Serving.objects.filter(counter__point=hall.point, until=None).values("counter_id")
    sits = Shift.objects.filter(counter__point=hall.point, ended_at=None).values("counter_id")
    rows = Counter.objects.filter(point=hall.point).filter(holds_on(on) | Q(pk__in=kept) | Q(pk__in=sits))
    return list(rows.order_by("number", "pk"))


@dataclass(frozen=True, slots=True)
class GridRow:
    """A counter in the grid: what it serves now, and whether it has closed."""

    counter: Counter
    serves: frozenset[int]
    closed: bool


def grid(hall: Hall, on: date) -> list[GridRow]:
    """Return which counter serves which services now."""
    serves: dict[int, set[int]] = {}
    rows = Serving.objects.filter(counter__point=hall.point, until=None)
    for counter_id, service_id in rows.values_list("counter_id", "service_id"):
        serves.setdefault(counter_id, set()).add(service_id)
    return [
        GridRow(one, frozenset(serves.get(one.pk, ())), one.valid_to is not None and one.valid_to <= on)
        for one in counters(hall, on)
    ]


def devices(hall: Hall) -> list[Device]:
    """Return the devices of a hall; those that were revoked last, the last first."""
    rows = Device.objects.filter(hall=hall).select_related("counter")
    return [*rows.filter(revoked_at=None).order_by("kind", "name", "pk"),
            *rows.exclude(revoked_at=None).order_by("-revoked_at")[:20]]  # fmt: skip


def silent_since(device: Device, at: datetime) -> datetime | None:
    """Return since when a device has been silent; None while it answers."""
    last = device.seen_at or device.paired_at
    return last if device.revoked_at is None and last < at - SILENT else None


def pads(hall: Hall, day: date) -> list[dict[str, Any]]:
    """Return the pads of paper of a day with how many of their numbers were entered."""
    rows = HandRange.objects.filter(service__hall=hall, day=day).select_related("service").order_by("made_at")
    entered = dict(
        Ticket.objects.filter(hall=hall, day=day, channel=Channel.HAND)
        .values_list("first_service_id")
        .annotate(count=Count("pk"))
    )
    return [{"row": row, "entered": entered.get(row.service_id, 0)} for row in rows]


def acts(hall: Hall, *, last: int = 40, prefixes: Sequence[str] = ()) -> list[Entry]:
    """Return the last acts on a hall, the newest first; `prefixes` keeps verbs that begin so."""
    rows = entries_of("hall", hall.pk, agency_id=permissions.agency_of(hall)).reverse()
    if prefixes:
        wanted = Q()
        for one in prefixes:
            wanted |= Q(verb__startswith=one)
        rows = rows.filter(wanted)
    return list(rows[:last])


def names(hall: Hall) -> dict[int, str]:
    """Return the services of a hall by id as history shows them: their letters."""
    return dict(Service.objects.filter(hall=hall).values_list("pk", "prefix"))


def left_over_midnight(hall: Hall, on: date) -> tuple[date | None, list[str]]:
    """Return the last day before `on` with tickets, and the numbers of it that ended without having been called."""
    day = Ticket.objects.filter(hall=hall, day__lt=on).order_by("-day").values_list("day", flat=True).first()
    if day is None:
        return None, []
    rows = Ticket.objects.filter(hall=hall, day=day, state=State.DAY_OVER).order_by("line")
    return day, list(rows.values_list("label", flat=True))
