"""The public look-up takes a shorter way through the server: no session, no log-in, no form tokens.

Everyone with a slip asks for this one page, and it reads nothing a visitor could bring along but the language.
It passes the middlewares of every page in their order, less those that look for a session: a middleware that is
added to the settings holds here too, unless it is named below.
"""

from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string

PATHS = frozenset({"/tra-cuu"})
LEFT_OUT = frozenset(
    {
        "whitenoise.middleware.WhiteNoiseMiddleware",  # the path is no file
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "motcua.config.middleware.StaffSessionMiddleware",
        "motcua.accounts.middleware.SecondFactorMiddleware",
    }
)


def goes_short(environ: dict[str, Any]) -> bool:
    """Tell whether a request is for the public look-up on the public host."""
    return (
        environ["PATH_INFO"] in PATHS
        and environ.get("HTTP_HOST", "").partition(":")[0] == settings.PUBLIC_HOST
    )


class ShortHandler(WSGIHandler):
    """Django's handler with the settings' middlewares less `LEFT_OUT`."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed([one for one in settings.MIDDLEWARE if one not in LEFT_OUT]):
            middleware = import_string(name)(chain)
            if hasattr(middleware, "process_view"):
                self._view_middleware.insert(0, middleware.process_view)
            if hasattr(middleware, "process_exception"):
                self._exception_middleware.append(middleware.process_exception)
            chain = convert_exception_to_response(middleware)
        self._middleware_chain = chain
