"""Make one page of PDF from one picture. Runs only inside the checker's child.

The page is A4, standing or lying as the picture does. The picture is set upright as its camera held it, turned as the
person said, and drawn anew at 225 dots an inch at most; no metadata goes along.
"""

import io
from typing import Any, BinaryIO

import img2pdf
from PIL import Image, ImageOps

from motcua.base.files import inspection

LONGEST = 2600  # pixels: 225 dots an inch on A4
_QUALITY = 82
_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
_LAYOUT = img2pdf.get_layout_fun(pagesize=_A4, auto_orient=True, fit=img2pdf.FitMode.into)


def warm_up() -> None:
    """Make a page of our own, so that whatever is imported late is there already."""
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "JPEG")
    assert "problem" not in page(picture, "jpeg", 0, out)


def page(file: BinaryIO, code: str, turn: int, out: BinaryIO) -> dict[str, Any]:
    """Write the picture of kind `code`, turned by `turn` degrees to the right, as a page to `out`."""
    try:
        seen = inspection.inspect(file, code)
        if "problem" in seen:
            return seen
        file.seek(0)
        drawn = _drawn(file, code, turn)
        out.write(img2pdf.convert(drawn, layout_fun=_LAYOUT, rotation=img2pdf.Rotation.none, nodate=True))
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a decoder may raise anything on bad data
        return {"problem": "broken"}
    return {"pages": 1}


def _drawn(file: BinaryIO, code: str, turn: int) -> bytes:
    opened = Image.open(file)
    upright = ImageOps.exif_transpose(opened)
    assert upright is not None
    picture = upright.rotate(-turn, expand=True) if turn else upright
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen)
    elif picture.mode not in {"RGB", "L", "1"}:
        picture = picture.convert("RGB")
    if max(picture.size) > LONGEST:
        if picture.mode == "1":
            picture = picture.convert("L")
        picture.thumbnail((LONGEST, LONGEST))
    picture.info.clear()
    kept = io.BytesIO()
    if code == "png" and (picture.mode == "1" or len(picture.getcolors(256) or ()) > 0):
        picture.save(kept, "PNG", optimize=True)  # a drawing or a scan in few colours stays sharp
    else:
        picture.convert("L" if picture.mode == "1" else picture.mode).save(
            kept, "JPEG", quality=_QUALITY, optimize=True
        )
    return kept.getvalue()
