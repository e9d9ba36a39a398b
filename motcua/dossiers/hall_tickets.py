"""What is read of a dossier's tickets, and of a ticket's dossiers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.counters.models import Hall, Ticket
from motcua.counters.permissions import SERVES
from motcua.counters.states import OPEN
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, HallTicket
from motcua.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Came:
    """One ticket of a dossier as its page shows it; minutes are whole, None while that is not over."""

    row: HallTicket
    ticket: Ticket
    counter: str
    waited: int | None
    served: int | None

    @property
    def open(self) -> bool:
        return self.ticket.state in OPEN

    @property
    def said(self) -> str:
        """Waiting and service in words."""
        parts = []
        if self.waited is not None:
            parts.append(_("chờ %(minutes)s phút") % {"minutes": self.waited})
        if self.served is not None:
            parts.append(_("phục vụ %(minutes)s phút") % {"minutes": self.served})
        return ", ".join(parts)


def of_dossier(dossier: Dossier) -> list[Came]:
    """Return with which tickets people came for a dossier, the newest first; one query."""
    rows = (
        HallTicket.objects.filter(dossier=dossier, home_agency_id=dossier.home_agency_id, removed_at=None)
        .select_related("ticket__counter", "ticket__service")
        .order_by("-joined_at")
    )
    return [_came(row) for row in rows]


def _came(row: HallTicket) -> Came:
    ticket = row.ticket
    begun = ticket.started_at or ticket.called_at
    counter = ticket.counter.label if ticket.counter else ""
    return Came(row, ticket, counter, _minutes(ticket.issued_at, begun), _minutes(begun, ticket.ended_at))


def _minutes(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    return max(0, round((until - since).total_seconds() / 60))


def of_tickets(actor: Actor, ticket_ids: Iterable[UUID]) -> dict[UUID, list[Dossier]]:
    """Return the dossiers of some tickets that the actor may see, by ticket, in the order they came."""
    rows = (
        HallTicket.objects.filter(ticket_id__in=list(ticket_ids), removed_at=None)
        .filter(dossier__in=queries.visible_to(actor))
        .select_related("dossier__procedure_version__procedure")
        .order_by("joined_at")
    )
    found: dict[UUID, list[Dossier]] = {}
    for row in rows:
        found.setdefault(row.ticket_id, []).append(row.dossier)
    return found


def of_today(actor: Actor, label: str, at: datetime) -> list[Ticket]:
    """Return the tickets of today with this number at the actor's agency; one at most in each of its halls, the one
    whose visitor is nearest to being served first.
    """
    found = Ticket.objects.filter(
        home_agency_id__in={actor.agency_id or 0, *actor.stands_for}, day=timezone.localdate(at), label=label
    ).select_related("hall")
    return sorted(found, key=lambda one: (one.called_at is None, one.issued_at))


def offers_joining(actor: Actor, dossier: Dossier) -> bool:
    """Tell whether the form that joins a ticket makes sense here: an officer of the counters, an agency with a hall."""
    if not (actor.has(*SERVES) and actor.speaks_for(dossier.home_agency_id)):
        return False
    return Hall.objects.filter(point__shop__agency_id__in={actor.agency_id or 0, *actor.stands_for}).exists()
