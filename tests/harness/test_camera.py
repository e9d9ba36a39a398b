"""The camera of the browser reads what stands on a slip: QR and Code 128 from a film made of our own drawings."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from motcua.lib import lookup
from motcua.lib.barcodes import code128, qr
from tests.harness.fixtures import PAGES, flags, serve, watch
from tests.harness.programs import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CODE = "H24.12-261121-0001"
WIDE, HIGH = 1280, 720
REFUSE = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '%s')); }"


def film(path: Path, svg: str, *, pixels: int) -> Path:
    """Write a film of one still picture as Chromium takes it for a camera: the drawing on grey, `pixels` a module."""
    picture = Image.new("L", (WIDE, HIGH), 200)
    drawn = drawing(svg, pixels)
    picture.paste(drawn, ((WIDE - drawn.width) // 2, (HIGH - drawn.height) // 2))
    luma = picture.tobytes()
    chroma = bytes([128]) * (WIDE * HIGH // 4)
    frame = b"FRAME\n" + luma + chroma + chroma
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)
    return path


def drawing(svg: str, pixels: int) -> Image.Image:
    """Draw one of our own SVG codes: its path is made of rectangles alone."""
    wide, high = (int(one) for one in re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    picture = Image.new("L", (wide * pixels, high * pixels), 255)
    for x, y, length, deep in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", svg.rsplit('d="', 1)[1]):
        box = [int(one) * pixels for one in (x, y)]
        picture.paste(0, (box[0], box[1], box[0] + int(length) * pixels, box[1] + int(deep) * pixels))
    return picture


@pytest.fixture
def camera(playwright: Playwright, db: None, tmp_path: Path) -> Iterator[Any]:
    """Return what opens the look-up before a camera that sees a drawing; notes what the browser asked for."""
    opened: list[Browser] = []

    def open_page(svg: str, *, pixels: int, allow: bool = True) -> Page:
        seen = film(tmp_path / "camera.y4m", svg, pixels=pixels)
        started = [
            *flags(),
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={seen}",
        ]
        browser = playwright.chromium.launch(executable_path=chromium(), args=started)
        opened.append(browser)
        context = browser.new_context(locale="vi-VN", permissions=["camera"] if allow else [])
        page = context.new_page()
        watch(page)
        context.route(PAGES, serve(Client(enforce_csrf_checks=True)))
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda one: page.asked.append(one.url))  # type: ignore[attr-defined]
        page.goto("http://localhost/tra-cuu")
        return page

    yield open_page
    for browser in opened:
        for context in browser.contexts:
            context.unroute_all(behavior="ignoreErrors")
        browser.close()


def test_a_qr_code_looks_the_dossier_up(camera: Any) -> None:
    token = lookup.new_token()
    page = camera(qr(f"https://dichvucong.example.vn/tra-cuu#{token}").svg, pixels=8)
    assert not [one for one in page.asked if "zxing" in one]  # nothing of the reader before it is wanted
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Quét bằng camera").click()
    assert f"token={token}" in str(sent.value.post_data)
    expect(page.locator("#problem")).to_be_visible()  # a token that nobody was given
    assert {one.split("/")[2] for one in page.asked if one.startswith("http")} == {"localhost"}
    assert [one for one in page.asked if one.endswith("reader.wasm")]
    assert [one for one in page.complaints if "404" not in one] == []


def test_code_128_fills_the_code_and_asks_for_the_secret(camera: Any) -> None:
    page = camera(code128(CODE, height=60).svg, pixels=4)
    page.get_by_role("button", name="Quét bằng camera").click()
    expect(page.locator("#code")).to_have_value(CODE)
    expect(page.locator("#secret")).to_be_focused()
    expect(page.locator("video")).to_be_hidden()
    assert page.complaints == []


def test_a_refused_camera_says_what_to_do_and_can_be_tried_again(camera: Any) -> None:
    page = camera(qr("x").svg, pixels=8, allow=False)
    page.evaluate(REFUSE % "NotAllowedError")
    open_it = page.get_by_role("button", name="Quét bằng camera")
    open_it.click()
    expect(page.locator(".mc-camera__say")).to_contain_text("Cho phép trong cài đặt của trang")
    expect(open_it).to_be_focused()
    page.evaluate(REFUSE % "NotFoundError")
    open_it.click()
    expect(page.locator(".mc-camera__say")).to_contain_text("không có camera")


def test_only_pages_that_scan_may_open_a_camera_and_compile(db: None) -> None:
    phone = Client(HTTP_HOST="localhost")
    look_up, other = phone.get("/tra-cuu"), phone.get("/thu-tuc")
    assert "camera=(self)" in look_up["Permissions-Policy"] and "camera=()" in other["Permissions-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in look_up["Content-Security-Policy"]
    assert "wasm" not in other["Content-Security-Policy"]


def test_the_film_shows_what_it_should() -> None:
    """Control: an independent reader reads the pictures of the films."""
    for svg, pixels, text in ((qr("abc").svg, 8, "abc"), (code128(CODE, height=60).svg, 4, CODE)):
        kept = io.BytesIO()
        drawing(svg, pixels).save(kept, "PNG")
        (found,) = zxingcpp.read_barcodes(Image.open(kept))
        assert found.text == text
