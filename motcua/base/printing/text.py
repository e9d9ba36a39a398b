"""Make what people typed safe and printable. It reaches typst only as JSON strings, never as markup.

PDF/A and PDF/UA refuse a glyph the font lacks, so letters that Noto Serif cannot draw become U+FFFD; controls,
byte-order and direction marks (a name that reads otherwise than it is stored) are dropped; piles of accents are
cut; very long words get places to break.
"""

import re
import unicodedata

MISSING = "\ufffd"
LONGEST_WORD = 26
MOST_ACCENTS = 2  # that NFC leaves standing alone; Vietnamese leaves none

# What Noto Serif draws: Latin with all Vietnamese letters, Greek, Cyrillic, punctuation, currency, letter-like
# signs. Be Vietnam Pro falls back to it. A test draws every one of them under PDF/A-2a and PDF/UA-1.
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
_DRAWN = re.compile("[%s]" % "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in DRAWN))
_PILE = re.compile(r"([\u0300-\u036f]{%d})[\u0300-\u036f]+" % MOST_ACCENTS)
_BREAKABLE = re.compile(r"\S{%d,}" % (LONGEST_WORD + 1))
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """Return `text` normalized to NFC with nothing in it that a paper cannot show."""
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text.replace("\t", " ")))
    return _BREAKABLE.sub(_with_breaks, _PILE.sub(r"\1", shown).strip())


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


def _with_breaks(match: re.Match[str]) -> str:
    word = match.group()
    return "\u200b".join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
