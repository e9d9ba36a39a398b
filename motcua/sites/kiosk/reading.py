"""What a hand scanner read, or a visitor typed: a slip's QR, a dossier code, a ticket's QR, a booking.

Pure. Texts come from strangers; whatever is not understood is `Kind.UNKNOWN`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from motcua.lib import lookup

_LONGEST = 300
_NUMBER = re.compile(r"([A-Z]{1,2})([0-9]{1,5})", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{20,64}")


class Kind(StrEnum):
    """What a text stands for."""

    SLIP = "slip"  # the token of a dossier's slip
    DOSSIER = "dossier"  # a dossier's code, which opens nothing by itself
    TICKET = "ticket"  # the token of a ticket
    BOOKING = "booking"  # the code or the token of a booking
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Read:
    """A text understood: what it is, and the token or code in it."""

    kind: Kind
    value: str = ""


def read(text: str) -> Read:
    """Tell what `text` is, by its address or its form."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return Read(Kind.UNKNOWN)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _of_address(text)
    code = lookup.parse_code(text)
    if code is not None:
        return Read(Kind.DOSSIER, code)
    letters = lookup.parse_secret(text)
    return Read(Kind.BOOKING, letters) if letters is not None else Read(Kind.UNKNOWN)


def ticket_number(text: str) -> str:
    """Return the number of a ticket that somebody typed, as it stands on the ticket; "" for all other text."""
    plain = "".join(text.split()).upper()
    found = _NUMBER.fullmatch(plain)
    return f"{found[1]}{int(found[2]):03d}" if found else ""


def _of_address(text: str) -> Read:
    try:
        parts = urlsplit(text)
    except ValueError:
        return Read(Kind.UNKNOWN)
    path = [unquote(one) for one in parts.path.split("/") if one]
    first, last = (path[0], path[-1]) if path else ("", "")
    if first == "tra-cuu" and _TOKEN.fullmatch(parts.fragment):
        return Read(Kind.SLIP, parts.fragment)
    if first in {"so", "danh-gia"} and len(path) == 2 and _TOKEN.fullmatch(last):
        return Read(Kind.TICKET, last)
    if first == "dat-lich" and len(path) >= 2:
        token = next((one for one in reversed(path) if _TOKEN.fullmatch(one)), "")
        return Read(Kind.BOOKING, token) if token else Read(Kind.UNKNOWN)
    return Read(Kind.UNKNOWN)
