"""`motcua init` and `motcua serve` on an empty folder, as processes: addresses, the link, and a quick stop."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from motcua.cli.run.processes import free_port
from tests.long.program import ROOT

pytestmark = pytest.mark.long

ASKED = (
    *(
        "--province",
        "UBND tỉnh Thử",
        "--province-code",
        "H24",
        "--agency",
        "UBND xã Thử",
        "--agency-code",
        "H24.12",
    ),
    *("--address", "Số 1", "--hours", "07:30-11:30 13:30-17:00", "--hours-source", "QĐ 1"),
    *("--admin-login", "truong", "--admin-name", "Hà Thị Trưởng"),
)


def _status(port: int, host: str, path: str) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        return int(connection.recv(4096).split(b" ", 2)[1])


def test_an_empty_folder_becomes_an_installation(tmp_path: Path) -> None:
    port = free_port(20080)
    kept = {
        key: text
        for key, text in os.environ.items()
        if not key.startswith(("MOTCUA_", "PG", "DJANGO_", "PYTEST"))
    }
    environment = kept | {
        "MOTCUA_DATA": str(tmp_path), "MOTCUA_PORT": str(port), "MOTCUA_LIVE_PORT": str(free_port(port + 1)),
        "MOTCUA_WORKERS": "1",
    }  # fmt: skip
    motcua = [sys.executable, "-m", "motcua.cli.main"]
    made = subprocess.run(
        [*motcua, "init", *ASKED, "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    facts = json.loads(made.stdout)
    assert facts["offered"] == 11 and facts["addresses"]["staff"] == f"http://canbo.localhost:{port}"
    away = subprocess.run(
        [*motcua, "agency", "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert away.returncode == 3 and "motcua serve" in away.stderr

    log = tmp_path / "serve.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [*motcua, "serve"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 200
        while "Ctrl-C" not in log.read_text():
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.2)
        said = log.read_text()
        assert f"http://localhost:{port}" in said and f"http://canbo.localhost:{port}" in said
        path = re.sub(r"^http://[^/]+", "", facts["link"])
        assert _status(port, "canbo.localhost", path) == 200 and _status(port, "localhost", "/thu-tuc") == 200
        listed = subprocess.run(
            [*motcua, "agency", "list", "--json"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert [row["code"] for row in json.loads(listed.stdout)] == ["H24", "H24.12"]

        half = socket.create_connection(("127.0.0.1", port))  # a client that never finishes its request
        half.sendall(b"GET /suc-khoe HTTP/1.1\r\nHost: loc")
        time.sleep(0.5)
        begun = time.monotonic()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0 and time.monotonic() - begun < 7
        half.close()
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
            server.wait(60)
