"""A visit as an iCalendar file (RFC 5545), for the calendar of a phone. Pure."""

from datetime import UTC, datetime

_LINE = 75  # octets of a content line before it is folded


def event(
    *,
    uid: str,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    title: str,
    place: str,
    text: str,
    url: str,
    cancelled: bool = False,
) -> str:
    """Return a file with one event and a reminder two hours before it."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Motcua//Booking//VI", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{uid}", f"DTSTAMP:{_utc(stamp)}", f"DTSTART:{_utc(starts_at)}", f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_text(title)}", f"LOCATION:{_text(place)}", f"DESCRIPTION:{_text(text)}", f"URL:{url}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}", f"SEQUENCE:{int(cancelled)}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-PT2H", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(_folded(line) + "\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for mark in "\\;,":
        value = value.replace(mark, "\\" + mark)
    return value.replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 octets, no letter cut in two."""
    pieces, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE:
            pieces.append("")
            size = 1  # the space that begins a continued line
        pieces[-1] += letter
        size += width
    return "\r\n ".join(pieces)
