"""How fast messages leave by mail: the real worker, a real mail server beside it, letters written at a given pace.

    python -m bench.messages [--letters 2000] [--rate 100] [--delay 0] [--connections 8] [--json]

An installation of its own under `var/bench-messages` is made and kept. Letters are written by `tell`, each in a
transaction of its own, `--rate` a second (0: all at once, in one); `motcua worker` delivers the news and sends;
aiosmtpd takes the letters in a third process, after `--delay` milliseconds each, and notes when. Reported: letters
written a second (a busy machine falls behind the pace asked for), letters a second between the first and the last
that arrived, seconds from the commit to the arrival, letters lost and doubled, processor time of the worker for each
letter, its start left out. Goal (issue 5): 100 a second, 95 % within ten seconds.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench-messages"
_WRITERS = 8  # as a web server's threads: one commit waits for the disk while others go on
_PATIENCE = 120.0  # seconds without a letter: the rest is lost


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def serve_mail(port: int, delay: float, told: Connection) -> None:
    """Take letters on `port` and tell who each was for and when it came."""
    from aiosmtpd.controller import Controller

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    class Inbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            if delay:
                await asyncio.sleep(delay)
            told.send((envelope.rcpt_tos[0].split("@")[0], time.time()))
            return "250 OK"

    Controller(Inbox(), hostname="127.0.0.1", port=port).start()
    signal.pause()


def write(letters: int, rate: float) -> dict[str, float]:
    """Write letters at a pace; return when each was committed."""
    from django.db import connection
    from django.utils import timezone

    from motcua.base.jobs.system import as_system
    from motcua.base.notifications.operations.telling import tell

    def one(number: int) -> None:
        tell(
            channel="email", mark=f"bench:{mark}:{number}", subject=f"Hồ sơ H24.12-261129-{number:04} đã có kết quả",
            body="Kính gửi anh/chị,\n\nHồ sơ đã có kết quả. Mời đến nhận tại Trung tâm phục vụ hành chính công.\n",
            address=f"n{number}@example.vn", link="https://motcua.example.vn/tra-cuu", at=timezone.now(),
            heeds_quiet=False,
        )  # fmt: skip

    committed, mark = {}, os.urandom(4).hex()
    if not rate:
        with as_system():
            for number in range(letters):
                one(number)
        return {f"n{number}": time.time() for number in range(letters)}
    began = time.monotonic()

    def keep_pace(first: int) -> None:
        for number in range(first, letters, _WRITERS):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            with as_system():
                one(number)
            committed[f"n{number}"] = time.time()
        connection.close()

    with ThreadPoolExecutor(_WRITERS) as writers:
        list(writers.map(keep_pace, range(_WRITERS)))
    return committed


def _pace(moments: list[float]) -> float:
    """Return how many a second were really written: a busy machine does not keep the pace that was asked for."""
    span = max(moments) - min(moments)
    return round((len(moments) - 1) / span, 1) if span else 0.0


def processor(pid: int) -> float:
    """Return the processor seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _started() -> None:
    """Wait until the worker beats its heart."""
    from django.db import connection

    for _second in range(120):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '5 seconds'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(1)
    raise SystemExit("the worker did not start")


def measure(wanted: argparse.Namespace, port: int) -> dict[str, Any]:
    from motcua.cli.django import ready

    here, there = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.get_context("fork").Process(
        target=serve_mail, args=(port, wanted.delay / 1000, there), daemon=True
    )
    server.start()
    ready()
    worker = subprocess.Popen([sys.executable, "-m", "motcua.cli.main", "worker"], cwd=ROOT)
    try:
        _started()
        before = processor(worker.pid)
        committed = write(wanted.letters, wanted.rate)
        arrived: dict[str, float] = {}
        times: Counter[str] = Counter()
        while len(arrived) < wanted.letters and here.poll(_PATIENCE):
            name, at = here.recv()
            arrived.setdefault(name, at)
            times[name] += 1
        used = processor(worker.pid) - before
    finally:
        worker.send_signal(signal.SIGINT)
        worker.wait(60)
        server.terminate()
    took = sorted(arrived[name] - committed[name] for name in arrived)
    span = max(arrived.values()) - min(arrived.values())
    return {
        "letters": wanted.letters, "rate": wanted.rate, "connections": wanted.connections,
        "written_per_second": _pace(list(committed.values())),
        "per_second": round((len(arrived) - 1) / span, 1),
        "p50_s": round(took[len(took) // 2], 2), "p95_s": round(took[int(len(took) * 0.95)], 2),
        "longest_s": round(took[-1], 2), "within_10_s": round(sum(one <= 10 for one in took) / wanted.letters, 4),
        "lost": wanted.letters - len(arrived), "doubled": sum(times.values()) - len(times),
        "worker_ms": round(used * 1000 / wanted.letters, 2), "load": os.getloadavg()[0],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.messages", description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument(
        "--delay", type=float, default=0, help="milliseconds the mail server takes for a letter"
    )
    parser.add_argument("--connections", type=int, default=8, help="to the mail server at a time")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    port = free_port()
    os.environ |= {
        "MOTCUA_DATA": str(VAR), "MOTCUA_DEMO": "1", "MOTCUA_LOG_LEVEL": "ERROR", "MOTCUA_SMTP_HOST": "127.0.0.1",
        "MOTCUA_SMTP_PORT": str(port), "MOTCUA_SMTP_TLS": "off", "MOTCUA_SMTP_FROM": "motcua@example.vn",
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings", "MOTCUA_MESSAGE_CONNECTIONS": str(wanted.connections),
    }  # fmt: skip
    for name in ("MOTCUA_DATABASE_URL", "MOTCUA_DATABASE_ADMIN_URL"):
        os.environ.pop(name, None)
    VAR.mkdir(parents=True, exist_ok=True)
    from motcua.cli.run import installation

    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=lambda text: print(text, file=sys.stderr))
        found = measure(wanted, port)
    print(
        json.dumps(found) if wanted.json else "\n".join(f"{name:12} {value}" for name, value in found.items())
    )


if __name__ == "__main__":
    main()
