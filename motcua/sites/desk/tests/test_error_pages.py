"""What is not there and what one may not do, on the staff host: an officer keeps the frame, nobody else gets one."""

import pytest
from django.db import DatabaseError
from django.test import Client

from motcua.config import errors
from motcua.dossiers.tests.intake_world import STAFF, World
from motcua.sites.desk.templatetags import desk

pytestmark = pytest.mark.django_db
FRAME = ('class="mc-left"', 'id="bar-search"', "Trên bàn tôi", "Đỗ Thị Hoa")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/khong-co", 404), ("/dossiers/H24.12-261121-9999/", 404), ("/people/", 403), ("/calendars/new/", 403)],
)
def test_an_officer_keeps_the_frame(log_in, path: str, status: int) -> None:
    answer = log_in("hoa").get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert [part for part in FRAME if part not in page] == []
    assert "mc-right" not in page and page.count("<main") == 1


def test_a_visitor_sees_no_frame(world: World) -> None:
    page = Client(HTTP_HOST=STAFF).get("/khong-co").content.decode()
    assert "Không tìm thấy trang" in page and "mc-left" not in page and "bar-search" not in page


def test_the_public_host_knows_no_frame(log_in, world: World) -> None:
    client = log_in("hoa")
    page = client.get("/khong-co", HTTP_HOST="localhost").content.decode()
    assert "Không tìm thấy trang" in page and "mc-left" not in page


def test_without_its_lists_the_page_is_still_said(log_in, monkeypatch: pytest.MonkeyPatch) -> None:
    client = log_in("hoa")

    def broken(*_args: object) -> None:
        raise DatabaseError("planted")

    monkeypatch.setattr(desk, "counted_lists", broken)
    answer = client.get("/khong-co")
    assert answer.status_code == 404 and "mc-left" not in answer.content.decode()
    assert errors.log.name == "motcua.config.errors"
