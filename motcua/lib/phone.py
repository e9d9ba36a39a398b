"""Telephone numbers in one written form, so that the same number is found however it was typed."""

import re

_NATIONAL = re.compile(r"0(?:[35789][0-9]{8}|2[0-9]{9})")  # mobile 10 digits, fixed line 11 (since 2017–2018)
_FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_LONGEST = 40


def normalize_phone(text: str) -> str | None:
    """Return 0912345678 for any way to write it (+84…, spaces, dots), +… for foreign numbers, or None."""
    if len(text) > _LONGEST or not re.fullmatch(r"[0-9+().\s-]*", text, re.ASCII):
        return None
    number = ("+" if text.strip().startswith(("+", "00")) else "") + re.sub(r"\D", "", text)
    number = re.sub(r"^\+(?:00)?84(?:\(?0\)?)?", "0", number)
    number = re.sub(r"^84(?=[35789][0-9]{8}$)", "0", number)
    number = re.sub(r"^\+00", "+", number)
    return number if _NATIONAL.fullmatch(number) or _FOREIGN.fullmatch(number) else None


def masked(number: str) -> str:
    """Return the number with its middle hidden, for screens where it only has to be recognised."""
    hidden = max(len(number) - 6, 0)
    return number[:3] + "•" * hidden + number[-3:] if hidden else "•" * len(number)
