"""Open a file with the real decoder and say what is wrong with it. Runs only inside the checker's child.

No Django here: the child holds no settings, no secrets and no database. `inspect` answers
{"pages": n, "width": …, "height": …} or {"problem": word}; the words are keys of `refusals.found_bad`.
"""

import codecs
import io
import re
import zlib
from typing import Any, BinaryIO

import pi_heif
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from motcua.lib.file_kinds import HEAD_SIZE, TAIL_SIZE, disguises

MOST_PIXELS = 80_000_000
MOST_PAGES = 2_000
MOST_LETTERS = 100_000  # of one page's text layer
_INFLATED_MOST = 16 * 1024 * 1024
_DEFLATED_MOST = 4 * 1024 * 1024

Image.MAX_IMAGE_PIXELS = None  # we refuse by the header, before Pillow would
pi_heif.options.DECODE_THREADS = 1


class Bad(Exception):
    """The file is refused; the argument is the problem's word."""


def warm_up() -> None:
    """Import what decoders load late: after that the child may give up its rights to read files."""
    pi_heif.register_heif_opener()
    Image.init()
    codecs.lookup("utf-16-le")  # of text layers


def inspect(file: BinaryIO, code: str) -> dict[str, Any]:
    """Return pages and size of the file of kind `code`, or its problem."""
    try:
        return _inspect_pdf(file) if code == "pdf" else _inspect_picture(file, code)
    except Bad as bad:
        return {"problem": str(bad)}
    except MemoryError:
        return {"problem": "too_heavy"}


def draw(file: BinaryIO, code: str, page: int, side: int, out: BinaryIO) -> dict[str, Any]:
    """Write page `page` (from 1) as PNG, at most `side` pixels, to `out`; no metadata goes along."""
    try:
        picture = _pdf_page(file.read(), page, side) if code == "pdf" else _picture(file, code, side)
        clean = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        white = Image.new("RGB", clean.size, "white")
        white.paste(clean, mask=clean if clean.mode == "RGBA" else None)
        white.save(out, "PNG")
    except Bad as bad:
        return {"problem": str(bad)}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a decoder may raise anything on bad data
        return {"problem": "broken"}
    return {"width": white.width, "height": white.height}


# ── Pictures


def _inspect_picture(file: BinaryIO, code: str) -> dict[str, Any]:
    _refuse_disguise(file, code)
    try:
        picture = Image.open(file, formats=[_format(code)])
    except Exception:
        raise Bad("broken") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Bad("too_many_pixels")
    width, height = picture.size
    try:
        if code == "jpeg":
            picture.draft("RGB", (width // 8, height // 8))  # reads every byte, computes a sixty-fourth
        picture.load()
    except MemoryError:
        raise
    except Exception as error:
        raise Bad("truncated" if _is_truncated(error) else "broken") from None
    return {"pages": 1, "width": width, "height": height}


def _format(code: str) -> str:
    return "HEIF" if code == "heic" else code.upper()


def _is_truncated(error: Exception) -> bool:
    text = str(error).lower()
    return any(word in text for word in ("truncated", "unexpected end", "end of file", "premature"))


def _refuse_disguise(file: BinaryIO, code: str) -> None:
    head = file.read(HEAD_SIZE)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - TAIL_SIZE))
    tail = file.read()
    file.seek(0)
    if disguises(head, tail, code):
        raise Bad("disguised")


def _picture(file: BinaryIO, code: str, side: int) -> Image.Image:
    opened = Image.open(file, formats=[_format(code)])
    if opened.width * opened.height > MOST_PIXELS:
        raise Bad("too_many_pixels")
    opened.draft("RGB", (side, side))
    picture: Image.Image = ImageOps.exif_transpose(opened)
    if picture.mode not in {"RGB", "RGBA", "L"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((side, side))
    return picture


# ── PDF


def _name(text: str) -> bytes:
    """Return a pattern for the PDF name /text, each letter plain or written as #xx (ISO 32000-1 §7.3.5)."""
    letters = b"".join(b"(?:%s|#(?i:%02x))" % (re.escape(letter.encode()), ord(letter)) for letter in text)
    return rb"/" + letters + rb"(?![A-Za-z0-9#])"


# Deeds a paper has no use for (ISO 32000-1 §12.6.4): scripts, starting programs, sending forms, films. A
# rendition may carry a script of its own (§12.6.4.13).
_DEEDS = ("JavaScript", "Launch", "SubmitForm", "ImportData", "RichMedia", "Rendition")
_ACTIVE = re.compile(b"|".join(map(_name, _DEEDS)))
_ATTACHED = re.compile(b"|".join(map(_name, ("EmbeddedFile", "EmbeddedFiles"))))
_OBJECT_STREAM = re.compile(_name("ObjStm"))
# The head of an object stream as every ordinary program writes it. What else may stand there by the standard
# (strings, comments, escaped names, other filters) could make us read another stream than the viewer does.
_ORDINARY_HEAD = re.compile(
    rb"obj\s*<<(?:\s*/(?:Type\s*/ObjStm|N\s+\d+|First\s+\d+|Length\s+\d+(?:\s+\d+\s+R)?|Extends\s+\d+\s+\d+\s+R"
    rb"|(?P<packed>Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\]))))+\s*>>\s*stream(?:\r\n|\n|\r)"
)


def _inspect_pdf(file: BinaryIO) -> dict[str, Any]:
    _refuse_disguise(file, "pdf")
    data = file.read()
    _refuse_wrong_end(data)
    document = _open_pdf(data)
    _refuse_active(data)
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        raise Bad("active")
    if pdfium.FPDFDoc_GetAttachmentCount(document.raw) > 0:
        raise Bad("attachments")
    if pdfium.FPDF_GetFormType(document.raw) in {pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND}:
        raise Bad("xfa")
    pages = len(document)
    if pages > MOST_PAGES:
        raise Bad("too_many_pages")
    if pages == 0:
        raise Bad("broken")
    try:
        for number in range(pages):
            document.get_page_size(number)
        width, height = document.get_page_size(0)
        document[0].render(scale=200 / max(width, height, 1))
        document[pages - 1].get_size()
    except pypdfium2.PdfiumError:
        raise Bad("broken") from None
    return {"pages": pages, "width": round(width), "height": round(height)}


def _refuse_wrong_end(data: bytes) -> None:
    """Refuse a file whose end mark is missing from its last kilobyte, or that goes on as something else."""
    end = data.rfind(b"%%EOF")
    if end < len(data) - 1024:
        raise Bad("disguised" if end >= 0 and _reads_as_other(data[end:]) else "truncated")
    if _reads_as_other(data[end:]):
        raise Bad("disguised")


def _reads_as_other(rest: bytes) -> bool:
    return b"<" in rest[:4096] or b"PK\x03\x04" in rest


def _open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = (
            getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        )
        raise Bad("encrypted" if locked else "broken") from None
    if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) >= 0:
        raise Bad("encrypted")
    return document


def _refuse_active(data: bytes) -> None:
    """Look for forbidden names in the whole file and inside its compressed object streams."""
    _refuse_names(data)
    for found in _OBJECT_STREAM.finditer(data):
        head = _ORDINARY_HEAD.match(data, max(0, data.rfind(b"obj", 0, found.start())))
        if head is None or head.end() <= found.start():
            raise Bad("active")  # we would be blind
        if head["packed"] is None:
            continue  # plain: already read above
        packed = data[head.end() : head.end() + _DEFLATED_MOST]
        reader = zlib.decompressobj()
        try:
            inflated = reader.decompress(packed, _INFLATED_MOST)
        except zlib.error:
            raise Bad("broken") from None
        if not reader.eof:
            raise Bad("too_heavy")  # what lies behind the bound would go unread
        _refuse_names(inflated)


def _refuse_names(data: bytes) -> None:
    if _ACTIVE.search(data):
        raise Bad("active")
    if _ATTACHED.search(data):
        raise Bad("attachments")


def _pdf_page(data: bytes, page: int, side: int) -> Image.Image:
    document = _open_pdf(data)
    document.init_forms()  # shows what was filled in; runs no script
    if not 1 <= page <= len(document):
        raise Bad("broken")
    sheet = document[page - 1]
    width, height = sheet.get_size()
    picture: Image.Image = sheet.render(scale=min(side / max(width, height, 1), 8)).to_pil()
    return picture


def text(file: BinaryIO, page: int, out: BinaryIO) -> dict[str, Any]:
    """Write the text layer of page `page` (from 1) of a PDF to `out`; say how many letters it has, and any pictures."""
    try:
        document = _open_pdf(file.read())
        sheet = document[page - 1]
        found = sheet.get_textpage().get_text_range()[:MOST_LETTERS]
        pictures = any(True for _one in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
        out.write(found.encode("utf-8", "replace"))
    except Bad as bad:
        return {"problem": str(bad)}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a decoder may raise anything on bad data
        return {"problem": "broken"}
    return {"letters": sum(letter.isalnum() for letter in found), "pictures": pictures}
