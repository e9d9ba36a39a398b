"""Where the holder of a number stands: how many are before them, how long it will take. Read by many phones.

What is true for a whole hall is worked out once in each process and kept until the line moves, 15 seconds at most:
a phone that asks again costs two short statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import holds_on
from motcua.counters import order, permissions, queries
from motcua.counters.estimates import Range
from motcua.counters.models import Hall, HallLine, Service, Ticket
from motcua.counters.states import OPEN, State
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

#: From so many before somebody, their page says that the turn is near.
NEAR = 3
_KEPT = timedelta(seconds=15)
_VERSION = """
select l.calls, count(t.id), coalesce(max(t.line), 0), coalesce(sum(hashtext(t.id::text || t.service_id)), 0)
from counters_hallline l left join counters_ticket t on t.hall_id = l.hall_id and t.state = 'waiting'
where l.hall_id = %s group by l.calls
"""


@dataclass(frozen=True)
class Standing:
    """A ticket for its holder's eyes. `before` and `wait` are None for one that does not wait, or for which no counter
    works now."""

    ticket: Ticket
    before: int | None = None
    wait: Range | None = None

    @property
    def near(self) -> bool:
        """A counter works, and so few are before this one that the holder should come close."""
        return self.before is not None and self.before <= NEAR and self.wait is not None

    @property
    def news(self) -> str:
        """What a phone tells its owner about when it changes: "" while there is nothing to come for."""
        ticket = self.ticket
        if ticket.state == State.CALLED:
            return f"called-{ticket.counter_id}-{ticket.calls}"
        if ticket.state == State.HELD:
            return "held"
        return ("next" if self.before == 0 else "near") if self.near else ""


@dataclass(frozen=True)
class Outlook:
    """One service of a hall for who has no number yet."""

    service: Service
    waiting: int
    wait: Range | None


_kept: dict[tuple[str, int], tuple[Any, datetime, dict[Any, tuple[int, Range | None]]]] = {}


def of_token(token: str, at: datetime) -> Standing:
    """Return where the ticket of a secret page stands; NotFound for a token that nobody was given."""
    ticket = (
        Ticket.objects.filter(token=token)
        .select_related("service", "counter", "only_counter", "hall__point__shop")
        .first()
        if 20 <= len(token) <= 32
        else None
    )
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này."))
    if ticket.state != State.WAITING:
        return Standing(ticket)
    before, wait = _line_of(ticket.hall_id, at).get(ticket.pk, (None, None))
    return Standing(ticket, before, wait)


def hall_of_scan(actor: Actor, text: str) -> int | None:
    """Return the hall of a ticket whose code (the address on it) an officer scanned; None for all other text, and where
    the officer gives no numbers out."""
    _address, found, token = text.partition("/so/")
    if not found:
        return None
    ticket = Ticket.objects.filter(token=token.strip("/")[:32]).select_related("hall__point__shop").first()
    return ticket.hall_id if ticket is not None and permissions.may("see", actor, ticket.hall) else None


def of_tokens(tokens: Iterable[str], at: datetime) -> list[Ticket]:
    """Return the tickets of today that a phone holds and that are still open, the oldest first."""
    wanted = [one for one in tokens if 20 <= len(one) <= 32][:8]
    if not wanted:
        return []
    rows = Ticket.objects.filter(token__in=wanted, day=timezone.localdate(at), state__in=sorted(OPEN))
    return list(rows.select_related("service", "counter").order_by("issued_at"))


def outlook(hall: Hall, at: datetime) -> list[Outlook]:
    """Return the services of a hall today, each with how many wait and how long a newcomer would."""
    services = list(Service.objects.filter(holds_on(timezone.localdate(at)), hall=hall))
    found = queries.newcomers(hall.pk, [one.pk for one in services], at=at)
    return [Outlook(one, found[one.pk].waiting, found[one.pk].wait) for one in services]


def _line_of(hall_id: int, at: datetime) -> dict[Any, tuple[int, Range | None]]:
    """Return for each waiting ticket of a hall how many of its service are called before it, and its range."""
    place = (str(connection.settings_dict["NAME"]), hall_id)
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [hall_id])
        version = cursor.fetchone()
    kept = _kept.get(place)
    if kept is not None and kept[0] == version and abs(at - kept[1]) < _KEPT:
        return kept[2]
    line = HallLine.objects.select_related("hall").get(hall_id=hall_id)
    waiting, ranges = queries.waiting(hall_id), queries.forecast(hall_id, at=at)
    found: dict[Any, tuple[int, Range | None]] = {}
    for service in {one.service for one in waiting}:
        turns = order.order(
            waiting, service=service, streak=line.streaks.get(str(service), 0), normals=line.hall.normals, now=at
        )  # fmt: skip
        found |= {one.key: (before, ranges.get(one.key)) for before, one in enumerate(turns)}
    _kept[place] = (version, at, found)
    return found
