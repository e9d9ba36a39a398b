"""Facts this app publishes. Labels and ids only; who hears them stands in `config/subscriptions.py`."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event


@dataclass(frozen=True)
class LineMoved(Event):
    """Something changed that a hall's screens show: a ticket, a call, who sits where. They read it again."""

    name: ClassVar[str] = "counters.line_moved"
    hall: int

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"hall:{self.hall}",)


@dataclass(frozen=True)
class TicketCalled(Event):
    """A ticket was called; `call` is the number of the call in its hall."""

    name: ClassVar[str] = "counters.called"
    hall: int
    ticket: str
    call: int

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"hall:{self.hall}",)


@dataclass(frozen=True)
class StationJobEnded(Event):
    """The station at a counter printed or scanned, or could not; `state` is the job's own word."""

    name: ClassVar[str] = "counters.station_job_ended"
    hall: int
    job: str
    state: str


@dataclass(frozen=True)
class HelpAsked(Event):
    """Somebody before a kiosk asked for the guide, or somebody answered; consoles and guide desks look again."""

    name: ClassVar[str] = "counters.help_asked"
    hall: int
