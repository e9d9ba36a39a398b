"""Dates as forms know them: whole or partial, as text that sorts; and in words, as civil-status papers want them."""

import re
from datetime import date
from typing import Any

from motcua.lib.money import in_words

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)")
EARLIEST_YEAR, LATEST_YEAR = 1850, 2200
_MONTHS_OF = {4: "tư"}


def joined(parts: dict[str, Any], *, partial: bool, moment: bool = False) -> str | None:
    """Return the value of typed parts, "" where nothing was typed, None where they are no date."""
    said = {name: str(text or "").strip() for name, text in parts.items()}
    if not any(said.values()):
        return ""
    if any(text and not (text.isascii() and text.isdigit() and len(text) <= 4) for text in said.values()):
        return None
    day, month, year = said.get("day", ""), said.get("month", ""), said.get("year", "")
    if len(year) != 4 or (day and not month) or (not partial and not (day and month)):
        return None
    text = "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    if whole(text) is None:
        return None
    hour, minute = said.get("hour", ""), said.get("minute", "")
    if not moment or not (hour or minute):
        return text
    found = f"{text}T{int(hour or -1):02}:{int(minute or 0):02}" if hour else ""
    return found if _MOMENT.fullmatch(found) else None


def apart(value: object) -> dict[str, str]:
    """Return day, month, year, hour and minute of a value as they stand in the fields of a page."""
    if isinstance(value, dict):
        return {str(name): str(text) for name, text in value.items()}
    day, _t, clock = str(value or "").partition("T")
    year, _dash, rest = day.partition("-")
    month, _dash, number = rest.partition("-")
    hour, _colon, minute = clock.partition(":")
    found = {"day": number, "month": month, "year": year}
    return {name: text.lstrip("0") for name, text in found.items()} | {"hour": hour, "minute": minute}


def whole(value: object) -> date | None:
    """Return the first day that a whole or partial date may mean; None for what is no date."""
    if not isinstance(value, str):
        return None
    found = _SHAPE.fullmatch(value.partition("T")[0])
    if found is None or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def is_moment(value: object) -> bool:
    """Tell whether a value is a moment or a whole day."""
    text = str(value)
    return whole(value) is not None and ("T" not in text or bool(_MOMENT.fullmatch(text)))


def is_partial(value: object) -> bool:
    """Tell whether a value leaves out the day or the month."""
    return isinstance(value, str) and len(value) < 10


def said(value: object) -> str:
    """Return a date as people write it: 29/11/2026, 11/2026, 2026; moments with the hour before it."""
    if not isinstance(value, str) or whole(value) is None:
        return ""
    day, _t, clock = value.partition("T")
    text = "/".join(reversed(day.split("-")))
    hour, _colon, minute = clock.partition(":")
    return f"{hour} giờ {minute} phút, ngày {text}" if clock else text


def words(value: object) -> str:
    """Return a date in words: "Ngày hai mươi chín, tháng mười một, năm hai nghìn không trăm hai mươi sáu"."""
    day = whole(value)
    if day is None:
        return ""
    parts = str(value).partition("T")[0].split("-")
    found = [f"năm {_number(day.year)}"]
    if len(parts) > 1:
        month = _MONTHS_OF.get(day.month) or _number(day.month)
        found.insert(0, f"tháng {month}")
    if len(parts) > 2:
        first = "mồng " if day.day <= 10 else ""
        found.insert(0, f"ngày {first}{_number(day.day)}")
    text = ", ".join(found)
    return text[0].upper() + text[1:]


def age(born: object, on: date) -> int | None:
    """Return the years somebody has lived on a day; of a partial date the most it may be."""
    day = whole(born)
    if day is None or day > on:
        return None
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def _number(number: int) -> str:
    text = in_words(number).removesuffix(" đồng")
    return text[0].lower() + text[1:]
