"""Slips of an 80 mm receipt printer: drawn as a picture of 576 dots, sent as a picture.

Text sent as text would come out in whatever code page the printer has; Vietnamese needs a picture. 203 dots an inch
are 8 dots a millimetre. Pictures have 1 bit: black letters of the project's own fonts, bars and modules on whole dots.
`escpos` writes the commands of the maker's ESC/POS that nearly every receipt printer understands: ESC @ (begin), GS v 0
(raster picture), ESC J (feed), GS V (cut); `read_escpos` reads them back, for tests and for the printer's double.
"""

import io
import struct
from collections.abc import Iterator
from functools import lru_cache

import img2pdf
import segno
from barcode.codex import Code128
from PIL import Image, ImageDraw, ImageFont

from motcua.base.printing.compiler import FONTS

WIDTH = 576  # dots of an 80 mm roll (72 mm printable)
DOTS_A_MM = 8
MARGIN = 12
_INK, _PAPER = 0, 255
_BAND = 255  # rows a GS v 0 carries here: old printers hold no more in their buffer
_BEGIN, _RASTER, _FEED, _CUT = b"\x1b@", b"\x1dv0\x00", b"\x1bJ\x60", b"\x1dVB\x00"
_PASSED = (_BEGIN, _FEED, b"\x1dr\x01")  # the last asks for the paper sensor once all before it is printed
_QUIET = 10  # modules of white beside a Code 128 (ISO/IEC 15417)


class TooWide(ValueError):
    """What was to be drawn does not fit on the roll."""


class Slip:
    """A strip that grows downwards. Every method adds one thing under the last; `picture` gives the whole."""

    def __init__(self) -> None:
        self._parts: list[Image.Image] = []

    def text(
        self, words: str, *, size: int = 28, bold: bool = False, centred: bool = True, after: int = 6
    ) -> None:
        """Add a paragraph, `size` dots an em, broken at spaces; a word longer than the roll is broken anywhere."""
        font = _font(size, bold)
        lines = list(_lines(words, font, WIDTH - 2 * MARGIN))
        height = round(size * 1.3)
        part = Image.new("L", (WIDTH, height * len(lines) + after), _PAPER)
        draw = ImageDraw.Draw(part)
        for number, line in enumerate(lines):
            x = (WIDTH - font.getlength(line)) / 2 if centred else MARGIN
            draw.text((x, number * height + height // 2), line, font=font, fill=_INK, anchor="lm")
        self._parts.append(part)

    def big(self, words: str, *, height_mm: float, after: int = 10) -> None:
        """Add a number whose capitals and figures are exactly `height_mm` high, made narrower where it is too long."""
        wanted = round(height_mm * DOTS_A_MM)
        font = _font(round(wanted * 1.4), bold=True)
        left, top, right, bottom = font.getbbox(words)
        drawn = Image.new("L", (round(right - left) + 2, round(bottom - top) + 2), _PAPER)
        ImageDraw.Draw(drawn).text((1 - left, 1 - top), words, font=font, fill=_INK)
        drawn = drawn.crop(_inked(drawn))
        width = min(round(drawn.width * wanted / drawn.height), WIDTH - 2 * MARGIN)
        part = Image.new("L", (WIDTH, wanted + after), _PAPER)
        part.paste(drawn.resize((width, wanted), Image.Resampling.LANCZOS), ((WIDTH - width) // 2, 0))
        self._parts.append(part)

    def qr(self, words: str, *, module: int = 6, after: int = 8) -> None:
        """Add a QR code (model 2, level M) of `module` dots a module, with its quiet zone."""
        code = segno.make_qr(words, error="m", boost_error=False)
        buffer = io.BytesIO()
        code.save(buffer, kind="png", scale=module, border=4)
        drawn = Image.open(buffer).convert("L")
        if drawn.width > WIDTH:
            raise TooWide(words)
        part = Image.new("L", (WIDTH, drawn.height + after), _PAPER)
        part.paste(drawn, ((WIDTH - drawn.width) // 2, 0))
        self._parts.append(part)

    def code128(self, words: str, *, height_mm: float = 12, after: int = 8) -> None:
        """Add a Code 128 of 3 or 2 dots a module. Refuses (`TooWide`) what needs narrower bars than scanners read."""
        bars = Code128(words).build()[0]
        modules = len(bars) + 2 * _QUIET
        module = min(3, WIDTH // modules)
        if module < 2:
            raise TooWide(words)
        height = round(height_mm * DOTS_A_MM)
        part = Image.new("L", (WIDTH, height + after), _PAPER)
        draw = ImageDraw.Draw(part)
        left = (WIDTH - len(bars) * module) // 2
        for place, bar in enumerate(bars):
            if bar == "1":
                x = left + place * module
                draw.rectangle((x, 0, x + module - 1, height - 1), fill=_INK)
        self._parts.append(part)

    def line(self, *, after: int = 8) -> None:
        """Add a thin line across the roll."""
        part = Image.new("L", (WIDTH, 2 + after), _PAPER)
        ImageDraw.Draw(part).rectangle((MARGIN, 0, WIDTH - MARGIN, 1), fill=_INK)
        self._parts.append(part)

    def picture(self) -> Image.Image:
        """Return the strip as a picture of 1 bit."""
        height = sum(part.height for part in self._parts) + 2 * MARGIN
        whole, y = Image.new("L", (WIDTH, height), _PAPER), MARGIN
        for part in self._parts:
            whole.paste(part, (0, y))
            y += part.height
        return whole.point(lambda value: 255 if value > 140 else 0).convert("1", dither=Image.Dither.NONE)


def png(picture: Image.Image) -> bytes:
    """Return the picture as PNG that says its size on paper."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(203.2, 203.2), optimize=True)
    return buffer.getvalue()


def pdf(picture: Image.Image) -> bytes:
    """Return a page as wide as the roll and as long as the slip, for the browser's dialog and the maker's driver."""
    size = (img2pdf.mm_to_pt(picture.width / DOTS_A_MM), img2pdf.mm_to_pt(picture.height / DOTS_A_MM))
    made = img2pdf.convert(png(picture), layout_fun=img2pdf.get_layout_fun(size))
    assert isinstance(made, bytes)
    return made


def escpos(picture: Image.Image) -> bytes:
    """Return what a receipt printer is sent to print the picture and cut."""
    rows = picture.convert("1")
    if rows.width % 8:
        raise TooWide(f"{rows.width} dots are no whole bytes")
    ink = bytes(255 - byte for byte in rows.tobytes())  # a set bit is a black dot
    across, found = rows.width // 8, [_BEGIN]
    for top in range(0, rows.height, _BAND):
        band = ink[top * across : (top + _BAND) * across]
        found += [_RASTER, struct.pack("<HH", across, len(band) // across), band]
    return b"".join([*found, _FEED, _CUT])


def read_escpos(data: bytes) -> list[Image.Image]:
    """Return the pictures that a printer would cut from these bytes. Refuses bytes it does not know."""
    found: list[Image.Image] = []
    bands: list[Image.Image] = []
    at = 0
    while at < len(data):
        if data.startswith(_RASTER, at):
            across, high = struct.unpack_from("<HH", data, at + 4)
            size, at = across * high, at + 8
            if at + size > len(data):
                raise ValueError("a picture ends too early")
            ink = bytes(255 - byte for byte in data[at : at + size])
            bands.append(Image.frombytes("1", (across * 8, high), ink))
            at += size
        elif data.startswith(_CUT, at):
            at += len(_CUT)
            found.append(_stacked(bands))
            bands = []
        elif skip := next((len(one) for one in _PASSED if data.startswith(one, at)), 0):
            at += skip
        else:
            raise ValueError(f"no command that is known here at byte {at}: {data[at : at + 4]!r}")
    if bands:
        raise ValueError("printed, but not cut")
    return found


def _stacked(bands: list[Image.Image]) -> Image.Image:
    if not bands:
        raise ValueError("cut, but nothing printed")
    whole, y = Image.new("1", (bands[0].width, sum(one.height for one in bands))), 0
    for one in bands:
        whole.paste(one, (0, y))
        y += one.height
    return whole


@lru_cache(maxsize=32)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"BeVietnamPro_{'700Bold' if bold else '500Medium'}.ttf", size)


def _inked(drawn: Image.Image) -> tuple[int, int, int, int]:
    box = drawn.point(lambda value: 255 - value).getbbox()
    if box is None:
        raise TooWide("nothing to draw")
    return box


def _lines(words: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        while font.getlength(word) > width:
            cut = next(n for n in range(len(word), 0, -1) if font.getlength(word[:n]) <= width)
            yield word[:cut]
            word = word[cut:]
        line = word
    yield line
