"""The one way to call an address that somebody else wrote down: nothing inside our own network is reached by it.

A name is looked up once, every address it has must be public (or in a network that the installation named in
`MOTCUA_WEBHOOK_NETWORKS`), and the connection goes to the very address that was looked at: a name that answers
differently the second time leads nowhere. No redirect is followed, and no more is read of an answer than is kept.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

TIMEOUT = 10.0  # seconds, for each step of a call
LARGEST_ANSWER = 4096  # bytes read of what the other side says
LONGEST_URL = 500
#: Shared address space, where providers and clouds keep their own machines; `is_global` leaves it out already.
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """The address leads where we do not call. `word` says why: url, scheme, private, unknown."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Failed(Exception):
    """The call came to no answer; the text is for a log."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str


@dataclass(frozen=True)
class Target:
    """An address taken apart, with the one network address it is reached at."""

    host: str
    port: int
    path: str
    secure: bool
    address: str


def networks(text: str) -> tuple[_Network, ...]:
    """Read networks as a setting holds them: "10.0.0.0/8, fd00::/8". Raises ValueError for what is none."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def target_of(url: str, *, inside: Sequence[_Network] = ()) -> Target:
    """Return where an address leads; raises Forbidden. `inside`: networks of ours that may be called all the same.

    HTTPS only, but for addresses in `inside`; no user names, no spaces, no fragment.
    """
    parts = _parts(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Forbidden("url") from None
    found = _looked_up(host, port)
    ours = [any(one in network for network in inside if network.version == one.version) for one in found]
    if not all(mine or _public(one) for one, mine in zip(found, ours, strict=True)):
        raise Forbidden("private")
    if parts.scheme != "https" and not all(ours):
        raise Forbidden("scheme")
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return Target(host, port, path, parts.scheme == "https", str(found[0]))


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(one.isspace() or ord(one) < 33 for one in url):
        raise Forbidden("url")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise Forbidden("url") from None
    if parts.scheme not in {"https", "http"}:
        raise Forbidden("scheme")
    if not host or parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise Forbidden("url")
    return parts


def _looked_up(host: str, port: int) -> list[_Address]:
    """Every address of a name, each once; what is written as numbers is read as the system reads it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Forbidden("unknown") from None
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
    """HTTPS to the address that was looked at; the certificate must be the name's."""

    def __init__(self, target: Target, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT, context=context)
        self.target, self.tls = target, context

    def connect(self) -> None:
        raw = socket.create_connection((self.target.address, self.target.port), TIMEOUT)
        self.sock = self.tls.wrap_socket(raw, server_hostname=self.target.host)


class _PinnedPlain(http.client.HTTPConnection):
    """The same without TLS, for networks of ours."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.address, self.target.port), TIMEOUT)


def post(url: str, body: bytes, headers: dict[str, str], *, inside: Sequence[_Network] = ()) -> Answer:
    """Send a body and return what came back; raises Forbidden, or Failed for no answer at all."""
    target = target_of(url, inside=inside)
    connection: http.client.HTTPConnection
    connection = _Pinned(target, ssl.create_default_context()) if target.secure else _PinnedPlain(target)
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(LARGEST_ANSWER).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{type(error).__name__}: {error}"[:200]) from None
    finally:
        connection.close()
