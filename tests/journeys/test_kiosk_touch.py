"""The kiosk under a finger, in a real browser: touches counted, millimetres measured, papers decoded, nothing left."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from motcua.counters.models import Ticket
from motcua.counters.operations import calling
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.feedback.models import Rating
from motcua.lib.actor import SYSTEM
from motcua.sites.kiosk.tests.kiosk_hall import Kiosk, pair
from motcua.sites.kiosk.tests.test_questions import asked_at_the_hall, served
from motcua.ui.routing import set_database_actor
from tests.harness.fixtures import serve, watch
from tests.harness.programs import SCREENS

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
MM = 96 / 25.4  # pixels of a sheet: the screens below have 96 dots an inch, which is what CSS millimetres are
PORTRAIT, LANDSCAPE = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}

# The printer of the test: it says that it printed, does not come back, or fails, as `motcuaPrinter` tells it.
_PRINTER = """
window.print = () => {
    const how = window.top.motcuaPrinter ?? "prints";
    window.top.motcuaPrinted = [...(window.top.motcuaPrinted ?? []), location.pathname];
    if (how === "fails") throw new Error("no printer");
    if (how === "prints") window.dispatchEvent(new Event("afterprint"));
};
"""


class Touch:
    """A kiosk with a finger before it; touches are counted."""

    def __init__(self, page: Page, hall: HallWorld, kiosk: Kiosk) -> None:
        self.page, self.hall, self.kiosk, self.touches = page, hall, kiosk, 0

    def open(self) -> None:
        self.page.goto("http://localhost/ki-ot/")
        self.page.wait_for_selector("html.is-start")

    def tap(self, words: str) -> None:
        """Touch what says `words`, as a person does: not within the shadow of the touch before."""
        self.page.wait_for_timeout(420)
        self.page.locator("button:visible, label:visible, summary:visible").filter(has_text=words).first.tap()
        self.touches += 1

    def see(self, view: str) -> None:
        self.page.wait_for_selector(f"[data-view='{view}']")
        self.page.wait_for_selector("html:not(.is-busy)")

    def picture(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        width = (self.page.viewport_size or PORTRAIT)["width"]
        self.page.screenshot(path=SCREENS / f"kiosk-{name}-{width}.png")


class Unanswered:
    """A request that reaches the server and whose answer is lost."""

    def __init__(self, route: Route) -> None:
        self.request = route.request

    def fulfill(self, **_answer: Any) -> None:
        """Nobody hears it."""


@pytest.fixture
def touch(db: None, browser: Browser) -> Iterator[Touch]:
    hall = build()
    hall.sit("an", 0, "A", "B")
    kiosk = Kiosk(pair(hall)[1])
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport=PORTRAIT,
        has_touch=True,
        service_workers="block",  # which has its own test, test_kiosk_alone.py
    )
    context.add_init_script(_PRINTER)
    context.route("**/*", serve(kiosk.client))
    page = context.new_page()
    watch(page)
    with time_machine.travel(hall.now, tick=True):
        yield Touch(page, hall, kiosk)
        set_database_actor(SYSTEM)
        context.close()


def last() -> Ticket:
    return Ticket.objects.latest("line")


def state_of(page: Page, wanted: str) -> None:
    page.wait_for_selector(f"[data-state='{wanted}']")


def test_a_number_in_two_touches_with_its_paper(touch: Touch) -> None:
    touch.open()
    touch.picture("start")
    touch.tap("Lấy số")
    touch.see("services")
    touch.picture("services")
    touch.tap("Hộ tịch")
    state_of(touch.page, "asking")
    assert touch.touches == 2
    assert touch.page.evaluate("() => window.motcuaPrinted") == [f"/ki-ot/phieu/{last().pk}/in/"]
    touch.picture("ticket")
    qr = touch.page.locator(".k-qr").screenshot()
    assert decoded(qr) == [f"{settings.PUBLIC_URL}/so/{last().token}/"]
    touch.tap("Có, tôi đã cầm phiếu")
    state_of(touch.page, "held")
    touch.page.wait_for_timeout(300)
    assert last().state == State.WAITING
    touch.tap("Xong")
    touch.see("start")
    assert last().label not in touch.page.content()
    assert touch.page.complaints == []  # type: ignore[attr-defined]


def test_a_priority_number_in_three_touches(touch: Touch) -> None:
    touch.open()
    touch.tap("Lấy số ưu tiên")
    touch.see("priority")
    touch.tap("Từ đủ 80 tuổi")
    touch.see("services")
    touch.tap("Hộ tịch")
    state_of(touch.page, "asking")
    assert touch.touches == 3 and last().priority == "elderly"


def test_a_paper_that_does_not_come(touch: Touch) -> None:
    touch.open()
    touch.page.evaluate("() => { window.motcuaPrinter = 'fails'; }")
    touch.tap("Lấy số")
    touch.see("services")
    touch.tap("Hộ tịch")
    state_of(touch.page, "trouble")
    touch.picture("trouble")
    touch.page.evaluate("() => { window.motcuaPrinter = 'prints'; }")
    touch.tap("In lại")
    state_of(touch.page, "asking")
    touch.tap("Không thấy phiếu")
    state_of(touch.page, "trouble")
    touch.tap("Bỏ số này")
    touch.see("start")
    touch.page.wait_for_timeout(300)
    assert (Ticket.objects.count(), last().state) == (1, State.VOID)


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_number(touch: Touch) -> None:
    """The server dies between drawing the number and answering, and comes back after some seconds."""
    touch.open()
    touch.tap("Lấy số")
    touch.see("services")
    tries: list[str] = []

    def dying(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            serve(touch.kiosk.client)(Unanswered(route))  # type: ignore[arg-type]
        if len(tries) < 3:
            route.abort()
        else:
            route.fallback()

    touch.page.context.route("**/ki-ot/lay-so/", dying)
    touch.tap("Hộ tịch")
    touch.page.wait_for_selector("[data-away]:visible", timeout=5000)
    touch.picture("away")
    assert "Mời lấy số tại quầy hướng dẫn" in touch.page.locator("[data-away]").inner_text()
    state_of(touch.page, "asking")
    assert len(tries) == 3 and len(set(tries)) == 1, "each try carries the same key"
    assert Ticket.objects.count() == 1
    touch.page.wait_for_selector("[data-away]", state="hidden", timeout=8000)


def test_the_start_stays_while_the_server_is_away_and_comes_back_alone(touch: Touch) -> None:
    touch.open()
    touch.page.context.route("**/ki-ot/**", lambda route: route.abort())
    touch.page.wait_for_selector("[data-away]:visible", timeout=5000)
    assert touch.page.locator(".k-tile:disabled").count() == 6
    touch.page.context.unroute("**/ki-ot/**")
    touch.page.wait_for_selector("[data-away]", state="hidden", timeout=8000)
    touch.tap("Lấy số")
    touch.see("services")


def stand_still(touch: Touch) -> None:
    """Open the kiosk with a clock that goes on only when the test says so, however slow the machine is."""
    touch.page.clock.install(time=touch.hall.now)
    touch.open()
    touch.page.clock.pause_at(touch.hall.now + timedelta(hours=1))


def test_a_shaking_hand_and_a_finger_that_slides(touch: Touch) -> None:
    stand_still(touch)
    touch.page.locator(".k-tile").first.tap()
    touch.see("services")
    touch.page.locator(".k-choice button").first.tap()  # in the shadow of the touch before
    touch.page.clock.run_for(390)
    touch.page.locator(".k-choice button").first.tap()
    touch.page.clock.run_for(1000)
    box = touch.page.locator(".k-choice button").nth(1).bounding_box()
    assert box is not None
    # A finger that lands elsewhere and slides onto a choice chooses nothing; nor does one that slides off.
    session = touch.page.context.new_cdp_session(touch.page)
    inside = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    outside = {"x": 5, "y": 5}
    for start, end in ((outside, inside), (inside, outside)):
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [end]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        touch.page.clock.run_for(450)
    touch.page.wait_for_timeout(200)
    assert touch.page.locator("[data-view='services']").count() == 1
    assert not Ticket.objects.exists()


_TARGETS = """() => [...document.querySelectorAll("button, summary, .k-input, label.k-face, label.k-reason")]
    .filter((one) => one.checkVisibility({ checkVisibilityCSS: true }) && one.getClientRects().length && !one.closest("dialog:not([open])"))
    .map((one) => { const box = one.getBoundingClientRect(); return [one.textContent.trim().slice(0, 30), box.x, box.y, box.right, box.bottom]; })"""


def too_small(page: Page) -> list[str]:
    """Return targets under 20 mm, and pairs nearer than 3 mm to each other."""
    boxes = page.evaluate(_TARGETS)
    found = [
        f"{name}: {(right - x) / MM:.1f} × {(bottom - y) / MM:.1f} mm"
        for name, x, y, right, bottom in boxes
        if min(right - x, bottom - y) < 20 * MM - 0.5
    ]
    for number, (name, x, y, right, bottom) in enumerate(boxes):
        for other, x2, y2, right2, bottom2 in boxes[number + 1 :]:
            across, down = max(x2 - right, x - right2), max(y2 - bottom, y - bottom2)
            if max(across, down) < 3 * MM - 0.5:
                found.append(f"{name} and {other}: {max(across, down) / MM:.1f} mm apart")
    return found


@pytest.mark.long
def test_what_is_touched_is_twenty_millimetres_and_three_apart(touch: Touch) -> None:
    touch.open()
    ways = {
        "start": (),
        "services": ("Lấy số",),
        "priority": ("Lấy số ưu tiên",),
        "lookup": ("Tra cứu thủ tục",),
        "search": ("Tra cứu thủ tục", "Gõ tên việc"),
        "scan": ("Đánh giá",),
        "person": ("Gặp người hướng dẫn",),
    }
    for view, words in ways.items():
        for one in words:
            touch.tap(one)
        touch.see(view)
        for size in (LANDSCAPE, PORTRAIT):
            touch.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert too_small(touch.page) == [], view
            assert touch.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), view
            fits = "() => { const one = document.getElementById('view'); return one.scrollHeight <= one.clientHeight + 1; }"
            assert touch.page.evaluate(fits), f"{view} is higher than the screen"
            touch.picture(view)
        if words:
            touch.tap("Về đầu")
            touch.see("start")


def test_the_time_is_over_and_nothing_is_left(touch: Touch) -> None:
    page = touch.page
    stand_still(touch)

    def tap(words: str) -> None:
        page.clock.run_for(500)
        page.locator("button:visible").filter(has_text=words).first.tap()

    def after(seconds: int) -> None:
        page.clock.run_for(seconds * 1000)

    tap("English")
    tap("Larger letters")
    page.wait_for_selector("html.is-large[lang=en]")
    tap("Find a procedure")
    page.wait_for_selector("[data-view=lookup]")
    after(30)
    assert not page.locator("dialog").is_visible()
    after(16)
    assert page.locator("dialog").is_visible()
    page.screenshot(path=SCREENS / "kiosk-asleep-1080.png")
    tap("I need more time")
    after(44)
    assert page.locator("[data-view=lookup]").count() == 1
    after(17)
    page.wait_for_selector("html.is-start[lang=vi]:not(.is-large)")
    assert not page.locator("dialog").is_visible()
    left = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie, history.length,"
        " (await indexedDB.databases()).length, 'caches' in window ? (await caches.keys()).length : 0]"
    )
    assert left == [0, 0, "", 2, 0, 0]  # the empty page before, and the kiosk
    assert page.context.cookies() == []
    page.clock.fast_forward("02:00:00")  # idle for hours
    page.clock.run_for(1000)
    assert page.locator("[data-view=start]").count() == 1 and not page.locator("dialog").is_visible()


def test_a_scanner_is_heard_at_the_start_and_thrown_away_elsewhere(touch: Touch) -> None:
    ticket = touch.hall.take("A")
    touch.hall.next()
    calling.finish(
        ticket_id=ticket.pk, actor=touch.hall.officers["an"], at=touch.hall.later(minutes=2), key="k" * 16
    )
    address = f"http://localhost/so/{ticket.token}/"
    touch.open()
    touch.tap("Lấy số")
    touch.see("services")
    touch.page.keyboard.type(address)
    touch.page.keyboard.press("Enter")
    touch.page.wait_for_timeout(300)
    touch.see("services")
    assert Ticket.objects.count() == 1, "Enter of a scan presses no button"
    touch.tap("Về đầu")
    touch.see("start")
    touch.page.keyboard.type(address)
    touch.page.keyboard.press("Enter")
    touch.see("rate")
    touch.tap("Hài lòng")
    touch.tap("Thái độ của cán bộ")
    assert too_small(touch.page) == []
    touch.picture("rate")
    touch.tap("Gửi đánh giá")
    touch.see("thanks")
    set_database_actor(SYSTEM)
    assert Rating.objects.get().reasons == ["manner"]
    touch.tap("Về đầu")
    touch.see("start")
    assert ticket.token not in touch.page.content()


def test_the_questions_of_today_are_touched_one_by_one(touch: Touch) -> None:
    set_database_actor(SYSTEM)
    asked_at_the_hall(touch.hall)
    ticket = served(touch.hall)
    touch.open()
    touch.page.keyboard.type(f"http://localhost/so/{ticket.token}/")
    touch.page.keyboard.press("Enter")
    touch.see("rate")
    touch.tap("Hài lòng")
    touch.tap("Gửi đánh giá")
    touch.see("question")
    for question, words in (
        ("Thái độ", "khá"),
        ("Bảng chỉ dẫn", "Quay lại"),
        ("Thái độ", "tốt"),
        ("Bảng chỉ dẫn", ""),
    ):
        touch.page.wait_for_selector(f"h1:has-text('{question}')")
        for size in (LANDSCAPE, PORTRAIT) if words in {"khá", "Quay lại"} else ():
            touch.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert too_small(touch.page) == []
        if words == "Quay lại":
            touch.picture("question")
        if words:
            touch.tap(words)
    seal = touch.page.locator("[name=phien]").first.input_value()
    touch.tap("Về đầu")
    touch.see("start")
    assert seal not in touch.page.content() and ticket.token not in touch.page.content()
    set_database_actor(SYSTEM)
    assert Rating.objects.get().answers == {"q1": 2}, "whoever walks away has been heard"


# ── The paper


def decoded(png: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]


def test_the_paper_is_one_of_80_mm_with_a_number_of_18_mm(touch: Touch) -> None:
    touch.open()
    touch.tap("Lấy số")
    touch.see("services")
    touch.tap("Hộ tịch")
    state_of(touch.page, "asking")
    address, token = f"http://localhost/ki-ot/phieu/{last().pk}/in/", last().token
    touch.page.goto(address)
    assert touch.page.evaluate(
        "() => document.fonts.ready.then(() => document.fonts.check('700 20px \"Be Vietnam Pro\"'))"
    )
    for label in (last().label, "AB1005"):
        touch.page.evaluate(
            """(label) => { const one = document.querySelector(".p-number text"); one.textContent = label;
                if (label.length > 4) { one.setAttribute("textLength", "69"); one.setAttribute("lengthAdjust", "spacingAndGlyphs"); } }""",
            label,
        )
        paper_is_right(touch.page.pdf(prefer_css_page_size=True), label, token)


def paper_is_right(pdf: bytes, label: str, token: str) -> None:
    """Read the sheet back: one page, its width, the QR, the height of the number, the words."""
    sheet = pypdfium2.PdfDocument(pdf)
    assert len(sheet) == 1
    assert abs(sheet[0].get_width() / 72 * 25.4 - 80) < 0.5
    picture = sheet[0].render(scale=203 / 72).to_pil().convert("L")  # the dots of a thermal printer
    picture.save(SCREENS / f"kiosk-paper-{label}.png")
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [f"{settings.PUBLIC_URL}/so/{token}/"]
    assert number_height(sheet[0]) >= 18
    text = sheet[0].get_textpage().get_text_range()
    assert "Hộ tịch" in text and "Quầy 1" in text and re.search(r"\d+ phút", text)


def number_height(page: Any) -> float:
    """Return how many millimetres high the largest run of dark rows is, left of the QR's place: the number."""
    dots = 300 / 25.4
    picture = page.render(scale=300 / 72).to_pil().convert("L")
    rows = [
        picture.crop((0, row, picture.width, row + 1)).getextrema()[0] < 128 for row in range(picture.height)
    ]
    runs, run = [], 0
    for dark in [*rows, False]:
        if dark:
            run += 1
        elif run:
            runs.append(run / dots)
            run = 0
    return sorted(runs)[-2]  # the QR is higher
