# ruff: noqa: DTZ001  (a cell of a workbook has no zone)
"""An administrator moves an old system in: its columns named, its faults read and corrected, its counts equal."""

import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, Route, expect

from motcua.agencies.models import Unit
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import World, logged_in, world
from motcua.lib.actor import SYSTEM
from motcua.moving import jobs
from motcua.moving.models import MovedDossier
from motcua.moving.tests import files
from motcua.ui.routing import set_database_actor
from tests.harness import check
from tests.harness.vnu import Checker

__all__ = ["world"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

STAFF = "http://canbo.localhost"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: As the old system wrote them: two of these nobody here can know.
HEADING = (
    "Mã hồ sơ", "Tên TTHC", "Tình trạng", "Tên khách", "Số CCCD", "Ngày nhận", "Trả trước", "Cán bộ xử lý", "Phòng ban",
    "SĐT",
)  # fmt: skip


def book(rows: list[list[Any]], *, faults: bool = False) -> bytes:
    """Return the old system's workbook: a title over its columns; with faults, as it came the first time."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["DANH SÁCH HỒ SƠ ĐANG GIẢI QUYẾT"])
    sheet.merge_cells("A1:J1")
    sheet.append(list(HEADING))
    for row in rows:
        sheet.append(row)
    if faults:
        sheet["B3"] = "9.999999"
        sheet["F4"] = "=TODAY()-3"
        sheet.merge_cells("G5:G6")
        sheet["F7"] = "06/25/2026"
        made.create_sheet("Nháp").append(["không đọc"])
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.fixture
def admin(world: World, site: Client, page: Page) -> Page:
    """The files of the old system, as the administrator sees them."""
    unit = Unit.objects.get(agency=world.home, kind="clerical")
    position, _link = people.invite_officer(
        login_name="quantri", full_name="Quản Trị", unit_id=unit.pk, title="Quản trị", roles=[Role.SYSTEM_ADMIN],
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    logged_in(site, position.account)
    page.goto(f"{STAFF}/moving/")
    return page


def upload(page: Page, world: World, content: bytes, name: str, *, kind: str = "", mapped: str = "") -> None:
    """Choose a file by the form and have it tried out."""
    page.goto(f"{STAFF}/moving/")
    page.get_by_role("link", name="Tệp mới").or_(page.get_by_role("button", name="Tệp mới")).click()
    page.wait_for_selector("[name=file]")
    if kind:
        page.check(f"[name=kind][value={kind}]")
    page.fill("[name=system]", "Một cửa Hải An cũ")
    page.select_option("[name=agency]", str(world.home.pk))
    if mapped:
        page.select_option("[name=column_map]", mapped)
    page.set_input_files("[name=file]", {"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="Đọc thử").click()
    page.wait_for_load_state()


def opened(page: Page) -> str:
    page.wait_for_url("**/moving/*-*/")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def run(page: Page) -> None:
    """Bring the file in, and let the worker do its job."""
    move = opened(page)
    page.get_by_role("button", name="Nhập các dòng không lỗi").click()
    expect(page.locator("main")).to_contain_text("Đang nhập")
    set_database_actor(SYSTEM)
    jobs.run.func(move)
    set_database_actor(SYSTEM)
    page.goto(f"{STAFF}/moving/{move}/")


def quiet(route: Route) -> None:
    """Take the place of the live process, which is not up here: nothing happens for a while."""
    route.fulfill(content_type="text/event-stream", body="retry: 600000\n\n")


def fact(page: Page, words: str) -> str:
    return page.locator(f"dt:has-text('{words}') + dd").first.inner_text().strip()


def rows(first: int, last: int) -> list[list[Any]]:
    return [files.row(number, status="Đang xử lý", holder="Đỗ Thị Hoa") for number in range(first, last + 1)]


@pytest.mark.long
def test_an_old_system_moves_in(admin: Page, world: World, site: Client, vnu: Checker) -> None:
    page = admin
    upload(page, world, book(rows(1, 12), faults=True), "ho-so-dang-mo.xlsx")
    opened(page)

    # Two columns nobody can know: the page asks, nothing is guessed.
    expect(page.locator("main")).to_contain_text("Chưa có cột cho: Người nộp")
    expect(page.locator("main")).to_contain_text("chưa dùng: D: Tên khách; G: Trả trước")
    expect(page.locator("main")).to_contain_text("không đọc: Nháp")
    check.screen(page, vnu, "moving-journey-columns")
    page.select_option("[name=applicant]", label="D: Tên khách")
    page.select_option("[name=due]", label="G: Trả trước")
    page.fill("[name=save_map]", "Một cửa Hải An")
    page.get_by_role("button", name="Xem lại theo cột này").click()

    # The faults in words, by row and column; nothing is written.
    main = page.locator("main")
    expect(main).to_contain_text("Đọc thử xong, chưa ghi gì")
    for words in ("Danh mục thủ tục", "Công thức chưa có kết quả", "Ô gộp", "tháng trước"):
        expect(main).to_contain_text(words)
    assert fact(page, "Dòng trong tệp") == "12"
    assert fact(page, "Dòng lỗi") == "5" and fact(page, "Nhập được") == "7"
    assert not MovedDossier.objects.exists()
    check.screen(page, vnu, "moving-journey-faults")
    page.get_by_role("button", name="Bỏ tệp này").click()
    page.wait_for_url("**/moving/")

    # Corrected, by the map that was kept: brought in, and counted.
    good = book(rows(1, 12))
    upload(page, world, good, "ho-so-da-sua.xlsx", mapped="Một cửa Hải An")
    opened(page)
    assert fact(page, "Nhập được") == "12"
    check.screen(page, vnu, "moving-journey-looked")
    run(page)
    expect(page.locator("main")).to_contain_text("Số đếm trong tệp và ở đây bằng nhau")
    assert fact(page, "Mới") == "12" and Dossier.objects.count() == 12
    check.screen(page, vnu, "moving-journey-done")

    # What the old system had noted of one of them.
    history = files.workbook(
        [("HA-00003/2026", datetime(2026, 6, 5, 14, 30), "Thẩm định hồ sơ", "Bà Nga", "đủ giấy tờ")],
        heading=("Mã hồ sơ", "Thời gian", "Thao tác", "Người xử lý", "Ghi chú"),
    )
    upload(page, world, history, "lich-su.xlsx", kind="history")
    run(page)
    assert fact(page, "Mới") == "1"

    # An officer finds it by the code on the citizen's old slip.
    page.context.route(re.compile(r"/events(\?|$)"), quiet)
    logged_in(site, world.accounts["minh"])
    page.goto(f"{STAFF}/intake/drafts/")
    page.fill("[name=q]", "ha-00003/2026")
    page.press("[name=q]", "Enter")
    code = MovedDossier.objects.get(old_code="HA-00003/2026").dossier.code
    expect(page.locator("main")).to_contain_text(code)
    if "/dossiers/" not in page.url:
        page.get_by_role("link", name=code).first.click()
    for words in ("Thẩm định hồ sơ (ghi ở hệ thống cũ)", "Bà Nga", "mã cũ HA-00003/2026"):
        expect(page.locator("body")).to_contain_text(words)
    check.screen(page, vnu, "moving-journey-found")


@pytest.mark.long
def test_files_that_come_again_or_wrongly(admin: Page, world: World) -> None:
    page = admin
    first = files.workbook(rows(1, 6))
    upload(page, world, first, "dot-1.xlsx")
    run(page)
    assert (fact(page, "Mới"), fact(page, "Không đổi")) == ("6", "0")

    # The same file a second time: nothing is doubled.
    upload(page, world, first, "dot-1.xlsx")
    run(page)
    assert (fact(page, "Mới"), fact(page, "Không đổi")) == ("0", "6")

    # Another file with some of the same dossiers, one of them corrected.
    changed = files.row(5, status="Đang xử lý", holder="Đỗ Thị Hoa", due=datetime(2026, 9, 30, 17))
    upload(page, world, files.workbook([*rows(3, 4), changed, *rows(7, 8)]), "dot-2.xlsx")
    run(page)
    assert (fact(page, "Mới"), fact(page, "Cập nhật"), fact(page, "Không đổi")) == ("2", "1", "2")
    expect(page.locator("main")).to_contain_text("Số đếm trong tệp và ở đây bằng nhau")
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 8

    # No column of this is one of ours; an old workbook; a picture.
    for content, name, words in (
        (files.workbook([[1, 2]], heading=("Màu sắc", "Cân nặng")), "khac.xlsx", "Không thấy dòng tiêu đề"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cu.xls", "bỏ mật khẩu, lưu thành .xlsx"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 600, "anh.xlsx", "thật ra là ảnh PNG"),
    ):
        upload(page, world, content, name)
        expect(page.get_by_role("alert")).to_contain_text(words)
