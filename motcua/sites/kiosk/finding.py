"""What a scanned ticket is."""

from motcua.counters.models import Ticket


def ticket(token: str) -> Ticket | None:
    """Return the ticket of a secret token with its service and counter; None for a token nobody was given."""
    return Ticket.objects.filter(token=token).select_related("service", "counter").first()
