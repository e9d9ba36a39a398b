"""A form from a paper one, made in a browser by one administrator, approved by another, filled in by a citizen."""

import time
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from motcua.accounts import sessions
from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import Agency, AgencyLevel, Position, Unit
from motcua.eforms import building, queries
from motcua.eforms.models import FormDraft
from motcua.eforms.tests.test_building import a_procedure

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.long]
STAFF, PUBLIC = "http://canbo.localhost", "http://localhost"

#: Three sections, twelve questions: what a district's paper form for the use of a hall asks.
PAPER = [
    ("Người đề nghị", [
        ("Họ và tên", "name"), ("Ngày sinh", "date"), ("Số định danh", "personal_id"), ("Điện thoại", "phone"),
        ("Thư điện tử", "email"),
    ]),
    ("Việc dùng hội trường", [
        ("Dùng để", "choice"), ("Việc khác là", "text"), ("Ngày dùng", "date"), ("Số người dự", "number"),
        ("Có dùng loa đài", "yes_no"),
    ]),
    ("Cam kết", [("Người chịu trách nhiệm", "name"), ("Ghi thêm", "long")]),
]  # fmt: skip


@pytest.fixture
def enter(db: None, site: Any) -> Any:
    """Log an administrator in."""
    level = AgencyLevel.objects.create(code="commune", name="Xã", rank=3)
    agency = Agency.objects.create(name="UBND xã A", short_name="A", level=level, opened_on=date(2025, 7, 1))
    unit = Unit.objects.create(agency=agency, name="Văn phòng", kind="support", valid_from=date(2025, 7, 1))

    def become(name: str) -> None:
        account = Account.objects.create(
            login_name=name, full_name=name, account_kind=AccountKind.STAFF, created_at=timezone.now()
        )
        Position.objects.create(
            account=account, unit=unit, title="Cán bộ", roles=["business_admin"], valid_from=date(2025, 7, 1)
        )
        site.force_login(account)
        session = site.session
        session[sessions.SECOND_FACTOR] = account.pk
        session.save()

    return become


def test_from_paper_to_a_citizen(page: Page, enter: Any, capsys: pytest.CaptureFixture[str]) -> None:
    procedure = a_procedure("9.990077", "Cho dùng hội trường")
    enter("chi")
    start = time.monotonic()
    page.goto(f"{STAFF}/procedures/{procedure.pk}/form/new/")
    page.fill("#id_title", "Đơn đề nghị dùng hội trường")
    page.get_by_role("button", name="Bắt đầu soạn").click()
    for title, questions in PAPER:
        with page.expect_navigation():
            page.fill("#label-section", title)
            page.locator("#label-section").press("Enter")
        key = building.key_from(title, set())
        for label, kind in questions:
            expect(page.locator(f"#label-{key}")).to_be_focused()
            with page.expect_navigation():
                page.fill(
                    "input:focus", label
                )  # keys at a program's pace would be taken for a card scanner's
                page.select_option(f"#kind-{key}", kind)
                page.locator(f"#label-{key}").press("Enter")
            if kind == "choice":
                page.fill("#id_options", "Cưới hỏi\nHọp\nkhac: Việc khác")
                page.get_by_role("button", name="Lưu").click()
                page.locator(f"#label-{key}").focus()
    _refine(page)
    draft = FormDraft.objects.get()
    _preview(page)
    _trial(page)
    page.goto(f"{STAFF}/procedures/{procedure.pk}/form/drafts/{draft.pk}/send/")
    page.fill("#id_day", f"{timezone.localdate():%d/%m/%Y}")
    page.locator("main").get_by_role("button", name="Gửi duyệt").click()
    enter("dung")
    page.goto(f"{STAFF}/procedures/{procedure.pk}/form/approvals/{draft.approvals.get().pk}/")
    page.get_by_role("button", name="Duyệt", exact=False).first.click()
    expect(page.locator("main")).to_contain_text("Đang dùng")
    seconds = time.monotonic() - start
    definition = queries.definition_on("9.990077", timezone.localdate())
    assert definition is not None and queries.form(definition).counted() == 12
    page.goto(f"{PUBLIC}/to-khai/moi/9.990077/")
    page.get_by_role("button", name="Bắt đầu điền").click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Lan")
    page.get_by_role("button", name="Lưu và sang phần sau").click()
    expect(page.locator(".mc-errors")).to_contain_text("Số định danh")
    with capsys.disabled():
        print(f"\n12 questions, 3 sections, trial, two people: {seconds:.1f} s")


def _refine(page: Page) -> None:
    """Say when a question is asked and that one may stay empty: the second half of making a form."""
    page.get_by_role("link", name="Việc khác là").click()
    page.select_option("#id_show_pick", label="Dùng để: Việc khác")
    page.get_by_role("button", name="Lưu").click()
    for label in ("Thư điện tử", "Ghi thêm"):
        page.get_by_role("link", name=label).click()
        page.uncheck("#id_required")
        page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text("chỉ hỏi khi dung_de = khac")


def _preview(page: Page) -> None:
    page.get_by_role("link", name="Xem như người dân").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Hùng")
    page.get_by_role("button", name="Lưu và sang phần sau").click()
    expect(page.locator(".mc-errors")).to_contain_text("Ngày sinh")
    page.get_by_role("link", name="Xem tất cả trên một trang").click()
    _answer(page)
    expect(page.get_by_label("Việc khác là")).to_be_hidden()
    page.get_by_role("button", name="Lưu và xem lại tờ khai").click()
    expect(page.locator("main")).to_contain_text("Trần Văn Hùng")


def _answer(page: Page) -> None:
    page.get_by_label("Họ và tên").fill("Trần Văn Hùng")
    for name, year in (("ngay_sinh", "1993"), ("ngay_dung", "2030")):
        for part, text in (("day", "1"), ("month", "5"), ("year", year)):
            page.fill(f"[name='{name}.{part}']", text)
    page.get_by_label("Số định danh").fill("031093004321")
    page.get_by_label("Điện thoại").fill("0912 345 678")
    page.get_by_label("Họp").check()
    page.get_by_label("Số người dự").fill("80")
    page.locator("[name=co_dung_loa_dai][value=no]").check()
    page.get_by_label("Người chịu trách nhiệm").fill("Trần Văn Hùng")


def _trial(page: Page) -> None:
    page.get_by_role("button", name="Giữ làm ca thử").click()
    page.fill("#id_name", "Họp, không loa đài")
    expect(page.locator("[name='expect:viec_khac_la']")).to_have_value("hidden")
    page.get_by_role("button", name="Lưu ca thử").click()
    expect(page.locator("main")).to_contain_text("Đạt")
