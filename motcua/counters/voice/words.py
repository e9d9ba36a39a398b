"""What is said for a call, word by word: "mời số A105 đến quầy số 3" as people of the north or the south say it.

Pure. Every word has a short ASCII name, by which a recording of it is kept (`spoken` tells how it is read out).
"""

import re
from dataclasses import dataclass

NORTH, CENTRAL, SOUTH = "vi", "vi-vn-x-central", "vi-vn-x-south"  # the names that espeak-ng has for them
ACCENTS = (NORTH, CENTRAL, SOUTH)
MOST = 9999

CALL, TO = "moi-so", "den-quay-so"
TEN, TENS, ONE_AFTER, FOUR_AFTER, FIVE_AFTER = "muoi", "muoi-2", "mot-2", "tu", "lam"
ODD, HUNDRED, THOUSAND = "linh", "tram", "nghin"
_FIGURES = {
    "khong": "không", "mot": "một", "hai": "hai", "ba": "ba", "bon": "bốn", "nam": "năm", "sau": "sáu", "bay": "bảy",
    "tam": "tám", "chin": "chín",
}  # fmt: skip
_DIGITS = tuple(_FIGURES)
#: The names of letters as school teaches them.
_LETTERS = {
    "a": "a", "b": "bê", "c": "xê", "d": "dê", "e": "e", "f": "ép", "g": "giê", "h": "hát", "i": "i", "j": "gi",
    "k": "ca", "l": "e-lờ", "m": "em-mờ", "n": "en-nờ", "o": "o", "p": "pê", "q": "quy", "r": "e-rờ", "s": "ét",
    "t": "tê", "u": "u", "v": "vê", "w": "vê-kép", "x": "ích", "y": "i-dài", "z": "dét",
}  # fmt: skip

_SPOKEN: dict[str, str] = {
    CALL: "mời số",
    TO: "đến quầy số",
    **_FIGURES,
    TEN: "mười",
    TENS: "mươi",
    ONE_AFTER: "mốt",
    FOUR_AFTER: "tư",
    FIVE_AFTER: "lăm",
    ODD: "linh",
    HUNDRED: "trăm",
    THOUSAND: "nghìn",
    **{f"chu-{letter}": name for letter, name in _LETTERS.items()},
}
#: In the centre and the south a hundred and five is "một trăm lẻ năm", a thousand "một ngàn".
_ELSEWHERE = {ODD: "lẻ", THOUSAND: "ngàn"}
_LABEL = re.compile(r"([A-Z]{1,2})(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: the names of the words, in two breaths: whose turn, and where to."""

    who: tuple[str, ...]
    where: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.who, *self.where)

    def text(self, accent: str) -> str:
        """Return it as a sentence for a speaking program."""
        said = [" ".join(spoken(word, accent) for word in part) for part in (self.who, self.where)]
        return f"{said[0]}, {said[1]}.".replace("-", " ").capitalize()


def spoken(word: str, accent: str = NORTH) -> str:
    """Return how a word is read out in an accent. Raises KeyError for a name that is no word."""
    return _ELSEWHERE.get(word, _SPOKEN[word]) if accent != NORTH else _SPOKEN[word]


def known(word: str) -> bool:
    """Tell whether it is the name of a word."""
    return word in _SPOKEN


def number(value: int) -> tuple[str, ...]:
    """Return the words of a number; one above 9,999 is read figure by figure."""
    if value > MOST:
        return tuple(_DIGITS[int(figure)] for figure in str(value))
    thousands, rest = divmod(value, 1000)
    hundreds, rest = divmod(rest, 100)
    tens, ones = divmod(rest, 10)
    said: list[str] = [_DIGITS[thousands], THOUSAND] if thousands else []
    if hundreds or (thousands and rest):
        said += [_DIGITS[hundreds], HUNDRED]
    if tens > 1:
        after = {0: [], 1: [ONE_AFTER], 4: [FOUR_AFTER], 5: [FIVE_AFTER]}
        return (*said, _DIGITS[tens], TENS, *after.get(ones, [_DIGITS[ones]]))
    if tens:
        return (*said, TEN, *([FIVE_AFTER] if ones == 5 else [_DIGITS[ones]] if ones else []))
    if said:
        return (*said, *([ODD, _DIGITS[ones]] if ones else []))
    return (_DIGITS[ones],)


def call(label: str, counter: int) -> Said:
    """Return what is said when the ticket `label` (A105) is called to a counter. ValueError for no label of ours."""
    found = _LABEL.fullmatch(label)
    if found is None or counter < 0:
        raise ValueError(f"no ticket: {label!r} to {counter}")
    letters = [f"chu-{letter}" for letter in found[1].lower()]
    return Said((CALL, *letters, *number(int(found[2]))), (TO, *number(counter)))


def needed(prefixes: set[str]) -> list[str]:
    """Return every word that calls need where tickets begin with these letters, in the order to read them."""
    letters = sorted({f"chu-{letter}" for prefix in prefixes for letter in prefix.lower()})
    numbers = [*_DIGITS, TEN, TENS, ONE_AFTER, FOUR_AFTER, FIVE_AFTER, ODD, HUNDRED, THOUSAND]
    return [CALL, TO, *numbers, *letters]
