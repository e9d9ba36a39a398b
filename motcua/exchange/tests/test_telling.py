"""Changes and webhooks: nothing missed, nothing told to others, nothing called inside our network, one dead receiver."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.base.outbox.models import Message
from motcua.base.outbox.operations import deliver
from motcua.clients import http
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import intake
from motcua.dossiers.tests.intake_world import World
from motcua.exchange.models import Change, Delivery, Webhook
from motcua.exchange.operations import telling
from motcua.exchange.tests.client_world import API, Caller, browser, register
from motcua.exchange.tests.test_dossiers import as_system, submitted

pytestmark = pytest.mark.sql
EVENTS = ["dossier.submit", "dossier.accept"]


class Receiver:
    """A real receiver on this machine: keeps what came, answers what it is told to."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status, self.headers = 204, {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/nhan-tin?x=1"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = "127.0.0.0/8"
    found = Receiver()
    yield found
    found.server.shutdown()


def news() -> None:
    """Let the worker hand over what is in the outbox."""
    as_system()
    Message.objects.filter(delivered_at=None).update(
        next_try_at=timezone.now() - timedelta(days=1)
    )  # same transaction
    while deliver(subscriptions=SUBSCRIPTIONS):
        pass


def subscribed(caller: Caller, url: str, events: list[str] | None = None) -> dict[str, Any]:
    answer = caller.post("webhooks", {"url": url, "events": events or EVENTS})
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def told(caller: Caller, query: str = "after=0") -> list[tuple[str, str]]:
    return [(one["code"], one["event"]) for one in caller.get(f"changes?{query}").json()["items"]]


def accept(world: World, code: str) -> None:
    as_system()
    dossier = Dossier.objects.get(code=code)
    intake.accept(dossier_id=dossier.pk, actor=world.actor("minh"), at=timezone.now(), key=uuid4().hex)


def test_changes_are_read_in_order_and_none_twice(world: World, caller: Caller) -> None:
    stranger = register(world, "he-thong-khac", agencies=(world.neighbour.pk,))
    start = timezone.now()
    code = submitted(caller)["code"]
    news()
    accept(world, code)
    news()
    news()
    assert told(caller) == [(code, "dossier.submit"), (code, "dossier.accept")]
    first = caller.get("changes?limit=1").json()
    assert first["more"] is True
    assert told(caller, f"after={first['after']}") == [(code, "dossier.accept")]
    assert len(told(caller, f"since={start.isoformat().replace('+', '%2B')}")) == 2
    later = (timezone.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert told(caller, f"since={later}") == []
    assert told(stranger) == []
    # News is heard at least once: the second time changes nothing.
    as_system()
    row = Change.objects.get(event="dossier.submit")
    telling.note_change({"subject_id": str(row.dossier_id), "at": row.at.isoformat()}, "submit")
    assert Change.objects.count() == 2
    for query in (
        "after=-1",
        "after=x",
        "after=1&since=2026-01-01T00:00:00Z",
        "since=2026-01-01T00:00:00",
        "limit=0",
    ):
        assert caller.get(f"changes?{query}").status_code == 422, query


def test_a_receiver_is_told_signed_and_can_check_it(world: World, caller: Caller, receiver: Receiver) -> None:
    hook = subscribed(caller, receiver.url)
    code = submitted(caller)["code"]
    news()
    assert telling.deliver_due(now=timezone.now) == 1
    headers, body = receiver.came[0]
    said = json.loads(body)
    assert (said["type"], said["data"]["code"], said["data"]["status"]) == ("dossier.submit", code, 1)
    assert "Giang" not in body.decode()
    key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    log = caller.get(f"webhooks/{hook['id']}/deliveries").json()["items"]
    assert log[0]["answer_status"] == 204 and log[0]["delivered_at"]
    # A new secret signs from now on; a trial comes on request.
    fresh = caller.post(f"webhooks/{hook['id']}/secret").json()["secret"]
    assert fresh != hook["secret"]
    assert caller.post(f"webhooks/{hook['id']}/trial").status_code == 202
    telling.deliver_due(now=timezone.now)
    assert json.loads(receiver.came[1][1])["type"] == "trial"
    gone = browser().delete(f"{API}webhooks/{hook['id']}", headers=caller.headers())
    assert gone.status_code == 204
    accept(world, code)
    news()
    assert telling.deliver_due(now=timezone.now) == 0
    assert caller.get(f"webhooks/{hook['id']}").status_code == 404


def test_nobody_is_told_of_what_they_may_not_see(world: World, caller: Caller, receiver: Receiver) -> None:
    stranger = register(world, "he-thong-khac", agencies=(world.neighbour.pk,))
    narrow = register(world, "chi-cua-minh", only_own=True)
    for one in (stranger, narrow):
        subscribed(one, receiver.url)
    code = submitted(caller)["code"]
    news()
    assert not Delivery.objects.exists()
    own = submitted(narrow, applicant={"kind": "person", "full_name": "Lê An", "no_paper_reason": "Thử"})[
        "code"
    ]
    news()
    assert [one.body["data"]["code"] for one in Delivery.objects.all()] == [own] != [code]


def test_a_thousand_messages_to_a_dead_receiver_hold_up_nobody(caller: Caller, receiver: Receiver) -> None:
    dead, alive = subscribed(caller, "http://127.0.0.1:9/x"), subscribed(caller, receiver.url)
    now = timezone.now()
    rows = [
        Delivery(webhook_id=dead["id"], event="trial", body={"n": n}, created_at=now) for n in range(1000)
    ]
    Delivery.objects.bulk_create(rows)
    caller.post(f"webhooks/{alive['id']}/trial")
    clock = [timezone.now()]

    def tick() -> datetime:
        return clock[0]

    began = time.monotonic()
    assert telling.deliver_due(now=tick) == 2
    assert time.monotonic() - began < 5
    assert len(receiver.came) == 1
    state = caller.get(f"webhooks/{dead['id']}").json()
    assert (state["state"], state["waiting"]) == ("failing", 1000)
    tries = 1
    while not Webhook.objects.get(pk=dead["id"]).stopped_at:
        clock[0] += timedelta(minutes=30)
        tries += telling.deliver_due(now=tick)
        assert tries < 60
    assert Delivery.objects.filter(attempts__gt=0, webhook_id=dead["id"]).count() == 1
    assert caller.get(f"webhooks/{dead['id']}").json()["state"] == "stopped"
    clock[0] += timedelta(days=1)
    assert telling.deliver_due(now=tick) == 0
    resumed = caller.post(f"webhooks/{dead['id']}/resume").json()
    assert resumed["state"] == "ok"
    clock[0] = timezone.now() + timedelta(seconds=1)
    assert telling.deliver_due(now=tick) == 1


def test_redirects_are_not_followed_and_gone_is_gone(caller: Caller, receiver: Receiver) -> None:
    hook = subscribed(caller, receiver.url)
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1:9/"}
    caller.post(f"webhooks/{hook['id']}/trial")
    telling.deliver_due(now=timezone.now)
    assert caller.get(f"webhooks/{hook['id']}").json()["last_error"] == "HTTP 302"
    receiver.status, receiver.headers = 410, {}
    caller.post(f"webhooks/{hook['id']}/resume")
    telling.deliver_due(now=timezone.now)
    assert caller.get(f"webhooks/{hook['id']}").json()["state"] == "stopped"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/x", "https://10.0.0.1/", "https://192.168.1.1/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/", "https://0.0.0.0/", "https://2130706433/",
        "https://0x7f.1/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
        "https://224.0.0.1/", "http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "https://a:b@1.1.1.1/",
        "https://1.1.1.1/ x", "https://1.1.1.1\\@127.0.0.1/", "https://1.1.1.1:99999/", "https://1.1.1.1/#x",
        "https://khong-co.invalid/", "javascript:alert(1)", "https://", "https://1.1.1.1/\r\nX: y",
    ],
)  # fmt: skip
def test_no_address_leads_inside(caller: Caller, url: str) -> None:
    answer = caller.post("webhooks", {"url": url, "events": EVENTS})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_webhook_url"), answer.content


def test_a_name_that_turns_inside_is_not_called(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is looked up at each call, and the call goes where the look-up led."""
    public = http.target_of("https://1.1.1.1/x", reach=http.Reach())
    assert (public.address, public.port, public.path) == ("1.1.1.1", 443, "/x")
    hook = subscribed(caller, "https://1.1.1.1/x")
    Webhook.objects.filter(pk=hook["id"]).update(url="https://127.0.0.1/x")  # as a name that changed
    caller.post(f"webhooks/{hook['id']}/trial")
    telling.deliver_due(now=timezone.now)
    assert caller.get(f"webhooks/{hook['id']}").json()["last_error"] == "not called: private"


def test_webhooks_that_are_none(caller: Caller, receiver: Receiver) -> None:
    wrong = caller.post("webhooks", {"url": receiver.url, "events": ["dossier.issue", "dossier.nothing"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/events/1")
    assert "dossier.nothing" in wrong.json()["detail"]
    assert caller.post("webhooks", {"url": receiver.url, "events": []}).status_code == 422
    subscribed(caller, receiver.url)
    twice = caller.post("webhooks", {"url": receiver.url, "events": EVENTS})
    assert (twice.status_code, twice.json()["code"]) == (409, "webhook_exists")
    for n in range(9):
        subscribed(caller, f"{receiver.url}&n={n}")
    more = caller.post("webhooks", {"url": f"{receiver.url}&n=10", "events": EVENTS})
    assert (more.status_code, more.json()["code"]) == (409, "too_many_webhooks")
