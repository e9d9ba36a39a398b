"""Server-sent events for open screens: `GET /events?token=…`.

NOTIFY carries ids, never content: a screen that hears its agency moved reads its list again. An event missed
while a screen was away is found by that same reading, so nothing needs to be kept here.
"""

import asyncio
import contextlib
import json
import logging
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from motcua.config import addresses, database, env
from motcua.lib import stream_tokens as tokens

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)
CHANNEL = "motcua_live"
HEARTBEAT = 15.0
_QUEUE = 100


@dataclass(eq=False)
class Listener:
    """One open screen and the events waiting for it; a screen too slow for them is told to read again."""

    agency: int
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    def offer(self, event: bytes) -> None:
        if self.queue.full():
            with contextlib.suppress(asyncio.QueueEmpty):
                self.queue.get_nowait()
        self.queue.put_nowait(event)


class Hub:
    """All open screens, and the one database connection that hears for them."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.used: dict[str, float] = {}
        self.task: asyncio.Task[None] | None = None
        self.key = env.secret("live")

    def start(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.hear())

    async def hear(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    database.program_url(), autocommit=True
                ) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    async for notice in connection.notifies():
                        self.spread(notice.payload)
            except (psycopg.Error, OSError):
                log.warning("live: the database is away; trying again")
                await asyncio.sleep(1)

    def spread(self, payload: str) -> None:
        try:
            news = json.loads(payload)
        except ValueError:
            return
        event = f"id: {news['id']}\nevent: changed\ndata: {json.dumps({'name': news['name']})}\n\n".encode()
        for listener in self.listeners:
            if listener.agency in {0, news.get("agency"), *news.get("agencies", ())}:
                listener.offer(event)

    def admit(self, token: str) -> Listener:
        claims = tokens.read(token, key=self.key)
        now = float(claims["at"])
        self.used = {nonce: at for nonce, at in self.used.items() if at > now - 2 * tokens.LIFETIME}
        if claims["nonce"] in self.used:
            raise tokens.BadToken("used")
        self.used[claims["nonce"]] = now
        return Listener(agency=int(claims["agency"]))


hub = Hub()
_ORIGINS = {addresses.STAFF_URL.encode(), addresses.PUBLIC_URL.encode()}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] != "http":
        return
    hub.start()
    if scope["path"] == "/health":
        await _answer(send, 200, b"ok\n", [])
        return
    origin = dict(scope["headers"]).get(b"origin", b"")
    cors = [(b"access-control-allow-origin", origin), (b"vary", b"origin")] if origin in _ORIGINS else []
    query = urllib.parse.parse_qs(scope["query_string"].decode())
    try:
        listener = hub.admit(query.get("token", [""])[0])
    except (tokens.BadToken, KeyError, ValueError):
        await _answer(send, 403, b"bad token\n", cors)
        return
    if scope["path"] != "/events" or scope["method"] != "GET":
        await _answer(send, 404, b"", cors)
        return
    hub.listeners.add(listener)
    try:
        await _stream(listener, receive, send, cors)
    finally:
        hub.listeners.discard(listener)


async def _stream(listener: Listener, receive: Receive, send: Send, cors: list[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), *cors]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
    gone = asyncio.ensure_future(_gone(receive))
    try:
        while not gone.done():
            waiting = asyncio.ensure_future(listener.queue.get())
            done, _rest = await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
            )
            if waiting in done:
                body = waiting.result()
            else:
                waiting.cancel()
                body = b": still here\n\n"
            if gone.done():
                return
            await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    plain = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": body})
