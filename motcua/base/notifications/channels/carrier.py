"""What every channel gives: hand one message over, or say what kind of fault it was."""

from typing import Protocol

from motcua.base.notifications.models import Message


class Fault(Exception):
    """Not taken. `kind` names no address. `final`: trying again is no use. `everyone`: the way is closed."""

    def __init__(self, kind: str, *, final: bool = False, everyone: bool = False) -> None:
        super().__init__(kind)
        self.kind, self.final, self.everyone = kind[:100], final, everyone


class Carrier(Protocol):
    """An open way: one connection for a batch."""

    def carry(self, message: Message) -> None:
        """Hand the message over. Raises `Fault`."""
