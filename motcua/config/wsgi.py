"""The web process: plain WSGI, started by granian."""

import ctypes
import gc
import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")


class Application:
    """Every page by Django's handler; the public look-up by one with fewer middlewares (`config.short_way`)."""

    def __init__(self) -> None:
        self.every = get_wsgi_application()
        from motcua.config.short_way import ShortHandler, goes_short  # noqa: PLC0415  (needs the settings)

        self.short, self.goes_short = ShortHandler(), goes_short

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        handler = self.short if self.goes_short(environ) else self.every
        return handler(environ, start_response)


application = Application()

# What is loaded by now stays for ever: the collector need not walk through it again. It changes nothing on average,
# but of dossiers' pages under load the slowest twentieth took 265 ms without it and 203 with it.
gc.collect()
gc.freeze()

# A worker whose granian parent was killed would go on answering on the shared port with nobody to stop it.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
