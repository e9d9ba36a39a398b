"""The live process: who is let in, how often, how long; and that it knows the real sites."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from motcua.lib import stream_tokens
from motcua.live import app as live

ORIGIN = b"http://canbo.localhost:8080"


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(live.hub, "start", lambda: None)
    live.hub.used.clear()
    yield
    live.hub.listeners.clear()


def _ticket(**claims: Any) -> str:
    now = claims.pop("now", None)
    return stream_tokens.make({"agency": 7, "nonce": "n", **claims}, key=live.hub.key, now=now)


def _ask(
    query: bytes, *, path: str = "/events", method: str = "GET", origin: bytes = ORIGIN
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "headers": [(b"origin", origin)],
        "query_string": query,
    }

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    # In a thread of its own: a browser test that ran before leaves a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asyncio.wait_for(live.app(scope, receive, send), 5)).result()
    return sent


def _status(answer: list[dict[str, Any]]) -> int:
    return int(answer[0]["status"])


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.2)
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)


def test_a_ticket_opens_one_stream(short: None) -> None:
    query = f"token={_ticket()}".encode()
    assert _status(_ask(query)) == 200
    assert _status(_ask(query)) == 403, "used once"


def test_a_stream_ends_so_that_a_session_that_ended_gets_no_new_one(short: None) -> None:
    answer = _ask(f"token={_ticket()}".encode())
    assert answer[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert live.hub.listeners == set()


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"token=",
        b"token=a.b",
        b"token=%ff%fe",
        b"\xff\xfe",
        b"token=" + b"A" * 5000,
    ],
)
def test_what_is_no_ticket_opens_nothing(query: bytes) -> None:
    assert _status(_ask(query)) == 403


def test_an_old_one_a_future_one_and_a_forged_one_open_nothing() -> None:
    import time

    for moment in (time.time() - stream_tokens.LIFETIME - 1, time.time() + 60):
        assert _status(_ask(f"token={_ticket(now=moment)}".encode())) == 403
    forged = stream_tokens.make({"agency": 7, "nonce": "n"}, key=b"x" * 32)
    assert _status(_ask(f"token={forged}".encode())) == 403


def test_a_ticket_is_not_used_up_by_another_address(short: None) -> None:
    query = f"token={_ticket()}".encode()
    assert _status(_ask(query, path="/other")) == 404
    assert _status(_ask(query, method="POST")) == 404
    assert _status(_ask(query)) == 200


def test_too_many_screens_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 1)
    live.hub.listeners.add(live.Listener(agency=1))
    assert _status(_ask(f"token={_ticket()}".encode())) == 503


def test_only_our_own_pages_may_read_the_stream(short: None) -> None:
    headers = dict(_ask(f"token={_ticket()}".encode())[0]["headers"])
    assert headers[b"access-control-allow-origin"] == ORIGIN
    foreign = dict(_ask(f"token={_ticket(nonce='m')}".encode(), origin=b"https://evil.test")[0]["headers"])
    assert b"access-control-allow-origin" not in foreign


def test_news_reach_the_agency_they_are_of_and_no_other() -> None:
    own, other = live.Listener(agency=7), live.Listener(agency=8)
    live.hub.listeners.update({own, other})
    live.hub.spread('{"id": 1, "name": "dossiers.moved", "agency": 7, "agencies": []}')
    assert own.queue.qsize() == 1 and other.queue.empty()


def test_the_live_process_knows_the_sites_of_this_installation() -> None:
    """It read the demo's addresses, so that no page of a real installation could listen."""
    code = "from motcua.live import app; print(sorted(one.decode() for one in app._ORIGINS))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"MOTCUA_PUBLIC_HOST": "motcua.test", "MOTCUA_DATA": str(live.env.data_dir()), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['https://canbo.motcua.test', 'https://motcua.test']"
