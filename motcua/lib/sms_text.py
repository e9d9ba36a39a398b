"""How long a text is as SMS: letters of GSM 7 bit (3GPP TS 23.038) or UCS-2, and the parts it is charged as. Pure."""

import unicodedata
from dataclasses import dataclass

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")  # two places each
_ONE, _EACH = (
    {"gsm": 160, "ucs2": 70},
    {"gsm": 153, "ucs2": 67},
)  # a text in parts gives up places for their order
_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "•": "-",
     "₫": "d", "đ": "d", "Đ": "D", "×": "x"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """`alphabet` is gsm or ucs2; `places` what the text takes of it; `parts` what is paid for."""

    alphabet: str
    places: int
    parts: int


def without_marks(text: str) -> str:
    """Return the text in letters of GSM 7 bit: tone marks gone, quotation marks straight, what is left over dropped."""
    plain = unicodedata.normalize("NFD", text.translate(_ALIKE))
    kept = (one for one in plain if not unicodedata.combining(one))
    return "".join(one for one in kept if one in _BASIC or one in _EXTENDED)


def size(text: str) -> Size:
    """Return how long the text is. A letter is never cut between two parts, so parts may end a place early."""
    alphabet = "gsm" if all(one in _BASIC or one in _EXTENDED for one in text) else "ucs2"
    widths = [_width(one, alphabet) for one in text]
    places = sum(widths)
    if places <= _ONE[alphabet]:
        return Size(alphabet, places, 1 if text else 0)
    parts, filled = 1, 0
    for width in widths:
        if filled + width > _EACH[alphabet]:
            parts, filled = parts + 1, 0
        filled += width
    return Size(alphabet, places, parts)


def _width(letter: str, alphabet: str) -> int:
    if alphabet == "gsm":
        return 2 if letter in _EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1  # a pair of surrogates
