"""Facts this app publishes. Codes and ids only; who hears them stands in `config/subscriptions.py`."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event


@dataclass(frozen=True)
class ResultObjected(Event):
    """Whoever holds the slip of a dossier disagrees with its result; `dossier` and `petition` are codes."""

    name: ClassVar[str] = "feedback.result_objected"
    dossier: str
    petition: str
