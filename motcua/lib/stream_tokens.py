"""Tokens for private streams: signed, at most 60 seconds old, used once. Pure."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

LIFETIME = 60.0


class BadToken(Exception):
    """Forged, too old, or used before."""


def make(claims: dict[str, Any], *, key: bytes, now: float | None = None) -> str:
    """Return a token for `claims` ({"agency": id, "nonce": …})."""
    body = json.dumps({**claims, "at": now if now is not None else time.time()}).encode()
    signature = hmac.digest(key, body, hashlib.sha256)
    return f"{_text(body)}.{_text(signature)}"


def read(token: str, *, key: bytes, now: float | None = None) -> dict[str, Any]:
    """Return the claims of a token; raises BadToken."""
    try:
        left, _dot, right = token.partition(".")
        body, signature = _bytes(left), _bytes(right)
    except ValueError:
        raise BadToken("form") from None
    if not hmac.compare_digest(hmac.digest(key, body, hashlib.sha256), signature):
        raise BadToken("signature")
    claims: dict[str, Any] = json.loads(body)
    age = (now if now is not None else time.time()) - claims["at"]
    if not -5 <= age <= LIFETIME:
        raise BadToken("age")
    return claims


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
