"""Encryption of short personal texts and keyed look-up values. Keys are passed in; settings are not read.

A stored value is `version (1) | key mark (4) | nonce (12) | AES-256-GCM ciphertext and tag`. The key mark
says which key wrote it, so that keys can be changed: new values take the first key, old ones are still read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_MARK_SIZE = 4
_NONCE_SIZE = 12
_KEY_SIZE = 32
_HEAD = len(_VERSION) + _MARK_SIZE + _NONCE_SIZE


class DecryptionError(Exception):
    """The value was changed, belongs to another column, or was written under a key that is not at hand."""


def encrypt(text: str, keys: bytes | Sequence[bytes], *, purpose: str) -> bytes:
    """Encrypt `text` under the first of `keys` (32 bytes each).

    `purpose` names the column ("applicants.person.phone"); it is authenticated, so a value copied into
    another column cannot be read there. The same text gives another ciphertext each time.
    """
    key = _all(keys)[0]
    head = _VERSION + _mark(key)
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return head + nonce + _cipher(key).encrypt(nonce, text.encode(), head + purpose.encode())


def decrypt(data: bytes, keys: bytes | Sequence[bytes], *, purpose: str) -> str:
    """Return the text in `data`; raise DecryptionError when none of `keys` wrote it for `purpose`."""
    if len(data) < _HEAD or data[:1] != _VERSION:
        raise DecryptionError("not a value of this program")
    head = data[: 1 + _MARK_SIZE]
    for key in _all(keys):
        if hmac.compare_digest(_mark(key), head[1:]):
            try:
                plain = _cipher(key).decrypt(data[len(head) : _HEAD], data[_HEAD:], head + purpose.encode())
            except InvalidTag:
                raise DecryptionError("the value was changed or belongs elsewhere") from None
            return plain.decode()
    raise DecryptionError("written under a key that is not at hand")


def index(text: str, key: bytes, *, purpose: str) -> bytes:
    """Return the HMAC-SHA256 by which an encrypted value is found again. Exact search only."""
    return hmac.digest(key, purpose.encode() + b"\x00" + text.encode(), "sha256")


def _all(keys: bytes | Sequence[bytes]) -> list[bytes]:
    listed = [keys] if isinstance(keys, bytes) else list(keys)
    if not listed or any(len(key) != _KEY_SIZE for key in listed):
        raise ValueError("a key has 32 bytes")
    return listed


@lru_cache(maxsize=8)  # a list of 100 people decrypts 500 values: setting up the cipher is most of the cost
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=8)
def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"motcua key mark\x00" + key).digest()[:_MARK_SIZE]
