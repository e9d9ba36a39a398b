"""A few requests at a time in each process: more threads at work than that only take the interpreter from each other.

A web worker has many threads because most of them wait: for bodies, for a lock, for a file. When all of them
compute at once every answer of the database ends in a switch of threads, and all pages become slower than one
after the other. So a request takes its turn before the view. The wait for it is short and bounded: when the turns
are held by requests that wait for something themselves, the next one goes ahead all the same.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from motcua.config.bodies import is_arriving

PATIENCE = 0.25  # seconds


class TurnsMiddleware:
    """Let `settings.TURNS` requests compute at a time; nobody waits longer than `PATIENCE`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.free: SimpleQueue[bool] = SimpleQueue()
        for _turn in range(settings.TURNS):
            self.free.put(True)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_arriving(request):  # it will wait for its body, and has another place for that
            return self.get_response(request)
        try:
            self.free.get(timeout=PATIENCE)
        except Empty:
            return self.get_response(request)
        try:
            return self.get_response(request)
        finally:
            self.free.put(True)
