"""Facts this app publishes. Who hears them stands in `config/subscriptions.py`."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event


@dataclass(frozen=True)
class EmergencyUsed(Event):
    """Somebody logged in with an emergency account, or said why. The seal knows the rest."""

    name: ClassVar[str] = "accounts.emergency_used"
    seal: int
