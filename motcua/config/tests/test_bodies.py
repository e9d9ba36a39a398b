"""Places for arriving bodies: how many there are, when they are given back, what the others are told."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from motcua.config.bodies import LARGE, BodiesMiddleware, is_arriving

THREADS = 4  # two places for large bodies, three for any


class Held:
    """A view that stays in the middle of its requests: each stands here until it is let go on."""

    def __init__(self) -> None:
        self.inside: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.inside.append(request)
        if request.headers.get("X-Read"):
            request.body  # noqa: B018  (reads it to its end)
        following = request.META.pop("following", None)
        return following() if following else HttpResponse("ok")


class Trickling(io.BytesIO):
    """A body during whose arrival something else happens."""

    def __init__(self, data: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(data)
        self.meanwhile: Callable[[], object] | None = meanwhile

    def read(self, size: int | None = -1, /) -> bytes:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return super().read(size)


@pytest.fixture
def gate() -> BodiesMiddleware:
    with override_settings(THREADS=THREADS):
        return BodiesMiddleware(Held())  # type: ignore[arg-type]


def sent(length: int, **more: Any) -> HttpRequest:
    data = b"x" * length
    request = RequestFactory().post("/", data, content_type="application/octet-stream", **more)
    request.META["wsgi.input"] = io.BytesIO(data)
    return request


def nested(gate: BodiesMiddleware, lengths: list[int], **more: Any) -> list[int]:
    """Send requests while the ones before them are still being answered; return the statuses, first one first."""
    statuses: list[int] = []

    def go(rest: list[int]) -> HttpResponse:
        if rest:
            request = sent(rest[0], **more)
            request.META["following"] = lambda: go(rest[1:])
            if 0 < rest[0] <= LARGE:  # a form is waited for before the view
                following = request.META.pop("following")
                request._stream = Trickling(b"x" * rest[0], following)  # type: ignore[attr-defined]
            response = gate(request)
            statuses.insert(0, response.status_code)
        return HttpResponse("ok")

    go(lengths)
    return statuses


def test_large_bodies_take_half_and_leave_the_rest_to_forms(gate: BodiesMiddleware) -> None:
    big = LARGE + 1
    assert nested(gate, [big, big, big]) == [200, 200, 503]
    assert nested(gate, [big, big, 10]) == [200, 200, 200]
    assert nested(gate, [10, 10, 10, 10]) == [200, 200, 200, 503]


def test_a_page_without_a_body_always_finds_its_way(gate: BodiesMiddleware) -> None:
    assert nested(gate, [10, 10, 10, 0, 0]) == [200, 200, 200, 200, 200]


def test_a_body_that_is_there_holds_no_place(gate: BodiesMiddleware) -> None:
    """Work on a body that came in is a thread's own affair; only waiting for one is bounded."""
    assert nested(gate, [LARGE + 1] * 6, HTTP_X_READ="1") == [200] * 6


def test_a_form_has_come_in_whole_before_its_view_begins(gate: BodiesMiddleware) -> None:
    began: list[bool] = []
    gate.get_response = lambda request: began.append(is_arriving(request)) or HttpResponse()  # type: ignore[func-returns-value]
    gate(sent(10))
    gate(sent(LARGE + 1))
    assert began == [False, True]


def test_places_come_back_whatever_the_view_does(gate: BodiesMiddleware) -> None:
    def broken(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError("planted")

    gate.get_response = broken  # type: ignore[assignment]
    for _time in range(2 * THREADS):
        with pytest.raises(RuntimeError):
            gate(sent(LARGE + 1))
    gate.get_response = Held()  # type: ignore[assignment]
    assert nested(gate, [LARGE + 1] * 2) == [200, 200]


def test_whoever_is_turned_away_is_told_what_is_safe_and_what_to_do(gate: BodiesMiddleware) -> None:
    answers: list[HttpResponse] = []
    request = sent(10)
    for _place in range(THREADS * 3 // 4):
        gate.any.acquire()
    answers.append(gate(request))
    text = answers[0].content.decode()
    assert "chưa được ghi lại" in text and "gửi lại" in text
    assert answers[0].headers["Retry-After"]


def test_a_sender_who_leaves_half_way_is_no_fault_of_ours(gate: BodiesMiddleware) -> None:
    class Gone(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("connection reset")

    request = sent(10)
    request._stream = Gone()  # type: ignore[assignment]
    assert gate(request).status_code == 400
    assert gate.get_response.inside == []  # type: ignore[attr-defined]
    assert nested(gate, [LARGE + 1] * 2) == [200, 200], "the place was given back"
