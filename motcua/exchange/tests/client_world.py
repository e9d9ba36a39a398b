"""A client of the special zone's, and a caller that speaks to the interface as a program does."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base.files.tests import corpus
from motcua.dossiers.tests.intake_world import BIRTH, NUMBER, World
from motcua.exchange.models import Client, Scope
from motcua.exchange.operations import clients
from motcua.exchange.operations.clients import ClientFacts
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

API = "/api/v1/"


@dataclass
class Caller:
    """One program with its secret; `token` is got at the first call."""

    client: Client
    secret: str
    token: str = ""

    def get_token(self, **form: str) -> Any:
        data = {
            "grant_type": "client_credentials", "client_id": self.client.system, "client_secret": self.secret, **form
        }  # fmt: skip
        return browser().post(f"{API}token", "&".join(f"{k}={v}" for k, v in data.items()),
                              content_type="application/x-www-form-urlencoded")  # fmt: skip

    def headers(self, key: str = "", **more: str) -> dict[str, str]:
        if not self.token:
            self.token = self.get_token().json()["access_token"]
        return {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {}), **more}

    def get(self, path: str, **headers: str) -> Any:
        return browser().get(f"{API}{path}", headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        wanted = self.headers(uuid4().hex if key is None else key, **headers)
        return browser().post(f"{API}{path}", text, content_type="application/json", headers=wanted)

    def upload(self, content: bytes | None = None, name: str = "to-khai.pdf") -> Any:
        file = SimpleUploadedFile(name, corpus.pdf() if content is None else content)
        return browser().post(f"{API}uploads", {"file": file}, headers=self.headers())


def browser() -> Browser:
    return Browser(HTTP_HOST="localhost", raise_request_exception=True)


def register(world: World, system: str = "cong-dvc", **values: Any) -> Caller:
    """Register a program that may do everything with the special zone's dossiers, and give it a secret."""
    now = timezone.now()
    facts = {
        "name": "Cổng dịch vụ công (thử)", "owner": "Văn phòng", "contact": "Nguyễn Văn Thử, 0900 000 000",
        "agencies": (world.home.pk,), "scopes": tuple(Scope.values), "only_own": False,
        "expires_on": timezone.localdate(now) + timedelta(days=100), **values,
    }  # fmt: skip
    set_database_actor(SYSTEM)
    client = clients.register(system=system, facts=ClientFacts(**facts), actor=SYSTEM, at=now, key="")
    _row, secret = clients.new_secret(client_id=client.pk, keep_hours=0, actor=SYSTEM, at=now, key="")
    return Caller(client, secret)


def submission(**values: Any) -> dict[str, Any]:
    """A birth registration as a portal sends it."""
    return {
        "procedure": BIRTH, "agency": "H24.12", "channel": "online", "pressed_by": {"kind": "applicant"},
        "applicant": {
            "kind": "person", "full_name": "Phạm Thị Hương Giang", "personal_id": NUMBER, "phone": "0912345678",
        },
        "papers": [{"name": "Tờ khai đăng ký khai sinh"}], **values,
    }  # fmt: skip


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The program as a server calls it, less the signals by which Django closes the connection of a test."""
    response = _handler().get_response(WSGIRequest(environ))
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return [body]
