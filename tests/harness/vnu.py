"""The Nu HTML checker: one long-lived Java process for the whole run, asked over loopback."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request

from tests.harness.programs import VNU, java, npm_file

_START = 180.0  # seconds a cold JVM may take on a busy machine
# Messages that are about our declared choices and not about faults.
_ACCEPTED = (
    "Trailing slash on void elements",
    "The “container-type”",
)


class Checker:
    """Validates HTML texts. Close it when done."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        flags = ["-Xmx384m", "-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        flags.append("-Dnu.validator.servlet.bind-address=127.0.0.1")
        command = [java(), *flags, "-cp", str(npm_file(VNU)), "nu.validator.servlet.Main", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + _START
        while time.monotonic() < end:
            try:
                self.faults(
                    "<!doctype html><html lang=vi><head><title>x</title></head><body><p>x</p></body></html>"
                )
                return
            except (urllib.error.URLError, ConnectionError):
                if self.process.poll() is not None:
                    raise RuntimeError("the HTML checker ended while starting") from None
                time.sleep(0.25)
        self.close()
        raise RuntimeError("the HTML checker did not start")

    def faults(self, html: str) -> list[str]:
        """Return errors and warnings as "line: message"."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/?out=json",
            data=html.encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            messages = json.load(answer)["messages"]
        return [
            f"{one.get('lastLine', '?')}: {one['message']}"
            for one in messages
            if (one["type"] == "error" or one.get("subType") == "warning")
            and not any(text in one["message"] for text in _ACCEPTED)
        ]

    def close(self) -> None:
        """End the Java process."""
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
