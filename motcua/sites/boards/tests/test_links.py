"""A prepared device is taken by its short address: once, within its days, by one press."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.counters.machines import COOKIE
from motcua.counters.models import Device, Knock
from motcua.counters.operations import device_links, devices, knocks
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.boards.tests.conftest import Screens


def prepared(screens: Screens, kind: str = "hall", counter: int | None = None) -> Device:
    desk = screens.hall.counters[counter].pk if counter is not None else None
    asked: dict[str, Any] = {"kind": kind, "name": f"Màn {kind}", "counter_id": desk}
    return device_links.prepare(
        hall_id=screens.hall.hall.pk, actor=SYSTEM, at=timezone.now(), key=uuid4().hex, **asked
    )


def browser() -> Client:
    return Client(headers={"host": "localhost"})


def address(device: Device) -> str:
    return f"/man-hinh/ghep/{device_links.code_of(device, timezone.now())}/"


def test_one_press_makes_a_browser_the_device_and_uses_the_address_up(screens: Screens) -> None:
    device, first, second = prepared(screens), browser(), browser()
    link = address(device)
    page = first.get(link)
    assert page.status_code == 200 and "Màn hall" in page.content.decode() and COOKIE not in first.cookies
    assert second.get(link).status_code == 200, "looking at it uses nothing up"
    assert first.post(link).headers["Location"] == "/man-hinh/sanh/"
    assert first.cookies[COOKIE]["httponly"] and first.get("/man-hinh/sanh/").status_code == 200
    assert first.get(link).headers["Location"] == "/man-hinh/sanh/", "the device itself may open it again"
    late = second.post(link)
    assert late.status_code == 404 and "đã dùng" in late.content.decode() and COOKIE not in second.cookies
    assert Device.objects.count() == 1

    device.refresh_from_db()
    assert second.post(address(device)).status_code == 302, (
        "a new address moves the device to another browser"
    )
    assert first.get("/man-hinh/sanh/").headers["Location"] == "/man-hinh/"


def test_an_address_is_good_for_its_day_and_the_next(screens: Screens) -> None:
    device, now = prepared(screens, "counter", 0), timezone.now()
    code = device_links.code_of(device, now)
    assert device_links.find(f" {code.lower()} ", now + timedelta(days=1)) == device
    for bad, at in ((code, now + timedelta(days=2)), (code[:-1], now), (f"{device.pk}-", now), ("", now),
                    ("٣-" + "A" * 10, now), ("9" * 30 + "-" + "A" * 10, now), (f"{device.pk}-ế", now)):  # fmt: skip
        with pytest.raises(NotFound):
            device_links.find(bad, at)
    devices.revoke(device_id=device.pk, actor=SYSTEM, at=now, key=uuid4().hex)
    with pytest.raises(NotFound):
        device_links.find(code, now)


def test_what_pairing_refuses_is_refused_here_too(screens: Screens) -> None:
    for kind, code in (("counter", "no_counter"), ("station", "bad_kind"), ("toaster", "bad_kind")):
        with pytest.raises(Refusal) as refused:
            prepared(screens, kind)
        assert refused.value.code == code


def test_guessing_ends_after_a_while(screens: Screens) -> None:
    device, now = prepared(screens), timezone.now()
    guess = f"/man-hinh/ghep/{device.pk}-2222222222/"
    assert browser().get(guess).status_code == 404
    who = Knock.objects.get(kind="code").who
    Knock.objects.bulk_create(Knock(kind="code", who=who, at=now) for _time in range(knocks.MOST["code"]))
    assert browser().get(guess).status_code == 429
    assert browser().get(address(device)).status_code == 429
