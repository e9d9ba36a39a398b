"""The public look-up's own way through the server: the same answers and headers, nothing that looks for a session."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from motcua.config import short_way
from motcua.config.wsgi import application
from tests.security.test_tracking import lacking


@pytest.fixture(autouse=True)
def same_connection() -> Iterator[None]:
    """The test's transaction is not the server's to close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(method: str, *, body: bytes = b"", host: str = settings.PUBLIC_HOST, path: str = "/tra-cuu") -> Any:
    """Return a request as the web server hands it over."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": host,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": BytesIO(),
    }


def answered(handler: Any, environ: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    seen: list[Any] = []
    response = handler(environ, lambda status, headers, _fault=None: seen.extend((status, dict(headers))))
    body = b"".join(response)
    response.close()
    return seen[0], seen[1], body


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("GET", b"", "200"),
        ("POST", b"code=H24.12-260101-0001&secret=K7M2PX", "404"),
        ("POST", b"code=%00&secret=%00", "40"),
        ("HEAD", b"", "200"),
    ],
)
def test_both_ways_answer_alike(db: None, method: str, body: bytes, status: str) -> None:
    short = answered(application.short, ask(method, body=body))
    long = answered(application.every, ask(method, body=body))
    long[1].pop("Vary")  # of the session, which the short way does not look at
    assert short == long
    assert short[0].startswith(status)

    class Headers:
        headers = short[1]

    assert lacking(Headers()) == []


def test_only_the_look_up_on_the_public_host_goes_short() -> None:
    assert short_way.goes_short(ask("GET"))
    assert short_way.goes_short(ask("POST", host=f"{settings.PUBLIC_HOST}:8080"))
    assert not short_way.goes_short(ask("GET", host=settings.STAFF_HOST))
    assert not short_way.goes_short(ask("GET", path="/thu-tuc"))
    assert not short_way.goes_short(ask("GET", path="/tra-cuu/"))


def test_what_it_leaves_out_is_there_to_be_left_out() -> None:
    """A middleware that was renamed or taken away would otherwise come back on this way unseen."""
    assert set(settings.MIDDLEWARE) >= short_way.LEFT_OUT
    assert "motcua.config.middleware.PolicyMiddleware" not in short_way.LEFT_OUT


def test_a_middleware_added_to_the_settings_holds_here_too() -> None:
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Stamp"]):
        stamped = answered(short_way.ShortHandler(), ask("GET"))
    assert stamped[1]["X-Stamp"] == "here"
    assert "X-Stamp" not in answered(application.short, ask("GET"))[1]


class Stamp:
    """A middleware of tomorrow."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        response = self.get_response(request)
        response.headers["X-Stamp"] = "here"
        return response


def test_a_fault_on_the_short_way_is_told_like_every_fault(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.dossiers import tracking

    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(tracking, "by_code", broken)
    status, headers, body = answered(application.short, ask("POST", body=b"code=x&secret=y"))
    assert status.startswith("500") and "planted" not in body.decode()
    assert "mc-" in body.decode() and headers["Cache-Control"] == "no-store"
