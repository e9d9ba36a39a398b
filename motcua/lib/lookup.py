"""What a citizen follows a dossier with: its code, six secret places, and the token in the QR.

The code is public and opens nothing. The secret (30 bits, rate-limited) is for typing; the token (128 bits)
is for scanning. Both are looked up by a keyed hash: a stolen table of hashes opens nothing without the key.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 places; no 0/O, no 1/I
SECRET_LENGTH = 6
_TOKEN_BYTES = 16
_NUMBER_WIDTH = 4
_LONGEST = 80

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_"), "-")
_CODE = re.compile(r"([0-9A-Z]+(?:\.[0-9A-Z]+)*)-([0-9]{6})-([0-9]{1,9})")
_LOOSE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]+")


@dataclass(frozen=True, slots=True)
class Code:
    """A dossier code taken apart: identifier of the agency, local day of submission, number of that day."""

    agency: str
    day: date
    number: int

    def __str__(self) -> str:
        return format_code(self.agency, self.day, self.number)


def new_secret() -> str:
    """Return six random places of ALPHABET, to be printed on the slip."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def parse_secret(text: str) -> str | None:
    """Return what a person typed in canonical form (upper case, no spaces or dashes), or None."""
    value = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text[:_LONGEST]).translate(_DASHES)).upper()
    return value if len(value) == SECRET_LENGTH and set(value) <= set(ALPHABET) else None


def new_token() -> str:
    """Return 128 random bits in URL-safe letters (22 places), for the fragment of the QR address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def lookup_hash(value: str, key: bytes) -> bytes:
    """Return the HMAC-SHA256 of a secret or token: the only form in which it is compared."""
    return hmac.digest(key, value.encode(), "sha256")


def format_code(agency: str, day: date, number: int) -> str:
    """Return a dossier code such as H24.12-261121-0001; the number grows past 9,999 and is never cut."""
    if number < 1:
        raise ValueError("numbers of a day begin at 1")
    return f"{agency}-{day:%y%m%d}-{number:0{_NUMBER_WIDTH}d}"


def take_apart(text: str) -> Code | None:
    """Read a code as people write it: any case, any spaces anywhere, any dash, or spaces for dashes."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).upper().strip()
    found = _CODE.fullmatch(_LOOSE.sub("", plain)) or _CODE.fullmatch(_LOOSE.sub("-", plain))
    if not found:
        return None
    digits = found[2]
    try:
        day = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        return Code(found[1], day, int(found[3])) if int(found[3]) else None
    except ValueError:
        return None


def parse_code(text: str) -> str | None:
    """Return the canonical form of a typed or scanned code, or None when it is no code."""
    code = take_apart(text)
    return str(code) if code else None
