"""What the console shows, each part in a fixed number of queries, however long the line is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts.models import Account
from motcua.agencies.models import Counter, holds_on
from motcua.base.audit.models import Entry
from motcua.counters import order, queries, station_queries
from motcua.counters.models import (
    Call,
    Hall,
    HallLine,
    HandRange,
    HelpCall,
    Pause,
    Service,
    Serving,
    Shift,
    Ticket,
)
from motcua.counters.operations import calling, staffing
from motcua.counters.order import Waiting
from motcua.counters.states import AT_A_COUNTER, OPEN, Priority, State
from motcua.counters.station_queries import Trouble
from motcua.dossiers import hall_tickets
from motcua.dossiers.models import Dossier
from motcua.lib.actor import Actor

#: So many of those who come next are named; the rest is a count.
NAMED = 8
_STRIP = """
select c.number, c.name, t.id, t.label, t.state, coalesce(t.started_at, t.called_at), t.calls, h.calls_before_absent,
  exists (select 1 from counters_pause p where p.shift_id = s.id and p.until is null),
  (select count(*) from dossiers_hallticket j where j.ticket_id = t.id and j.removed_at is null),
  r.id, r.label,
  (select count(*) from counters_helpcall a where a.hall_id = h.id and a.ended_at is null and a.answered_at is null
    and a.asked_at >= %s)
from counters_shift s join agencies_counter c on c.id = s.counter_id join counters_hall h on h.point_id = c.point_id
left join counters_ticket t on t.shift_id = s.id and t.state in ('called', 'serving')
left join lateral (select id, label from counters_ticket o where o.shift_id = s.id and o.state = 'served'
  and o.ended_at > %s order by o.ended_at desc limit 1) r on true
where s.home_agency_id = any(%s) and s.account_id = %s and s.ended_at is null
"""


@dataclass(frozen=True, slots=True)
class Strip:
    """The officer's counter in one line, on every page while they are signed on."""

    counter: str
    ticket: UUID | None
    label: str
    state: str
    since: datetime | None
    calls: int
    calls_needed: int
    paused: bool
    dossiers: int
    ended: UUID | None = None  # the visitor who was done just now, and may be opened again
    ended_label: str = ""
    asks: int = 0  # kiosks of the hall where somebody asks for the guide and nobody goes yet

    @property
    def called(self) -> bool:
        return self.state == State.CALLED

    @property
    def calls_left(self) -> int:
        """How many calls more before the number may be noted as absent."""
        return max(0, self.calls_needed - self.calls)


@dataclass(frozen=True, slots=True)
class Seat:
    """A counter of the hall: what it serves now, and who sits there.

    `quiet` says since when its officer has done nothing, once a colleague may sit down instead.
    """

    counter: Counter
    services: tuple[Service, ...]
    who: str
    shift: UUID | None = None
    began: datetime | None = None
    quiet: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """Somebody of the line: the number, for what, why it is their turn, minutes of waiting so far."""

    label: str
    service: str
    why: str
    waited: int
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the console of one counter shows at one moment."""

    shift: Shift
    hall: Hall
    services: tuple[Service, ...]
    pause: Pause | None
    ticket: Ticket | None
    called_by: str
    dossiers: list[Dossier]
    next: list[Next]
    waiting: int
    longest: int
    held: list[Ticket]
    now: datetime
    ended: Ticket | None = None
    troubles: tuple[Trouble, ...] = ()

    @property
    def own(self) -> str:
        """What tells a screen that the visitor at the counter is another one, or in another state."""
        parts = (
            [self.ticket.pk, self.ticket.state, self.ticket.calls, len(self.dossiers)]
            if self.ticket
            else [""]
        )
        return "-".join(str(part) for part in [*parts, bool(self.pause), *(one.pk for one in self.services)])

    @property
    def calls_left(self) -> int:
        """How many calls more before the number may be noted as absent."""
        return max(0, self.hall.calls_before_absent - self.ticket.calls) if self.ticket else 0

    @property
    def since(self) -> datetime | None:
        return (self.ticket.started_at or self.ticket.called_at) if self.ticket else None

    @property
    def waited(self) -> int:
        """Minutes the visitor waited before this counter called."""
        return minutes(self.ticket.issued_at, self.ticket.called_at or self.now) if self.ticket else 0

    @property
    def others(self) -> int:
        """Who waits beside those named."""
        return self.waiting - len(self.next)

    @property
    def of_yesterday(self) -> bool:
        """The officer sat down on a day before and never left."""
        return timezone.localdate(self.shift.started_at) < timezone.localdate(self.now)


def minutes(since: datetime, until: datetime) -> int:
    """Return the whole minutes from one moment to another; never less than none, whatever the clock did."""
    return max(0, int((until - since).total_seconds() // 60))


def own_agencies(actor: Actor) -> list[int]:
    """Return the agencies whose halls are the actor's own."""
    return sorted({actor.agency_id or 0, *actor.stands_for})


def strip(actor: Actor, at: datetime) -> Strip | None:
    """Return the actor's counter in one query; None when they are signed on nowhere."""
    with connection.cursor() as cursor:
        lately, reopened, account = at - queries.HELP_LASTS, at - calling.REOPENS, actor.account_id or 0
        cursor.execute(_STRIP, [lately, reopened, own_agencies(actor), account])
        row = cursor.fetchone()
    if row is None:
        return None
    number, name, ticket, label, state, since, calls, needed, paused, dossiers, *rest = row
    ended, ended_label, asks = rest
    return Strip(
        Counter(number=number, name=name).label, ticket, label or "", state or "", since, calls or 0, needed, paused,
        dossiers, ended, ended_label or "", asks,
    )  # fmt: skip


def my_shift(actor: Actor) -> Shift | None:
    """Return where the actor is signed on."""
    return (
        Shift.objects.filter(
            home_agency_id__in=own_agencies(actor), account_id=actor.account_id or 0, ended_at=None
        )
        .select_related("counter__point__hall")
        .first()
    )


def halls(actor: Actor, at: datetime) -> list[Hall]:
    """Return the halls of the actor's agency, those of places that are open today."""
    rows = Hall.objects.filter(point__shop__agency_id__in=own_agencies(actor)).select_related("point__shop")
    today = timezone.localdate(at)
    return [
        one
        for one in rows.order_by("point__shop__name", "point__name")
        if one.point.valid_to is None or one.point.valid_to > today
    ]


def last_counter(actor: Actor) -> int | None:
    """Return the counter at which the actor sat last."""
    mine = Shift.objects.filter(home_agency_id__in=own_agencies(actor), account_id=actor.account_id or 0)
    return mine.order_by("-started_at").values_list("counter_id", flat=True).first()


def seats(hall: Hall, at: datetime) -> list[Seat]:
    """Return the counters of a hall that are open today."""
    counters = list(Counter.objects.filter(holds_on(timezone.localdate(at)), point_id=hall.point_id))
    sitting = {one.counter_id: one for one in Shift.objects.filter(counter__in=counters, ended_at=None)}
    names = dict(
        Account.objects.filter(pk__in=[one.account_id for one in sitting.values()]).values_list(
            "pk", "full_name"
        )
    )
    last = queries.last_acts(list(sitting.values()))
    served = _served(counters)
    found = []
    for one in counters:
        shift, services = sitting.get(one.pk), tuple(served.get(one.pk, ()))
        if shift is None:
            found.append(Seat(one, services, ""))
            continue
        moment = last[shift.pk]
        quiet = moment if at - moment >= staffing.QUIET else None
        found.append(Seat(one, services, names.get(shift.account_id, "?"), shift.pk, shift.started_at, quiet))
    return found


@dataclass(frozen=True, slots=True)
class Replaced:
    """Who sat down at the actor's counter today, and when the actor's own shift ended by that."""

    counter: Counter
    who: str
    at: datetime
    ended_at: datetime | None


def replaced(actor: Actor, at: datetime) -> Replaced | None:
    """Return who took the actor's last counter over today; None when they signed off themselves."""
    mine = Shift.objects.filter(home_agency_id__in=own_agencies(actor), account_id=actor.account_id or 0)
    last = mine.select_related("counter__point__hall").order_by("-started_at").first()
    if last is None or last.ended_at is None:
        return None
    entry = Entry.objects.filter(
        agency_id=last.home_agency_id, recorded_at__gte=at - timedelta(hours=16), subject_kind="hall",
        subject_id=str(last.counter.point.hall.pk), verb="counter.take_over", payload__shift=str(last.pk),
    ).first()  # fmt: skip
    return Replaced(last.counter, entry.actor_name, entry.at, last.ended_at) if entry else None


def _served(counters: Iterable[Counter]) -> dict[int, list[Service]]:
    found: dict[int, list[Service]] = {}
    rows = Serving.objects.filter(counter__in=list(counters), until=None).select_related("service")
    for row in rows.order_by("service__position", "service_id"):
        found.setdefault(row.counter_id, []).append(row.service)
    return found


def services(hall: Hall, at: datetime) -> list[Service]:
    """Return what the hall offers today."""
    return list(Service.objects.filter(holds_on(timezone.localdate(at)), hall=hall))


def board(actor: Actor, shift: Shift, at: datetime) -> Board:
    """Return the console of the counter where the actor is signed on."""
    hall = Hall.objects.select_related("point__shop", "line").get(point_id=shift.counter.point_id)
    mine = tuple(_served([shift.counter]).get(shift.counter_id, ()))
    serves = {one.pk for one in mine}
    waiting = [one for one in queries.waiting(hall.pk, counter_id=shift.counter_id) if one.service in serves]
    ticket = (
        Ticket.objects.filter(shift=shift, state__in=sorted(AT_A_COUNTER)).select_related("service").first()
    )
    dossiers = hall_tickets.of_tickets(actor, [ticket.pk]).get(ticket.pk, []) if ticket else []
    named, longest = _named(hall.line, hall, waiting, at)
    held = Ticket.objects.filter(hall=hall, state=State.HELD, held_until__gte=at).select_related("service")
    pause = Pause.objects.filter(shift=shift, until=None).first()
    ended = Ticket.objects.filter(
        home_agency_id=shift.home_agency_id, hall=hall, day__gte=timezone.localdate(at) - timedelta(days=1),
        shift__account_id=shift.account_id, state=State.SERVED, ended_at__gt=at - calling.REOPENS,
    )  # fmt: skip
    return Board(
        shift=shift, hall=hall, services=mine, pause=pause, ticket=ticket,
        called_by=_called_by(ticket, hall), dossiers=dossiers, next=named, waiting=len(waiting), longest=longest,
        held=list(held.order_by("held_until")), now=at, ended=ended.order_by("-ended_at").first(),
        troubles=tuple(station_queries.trouble(hall.pk, at, counter_id=shift.counter_id)),
    )  # fmt: skip


def _named(line: HallLine, hall: Hall, waiting: list[Waiting], at: datetime) -> tuple[list[Next], int]:
    """Return who comes next at this counter by the rule of the hall, and the longest wait in minutes."""
    streaks = {int(one): count for one, count in line.streaks.items()}
    turns = order.turns(
        waiting,
        serves={one.service for one in waiting},
        streaks=streaks,
        normals=hall.normals,
        now=at,
        most=NAMED,
    )
    rows: dict[Any, Ticket] = {
        one.pk: one
        for one in Ticket.objects.filter(pk__in=[one.key for one in waiting]).select_related(
            "service", "first_service"
        )
    }
    found = []
    for turn in turns:
        ticket = rows.get(turn.ticket.key)
        if ticket is not None:
            reason, waited = _reason(turn.why, hall, ticket), minutes(ticket.issued_at, at)
            found.append(Next(ticket.label, ticket.service.name, reason, waited, _note(ticket)))
    longest = max((minutes(one.issued_at, at) for one in rows.values()), default=0)
    return found, longest


def _reason(code: str, hall: Hall, ticket: Ticket) -> str:
    """Return the part of the rule by which it is somebody's turn, in words."""
    if code == "booking" and ticket.booked_for is not None:
        return _("đặt lịch %(when)s") % {"when": f"{timezone.localtime(ticket.booked_for):%H:%M}"}
    if code == "priority":
        name = str(Priority(ticket.priority).label).lower()
        if not hall.normals:
            return _("ưu tiên: %(who)s") % {"who": name}
        return _("ưu tiên: %(who)s (một số sau %(count)s số thường)") % {"who": name, "count": hall.normals}
    return _("đến trước")


def _note(ticket: Ticket) -> str:
    """Return what an officer should know before the call: sent on from elsewhere, or for this counter alone."""
    if ticket.only_counter_id is not None or ticket.service_id != ticket.first_service_id:
        words = _("chuyển từ “%(service)s”") % {"service": ticket.first_service.name}
        return f"{words}: {ticket.reason}" if ticket.reason else words
    return ""


def _called_by(ticket: Ticket | None, hall: Hall) -> str:
    if ticket is None:
        return ""
    calls = Call.objects.filter(ticket=ticket).exclude(why="again").order_by("-number")
    code = calls.values_list("why", flat=True).first()
    return _reason(code or "line", hall, ticket)


# ── The guide desk


@dataclass(frozen=True, slots=True)
class Pad:
    """A pad of numbers written by hand today, with how many of them have been entered."""

    row: HandRange
    first: str
    last: str
    entered: int


def kiosks_that_ring(hall: Hall, at: datetime) -> list[tuple[HelpCall, int]]:
    """Return the calls for the guide that nobody answered yet, with how many minutes each waits."""
    return [(one, minutes(one.asked_at, at)) for one in queries.help_calls(hall.pk, at)]


def tickets_of(hall: Hall, text: str, at: datetime) -> Ticket | None:
    """Return the ticket of today with this number, or the one whose code (the address on it) was scanned."""
    typed = "".join(text.split())
    rows = Ticket.objects.filter(hall=hall).select_related("service", "counter")
    if "/so/" in typed:
        return rows.filter(token=typed.partition("/so/")[2].strip("/")[:32]).first()
    return rows.filter(day=timezone.localdate(at), label=typed.upper()[:12]).first()


def ticket_in(hall: Hall, key: str) -> Ticket | None:
    """Return a ticket of the hall by its key, as a form carries it."""
    try:
        return Ticket.objects.filter(hall=hall, pk=UUID(key)).first()
    except ValueError:
        return None


def pads(hall: Hall, at: datetime) -> list[Pad]:
    """Return the pads of today."""
    rows = HandRange.objects.filter(service__hall=hall, day=timezone.localdate(at)).select_related("service")
    labels = set(
        Ticket.objects.filter(hall=hall, day=timezone.localdate(at), channel="hand").values_list(
            "label", flat=True
        )
    )
    found = []
    for row in rows.order_by("made_at"):
        names = [f"{row.service.prefix}{number:03d}" for number in range(row.first, row.last + 1)]
        found.append(Pad(row, names[0], names[-1], sum(name in labels for name in names)))
    return found


def unconfirmed(hall: Hall, at: datetime) -> list[Ticket]:
    """Return the numbers of today that were drawn and that nobody is known to hold: a machine lost them."""
    rows = Ticket.objects.filter(hall=hall, day=timezone.localdate(at), state=State.PENDING).select_related(
        "service"
    )
    return list(rows.order_by("-issued_at")[:20])


def open_count(hall: Hall) -> int:
    """Return how many of the hall wait or are being served."""
    return Ticket.objects.filter(hall=hall, state__in=sorted(OPEN - {State.PENDING})).count()
