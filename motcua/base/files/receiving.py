"""Take a stranger's stream in as a draft, up to a limit."""

from collections.abc import Callable
from typing import BinaryIO

from motcua.base.files import refusals, storage
from motcua.lib.refusal import Refusal


def receive(
    draft: storage.Draft, stream: BinaryIO, name: str, limit: int,
    too_large: Callable[[str, int], Refusal] = refusals.too_large,
) -> None:  # fmt: skip
    """Write the stream to the draft; refuses more than `limit` bytes (reading stops there) and nothing at all."""
    known = getattr(stream, "size", None)
    try:
        if isinstance(known, int) and known > limit:
            raise storage.TooLarge
        draft.receive(stream, limit)
    except storage.TooLarge:
        raise too_large(name, limit) from None
    if draft.size == 0:
        raise refusals.empty(name)
