"""The demo's provider of text messages: takes them as a real one does, and calls back whether each arrived.

    python -m motcua.cli.demo.carrier

Started by `motcua demo` beside the site, on this machine only; nothing leaves it. Its front page shows the telephones'
screens. Numbers that end in 000 are switched off: what goes there is reported as not delivered, and the letter of the
same news follows. The protocol is that of JSON providers here: a key in a header, an answer with a code and a number,
a callback by GET with the fields of eSMS.
"""

import hmac
import html
import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

from motcua.clients import http

SECONDS = 4.0  # until a message is reported
_TRIES = 5
_MOST_SHOWN, _LONGEST = 50, 20_000
_OFF = "000"
_STYLE = """body{font:18px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#1d2733}
li{margin:.8rem 0;padding:.7rem 1rem;border:1px solid #5b6b7a;border-radius:12px;list-style:none}ul{padding:0}
small{display:block;color:#43505d}.note{border:2px solid #8a5a00;padding:.75rem 1rem;background:#fff7e6}"""


class Carrier:
    """What was taken, and who is called back. `call` gets the address with its fields; it may be unreachable."""

    def __init__(
        self, key: str, back: str, *, seconds: float = SECONDS, call: Callable[[str], int] | None = None
    ):
        self.key, self.back, self.seconds = key, back, seconds
        self.call = call or _get
        self.shown: deque[tuple[str, str]] = deque(maxlen=_MOST_SHOWN)
        self.taken = 0
        self.lock = threading.Lock()

    def take(self, key: str, said: Any) -> tuple[int, dict[str, Any]]:
        """Take one message; return status and answer. The report follows after some seconds."""
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return 401, {"status": {"code": 101}}
        to, text = (
            (str(said.get(name, "")) for name in ("to", "text")) if isinstance(said, dict) else ("", "")
        )
        if not (to.isascii() and to.isdigit() and text):
            return 200, {"status": {"code": 99}}
        with self.lock:
            self.taken += 1
            number = f"demo-{self.taken}"
            self.shown.appendleft((to, text))
        later = threading.Timer(self.seconds, self.report, [number, not to.endswith(_OFF)])
        later.daemon = True
        later.start()
        return 200, {"status": {"code": 0}, "id": number}

    def report(self, number: str, arrived: bool) -> None:
        """Call back until the site answers, a few times."""
        fields = {
            "SMSID": number, "SendStatus": "5", "SendSuccess": str(int(arrived)), "SendFailed": str(int(not arrived)),
            "TotalReceiver": "1", "error_info": "" if arrived else "ABSENT 27",
        }  # fmt: skip
        for turn in range(_TRIES):
            if self.call(f"{self.back}&{urlencode(fields)}") == 200:
                return
            threading.Event().wait(self.seconds * (turn + 1))

    def page(self) -> str:
        """Return the telephones' screens, the newest message first."""
        rows = "".join(
            f"<li><small>{html.escape(to[:-6])}•••{html.escape(to[-3:])}</small>{html.escape(text)}</li>"
            for to, text in list(self.shown)
        )
        return (
            '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tin nhắn thử</title>'
            '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head><body>'
            '<h1>Tin nhắn thử</h1><p class="note">Bản trình diễn: không tin nào ra khỏi máy này. Số có đuôi 000 coi như'
            f" tắt máy.</p><ul>{rows or '<li>Chưa có tin nào.</li>'}</ul></body></html>"
        )


def _get(address: str) -> int:
    try:
        return http.ask("GET", address, seconds=5).status
    except http.Failed:
        return 0


class _Handler(BaseHTTPRequestHandler):
    server: "Server"

    def log_message(self, *args: Any) -> None: ...

    def do_GET(self) -> None:
        if self.path == "/style.css":
            self._send(200, "text/css; charset=utf-8", _STYLE)
        elif self.path == "/":
            policy = {
                "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
            }
            self._send(200, "text/html; charset=utf-8", self.server.carrier.page(), policy)
        else:
            self._send(404, "text/plain", "")

    def do_POST(self) -> None:
        size = min(int(self.headers.get("Content-Length") or 0), _LONGEST)
        try:
            said = json.loads(self.rfile.read(size))
        except ValueError:
            said = None
        status, answer = self.server.carrier.take(self.headers.get("X-Key", ""), said)
        self._send(status, "application/json", json.dumps(answer))

    def _send(self, status: int, kind: str, text: str, more: Mapping[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Cache-Control": "no-store", **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The provider on this machine."""

    daemon_threads = True
    carrier: Carrier


def server(port: int, carrier: Carrier) -> Server:
    """Return a server on this machine."""
    made = Server(("127.0.0.1", port), _Handler)
    made.carrier = carrier
    return made


def main() -> None:
    """Serve until stopped. Only in the demo, only on this machine."""
    from motcua.config import addresses, env, providers  # noqa: PLC0415  (reads the environment of the installation)

    port = env.integer("MOTCUA_DEMO_CARRIER", 0)
    if not env.flag("MOTCUA_DEMO") or not port:
        sys.exit("The invented provider of text messages runs in the demo only (motcua demo).")
    own = providers.demo(port).sms[0]
    assert own.reports is not None
    secret = own.reports.secret
    back = f"{addresses.PUBLIC_URL}/bao-tin/ve/sms/{own.name}?{urlencode({'khoa': secret})}"
    server(port, Carrier(secret, back)).serve_forever()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    main()
