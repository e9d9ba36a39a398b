"""Slow senders: a request whose body has not come in yet may hold only some of the threads, never all.

granian hands a body over as it arrives and gives no way to stop waiting for it: `read` of its body waits inside
the server without a time limit, and the socket stays out of reach. So a sender who sends one byte a second
holds a thread until they leave. What can be bounded is how many threads stand like that: half of them for
large bodies (files), three quarters for bodies of any size. The rest always serves pages. Whoever finds no
place is told at once to send again, which upload.js does by itself. Cutting slow senders off is the proxy's
work (docs/how-to/install.md).
"""

import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, UnreadablePostError
from django.shortcuts import render

LARGE = 64 * 1024
RETRY_AFTER = 5  # seconds


class Place:
    """A held place among those who are still sending; given back once, as soon as the last byte is there."""

    def __init__(self, *bounds: threading.Semaphore) -> None:
        self.bounds: list[threading.Semaphore] = list(bounds)

    def free(self) -> None:
        while self.bounds:
            self.bounds.pop().release()


class Arriving:
    """The body of a request, counted while the view reads it."""

    def __init__(self, stream: Any, length: int, place: Place) -> None:
        self.stream, self.left, self.place = stream, length, place

    def read(self, *arguments: int, **named: int) -> bytes:
        return self._count(self.stream.read(*arguments, **named))

    def readline(self, *arguments: int, **named: int) -> bytes:
        return self._count(self.stream.readline(*arguments, **named))

    def _count(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left <= 0 or not data:
            self.place.free()
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class BodiesMiddleware:
    """Give each arriving body a place, or turn it away before a byte of it is waited for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.large = threading.BoundedSemaphore(max(1, settings.THREADS // 2))
        self.any = threading.BoundedSemaphore(max(1, settings.THREADS * 3 // 4))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _announced(request)
        if not length:
            return self.get_response(request)
        place = self._take(length)
        if place is None:
            response = render(request, "ui/errors/busy.html", status=503)
            response.headers["Retry-After"] = str(RETRY_AFTER)
            return response
        # Where Django keeps the unread body; the forms and the upload handler read it from here.
        request._stream = Arriving(request._stream, length, place)  # type: ignore[assignment]
        try:
            if length <= LARGE:  # a form: it is waited for here, before it is anyone's turn (`config.turns`)
                try:
                    request.body  # noqa: B018  (reads it to its end)
                except UnreadablePostError:  # the sender left half-way: nobody is there to be answered
                    return HttpResponseBadRequest()
            return self.get_response(request)
        finally:
            place.free()

    def _take(self, length: int) -> Place | None:
        place = Place()
        for bound in (self.any, self.large) if length > LARGE else (self.any,):
            if not bound.acquire(blocking=False):
                place.free()
                return None
            place.bounds.append(bound)
        return place


def is_arriving(request: HttpRequest) -> bool:
    """Tell whether the view will still have to wait for the body of a request."""
    stream = getattr(request, "_stream", None)
    return isinstance(stream, Arriving) and stream.left > 0


def _announced(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdigit() else 0
