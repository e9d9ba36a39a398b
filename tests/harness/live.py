"""The real product for browser journeys: granian and the live process, a database of their own, the demo loaded."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page

from motcua.cli.run import pytest_plugin
from motcua.cli.run.installation import wait_until_answers
from motcua.cli.run.processes import free_port
from motcua.config.database import PROGRAM_ROLE

HOST = "127.0.0.1"
THREADS = 16  # the product's default
_GRANIAN = [sys.executable, "-m", "granian", "--host", HOST, "--log-level", "error", "--no-ws"]


@dataclass(frozen=True)
class LiveSite:
    """Addresses of a running installation, and its people's log-ins."""

    public: str
    staff: str
    files: str
    environment: dict[str, str]

    def motcua(self, *arguments: str) -> str:
        """Run the command line against this installation and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "motcua.cli.main", *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (
            f"motcua {' '.join(arguments)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        )
        return done.stdout

    def password(self, name: str) -> str:
        return str(
            json.loads((Path(self.environment["MOTCUA_DATA"]) / "demo-passwords.json").read_text())[name]
        )

    def log_in(self, page: Page, name: str) -> None:
        """Log a demo officer in through the real pages: password, then the code of the authenticator."""
        page.goto(f"{self.staff}/dang-nhap/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", self.password(name))
        page.click("main button:not([hidden])")
        page.fill("[name=code]", self.motcua("user", "totp", name, "--demo").strip().split()[-1])
        page.click("main button:not([hidden])")
        page.wait_for_url(f"{self.staff}/")


def start_web(environment: dict[str, str], port: int, *, threads: int = THREADS) -> subprocess.Popen[bytes]:
    """Start one web worker as `motcua serve` does."""
    wsgi = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", str(threads)]
    command = [*_GRANIAN, *wsgi, "motcua.config.wsgi:application"]
    return subprocess.Popen(command, env=environment | {"MOTCUA_THREADS": str(threads)})


@contextmanager
def running(*, dossiers: int) -> Iterator[LiveSite]:
    """Bring an installation up with its own database and data folder, and take it down again."""
    name, work = f"live_{uuid4().hex[:12]}", Path(tempfile.mkdtemp(prefix="motcua-live-"))
    pytest_plugin._sql(f"create database {name} template {pytest_plugin.TEMPLATE}")
    # granian shares its port with whoever else binds it so: two runs that look from the same number on at the
    # same moment would answer each other's requests.
    web = free_port(20_000 + random.randrange(10_000))
    live = free_port(web + 1)
    program = replace(pytest_plugin.cluster.address(PROGRAM_ROLE, pytest_plugin._PASSWORD), name=name)
    environment = {
        **{key: text for key, text in os.environ.items() if not key.startswith("MOTCUA_")},
        "MOTCUA_DATABASE_URL": program.url(), "MOTCUA_DATA": str(work), "MOTCUA_DEMO": "1",
        "MOTCUA_PORT": str(web), "MOTCUA_LIVE_PORT": str(live), "MOTCUA_PLAIN_STATIC": "1",
        "MOTCUA_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }  # fmt: skip
    site = LiveSite(
        f"http://localhost:{web}", f"http://canbo.localhost:{web}", f"http://tep.localhost:{web}", environment
    )
    processes: list[subprocess.Popen[bytes]] = []
    try:
        site.motcua("demo", "load", "--dossiers", str(dossiers))
        asgi = ["--interface", "asginl", "--port", str(live), "motcua.live.app:app"]
        processes += [start_web(environment, web), subprocess.Popen([*_GRANIAN, *asgi], env=environment)]
        wait_until_answers(web, HOST, 120)
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        pytest_plugin._sql(f"drop database if exists {name} with (force)")
        shutil.rmtree(work, ignore_errors=True)
