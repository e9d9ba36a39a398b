"""The demo's stations: the program of `station/` at two counters, with printers and a scanner that are none.

Every slip is kept as a picture in `printed/quay-<n>/` of the data folder; the scanner always has the same two pages
in its feeder. Runs beside the server (`motcua demo`), until it is stopped.
"""

import importlib
import io
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from motcua.config import env
from motcua.lib.working_time import ZONE

NUMBERS = (1, 2)
_A4 = (1240, 1754)  # 150 dots an inch


def there() -> bool:
    """Tell whether the program of the stations is on this machine: it is in a checkout, not in the package."""
    return (env.ROOT / "station" / "motcua_station").is_dir()


def folder(number: int) -> Path:
    """Return where what a counter's printer printed is kept."""
    return env.data_dir() / "printed" / f"quay-{number}"


def picture(slip: bytes) -> bytes:
    """Return a slip (PBM) as PNG."""
    out = io.BytesIO()
    Image.open(io.BytesIO(slip)).save(out, "PNG")
    return out.getvalue()


def pages() -> list[bytes]:
    """Return the two pages that lie in the scanner (JPEG)."""
    return [_page(number) for number in (1, 2)]


def _page(number: int) -> bytes:
    sheet = Image.new("L", _A4, 255)
    drawn = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(env.ROOT / "motcua/base/printing/fonts/BeVietnamPro_400Regular.ttf", 44)
    drawn.text((120, 140), f"Giấy tờ trình diễn, trang {number}", fill=0, font=font)
    for line in range(18):
        drawn.line((120, 300 + line * 70, 1120 - (line % 4) * 90, 300 + line * 70), fill=90, width=6)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=80, dpi=(150, 150))
    return out.getvalue()


def main() -> None:
    """Run printers, scanner and stations until SIGTERM or Ctrl-C."""
    sys.path.insert(0, str(env.ROOT / "station"))
    config = importlib.import_module("motcua_station.config")
    program = importlib.import_module("motcua_station.main")
    server = importlib.import_module("motcua_station.server")
    stop = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda _number, _frame: stop.set())
    scanner = _scanner()
    threading.Thread(target=scanner.serve_forever, daemon=True).start()
    address = f"http://localhost:{env.integer('MOTCUA_PORT', 8080)}"
    for number in NUMBERS:
        printer = _printer(number)
        threading.Thread(target=printer.serve_forever, daemon=True).start()
        settings = config.Config(
            server=address,
            folder=env.data_dir() / "demo-stations" / f"quay-{number}",
            printer=printer.address,
            scanner=scanner.address if number == NUMBERS[0] else "",
        )
        talk = server.Server(address, config.token(settings.folder))
        threading.Thread(target=program.run, args=(settings, talk, stop), daemon=True).start()
    stop.wait()


def _printer(number: int) -> Any:
    double: Any = importlib.import_module("motcua_station.doubles.printer").Printer

    class Kept(double):  # type: ignore[misc]
        """Keeps each slip as a picture under the moment when it was cut."""

        def keep(self, slip: bytes) -> None:
            folder(number).mkdir(parents=True, exist_ok=True)
            name = datetime.now(ZONE).strftime("%Y%m%d-%H%M%S-%f")
            (folder(number) / f"{name}.png").write_bytes(picture(slip))

    return Kept()


def _scanner() -> Any:
    double: Any = importlib.import_module("motcua_station.doubles.scanner").Scanner

    class Full(double):  # type: ignore[misc]
        """Its feeder is full again whenever somebody asks how it is."""

        @property
        def adf(self) -> str:
            if not self.pages:
                self.pages: list[bytes] = pages()
            return str(super().adf)

    return Full(pages())


if __name__ == "__main__":
    main()
