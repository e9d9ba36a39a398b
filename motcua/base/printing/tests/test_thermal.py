"""A slip goes to the printer and comes back: the same picture, the same codes, the size that was asked for."""

import io
import subprocess

import pypdf
import pytest
import zxingcpp
from PIL import Image

from conftest import need
from motcua.base.printing import thermal
from motcua.base.printing.thermal import Slip, TooWide

CODE = "H24.12-261121-0001"


def slip() -> Slip:
    made = Slip()
    made.text("Ủy ban nhân dân đặc khu Bạch Long Vĩ, thành phố Hải Phòng", size=26)
    made.big("A105", height_mm=20)
    made.code128(CODE)
    made.qr("https://motcua.example.gov.vn/so/q1w2e3r4t5y6u7i8o9p0aa/")
    made.line()
    return made


def codes(picture: Image.Image) -> dict[str, str]:
    return {one.format.name: one.text for one in zxingcpp.read_barcodes(picture.convert("L"))}


def test_the_bytes_for_the_printer_are_the_picture() -> None:
    drawn = slip().picture()
    sent = thermal.escpos(drawn)
    (back,) = thermal.read_escpos(sent)
    assert back.size == drawn.size and back.tobytes() == drawn.tobytes()
    assert drawn.mode == "1" and drawn.width == 576 and sent.endswith(b"\x1dVB\x00")
    found = codes(back)
    assert found["Code128"] == CODE and found["QRCode"].startswith("https://motcua.example.gov.vn/so/")


def test_another_reader_reads_them_too() -> None:
    zbar = need("zbarimg", "zbar-tools")
    png = thermal.png(slip().picture())
    read = subprocess.run([zbar, "-q", "--raw", "PNG:-"], input=png, capture_output=True, check=True)
    assert {CODE, "https://motcua.example.gov.vn/so/q1w2e3r4t5y6u7i8o9p0aa/"} <= set(
        read.stdout.decode().split()
    )


@pytest.mark.parametrize("number", ["A1", "A105", "B007", "ZZ1005", "QQ99999"])
def test_a_number_has_its_height_however_long(number: str) -> None:
    made = Slip()
    made.big(number, height_mm=20)
    left, top, right, bottom = made.picture().convert("L").point(lambda dot: 255 - dot).getbbox() or (
        0,
        0,
        0,
        0,
    )
    assert abs((bottom - top) / thermal.DOTS_A_MM - 20) < 0.5
    assert left >= thermal.MARGIN and right <= thermal.WIDTH - thermal.MARGIN


def test_a_word_longer_than_the_roll_is_broken() -> None:
    made = Slip()
    made.text("x" * 300, size=40)
    assert made.picture().height > 5 * 40


def test_bars_that_no_scanner_reads_are_refused() -> None:
    with pytest.raises(TooWide):
        Slip().code128("H24.12.345.678-261121-000001/ABCDEFGHIJ")


@pytest.mark.parametrize(
    "bad",
    [b"Xin chao", b"\x1dVB\x00", thermal.escpos(Image.new("1", (576, 8)))[:-10], b"\x1dv0\x00\x48\x00\xff\xff\x00"],
)  # fmt: skip
def test_what_a_printer_would_not_cut_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError):
        thermal.read_escpos(bad)


def test_the_browser_gets_a_page_of_the_rolls_width() -> None:
    drawn = slip().picture()
    (page,) = pypdf.PdfReader(io.BytesIO(thermal.pdf(drawn))).pages
    assert abs(float(page.mediabox.width) * 25.4 / 72 - 72) < 0.1
    assert abs(float(page.mediabox.height) * 25.4 / 72 - drawn.height / 8) < 0.1
