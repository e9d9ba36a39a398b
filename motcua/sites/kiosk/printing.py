"""The ticket of a kiosk: who prints it, which tickets a kiosk may still touch, what stands on the paper."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.counters import station_queries
from motcua.counters.models import Device, JobState, Ticket
from motcua.counters.operations import devices, stations
from motcua.lib import barcodes
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.kiosk.machine import fitted

#: So long after it was drawn a kiosk may print its ticket again, say that it came out, or give it up.
TOUCHED = timedelta(minutes=15)


def tickets_print(device: Device, ticket: Ticket, *, attempt: str = "first", at: datetime) -> str:
    """Have a ticket printed; return by whom: "browser" (the kiosk's page prints the 80 mm sheet and confirms), or
    "station" (a station prints its picture and confirms; the kiosk's page watches the ticket's state).

    A kiosk that is set to a station tries its own printer while no station answers. `attempt` names a print: the same
    twice is one paper.
    """
    if fitted(device)["printer"] == "browser":
        return "browser"
    station = station_queries.printer_of(device, at)
    if station is None:
        return "browser"
    try:
        stations.send_print(
            station_id=station.pk, subject_kind="ticket", subject_id=str(ticket.pk), actor=devices.actor_of(device),
            at=at, key=f"kiosk:{ticket.pk}:{attempt}",
        )  # fmt: skip
    except Refusal:  # it has more than enough to do
        return "browser"
    return "station"


def went_wrong(ticket: Ticket, at: datetime) -> str:
    """Return "failed" if the station said that no paper came out, "unsure" if nobody knows, else ""."""
    job = station_queries.last_print("ticket", str(ticket.pk))
    if job is None:
        return ""
    if job.state == JobState.UNSURE:
        return "unsure"
    late = job.state == JobState.WAITING and job.expires_at < at
    return "failed" if late or job.state == JobState.FAILED else ""


def ticket_of(device: Device, ticket_id: UUID, at: datetime) -> Ticket:
    """Return a ticket that this kiosk drew a moment ago; refuses every other."""
    ticket = (
        Ticket.objects.filter(pk=ticket_id, device=device, issued_at__gte=at - TOUCHED)
        .select_related("service", "hall__point__shop")
        .first()
    )
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này ở máy này."))
    return ticket


def phone_url(ticket: Ticket) -> str:
    """Return the address of the ticket's page for the phone, as its QR carries it."""
    return f"{settings.PUBLIC_URL}/so/{ticket.token}/"


def phone_qr(ticket: Ticket) -> str:
    """Return the QR code of the ticket's page as SVG."""
    return barcodes.qr(phone_url(ticket)).svg
