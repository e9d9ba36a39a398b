"""Real DOCX for tests, made by python-docx, and the same with something put in that should not be there."""

import io
import zipfile
from collections.abc import Callable, Sequence

from docx import Document

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LOOP = "{%tr for stt, ten_giay_to, so_ban in cac_giay_to %}"


def docx(*paragraphs: str, rows: Sequence[Sequence[str]] = (), header: str = "", footer: str = "") -> bytes:
    """Return a document of some paragraphs, a table, a head and a foot."""
    made, kept = Document(), io.BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    if rows:
        table = made.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if header:
        made.sections[0].header.paragraphs[0].text = header
    if footer:
        made.sections[0].footer.paragraphs[0].text = footer
    made.save(kept)
    return kept.getvalue()


def papers_table() -> list[list[str]]:
    """The rows of a table that is repeated for each paper."""
    return [
        ["TT", "Tên", "Số bản"],
        [LOOP, "", ""],
        ["{{ stt }}", "{{ ten_giay_to }}", "{{ so_ban }}"],
        ["{%tr endfor %}", "", ""],
    ]


def text_of(data: bytes) -> str:
    """Return everything that a reader sees: head, paragraphs, cells, foot; one line each."""
    opened = Document(io.BytesIO(data))
    section = opened.sections[0]
    lines = [one.text for one in section.header.paragraphs]
    lines += [one.text for one in opened.paragraphs]
    lines += ["|".join(cell.text for cell in row.cells) for table in opened.tables for row in table.rows]
    return "\n".join([*lines, *(one.text for one in section.footer.paragraphs)])


def changed(
    data: bytes, *, add: dict[str, bytes] | None = None, edit: dict[str, Callable[[str], str]] | None = None,
    drop: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """Return an archive with parts added, edited or dropped."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in drop:
                continue
            part = old.read(name)
            if edit and name in edit:
                before = part.decode()
                after = edit[name](before)
                assert after != before, name
                part = after.encode()
            new.writestr(name, part)
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return kept.getvalue()


def related(kind: str, target: str, *, external: bool = False) -> Callable[[str], str]:
    """Return an edit of `word/_rels/document.xml.rels` that adds a relationship."""
    mode = ' TargetMode="External"' if external else ""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="rId900" Type="{office}/{kind}" Target="{target}"{mode}/>'
    return lambda text: text.replace("</Relationships>", f"{line}</Relationships>")


def in_body(xml: str) -> Callable[[str], str]:
    """Return an edit of `word/document.xml` that puts something at the beginning of the body."""
    return lambda text: text.replace("<w:body>", f"<w:body>{xml}", 1)
