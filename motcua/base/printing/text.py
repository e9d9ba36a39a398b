"""Make what people typed safe and printable. It reaches typst only as JSON strings, never as markup.

PDF/A and PDF/UA refuse a glyph the font lacks, so letters that Noto Serif cannot draw become U+FFFD;
controls, byte-order and direction marks (a name that reads otherwise than it is stored) are dropped; piles of
accents are cut; very long words get places to break.
"""

import re
import unicodedata

MISSING = "\ufffd"
LONGEST_WORD = 34  # letters that fit one line of a paper at its largest size, even if all are W
MOST_ACCENTS = 2  # that NFC leaves standing alone; Vietnamese leaves none

# What Noto Serif draws: Latin with all Vietnamese letters, Greek, Cyrillic, punctuation, currency and
# letter-like signs. Be Vietnam Pro falls back to it. A test draws every one under PDF/A-2a and PDF/UA-1.
DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x377),
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3E1),
    (0x3F0, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2212, 0x2212),
)
_RANGES = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in DRAWN)
_DRAWN = re.compile(f"[{_RANGES}]")
_PILE = re.compile(rf"([\u0300-\u036f]{{{MOST_ACCENTS}}})[\u0300-\u036f]+")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str, *, longest: int = LONGEST_WORD) -> str:
    """Return `text` normalized to NFC with nothing in it that a paper cannot show.

    Words of more than `longest` letters get zero-width spaces, where they may break.
    """
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text.replace("\t", " ")))
    return re.sub(rf"\S{{{longest}}}(?=\S)", "\\g<0>\u200b", _PILE.sub(r"\1", shown).strip())


def one_line(text: str) -> str:
    """Return `printable(text)` on a single line."""
    return " ".join(printable(text).split())


def _shown(letter: str) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if category in _DROPPED:
        return ""
    if category.startswith("Z"):
        return "\u00a0" if letter == "\u00a0" else " "
    return letter if _DRAWN.fullmatch(letter) else MISSING
