"""Take a stranger's stream in as a draft, up to a limit."""

from typing import BinaryIO

from motcua.base.files import refusals, storage


def receive(draft: storage.Draft, stream: BinaryIO, name: str, limit: int) -> None:
    """Write the stream to the draft; refuses more than `limit` bytes (reading stops there) and nothing at all."""
    known = getattr(stream, "size", None)
    try:
        if isinstance(known, int) and known > limit:
            raise storage.TooLarge
        draft.receive(stream, limit)
    except storage.TooLarge:
        raise refusals.too_large(name, limit) from None
    if draft.size == 0:
        raise refusals.empty(name)
