"""UUIDv7 keys (RFC 9562 §5.7), made in Python because PostgreSQL has `uuidv7()` only from 18 on.

Rows sort roughly by creation, so indexes stay dense; the 74 random bits make a clash unthinkable.
An id is never shown to people and never grants a right.
"""

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 74


def uuid7() -> UUID:
    """Return a new UUIDv7 for a row key."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(_RANDOM_BITS)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)
