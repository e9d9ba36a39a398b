"""An officer scans two sheets and prints a label at the counter: browser, server, the station's process, its doubles."""

import io
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.conf import settings
from django.utils import timezone
from motcua_station.doubles.printer import Printer
from motcua_station.doubles.scanner import Scanner
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from motcua.agencies.models import ShopKind
from motcua.agencies.operations import places
from motcua.counters.models import Device, Pairing
from motcua.counters.operations import devices, halls, staffing
from motcua.dossiers.models import Draft
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import BIRTH, OPENED, World
from motcua.dossiers.tests.test_intake_screen import full
from motcua.lib.actor import SYSTEM
from tests.harness.axe import axe
from tests.harness.programs import SCREENS
from tests.station.running import Web, web
from tests.station.test_program import page as sheet

pytestmark = pytest.mark.browser
STATION = Path(__file__).resolve().parents[2] / "station"


@pytest.fixture
def doubles() -> Iterator[tuple[Printer, Scanner]]:
    printer, scanner = Printer(), Scanner([sheet("Tờ 1"), sheet("Tờ 2")])
    for one in (printer, scanner):
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    yield printer, scanner
    for one in (printer, scanner):
        one.shutdown()
        one.server_close()


def counter_of(world: World) -> tuple[int, int]:
    """Open a hall with one counter, where Minh sits down; return both ids."""
    at = timezone.now()
    common: dict[str, Any] = {"opened_on": OPENED, "actor": SYSTEM, "at": at}
    shop = places.open_shop(agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, **common)
    point = places.open_point(shop_id=shop.pk, name="Sảnh chính", address="Số 1", **common)
    counter = places.open_counter(point_id=point.pk, number=1, **common)
    hall = halls.open_hall(point_id=point.pk, actor=SYSTEM, at=at, key="")
    staffing.sign_on(counter_id=counter.pk, actor=world.actor("minh"), at=at, key="")
    return hall.pk, counter.pk


def paired(program: subprocess.Popen[str], hall: int, counter: int) -> Device:
    """Read the six letters that the program shows, and type them as an administrator does."""
    assert program.stdout is not None
    line = next(line for line in program.stdout if "Mã ghép trạm" in line)
    letters = line.split("Mã ghép trạm: ")[1][:6]
    assert Pairing.objects.get().code == letters
    return devices.pair(
        hall_id=hall, kind="station", name="Trạm quầy 1", code=letters, counter_id=counter, actor=SYSTEM,
        at=timezone.now(), key="",
    )  # fmt: skip


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed.database(django_db_blocker):
        yield committed.build()


def seat(context: BrowserContext, site: Web, world: World) -> Any:
    """Log Minh in; return a client with the same session."""
    client = world.client("minh")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.staff}])
    return client


@pytest.mark.long
def test_an_officer_scans_and_prints_at_the_counter(
    world: World, doubles: tuple[Printer, Scanner], context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    printer, scanner = doubles
    hall, counter = counter_of(world)
    with web() as site:
        config = tmp_path / "station.toml"
        config.write_text(
            f'server = "{site.public}"\nprinter = "{printer.address}"\nscanner = "{scanner.address}"\n'
            f'folder = "{tmp_path / "data"}"\n'
        )
        program = subprocess.Popen(
            [sys.executable, "-u", "-m", "motcua_station.main", "--config", str(config)], cwd=STATION, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            station = paired(program, hall, counter)
            client = seat(context, site, world)
            _wait_until_seen(station, page)
            _scan(page, site, client, scanner)
            _label(page, site, client, printer)
        finally:
            program.terminate()
            assert program.wait(10) == 0
    assert page.complaints == []  # type: ignore[attr-defined]


def _wait_until_seen(station: Device, page: Page) -> None:
    for _try in range(100):
        station.refresh_from_db()
        if station.settings.get("scanner"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the station did not come")


def _scan(page: Page, site: Web, client: Any, scanner: Scanner) -> None:
    address = str(client.get("/intake/")["Location"])
    client.post(f"{address}save", {"field": "procedure", "procedure": BIRTH})
    page.goto(f"{site.staff}{address}")
    row = page.locator(".mc-paper").first
    how = page.locator("[data-scan-how]")
    expect(how).to_contain_text("Cách quét: 300 dpi, hai mặt, trắng xám, khay nạp")
    how.locator("summary").click()
    assert how.get_by_label("Độ nét").locator("option").all_inner_texts() == [
        "200 dpi",
        "300 dpi",
    ]  # no 400 there
    how.get_by_label("Độ nét").select_option("200")
    how.get_by_label("Màu").select_option("1")
    expect(how.locator("summary")).to_contain_text("200 dpi, hai mặt, màu")
    assert axe(page) == []
    for width in (360, 768, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        how.scroll_into_view_if_needed()
        page.screenshot(path=SCREENS / f"station-how-{width}.png")
    scanner.pause = 2.5
    row.get_by_role("button", name="Quét ở quầy").click()
    expect(row.locator(".mc-here__said")).to_contain_text("được 1 trang", timeout=20_000)
    stop = row.get_by_role("button", name="Dừng quét")
    row.locator(".mc-here__said").scroll_into_view_if_needed()
    page.screenshot(path=SCREENS / "station-scanning-1366.png")
    stop.click()
    expect(row.locator(".mc-here__said.is-fault")).to_contain_text("Đã bỏ", timeout=20_000)
    expect(row.locator("a[data-look]")).to_have_count(0)
    for _ in range(200):  # the sheet that moved when "stop" was pressed comes out before others are laid in
        if scanner.left:
            break
        page.wait_for_timeout(50)
    scanner.pages, scanner.pause = [sheet("Tờ 1"), sheet("Tờ 2")], 0.0
    row.get_by_role("button", name="Quét ở quầy").click()
    expect(row.locator("a[data-look]")).to_have_text("ban-quet.pdf", timeout=20_000)
    expect(row.locator(".mc-here__said")).to_have_text("Đã quét xong.")
    expect(page.locator("[data-preview] img")).to_have_count(2)  # both sheets lie beside the form
    for width in (360, 768, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        row.scroll_into_view_if_needed()
        page.screenshot(path=SCREENS / f"station-intake-{width}.png")
    row.get_by_role("button", name="Quét ở quầy").click()  # nothing lies there any more
    expect(row.locator(".mc-here__said.is-fault")).to_contain_text("Khay nạp giấy", timeout=20_000)
    row.locator(".mc-here__said").scroll_into_view_if_needed()
    page.screenshot(path=SCREENS / "station-intake-empty-feeder.png")
    assert (scanner.asked[0]["XResolution"], scanner.asked[-1]["ColorMode"]) == ("200", "RGB24")
    page.reload()
    expect(page.locator("[data-scan-how]")).to_contain_text(
        "200 dpi, hai mặt, màu"
    )  # remembered by the station
    expect(page.locator(".mc-paper").first.locator("a[data-look]")).to_have_count(1)


def _label(page: Page, site: Web, client: Any, printer: Printer) -> None:
    with committed.acting(SYSTEM):
        draft = Draft.objects.get()
    assert client.post(f"/intake/{draft.pk}/", full(BIRTH)).status_code == 302
    page.route(f"{settings.LIVE_URL}/**", lambda route: route.fulfill(status=204))  # no live process here
    # The slip's own PDF is printed by the browser: not this journey's, and a dialog without a screen ends the tab.
    page.route(
        re.compile(r"/papers/.+\.pdf$"),
        lambda route: route.fulfill(status=200, body="", content_type="text/html"),
    )
    page.goto(f"{site.staff}/intake/{draft.pk}/done/")
    page.get_by_role("link", name="In nhãn hồ sơ").click()
    expect(page.locator(".mc-here__said")).to_have_text("Đã in.", timeout=20_000)
    page.screenshot(path=SCREENS / "station-label-1366.png")
    with committed.acting(SYSTEM):
        draft = Draft.objects.select_related("dossier").get()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(printer.slips[0])).convert("L"))
    assert (
        draft.dossier is not None and {one.text for one in found} == {draft.dossier.code} and len(found) == 2
    )
    page.goto(f"{site.staff}/dossiers/{draft.dossier.code}/")
    expect(page.get_by_role("link", name="Nhãn hồ sơ")).to_be_visible()
    page.screenshot(path=SCREENS / "station-dossier-1366.png", full_page=True)
