"""A land dossier through three agencies on the running product: counter, land office, tax office, and the slip's QR."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from motcua.dossiers.tests.intake_world import CARD
from tests.harness import check
from tests.harness.fixtures import watch
from tests.harness.hands import Hands
from tests.harness.live import LiveSite
from tests.harness.screens import screens
from tests.harness.vnu import Checker
from tests.journeys.test_dossier_journey import Office, do, office, open_by_keyboard, scan_of_a_paper, send
from tests.journeys.test_intake_keystrokes import printer

__all__ = ["office"]
pytestmark = pytest.mark.browser

TAX = "Thuế cơ sở 6 thành phố Hải Phòng"
PHONE, DESK = 360, 1366


@pytest.fixture(scope="module", autouse=True)
def worker(live_site: LiveSite) -> Iterator[None]:
    """The process that carries news from one agency's dossier to another's."""
    process = subprocess.Popen([sys.executable, "-m", "motcua.cli.main", "worker"], env=live_site.environment)
    yield
    process.terminate()
    process.wait(timeout=30)


def take_in(office: Office) -> tuple[str, str]:
    """Minh takes the dossier in with the scanner; returns its code and what the QR of the slip says."""
    page = office.officer("minh")
    hands = Hands(page)
    page.printed = []  # type: ignore[attr-defined]
    page.context.route(re.compile(r"/papers/.+\.pdf$"), lambda route: printer(page, route))
    page.goto(f"{office.site.staff}/")
    hands.press("F2")
    page.wait_for_selector("#intake")
    for _try in range(3):
        hands.scan(CARD)
        try:
            expect(page.locator('[data-notes=""]')).to_contain_text("Đã đọc thẻ", timeout=8000)
            break
        except AssertionError:
            page.fill("#id_card", "")
    _focused(page, "procedure")
    hands.type("1.013831")
    hands.press("Enter")
    _focused(page, "variant")
    hands.press("Enter")
    page.wait_for_function("() => document.activeElement?.matches('.mc-paper')")
    hands.press("a")
    hands.press("Enter")
    _focused(page, "phone")
    hands.type("0912345678")
    hands.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    screens(page, "land-taken", (PHONE, DESK))
    code = page.locator(".mc-taken__code").inner_text().replace(" ", "").replace("\n", "").strip()
    picture = page.locator(".mc-taken__qr").screenshot()
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code, read.text


def _focused(page: Page, name: str) -> None:
    page.wait_for_function("(name) => document.activeElement?.name === name", arg=name)


def do_next(office: Office, name: str, code: str, key: str, **fields: str) -> Page:
    """Let an officer do the next thing: open the dossier, call the act by its key, fill in, send."""
    page = office.officer(name)
    page.goto(f"{office.site.staff}/dossiers/{code}/")
    do(page, key)
    for field, text in fields.items():
        page.fill(f"#act [name={field}]", text)
    return page


def child_of(page: Page) -> str:
    href = page.locator("#part-children ~ .mc-said a").first.get_attribute("href")
    return str(href).strip("/").split("/")[-1]


def scanned(browser: Browser, address: str, name: str, vnu: Checker) -> Page:
    """A citizen's phone that scans the slip and shows where the dossier is."""
    context = browser.new_context(locale="vi-VN", viewport={"width": PHONE, "height": 740})
    page = context.new_page()
    watch(page)
    page.goto(address)
    page.wait_for_selector(".mc-answer")
    screens(page, name, (PHONE, DESK))
    found = [fault for fault in check.faults(page, vnu, html=False) if not fault.startswith("page: ")]
    assert found == []
    return page


@pytest.mark.timeout(900)  # eight people log in, each in a browser of their own
def test_a_land_dossier_passes_through_three_agencies(office: Office, browser: Browser, vnu: Checker) -> None:
    code, address = take_in(office)
    assert code.startswith("H24.12-")
    address = f"{office.site.public}/{address.split('/', 3)[3]}"

    land = do_next(office, "khanh", code, "c")
    expect(land.locator("#act .mc-act__title")).to_have_text("Chuyển bước: Có nghĩa vụ tài chính")
    send(land)
    expect(land.locator("[data-act].is-primary")).to_contain_text("Mở hồ sơ liên thông")
    do(land, "m")
    expect(land.locator("#act [name=target] option:checked")).to_contain_text("nghĩa vụ tài chính")
    screens(land, "land-open-child", (PHONE, DESK))
    send(land)
    expect(land.locator(".mc-head")).to_contain_text(TAX)
    expect(land.locator(".mc-head")).to_contain_text("Chờ cơ quan khác")
    expect(land.locator("body")).to_contain_text("đồng hồ đang dừng")
    expect(land.locator(".mc-head")).to_contain_text("dừng, còn")
    check.screen(land, vnu, "land-waiting")
    child = child_of(land)
    land.goto(f"{office.site.staff}/dossiers/{code}/due/")
    screens(land, "land-due-waiting", (PHONE, DESK))

    phone = scanned(browser, address, "land-track-waiting", vnu)
    expect(phone.locator("h1")).to_contain_text(TAX)
    expect(phone.locator("main")).to_contain_text("Phần việc của cơ quan khác")
    expect(phone.locator("main")).to_contain_text("Hẹn xong")
    assert child not in phone.content()
    phone.context.close()

    tax = office.officer("loc")
    tax.goto(f"{office.site.staff}/")
    expect(tax.locator("[data-line]", has_text=child.rpartition("-")[2]).first).to_be_visible()
    screens(tax, "land-tax-list", (PHONE, DESK))
    open_by_keyboard(tax, child)
    check.screen(tax, vnu, "land-tax-child")
    tax.get_by_role("link", name=code).first.click()
    tax.wait_for_url(f"**/dossiers/{code}/**")
    expect(tax.locator("#papers")).to_contain_text("Giấy chứng nhận đã cấp")
    do_next(office, "loc", child, "r", content="Lệ phí trước bạ 0,5%, thuế thu nhập 2%.")
    send(tax)
    send(do_next(office, "phuc", child, "d"))
    do_next(office, "loc", child, "p")
    tax.set_input_files(
        "#act input[type=file]",
        {"name": "thong-bao.jpg", "mimeType": "image/jpeg", "buffer": scan_of_a_paper()},
    )
    send(tax)

    cashier = office.officer("kim")
    waits_for_money(cashier, office, code)
    cashier.locator(".mc-said a", has_text="thong-bao.jpg").click()
    cashier.locator("#look img").evaluate("(picture) => picture.decode()")
    screens(cashier, "land-notice", (PHONE, DESK))
    phone = scanned(browser, address, "land-track-pay", vnu)
    expect(phone.locator(".mc-answer")).to_contain_text("Thông báo nộp tiền số")
    phone.context.close()
    do_next(office, "kim", code, "u", note="Giấy nộp tiền ngày hôm nay")
    send(cashier)

    open_by_keyboard(land, code)
    expect(land.locator(".mc-head")).not_to_contain_text("Chờ cơ quan khác")
    land.goto(f"{office.site.staff}/dossiers/{code}/due/")
    expect(land.locator("body")).to_contain_text("Cơ quan thuế xác định nghĩa vụ tài chính")
    screens(land, "land-due-after", (PHONE, DESK))
    do_next(office, "khanh", code, "r", content="Đã chỉnh lý hồ sơ địa chính.")
    send(land)
    send(do_next(office, "vinh", code, "d"))
    send(do_next(office, "tam", code, "p"))
    desk = do_next(office, "mai", code, "t")
    send(desk)
    expect(desk.locator(".mc-head")).to_contain_text("Đã trả kết quả")
    check.screen(desk, vnu, "land-returned")
    phone = scanned(browser, address, "land-track-returned", vnu)
    expect(phone.locator("h1")).to_contain_text("Kết quả đã trao")
    phone.context.close()


def waits_for_money(page: Page, office: Office, code: str) -> None:
    """Wait until the tax office's notice has come to the parent: the worker carries it within seconds."""
    for _try in range(30):
        page.goto(f"{office.site.staff}/dossiers/{code}/")
        if page.locator("[data-act].is-primary", has_text="Tiếp tục giải quyết").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".mc-head")).to_contain_text("Chờ nộp tiền")
    screens(page, "land-pay", (PHONE, DESK))


def test_the_demo_shows_land_dossiers_in_every_place(office: Office, vnu: Checker) -> None:
    """One waits at the tax office, one came back without a result, one has to be paid for, one is finished."""
    site = office.site
    land = office.officer("quyen")
    land.goto(f"{site.staff}/?list=unit")
    for step in ("Cơ quan thuế xác định", "Chuyển thông tin sang"):
        expect(land.locator("[data-line]", has_text=step).first).to_be_visible()
    check.screen(land, vnu, "land-list")
    _look_into(land, site, "dừng, còn", "land-demo-waiting", vnu)
    expect(land.locator("#part-children ~ .mc-said")).to_contain_text("Bên đó hẹn xong")
    expect(land.locator(".mc-head .mc-bar__pause, .mc-head [class*=pause]").first).to_be_attached()
    land.goto(f"{site.staff}/?list=unit")
    _look_into(land, site, "Cơ quan thuế xác định", "land-demo-failed", vnu)  # the one whose clock runs
    expect(land.locator("#part-children ~ .mc-said")).to_contain_text("ghi sai số thửa")
    desk = office.officer("minh")
    desk.goto(f"{site.staff}/search?q=bien+dong")
    finished = desk.locator("tr, li", has_text="Đã trả kết quả").locator("a[href*='/dossiers/H24.12']").first
    desk.goto(f"{site.staff}{finished.get_attribute('href')}")
    check.screen(desk, vnu, "land-demo-finished")
    desk.goto(f"{desk.url}due/")
    expect(desk.locator("body")).to_contain_text("Cơ quan thuế xác định nghĩa vụ tài chính")
    check.screen(desk, vnu, "land-demo-due")
    cashier = office.officer("kim")
    cashier.goto(f"{site.staff}/")
    expect(cashier.locator("[data-line]", has_text="nghĩa vụ tài chính").first).to_be_visible()
    leader = office.officer("phuc")
    leader.goto(f"{site.staff}/")
    expect(leader.locator("[data-line]").first).to_be_visible()
    leader.goto(f"{site.staff}/?list=agency-late")
    expect(leader.locator("[data-line]")).to_have_count(1)
    screens(leader, "land-tax-late", (PHONE, DESK))


def _look_into(page: Page, site: LiveSite, words: str, name: str, vnu: Checker) -> None:
    """Open the first row that says `words`, and let every checker and a pair of eyes look at it."""
    href = page.locator("[data-line]", has_text=words).locator("th a").first.get_attribute("href")
    page.goto(f"{site.staff}{href}")
    check.screen(page, vnu, name)


def test_what_is_not_the_tax_offices_is_not_there_for_it(office: Office) -> None:
    site = office.site
    receiver = office.officer("minh")
    receiver.goto(f"{site.staff}/?list=unit")
    tax = office.officer("loc")
    own = office.officer("duc")
    own.goto(f"{site.staff}/?list=unit")
    href = own.locator("[data-line] th a").first.get_attribute("href")
    answer = tax.goto(f"{site.staff}{href}")
    assert answer is not None and answer.status == 404
    tax.complaints.clear()  # type: ignore[attr-defined]  (the browser logs the 404 itself)
