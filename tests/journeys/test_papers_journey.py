"""Papers in the browser: one is corrected and its old code scanned, the register is taken home, own words are published."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.dossiers import paper_texts
from motcua.dossiers.models import AccessLog, Dossier, Paper, PaperText
from motcua.dossiers.operations import correction
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World, logged_in
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STAFF, PUBLIC = "http://canbo.localhost", "http://localhost"


@pytest.fixture
def world(db: None) -> World:
    return intake_world.build()


def renamed(world: World) -> Dossier:
    """A dossier taken in now, whose applicant's name was a slip of the pen."""
    now = timezone.now()
    dossier = take_in(world, at=now)
    correction.correct(
        dossier_id=dossier.pk, actor=world.actor("minh"), at=now, key=uuid4().hex,
        changes={"applicant_name": "Phạm Thị Hương Giáng"}, reason="Gõ nhầm",
    )  # fmt: skip
    return dossier


def scan(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(".mc-answer")


def test_a_paper_is_corrected_and_the_old_code_says_so(world: World, site: Client, page: Page) -> None:
    dossier = renamed(world)
    old = Paper.objects.get(dossier=dossier)
    logged_in(site, world.accounts["minh"])
    page.goto(f"{STAFF}/dossiers/{dossier.code}/")
    page.get_by_role("link", name="Sửa giấy đã giao").click()
    expect(page.locator("table")).to_contain_text("Phạm Thị Hương Giáng")
    page.get_by_label("Vì sao sửa").fill("Ghi nhầm tên chủ hồ sơ")
    page.get_by_role("button", name="Lập bản sửa").click()
    expect(page.get_by_text("Đã lập bản sửa.")).to_be_visible()
    expect(page.locator(".mc-printed")).to_contain_text("bản sửa lần 1")
    set_database_actor(SYSTEM)
    new = Paper.objects.get(replaces=old)
    mark = old.number.replace("/", "-")
    scan(page, f"{PUBLIC}/tra-cuu#{dossier.token}.a{mark}")
    expect(page.get_by_role("heading", name="Giấy anh/chị vừa quét không còn dùng")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"bản sửa lần 1, số {new.number}")
    assert "#" not in page.url  # neither token nor mark stays in the address
    set_database_actor(SYSTEM)
    scan(page, f"{PUBLIC}/tra-cuu#{dossier.token}")  # a code printed before there were marks
    expect(page.get_by_role("heading", name="Giấy đã được thay")).to_be_visible()


def test_the_register_is_taken_home(world: World, site: Client, page: Page) -> None:
    dossier = renamed(world)
    logged_in(site, world.accounts["minh"])
    page.goto(f"{STAFF}/")
    page.get_by_role("link", name="Sổ theo dõi hồ sơ").click()
    expect(page.locator(".mc-register")).to_contain_text(dossier.code)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải XLSX").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).active
    assert sheet is not None and sheet["E6"].value == "Phạm Thị Hương Giáng"
    set_database_actor(SYSTEM)
    assert AccessLog.objects.filter(dossier=dossier, reason__contains="XLSX").exists()


def _preview(site: Client) -> bytes:
    return bytes(site.get("/paper-texts/appointment_slip/preview.pdf", HTTP_HOST="canbo.localhost").content)


def test_an_administrator_words_the_slip(world: World, site: Client, page: Page) -> None:
    now = timezone.now()
    account = open_account(
        login_name="chi", full_name="Trần Kim Chi", account_kind=AccountKind.STAFF, actor=SYSTEM, at=now
    )
    unit = Unit.objects.get(agency=world.home, kind=UnitKind.CLERICAL)
    people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.BUSINESS_ADMIN,),
        valid_from=timezone.localdate(now), actor=SYSTEM, at=now,
    )  # fmt: skip
    logged_in(site, account)
    page.goto(f"{STAFF}/paper-texts/")
    page.get_by_role("link", name="Giấy tiếp nhận hồ sơ và hẹn trả kết quả").click()
    box = page.get_by_label("Ghi chú thêm ở cuối giấy")
    box.fill("Gặp {x.__class__}")
    page.get_by_role("button", name="Lưu nháp và xem khác biệt").click()
    expect(page.locator("#id_note-error")).to_contain_text("Dùng được: {xưng hô}")
    expect(box).to_have_value("Gặp {x.__class__}")
    box.fill("{Xưng hô} nhớ mang {mã hồ sơ}.")
    page.get_by_role("button", name="Lưu nháp và xem khác biệt").click()
    expect(page.get_by_role("heading", name="Xem lại trước khi ban hành")).to_be_visible()
    assert _preview(site).startswith(b"%PDF")
    page.get_by_role("button", name="Ban hành").click()
    expect(page.get_by_text("Đã ban hành lời văn mới")).to_be_visible()
    set_database_actor(SYSTEM)
    row = PaperText.objects.get()
    assert row.valid_from == timezone.localdate(now) + timedelta(days=1)
    assert (
        paper_texts.texts_on(world.home.pk, "appointment_slip", row.valid_from)["note"] == row.texts["note"]
    )
