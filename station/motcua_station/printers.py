"""Receipt printers: by TCP (port 9100), by a USB device file, or through CUPS.

A printer on TCP is asked before (paper, cover) and after: GS r is answered only when all that came before is printed.
Many cheap printers answer nothing; they are trusted like a printer driver would.
"""

import select
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from motcua_station.trouble import Trouble

_PAPER_NOW, _COVER_NOW, _PAPER_AFTER = b"\x10\x04\x04", b"\x10\x04\x02", b"\x1dr\x01"
_CONNECT, _QUICK = 5.0, 0.7


def wants_picture(printer: str) -> bool:
    """Tell whether the printer takes a picture (a driver) instead of commands."""
    return printer.startswith("cups:")


def send(printer: str, content: bytes, *, wait: float) -> None:
    """Print. Raises `Trouble` where no paper came out, or (`unsure`) where nobody can know."""
    if printer.startswith("tcp://"):
        _by_tcp(printer, content, wait)
    elif printer.startswith("file:"):
        _by_file(Path(printer.removeprefix("file://").removeprefix("file:")), content)
    else:
        _by_cups(printer.removeprefix("cups:"), content, wait)


def _by_tcp(printer: str, content: bytes, wait: float) -> None:
    parts = urlsplit(printer)
    try:
        connection = socket.create_connection((parts.hostname or "", parts.port or 9100), timeout=_CONNECT)
    except OSError as error:
        raise Trouble("no_printer", f"Không nối được máy in {printer}: {error}.") from error
    with connection:
        answers = _ready(connection)
        try:
            connection.settimeout(wait)
            connection.sendall(content + (_PAPER_AFTER if answers else b""))
            after = _answer(connection, wait) if answers else None
        except OSError as error:
            raise Trouble("printer", f"Đứt kết nối giữa lúc in: {error}.", unsure=True) from error
        if answers and after is None:
            raise Trouble("printer", "Máy in nhận lệnh nhưng không báo đã in xong.", unsure=True)
        if after is not None and after & 0x0C:
            raise Trouble("no_paper", "Máy in hết giấy giữa lúc in.", unsure=True)


def _ready(connection: socket.socket) -> bool:
    """Ask for paper and cover before a byte of the ticket goes out; tell whether this printer answers at all."""
    try:
        connection.sendall(_PAPER_NOW)
        paper = _answer(connection, _QUICK)
        if paper is None:
            return False
        connection.sendall(_COVER_NOW)
        cover = _answer(connection, _QUICK) or 0
    except OSError as error:
        raise Trouble("no_printer", f"Máy in đóng kết nối: {error}.") from error
    if cover & 0x04:
        raise Trouble("cover_open", "Nắp máy in đang mở.")
    if paper & 0x60:
        raise Trouble("no_paper", "Máy in hết giấy.")
    return True


def _answer(connection: socket.socket, wait: float) -> int | None:
    ready, _writable, _bad = select.select([connection], [], [], wait)
    said = connection.recv(1) if ready else b""
    return said[0] if said else None


def _by_file(path: Path, content: bytes) -> None:
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise Trouble("no_printer", f"Không mở được máy in {path}: {error.strerror}.") from error
    try:
        with file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) or 0 :]
    except OSError as error:
        raise Trouble("printer", f"Máy in {path} dừng giữa chừng: {error.strerror}.", unsure=True) from error


def _by_cups(name: str, content: bytes, wait: float) -> None:
    """Hand a picture to CUPS and wait until it is off its queue."""
    if shutil.which("lp") is None:
        raise Trouble("no_printer", "Máy này không có CUPS (lệnh lp).")
    command = ["lp", "-s", "-d", name, "-o", "fit-to-page", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=False)
    if done.returncode:
        raise Trouble("no_printer", f"CUPS không nhận: {done.stderr.decode(errors='replace').strip()[:200]}")
    end = time.monotonic() + wait
    while time.monotonic() < end:
        left = subprocess.run(["lpstat", "-o", name], capture_output=True, text=True, check=False)
        if not left.stdout.strip():
            return
        time.sleep(0.5)
    raise Trouble("printer", "Máy in chưa in xong trong thời gian chờ.", unsure=True)
