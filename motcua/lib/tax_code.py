"""Tax codes (mã số thuế): 10 digits, 10-3 for dependent units, 12 digits where the personal number serves.

The tenth digit checks the nine before it with the weights 31, 29, 23, 19, 17, 13, 7, 5, 3 modulo 11.
Structure: Thông tư 86/2024/TT-BTC, Điều 5; since 1/7/2025 households and individuals use the personal number.
"""

import re

_SHAPE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?|[0-9]{12}")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def normalize_tax_code(text: str) -> str | None:
    """Return 0100109106, 0100109106-001 or a 12-digit number; None for anything else."""
    found = _SHAPE.fullmatch(re.sub(r"\s", "", text[:40]))
    if not found:
        return None
    return f"{found[1]}-{found[2]}" if found[2] else found[0]


def looks_mistyped(code: str) -> bool:
    """Tell whether the check digit of a normalized code of 10 digits (or 10-3) is wrong."""
    digits = [int(letter) for letter in code.partition("-")[0]]
    if len(digits) != 10:
        return False
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits[:9], strict=True))
    return 10 - total % 11 != digits[9]
