"""Facts this app publishes. Codes and ids only; who hears them stands in `config/subscriptions.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from motcua.base.outbox.events import Event


@dataclass(frozen=True)
class DossierMoved(Event):
    """A verb was carried out on a dossier; statuses are the national codes."""

    name: ClassVar[str] = "dossiers.moved"
    code: str
    verb: str
    status_before: int
    status: int
    sub_status: str
    due_at: datetime | None
    agencies: tuple[int, ...] = ()


@dataclass(frozen=True)
class DossierAccepted(Event):
    """A dossier was taken in and has its code, slip and due date."""

    name: ClassVar[str] = "dossiers.accepted"
    code: str
    procedure: str
    channel: str
    due_at: datetime | None


@dataclass(frozen=True)
class RecomputeWaits(Event):
    """Dossiers are to be found, or dates to be moved, after a change of the calendar; the subject is its row."""

    name: ClassVar[str] = "dossiers.recompute_waits"
