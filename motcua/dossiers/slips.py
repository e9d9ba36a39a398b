"""What a page carries in place of a slip that was shown: hashes, signed, good for half an hour.

Neither the secret nor the token stands in it, so a page that is left open gives neither away. It is given out by the
public look-up, which counts the tries.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from motcua.lib import lookup
from motcua.lib.lookup import lookup_hash

LASTS = 1800  # seconds
_SALT = "motcua.dossiers.slip"


@dataclass(frozen=True, slots=True)
class Slip:
    """What proves the right to see a dossier, as the database compares it."""

    agency: str | None = None
    code: str | None = None
    secret: bytes | None = None
    token: bytes | None = None


def of_token(token: str) -> Slip:
    """Return the slip of a scanned QR code; what follows the dot names the paper, not the dossier."""
    return Slip(token=lookup_hash(token.strip()[:64].partition(".")[0], settings.INDEX_KEY))


def of_code(code: str, secret: str) -> Slip:
    """Return the slip of what was typed. What is not even a code is compared all the same: equal time."""
    parts = lookup.take_apart(code)
    canonical = str(parts) if parts else code.strip()[:40]
    digest = lookup_hash(f"{canonical}|{lookup.parse_secret(secret) or ''}", settings.INDEX_KEY)
    return Slip(parts.agency if parts else "", canonical, digest)


def sealed(slip: Slip) -> str:
    """Return a slip as a page carries it."""
    return signing.dumps([slip.code or "", (slip.secret or b"").hex(), (slip.token or b"").hex()], salt=_SALT)


def opened(text: str) -> Slip | None:
    """Return the slip a page carried; None for one that is none of ours, or too old."""
    try:
        code, secret, token = signing.loads(text[:500], salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    if token:
        return Slip(token=bytes.fromhex(token))
    parts = lookup.take_apart(code)
    return Slip(parts.agency, code, bytes.fromhex(secret)) if parts else None
