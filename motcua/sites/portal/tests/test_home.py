"""The front page, guides, places and figures: what they say, in both languages, with nothing there, with bad input."""

import csv
import io
from datetime import date
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, path
from django.utils import timezone

from motcua.agencies import opening
from motcua.agencies.models import ShopKind
from motcua.agencies.operations import places
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.lib.actor import SYSTEM
from motcua.procedures.guides import guides
from motcua.procedures.models import AgencyProcedure
from motcua.reports import queries
from motcua.reports.models import MonthFigure

pytestmark = pytest.mark.django_db


def _online(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(code)


_SITE = import_module("motcua.config.urls_public")  # by name: a site imports no other
_REST = [one for one in _SITE.urlpatterns if one.name != "online-start"]


def with_addresses(address: str, *more: URLPattern) -> str:
    """Return a page of a public site with the part that takes applications from home, or without it."""
    module = ModuleType("addresses_of_this_test")
    module.urlpatterns = [*_REST, *more]  # type: ignore[attr-defined]
    with override_settings(HOST_URLCONFS={**settings.HOST_URLCONFS, "localhost": module}):
        return shown(Client(HTTP_HOST="localhost"), address)


@pytest.fixture
def built(db: None) -> World:
    queries._year.cache_clear()
    return intake_world.build()


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST="localhost")


def shown(visitor: Client, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def open_place(world: World, name: str, number: int) -> None:
    given: dict[str, Any] = {"actor": SYSTEM, "at": timezone.now()}
    shop = places.open_shop(
        agency_id=world.home.pk,
        name=f"Trung tâm {name}",
        kind=ShopKind.COMMUNE_CENTRE,
        opened_on=date(2025, 7, 1),
        **given,
    )
    places.open_point(
        shop_id=shop.pk,
        name=f"Điểm {number}",
        address=f"Số {number} đường Lê Lợi, {name}",
        opened_on=date(2025, 7, 1),
        **given,
    )


def test_the_front_page_stands_where_nothing_is_set_up(visitor: Client) -> None:
    page = shown(visitor, "/")
    assert 'name="q"' in page and "Chưa có nơi tiếp nhận nào được mở" in page
    assert "Hay tìm" not in page and 'href="/su-kien/sinh-con/"' in page


def test_few_places_are_named_and_many_are_searched(built: World, visitor: Client) -> None:
    open_place(built, "Bạch Long Vĩ", 1)
    page = shown(visitor, "/")
    assert "Số 1 đường Lê Lợi, Bạch Long Vĩ" in page and 'id="tim"' not in page
    assert f'href="/thu-tuc/{BIRTH}"' in page
    for number in range(2, 6):
        open_place(built, f"Phường {number}", number)
    page = shown(visitor, "/")
    assert "Số 1 đường Lê Lợi" not in page and 'action="/noi-tiep-nhan/"' in page
    found = shown(visitor, "/noi-tiep-nhan/?tim=phuong%203")
    assert "Trung tâm Phường 3" in found and "Trung tâm Phường 4" not in found
    assert "Hôm nay" in found or "Đang mở cửa" in found
    none = shown(visitor, "/noi-tiep-nhan/?tim=%00%3Cscript%3E")
    assert "Không thấy nơi nào" in none and "<script>" not in none


def test_a_holiday_that_is_near_is_told_with_the_day_of_return(
    built: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = opening.Holiday("Tết Dương lịch", date(2099, 1, 1), date(2099, 1, 3), date(2099, 1, 4))
    monkeypatch.setattr(opening, "holiday", lambda _calendar, _on: near)
    page = shown(visitor, "/")
    assert "Sắp nghỉ lễ" in page and "01/01/2099" in page and "làm việc lại Chủ nhật 04/01/2099" in page
    begun = opening.Holiday("Tết Dương lịch", date(2020, 1, 1), date(2099, 1, 3), date(2099, 1, 4))
    monkeypatch.setattr(opening, "holiday", lambda _calendar, _on: begun)
    assert "Đang nghỉ lễ" in shown(visitor, "/")


def test_a_guide_says_what_its_procedures_ask_for_and_links_only_those_offered(
    built: World, visitor: Client
) -> None:
    page = shown(visitor, "/su-kien/sinh-con/")
    assert f'href="/thu-tuc/{BIRTH}"' in page and "Giấy chứng sinh" in page
    assert "/thu-tuc/1.004222" not in page and "Công an xã, phường, hoặc trên ứng dụng VNeID" in page
    AgencyProcedure.objects.filter(procedure__code=BIRTH).update(valid_to=timezone.localdate())
    assert f'href="/thu-tuc/{BIRTH}"' not in shown(
        visitor, "/su-kien/sinh-con/"
    )  # nobody here takes it any more
    for one in guides():
        shown(visitor, f"/su-kien/{one.slug}/")
    assert all(str(one.title) in shown(visitor, "/su-kien/") for one in guides())
    visitor.get("/ngon-ngu/en")
    assert "A child is born" in shown(visitor, "/su-kien/sinh-con/")
    shown(visitor, "/su-kien/khong-co/", 404)


def test_applying_online_is_offered_only_where_a_part_takes_it(built: World) -> None:
    for address in ("/", "/su-kien/sinh-con/", f"/thu-tuc/{BIRTH}"):
        assert "nop-ho-so" not in with_addresses(address)
        assert "Nộp hồ sơ trực tuyến" not in with_addresses(address)
    there = path("nop-ho-so/<str:code>/", _online, name="online-start")
    assert f'href="/nop-ho-so/{BIRTH}/"' in with_addresses(f"/thu-tuc/{BIRTH}", there)
    assert f'href="/nop-ho-so/{BIRTH}/"' in with_addresses("/su-kien/sinh-con/", there)
    assert "Nộp hồ sơ trực tuyến" in with_addresses("/", there)


@pytest.mark.parametrize(
    ("late", "said"), [(0, ""), (12, "Chưa kể 12 hồ sơ"), (None, "đã quá hẹn, nếu có"), ("none", "")]
)
def test_the_headline_says_that_open_overdue_ones_are_not_in_it(late: Any, said: str) -> None:
    now = None if late == "none" else queries.Line({"standing_late": late}, {})
    words = import_module("motcua.sites.portal.figure_words").not_in_it(now)
    assert said in words and bool(said) == bool(words)


def test_figures_are_shown_with_their_meaning_and_small_ones_are_not(built: World, visitor: Client) -> None:
    assert "Chưa có số liệu" in shown(visitor, "/so-lieu/")
    shown(visitor, "/so-lieu/so-lieu-2026.csv", 404)
    given: dict[str, Any] = {
        "counted_at": timezone.now(),
        "received": 120,
        "online": 60,
        "rated": 30,
        "happy": 20,
    }
    MonthFigure.objects.create(agency=built.home, month=date(2026, 5, 1), early=90, on_time=20, late=2, standing=9,
                               standing_late=0, standing_paused=0, **given)  # fmt: skip
    MonthFigure.objects.create(
        agency=built.neighbour, month=date(2025, 5, 1), early=100, on_time=5, late=15, **given
    )
    page = shown(visitor, "/so-lieu/")
    assert "Từng số nói gì" in page and "<svg" in page and ">120<" in page and "ẩn" in page
    assert ">2<" not in page
    old = shown(visitor, "/so-lieu/?nam=2025")
    assert "cứ 100 hồ sơ thì 88 hồ sơ xong đúng hẹn" in old and "Đang giải quyết" not in old
    assert "Chưa có số liệu" in shown(visitor, "/so-lieu/H24.13/")
    shown(visitor, "/so-lieu/H24.99/", 404)
    for wrong in ("?nam=0000", "?nam=9999", "?nam=%00", "?nam=²026"):
        assert "năm 2026" in shown(visitor, f"/so-lieu/{wrong}").lower()
    rows = list(csv.reader(io.StringIO(visitor.get("/so-lieu/so-lieu-2026.csv").content.decode("utf-8-sig"))))
    may = next(row for row in rows if row[2] == "05/2026")
    assert may[3:6] == ["120", "60", "112"] and may[8] == "" and len(rows) == 2
    for wrong in ("1", "9" * 12):
        shown(visitor, f"/so-lieu/so-lieu-{wrong}.csv", 404)
