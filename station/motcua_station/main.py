"""The command: pair once, then pull jobs until it is stopped. What it says is for the people at the counter."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from motcua_station import __version__, config
from motcua_station.config import BadConfig, Config
from motcua_station.server import Lost, NotPaired, Offline, Refused, Server
from motcua_station.work import Worker

log = logging.getLogger("motcua-station")
_LONGEST_PAUSE = 15.0


def main(arguments: list[str] | None = None) -> int:
    """Run the station; 2 for bad settings, 0 when it was stopped."""
    parser = argparse.ArgumentParser(prog="motcua-station", description="Trạm in và quét ở quầy.")
    parser.add_argument("--config", type=Path, default=Path("station.toml"), help="tệp cấu hình (TOML)")
    parser.add_argument("--once", action="store_true", help="làm hết các việc đang chờ rồi thôi")
    parser.add_argument("--version", action="version", version=__version__)
    given = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s", datefmt="%d/%m %H:%M:%S"
    )
    try:
        settings = config.read(given.config)
        server = Server(settings.server, config.token(settings.folder), ca=settings.ca)
    except BadConfig as fault:
        print(fault, file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"Không dùng được thư mục của trạm: {fault}.", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    run(settings, server, stop, once=given.once)
    return 0


def run(settings: Config, server: Server, stop: threading.Event, *, once: bool = False) -> None:
    """Pull and do jobs until `stop`; with `once` until none waits."""
    worker = Worker(settings, server, stop)
    pause, away = 0.0, False
    while not stop.wait(pause):
        try:
            job, pause = server.next(settings.can)
        except NotPaired:
            _pair(server, stop)
            continue
        except (Offline, Refused) as fault:
            if not away:
                log.info("%s Trạm tự thử lại.", fault)
            away, pause = True, min(max(pause, 1.0) * 2, _LONGEST_PAUSE)
            continue
        if away:
            log.info("Đã nối lại máy chủ.")
            away = False
        if job is None:
            if once:
                return
            continue
        log.info("Nhận việc %s.", "in" if job.kind == "print" else "quét")
        try:
            log.info("%s", worker.do(job))
        except (Offline, NotPaired, Lost):
            log.info("Chưa báo được máy chủ; lần sau báo tiếp.")


def _pair(server: Server, stop: threading.Event) -> None:
    """Show the letters until an officer typed them."""
    shown, pause = "", 0.0
    while not stop.wait(pause):
        try:
            said = server.pair()
        except Offline as fault:
            log.info("%s", fault)
            pause = _LONGEST_PAUSE
            continue
        except (NotPaired, Lost, Refused) as fault:
            log.info("Không ghép được trạm: %s", fault)
            pause = _LONGEST_PAUSE
            continue
        if said.get("paired"):
            log.info("Đã ghép: %s, %s, %s.", said.get("name"), said.get("place"), said.get("counter"))
            return
        letters = str(said.get("letters", ""))
        if letters != shown:
            log.info("Mã ghép trạm: %s. Nhập mã này ở trang Thiết bị của sảnh.", letters)
            shown = letters
        pause = float(said.get("pause", 3))


if __name__ == "__main__":
    sys.exit(main())
