"""Helped at: a point that helped to file beside the one that received; found by name, kept apart, shown."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import Agency, Point, ShopKind
from motcua.agencies.operations import places
from motcua.dossiers import helped, register
from motcua.dossiers.models import Dossier
from motcua.dossiers.register import Asked
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.dossiers.tests.test_intake_screen import begin, draft_of, full
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


def point(agency: Agency, name: str) -> Point:
    set_database_actor(SYSTEM)
    at = timezone.now()
    shop = places.open_shop(
        agency_id=agency.pk, name=f"Trung tâm {agency.short_name}", kind=ShopKind.COMMUNE_CENTRE, opened_on=OPENED, actor=SYSTEM,
        at=at, key=uuid4().hex,
    )  # fmt: skip
    return places.open_point(
        shop_id=shop.pk, name=name, address="Số 1, đường Cảng", opened_on=OPENED, actor=SYSTEM, at=at, key=uuid4().hex
    )  # fmt: skip


def submit(minh: Client, page: str, **values: str) -> str:
    response = minh.post(page, full(**values))
    return str(response.status_code) + response.content.decode()


def test_points_are_found_by_any_words_of_their_name(world: World, minh: Client) -> None:
    village, other = point(world.home, "Nhà văn hóa thôn 2"), point(world.neighbour, "Điểm phường")
    found = minh.get("/intake/points?q=thon+van+hoa").json()["options"]
    set_database_actor(SYSTEM)
    assert [row["value"] for row in found] == [str(village.pk)] and found[0]["note"] == "Số 1, đường Cảng"
    day = timezone.localdate()
    assert helped.point_of(found[0]["label"].upper(), day=day) == village
    assert helped.point_of("nhà văn hóa thôn 2", day=day) == village and helped.point_of("", day=day) is None
    assert helped.point_of("thôn", day=day) is None
    assert helped.options("diem phuong", day=day)[0]["value"] == str(other.pk)


def test_of_two_points_of_one_name_the_agency_must_be_said(world: World) -> None:
    one, _two = point(world.home, "Bưu điện"), point(world.neighbour, "Bưu điện")
    day = timezone.localdate()
    assert helped.point_of("Bưu điện", day=day) is None
    assert helped.point_of(helped.label(one), day=day) == one


def test_it_is_kept_beside_the_receiving_place_and_shown(world: World, minh: Client) -> None:
    village = point(world.neighbour, "Nhà văn hóa thôn 2")
    page = begin(minh)
    submit(minh, page, helped="nhà văn hóa thôn 2")
    set_database_actor(SYSTEM)
    dossier = Dossier.objects.get()
    assert dossier.helped_point == village and dossier.owner_unit.agency_id == world.home.pk
    assert dossier.visible_to == [world.home.pk]  # who helped sees nothing of it
    shown = minh.get(f"/dossiers/{dossier.code}/").content.decode()
    assert (
        "Hỗ trợ nộp tại" in shown
        and "Nhà văn hóa thôn 2, UBND phường Hải An" in shown
        and "Nhận tại" in shown
    )
    set_database_actor(SYSTEM)
    day = timezone.localdate()
    asked = Asked(world.home, day, day)
    lines = list(register.lines(register.dossiers(world.actor("minh"), asked)))
    assert "Hỗ trợ nộp tại Nhà văn hóa thôn 2" in lines[0].note


@pytest.mark.parametrize("typed", ["Nơi không có", "<b>", "·"])
def test_a_name_nobody_knows_is_said_and_nothing_is_lost(world: World, minh: Client, typed: str) -> None:
    page = begin(minh)
    answer = submit(minh, page, helped=typed)
    set_database_actor(SYSTEM)
    assert answer.startswith("422") and "Không có điểm nào đang mở mang tên này" in answer
    assert not Dossier.objects.exists() and draft_of(page).pk == UUID(page.split("/")[2])


def test_the_receiving_point_and_a_closed_one_help_nobody(world: World, minh: Client) -> None:
    from motcua.agencies.models import Position

    here, shut = point(world.home, "Quầy chính"), point(world.neighbour, "Điểm cũ")
    Position.objects.filter(pk=world.positions["minh"]).update(point=here)
    answer = submit(minh, begin(minh), helped="Quầy chính")
    assert answer.startswith("422") and "đang tiếp nhận hồ sơ, không phải chỉ hỗ trợ" in answer
    set_database_actor(SYSTEM)
    Point.objects.filter(pk=shut.pk).update(valid_to=timezone.localdate())
    answer = submit(minh, begin(minh), helped="Điểm cũ")
    set_database_actor(SYSTEM)
    assert answer.startswith("422") and not Dossier.objects.exists()
