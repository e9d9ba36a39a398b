"""The hall's pages for the office: who sees which hall, forms that are refused, the grid that changed meanwhile."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import ShopKind, Unit, UnitKind
from motcua.agencies.operations import people, places
from motcua.agencies.roles import Role
from motcua.counters.models import Device, Hall, Service, Serving
from motcua.counters.operations import devices, knocks
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM
from tests.harness import hall_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = intake_world.build()
        at, opened = timezone.now(), date(2025, 7, 1)
        unit = Unit.objects.get(agency=world.home, kind=UnitKind.CLERICAL)
        account = open_account(
            login_name="an", full_name="Quản trị An", account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
        )
        world.accounts["an"] = account
        world.positions["an"] = people.appoint(
            account_id=account.pk, unit_id=unit.pk, title="Quản trị", roles=(Role.UNIT_ADMIN,), valid_from=opened,
            actor=SYSTEM, at=at,
        ).pk  # fmt: skip
        common: dict[str, Any] = {"opened_on": opened, "actor": SYSTEM, "at": at}
        shop = places.open_shop(
            agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, **common
        )
        point = places.open_point(shop_id=shop.pk, name="Sảnh cảng", address="Số 1", **common)
        places.open_point(shop_id=shop.pk, name="Sảnh hai", address="Số 2", **common)
        places.open_counter(point_id=point.pk, number=1, **common)
        hall_rows.build(point_id=point.pk, minh=world.actor("minh"), at=at)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def hall(world: World, db: None) -> Hall:
    return Hall.objects.get(point__name="Sảnh cảng")


def _get(world: World, who: str, address: str) -> Any:
    return world.client(who).get(address)


def test_another_commune_sees_none_of_it(world: World, hall: Hall) -> None:
    assert "Sảnh cảng" not in _get(world, "binh", "/halls/").content.decode()
    for path in ("", "setup/", "counters/", "pads/"):
        assert _get(world, "binh", f"/halls/{hall.pk}/{path}").status_code == 404, path
    assert world.client("binh").post(f"/halls/{hall.pk}/open/", {"open": "0"}).status_code == 404
    hall.refresh_from_db()
    assert hall.is_open


def test_every_page_answers_whom_it_should(world: World, hall: Hall) -> None:
    for who, path in (
        ("minh", ""), ("tuan", ""), ("tuan", "figures/"), ("tuan", "figures/tickets/?only=served&by=hour&value=8"),
        ("an", "setup/"), ("an", "rules/"), ("an", "services/new/"), ("an", "devices/"), ("an", "devices/pair/"),
        ("hoa", "counters/"), ("minh", "pads/"), ("thu", ""), ("tuan", "?part=1"),
    ):  # fmt: skip
        assert _get(world, who, f"/halls/{hall.pk}/{path}").status_code == 200, (who, path)
    for who, path in (("minh", "figures/"), ("tuan", "rules/"), ("thu", "counters/"), ("hoa", "devices/")):
        assert _get(world, who, f"/halls/{hall.pk}/{path}").status_code == 403, (who, path)
    strange = _get(
        world, "tuan", f"/halls/{hall.pk}/figures/tickets/?by=service&value=1%20or%201&only=x&before=abc"
    )
    assert strange.status_code == 200


def test_the_hall_leads_to_its_bookings_and_its_sign(world: World, hall: Hall) -> None:
    page = _get(world, "an", f"/halls/{hall.pk}/").content.decode()
    assert f"/halls/{hall.pk}/bookings/" in page
    assert f"/halls/{hall.pk}/entrance/" in page


def test_the_second_hall_is_opened_and_its_service_added(world: World, hall: Hall) -> None:
    an = world.client("an")
    page = an.get("/halls/new/").content.decode()
    assert "Sảnh hai" in page and "Sảnh cảng" not in page
    point = page.split("Sảnh hai")[0].rsplit('value="', 1)[1].split('"')[0]
    assert an.post("/halls/new/", {"point": point, "key": "k1"}).status_code == 302
    second = Hall.objects.exclude(pk=hall.pk).get()
    data = {"prefix": "ă", "name": "", "minutes": "0", "position": "1", "key": "k2"}
    refused = an.post(f"/halls/{second.pk}/services/new/", data)
    assert refused.status_code == 422 and "Nhập một hoặc hai chữ cái" not in refused.content.decode()
    data |= {"name": "Hộ tịch", "minutes": "10"}
    refused = an.post(f"/halls/{second.pk}/services/new/", data)
    assert refused.status_code == 422 and "Nhập một hoặc hai chữ cái" in refused.content.decode()
    data["prefix"] = "hk"
    for _twice in range(2):  # a double click is one service
        assert an.post(f"/halls/{second.pk}/services/new/", data).status_code == 302
    assert Service.objects.get(hall=second).prefix == "HK"


def test_the_grid_says_what_another_changed(world: World, hall: Hall) -> None:
    hoa, an = world.client("hoa"), world.client("an")
    serving = Serving.objects.get(counter__point=hall.point, until=None)
    a, b = serving.service_id, Service.objects.get(hall=hall, prefix="B").pk
    counter = serving.counter_id
    shown = {"counter": counter, f"had-{counter}": f"{a},", f"serves-{counter}": [a, b]}
    assert hoa.post(f"/halls/{hall.pk}/counters/", {**shown, "key": "g1"}).status_code == 302
    late = an.post(f"/halls/{hall.pk}/counters/", {**shown, f"serves-{counter}": [b], "key": "g2"})
    assert late.status_code == 422 and "vừa được người khác đổi" in late.content.decode()
    assert Serving.objects.filter(counter_id=counter, until=None).count() == 2
    assert "A B" in an.get(f"/halls/{hall.pk}/counters/").content.decode(), "history says what it serves now"


def test_the_rules_are_refused_and_kept(world: World, hall: Hall) -> None:
    an: Client = world.client("an")
    data = {"normals": "3", "calls_before_absent": "2", "hold_minutes": "10", "window_minutes": "15", "voice_volume": "70",
            "voice_on": "on", "quiet_from": "11:30", "key": "r1"}  # fmt: skip
    assert an.post(f"/halls/{hall.pk}/rules/", data).status_code == 422
    assert an.post(f"/halls/{hall.pk}/rules/", {**data, "quiet_to": "13:00", "key": "r2"}).status_code == 302
    assert "sau 3 số thường" in an.get(f"/halls/{hall.pk}/setup/").content.decode()


def test_a_device_by_its_letters(world: World, hall: Hall) -> None:
    an = world.client("an")
    letters = devices.ask("x" * 32, timezone.now())
    data = {"code": "AAAAAA", "kind": "hall", "name": "Bảng lớn", "key": "d1"}
    assert an.post(f"/halls/{hall.pk}/devices/pair/", data).status_code == 422
    assert (
        an.post(f"/halls/{hall.pk}/devices/pair/", {**data, "code": letters.lower(), "key": "d2"}).status_code
        == 302
    )
    row = Device.objects.get(name="Bảng lớn")
    change = {
        "name": "Bảng cửa",
        "inches": "55",
        "seat_m": "12",
        "scale": "120",
        "printer": "browser",
        "key": "d3",
    }
    assert an.post(f"/halls/devices/{row.pk}/", change).status_code == 302
    assert an.post(f"/halls/devices/{row.pk}/revoke/", {"key": "d4"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.settings["scale"], row.revoked_at is None) == ("Bảng cửa", 120, False)


def test_whoever_guesses_letters_is_stopped(world: World, hall: Hall) -> None:
    an, path = world.client("an"), f"/halls/{hall.pk}/devices/pair/"
    letters = devices.ask("y" * 32, timezone.now())
    data = {"kind": "hall", "name": "Bảng lớn"}
    for number in range(knocks.MOST["letters"]):
        page = an.post(path, {**data, "code": "AAAAAA", "key": f"g{number}"})
        assert page.status_code == 422 and "Không có thiết bị nào" in page.content.decode()
    page = an.post(path, {**data, "code": letters, "key": "g-right"})
    assert page.status_code == 422 and "sai mã ghép quá nhiều lần" in page.content.decode()
    assert not Device.objects.filter(name="Bảng lớn").exists()


def test_pads_and_copies(world: World, hall: Hall) -> None:
    minh, tuan = world.client("minh"), world.client("tuan")
    b = Service.objects.get(hall=hall, prefix="B").pk
    assert (
        minh.post(f"/halls/{hall.pk}/pads/", {"service": b, "count": "900", "key": "p1"}).status_code == 422
    )
    assert minh.post(f"/halls/{hall.pk}/pads/", {"service": b, "count": "10", "key": "p2"}).status_code == 302
    span = {"since": f"{timezone.localdate():%d/%m/%Y}", "until": f"{timezone.localdate():%d/%m/%Y}"}
    made = tuan.post(f"/halls/{hall.pk}/figures/copy/csv/", span)
    assert made.status_code == 200 and b"A001" in b"".join(made.streaming_content)
    assert tuan.post(f"/halls/{hall.pk}/figures/copy/pdf/", span).status_code == 404
    assert tuan.post(f"/halls/{hall.pk}/figures/copy/csv/", {"since": "x"}).status_code == 403
    assert _get(world, "tuan", f"/halls/{hall.pk}/figures/?since=1/1/2020&until=1/1/2026").status_code == 422
