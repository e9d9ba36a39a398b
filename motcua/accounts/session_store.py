"""Django asks for a module that holds `SessionStore`."""

from motcua.accounts.backends import SessionStore

__all__ = ["SessionStore"]
