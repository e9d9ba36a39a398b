"""A web server of this process over a committed database, and the station's program beside it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application
from django.db import connections
from motcua_station.config import Config, token
from motcua_station.server import Server


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_parts: Any) -> None:
        return


class _Threads(ThreadingMixIn, WSGIServer):
    """One thread a request; each gives its database connection back."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class Web:
    """The running server. `down`: it answers 503 to everything, as a proxy does while the program restarts."""

    def __init__(self) -> None:
        self.app, self.down = get_wsgi_application(), False
        self.refused: set[str] = set()  # ends of paths that answer 503
        self.server = _Threads(("127.0.0.1", 0), _Quiet)
        self.server.set_app(self._answer)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        if self.down or any(path.endswith(end) for end in self.refused):
            start("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start)

    @property
    def public(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def staff(self) -> str:
        return f"http://canbo.localhost:{self.port}"


@contextmanager
def web() -> Iterator[Web]:
    """Serve the installation of this process."""
    made = Web()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


def settings(site: Web, folder: Path, **devices: Any) -> Config:
    """The station's settings with quick waits."""
    return Config(server=site.public, folder=folder, **{"print_wait": 2.0, "escl_wait": 5.0, **devices})


def server_of(config: Config) -> Server:
    """Its end of the line."""
    return Server(config.server, token(config.folder))
