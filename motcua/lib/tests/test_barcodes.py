"""Codes are read back by an independent decoder from a picture, and refuse what they cannot carry."""

import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image

from motcua.lib import barcodes


def picture(drawing: barcodes.Drawing, height: int, scale: int = 4) -> Image.Image:
    """Draw the SVG's path by hand: only `M x y h… v… h… z` occurs."""
    image = Image.new("L", (drawing.modules * scale, height * scale), 255)
    path = ET.fromstring(drawing.svg)[1].attrib["d"]
    for x, y, width, tall in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path):
        left, top = int(x) * scale, int(y) * scale
        image.paste(0, (left, top, left + int(width) * scale, top + int(tall) * scale))
    return image


@pytest.mark.parametrize(
    "text", ["https://motcua.example/tra-cuu#q3JfZ0h0b2tlbl9vZl8xMjg", "Nguyễn Thị Ngọc Lan", "x" * 900, "1"]
)
def test_qr_reads_back_and_is_never_micro(text: str) -> None:
    drawing = barcodes.qr(text)
    (code,) = zxingcpp.read_barcodes(picture(drawing, drawing.modules))
    assert code.text == text
    assert drawing.modules >= 21 + 2 * barcodes.QR_QUIET


@pytest.mark.parametrize(
    "text", ["H24.12-261120-0001", "000.00.15.H40-261120-12345", "H40.15.2-261120-10000", "~ A~"]
)
def test_code128_reads_back(text: str) -> None:
    drawing = barcodes.code128(text)
    (code,) = zxingcpp.read_barcodes(picture(drawing, 40))
    assert code.text == text
    assert "Code128" in str(code.format).replace(" ", "")


@pytest.mark.parametrize("text", ["", "Hải Phòng", "a\n", "\x00"])
def test_code128_refuses_what_scanners_type_wrongly(text: str) -> None:
    with pytest.raises(ValueError):
        barcodes.code128(text)


def test_drawings_pass_a_strict_policy() -> None:
    for drawing in (barcodes.qr("x"), barcodes.code128("x")):
        assert "style" not in drawing.svg
        assert "script" not in drawing.svg
