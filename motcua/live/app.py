"""Server-sent events for open screens: `GET /events?token=…`.

NOTIFY carries ids, never content: a screen that hears its agency moved reads its list again. An event missed
while a screen was away is found by that same reading, so nothing needs to be kept here. Screens of a hall are the
exception: what they show is read here once and sent to all of them (`halls`).
"""

import asyncio
import contextlib
import json
import logging
import random
import time
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from motcua.config import addresses, database, env
from motcua.lib import stream_tokens as tokens
from motcua.live.halls import REVOKED, Halls, Screen, beat

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)
CHANNEL = "motcua_live"
HEARTBEAT = 15.0
#: After so long a screen has to ask for a new ticket, which only a session that still lives gets.
LONGEST = 300.0
#: More open screens than this are turned away: each holds memory here.
MOST = 5000
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
        self.halls = Halls()
        self.hears = False
        self.used: dict[str, float] = {}
        self.task: asyncio.Task[None] | None = None
        self.pulse: asyncio.Task[None] | None = None
        self.key = env.secret("live")

    def start(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.hear())
            self.pulse = asyncio.get_running_loop().create_task(self.halls.beats())

    async def hear(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    database.program_url(), autocommit=True
                ) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    self.hears = True
                    self.halls.all_moved()
                    async for notice in connection.notifies():
                        self.spread(notice.payload)
            except (psycopg.Error, OSError):
                log.warning("live: the database is away; trying again")
            self.hears = False  # screens of halls get no sign of life now: they say that they are cut off
            await asyncio.sleep(1)

    def spread(self, payload: str) -> None:
        try:
            news = json.loads(payload)
        except ValueError:
            return
        for topic in news.get("topics", ()):
            kind, _colon, number = topic.partition(":")
            if kind == "hall":
                self.halls.moved(int(number), at_once=news["name"] == "counters.called")
        event = f"id: {news['id']}\nevent: changed\ndata: {json.dumps({'name': news['name']})}\n\n".encode()
        for listener in self.listeners:
            if listener.agency in {0, news.get("agency"), *news.get("agencies", ())}:
                listener.offer(event)

    def admit(self, token: str, after: str = "") -> Listener | Screen:
        claims = tokens.read(token, key=self.key)
        now = float(claims["at"])
        self.used = {nonce: at for nonce, at in self.used.items() if at > now - 2 * tokens.LIFETIME}
        if claims["nonce"] in self.used:
            raise tokens.BadToken("used")
        self.used[claims["nonce"]] = now
        if "hall" in claims:
            number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else -1
            return Screen(hall=int(claims["hall"]), device=int(claims.get("device", 0)), after=number)
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
    known = origin in _ORIGINS or addresses.is_screen(origin.decode("latin-1"))
    cors = [(b"access-control-allow-origin", origin), (b"vary", b"origin")] if known else []
    if scope["path"] != "/events" or scope["method"] != "GET":
        await _answer(send, 404, b"", cors)
        return
    if len(hub.listeners) + len(hub.halls) >= MOST:
        await _answer(send, 503, b"too many screens\n", cors)
        return
    try:
        query = urllib.parse.parse_qs(scope["query_string"].decode())
        listener = hub.admit(query.get("token", [""])[0], query.get("after", [""])[0])
    except (tokens.BadToken, KeyError, ValueError):
        await _answer(send, 403, b"bad token\n", cors)
        return
    if isinstance(listener, Screen):
        await _show(listener, receive, send, cors)
        return
    hub.listeners.add(listener)
    try:
        await _stream(listener, receive, send, cors)
    finally:
        hub.listeners.discard(listener)


async def _begin(send: Send, cors: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # nginx would hold events back
        *cors,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _show(screen: Screen, receive: Receive, send: Send, cors: list[tuple[bytes, bytes]]) -> None:
    """Send a hall's state to one of its screens, now and whenever it changes, and signs of life between.

    A screen costs one future a message: `Halls` rings all bells, for news and for signs of life.
    """
    gone = asyncio.ensure_future(_gone(receive))
    gone.add_done_callback(lambda _task: screen.bell.set())
    until = time.monotonic() + LONGEST * random.uniform(0.8, 1)  # noqa: S311  (300 screens do not come back at once)
    hub.halls.enter(screen)
    try:
        await _begin(send, cors, b"retry: 1000\n\n" + beat())
        while time.monotonic() < until:
            await screen.bell.wait()
            screen.bell.clear()
            if gone.done():
                return
            if screen.revoked:
                await send({"type": "http.response.body", "body": REVOKED, "more_body": False})
                return
            if screen.news:
                screen.news = False
                await send({"type": "http.response.body", "body": hub.halls.event(screen), "more_body": True})
            elif hub.hears:
                await send({"type": "http.response.body", "body": hub.halls.life, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        hub.halls.leave(screen)
        gone.cancel()


async def _stream(listener: Listener, receive: Receive, send: Send, cors: list[tuple[bytes, bytes]]) -> None:
    await _begin(send, cors, b"retry: 3000\n\n")
    gone = asyncio.ensure_future(_gone(receive))
    until = time.monotonic() + LONGEST
    try:
        while not gone.done() and time.monotonic() < until:
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
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    plain = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": body})
