"""Files made here, good and hostile. Nothing is taken from anywhere; the HEIC is our own drawing, encoded once."""

import base64
import io
import struct
import zipfile
import zlib

import pypdf
from PIL import Image, ImageDraw
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAowACAAEAAAAAAAAA"
    "AQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAA"
    "ALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQED"
    "cAAAAwCQAAADAAADAB6gIIEFlurkprm4EBAwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlz"
    "cGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGlt"
    "ZwACAAEAAQAAAKttZGF0AAAAnygBr1iwR8Uk3f4RxgPkm3FJQn9Xj/vso2JQXvVf//yM7RVDZkryUWf/YmI5Kuc8R3mHY5pYTIR/"
    "7mjo7jWdY9ExJX/Fi+FW1ao256cyYkepT+MRvlCFuEXbwUi5WvoJeWdTnhPSymKuHVoK4wY0xq2KLo/gk/C7heCRQODU8B7MkbHl"
    "ANbJXKfQHG/yHfS28JadIT8PNBSOBhJgYKEHgA=="
)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def drawing(width: int = 400, height: int = 300) -> Image.Image:
    picture = Image.new("RGB", (width, height), "#0b4f8a")
    ImageDraw.Draw(picture).rectangle((width // 8, height // 8, width // 2, height // 2), fill="#ffb800")
    return picture


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(**options: object) -> bytes:
    return encoded(drawing(), "JPEG", **options)


def png() -> bytes:
    return encoded(drawing(), "PNG")


def located_jpeg() -> bytes:
    """A photo turned by 90° whose EXIF tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 8.0, 1.0), 3: "E", 4: (107.0, 43.0, 1.0)})
    return jpeg(exif=exif)


def pdf(pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(420, 595)
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked_pdf(owner_only: bool = False) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("" if owner_only else "mật khẩu", "chủ")
    return written(writer)


def _script() -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    )


def script_pdf() -> bytes:
    """A script in the document's own list of scripts."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), _script()])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    return written(writer)


def attached_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.add_attachment("virus.exe", b"MZ")
    return written(writer)


def launch_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/Launch"),
            NameObject("/F"): TextStringObject("cmd.exe"),
        }
    )
    return written(writer)


def page_script_pdf() -> bytes:
    """A script that no document-level list names: it runs when the page opens."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): _script()})
    return written(writer)


def escaped_script_pdf() -> bytes:
    return page_script_pdf().replace(b"/JavaScript", b"/J#61va#53cript")


#: Ways to write the head of an object stream by which a careless reader looks past its content.
TRICKY_HEADS = {
    "escaped filter": b"<</Type/ObjStm/N 1/First 4/F#69lter/FlateDecode/Length %d>>stream\n",
    "word in a string": b"<</Type/ObjStm/N 1/First 4/X(stream\n)/Filter/FlateDecode/Length %d>>stream\n",
    "object in a string": b"<</Filter/FlateDecode/X( 9 0 obj )/Type/ObjStm/N 1/First 4/Length %d>>stream\n",
    "far away": b"<</Type/ObjStm" + b" " * 3000 + b"/X/Y/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n",
    "comment": b"<</Type/ObjStm%%stream\n/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n",
}


def hidden_script_pdf(*, odd_filter: bool = False, head: bytes = b"", padding: int = 0) -> bytes:
    """The script's object stands in a compressed object stream, as PDF 1.5 allows."""
    action = b"<</S/JavaScript/JS(app.alert(1))>>"
    inner = b"4 0 " + b" " * padding + action
    packed = zlib.compress(inner)
    filters = b"/Filter[/ASCIIHexDecode/FlateDecode]" if odd_filter else b"/Filter/FlateDecode"
    if odd_filter:
        packed = packed.hex().encode() + b">"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        5: (head or b"<</Type/ObjStm/N 1/First 4%s/Length %%d>>stream\n" % filters) % len(packed)
        + packed
        + b"\nendstream",
    }
    body = b"%PDF-1.5\n"
    rows = {0: (0, 0, 65535)}
    for number, text in objects.items():
        rows[number] = (1, len(body), 0)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    rows[4] = (2, 5, 0)
    rows[6] = (1, len(body), 0)
    table = b"".join(struct.pack(">BIH", *rows[number]) for number in range(7))
    start = len(body)
    head = b"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    return body + b"6 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        head,
        table,
        start,
    )


def many_objects_pdf(count: int) -> bytes:
    body = io.BytesIO()
    body.write(b"%PDF-1.4\n")
    places = []

    def add(text: bytes) -> None:
        places.append(body.tell())
        body.write(b"%d 0 obj\n%s\nendobj\n" % (len(places), text))

    add(b"<</Type/Catalog/Pages 2 0 R>>")
    add(b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>")
    for _ in range(count):
        add(b"null")
    start = body.tell()
    body.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    body.writelines(b"%010d 00000 n \n" % place for place in places)
    body.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return body.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def flood_png(width: int = 10_000, height: int = 10_001) -> bytes:
    """A hundred million pixels in a few kilobytes, every one of them really there."""
    row = b"\x00" * (1 + (width + 7) // 8)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(row * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def flood_jpeg() -> bytes:
    """A JPEG whose header says 20,000 × 20,000."""
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 20_000, 20_000)
    return bytes(data)


def text_bomb_png() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    good = png()
    bomb = chunk(b"zTXt", b"c\x00\x00" + zlib.compress(b"A" * 100_000_000, 9))
    return good[:33] + bomb + good[33:]


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names or ("a.txt",):
            packed.writestr(name, "x")
    return out.getvalue()


def docx() -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def xlsx() -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


def html_in_pdf() -> bytes:
    good = pdf()
    return good[:9] + b"%<html><script>alert(1)</script>\n" + good[9:]


def html_after_pdf() -> bytes:
    return pdf() + b"<html><script>alert(1)</script></html>"


def pdf_in_png() -> bytes:
    good = png()
    return good[:33] + chunk(b"tEXt", b"x\x00%PDF-1.4\n1 0 obj") + good[33:]


class Endless(io.RawIOBase):
    """A stream of `size` zero bytes that counts what was read of it; no `size` attribute to look at."""

    def __init__(self, total: int, start: bytes = b"") -> None:
        self.total, self.start, self.taken = total, start, 0

    def read(self, wanted: int = -1) -> bytes:
        left = self.total - self.taken
        count = left if wanted < 0 else min(wanted, left)
        piece = self.start[self.taken : self.taken + count].ljust(count, b"\x00")
        self.taken += count
        return piece
