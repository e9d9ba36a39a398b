"""A provider on this machine for tests: the demo's own, of which a test bends single answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any

from motcua.cli.demo.identity import Client, Issuer, server
from motcua.clients import http as way_out
from motcua.clients import oidc
from motcua.clients.http import LOOPBACK, Reach

SECRET = "mot bi mat cua thu nghiem"
BACK = "http://localhost/dang-nhap-cong-dan/ve/"
LEVELS = {"urn:motcua:loa:1": 1, "urn:motcua:loa:2": 2}


@contextmanager
def running(kind: type[Issuer] = Issuer, *, back: str = BACK) -> Iterator[tuple[Any, oidc.Provider]]:
    """Run a provider; yield it and our settings for it."""
    oidc.forget()
    way_out.SECONDS = 120  # a busy machine says nothing about the program
    client = Client(SECRET, (back,), ("http://localhost/",))
    http: ThreadingHTTPServer = server(0, lambda address: kind(address, {"motcua": client}))
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    issuer: Issuer = http.issuer  # type: ignore[attr-defined]
    yield issuer, provider_at(issuer.address)
    http.shutdown()
    http.server_close()


def provider_at(address: str, **other: Any) -> oidc.Provider:
    """Return settings for a provider on this machine."""
    host = address.split("//")[1]
    facts = {
        "issuer": address, "client_id": "motcua", "client_secret": SECRET,
        "reach": Reach(frozenset({host}), inside=LOOPBACK), "levels": LEVELS,
        "ask": {1: "urn:motcua:loa:1", 2: "urn:motcua:loa:2"},
    }  # fmt: skip
    return oidc.Provider(**(facts | other))
