"""The processes around the database: started together, restarted when one falls, stopped in order."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_QUICK_DEATHS = 5  # restarts within a minute after which we give up and say so
_LOOK = 0.25  # seconds between two looks at a child that is asked to stop
_QUIET = 8  # looks in a row without work after which a child that lingers is ended


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """Return `wanted` or the next free port.

    granian binds with SO_REUSEPORT, so a forgotten older server would silently share the port and answer
    half the requests: the check is a plain bind, which such a server makes fail.
    """
    for port in range(wanted, wanted + 200):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no free port from {wanted} on")


_held: list[socket.socket] = []


def hold(port: int) -> bool:
    """Keep a port from other installations of this machine until this process ends; False when one has it.

    The server binds it seconds after it was found free, and would share it with another one that found it then. The
    claim is a name of the kernel's, which goes with the process.
    """
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0motcua-port-{port}")
    except OSError:
        claim.close()
        return False
    _held.append(claim)
    return True


def is_free(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _with_parent() -> None:
    os.setsid()  # Ctrl-C in the terminal reaches the supervisor alone, which stops us in order
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process that has to run: its command, and when it was last started.

    `works` tells whether it still does something that may not be lost. Without work it may not hold up the stop:
    granian waits for a client that never finishes its request, and there will always be one.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    works: Callable[[], bool] | None = None
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts = [moment for moment in self.starts if moment > time.monotonic() - 60]
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(
            self.command, env=self.environment, preexec_fn=_with_parent, stdin=subprocess.DEVNULL
        )

    def stop(self, seconds: float = 10) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        deadline, quiet = time.monotonic() + seconds, 0
        while time.monotonic() < deadline and quiet < _QUIET:
            try:
                self.process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                quiet = quiet + 1 if self.works is not None and not self.works() else 0
            else:
                return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)


class Stopping(Exception):
    """Somebody asked us to stop."""


def run(children: list[Child], *, ready: Callable[[], None]) -> int:
    """Run until asked to stop; return the exit code. A child that falls is started again."""

    def ask(number: int, frame: object) -> None:
        raise Stopping

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    try:
        for child in children:
            child.start()
        ready()
        while True:
            time.sleep(0.3)
            for child in children:
                if child.process is not None and child.process.poll() is not None:
                    _restart(child)
    except Stopping:
        return 0
    except GaveUp as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        for child in children:
            child.stop()


class GaveUp(Exception):
    """A process falls again and again."""


def _restart(child: Child) -> None:
    assert child.process is not None
    print(
        f"{child.name} ended with {child.process.returncode}; starting it again", file=sys.stderr, flush=True
    )
    if len([moment for moment in child.starts if moment > time.monotonic() - 60]) >= _QUICK_DEATHS:
        raise GaveUp(f"{child.name} does not stay up; the lines above say why. Stopping everything.")
    child.start()
