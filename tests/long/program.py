"""The whole program as one installs it, in a folder of its own: started, killed without warning, started again."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from motcua.cli.run.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
_DEMO = """
import subprocess, sys
from motcua.cli.run import installation
with installation.only_one(), installation.database_ready():
    installation.prepare_program(say=print)
    if sys.argv[1] != "0":
        subprocess.run([sys.executable, "-m", "motcua.cli.main", "demo", "load", "--dossiers", sys.argv[1]], check=True)
    sys.exit(installation.serve(host="127.0.0.1", strict_ports=True, ready=lambda: print("up", flush=True)))
"""


@dataclass
class Program:
    """One installation. `start` is what `motcua demo` does, with two dossiers instead of sixty, or none of the demo."""

    data: Path
    environment: dict[str, str]
    port: int
    dossiers: int = 2
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self, seconds: float = 600) -> None:
        """Start everything and wait until the program says that it is up."""
        begun = time.monotonic()
        log = self.data / "program.log"
        before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _DEMO, str(self.dossiers)], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        while time.monotonic() - begun < seconds:
            text = log.read_bytes()[before:]
            if b"\nup\n" in b"\n" + text:
                self.starts.append(time.monotonic() - begun)
                return
            assert self.process.poll() is None, text.decode(errors="replace")[-3000:]
            time.sleep(0.1)
        raise AssertionError(f"not up after {seconds} s\n{log.read_text(errors='replace')[-3000:]}")

    def family(self) -> list[int]:
        """Return every process of this installation: the supervisor, all its descendants, and PostgreSQL's."""
        assert self.process is not None
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except (OSError, IndexError):
                    continue
        found = {self.process.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in found} - found
            if not more:
                return sorted(found)
            found |= more

    def kill(self) -> int:
        """kill -9 of everything at once, PostgreSQL included; return how many processes fell."""
        assert self.process is not None
        family = self.family()
        for pid in family:  # stopped first, so that no supervisor sees its children fall and acts
            _send(pid, signal.SIGSTOP)
        for pid in family:
            _send(pid, signal.SIGKILL)
        self.process.wait(30)
        deadline = time.monotonic() + 30
        # Until nothing of them is left, not even a zombie: PostgreSQL takes one for another server on its folder.
        while time.monotonic() < deadline and any((Path("/proc") / str(pid)).exists() for pid in family):
            time.sleep(0.05)
        assert not [pid for pid in family if _lives(pid)]
        return len(family)

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()

    def motcua(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "motcua.cli.main", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip

    def driver(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the clients: a process of their own, which nobody kills."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.long.driver", *arguments], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def get(self, address: str, host: str, seconds: float = 30) -> tuple[int, float]:
        """Ask for one page over a connection of its own; return status and seconds taken."""
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            request = f"GET {address} HTTP/1.1\r\nHost: {host}:{self.port}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return int(answer.split(b" ", 2)[1]), time.monotonic() - begun


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _lives(pid: int) -> bool:
    """A zombie that waits for its parent to look is dead."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


@contextmanager
def installed(fill: Callable[[dict[str, str]], None] | None = None) -> Iterator[Program]:
    """Install into a temporary folder, or start from what `fill` puts there, and run; all is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="motcua-kill-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        port = free_port(20_000 + random.randrange(10_000))  # see harness/live.py
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("MOTCUA_", "PG", "PYTEST"))
        }
        environment = kept | {
            "MOTCUA_DATA": str(data), "MOTCUA_DEMO": "1", "MOTCUA_PORT": str(port),
            "MOTCUA_LIVE_PORT": str(free_port(port + 1)), "MOTCUA_PLAIN_STATIC": "1", "MOTCUA_LOG_LEVEL": "ERROR",
            "MOTCUA_WORKERS": "1", "MOTCUA_THREADS": "16", "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        }  # fmt: skip
        if fill:
            fill(environment)
        program = Program(data, environment, port, dossiers=0 if fill else 2)
        try:
            program.start()
            yield program
        finally:
            program.stop()


def journal(path: Path) -> list[dict[str, str]]:
    """Read what clients wrote down; a last line that was cut off does not count as acknowledged."""
    if not path.exists():
        return []
    lines = path.read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines]
