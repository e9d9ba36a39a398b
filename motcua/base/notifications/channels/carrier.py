"""What every channel gives: hand one message over, or say what kind of fault it was."""

from dataclasses import dataclass
from typing import Protocol

from motcua.base.notifications.models import Message


class Fault(Exception):
    """Not taken. `kind` names no address. `final`: trying again is no use. `everyone`: the way is closed."""

    def __init__(self, kind: str, *, final: bool = False, everyone: bool = False, provider: str = "") -> None:
        super().__init__(kind)
        self.kind, self.final, self.everyone, self.provider = kind[:100], final, everyone, provider[:40]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who took a message, and their number for it. `reports`: they say later whether it arrived, or that it did not."""

    provider: str = ""
    reference: str = ""
    reports: bool = False


class Carrier(Protocol):
    """An open way: one connection for a batch."""

    def carry(self, message: Message) -> Receipt | None:
        """Hand the message over. Raises `Fault`."""
