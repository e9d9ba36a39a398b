"""How wide text is, without a font at hand: advance widths of Be Vietnam Pro, in thousandths of an em.

The figures were measured from the font's own tables (SIL Open Font License, release of
`@expo-google-fonts/be-vietnam-pro` 0.4.1) and rounded up to tens. A letter with a tone mark is as wide as the
letter. Where another font stands in, `SLACK` keeps words inside their boxes.
"""

import unicodedata
from functools import lru_cache

SLACK = 1.06
_UNKNOWN = 700

_REGULAR = {
    180: "'",
    210: "`",
    220: "’",
    230: " ",
    260: "Il·",
    270: "i",
    280: "!j",
    290: ".:‘",
    310: ",;",
    320: '"',
    370: "“",
    390: "1f",
    400: "r",
    410: "|”",
    430: "t{}",
    440: "()",
    460: "[]",
    470: "J~",
    480: "°",
    490: "\\",
    500: "*→←",
    510: "/sz",
    560: "<>^kx",
    570: "u",
    580: "?nvư×",
    590: "hy",
    600: "7e₫",
    610: "+-ê",
    620: "Ec",
    630: "LÊ",
    640: "8FS",
    650: "$PTagoơ",
    660: "235Zbdpqăâô",
    670: "RYđ",
    680: "069BK",
    690: "–",
    710: "4HV_",
    720: "X",
    730: "=DU…",
    740: "&ANĂÂ",
    750: "Ư",
    780: "C",
    790: "GĐ¼",
    800: "½¾",
    810: "#",
    830: "OQÔƠ",
    850: "%",
    860: "M",
    870: "w—",
    900: "m",
    1010: "@W",
}
_SEMIBOLD = {
    210: "'",
    230: " ’",
    260: "`",
    270: "‘",
    280: "Il",
    290: "i·",
    300: "j",
    320: "!.:",
    340: ",;",
    370: '"',
    410: "f",
    420: "1r“",
    430: "|",
    440: "t”",
    450: "()",
    470: "{}",
    480: "°",
    490: "J[]~",
    500: "→←",
    510: "*",
    520: "\\z",
    530: "/s",
    570: "<>",
    590: "knuvư",
    600: "7^hxy",
    610: "-?",
    620: "eê×",
    630: "c₫",
    640: "+EFLÊ",
    650: "$",
    660: "28Sagoăâôơ",
    670: "PZbdpq",
    680: "35Tđ",
    700: "069BR–",
    710: "KY",
    720: "4",
    730: "H_",
    740: "UV",
    750: "=DNƯ",
    760: "&AXĂÂ",
    780: "C",
    790: "GĐ",
    800: "¼",
    810: "½",
    820: "…¾",
    830: "OQÔƠ",
    840: "#",
    870: "%—",
    880: "Mw",
    900: "m",
    1020: "@",
    1040: "W",
}


def _table(groups: dict[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in groups.items() for letter in letters}


_TABLES = {False: _table(_REGULAR), True: _table(_SEMIBOLD)}
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of `text` at `size` px, a little on the wide side."""
    table = _TABLES[bold]
    bare = "".join(mark for mark in unicodedata.normalize("NFD", text) if mark not in _TONES)
    letters = unicodedata.normalize("NFC", bare)
    return sum(table.get(letter, _UNKNOWN) for letter in letters) * size * SLACK / 1000


def wrap(text: str, most: float, size: float, *, bold: bool = False, lines: int = 0) -> list[str]:
    """Break `text` into lines no wider than `most` px; a word too long for a line is broken inside.

    With `lines` given, what does not fit is cut and ends in "…" (the full text stands in the list beside).
    """
    out: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= most:
            line = longer
            continue
        if line:
            out.append(line)
        *full, line = _pieces(word, most, size, bold)
        out.extend(full)
    if line:
        out.append(line)
    if lines and len(out) > lines:
        out = [*out[: lines - 1], _shorten(f"{out[lines - 1]} …", most, size, bold)]
    return out


def _pieces(word: str, most: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold=bold) > most:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _shorten(line: str, most: float, size: float, bold: bool) -> str:
    words = line.removesuffix(" …").split()
    while len(words) > 1 and width(" ".join(words) + "…", size, bold=bold) > most:
        words.pop()
    return " ".join(words).rstrip(" ,;") + "…"
