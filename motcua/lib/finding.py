"""What a reader of input noticed: a stable code for programs and a Vietnamese sentence for the person."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about input. `text` is a message id with %(name)s places, marked by `mark`."""

    code: str
    text: str
    values: tuple[tuple[str, str], ...] = ()

    def say(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence; pass gettext as `translate` on a screen, nothing for Vietnamese."""
        values = {name: translate(value) if value else value for name, value in self.values}
        return translate(self.text) % values if values else translate(self.text)

    def __str__(self) -> str:
        return self.say()


def mark(text: str) -> str:
    """Mark a Vietnamese sentence for translation (import it as `_`) without needing Django's settings."""
    return text


def finding(code: str, text: str, /, **values: object) -> Finding:
    """Make a finding; `values` fill the places of `text`."""
    return Finding(code, text, tuple((name, str(value)) for name, value in values.items()))
