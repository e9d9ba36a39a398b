"""Read the rows of a text file (CSV), whatever its encoding and separator. Runs only inside the checker's child."""

import csv
import io
import re
import unicodedata
from typing import Any, BinaryIO

from motcua.base.files.row_lines import Bad, Lines, Want

_SEPARATORS = ";,\t|"
_LETTERS_OF_1258 = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ]")


def read(file: BinaryIO, out: BinaryIO, want: Want) -> dict[str, Any]:
    """Write the rows of the text to `out`; return the encoding it was read by."""
    text, encoding = decoded(file.read())
    lines = Lines(out, want)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for cells in reader:
            lines.write(reader.line_num, [cell.strip() for cell in cells])
    except csv.Error:
        raise Bad("text_quotes") from None
    if not lines.written:
        raise Bad("sheet_empty")
    return {"sheet": "", "hidden": [], "others": [], "encoding": encoding}


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text with the encoding it was read by; tones typed apart are joined."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _as(data, name), name
    sample = data[:4000]
    if sample.count(0) > len(sample) // 5:
        name = "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
        return _as(data, name), name
    if 0 in sample:
        raise Bad("text_encoding")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _as(data, "cp1258"), "cp1258"


def _as(data: bytes, name: str) -> str:
    try:
        text = unicodedata.normalize("NFC", data.decode(name))
    except UnicodeDecodeError:
        raise Bad("text_encoding") from None
    if name == "cp1258" and not _LETTERS_OF_1258.search(text):
        raise Bad("text_encoding")
    return text


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = max(_SEPARATORS, key=first.count)
    return found if found in first else max(_SEPARATORS, key=text[:5000].count)
