"""Money: whole đồng, rounded once at the last step, written the way receipts write it."""

from decimal import ROUND_HALF_UP, Decimal

_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_BILLION = 1_000_000_000


def whole_dong(amount: Decimal | int) -> int:
    """Round an amount to whole đồng, half up. Do it once, at the end of a calculation. Floats are refused."""
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    return int(Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def format_dong(amount: int) -> str:
    """Return "1.234.000 đ"; the space is a no-break space, so that the sign stays with its number."""
    sign = "−" if amount < 0 else ""
    return f"{sign}{abs(amount):,}".replace(",", ".") + "\u00a0đ"


def in_words(amount: int, *, zero_ten: str = "linh") -> str:
    """Return the amount in words for receipts: 1.205.000 is "Một triệu hai trăm linh năm nghìn đồng".

    `zero_ten` is the word for an empty tens place: "linh", or "lẻ" as the South says.
    """
    words = ["âm"] if amount < 0 else []
    words += _number(abs(amount), zero_ten) or ["không"]
    sentence = " ".join([*words, "đồng"])
    return sentence[0].upper() + sentence[1:]


def _number(number: int, zero_ten: str, *, inner: bool = False) -> list[str]:
    """Spell `number`; groups that are `inner` name their empty hundreds place too."""
    billions, rest = divmod(number, _BILLION)
    words: list[str] = []
    if billions:
        words = [*_number(billions, zero_ten, inner=inner), "tỷ"]
    for place in (2, 1, 0):
        group = rest // 1000**place % 1000
        if group:
            words += _group(group, zero_ten, full=bool(words) or inner)
            words += [_SCALES[place]] if place else []
    return words


def _group(group: int, zero_ten: str, *, full: bool) -> list[str]:
    """Spell three digits; `full` says that something stands before them, so empty places are named."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_UNITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_UNITS[tens], "mươi"]
    elif ones and words:
        words.append(zero_ten)
    if ones:
        words.append(_ones(ones, tens))
    return words


def _ones(ones: int, tens: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 4 and tens > 1:
        return "tư"
    if ones == 5 and tens:
        return "lăm"
    return _UNITS[ones]
