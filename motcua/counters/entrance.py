"""The code by which a phone shows that it stands at the entrance of a hall: people at home take no numbers.

It is worked out, never stored: five places from the hall, the installation's key and the day (a sign on paper) or the
five minutes (the hall's screen). A code of the screen works for five to ten minutes, so that nobody is too slow.
"""

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from motcua.counters.models import Hall
from motcua.counters.models.hall import Entrance
from motcua.lib import lookup

PLACES = 5
TURN = timedelta(minutes=5)


def code_of(hall: Hall, at: datetime) -> str:
    """Return the code that sign or screen of a hall shows now; "" where phones take no numbers."""
    return _codes(hall, at)[0] if hall.entrance != Entrance.OFF else ""


def opens(hall: Hall, typed: str, at: datetime) -> bool:
    """Tell whether a code that somebody scanned or typed is one of now."""
    text = "".join(typed.split()).replace("-", "").upper()
    if hall.entrance == Entrance.OFF or not text.isascii():
        return False
    return any(hmac.compare_digest(text, one) for one in _codes(hall, at))


def address_of(hall: Hall, at: datetime) -> str:
    """Return what the QR code at the entrance says."""
    return f"{settings.PUBLIC_URL}/lay-so/{hall.pk}/{code_of(hall, at)}/"


def _codes(hall: Hall, at: datetime) -> list[str]:
    """Return the codes that open the hall now, the one to be shown first."""
    if hall.entrance == Entrance.DAY:
        return [_code(hall, timezone.localdate(at).isoformat())]
    turn = int(at.timestamp() // TURN.total_seconds())
    return [_code(hall, str(turn)), _code(hall, str(turn - 1))]


def _code(hall: Hall, when: str) -> str:
    digest = lookup.lookup_hash(f"entrance|{hall.pk}|{when}", settings.INDEX_KEY)
    return "".join(lookup.ALPHABET[one % len(lookup.ALPHABET)] for one in digest[:PLACES])
