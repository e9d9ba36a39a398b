"""The names by which other systems hear of a dossier: `dossier.` and the verb of the table of moves."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event
from motcua.dossiers import states

PREFIX = "dossier."
TRIAL = "trial"
#: What a webhook may ask for. Names are never changed, only added.
EVENTS: tuple[str, ...] = tuple(f"{PREFIX}{verb}" for verb in ("submit", *states.VERBS))


@dataclass(frozen=True)
class DeliveryWaits(Event):
    """A message to another system waits to be sent; the subject is the address."""

    name: ClassVar[str] = "exchange.delivery_waits"
