"""The little of IPP (RFC 8010, 8011) that a print needs: to CUPS on this machine, or to a printer that speaks it.

`lp` would do to hand a print over, but it cannot tell a print that came out from one that CUPS gave up: both leave the
queue. The state of the job tells them apart, and only IPP says it.
"""

import itertools
import os
import socket
import struct
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

PRINT_JOB, CANCEL_JOB, JOB_ATTRIBUTES, PRINTER_ATTRIBUTES = 0x02, 0x08, 0x09, 0x0B
PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = range(3, 10)  # job-state
PRINTER_STOPPED = 5  # printer-state
_INTEGER, _ENUM, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = (
    0x21,
    0x23,
    0x42,
    0x44,
    0x45,
    0x47,
    0x48,
    0x49,
)
_OPERATION, _JOB, _END = 0x01, 0x02, 0x03
_SOCKET = "/run/cups/cups.sock"
_TIMEOUT = 10.0
_LARGEST = 2_000_000
_numbers = itertools.count(1)
Given = list[tuple[int, str, str | int]]
_WHO = (_NAME, "requesting-user-name", "motcua-station")


class NoAnswer(Exception):
    """Nobody answered, or not in IPP."""


class Says(Exception):
    """The printer or CUPS refused; `status` is IPP's number (0x0406: no such printer or job)."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words or hex(status))
        self.status = status


@dataclass(frozen=True)
class Queue:
    """Where to ask: a URI of a printer, and the machine (or socket file) that is asked."""

    uri: str
    at: str  # host:port, or a path that begins with /

    @classmethod
    def of_cups(cls, name: str) -> "Queue":
        """A queue of CUPS here, or of the server that CUPS_SERVER names."""
        at = os.environ.get("CUPS_SERVER", "") or (_SOCKET if Path(_SOCKET).exists() else "localhost:631")
        return cls(f"ipp://localhost/printers/{name}", at)

    @classmethod
    def of_address(cls, address: str) -> "Queue":
        """A printer that speaks IPP itself: ipp://host[:631]/ipp/print."""
        parts = urlsplit(address)
        return cls(address, f"{parts.hostname}:{parts.port or 631}")

    @property
    def path(self) -> str:
        """What stands in the HTTP request."""
        return urlsplit(self.uri).path or "/"


@dataclass
class Answer:
    """What came back: every attribute of every group by its name, each a list."""

    status: int = 0
    found: dict[str, list[str | int]] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The first value as a number, 0 where there is none."""
        value = next(iter(self.found.get(name, ())), 0)
        return value if isinstance(value, int) else 0

    def words(self, name: str) -> list[str]:
        """All values that are text."""
        return [one for one in self.found.get(name, ()) if isinstance(one, str)]


class _OverSocket(HTTPConnection):
    """HTTP over the socket file on which CUPS listens for programs of its own machine."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT)
        self.file = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT)
        self.sock.connect(self.file)


def keyword(name: str, value: str) -> tuple[int, str, str]:
    """An attribute whose value is a word of IPP."""
    return _KEYWORD, name, value


def integer(name: str, value: int) -> tuple[int, str, int]:
    """An attribute whose value is a number."""
    return _INTEGER, name, value


def print_job(queue: Queue, content: bytes, mime: str, asked: Given) -> int:
    """Hand a document over; return the number of its job. Its name says nothing of anybody."""
    given: Given = [_WHO, (_NAME, "job-name", "motcua"), (_MIME, "document-format", mime)]
    return call(queue, PRINT_JOB, given, asked, content).number("job-id")


def job_state(queue: Queue, job: int) -> int:
    """Return job-state."""
    said = call(queue, JOB_ATTRIBUTES, [integer("job-id", job), _WHO])
    return said.number("job-state")


def cancel(queue: Queue, job: int) -> None:
    """Take a job back."""
    call(queue, CANCEL_JOB, [integer("job-id", job), _WHO])


def printer(queue: Queue) -> Answer:
    """Return the attributes of the printer."""
    return call(queue, PRINTER_ATTRIBUTES, [])


def call(
    queue: Queue, operation: int, given: Given, job: Given | None = None, content: bytes = b""
) -> Answer:
    """Ask once. Raises `NoAnswer` or `Says`."""
    first: Given = [
        (_CHARSET, "attributes-charset", "utf-8"), (_LANGUAGE, "attributes-natural-language", "en"),
        (_URI, "printer-uri", queue.uri),
    ]  # fmt: skip
    body = struct.pack(">BBHIB", 2, 0, operation, next(_numbers), _OPERATION)
    body += b"".join(_attribute(*one) for one in [*first, *given])
    if job:
        body += bytes([_JOB]) + b"".join(_attribute(*one) for one in job)
    body += bytes([_END]) + content
    line = _OverSocket(queue.at) if queue.at.startswith("/") else HTTPConnection(queue.at, timeout=_TIMEOUT)
    try:
        line.request("POST", queue.path, body, {"Content-Type": "application/ipp"})
        answer = line.getresponse()
        said = answer.read(_LARGEST)
    except (OSError, HTTPException) as error:
        raise NoAnswer(str(error)) from error
    finally:
        line.close()
    if answer.status != 200:
        raise NoAnswer(f"HTTP {answer.status}")
    read = _read(said)
    if read.status >= 0x0100:  # successful-ok and its kin are below
        raise Says(read.status, " ".join(read.words("status-message")))
    return read


def _attribute(tag: int, name: str, value: str | int) -> bytes:
    data = struct.pack(">i", value) if isinstance(value, int) else value.encode()
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(data)) + data


def _read(said: bytes) -> Answer:
    try:
        (status,) = struct.unpack_from(">H", said, 2)
        made, at, name = Answer(status), 8, ""
        while at < len(said) and said[at] != _END:
            if said[at] < 0x10:  # a group begins
                at += 1
                continue
            tag = said[at]
            (long,) = struct.unpack_from(">H", said, at + 1)
            name = said[at + 3 : at + 3 + long].decode(errors="replace") or name
            at += 3 + long
            (long,) = struct.unpack_from(">H", said, at)
            value = said[at + 2 : at + 2 + long]
            at += 2 + long
            number = tag in {_INTEGER, _ENUM} and long == 4
            kept = struct.unpack(">i", value)[0] if number else value.decode(errors="replace")
            made.found.setdefault(name, []).append(kept)
    except (struct.error, IndexError) as error:
        raise NoAnswer("no IPP") from error
    return made
