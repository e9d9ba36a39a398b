"""What the printed papers are called on screens, and the mark that each carries in its QR code."""

import re

from motcua.base.printing.legal_forms import FORMS

_SLIP = "appointment_slip"
# One letter a form. They stand on papers in people's hands, so they never change.
_LETTERS = {
    _SLIP: "a", "supplement_request": "b", "refusal": "c", "apology": "d", "stop_notice": "e", "return_receipt": "g",
}  # fmt: skip
_FORMS = {letter: form for form, letter in _LETTERS.items()}
_NUMBER = re.compile(r"[0-9]{1,9}/[0-9]{4}")
_MARK = re.compile(r"([a-z])([0-9]{1,9})-([0-9]{4})")


def title(form: str) -> str:
    """Return the title of a form by its key, on one line; the key itself when it is unknown."""
    versions = FORMS.get(form)
    return versions[-1].title.replace("\n", " ") if versions else form


def mark_of(form: str, number: str) -> str:
    """Return what a paper carries behind the token in its QR code: form and number, "a12-2026"; "" for others."""
    if form not in _LETTERS or not _NUMBER.fullmatch(number):
        return ""
    return f"{_LETTERS[form]}{number.replace('/', '-')}"


def read_mark(mark: str) -> tuple[str, str]:
    """Return form and number of a mark; two empty texts for none, which slips of before do not carry."""
    found = _MARK.fullmatch(mark)
    if found is None or found[1] not in _FORMS:
        return "", ""
    return _FORMS[found[1]], f"{found[2]}/{found[3]}"
