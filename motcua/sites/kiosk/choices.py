"""What a visitor chooses from: services with their wait, classes of priority, the service of a procedure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import holds_on
from motcua.counters import phone_words, queries
from motcua.counters.estimates import Range
from motcua.counters.models import Hall, Service, ServiceSector, Serving
from motcua.counters.states import Priority

#: So many services stand on one view, beside the one for who does not know.
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the kiosk offers it: how many wait for it, and how long a newcomer would."""

    service: Service
    waiting: int
    wait: Range | None

    @property
    def wait_words(self) -> str:
        """Say the range; never one number."""
        return wait_words(self.wait)


def wait_words(wait: Range | None) -> str:
    """Say how long somebody will wait, as a range."""
    if wait is None:
        return _("chưa có quầy nào làm việc này")
    told = wait.said
    if told.low == 0:
        return _("chờ dưới %(high)s") % {"high": phone_words.minutes(told.high)}
    return _("chờ khoảng %(low)s đến %(high)s") % phone_words.span(told)


def offers(hall: Hall, at: datetime, *, priority: bool = False) -> list[Offer]:
    """Return the services of today in the office's order, each with its wait, the one for who does not know last.

    The wait is the one that phones, screens and the ticket itself say.
    """
    services = list(Service.objects.filter(holds_on(timezone.localdate(at)), hall=hall))
    found = queries.newcomers(hall.pk, [one.pk for one in services], at=at, priority=priority)
    ordered = sorted(services, key=lambda one: (one.is_general, one.position, one.pk))
    return [Offer(one, found[one.pk].waiting, found[one.pk].wait) for one in ordered]


def shown(found: list[Offer], page: int) -> tuple[list[Offer], Offer | None, int | None]:
    """Return the services of one view, the one for who does not know, and the next page (None: there is no other).

    After the last page comes the first.
    """
    general = next((one for one in found if one.service.is_general), None)
    others = [one for one in found if not one.service.is_general]
    if len(others) <= AT_ONCE:
        return others, general, None
    size = AT_ONCE - 1  # one place is for "others"
    pages = -(-len(others) // size)
    page %= pages
    return others[page * size : (page + 1) * size], general, (page + 1) % pages


def service_for(hall: Hall, sector_id: int | None, at: datetime) -> Service | None:
    """Return the service at which procedures of a sector are asked for, else the one for who does not know."""
    today = timezone.localdate(at)
    if sector_id is not None:
        row = (
            ServiceSector.objects.filter(
                holds_on(today, "service__"), service__hall=hall, sector_id=sector_id
            )
            .select_related("service")
            .order_by("service__position")
            .first()
        )
        if row is not None:
            return row.service
    return Service.objects.filter(holds_on(today), hall=hall, is_general=True).first()


def zone(service: Service) -> str:
    """Return at which counters a service is served now: "Quầy 1, 3"; "" while none is known."""
    numbers = Serving.objects.filter(service=service, until=None).order_by("counter__number")
    counters = ", ".join(str(number) for number in numbers.values_list("counter__number", flat=True))
    return _("Quầy %(numbers)s") % {"numbers": counters} if counters else ""


def classes() -> list[tuple[str, str]]:
    """Return the classes of priority with their words."""
    return [(str(one.value), str(one.label)) for one in Priority if one.value]
