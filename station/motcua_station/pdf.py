"""A PDF of JPEG pages, as they are: nothing is decoded or made smaller."""

import struct
from collections.abc import Sequence
from pathlib import Path

from motcua_station.trouble import Trouble

_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive
_SPACES = {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}


def size_of(jpeg: bytes) -> tuple[int, int, int]:
    """Return width, height and number of colours. Raises `Trouble` on what is no JPEG."""
    at = 2
    while jpeg.startswith(b"\xff\xd8") and at + 9 < len(jpeg):
        if jpeg[at] != 0xFF:
            break
        marker = jpeg[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        if marker in _FRAMES:
            height, width, colours = struct.unpack_from(">HHB", jpeg, at + 5)
            if width and height and colours in _SPACES:
                return width, height, colours
            break
        at += 2 + length
    raise Trouble("scanner", "Máy quét đưa ra một trang không đọc được.")


def write(pages: Sequence[Path], out: Path, *, resolution: int) -> None:
    """Write the pages to `out`, one page of paper each, at `resolution` dots an inch."""
    offsets: list[int] = []
    with out.open("wb") as file:
        file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

        def add(text: str, stream: bytes | None = None) -> None:
            offsets.append(file.tell())
            file.write(f"{len(offsets)} 0 obj\n{text}\n".encode())
            if stream is not None:
                file.write(b"stream\n" + stream + b"\nendstream\n")
            file.write(b"endobj\n")

        kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pages)))
        add("<< /Type /Catalog /Pages 2 0 R >>")
        add(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
        for number, path in enumerate(pages):
            jpeg = path.read_bytes()
            width, height, colours = size_of(jpeg)
            across, down = width * 72 / resolution, height * 72 / resolution
            first = 3 + 3 * number
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across:.2f} {down:.2f}] "
                f"/Resources << /XObject << /P {first + 2} 0 R >> >> /Contents {first + 1} 0 R >>"
            )
            drawing = f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /P Do Q".encode()
            add(f"<< /Length {len(drawing)} >>", drawing)
            add(
                f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 "
                f"/ColorSpace /{_SPACES[colours]} /Filter /DCTDecode /Length {len(jpeg)} >>",
                jpeg,
            )
        start = file.tell()
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        file.write(f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}".encode())
        file.write(
            f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
        )
