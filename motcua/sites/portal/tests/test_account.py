"""The citizen's own page: where they are told, also without a telephone in their identity."""

import pytest
from django.utils import timezone

from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import NUMBER, World
from motcua.dossiers.tests.lives import take_in
from motcua.online.tests.conftest import citizen, signed_in

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_who_has_no_telephone_in_their_identity_chooses_for_that_of_their_dossiers(world: World) -> None:
    take_in(world, at=timezone.now(), contact_phone="0987111222", contact_email="lan@example.vn")
    account = citizen(NUMBER, "Nguyễn Thị Lan", phone="")
    account.citizen.person.__class__.objects.filter(pk=account.citizen.person_id).update(
        phone=None, phone_index=None
    )
    page = signed_in(account).get("/tai-khoan/").content.decode()
    assert "098••••222" in page and "l…@example.vn" in page and page.count("/bao-tin/") == 2
    weak = signed_in(account, level=1).get("/tai-khoan/").content.decode()
    assert "222" not in weak.partition("Việc của tôi")[2].partition("<h2")[0]


def test_the_log_out_page_of_citizens_says_nothing_of_staff(world: World) -> None:
    page = signed_in(citizen()).get("/dang-xuat/")
    assert page.status_code == 200 and "người quản trị" not in page.content.decode()
    assert "người quản trị" in world.client("hoa").get("/dang-xuat/").content.decode()
