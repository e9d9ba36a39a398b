"""Ask the checker about a file. Two checkers at most, one thread each at a time; a dead one is replaced."""

import array
import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import motcua

ROOT = Path(motcua.__file__).parents[1]
WORKERS = 2
ANSWER_SECONDS = 20
ROWS_SECONDS = 130  # longer than the checker lets its fork run

_START = "import sys; sys.path.insert(0, sys.argv[1]); from motcua.base.files.checker import main; main()"


class CheckerFailed(RuntimeError):
    """The checker itself could not answer, twice. The file was judged neither good nor bad."""


class _Checker:
    """One child process and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(ROOT), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
            )
        self.socket = ours

    def ask(self, request: dict[str, Any], descriptors: list[int], seconds: float) -> dict[str, Any] | None:
        """Return the answer, or None when the checker is gone or silent."""
        self.socket.settimeout(seconds)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
        try:
            self.socket.sendmsg([json.dumps(request).encode()], [rights])
            answer = self.socket.recv(65536)
            result: dict[str, Any] | None = json.loads(answer) if answer else None
        except (OSError, ValueError):  # gone, silent, or an answer that was too long and is cut
            return None
        return result

    def close(self) -> None:
        self.socket.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Pool:
    """Checkers of this process. A fork starts its own: it must not share a socket with its parent."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.idle: list[_Checker] = []
        self.lock = threading.Lock()
        self.places = threading.BoundedSemaphore(WORKERS)

    def ask(
        self, request: dict[str, Any], descriptors: list[int], seconds: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        with self.places:
            for _attempt in range(2):
                with self.lock:
                    checker = self.idle.pop() if self.idle else None
                checker = checker or _Checker()
                answer = checker.ask(request, descriptors, seconds)
                if answer is not None:
                    with self.lock:
                        self.idle.append(checker)
                    return answer
                checker.process.kill()
                checker.close()
        raise CheckerFailed(request["do"])

    def close(self) -> None:
        with self.lock:
            checkers, self.idle = self.idle, []
        for checker in checkers:
            checker.close()


_pool = _Pool()


def _current() -> _Pool:
    global _pool
    if _pool.owner != os.getpid():
        _pool = _Pool()
    return _pool


def inspect(descriptor: int, kind: str) -> dict[str, Any]:
    """Return what the checker found in the open file: pages and size, or {"problem": word}."""
    return _current().ask({"do": "inspect", "kind": kind}, [descriptor])


def draw(descriptor: int, kind: str, *, page: int, side: int, out: int) -> dict[str, Any]:
    """Have page `page` of the open file drawn as PNG into the open file `out`; same kind of answer."""
    return _current().ask({"do": "draw", "kind": kind, "page": page, "side": side}, [descriptor, out])


def codes(descriptor: int, *, first: int, last: int) -> dict[str, Any]:
    """Return the QR codes of some pages of the open PDF: {"pages": [[text, …], …]}, or {"problem": word}."""
    return _current().ask({"do": "codes", "first": first, "last": last}, [descriptor])


def part(descriptor: int, *, pages: list[int], out: int) -> dict[str, Any]:
    """Have these pages of the open PDF written as a PDF into the open file `out`; same kind of answer."""
    return _current().ask({"do": "part", "pages": pages}, [descriptor, out])


def bind(descriptor: int, kind: str, *, turn: int, out: int) -> dict[str, Any]:
    """Have the open picture, turned to the right, written as a PDF of one page into the open file `out`."""
    return _current().ask({"do": "bind", "kind": kind, "turn": turn}, [descriptor, out])


def rows(descriptor: int, want: dict[str, Any], *, out: int) -> dict[str, Any]:
    """Have the rows of the open spreadsheet written to the open file `out`; what was seen, or {"problem": word}.

    `want` is {"rows": most, "columns": most, "text": whether CSV will do}.
    """
    return _current().ask({"do": "rows", "want": want}, [descriptor, out], ROWS_SECONDS)


def text(descriptor: int, *, page: int, out: int) -> dict[str, Any]:
    """Have a PDF page's text layer written to the open file `out`: {"letters": n, "pictures": bool}, or a problem."""
    return _current().ask({"do": "text", "page": page}, [descriptor, out])


def template(descriptor: int, *, allowed: dict[str, Any]) -> dict[str, Any]:
    """Return the names that the open DOCX template has, of those allowed, or {"problem": word, "what": text}."""
    return _current().ask({"do": "template", "allowed": allowed}, [descriptor])


def signatures(descriptor: int, *, trusted: int) -> dict[str, Any]:
    """Return what the signatures of the open PDF say, {"signatures": […]}, or {"problem": word}.

    `trusted` is an open file of JSON: {"roots": [PEM, …], "lists": [PEM, …]}.
    """
    return _current().ask({"do": "signatures"}, [descriptor, trusted])


def fill(descriptor: int, *, values: int, out: int) -> dict[str, Any]:
    """Have the open DOCX template filled with the open JSON `values` into the open file `out`; same kind of answer."""
    return _current().ask({"do": "fill"}, [descriptor, out, values])


def close() -> None:
    """End this process's checkers."""
    if _pool.owner == os.getpid():
        _pool.close()


atexit.register(close)
