"""Read the QR codes of a PDF's pages, and take pages out of it. Runs only inside the checker's child."""

from typing import Any, BinaryIO

import pypdfium2
import zxingcpp

_SCALE = 1.6  # 115 dots an inch: a code of 60 mm has more than 8 dots a module
_MOST_TEXT, _MOST_CODES = 200, 4


def warm_up() -> None:
    """Nothing is loaded late: the module is imported before the child gives up its rights."""


def codes(file: BinaryIO, first: int, last: int) -> dict[str, Any]:
    """Return the texts of the QR codes of pages `first` to `last` (from 1)."""
    try:
        document = pypdfium2.PdfDocument(file.read())
        return {"pages": [_codes(document, number) for number in range(first, last + 1)]}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a decoder may raise anything on bad data
        return {"problem": "broken"}


def _codes(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    page = document[number - 1]
    width, height = page.get_size()
    picture = page.render(scale=min(_SCALE, 2400 / max(width, height, 1)), grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [one.text[:_MOST_TEXT] for one in found[:_MOST_CODES]]


def part(file: BinaryIO, pages: list[int], out: BinaryIO) -> dict[str, Any]:
    """Write some pages (from 1) as a PDF to `out`."""
    try:
        whole, piece = pypdfium2.PdfDocument(file.read()), pypdfium2.PdfDocument.new()
        piece.import_pages(whole, [number - 1 for number in pages])
        piece.save(out)
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:
        return {"problem": "broken"}
    return {"pages": len(pages)}
