"""The public look-up takes a shorter way through the server: no session, no log-in, no form tokens.

Everyone with a slip asks for this one page, and it reads nothing a visitor could bring along but the language.
It passes the middlewares of every page in their order, less those that look for a session.
"""

from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string

PATHS = frozenset({"/tra-cuu"})
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "motcua.config.middleware.HostMiddleware",
    "motcua.config.middleware.StorableMiddleware",
    "motcua.config.middleware.HeadersMiddleware",
    "motcua.config.middleware.PolicyMiddleware",
    "motcua.config.middleware.LanguageMiddleware",
    "motcua.config.bodies.BodiesMiddleware",
    "motcua.config.turns.TurnsMiddleware",
    "django.middleware.common.CommonMiddleware",
)


def goes_short(environ: dict[str, Any]) -> bool:
    """Tell whether a request is for the public look-up on the public host."""
    return (
        environ["PATH_INFO"] in PATHS
        and environ.get("HTTP_HOST", "").partition(":")[0] == settings.PUBLIC_HOST
    )


class ShortHandler(WSGIHandler):
    """Django's handler with `MIDDLEWARE` above instead of the settings' list."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(MIDDLEWARE):
            middleware = import_string(name)(chain)
            if hasattr(middleware, "process_exception"):
                self._exception_middleware.append(middleware.process_exception)
            chain = convert_exception_to_response(middleware)
        self._middleware_chain = chain
