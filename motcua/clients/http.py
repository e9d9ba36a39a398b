"""The one way out: one request to an address that was judged, with a deadline for all of it and a bounded answer.

Source: ASVS 5.0 1.3.6, 13.2.4-5, 15.3.2. A name is looked up once, every address it has is judged, and the connection
goes to the very address that was judged: a name that answers differently the second time (DNS rebinding) leads nowhere
new. No redirect is followed. Whether anything was sent matters to who retries: `Unreachable`, nothing was; `NoAnswer`,
it was, and nobody knows whether it was done.
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
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

SECONDS = 10.0
MOST_BYTES = 1_000_000
LONGEST_URL = 2000
_AGENT = "Motcua"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Failed(Exception):
    """No answer to work with; the text is for a log and says nothing of what was sent."""


class Unreachable(Failed):
    """The other side was not reached: no name, no connection, a wrong certificate. Nothing was sent."""


class NotAllowed(Unreachable):
    """The address leads where this program does not go. `word` says why: url, scheme, host, private, unknown."""

    def __init__(self, word: str, text: str = "") -> None:
        super().__init__(text or word)
        self.word = word


class NoAnswer(Failed):
    """Something was sent and no whole answer came in time: whether it was done is not known."""


class BadAnswer(Failed):
    """An answer came that the protocol does not have, or one longer than asked for."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a request may go. As it stands: any public address, by HTTPS.

    `hosts`: only these, as the operator named them ("host" or "host:port"). `private`: in a private network, too.
    `inside`: networks of ours that may be called all the same, by plain HTTP too.
    """

    hosts: frozenset[str] | None = None
    private: bool = False
    inside: tuple[Network, ...] = ()


LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
#: Addresses that the installation's own administrator wrote down: anywhere, but in plain only on this machine.
NAMED_BY_US = Reach(private=True, inside=LOOPBACK)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; `headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object. Raises `BadAnswer`."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadAnswer(f"HTTP {self.status}: no JSON") from None
        if not isinstance(found, dict):
            raise BadAnswer(f"HTTP {self.status}: no JSON object")
        return found


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, with the one network address it is reached at."""

    host: str
    port: int
    path: str
    secure: bool
    address: str


def networks(text: str) -> tuple[Network, ...]:
    """Read networks as a setting holds them: "10.0.0.0/8, fd00::/8". Raises ValueError for what is none."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def check_url(url: str) -> None:
    """Refuse an address that is not https, has a user in it, or is plain HTTP to another machine. ValueError.

    For settings: nothing is looked up.
    """
    try:
        parts = _parts(url)
    except NotAllowed:
        raise ValueError("an https address is wanted") from None
    if parts.scheme != "https" and not _names_this_machine(parts.hostname or ""):
        raise ValueError("an https address is wanted")
    _port = parts.port  # raises ValueError for one that is none


def target_of(url: str, *, reach: Reach) -> Target:
    """Return where an address leads. Raises `NotAllowed` where we do not go."""
    parts = _parts(url)
    host, secure = (parts.hostname or "").rstrip(".").lower(), parts.scheme == "https"
    try:
        port = parts.port or (443 if secure else 80)
    except ValueError:
        raise NotAllowed("url") from None
    if reach.hosts is not None and host not in reach.hosts and f"{host}:{port}" not in reach.hosts:
        raise NotAllowed("host", f"{host}:{port} is not among the hosts that were named")
    found = _looked_up(host, port)
    ours = [
        any(one in network for network in reach.inside if network.version == one.version) for one in found
    ]
    if not (reach.private or all(mine or _public(one) for one, mine in zip(found, ours, strict=True))):
        raise NotAllowed("private", f"{host} leads into a private network")
    if not secure and not all(ours):
        raise NotAllowed("scheme", f"{host}: plain HTTP")
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    # An older program listens on IPv4 alone: the first address of this kind, else the first of all.
    address = next((one for one in found if one.version == 4), found[0])
    return Target(host, port, path, secure, str(address))


def ask(
    method: str, url: str, *, reach: Reach = NAMED_BY_US, body: bytes | str = b"",
    headers: Mapping[str, str] | None = None, seconds: float | None = None, most: int = MOST_BYTES,
) -> Answer:  # fmt: skip
    """Send one request; the whole of it, down to the last byte of the answer, has `seconds` (else `SECONDS`).

    A connection of its own each time: a kept one that the other side has just closed would leave open whether the
    request arrived. Raises `NotAllowed`, `Unreachable`, `NoAnswer`, `BadAnswer` (an answer longer than `most` bytes).
    """
    began, seconds = time.monotonic(), SECONDS if seconds is None else seconds
    target = target_of(url, reach=reach)
    way = _Pinned(target, seconds) if target.secure else _PinnedPlain(target, seconds)
    try:
        try:
            way.connect()
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{target.host}: {type(error).__name__}") from None
        # A peer that trickles would renew the socket's own time for ever. The connection lets go of its socket as soon
        # as the head of the answer is there, so it is held here.
        over = threading.Event()
        guard = threading.Timer(max(0.1, seconds - (time.monotonic() - began)), _cut, [way.sock, over])
        guard.daemon = True
        guard.start()
        try:
            sent = body.encode() if isinstance(body, str) else body
            named = {"user-agent": _AGENT, **{name.lower(): text for name, text in (headers or {}).items()}}
            way.request(method, target.path, body=sent, headers=named)
            answer = way.getresponse()
            read = answer.read(most + 1)
        except (OSError, http.client.HTTPException, AttributeError, ValueError) as error:
            raise NoAnswer(f"{target.host}: {type(error).__name__}") from None
        finally:
            guard.cancel()
        # An answer without a length ends where the connection does, so one that was cut off looks whole.
        if over.is_set() or (len(read) <= most and answer.length):
            raise NoAnswer(f"{target.host}: cut off")
    finally:
        way.close()
    if len(read) > most:
        raise BadAnswer(f"{target.host} answered with more than {most} bytes")
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(ord(one) < 33 or ord(one) == 127 for one in url):
        raise NotAllowed("url")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise NotAllowed("url") from None
    if parts.scheme not in {"https", "http"}:
        raise NotAllowed("scheme")
    if not host or parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise NotAllowed("url")
    return parts


def _names_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _looked_up(host: str, port: int) -> list[_Address]:
    """Every address of a name, each once; what is written as numbers is read as the system reads it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        if host.endswith(".localhost"):  # RFC 6761; not every resolver knows the names below it
            return [ipaddress.ip_address("127.0.0.1")]
        raise NotAllowed("unknown", f"{host}: no such name") from None
    texts = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    return [_plain(ipaddress.ip_address(text)) for text in texts]


def _plain(address: _Address) -> _Address:
    """An IPv4 address in an IPv6 one is judged as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _public(address: _Address) -> bool:
    tunnelled = isinstance(address, ipaddress.IPv6Address) and bool(address.sixtofour or address.teredo)
    nat64 = address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96")
    return address.is_global and not address.is_multicast and not tunnelled and not nat64


class _Pinned(http.client.HTTPSConnection):
    """HTTPS to the address that was judged; the certificate must be the name's."""

    def __init__(self, target: Target, seconds: float) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(target.host, target.port, timeout=seconds, context=self.tls)
        self.target = target

    def connect(self) -> None:
        raw = socket.create_connection((self.target.address, self.target.port), self.timeout)
        self.sock = self.tls.wrap_socket(raw, server_hostname=self.target.host)


class _PinnedPlain(http.client.HTTPConnection):
    """The same without TLS, for networks of ours."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.address, self.target.port), self.timeout)


def _cut(held: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)
