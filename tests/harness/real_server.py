"""The site behind a real socket, in the test's own transaction: for what a browser does not let a test answer for it.

Service workers ask the network themselves. Here it is a server that can be stopped and started again on its port, and
answers with the test client, one request at a time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client

from tests.harness.assets import TYPES
from tests.harness.fixtures import _ask


class RealServer:
    """The site at `url`; `stop` is what pulling the cable is."""

    def __init__(self, client: Client) -> None:
        self.client, self.here, self.turn = client, connections["default"], threading.RLock()
        self.port, self.running = 0, None
        self.start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Answer again, on the same port."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_words: object) -> None:
                """Stay silent."""

            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_PATCH = do_HEAD = do_DELETE = do_GET  # noqa: N815  (the names are the library's)

        self.running = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.running.daemon_threads = True
        self.port = self.running.server_address[1]
        threading.Thread(
            target=self.running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let the test use the database while no request does: of two threads that nest savepoints on one connection,
        who releases first takes the other's away, and the transaction is lost."""
        with self.turn:
            yield

    def stop(self) -> None:
        """Answer nothing any more."""
        if self.running is not None:
            self.running.shutdown()
            self.running.server_close()
            self.running = None

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer one request, from the static files or from the client."""
        address = urlsplit(asked.path)
        status, headers, body = 404, {}, b""
        if address.path.startswith("/static/"):
            found = finders.find(address.path.removeprefix("/static/"))
            if found:
                body = Path(found).read_bytes()
                kind = TYPES.get(found.rsplit(".", 1)[-1], "application/octet-stream")
                status, headers = 200, {"Content-Type": kind}
        else:
            status, headers, body = self._from_client(asked)
        asked.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    def _from_client(self, asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        sent = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        address = urlsplit(f"http://{asked.headers['Host']}{asked.path}")
        request = SimpleNamespace(
            method=asked.command,
            post_data_buffer=sent,
            all_headers=lambda: {name.lower(): value for name, value in asked.headers.items()},
        )
        with self.turn:
            connections["default"] = self.here
            told = _ask(self.client, request, address)
        return told["status"], told["headers"], told["body"]


@contextmanager
def real_server(client: Client) -> Iterator[RealServer]:
    """Serve the site of `client` until the test is over; the transaction of the test is the server's too."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    server = RealServer(client)
    try:
        yield server
    finally:
        server.stop()
        with server.turn:
            connection.dec_thread_sharing()
