"""The one way out: a request with a deadline for everything, a bounded answer, checked certificates, no redirects.

Whether anything was sent matters to who retries: `Unreachable`, nothing was; `NoAnswer`, it was, and nobody knows.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 1_000_000
_AGENT = "Motcua"


class Unreachable(Exception):
    """The other side was not reached: no name, no connection, a wrong certificate. Nothing was sent."""


class NoAnswer(Exception):
    """Something was sent and no whole answer came in time: whether it was done is not known."""


class BadAnswer(Exception):
    """An answer came that the protocol does not have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object. Raises `BadAnswer`."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadAnswer(f"HTTP {self.status}: no JSON") from None
        if not isinstance(found, dict):
            raise BadAnswer(f"HTTP {self.status}: no JSON object")
        return found


def loopback(host: str) -> bool:
    """Tell whether a host is this machine: there, and only there, plain HTTP is allowed."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_url(url: str) -> None:
    """Refuse an address that is not https, has a user in it, or is plain HTTP to another machine. ValueError."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and loopback(parts.hostname or "")
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.username is not None:
        raise ValueError("an https address is wanted")
    _port = parts.port  # raises ValueError for one that is none


def ask(
    method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, seconds: float = 10.0,
    most: int = MOST_BYTES,
) -> Answer:  # fmt: skip
    """Send one request; the whole of it, down to the last byte of the answer, has `seconds`.

    A connection of its own each time: a kept one that the other side has just closed would leave open whether the
    request arrived. Raises ValueError, `Unreachable`, `NoAnswer`, `BadAnswer` (an answer longer than `most`).
    """
    check_url(url)
    parts = urlsplit(url)
    host, path = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    way: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
        if secure
        else http.client.HTTPConnection(host, parts.port, timeout=seconds)
    )
    began = time.monotonic()
    try:
        try:
            way.connect()
        except (OSError, UnicodeError) as error:
            raise Unreachable(type(error).__name__) from None
        # A peer that trickles would renew the socket's own time for ever. The connection lets go of its socket as soon
        # as the head of the answer is there, so it is held here.
        guard = threading.Timer(max(0.1, seconds - (time.monotonic() - began)), _cut, [way.sock])
        guard.daemon = True
        guard.start()
        try:
            way.request(method, path, body=body, headers={"User-Agent": _AGENT, **(headers or {})})
            answer = way.getresponse()
            read = answer.read(most + 1)
        except (OSError, http.client.HTTPException, AttributeError, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        finally:
            guard.cancel()
        if len(read) <= most and answer.length:
            raise NoAnswer("cut off")
    finally:
        way.close()
    if len(read) > most:
        raise BadAnswer("too long")
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)


def _cut(held: socket.socket) -> None:
    with suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)
