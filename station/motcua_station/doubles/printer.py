"""A receipt printer that is none: takes ESC/POS on TCP, keeps every slip that was cut as a picture (PBM).

    python -m motcua_station.doubles.printer --port 9100 --folder slips

It answers the questions for paper and cover as printers do, may be out of paper (`paper = False`), mute (`answers =
False`), or lose its power after so many bytes (`dies_after`).
"""

import argparse
import socketserver
import struct
import threading
from pathlib import Path

_RASTER, _CUT, _BEGIN = b"\x1dv0\x00", b"\x1dVB\x00", b"\x1b@"
_FEED, _ASK_NOW, _ASK_AFTER = b"\x1bJ", b"\x10\x04", b"\x1dr"


class Printer(socketserver.ThreadingTCPServer):
    """The double; `slips` are the pictures so far, each a PBM file as bytes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0, folder: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Line)
        self.folder = folder
        self.slips: list[bytes] = []
        self.paper, self.cover_open, self.answers = True, False, True
        self.dies_after: int | None = None
        self.cut = threading.Condition()

    @property
    def address(self) -> str:
        """What stands in the station's settings."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"

    def keep(self, slip: bytes) -> None:
        """Take a cut slip off."""
        with self.cut:
            self.slips.append(slip)
            if self.folder is not None:
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / f"slip-{len(self.slips):04d}.pbm").write_bytes(slip)
            self.cut.notify_all()


class _PowerCut(Exception):
    pass


class _Line(socketserver.BaseRequestHandler):
    """One connection: bytes are read as commands, as they come."""

    server: Printer

    def setup(self) -> None:
        self.seen, self.rest, self.across = 0, b"", 0
        self.rows = b""

    def handle(self) -> None:
        try:
            while self._command():
                pass
        except (_PowerCut, EOFError, OSError):
            return

    def _need(self, count: int) -> None:
        while len(self.rest) < count:
            piece = self.request.recv(4096)
            if not piece:
                raise EOFError
            self.seen += len(piece)
            if self.server.dies_after is not None and self.seen > self.server.dies_after:
                raise _PowerCut
            self.rest += piece

    def _eat(self, count: int) -> bytes:
        self._need(count)
        eaten, self.rest = self.rest[:count], self.rest[count:]
        return eaten

    def _command(self) -> bool:
        head = self._eat(2)
        if head == _ASK_NOW:
            which = self._eat(1)[0]
            cover, paper = 0x04 if self.server.cover_open else 0, 0 if self.server.paper else 0x60
            self._say(0x12 | (cover if which == 2 else paper if which == 4 else 0))
        elif head == _BEGIN:
            self.rows = b""
        elif head == _FEED:
            self._eat(1)
        elif head == _ASK_AFTER:
            self._eat(1)
            self._say(0 if self.server.paper else 0x0C)
        elif (whole := head + self._eat(2)) == _RASTER:
            self.across, high = struct.unpack("<HH", self._eat(4))
            self.rows += self._eat(self.across * high)
        elif whole == _CUT:
            high = len(self.rows) // max(1, self.across)
            self.server.keep(f"P4\n{self.across * 8} {high}\n".encode() + self.rows)
            self.rows = b""
        else:
            raise EOFError  # a real one would print rubbish
        return True

    def _say(self, byte: int) -> None:
        if self.server.answers:
            self.request.sendall(bytes([byte]))


def main() -> None:
    """Run until Ctrl+C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--folder", type=Path, default=Path("slips"))
    given = parser.parse_args()
    with Printer(given.port, given.folder) as printer:
        print(f"{printer.address} → {given.folder}/")
        printer.serve_forever()


if __name__ == "__main__":
    main()
