"""A birth is registered from a phone: sign in, declaration, a photo of the paper, handed in, answered, followed."""

import io
import re
import time

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Status
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.eforms.operations import publishing
from motcua.eforms.tests.conftest import birth, posted
from motcua.lib.actor import SYSTEM
from motcua.online.tests.conftest import citizen, signed_in
from motcua.ui.routing import set_database_actor
from tests.harness.programs import SCREENS
from tests.harness.real_server import real_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def photo() -> bytes:
    """A photo as a phone takes it."""
    made = io.BytesIO()
    Image.effect_noise((900, 1200), 60).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def fill(page, values) -> None:
    """Answer a declaration by its controls: text, one of several, a list."""
    for name, value in values.items():
        control = page.locator(f"[name='{name}']:not([type=hidden])")
        kind = control.first.evaluate("(one) => one.type")
        if kind in {"radio", "checkbox"}:
            page.check(f"[name='{name}'][value='{value}']")
        elif kind.startswith("select"):
            control.select_option(str(value))
        else:
            control.first.fill(str(value))


def test_a_birth_from_the_phone_to_the_counter_and_back(page, world, settings):
    with real_server(Client(enforce_csrf_checks=True)) as web:
        with web.alone():
            publishing.load_shipped(actor=SYSTEM, at=timezone.now())
            account = citizen(name="Nguyễn Thị Lan")
            session = signed_in(account).cookies
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{web.url}/nop-ho-so/{BIRTH}/")
        assert "Đăng nhập để nộp" in page.inner_text("main")
        with web.alone():
            web.client.cookies = session
        began = time.monotonic()
        page.goto(f"{web.url}/nop-ho-so/{BIRTH}/")
        for name in ("variant", "agency"):
            if page.locator(f"[name={name}][type=radio]").count():
                page.locator(f"[name={name}]").first.check()
        page.click("text=Bắt đầu")
        page.click(".mc-tasks a:has-text('Tờ khai')")
        page.click("text=Xem tất cả trên một trang")
        assert page.input_value("[name=requester_name]") == "Nguyễn Thị Lan"
        fill(page, posted(birth()))
        page.screenshot(path=SCREENS / "online-form-360.png", full_page=True)
        page.click("text=Lưu và xem lại tờ khai")
        page.click("text=Tôi đã khai xong và cam đoan là đúng")
        page.click("text=Trở lại hồ sơ để nộp")
        page.click(".mc-tasks a:has-text('Giấy tờ')")
        page.click("text=Giấy chứng sinh")
        page.set_input_files(
            "[name=file]", {"name": "chung sinh.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        page.click("text=Xong giấy này", timeout=20_000)
        page.click("text=Xong phần giấy tờ")
        page.locator("a:has-text('Xem lại và nộp')").first.click()
        page.check("[name=true]")
        page.dblclick("button:has-text('Nộp hồ sơ')")
        page.wait_for_selector("text=Đã nộp hồ sơ")
        print(f"handed in after {time.monotonic() - began:.1f} s of a browser")
        page.screenshot(path=SCREENS / "online-handed-in-360.png", full_page=True)
        with web.alone():
            set_database_actor(SYSTEM)
            (dossier,) = Dossier.objects.filter(channel="online")
            assert dossier.status == Status.NEW
            attempt(world, "accept", "minh", dossier, timezone.now())
        page.reload()
        assert "Hẹn trả" in page.inner_text("main") and re.search(r"\.pdf", page.content())
        page.goto(f"{web.url}/ho-so-cua-toi/")
        assert dossier.code in page.inner_text("main")
