"""The halls that screens look at now: each change is read once and sent, as data, to all screens of its hall.

Nothing is lost between two reads and nothing is sent twice: a screen has its last call, a hall its calls, and what goes
out is what lies between. A screen that is slow, or was away, gets it all in its next message, in order.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from motcua.config import database
from motcua.counters.board import READ, Board

log = logging.getLogger(__name__)
#: A screen says "mất kết nối" when it heard nothing for longer than two of these (seconds).
BEAT = 1.5
#: What is no call may wait so long (seconds) for what comes after it: a number taken makes three news.
CALM = 0.3
Reader = Callable[[Board], Awaitable[dict[str, Any] | None]]


@dataclass(eq=False)
class Screen:
    """One open screen: its hall, its device (0: none, so it cannot be revoked), and the last call it was sent."""

    hall: int
    device: int
    after: int
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    news: bool = False  # the bell rang for a message; otherwise for a sign of life
    revoked: bool = False


@dataclass(eq=False)
class Watched:
    """A hall with open screens."""

    board: Board
    screens: set[Screen] = field(default_factory=set)
    is_read: bool = False
    is_moved: bool = True
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    texts: dict[int, bytes] = field(default_factory=dict)


class Halls:
    """All halls that are watched, and the connection that reads for them."""

    def __init__(self, reader: Reader | None = None) -> None:
        self.watched: dict[int, Watched] = {}
        self.read = reader or self._read
        self.connection: psycopg.AsyncConnection[Any] | None = None
        self.lock = asyncio.Lock()
        self.life = beat()

    def __len__(self) -> int:
        return sum(len(one.screens) for one in self.watched.values())

    def enter(self, screen: Screen) -> None:
        """Add a screen; it gets the hall's state at once where that is known to be of now."""
        watched = self.watched.setdefault(screen.hall, Watched(Board(screen.hall)))
        watched.screens.add(screen)
        if watched.is_read and not watched.is_moved:
            self._tell(watched, screen)
        else:
            self.moved(screen.hall)

    def leave(self, screen: Screen) -> None:
        watched = self.watched.get(screen.hall)
        if watched is None:
            return
        watched.screens.discard(screen)
        if not watched.screens:  # what happens while nobody looks is not followed
            del self.watched[screen.hall]

    def moved(self, hall: int, *, at_once: bool = True) -> None:
        """Read a hall again, if somebody looks at it. Changes that come while it is read make one further reading.

        Not `at_once`: together with what follows within a moment.
        """
        watched = self.watched.get(hall)
        if watched is None:
            return
        watched.is_moved = True
        if at_once:
            watched.hurry.set()
        if watched.task is None or watched.task.done():
            watched.task = asyncio.get_running_loop().create_task(self._follow(watched))

    def all_moved(self) -> None:
        """Read every hall again: the process was deaf for a while."""
        for hall in list(self.watched):
            self.moved(hall)

    async def _follow(self, watched: Watched) -> None:
        while watched.is_moved and watched.screens:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(watched.hurry.wait(), CALM)
            watched.hurry.clear()
            watched.is_moved = False
            try:
                read = await self.read(watched.board)
            except (psycopg.Error, OSError):
                log.warning("live: a hall could not be read; trying again")
                watched.is_moved = True
                watched.hurry.set()
                await asyncio.sleep(1)
                continue
            if read is None:  # no such hall
                return
            watched.board.take(read)
            watched.is_read = True
            watched.texts.clear()
            for screen in watched.screens:
                self._tell(watched, screen)

    def _tell(self, watched: Watched, screen: Screen) -> None:
        screen.revoked = bool(screen.device) and screen.device not in watched.board.devices
        screen.news = True
        screen.bell.set()

    async def beats(self) -> None:
        """Ring for a sign of life on every screen, for ever; it is written once for all of them."""
        while True:
            await asyncio.sleep(BEAT)
            self.life = beat()
            for watched in self.watched.values():
                for screen in watched.screens:
                    screen.bell.set()

    def event(self, screen: Screen) -> bytes:
        """Return what a screen has to be sent now, and count it as sent."""
        watched = self.watched[screen.hall]
        board = watched.board
        first = board.since(screen.after)
        if first not in watched.texts:
            text = json.dumps(board.message(screen.after), ensure_ascii=False, separators=(",", ":"))
            watched.texts[first] = f"id: {board.last}\nevent: hall\ndata: {text}\n\n".encode()
        screen.after = board.last
        return watched.texts[first]

    async def _read(self, board: Board) -> dict[str, Any] | None:
        async with self.lock:
            if self.connection is None or self.connection.closed:
                self.connection = await psycopg.AsyncConnection.connect(
                    database.program_url(), autocommit=True
                )
                self.connection.prepare_threshold = 0
            cursor = await self.connection.execute(READ, board.values)
            row = await cursor.fetchone()
        return row[0] if row else None


def beat() -> bytes:
    """Return the sign of life, with the time of the hall's clock."""
    return (
        f'event: beat\ndata: {{"now":"{datetime.now(UTC).isoformat(timespec="milliseconds")}"}}\n\n'.encode()
    )


REVOKED = b"event: revoked\ndata: {}\n\n"
