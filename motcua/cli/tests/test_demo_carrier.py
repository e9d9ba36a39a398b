"""The demo's provider of text messages: what it takes shows on its page, and its reports reach the site."""

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone

from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import sending, telling
from motcua.base.notifications.operations.telling import Word
from motcua.cli.demo import carrier
from motcua.clients import http
from motcua.config import env, providers

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(settings: Any) -> Iterator[carrier.Server]:
    """The provider on a port of its own; its calls reach the site in this process, held back until asked for."""
    made = carrier.server(0, carrier.Carrier("", ""))
    settings.PROVIDERS = providers.demo(made.server_address[1])
    secret = settings.PROVIDERS.sms[0].reports.secret
    web = Client(HTTP_HOST=conf.PUBLIC_HOST)

    def call(address: str) -> int:
        parts = urlsplit(address)
        return web.get(f"{parts.path}?{parts.query}").status_code

    back = f"http://x/bao-tin/ve/sms/demo?{urlencode({'khoa': secret})}"
    made.carrier = carrier.Carrier(secret, back, seconds=3600, call=call)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_telephone_that_is_off_is_reported_and_the_letter_follows(
    running: carrier.Server, settings: Any
) -> None:
    settings.MAIL = True
    with time_machine.travel(timezone.localtime().replace(hour=12), tick=False):
        at = timezone.now()
        for number, phone in enumerate(("0912345678", "0912345000")):
            telling.reach(
                words=[Word("sms", phone, f"<b>Tin {number}</b>"), Word("email", "lan@example.vn", "x", "Tin")],
                mark=str(number), at=at,
            )  # fmt: skip
        assert sending.send_channel("sms", at=at) == 2
        running.carrier.report("demo-1", True)
        running.carrier.report("demo-2", False)
    found = Message.objects.order_by("mark", "place").values_list("state", "fate")
    assert list(found) == [("sent", "delivered"), ("dropped", ""), ("sent", "undelivered"), ("waiting", "")]
    port = running.server_address[1]
    page = http.ask("GET", f"http://127.0.0.1:{port}/").body.decode()
    assert (
        "&lt;b&gt;Tin 1" in page
        and "<b>" not in page
        and "0912345000" not in page
        and "84912345000" not in page
    )
    assert http.ask("GET", f"http://127.0.0.1:{port}/x").status == 404
    assert http.ask("POST", f"http://127.0.0.1:{port}/", body="{", headers={"X-Key": "x"}).status == 401


def test_it_exists_in_the_demo_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DEMO_CARRIER", "8070")
    assert providers.read().sms[0].name == "demo"
    monkeypatch.setenv("MOTCUA_DEMO", "0")
    with pytest.raises(env.BadSetting, match="demo only"):
        providers.read()
    with pytest.raises(SystemExit, match="demo only"):
        carrier.main()
