"""Clients over HTTP: wrk where it is installed, otherwise sixteen plain sockets in a process of their own."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

CLIENTS = 16


@dataclass(frozen=True)
class Load:
    """What the clients saw: answers, refused or broken ones, seconds, and waiting times in milliseconds."""

    requests: int
    bad: int
    seconds: float
    p50: float
    p95: float
    maker: str

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


_LUA = """
local file = io.open("%(file)s", "rb")
local text = file:read("*a")
file:close()
local requests, at, count = {}, 1, 0
while at <= #text do
  local stop = text:find("\\n", at, true)
  local size = tonumber(text:sub(at, stop - 1))
  count = count + 1
  requests[count] = text:sub(stop + 1, stop + size)
  at = stop + size + 1
end
math.randomseed(os.time())
request = function() return requests[math.random(count)] end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
local seen = 0
bad = 0
response = function(status, headers, body) if status ~= 200 then bad = bad + 1 end end
done = function(summary, latency, requests)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("bad") end
  local e = summary.errors
  io.write(string.format('\\nRESULT {"requests": %%d, "bad": %%d, "seconds": %%.3f, "p50": %%.3f, "p95": %%.3f}\\n',
    summary.requests, wrong + e.connect + e.read + e.write + e.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3))
end
"""


def request(method: str, path: str, host: str, *, cookie: str = "", body: str = "") -> bytes:
    """Return one HTTP/1.1 request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept-Encoding: identity"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def run(port: int, requests: list[bytes], seconds: float) -> Load:
    """Send `requests`, drawn at random, from sixteen clients for `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_bytes(b"".join(b"%d\n%s" % (len(one), one) for one in requests))
        if shutil.which("wrk"):
            return _wrk(port, file, seconds)
        return _sockets(port, file, seconds)


def _wrk(port: int, file: Path, seconds: float) -> Load:
    script = file.with_suffix(".lua")
    script.write_text(_LUA % {"file": file})
    command = [
        "wrk",
        "-t",
        "1",
        "-c",
        str(CLIENTS),
        "-d",
        f"{int(seconds)}s",
        "--timeout",
        "30s",
        "-s",
        str(script),
    ]
    result = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
    )
    line = next(line for line in result.stdout.splitlines() if line.startswith("RESULT "))
    return Load(**json.loads(line.removeprefix("RESULT ")), maker="wrk")


def _sockets(port: int, file: Path, seconds: float) -> Load:
    command = [sys.executable, "-m", "bench.load", str(port), str(file), str(seconds)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return Load(**json.loads(result.stdout))


def one(port: int, message: bytes) -> tuple[int, bytes]:
    """Send one request; return status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(message)
        return _answer(connection)


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _sep, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), None)
    if length is None:
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(connection)
    else:
        while len(body) < length:
            body += _more(connection)
    return int(lines[0].split(" ")[1]), body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise OSError("connection closed")
    return part


def _main(port: int, file: Path, seconds: float) -> None:
    text, requests = file.read_bytes(), []
    while text:
        size, _sep, text = text.partition(b"\n")
        requests.append(text[: int(size)])
        text = text[int(size) :]
    waits: list[float] = []
    bad = [0]
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        place = number * 997
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            while time.perf_counter() < end:
                place += 1
                started = time.perf_counter()
                connection.sendall(requests[place % len(requests)])
                status, _body = _answer(connection)
                waits.append((time.perf_counter() - started) * 1000)
                bad[0] += status != 200

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits.sort()
    took = time.perf_counter() - started
    result = Load(len(waits), bad[0], took, waits[len(waits) // 2], waits[len(waits) * 95 // 100], "sockets")
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
