"""Names of the channels that hand over to somebody else, and which of them this installation is set up for."""

from django.conf import settings

#: In the order in which a chain is told, so that what Zalo refuses goes by SMS in the same round.
NAMES = ("zalo", "sms", "email", "push")


def ready(channel: str) -> bool:
    """Tell whether this installation is set up to send by a channel: a mail server, a provider, a contact."""
    found = settings.PROVIDERS
    return {
        "zalo": found.zalo is not None, "sms": bool(found.sms), "email": bool(settings.MAIL),
        "push": bool(found.push_contact),
    }[channel]  # fmt: skip
