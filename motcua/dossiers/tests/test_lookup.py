"""The public look-up says why, what to do next and by which way the result comes; a lock leaves the ways that are sure."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone

from motcua.dossiers import tracking
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.dossiers.operations import intake
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, plan, take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture(autouse=True)
def sign_in(settings: Any) -> None:
    settings.CITIZEN_PASSWORDS = True


def looked_up(dossier: Dossier, **sent: str) -> Any:
    asked = sent or {"code": dossier.code, "secret": dossier.secret or ""}
    return Client(HTTP_HOST=conf.PUBLIC_HOST).post("/tra-cuu", asked)


def page(dossier: Dossier) -> str:
    return str(looked_up(dossier).content.decode())


def waiting(world: World) -> Dossier:
    """Return a dossier that nobody has accepted yet."""
    minh = world.actor("minh")
    return intake.submit(intake=plan(world, minh, channel="post"), actor=minh, at=MONDAY, key="s")


def test_a_refused_dossier_says_why_and_where_to_turn(world: World) -> None:
    dossier = waiting(world)
    intake.refuse(
        **common(world, "minh", dossier, later(hours=1)), reason="Thiếu thẩm quyền về đất",
        where_to_turn="Phường Hồng Bàng",
    )  # fmt: skip
    shown = page(dossier)
    assert "Thiếu thẩm quyền về đất" in shown and "Phường Hồng Bàng" in shown
    assert f"/ho-so-cua-toi/{dossier.code}/" in shown and "/phan-anh/khieu-nai-to-cao/" in shown
    route = shown[shown.index("mc-route-box") :][:3000]
    assert "Trả kết quả" not in route and "Không được tiếp nhận" in route


def test_one_that_was_taken_back_is_not_done_and_has_no_result_to_dispute(world: World) -> None:
    dossier = take_in(world)
    attempt(world, "withdraw", "minh", dossier, later(hours=2))
    shown = page(dossier)
    route = shown[shown.index("mc-route-box") :][:4000]
    assert "Trả kết quả" not in route and "dừng" in route and "Công dân yêu cầu rút hồ sơ" in route
    assert "Không đồng ý với kết quả" not in shown and "Hẹn trả kết quả" not in shown


def test_one_that_was_returned_has_its_door_once(world: World) -> None:
    dossier = take_in(world)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=10, sub_status="granted", finished_at=later(hours=1), returned_at=later(hours=2)
    )
    shown = page(dossier)
    route = shown[shown.index("mc-route-box") :][:6000]
    assert route.count("Trả kết quả") == 1


@pytest.mark.parametrize(
    ("way", "said", "unsaid"),
    [
        ("post", "gửi kết quả qua bưu chính", "mời anh/chị đến nhận"),
        ("counter", "Mang giấy tiếp nhận và giấy tờ tùy thân đến", "bưu chính"),
        ("electronic", "Mang giấy tiếp nhận và giấy tờ tùy thân đến", "tải về"),  # no file yet: as things are
    ],
)
def test_a_result_comes_by_the_way_that_was_chosen(world: World, way: str, said: str, unsaid: str) -> None:
    dossier = take_in(world)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=9, sub_status="granted", finished_at=later(hours=1), result_channel=way
    )
    shown = page(dossier)
    answer = shown[: shown.index("Hồ sơ đang ở đâu")]
    assert said in answer and unsaid not in answer


def test_a_supplement_is_answered_online_first_and_says_by_when(world: World, settings: Any) -> None:
    dossier = waiting(world)
    attempt(world, "request_supplement", "minh", dossier, later(hours=1))
    shown = page(dossier)
    assert f'href="/ho-so-cua-toi/{dossier.code}/bo-sung/"' in shown and "Không có hạn chót" in shown
    set_database_actor(SYSTEM)
    SupplementRequest.objects.filter(dossier=dossier).update(answer_by=timezone.now() + timedelta(days=9))
    shown = page(dossier)
    assert "Hạn gửi: trước" in shown and "Không có hạn chót" not in shown
    settings.CITIZEN_PASSWORDS, settings.OIDC = False, None
    assert "/bo-sung/" not in page(dossier), "nobody can sign in here"


def test_a_locked_code_says_the_ways_that_stay_open_and_they_are(world: World) -> None:
    dossier = take_in(world)
    for _try in range(tracking.TRIES_PER_CODE):
        assert looked_up(dossier, code=dossier.code, secret="222222").status_code == 404
    locked = looked_up(dossier)
    said = locked.content.decode()
    assert locked.status_code == 429 and 0 < int(locked["Retry-After"]) <= 3600
    assert "có thể do người khác" in said and "Quét mã QR" in said and 'href="/ho-so-cua-toi/"' in said
    assert looked_up(dossier, token=dossier.token or "").status_code == 200
    for _try in range(tracking.TRIES_PER_ADDRESS):
        looked_up(dossier, token="A" * 22)
    assert looked_up(dossier, token=dossier.token or "").status_code == 200, "another's tries shut no QR code"
