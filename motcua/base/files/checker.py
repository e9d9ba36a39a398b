"""The checker: a child process that opens strangers' files so that the program never does.

Started by `sandbox`, it loads the decoders once and then forks for every file. The fork has no network, no
environment, 10 s of processor (60 for a file of rows), 1.5 GB of address space, and only the descriptors it was
handed; as root it becomes nobody first. It ends when the program does: its socket closes.
"""

import array
import contextlib
import ctypes
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from functools import cache
from typing import Any

from motcua.base.files import binding, inspection, splitting, spreadsheet

CPU_SECONDS = 10
WALL_SECONDS = 12
ROWS_CPU_SECONDS, ROWS_WALL_SECONDS = 60, 120  # 50,000 rows of 21 columns took 25 s of a slow, busy processor
ADDRESS_SPACE = 1536 * 1024 * 1024
LARGEST_PICTURE = 64 * 1024 * 1024  # or part of a PDF
LARGEST_ROWS = 160 * 1024 * 1024
_WRITES = frozenset({"draw", "part", "rows", "text", "fill", "bind"})
_DOCUMENTS = frozenset({"template", "fill"})
MESSAGE_SIZE = 4096
NOBODY = 65534

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    """Serve requests from the socket whose number is the last argument, until it closes."""
    channel = socket.socket(fileno=int(sys.argv[-1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program; we follow it out
    _leave_the_network()
    inspection.warm_up()
    binding.warm_up()
    splitting.warm_up()
    spreadsheet.warm_up()
    while True:
        message, descriptors = _receive(channel)
        if not message:
            return
        try:
            request = json.loads(message)
            if request["do"] in _DOCUMENTS:
                _word()
            if request["do"] == "signatures":
                _signed()
            answer = _in_a_fork(request, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        channel.send(json.dumps(answer).encode())


@cache
def _word() -> Any:
    """Load what reads DOCX at the first of them: it takes a second, and most installations' checkers never see one."""
    word = importlib.import_module("motcua.base.files.word")
    word.warm_up()
    return word


@cache
def _signed() -> Any:
    """Load what checks signatures at the first of them, as `_word` does."""
    signed = importlib.import_module("motcua.base.files.signed_pdf")
    signed.warm_up()
    return signed


def _receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    message, extra, _flags, _address = channel.recvmsg(MESSAGE_SIZE, socket.CMSG_LEN(8 * 4))
    descriptors = array.array("i")
    for _level, kind, data in extra:
        if kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return message, list(descriptors)


def _leave_the_network() -> None:
    """Enter an empty network namespace where the machine lets us; never a reason not to check files."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _in_a_fork(request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
    """Do one request in a process of its own and return its answer, or what its death says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(reading)
            _give_up_rights(request["do"])
            os.write(writing, json.dumps(_work(request, descriptors)).encode())
        os._exit(0)
    os.close(writing)
    try:
        patience = ROWS_WALL_SECONDS if request["do"] == "rows" else WALL_SECONDS
        answer = _read_until(reading, time.monotonic() + patience)
    finally:
        os.close(reading)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if answer:
        result: dict[str, Any] = json.loads(answer)
        return result
    heavy = answer is None or (
        os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
    )
    return {"problem": "too_heavy" if heavy else "broken"}


def _read_until(descriptor: int, deadline: float) -> bytes | None:
    """Return all that comes before the other end closes; None when the deadline passes first."""
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        part = os.read(descriptor, MESSAGE_SIZE)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _give_up_rights(do: str) -> None:
    largest = {"rows": LARGEST_ROWS}.get(do, LARGEST_PICTURE) if do in _WRITES else 0
    for limit, value in (
        (resource.RLIMIT_CPU, ROWS_CPU_SECONDS if do == "rows" else CPU_SECONDS),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, largest),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (value, value))
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # inside a user namespace we are nobody already
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


def _work(request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
    with os.fdopen(os.dup(descriptors[0]), "rb") as file:
        file.seek(0)
        if request["do"] == "inspect":
            return inspection.inspect(file, request["kind"])
        if request["do"] == "codes":
            return splitting.codes(file, request["first"], request["last"])
        if request["do"] == "template":
            return dict(_word().check(file, request["allowed"]))
        if request["do"] == "signatures":
            with os.fdopen(os.dup(descriptors[1]), "rb") as trusted:
                trusted.seek(0)
                return dict(_signed().check(file, trusted))
        with os.fdopen(os.dup(descriptors[1]), "wb") as out:
            if request["do"] == "fill":
                with os.fdopen(os.dup(descriptors[2]), "rb") as values:
                    return dict(_word().fill(file, values, out))
            if request["do"] == "bind":
                return binding.page(file, request["kind"], request["turn"], out)
            if request["do"] == "part":
                return splitting.part(file, request["pages"], out)
            if request["do"] == "rows":
                return spreadsheet.read(file, out, request["want"])
            if request["do"] == "text":
                return inspection.text(file, request["page"], out)
            return inspection.draw(file, request["kind"], request["page"], request["side"], out)
