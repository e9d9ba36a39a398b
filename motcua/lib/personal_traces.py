"""Numbers that lead to a person, found in words that others will read: papers of identity and telephones.

Not a filter of personal data: names stay with who writes. It stops the slip that happens, a number copied over from
the file beside it. Codes of dossiers, dates and amounts of money pass.
"""

import re
import unicodedata

_APART = r"(?<![\w./-])"
_END = r"(?!\w|[./-]\d)"
_IDENTITY = re.compile(
    rf"{_APART}(?:\d{{9}}|\d{{12}}|\d{{3}}([ .-])\d{{3}}\1\d{{3}}(?:\1\d{{3}})?|\d{{4}}([ .-])\d{{4}}\2\d{{4}}){_END}"
    r"(?!\s*(?:đ|đồng|VND|VNĐ)\b)",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    rf"{_APART}(?:"
    r"0\d{9,10}"
    r"|0\d{1,3}[ .-]\d{3,4}[ .-]?\d{3,4}"
    r"|0\d{3}(?:[ .-]\d{2}){3}"
    r"|\(0\d{2,3}\) ?\d{3,4}[ .-]?\d{3,4}"
    r"|\+?84[ .-]?\d{2,3}[ .-]?\d{3,4}[ .-]?\d{3,4}"
    rf"){_END}"
)


def number_in(text: str) -> str:
    """Return the first number of a person in `text`, as it stands there; empty when there is none."""
    plain = unicodedata.normalize("NFKC", text)
    found = [match for match in (_IDENTITY.search(plain), _TELEPHONE.search(plain)) if match]
    return min(found, key=lambda one: one.start())[0] if found else ""
