"""The ticket of a kiosk: who prints it, which tickets a kiosk may still touch, what stands on the paper."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.counters.models import Device, Ticket
from motcua.lib import barcodes
from motcua.lib.refusal import NotFound
from motcua.sites.kiosk.machine import fitted

#: So long after it was drawn a kiosk may print its ticket again, say that it came out, or give it up.
TOUCHED = timedelta(minutes=15)


def tickets_print(device: Device, ticket: Ticket, *, at: datetime) -> str:
    """Have a ticket printed; return by whom: "browser" (the kiosk's page prints the 80 mm sheet and confirms), or
    "station" (a station prints its picture and confirms; the kiosk's page watches the ticket's state).

    The seam to stations: where a kiosk is set to one, `operations.stations.send_print` is called here.
    """
    return "browser" if fitted(device)["printer"] == "browser" else _by_station(device, ticket, at)


def _by_station(device: Device, ticket: Ticket, at: datetime) -> str:
    return "browser"  # no station can be asked yet: the kiosk's own printer is tried


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
