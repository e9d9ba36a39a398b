"""Undo what computers do to text that a hardware scanner types through the keyboard.

A wedge scanner sends key presses (US keyboard) and, for Vietnamese letters, character codes. Another
keyboard layout, Caps Lock or a wrong code page change what arrives. Undone here is only what can be undone
for certain:

* UTF-8 shown in a one-byte code page ("Nguyá»…n"): the bytes come back, and random text is never valid UTF-8;
* a keyboard layout that is one-to-one (Windows "Vietnamese", where 1 is ă and 5 a tone mark; French; German);
* letters in the wrong case;
* Vietnamese letters sent as Telex or VNI keys while no input method was on ("Nguyeenx", "Nguye6n4").

What an input method that was on swallowed or merged is gone: the card reader asks to scan again.
"""

import contextlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from motcua.lib.vietnamese import has_strange_letters

_CODE_PAGES = ("latin-1", "cp1252", "cp1258", "cp437", "cp850")
_AIM_PREFIX = re.compile(
    r"^\][A-Za-z][0-9]"
)  # symbology identifier that some scanners put first (ISO/IEC 15424)


def clean(text: str) -> str:
    """Drop the scanner's prefix, byte-order mark and control characters at the ends; keep the rest as is."""
    return _AIM_PREFIX.sub("", text.strip("\ufeff\x00\x02\x03\x1d\x1e\r\n\t \x04")).strip("\ufeff\r\n\t ")


def _byte_table(code_page: str) -> dict[int, str]:
    """Map what `code_page` shows for a byte back to the byte (as a Latin-1 letter)."""
    table: dict[int, str] = {}
    for byte in range(0x80, 0x100):
        shown = bytes([byte]).decode(code_page, errors="ignore") or chr(byte)
        table.setdefault(ord(shown), chr(byte))
    return table


_BYTE_TABLES: Final = [_byte_table(code_page) for code_page in _CODE_PAGES]
_LEAD_AND_SPACE = re.compile("([\u00c3\u00c4\u00c6]) ")  # the no-break space of à, Ơ… turned into a space


def undo_code_page(text: str) -> str | None:
    """Return the text whose UTF-8 bytes were shown in a one-byte code page, or None if they were not."""
    strange = {ord(letter) for letter in text if letter > "\x7f"}
    if not strange:
        return None
    found: list[str] = []
    for table in _BYTE_TABLES:
        if strange <= table.keys():
            as_bytes = _LEAD_AND_SPACE.sub("\\1\u00a0", text.translate(table))
            with contextlib.suppress(UnicodeError):
                found.append(as_bytes.encode("latin-1").decode())
    # Two code pages can both give valid UTF-8; only the right one gives nothing but Vietnamese letters.
    return next((text for text in found if not has_strange_letters(text)), found[0] if found else None)


@dataclass(frozen=True)
class Layout:
    """A keyboard layout: what appeared → what the scanner typed.

    `sure` can only come from keys. `digits` are letters of Vietnamese too, so they are undone only where
    digits stand: in number fields, and in words of the address that hold nothing else.
    """

    name: str
    sure: dict[int, str] = field(default_factory=dict)
    digits: dict[str, str] = field(default_factory=dict)

    def restore(self, text: str) -> str:
        return text.translate(self.sure)

    def restore_number(self, text: str) -> str:
        return (
            "".join(self._digit(letter) for letter in self.restore(text))
            if self.digits
            else self.restore(text)
        )

    def restore_words(self, text: str) -> str:
        """Undo digits in words made of nothing but digit keys: "Số ̣đ, thôn ă/â" is "Số 90, thôn 1/2"."""
        if not self.digits:
            return text
        return re.sub(r"[^\s,/]+", lambda word: self._word(word[0]), text)

    def _word(self, word: str) -> str:
        restored = self.restore_number(word)
        return restored if re.fullmatch(r"[0-9.-]+", restored) else word

    def _digit(self, letter: str) -> str:
        if letter in self.digits:
            return self.digits[letter]
        base, *marks = list(unicodedata.normalize("NFD", letter))  # "ể" may be 3 and 6, joined on the way
        for mark in marks:
            rest = [other for other in marks if other != mark]
            key = self.digits.get(unicodedata.normalize("NFC", base + mark))
            if key and all(other in self.digits for other in rest):
                return key + "".join(self.digits[other] for other in rest)
        return letter


def _table(appeared: str, typed: str) -> dict[int, str]:
    return {ord(one): other for one, other in zip(appeared, typed, strict=True)}


LAYOUTS: Final = (
    Layout(
        "Vietnamese",
        digits=dict(zip("ăâêôđ\u0300\u0309\u0303\u0301\u0323", "1234056789", strict=True)),
    ),
    Layout(
        "French",
        sure=_table("qQaAzZwW,?;:!m)*µ&\"'(-_ç", "aAqQwWzZmM,./;-\\|1345689"),
        digits=dict(zip("éèà", "270", strict=True)),
    ),
    Layout("German", sure=_table("yYzZ'#ß-äö", "zZyY|\\-/';")),
    Layout("Shift", sure=_table(")!@#$%^&*(", "0123456789")),
)


def looks_swapped(name: str) -> bool:
    """Tell whether a personal name came with Caps Lock on: "nGUYỄN"."""
    return bool(re.search(r"\b[a-z][^\W\d_]*[A-Z]", name))


def undo_capitals(text: str) -> str:
    """Undo Caps Lock: swap ASCII letters; other letters follow the word they stand in."""
    return re.sub(r"[^\W\d_]+", lambda word: _swap(word[0]), text)


def _swap(word: str) -> str:
    swapped = "".join(letter.swapcase() if letter.isascii() else letter for letter in word)
    return swapped[0] + swapped[1:].lower() if any(letter.isascii() for letter in word) else swapped


# ── Telex and VNI keys ──────────────────────────────────────────────────────────────────────────────────────
_TELEX_TONES = {"f": "\u0300", "r": "\u0309", "x": "\u0303", "s": "\u0301", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "3": "\u0309", "4": "\u0303", "1": "\u0301", "5": "\u0323"}
_VNI_MARKS = {
    "6": {"a": "â", "e": "ê", "o": "ô"},
    "7": {"o": "ơ", "u": "ư"},
    "8": {"a": "ă"},
    "9": {"d": "đ"},
}
_TELEX_MARKS = {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}, "d": {"d": "đ"}}
_TELEX_MARKS |= {"w": {"a": "ă", "o": "ơ", "u": "ư"}}
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bđgkp]r|[bkp]l|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|uya|uyu|uây|oai|oay|oao|oeo|iêu|yêu|uôi|ươi|ươu|i[aêu]|y[aê]|u[aôâêơyi]|ư[aơiu]|a[iouy]|â[uy]"
    r"|eo|êu|o[aăei]|ôi|ơi|[aăâeêioôơuưy])(?:ch|ng|nh|[ckmnpt])?"
)


def undo_keys(text: str) -> str:
    """Return `text` with Telex or VNI key sequences turned into the letters they stand for.

    A word is changed only if a syllable of Vietnamese comes out; other words stay as they are.
    """
    return re.sub(r"[A-Za-z][A-Za-z0-9]*", lambda word: _undo_word(word[0]), text)


def _undo_word(word: str) -> str:
    vni = any(letter.isdigit() for letter in word)
    tones, marks = (_VNI_TONES, _VNI_MARKS) if vni else (_TELEX_TONES, _TELEX_MARKS)
    letters: list[str] = []
    tone = ""
    for letter in word:
        low = letter.lower()
        if low in tones and any(one.lower() in _VOWELS for one in letters):
            tone = tones[low]
        elif not (low in marks and _put_mark(letters, marks[low], both=low in "w7")):
            letters.append(letter)
    plain = "".join(letters)
    if (plain == word and not tone) or not _SYLLABLE.fullmatch(plain.lower()):
        return word
    return _put_tone(plain, tone) if tone else plain


def _put_mark(letters: list[str], marks: dict[str, str], *, both: bool) -> bool:
    """Put a mark on the last letter that can bear it ("uo" takes both horns); tell whether one could."""
    for place in range(len(letters) - 1, -1, -1):
        marked = marks.get(letters[place].lower())
        if marked:
            letters[place] = marked.upper() if letters[place].isupper() else marked
            if both and marked == "ơ" and place and letters[place - 1] in "uU":
                letters[place - 1] = "ư" if letters[place - 1] == "u" else "Ư"
            return True
    return False


def _put_tone(word: str, tone: str) -> str:
    """Put the tone where Vietnamese spelling has it (the older way: hòa, thủy)."""
    low = word.lower()
    start = 2 if low[:2] in {"qu", "gi"} and len(low) > 2 and low[2] in _VOWELS else 0
    places = [place for place, letter in enumerate(low) if letter in _VOWELS and place >= start]
    if not places:
        return word
    special = [place for place in places if low[place] in "ăâêôơư"]
    if special:
        chosen = special[-1]
    elif places[-1] < len(low) - 1 or len(places) == 1:
        chosen = places[-1]
    else:
        chosen = places[1] if len(places) == 3 else places[0]
    return word[:chosen] + unicodedata.normalize("NFC", word[chosen] + tone) + word[chosen + 1 :]
