"""The arithmetic of the chain: one canonical text per entry, SHA-256 over it. Pure, so anyone can redo it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = bytes(32)


def canonical(fields: dict[str, Any]) -> bytes:
    """Return the bytes that are hashed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def instant(value: datetime) -> str:
    """Write an instant in one way only: UTC with microseconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(
    *,
    agency_id: int,
    subject_kind: str,
    subject_id: str,
    seq: int,
    verb: str,
    actor: dict[str, Any],
    at: datetime,
    payload: dict[str, Any],
    previous: bytes,
) -> bytes:
    """Return the SHA-256 of one entry; every field of the act is inside."""
    text = canonical(
        {
            "agency": agency_id,
            "subject": [subject_kind, subject_id],
            "seq": seq,
            "verb": verb,
            "actor": actor,
            "at": instant(at),
            "payload": payload,
            "previous": previous.hex(),
        }
    )
    return hashlib.sha256(text).digest()


def root_hash(heads: list[tuple[str, str, int, bytes]], previous: bytes) -> bytes:
    """Return the root over (kind, id, seq, hash) of the chains' heads, in a fixed order."""
    digest = hashlib.sha256(previous)
    for kind, subject, seq, value in sorted(heads):
        digest.update(canonical({"subject": [kind, subject], "seq": seq, "hash": value.hex()}))
    return digest.digest()
