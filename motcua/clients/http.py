"""The one outbound HTTP function: to named hosts only, pinned to one address, without redirects, 5 s and 1 MB at most.

Source: ASVS 5.0 1.3.6, 13.2.4-5, 15.3.2. A name is resolved once; the address that was judged is the address that is
connected to, so that a name which answers differently the second time (DNS rebinding) leads nowhere new.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS = 5.0
MOST_BYTES = 1024 * 1024
_PART = 64 * 1024


class Unreachable(Exception):
    """The other side cannot be asked or did not answer in time; says why, for the log, without what was sent."""


class NotAllowed(Unreachable):
    """The address is none that the operator named."""


@dataclass(frozen=True)
class Reach:
    """Where a client may go: `hosts` as the operator named them ("host" or "host:port").

    `private`: they may stand in a private network or on this machine. Plain HTTP is taken only with `private`.
    """

    hosts: frozenset[str]
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is whole: an answer over the limit is an error."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that was judged before; the certificate must be the name's."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host)  # type: ignore[attr-defined]


class _PinnedPlain(http.client.HTTPConnection):
    """The same without TLS, for this machine and private networks."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


def send(
    method: str,
    url: str,
    *,
    reach: Reach,
    headers: Mapping[str, str] | None = None,
    body: bytes | str | None = None,
    seconds: float | None = None,
    most: int = MOST_BYTES,
) -> Answer:
    """Ask another machine and return its answer, whatever its status.

    `seconds` in all, SECONDS where nothing is said.
    Raises NotAllowed for an address outside `reach`, Unreachable for everything that fails on the way: no such name, no
    answer within `seconds` in all, a bad certificate, more than `most` bytes. A redirect is an answer, not followed.
    """
    host, port, target, encrypted = _judged(url, reach)
    seconds = SECONDS if seconds is None else seconds
    until = time.monotonic() + seconds
    address = _address(host, port, reach)
    kind = _Pinned if encrypted else _PinnedPlain
    connection = kind(host, port, address, seconds)
    try:
        connection.request(
            method,
            target,
            body=body.encode() if isinstance(body, str) else body,
            headers={"Connection": "close", **(headers or {})},
        )
        response = connection.getresponse()
        parts, size = [], 0
        while part := response.read1(_PART):
            parts.append(part)
            size += len(part)
            if size > most:
                raise Unreachable(f"{host} answered with more than {most} bytes")
            if time.monotonic() > until:
                raise Unreachable(f"{host} did not finish within {seconds:.0f} s")
        kept = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, kept, b"".join(parts))
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Unreachable(f"{host}: {type(fault).__name__}") from None
    finally:
        connection.close()


def _judged(url: str, reach: Reach) -> tuple[str, int, str, bool]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NotAllowed("not an address") from None
    encrypted = parts.scheme == "https"
    if parts.scheme not in {"https", "http"} or not host or parts.username is not None:
        raise NotAllowed("not an address that is asked")
    if not encrypted and not reach.private:
        raise NotAllowed(f"{host}: plain HTTP is for private networks")
    number = port or (443 if encrypted else 80)
    if host not in reach.hosts and f"{host}:{number}" not in reach.hosts:
        raise NotAllowed(f"{host}:{number} is not among the hosts that were named")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(mark) <= 32 or ord(mark) > 126 for mark in target):
        raise NotAllowed(f"{host}: not a path")
    return host, number, target, encrypted


def _address(host: str, port: int, reach: Reach) -> str:
    """Resolve once; every address of the name must be one we may go to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        if reach.private and (host == "localhost" or host.endswith(".localhost")):
            return "127.0.0.1"  # RFC 6761; not every resolver knows the names below it
        raise Unreachable(f"{host}: no such name") from None
    addresses = [str(one[4][0]) for one in found]
    if not reach.private and not all(ipaddress.ip_address(one.split("%")[0]).is_global for one in addresses):
        raise NotAllowed(f"{host} leads into a private network")
    # An older program listens on IPv4 alone: the first address of this kind, else the first of all.
    return next((one for one in addresses if ":" not in one), addresses[0])
