"""The one kind of error that a person is meant to read."""

from collections.abc import Callable
from typing import ClassVar

from motcua.lib.due_words import Phrase


class Refusal(Exception):
    """An operation was refused for a reason the user can act on; nothing was written.

    `message` says what happened and what to do, in the reader's language. `code` is a stable English word for
    the API and for tests. Screens show the message beside the form and keep what was typed.

    Where there is gettext the words come translated. The pure parts of the program raise a `Phrase`, marked
    sentence and values apart; it is said when somebody reads it, through `speak`, which `ui` sets to gettext.
    """

    code = "refused"
    speak: ClassVar[Callable[[str], str]] = staticmethod(str)

    def __init__(self, words: str | Phrase, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.code = code or type(self).code
        self.field = field

    @property
    def message(self) -> str:
        """Return the sentence in the language of the moment; Vietnamese without Django."""
        return self.words.say(Refusal.speak) if isinstance(self.words, Phrase) else self.words

    def __str__(self) -> str:
        return self.message


class NotFound(Refusal):
    """The thing does not exist, or not for this actor: both answer alike (no enumeration)."""

    code = "not_found"


class NotPermitted(Refusal):
    """The actor's roles or agency do not allow this action."""

    code = "not_permitted"


class Conflict(Refusal):
    """Someone else was first, or the thing is in another state than the screen showed."""

    code = "conflict"
