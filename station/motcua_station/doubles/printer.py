"""A receipt printer that is none: takes ESC/POS on TCP, keeps every slip that was cut as a picture (PBM).

    python -m motcua_station.doubles.printer --port 9100 --folder slips

It answers DLE EOT 1 to 4 at once and GS r in its turn, as printers do. It may be out of paper (`paper = False`), open,
near its end, have a stuck cutter or an error, be mute (`answers = False`), or lose its power after so many bytes
(`dies_after`). After so many rows of a slip it may run out of paper (`paper_for`) or be opened (`closed_for`): then it
stands still, answers only DLE EOT, and once somebody put that right (`mended`) prints what it still holds. `torn` are
pieces without an end.
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
        self.near_end, self.cutter_stuck, self.error = False, False, False
        self.dies_after: int | None = None
        self.paper_for: int | None = None
        self.closed_for: int | None = None
        self.torn: list[bytes] = []
        self.mended = threading.Event()
        self.cut = threading.Condition()

    @property
    def address(self) -> str:
        """What stands in the station's settings."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"

    @property
    def standing(self) -> bool:
        """Whether it takes nothing in until somebody comes."""
        return not self.paper or self.cover_open

    def said(self, which: int) -> int:
        """Answer DLE EOT: the fixed bits 1 and 4, and what is true."""
        paper = (0 if self.paper else 0x60) | (0x0C if self.near_end else 0)
        offline = (0x04 if self.cover_open else 0) | (0 if self.paper else 0x20) | (0x40 if self.error else 0)
        error = (0x08 if self.cutter_stuck else 0) | (0x20 if self.error else 0)
        return 0x12 | {1: 0x08 if offline else 0, 2: offline, 3: error, 4: paper}.get(which, 0)

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
            self._say(self.server.said(self._eat(1)[0]))
        elif head == _BEGIN:
            self.rows = b""
        elif head == _FEED:
            self._eat(1)
        elif head == _ASK_AFTER:
            self._eat(1)
            self._say(0 if self.server.paper else 0x0C)
        elif (whole := head + self._eat(2)) == _RASTER:
            self.across, high = struct.unpack("<HH", self._eat(4))
            for _row in range(high):
                self.rows += self._eat(self.across)
                self._trouble()
        elif whole == _CUT:
            high = len(self.rows) // max(1, self.across)
            self.server.keep(f"P4\n{self.across * 8} {high}\n".encode() + self.rows)
            self.rows = b""
        else:
            raise EOFError  # a real one would print rubbish
        return True

    def _trouble(self) -> None:
        """After a row: the roll may end or somebody open the cover; wait, answering questions, until that is mended."""
        server, done = self.server, len(self.rows) // self.across
        if server.paper_for is not None and done >= server.paper_for:
            server.paper, server.paper_for = False, None
        if server.closed_for is not None and done >= server.closed_for:
            server.cover_open, server.closed_for = True, None
        if not server.standing:
            return
        server.torn.append(self.rows)
        self.request.settimeout(0.05)
        while server.standing:
            if server.mended.is_set():
                server.paper, server.cover_open = True, False
            try:
                piece = self.request.recv(4096)
            except TimeoutError:
                continue
            if not piece:  # who sent it is gone; what is held is printed all the same
                server.mended.wait(10)
                server.paper, server.cover_open = True, False
                break
            for place in range(len(piece) - 2):
                if piece.startswith(_ASK_NOW, place):  # in real time, before what waits
                    self._say(server.said(piece[place + 2]))
            self.rest += piece if not piece.startswith(_ASK_NOW) else b""
        self.request.settimeout(None)

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
