"""A receipt printer on TCP port 9100 (ESC/POS): asked before a print whether it can, and after it whether it did.

`DLE EOT n` is answered at once, even while the printer stands still: 2 why it is off line, 3 errors, 4 the paper.
`GS r 1` waits in line behind the picture, so its answer means that all before it is on paper. Both kinds of answer can
be told apart by bit 4; a picture may hold the bytes of a question by chance, and then an answer comes that nobody waits
for. Many cheap printers answer nothing; they are trusted like a printer driver would.
"""

import select
import socket
import time
from dataclasses import dataclass

from motcua_station.trouble import Trouble, why

_EOT, _PAPER_AFTER = b"\x10\x04", b"\x1dr\x01"
_OFFLINE, _ERROR, _PAPER = 2, 3, 4
_CONNECT, _QUICK = 5.0, 0.7
_FULL_AFTER = 2.0  # a printer that takes no more for so long is asked why


@dataclass(frozen=True)
class Condition:
    """What a printer said of itself; `answers` is False where it says nothing, ever."""

    answers: bool = False
    problem: str = ""  # a word of the interface
    words: str = ""
    near_end: bool = False


def connect(host: str, port: int) -> socket.socket:
    """Open the line. Raises `Trouble` where nobody is there."""
    try:
        return socket.create_connection((host, port), timeout=_CONNECT)
    except OSError as error:
        raise Trouble("no_printer", f"Không nối được máy in {host}:{port} ({why(error)}).") from error


def condition(line: socket.socket) -> Condition:
    """Ask how the printer is; works while it is off line too."""
    paper = _ask(line, _PAPER)
    if paper is None:
        return Condition()
    offline, error = _ask(line, _OFFLINE) or 0, _ask(line, _ERROR) or 0
    near = bool(paper & 0x0C)
    if offline & 0x04:
        return Condition(True, "cover_open", "Nắp máy in đang mở.", near)
    if paper & 0x60 or offline & 0x20:
        return Condition(True, "no_paper", "Máy in hết giấy.", near)
    if error & 0x08:
        return Condition(True, "cutter", "Dao cắt của máy in bị kẹt.", near)
    if error & 0x60 or offline & 0x40:
        return Condition(True, "printer", "Máy in báo lỗi (đèn lỗi sáng).", near)
    return Condition(True, near_end=near)


def send(host: str, port: int, content: bytes, *, wait: float) -> None:
    """Print. Raises `Trouble` where no paper came out, or (`unsure`) where nobody can know."""
    with connect(host, port) as line:
        try:
            now = condition(line)
        except OSError as error:
            raise Trouble("no_printer", f"Máy in đóng kết nối: {error}.") from error
        if now.problem:
            raise Trouble(now.problem, now.words)
        try:
            _put(line, content + (_PAPER_AFTER if now.answers else b""), wait)
            after = _answer(line, wait, late=True) if now.answers else None
        except OSError as error:
            raise Trouble("printer", f"Đứt kết nối giữa lúc in: {error}.", unsure=True) from error
        if now.answers and after is None:
            raise _halted(line)
        if after is not None and after & 0x0C:
            raise Trouble("no_paper", "Máy in hết giấy giữa lúc in.", unsure=True)


def _put(line: socket.socket, content: bytes, wait: float) -> None:
    """Send all; a printer that stands still takes nothing, which is no broken line but a reason to ask it why."""
    left, end = memoryview(content), time.monotonic() + wait
    line.settimeout(None)
    while left:
        _r, ready, _x = select.select([], [line], [], min(_FULL_AFTER, wait))
        if ready:
            left, end = left[line.send(left[:4096]) :], time.monotonic() + wait
        elif time.monotonic() > end:
            raise _halted(line)


def _halted(line: socket.socket) -> Trouble:
    """Why a print did not end: the printer still answers questions while it waits for paper."""
    try:
        line.settimeout(_QUICK)
        why = condition(line)
    except OSError:
        why = Condition()
    words = f"Giữa lúc in: {why.words}" if why.words else "Máy in nhận lệnh nhưng không báo đã in xong."
    return Trouble(why.problem or "printer", words, unsure=True)


def _ask(line: socket.socket, which: int) -> int | None:
    line.sendall(_EOT + bytes([which]))
    return _answer(line, _QUICK)


def _answer(line: socket.socket, wait: float, *, late: bool = False) -> int | None:
    """Return the next answer of the kind waited for (`late`: to GS r), None when none came or the line ended."""
    end = time.monotonic() + wait
    while (left := end - time.monotonic()) > 0:
        ready, _w, _x = select.select([line], [], [], left)
        said = line.recv(1) if ready else b""
        if not said:
            return None
        if (said[0] & 0x93 == 0x12) != late and not (late and said[0] & 0x10):
            return said[0]
    return None
