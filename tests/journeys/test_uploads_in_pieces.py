"""A photo goes from a browser to the server in pieces over a link that breaks, made smaller; pages become one PDF."""

import io
import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.base.files import resumable
from motcua.base.files.models import Upload
from motcua.lib.actor import SYSTEM
from tests.harness.axe import axe
from tests.harness.real_server import RealServer, real_server

pytestmark = pytest.mark.browser
_PLACE = 0x8825  # where the camera wrote the place


def photo(path: Path, size: tuple[int, int] = (2400, 1800), *, turned: bool = True) -> Path:
    """A photo as a phone makes it: lying, with the word that it stands, and with the place."""
    rough = Image.frombytes("RGB", (240, 180), random.Random(7).randbytes(240 * 180 * 3)).resize(size)
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    exif.get_ifd(_PLACE)[1] = "N"
    rough.save(path, "JPEG", quality=95, exif=exif)
    return path


@pytest.fixture
def lan(db: None, tmp_path: Path, settings: Any) -> Client:
    settings.DATA = tmp_path / "data"
    account = open_account(
        login_name="lan",
        full_name="Nguyễn Thị Lan",
        account_kind=AccountKind.CITIZEN,
        actor=SYSTEM,
        at=timezone.now(),
    )
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    return client


def test_a_photo_arrives_over_a_link_that_breaks(lan: Client, page: Page, tmp_path: Path) -> None:
    chosen = photo(tmp_path / "Giấy khai sinh.jpg")
    with real_server(lan) as server:
        patches = _break(server, {2, 3})
        page.goto(f"http://canbo.localhost:{server.port}/ui/")
        page.set_input_files("#id_scan", chosen)
        expect(page.locator("#id_scan-files")).to_contain_text("Giấy khai sinh.jpg", timeout=60_000)
        expect(page.locator(".mc-upload")).to_contain_text("→")
    with server.alone():
        row = Upload.objects.get()
    assert row.received == row.length < chosen.stat().st_size and row.taken_at and row.promised == row.sha256
    assert len(patches) == -(-row.length // (256 * 1024)) + 2, "only what broke was sent again"
    with Image.open(
        resumable.path_of(row.pk)
    ) as arrived:  # the test never commits: the bytes are still there
        assert arrived.size == (1500, 2000) and not arrived.getexif()


def test_three_photos_are_put_in_order_turned_and_sent_as_one_pdf(
    lan: Client, page: Page, tmp_path: Path
) -> None:
    chosen = [photo(tmp_path / f"trang {number}.jpg", (300, 200), turned=False) for number in (1, 2, 3)]
    with real_server(lan) as server:
        page.goto(f"http://canbo.localhost:{server.port}/ui/")
        page.set_input_files("#id_scan", chosen)
        tray = page.locator(".mc-pages")
        expect(tray.locator("legend")).to_have_text("Giấy tờ có 3 trang")
        tray.get_by_role("button", name="Xoay: Trang 1").click()
        expect(tray.locator("img").first).to_have_attribute("data-turn", "90")
        tray.get_by_role("button", name="Xuống: Trang 1").press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Xuống: Trang 2"
        assert [name.split(" (")[0] for name in tray.locator(".mc-pages__name").all_inner_texts()] == [
            "1. trang 2.jpg", "2. trang 1.jpg", "3. trang 3.jpg",
        ]  # fmt: skip
        tray.get_by_role("button", name="Bỏ: Trang 3").click()
        assert axe(page) == []
        folder = Path("var/screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        for width in (360, 768, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            tray.scroll_into_view_if_needed()
            page.screenshot(path=folder / f"pages-of-a-paper-{width}.png")
        tray.get_by_role("button", name="Gửi thành một tệp PDF").click()
        expect(page.locator("#id_scan-files")).to_contain_text("trang 2.pdf", timeout=60_000)
    assert page.complaints == []  # type: ignore[attr-defined]


def _break(server: RealServer, broken: set[int]) -> list[int]:
    """Let the link break while some of the PATCH requests are answered; return which came."""
    answer, came = server.answer, []

    def answered(asked: Any) -> None:
        if asked.command == "PATCH":
            came.append(len(came) + 1)
            if came[-1] in broken:
                asked.connection.close()
                asked.rfile, asked.wfile, asked.close_connection = io.BytesIO(), io.BytesIO(), True
                return
        answer(asked)

    server.answer = answered  # type: ignore[method-assign]
    return came
