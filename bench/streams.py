"""Screens without a browser: they listen to a hall as `boards/board.js` does, and write down what came when."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import uuid4

from motcua.lib import stream_tokens


@lru_cache(16)
def _read(event: bytes) -> dict[str, Any]:
    """Return the state in an event; screens that were sent the same share it: 300 would measure themselves."""
    state: dict[str, Any] = json.loads(event.partition(b"data: ")[2])
    return state


@dataclass
class Listening:
    """One screen: the calls it was sent in the order in which they came, with the moment (`time.time()`)."""

    port: int
    hall: int
    key: bytes
    device: int = 0
    last: int = -1  # -1: nothing yet; what the first message holds was before this screen
    calls: list[tuple[int, float]] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    revoked: bool = False
    status: int = 0
    writer: asyncio.StreamWriter | None = None

    async def listen(self) -> None:
        """Listen until the stream ends or is cut."""
        claims = {"hall": self.hall, "device": self.device, "nonce": uuid4().hex}
        token = stream_tokens.make(claims, key=self.key)
        after = f"&after={self.last}" if self.last >= 0 else ""
        reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        self.writer.write(
            f"GET /events?token={token}{after} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode()
        )
        try:
            await self._follow(reader)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            self.cut()  # also when it is cancelled: the server would wait for it

    async def _follow(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1])
        text = b""
        while self.status == 200:
            size = int(await reader.readuntil(b"\r\n"), 16)
            chunk = await reader.readexactly(size + 2)
            if not size:
                break
            text += chunk[:-2]
            *whole, text = text.split(b"\n\n")
            now = time.time()
            for event in whole:
                self._take(event, now)

    def _take(self, event: bytes, now: float) -> None:
        if event.startswith(b"event: beat"):
            self.beats.append(now)
            return
        self.revoked |= event.startswith(b"event: revoked")
        if not event.startswith(b"id: "):
            return
        if self.state and event.startswith(b"id: %d\n" % self.last):
            return  # no new call
        self.state = _read(event)
        if self.last >= 0:
            self.calls += [(one["call"], now) for one in self.state["calls"] if one["call"] > self.last]
        self.last = self.state["last"]

    def cut(self) -> None:
        """Pull the cable."""
        if self.writer is not None and self.writer.transport is not None:
            self.writer.transport.abort()
