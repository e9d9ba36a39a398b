"""Who sent a petition is removed once the time for that is over."""

from datetime import datetime

from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.feedback.queries import petitions


def forget_contacts(*, at: datetime) -> int:
    """Remove names, telephones and addresses of senders once their time is over; return of how many petitions."""
    gone = petitions.contacts_before(at - keep("petitions"))
    return swept("petitions", gone.update(sender_name="", phone=None, email=None), at=at)
