"""Facts this app publishes. Who hears them stands in `config/subscriptions.py`."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event

#: The job that carries out changes whose day has come.
CARRY_OUT = "agencies.carry_out_changes"


@dataclass(frozen=True)
class ChangeDue(Event):
    """A change of agencies was planned for a day that has come."""

    name: ClassVar[str] = "agencies.change_due"
    change: int
