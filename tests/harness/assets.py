"""The site's own style sheets, scripts and fonts, handed out by a thread.

The browser asks for about eighteen a page. Answered through the driver they cost as much as the page itself.
"""

import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
}


@cache
def find(path: str) -> Path | None:
    """Return the file behind /static/`path`."""
    found = finders.find(path)
    return Path(str(found)) if found else None


def kind(file: Path) -> str:
    """Return its content type."""
    return TYPES.get(file.suffix.lstrip("."), "application/octet-stream")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = find(urlsplit(self.path).path.removeprefix("/static/"))
        body = file.read_bytes() if file else b""
        self.send_response(200 if file else 404)
        self.send_header("Content-Type", kind(file) if file else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Timing-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_parts: object) -> None:
        pass


@cache
def port() -> int:
    """Start handing out, once a process; return the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])
