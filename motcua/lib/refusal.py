"""The one kind of error that a person is meant to read."""


class Refusal(Exception):
    """An operation was refused for a reason the user can act on; nothing was written.

    `message` says what happened and what to do, in Vietnamese. `code` is a stable English word for the API
    and for tests. Screens show the message beside the form and keep what was typed.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field


class NotFound(Refusal):
    """The thing does not exist, or not for this actor: both answer alike (no enumeration)."""

    code = "not_found"


class NotPermitted(Refusal):
    """The actor's roles or agency do not allow this action."""

    code = "not_permitted"


class Conflict(Refusal):
    """Someone else was first, or the thing is in another state than the screen showed."""

    code = "conflict"
