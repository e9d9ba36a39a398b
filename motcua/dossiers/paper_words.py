"""What the printed papers are called on screens: the title of the form of law, on one line."""

from motcua.base.printing.legal_forms import FORMS

_SLIP = "appointment_slip"


def title(form: str) -> str:
    """Return the title of a form by its key; the key itself when it is unknown."""
    versions = FORMS.get(form)
    return versions[-1].title.replace("\n", " ") if versions else form
