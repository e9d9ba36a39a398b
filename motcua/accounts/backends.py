"""Who a session belongs to, asked with each request of every officer: the two look-ups as prepared queries."""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.lib.prepared import Prepared

_ACCOUNT: Prepared[Account] = Prepared(lambda pk: Account.objects.filter(pk=pk), pk=int)
_SESSION: Prepared[Session] = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime
)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's log-in; an account that was closed is nobody from the next request on."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session, None when it may no longer log in."""
        found = _ACCOUNT.first(pk=int(user_id))
        return found if found is not None and self.user_can_authenticate(found) else None


class SessionStore(DatabaseSessions):
    """Django's sessions in the database."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Any:
        found = _SESSION.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
