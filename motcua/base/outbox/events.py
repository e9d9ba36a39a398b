"""What a fact looks like: a frozen dataclass in the past tense, with ids and primitives only."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all facts. `name` is `app.what_happened` and never changes once published."""

    name: ClassVar[str]
    subject_id: str
    agency_id: int
    at: datetime

    @property
    def topics(self) -> tuple[str, ...]:
        """What else than an agency hears of it in the live process: "hall:7" are the screens of a hall."""
        return ()
