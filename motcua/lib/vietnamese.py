"""Vietnamese text: one written form, folding for search, and the alphabetical order of the dictionary.

Order: 29 letters (a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, with f j w z in their usual
places), then the tones in the order none, huyền, hỏi, ngã, sắc, nặng. That is the tailoring of `vi` in
Unicode CLDR (common/collation/vi.xml): letters of the whole text first, tones only between equal letters.
The embedded PostgreSQL has no ICU, so the order is stored as a key; it then is the same on every server.
"""

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

# Letters that lose no mark by decomposition, as PostgreSQL's unaccent spells them.
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "þ": "th",
    }
)

MARKED_LETTERS = frozenset("àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")

_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_LETTER_MARKS = {"a": {_BREVE: "1", _CIRCUMFLEX: "2"}, "e": {_CIRCUMFLEX: "1"}}
_LETTER_MARKS |= {"o": {_CIRCUMFLEX: "1", _HORN: "2"}, "u": {_HORN: "1"}}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_NO_TONE = "1"
_LEVEL_END = "00"  # sorts before everything, so a shorter text comes first
_PUNCTUATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # in CLDR's order, before digits
_RANKS = "123456789abcdefghijklmnopqrstuvwxyz"


def normalize(text: str) -> str:
    """Return `text` in Unicode NFC, without invisible characters, single-spaced and trimmed.

    Cards, phones and old documents deliver decomposed letters (NFD) and no-break spaces; everything that
    is stored or compared goes through here first.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE)).strip()


def fold(text: str) -> str:
    """Return the form used for search: normalized, lower case, no marks, đ as d.

    Equal to PostgreSQL's `lower(unaccent(text))` for every letter of Vietnamese, with and without marks.
    """
    decomposed = unicodedata.normalize("NFD", normalize(text).lower())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN))


def words_match(query: str, text: str) -> bool:
    """Tell whether each word of `query` begins a word of `text`, marks and case ignored."""
    words = _WORD.findall(fold(text))
    return all(any(word.startswith(start) for word in words) for start in _WORD.findall(fold(query)))


def has_strange_letters(text: str) -> bool:
    """Tell whether a letter or loose mark is none of Vietnamese: "NguyÔn ThÞ" comes from an old font."""
    return any(
        letter > "\x7f"
        and letter.lower() not in MARKED_LETTERS
        and (letter.isalpha() or unicodedata.combining(letter) > 0)
        for letter in unicodedata.normalize("NFC", text)
    )


def sort_key(text: str) -> str:
    """Return a key of digits and letters a–z whose order is the Vietnamese order of `text`.

    Letters take two places each ("đ" is d1, "ặ" is a1 with tone 6), so the order is the same under every
    collation of the database, and an index on it never breaks with a system upgrade.
    """
    letters, tones = _levels(text)
    return letters + _LEVEL_END + tones


def name_sort_key(full_name: str) -> str:
    """Return the key of a name as Vietnamese lists have it: given name, then family and middle names."""
    family, _, given = normalize(full_name).rpartition(" ")
    return sort_key(given) + _LEVEL_END + sort_key(family)


def _levels(text: str) -> tuple[str, str]:
    """Take `text` apart into the codes of its letters and of its tones."""
    letters: list[str] = []
    tones: list[str] = []
    for mark_or_letter in unicodedata.normalize("NFD", normalize(text).lower()):
        if not unicodedata.combining(mark_or_letter):
            letters.append(_letter_code(mark_or_letter))
            tones.append(_NO_TONE)
        elif letters and mark_or_letter in _TONES:
            tones[-1] = _TONES[mark_or_letter]
        elif letters and (rank := _LETTER_MARKS.get(letters[-1][0], {}).get(mark_or_letter)):
            letters[-1] = letters[-1][0] + rank
    return "".join(letters), "".join(tones).rstrip(_NO_TONE)


def _letter_code(letter: str) -> str:
    if "a" <= letter <= "z":
        return letter + "0"
    if letter == "đ":
        return "d1"
    if "0" <= letter <= "9":
        return "1" + letter
    place = _PUNCTUATION.find(letter)
    if place >= 0:
        return "0" + _RANKS[place]
    return f"zz{ord(letter):06x}"  # other scripts after the Latin one, each at its code point


def word_key(text: str) -> str:
    """Return what two names of the same thing have in common: their words, without case, marks and punctuation."""
    return " ".join(re.findall(r"\w+", fold(text)))
