"""A few requests at a time in each process: more threads at work than that only take the interpreter from each other.

A web worker has many threads because most of them wait: for bodies, for a lock, for a file. When all of them
compute at once every answer of the database ends in a switch of threads, and all pages become slower than one
after the other. So a request takes its turn before the view. The wait for it is short and bounded: when the turns
are held by requests that wait for something themselves, the next one goes ahead all the same.
"""

import threading
from collections import deque
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from motcua.config.bodies import is_arriving

PATIENCE = 0.4  # seconds


class Turns:
    """So many turns, given in the order in which they were asked for. (A semaphore lets newcomers pass.)"""

    def __init__(self, number: int) -> None:
        self.free = number
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    def take(self, patience: float) -> bool:
        """Wait for a turn; False when none came within `patience` seconds."""
        with self._lock:
            if self.free:
                self.free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=patience):
            return True
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was given at the last moment

    def give_back(self) -> None:
        """Hand the turn to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self.free += 1


class TurnsMiddleware:
    """Let `settings.TURNS` requests compute at a time; nobody waits longer than `PATIENCE`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.turns = Turns(settings.TURNS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # One that will wait for its body has another place for that (`config.bodies`).
        if is_arriving(request) or not self.turns.take(PATIENCE):
            return self.get_response(request)
        try:
            return self.get_response(request)
        finally:
            self.turns.give_back()
