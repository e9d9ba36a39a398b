"""What happened to messages."""

from dataclasses import dataclass
from typing import ClassVar

from motcua.base.outbox.events import Event


@dataclass(frozen=True)
class MessageWritten(Event):
    """A message waits to be sent; `subject_id` is its row."""

    name: ClassVar[str] = "notifications.message_written"
