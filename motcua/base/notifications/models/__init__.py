"""Messages and their tries (`message`), people outside who get some (`recipient`), the ways they go (`way`)."""

from motcua.base.notifications.models.message import Attempt, Fate, Message, Preference, State
from motcua.base.notifications.models.recipient import Kind, PushSubscription, Recipient
from motcua.base.notifications.models.way import Token, Way

__all__ = [
    "Attempt", "Fate", "Kind", "Message", "Preference", "PushSubscription", "Recipient", "State", "Token", "Way",
]  # fmt: skip
