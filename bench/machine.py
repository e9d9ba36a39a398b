"""The running product, started as `motcua serve` starts it, and the processor time each part of it takes."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.place import ROOT, VAR
from motcua.cli.run.processes import _with_parent

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cpu:
    """Processor seconds so far: web workers, PostgreSQL, the background worker, the whole machine's busy time, the
    live process."""

    web: float
    postgres: float
    worker: float
    machine: float
    live: float = 0.0

    def since(self, before: "Cpu") -> "Cpu":
        return Cpu(
            self.web - before.web,
            self.postgres - before.postgres,
            self.worker - before.worker,
            self.machine - before.machine,
            self.live - before.live,
        )


def _stat(pid: str) -> tuple[str, float, float]:
    """Return (parent, own seconds, seconds of ended children) of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return fields[1], own / TICK, children / TICK


class Product:
    """`motcua serve` on the data under var/bench."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.log = (VAR / "serve.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "motcua.cli.main", "serve"],
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=_with_parent,
        )

    def wait(self, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if "đang chạy" in (VAR / "serve.log").read_text():
                return
            time.sleep(0.2)
        raise SystemExit("motcua serve did not start:\n" + (VAR / "serve.log").read_text()[-2000:])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def cpu(self) -> Cpu:
        parents: dict[str, tuple[str, float, float]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[entry.name] = _stat(entry.name)
                except (OSError, IndexError):
                    continue
        top = str(self.process.pid)
        sums = {"web": 0.0, "postgres": 0.0, "worker": 0.0, "live": 0.0}
        for pid in parents:
            kind = self._kind(pid, parents, top)
            if kind:
                _parent, own, ended = parents[pid]
                sums[kind] += own + (ended if kind == "postgres" else 0.0)
        busy = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        machine = (sum(busy) - busy[3] - busy[4]) / TICK
        return Cpu(sums["web"], sums["postgres"], sums["worker"], machine, sums["live"])

    def _kind(self, pid: str, parents: dict[str, tuple[str, float, float]], top: str) -> str:
        """Tell which part of the product a process belongs to: by the child of `motcua serve` above it."""
        child = pid
        while child in parents and parents[child][0] != top:
            child = parents[child][0]
            if child in ("0", "1"):
                return ""
        if child not in parents:
            return ""
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
        if "postgres" in words and "granian" not in words:
            return "postgres"
        if "motcua.config.wsgi" in words:
            return "web"
        if "motcua.live.app" in words:
            return "live"
        return "worker" if "worker\0" in words else ""


def facts() -> dict[str, object]:
    """What a reader needs to judge the figures."""
    model = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ""
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "cores": os.cpu_count(),
        "processor": model.rpartition(":")[2].strip(),
        "load_before": os.getloadavg(),
        "commit": commit.stdout.strip(),
    }


def show(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
