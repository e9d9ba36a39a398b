"""One dossier through an office, by keyboard, on the running product: from the card to the citizen's phone."""

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conftest import need
from tests.harness import check
from tests.harness.fixtures import _SPY, watch
from tests.harness.hands import Hands
from tests.harness.live import LiveSite
from tests.harness.programs import SCREENS
from tests.harness.screens import PICTURES, screens
from tests.harness.vnu import Checker
from tests.journeys.test_intake_keystrokes import (
    WITH_CARD,
    begin,
    focused,
    on_paper,
    only_keys,
    printer,
    scan_card,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # the way through everything

STEPS = 16
PATIENCE = 30_000  # ms for an answer; how fast answers are is measured elsewhere
PAPERS = re.compile(r"/papers/.+\.pdf$")


class Office:
    """The browsers of several officers, each with a session of their own."""

    def __init__(self, browser: Browser, site: LiveSite) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.pages: dict[str, Page] = {}

    def officer(self, name: str) -> Page:
        """Return the page of this officer, logged in through the real log-in page the first time."""
        if name not in self.pages:
            context = self.browser.new_context(
                locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1366, "height": 768}
            )
            context.add_init_script(_SPY)
            self.contexts.append(context)
            page = context.new_page()
            watch(page)
            self.site.log_in(page, name)
            self.pages[name] = page
        return self.pages[name]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="module")
def office(browser: Browser, live_site: LiveSite):  # type: ignore[no-untyped-def]
    made = Office(browser, live_site)
    yield made
    made.close()


def scan_of_a_paper() -> bytes:
    """A picture such as a scanner makes."""
    picture = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 767, 1109), outline="black", width=3)
    draw.text((120, 120), "QUYET DINH", fill="black")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def do(page: Page, key: str) -> None:
    """Call an action by its key and wait for its form."""
    page.wait_for_load_state("networkidle")
    page.keyboard.press(key)
    expect(page.locator("#act form")).to_be_visible(timeout=PATIENCE)


def send(page: Page) -> None:
    """Send the open form and read that it was saved."""
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mc-notice.is-good").first).to_contain_text("Đã lưu", timeout=PATIENCE)


def open_by_keyboard(page: Page, code: str) -> None:
    """Search by code from the keyboard: "/" then the code then Enter."""
    page.keyboard.press("/")
    expect(page.locator("#bar-search")).to_be_focused()
    page.keyboard.type(code, delay=45)  # faster would be a scanner
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/dossiers/{code.upper()}/")


def fetched(page: Page, path: str) -> dict[str, str]:
    """Ask for `path` from inside the page, as its own scripts and frames do."""
    answer = page.evaluate(
        """async (path) => {
            const answer = await fetch(path, {redirect: "manual"});
            const body = answer.ok ? await answer.text() : "";
            return {status: String(answer.status), start: body.slice(0, 4),
                type: answer.headers.get("content-type") ?? "",
                policy: answer.headers.get("content-security-policy") ?? ""};
        }""",
        path,
    )
    return dict(answer)


def waiting_for(page: Page, step: str) -> str:
    """Return the code of the first row whose step reads `step`."""
    row = page.locator("[data-line]", has_text=step).first
    link = row.locator("th a")
    return str(link.get_attribute("href")).split("/")[2]


@pytest.mark.long
def test_lists_pass_every_check(office: Office, vnu: Checker) -> None:
    page = office.officer("duc")
    page.goto(f"{office.site.staff}/")
    check.screen(page, vnu, "desk-list")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-line].is-here")).to_have_count(1)
    expect(page.locator("#peek .mc-route")).to_be_visible()
    screens(page, "desk-list-peek", (1366,))
    href = page.locator("[data-line].is-here a").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")
    page.keyboard.press("2")
    page.wait_for_url("**/?list=soon")


def test_a_dossier_goes_from_the_counter_to_the_citizens_phone(
    office: Office, vnu: Checker, tmp_path: Path
) -> None:
    """F2 and a scanned card at the counter; six officers by keyboard; the result in hand; the phone last."""
    site = office.site
    code, slip = take_in(office, vnu, tmp_path)
    with phone(office) as citizen:
        scan_the_slip(citizen, vnu, slip, "journey-phone-1-taken", "Hẹn trả")
        assert "Phạm" not in citizen.content()

    head = office.officer("duc")
    open_by_keyboard(head, code.lower())
    check.screen(head, vnu, "desk-detail")
    do(head, "g")
    check.screen(head, vnu, "desk-assign")
    head.locator("#act label", has_text="Đỗ Thị Hoa").click()
    send(head)

    clerk_of_the_case = office.officer("hoa")
    open_by_keyboard(clerk_of_the_case, code)
    scan = tmp_path / "giay-to.jpg"
    scan.write_bytes(scan_of_a_paper())
    clerk_of_the_case.locator(".mc-drop__input").first.set_input_files(scan)
    link = clerk_of_the_case.locator(".mc-file a", has_text="giay-to.jpg").first
    expect(link).to_be_visible()
    link.click()
    clerk_of_the_case.locator("#look img").evaluate("(picture) => picture.decode()")
    screens(clerk_of_the_case, "desk-papers-beside", (1366,))
    did: list[str] = []
    for _step in range(STEPS):
        did.append(_forward(office, code))
        if did[-1] == "thu":  # the scanned result is there, and the phone says where to fetch it
            with phone(office) as citizen:
                scan_the_slip(citizen, vnu, slip, "journey-phone-2-ready", "Mang giấy tiếp nhận")
        if did[-1] == "mai":
            break
    assert did == ["hoa", "duc", "tuan", "thu", "mai"]  # specialist, head, leader, clerk, return desk
    returned = office.officer("mai")
    returned.goto(f"{site.staff}/dossiers/{code}/")
    expect(returned.locator(".mc-head")).to_contain_text("Đã trả kết quả")
    result = returned.locator(".mc-file", has_text="ket-qua.jpg").first
    expect(result).to_be_visible()
    check.screen(returned, vnu, "desk-returned")

    with phone(office) as citizen:
        scan_the_slip(citizen, vnu, slip, "journey-phone-3-returned", "Trả lúc")
    with phone(office, script=False) as citizen:
        citizen.goto(slip.address)  # the camera opens the same address; without script the form is left
        citizen.fill("#code", code)
        citizen.fill("#secret", slip.secret)
        citizen.click("#track button")
        expect(citizen.locator(".mc-answer")).to_contain_text("Trả lúc")
        screens(citizen, "journey-phone-4-no-script", (360,))


def test_a_slip_with_another_token_shows_nothing(office: Office) -> None:
    """Control: the phone's page comes from the token alone."""
    with phone(office) as citizen:
        citizen.goto(f"{office.site.public}/tra-cuu#{'A' * 22}")
        expect(citizen.locator("#problem")).to_contain_text("Không tìm thấy")
        assert citizen.locator(".mc-answer").count() == 0


@dataclass(frozen=True)
class Slip:
    """What stands on the citizen's paper: the address in its QR code, and the six letters."""

    address: str
    secret: str


def take_in(office: Office, vnu: Checker, folder: Path) -> tuple[str, Slip]:
    """F2, a scanned card, four letters of the procedure, every paper there, Ctrl+Enter; return code and slip."""
    page = office.officer("minh")
    page.printed = []  # type: ignore[attr-defined]
    page.context.route(PAPERS, lambda route: printer(page, route))
    page.goto(f"{office.site.staff}/")
    screens(page, "desk-counter", (1366,))
    hands = Hands(page)
    begin(hands)
    scan_card(hands)
    page.complaints.clear()  # type: ignore[attr-defined]  (a scan that this machine broke in two answers 422)
    focused(page, "procedure")
    hands.think()
    hands.type("gpxd")
    hands.press("Enter")
    focused(page, "variant")
    hands.press("Enter")
    on_paper(page)
    hands.press("a")
    hands.press("Enter")
    focused(page, "phone")
    hands.type("0912345678")
    hands.think()
    screens(page, "journey-intake", (1366,))
    hands.press("Control+Enter")
    page.wait_for_selector(".mc-taken")
    only_keys(hands, WITH_CARD)
    # The last field is saved by itself while the whole page is sent; a save that comes second finds the draft taken in (409).
    page.complaints[:] = [one for one in page.complaints if "409" not in one]  # type: ignore[attr-defined]
    check.screen(page, vnu, "journey-taken")
    page.wait_for_function("() => document.querySelector('iframe.mc-frame')")
    (address,) = page.printed  # type: ignore[attr-defined]
    code = address.split("/dossiers/")[1].split("/")[0]
    page.context.unroute(PAPERS)
    return code, read_slip(fetched_paper(page, address), code, folder)


def fetched_paper(page: Page, address: str) -> bytes:
    """Fetch a printed paper as the frame that prints it does."""
    kind, policy, body = page.evaluate(
        """async (address) => {
            const answer = await fetch(address);
            const bytes = new Uint8Array(await answer.arrayBuffer());
            const text = Array.from(bytes, (one) => String.fromCharCode(one)).join("");
            const {headers} = answer;
            return [headers.get("content-type"), headers.get("content-security-policy"), btoa(text)];
        }""",
        address,
    )
    assert kind == "application/pdf" and "frame-ancestors 'self'" in policy
    return base64.b64decode(body)


def read_slip(made: bytes, code: str, folder: Path) -> Slip:
    """Read the paper as others do: Poppler draws it, ZBar finds the codes."""
    (folder / "slip.pdf").write_bytes(made)
    draw = [need("pdftoppm", "poppler-utils"), "-r", "200", "-png", "-f", "1", "-l", "1", "slip.pdf", "slip"]
    subprocess.run(draw, cwd=folder, check=True)
    picture = next(folder.glob("slip*.png"))
    if PICTURES:
        shutil.copy(picture, SCREENS / "journey-slip.png")
    seen = [need("zbarimg", "zbar-tools"), "-q", str(picture)]
    read = dict(
        line.split(":", 1)
        for line in subprocess.run(seen, capture_output=True, text=True, check=True).stdout.split()
    )
    assert read["CODE-128"] == code
    text = subprocess.run(
        [need("pdftotext", "poppler-utils"), "-l", "1", "slip.pdf", "-"], cwd=folder, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    (secret,) = set(re.findall(r"\b[0-9A-Z]{3} [0-9A-Z]{3}\b", text))
    return Slip(read["QR-Code"], secret)


@contextmanager
def phone(office: Office, *, script: bool = True) -> Iterator[Page]:
    """A citizen's phone, 360 px wide, that has never been here."""
    context = office.browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 360, "height": 740}, is_mobile=True,
        has_touch=True, java_script_enabled=script,
    )  # fmt: skip
    context.add_init_script(_SPY)
    page = context.new_page()
    watch(page)
    yield page
    context.close()


def scan_the_slip(page: Page, vnu: Checker, slip: Slip, name: str, words: str) -> None:
    """Open the address of the QR code as a camera does, and look at what stands there."""
    with page.expect_response(lambda one: one.request.method == "POST") as answered:
        page.goto(slip.address)
    expect(page.locator(".mc-answer")).to_contain_text(words)
    assert "#" not in page.url
    check.screen(page, vnu, name, html=answered.value.text())


def _forward(office: Office, code: str) -> str:
    """Let whoever has the dossier do the next thing with the keyboard; return who it was."""
    for name, key in (
        ("mai", "t"),
        ("thu", "p"),
        ("tuan", "d"),
        ("duc", "r"),
        ("hoa", "r"),
        ("hoa", "c"),
        ("duc", "c"),
    ):
        page = office.officer(name)
        page.goto(f"{office.site.staff}/dossiers/{code}/")
        if page.locator(f'[data-act].is-primary[data-key="{key.upper()}"]').count() == 0:
            continue
        do(page, key)
        if name == "thu":
            page.set_input_files(
                "#act input[type=file]",
                {"name": "ket-qua.jpg", "mimeType": "image/jpeg", "buffer": scan_of_a_paper()},
            )
        for group in page.locator("#act fieldset", has=page.locator("[name=choice]")).all():
            group.locator("input").first.check()
        if page.locator("#act [name=content]").count():
            page.fill("#act [name=content]", "Hồ sơ đủ điều kiện theo quy định.")
        screens(page, f"desk-{key}-{name}", (1366,))
        send(page)
        return name
    raise AssertionError(f"nobody has {code}")


def test_two_officers_on_one_dossier_lose_nothing(office: Office, vnu: Checker) -> None:
    """The second to send sees why, what changed, and the own text still in the form."""
    site = office.site
    head = office.officer("duc")
    head.goto(f"{site.staff}/?list=unit")
    code = waiting_for(head, "")
    open_by_keyboard(head, code)
    do(head, "g")
    head.locator("#act [name=to_position]").first.check()
    head.fill("#act [name=note]", "Ưu tiên hồ sơ này.")
    other = head.context.new_page()
    watch(other)
    other.goto(f"{site.staff}/dossiers/{code}/do/assign/")
    other.locator("#act [name=to_position]").first.check()
    send(other)
    other.close()
    head.keyboard.press("Control+Enter")
    # A dossier that is late by now says so above: the refusal is looked for by its words.
    expect(head.locator(".mc-errors, .mc-notice.is-late", has_text="Hồ sơ đã thay đổi").first).to_be_visible()
    expect(head.locator("body")).to_contain_text("Ưu tiên hồ sơ này.")
    head.complaints.clear()  # type: ignore[attr-defined]  (the browser logs the 409 itself)
    screens(head, "desk-conflict", (1366,))


def test_a_new_date_is_judged_while_it_is_picked(office: Office, vnu: Checker) -> None:
    page = office.officer("tuan")
    page.goto(f"{office.site.staff}/?list=agency")
    links = [str(one.get_attribute("href")) for one in page.locator("[data-line] th a").all()[:8]]
    href = next(one for one in links if fetched(page, f"{one}do/extend/")["status"] == "200")
    page.goto(f"{office.site.staff}{href}")
    do(page, "h")
    page.locator(".mc-pick").nth(1).click()
    expect(page.locator("#extend-check")).to_contain_text("ngày làm việc")
    page.fill("[name=new_day]", "2/1/2027")  # a Saturday
    page.dispatch_event("[name=new_day]", "input")
    expect(page.locator("#extend-check")).to_contain_text("ngày nghỉ")
    check.screen(page, vnu, "desk-extend")


@pytest.mark.long
def test_due_search_and_workflow_pass_every_check(office: Office, vnu: Checker) -> None:
    page = office.officer("hoa")
    page.goto(f"{office.site.staff}/search?q=nguyen")
    check.screen(page, vnu, "desk-search")
    page.goto(f"{office.site.staff}/?list=unit")
    code = waiting_for(page, "")
    page.goto(f"{office.site.staff}/dossiers/{code}/due/")
    check.screen(page, vnu, "desk-due")
    page.goto(f"{office.site.staff}/dossiers/{code}/workflow/")
    check.screen(page, vnu, "desk-workflow")


def test_pages_work_without_script(browser: Browser, office: Office) -> None:
    """The form of an action is a page of its own; sending it saves."""
    source = office.officer("hoa")
    context = browser.new_context(java_script_enabled=False, storage_state=source.context.storage_state())
    page = context.new_page()
    page.goto(f"{office.site.staff}/")
    page.locator("[data-line] th a").first.click()
    page.locator("[data-act]").first.click()
    assert "/do/" in page.url
    page.locator("#act button").last.click()
    expect(page.locator("#act .mc-errors, .mc-notice").first).to_be_visible()
    context.close()


def test_a_scan_opens_the_dossier_from_anywhere(office: Office) -> None:
    page = office.officer("hoa")
    page.goto(f"{office.site.staff}/?list=unit")
    code = waiting_for(page, "")
    page.goto(f"{office.site.staff}/")
    page.wait_for_load_state("networkidle")
    Hands(page).scan(code)
    page.wait_for_url(f"**/dossiers/{code}/")


def test_an_open_list_hears_that_something_changed(office: Office) -> None:
    """The live process tells; counts move, rows stay where they are until asked."""
    site = office.site
    reader = office.officer("duc")
    reader.goto(f"{site.staff}/?list=unit")
    expect(reader.locator("html[data-live=on]")).to_have_count(1, timeout=20_000)
    before = reader.locator("[data-line]").all_inner_texts()
    code = waiting_for(reader, "H24.12-")  # received here too: whose slip it is may correct it
    writer = office.officer("tuan")
    writer.goto(f"{site.staff}/dossiers/{code}/")
    do(writer, "e")
    writer.fill("#act [name=summary]", "Nội dung đã đính chính")
    writer.fill("#act [name=reason]", "Ghi nhầm")
    send(writer)
    expect(reader.locator("[data-changed]")).to_be_visible(timeout=20_000)
    assert reader.locator("[data-line]").all_inner_texts() == before
    reader.keyboard.press("r")
    expect(reader.locator("[data-changed]")).to_be_hidden()
