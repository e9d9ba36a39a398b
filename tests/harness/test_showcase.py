"""The look: every component in both densities passes every checker, and keeps its budgets."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.harness import check
from tests.harness.axe import axe
from tests.harness.forced import forced
from tests.harness.hands import Hands
from tests.harness.vnu import Checker
from tests.harness.weight import page_weight

pytestmark = pytest.mark.browser

STAFF = "http://canbo.localhost/ui/"
PUBLIC = "http://localhost/thanh-phan"
HOME = f"{PUBLIC}/trang-dau"
TRACK = f"{PUBLIC}/theo-doi"
ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "motcua" / "ui" / "static" / "ui"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (STAFF, "ui-work"),
        pytest.param(f"{STAFF}?loi=1", "ui-work-errors", marks=pytest.mark.long),
        (PUBLIC, "ui-public"),
        pytest.param(f"{PUBLIC}?loi=1", "ui-public-errors", marks=pytest.mark.long),
    ],
)
def test_every_component_passes(page: Page, site: Client, vnu: Checker, address: str, name: str) -> None:
    page.goto(address)
    check.screen(page, vnu, name, whole=True)


def test_the_dark_theme_has_the_same_contrast(page: Page, site: Client) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{STAFF}?loi=1")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 18, 24)"
    assert axe(page) == []


def test_the_theme_switch_is_remembered_without_script(page: Page, site: Client) -> None:
    page.goto(STAFF)
    for theme in ("dark", "light"):
        page.click("[data-theme-switch]")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_the_focus_goes_to_the_faults_and_from_there_to_the_control(page: Page, site: Client) -> None:
    page.goto(f"{STAFF}?loi=1")
    assert page.title().startswith("Lỗi:")
    assert page.evaluate("document.activeElement.className") == "mc-errors"
    page.click(".mc-errors a[href='#id_channel_0']")
    assert page.evaluate("document.activeElement.id") == "id_channel_0"


def test_missing_pages_say_what_to_do(page: Page, site: Client, vnu: Checker) -> None:
    page.goto("http://localhost/khong-co-trang-nay")
    page.complaints.clear()  # type: ignore[attr-defined]  (the browser logs the 404 itself)
    assert [one for one in check.faults(page, vnu, html=False) if "404" not in one] == []


def test_budgets(page: Page, site: Client) -> None:
    weight = page_weight(page, PUBLIC)
    markup = weight.parts.pop(PUBLIC)  # the showcase is long; a page's own markup has its own budget
    assert weight.total <= 30_000, weight
    assert weight.total + 25_000 <= 60_000
    assert markup < 20_000
    own = sum(
        len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob("*.css") if path.name != "track.css"
    )
    assert own <= 13_500
    scripts = sum(len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob("js/*.js"))
    assert scripts <= 21_000  # what sends files (send, pages, photo) is fetched when a file is chosen
    assert len(gzip.compress((STATIC / "track.css").read_bytes(), 9)) <= 5_000


def test_figures_stand_in_columns(page: Page, site: Client) -> None:
    page.goto(STAFF)
    widths = page.evaluate(
        """async () => {
            await document.fonts.load("400 15px 'Motcua Figures'", "0");
            const place = document.querySelector(".mc-table tbody .is-time");
            return [..."0123456789"].map((digit) => {
                place.textContent = digit.repeat(10);
                const range = document.createRange();
                range.selectNodeContents(place);
                return Math.round(range.getBoundingClientRect().width);
            });
        }"""
    )
    assert len(set(widths)) == 1, widths


def test_print_needs_no_colour(page: Page, site: Client) -> None:
    page.goto(PUBLIC)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.mc-top__nav')).display") == "none"
    line = "getComputedStyle(document.querySelector('.mc-station.is-done'), '::before')"
    following = "getComputedStyle(document.querySelector('.mc-station.is-next'), '::before')"
    assert page.evaluate(f"{line}.borderLeftStyle + {line}.borderTopStyle") != page.evaluate(
        f"{following}.borderLeftStyle + {following}.borderTopStyle"
    )


def test_keys_press_buttons_and_never_disturb_typing(page: Page, site: Client) -> None:
    page.goto(STAFF)
    hands = Hands(page)
    page.evaluate(
        "addEventListener('click', (event) => { window.pressed = event.target.textContent.trim(); })"
    )
    hands.press("F6")
    assert "Yêu cầu bổ sung" in page.evaluate("window.pressed")
    hands.press("/")
    expect(page.locator("#bar-search")).to_be_focused()  # a key counts once it came alone
    hands.type("a/b")
    assert page.input_value("#bar-search") == "a/b"
    hands.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    assert page.input_value("#bar-search") == "a/b"
    hands.press("F4")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_enter_goes_on_and_never_submits_by_accident(page: Page, site: Client) -> None:
    page.goto(STAFF)
    hands = Hands(page)
    hands.press("F4")
    hands.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_code"
    hands.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_phone"
    page.focus("#id_channel_0")
    hands.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_papers_0"
    assert page.url == STAFF


def test_files_are_sent_one_by_one_and_a_refused_one_says_why(page: Page, site: Client) -> None:
    page.goto(STAFF)
    good = {"name": "to-khai.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    bad = {"name": "rong.pdf", "mimeType": "application/pdf", "buffer": b""}
    page.set_input_files("#id_scan", [bad])
    expect(page.locator(".mc-upload .govuk-error-message")).to_have_text("Tệp này rỗng. Xin chọn tệp khác.")
    page.set_input_files("#id_scan", [good])
    expect(page.locator("#id_scan-files")).to_contain_text("to-khai.pdf")


def test_a_pdf_is_printed_from_a_frame_of_this_host(page: Page, site: Client) -> None:
    page.goto(STAFF)
    Hands(page).press("F9")
    expect(page.locator("iframe.mc-frame")).to_have_attribute("src", re.compile("/ui/sample.pdf$"))
    page.wait_for_timeout(300)
    assert page.url == STAFF
    assert not check.complaints(page)
    paper = site.get("/ui/sample.pdf", HTTP_HOST="canbo.localhost")
    screen = site.get("/ui/", HTTP_HOST="canbo.localhost")
    assert "frame-ancestors 'self'" in paper.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in screen.headers["Content-Security-Policy"]


def test_a_partial_swap_carries_the_token_and_leaves_the_focus(page: Page, site: Client) -> None:
    page.goto(STAFF)
    sent: list[str | None] = []
    page.on(
        "request", lambda one: sent.append(one.header_value("x-csrftoken")) if one.method == "POST" else None
    )
    button = page.get_by_role("button", name="Lấy giờ máy chủ")
    button.focus()
    Hands(page).press("Enter")
    expect(page.locator("#clock")).to_have_text(re.compile(r"\d\d:\d\d .+ \d\d/\d\d/\d{4}"))
    expect(button).to_be_focused()
    assert sent and all(sent)
    assert not check.complaints(page)


CARD = "031088000123|123456789|Nguyễn Thị Ví Dụ|27031988|Nữ|Số 5 đường Ví Dụ|01012022"


def test_a_scan_reaches_its_field_from_anywhere_and_keeps_what_was_typed(page: Page, site: Client) -> None:
    page.goto(STAFF)
    hands = Hands(page)
    page.fill("#id_note", "đang gõ dở")
    page.focus("#id_note")
    hands.scan(CARD)
    assert page.input_value("#id_name") == CARD
    assert page.input_value("#id_note") == "đang gõ dở"
    hands.scan("H24.12-261121-0001")
    assert page.input_value("#id_code") == "H24.12-261121-0001"
    assert page.input_value("#id_note") == "đang gõ dở"


def test_slow_typing_is_not_a_scan(page: Page, site: Client) -> None:
    page.goto(STAFF)
    page.focus("#id_note")
    Hands(page).type("a|b|c|d|e|f|g")
    assert page.input_value("#id_note") == "a|b|c|d|e|f|g"
    assert page.input_value("#id_name") == "Nguyễn Thị Thùy Dương"


def test_each_field_is_saved_and_a_broken_link_is_said(page: Page, site: Client) -> None:
    page.goto(STAFF)
    page.fill("#id_phone", "0912345678")
    page.locator("#id_phone").blur()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"đã lưu \d\d:\d\d"))
    page.context.route("**/ui/save", lambda route: route.abort())
    page.fill("#id_phone", "0987654321")
    page.locator("#id_phone").blur()
    expect(page.locator("[data-saved]")).to_have_text(re.compile("chưa lưu"))
    page.context.unroute("**/ui/save")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("đã lưu"))
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_the_combobox_works_by_keys_alone(page: Page, site: Client) -> None:
    page.goto(STAFF)
    hands = Hands(page)
    page.focus("#id_procedure")
    hands.type("KS")
    hands.press("Enter")
    expect(page.locator("#id_procedure")).to_have_value("Đăng ký khai sinh")
    assert hands.keys == 3
    page.fill("#id_procedure", "")
    hands.type("dang ky")
    page.wait_for_selector("#id_procedure[aria-expanded=true]")
    assert axe(page) == []
    hands.press("ArrowDown")
    hands.press("ArrowDown")
    assert page.get_attribute("#id_procedure", "aria-activedescendant")
    hands.press("Escape")
    assert page.get_attribute("#id_procedure", "aria-expanded") == "false"
    assert page.input_value("#id_procedure") == "dang ky"


def test_everything_can_be_read_without_script(browser: Browser, site: Client, page: Page) -> None:
    context = browser.new_context(java_script_enabled=False)
    for copier in page.motcua_routes:  # type: ignore[attr-defined]
        copier(context)
    plain = context.new_page()
    plain.goto(PUBLIC)
    assert plain.locator(".mc-route").first.inner_text().startswith("Tiếp nhận")
    assert plain.locator("#id_procedure").is_editable()
    context.close()


def test_the_tracking_model_is_light_and_needs_no_script(page: Page, site: Client, vnu: Checker) -> None:
    page.goto(TRACK)
    check.screen(page, vnu, "ui-track", whole=True)
    weight = page_weight(page, TRACK)
    assert weight.total <= 30_000, weight
    assert not any(url.endswith(".js") for url in weight.parts)


@pytest.mark.long
def test_the_front_page_model(page: Page, site: Client, vnu: Checker) -> None:
    page.goto(HOME)
    check.screen(page, vnu, "ui-home", whole=True)
    weight = page_weight(page, HOME)
    assert weight.total <= 60_000, weight


def test_the_tracking_sheet_follows_the_common_one() -> None:
    subprocess.run([sys.executable, "scripts/track_sheet.py", "--check"], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    "address", [STAFF, PUBLIC, *(pytest.param(one, marks=pytest.mark.long) for one in (HOME, TRACK))]
)
def test_forced_colours_and_reduced_motion_lose_nothing(page: Page, site: Client, address: str) -> None:
    """On a white ground here; `check.faults` asks every page of the table on a black one."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(address)
    assert axe(page) == []
    assert forced(page, "white") == []
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    durations = "[...document.querySelectorAll('*')].map((one) => getComputedStyle(one).transitionDuration)"
    assert set(page.evaluate(durations)) == {"0s"}


def test_a_scan_without_enter_is_taken_after_a_pause(page: Page, site: Client) -> None:
    page.goto(STAFF)
    page.focus("#id_note")
    Hands(page).scan("H24.12-261121-0042", enter=False)
    expect(page.locator("#id_code")).to_have_value("H24.12-261121-0042")
    expect(page.locator("#id_note")).to_have_value("")


@pytest.mark.parametrize("enter", [True, False])
def test_a_scan_on_a_busy_machine_is_a_scan(page: Page, site: Client, enter: bool) -> None:
    """Longer between two keys than the page waits for the end: the machine's doing, not the scanner's."""
    page.goto(STAFF)
    page.focus("#id_note")
    Hands(page).scan("H24.12-261121-0042", enter=enter, stall=0.5)
    expect(page.locator("#id_code")).to_have_value("H24.12-261121-0042")
    expect(page.locator("#id_note")).to_have_value("")


def test_letters_just_typed_are_not_lost_silently(page: Page, site: Client) -> None:
    page.goto(STAFF)
    page.focus("#id_phone")
    Hands(page).type("0912")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
