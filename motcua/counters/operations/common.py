"""What the operations of a hall share: locking, moving a ticket, history, and the bell for its screens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.counters.events import LineMoved
from motcua.counters.models import Hall, HallLine, Ticket
from motcua.counters.permissions import agency_of
from motcua.counters.states import MOVES, OPEN, State
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound

SUBJECT = "ticket_day"


class NotNow(Conflict):
    """The ticket is elsewhere than the screen showed; nothing was written."""

    code = "not_now"


def hall_of(hall_id: int) -> Hall:
    """Return a hall with its point and shop; refuses one that is not there."""
    hall = Hall.objects.select_related("point__shop").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound(_("Không tìm thấy sảnh này."))
    return hall


def lock_line(hall: Hall) -> HallLine:
    """Lock what orders the calls of a hall: the first lock of every act that moves a ticket."""
    return HallLine.objects.select_for_update().get(hall=hall)


def lock_ticket(ticket_id: UUID) -> Ticket:
    """Lock the line of a ticket's hall, then the ticket, and return it with its hall."""
    hall_id = Ticket.objects.filter(pk=ticket_id).values_list("hall_id", flat=True).first()
    if hall_id is None:
        raise NotFound(_("Không tìm thấy số này."))
    hall = hall_of(hall_id)
    lock_line(hall)
    # The ticket alone: whoever takes a number checks its service, and would wait for us while we wait for the history.
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("service").get(pk=ticket_id)
    ticket.hall = hall
    return ticket


def move(ticket: Ticket, state: State, at: datetime, **changes: Any) -> None:
    """Bring a locked ticket into another state; refuses a move that the table of states does not know."""
    before = State(ticket.state)
    if state not in MOVES[before]:
        raise NotNow(
            _("Số %(label)s đang ở trạng thái “%(state)s” nên không làm được việc này. Tải lại trang để xem.")
            % {"label": ticket.label, "state": before.label}
        )
    ticket.state = state
    ticket.ended_at = None if state in OPEN else at
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=["state", "ended_at", *changes])


def tell(ticket: Ticket, verb: str, actor: Actor, at: datetime, **facts: Any) -> None:
    """Write the act into the history of the hall's day, and ring for the screens."""
    record(
        actor=actor, verb=f"ticket.{verb}", subject_kind=SUBJECT, subject_id=f"{ticket.hall_id}/{ticket.day}", at=at,
        agency_id=ticket.home_agency_id, payload={"label": ticket.label, "ticket": ticket.pk, **facts},
    )  # fmt: skip
    ring(ticket.hall, at)


def ring(hall: Hall, at: datetime) -> None:
    """Let the screens of a hall read again."""
    publish(LineMoved(subject_id=str(hall.pk), agency_id=agency_of(hall), at=at, hall=hall.pk))


def today(at: datetime) -> Any:
    """Return the local day of a moment."""
    return timezone.localdate(at)
