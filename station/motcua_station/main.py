"""The command: pair once, then pull jobs until it is stopped. What it says is for the people at the counter."""

import argparse
import logging
import signal
import sys
import threading
import time
from pathlib import Path

from motcua_station import __version__, check, config, scanners
from motcua_station.config import BadConfig, Config
from motcua_station.scanning import Ability
from motcua_station.server import Lost, NotPaired, Offline, Refused, Revoked, Server
from motcua_station.trouble import Trouble
from motcua_station.work import Worker

log = logging.getLogger("motcua-station")
_LONGEST_PAUSE = 15.0
_LOOK_AGAIN, _LOOK_SOON = 900.0, 60.0  # seconds between two looks at what the scanner has


def main(arguments: list[str] | None = None) -> int:
    """Run the station; 2 for bad settings, 1 where `--check` found something wrong, 0 when it was stopped."""
    parser = argparse.ArgumentParser(
        prog="motcua-station", description="Trạm in và quét ở quầy: in số, nhãn hồ sơ, quét giấy tờ cho Motcua.",
        epilog="Lần đầu: chạy --check, sửa chỗ HỎNG, rồi chạy trạm, nhập mã nó hiện ở trang Thiết bị của sảnh.",
        add_help=False,
    )  # fmt: skip
    parser.add_argument("-h", "--help", action="help", help="hiện trợ giúp này")
    parser.add_argument("--config", type=Path, default=Path("station.toml"), help="tệp cấu hình (TOML)")
    parser.add_argument("--once", action="store_true", help="làm hết các việc đang chờ rồi thôi")
    parser.add_argument(
        "--check",
        action="store_true",
        help="xem mạng, đồng hồ, việc ghép, máy in, máy quét; nói chỗ nào hỏng",
    )
    parser.add_argument("--version", action="version", version=__version__, help="phiên bản")
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
    if given.check:
        return _check(settings, server)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        with config.alone(settings.folder):
            run(settings, server, stop, once=given.once)
    except BadConfig as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


def _check(settings: Config, server: Server) -> int:
    wrong = 0
    for finding in check.everything(settings, server):
        print(finding, flush=True)
        wrong += finding.good is False
    print("Mọi thứ dùng được." if not wrong else f"{wrong} chỗ cần sửa.")
    return 1 if wrong else 0


def run(settings: Config, server: Server, stop: threading.Event, *, once: bool = False) -> None:
    """Pull and do jobs until `stop`; with `once` until none waits."""
    worker, sight = Worker(settings, server, stop), Sight(settings)
    pause, away = 0.0, False
    while not stop.wait(pause):
        try:
            job, pause = server.next(settings.can, sight.ability)
        except NotPaired:
            _pair(settings, server, stop)
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


class Sight:
    """What the scanner has, asked for beside the work: one that is off keeps nobody waiting, and is asked again."""

    def __init__(self, settings: Config) -> None:
        self.settings, self.known, self.next_look = settings, None, 0.0
        self.looking: threading.Thread | None = None

    known: Ability | None

    @property
    def ability(self) -> Ability | None:
        """What was last heard; None until the scanner answered once."""
        idle = self.looking is None or not self.looking.is_alive()
        if self.settings.scanner and idle and time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + (_LOOK_AGAIN if self.known else _LOOK_SOON)
            self.looking = threading.Thread(target=self._look, daemon=True)
            self.looking.start()
        return self.known

    def _look(self) -> None:
        try:
            self.known = scanners.ability(self.settings)
        except Trouble as trouble:
            if self.known is None:
                log.info("%s", trouble)


def _pair(settings: Config, server: Server, stop: threading.Event) -> None:
    """Show the letters until an officer typed them."""
    shown, pause = "", 0.0
    while not stop.wait(pause):
        try:
            said = server.pair()
        except Offline as fault:
            log.info("%s", fault)
            pause = _LONGEST_PAUSE
            continue
        except Revoked:
            log.info("Trạm đã bị gỡ khỏi sảnh; xin mã ghép mới.")
            server.token = config.token(settings.folder, fresh=True)
            pause = 0.0
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
